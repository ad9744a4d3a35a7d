//! [`open`]: where the journal of a profile's applies is kept; and what an apply says of itself: [`who`] and [`Now`].

use crate::profile::Profile;
use crate::providers;
use crate::run::Run;
use ordain_engine::findings::Findings;
use ordain_engine::journal::{Doubt, Journal, Planned, Who, found};
use ordain_engine::observed::Observed;
use ordain_model::Text;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Reported, Severity};
use ordain_model::instant::{Clock, Instant};
use ordain_model::observation::{Cause, Object, Reason};
use ordain_store::journal::{self, Store};
use std::path::Path;

/// The clock of this machine.
#[derive(Debug)]
pub struct Now;

impl Clock for Now {
    fn now(&self) -> Instant {
        Instant::of(jiff::Timestamp::now().as_second())
    }
}

/// Where the journal is: what the command line says, else what the profile says, else `.ordain` beside the profile.
///
/// # Errors
/// The name names no place that this build reaches.
pub fn open(
    named: Option<&str>,
    profile: Option<&Profile>,
    directory: &Path,
    run: &mut Run,
) -> Result<Box<dyn Store>, Reported> {
    let said = profile.and_then(|profile| profile.constraints.config.journal.as_deref());
    let beside = || {
        let here = directory.as_os_str().is_empty() || directory == Path::new(".");
        if here { ".ordain".to_owned() } else { directory.join(".ordain").display().to_string() }
    };
    let name = named.or(said).map_or_else(beside, String::from);
    journal::open(&name).map_err(|error| run.fail(code::JOURNAL, format!("{error}.")))
}

/// Who runs this, as the environment claims it.
#[must_use]
pub fn who() -> Who {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let user = ["USER", "LOGNAME", "USERNAME"].into_iter().find_map(variable);
    Who {
        user: user.as_deref().unwrap_or("somebody").into(),
        host: host().as_deref().unwrap_or("some machine").into(),
        process: std::process::id(),
        ci: ci(&variable),
    }
}

/// By service: what says that it is the one, its name, and where it names the user, the run and the project.
const SERVICES: &[(&str, &str, &str, &str, &str)] = &[
    ("GITHUB_ACTIONS", "GitHub Actions", "GITHUB_ACTOR", "GITHUB_RUN_ID", "GITHUB_REPOSITORY"),
    ("GITLAB_CI", "GitLab CI", "GITLAB_USER_LOGIN", "CI_JOB_ID", "CI_PROJECT_PATH"),
];

fn ci(variable: &dyn Fn(&str) -> Option<String>) -> Option<Text> {
    let known = SERVICES.iter().find(|service| variable(service.0).is_some());
    let Some((_, service, user, number, project)) = known else {
        return variable("CI").map(|_| "in CI".into());
    };
    let said = |name: &str| variable(name).unwrap_or_else(|| "?".to_owned());
    Some(format!("{}, run {} of {} ({service})", said(user), said(number), said(project)).into())
}

#[cfg(unix)]
fn host() -> Option<String> {
    rustix::system::uname().nodename().to_str().ok().map(String::from)
}

#[cfg(not(unix))]
fn host() -> Option<String> {
    std::env::var("COMPUTERNAME").ok()
}

/// Warns of writes of earlier applies of which nothing says what became of them, with what is there now.
pub fn warn(store: &dyn Store, findings: &Findings, observed: &Observed, run: &mut Run) {
    let mut lines = store.journal();
    let journal = match Journal::open(&mut *lines) {
        Ok(journal) => journal,
        Err(error) => {
            let detail = format!("{error}: whether an earlier apply ended in doubt is not known.");
            run.diagnostics.push(Diagnostic::new(code::JOURNAL, Severity::Warning, detail));
            return;
        }
    };
    for doubt in journal.doubts().filter(|doubt| findings.covering.contains_key(&doubt.planned.object.cell)) {
        let diagnostic = Diagnostic::new(code::IN_DOUBT, Severity::Warning, words(&doubt, store, observed));
        run.diagnostics.push(diagnostic);
    }
}

fn words(doubt: &Doubt, store: &dyn Store, observed: &Observed) -> String {
    let Doubt { apply, who, at, planned: Planned { object, unit, .. }, .. } = doubt;
    if running(doubt, store) {
        return format!("The apply {apply} is writing `{unit}` of {object}: {who}, {at}.");
    }
    let now = found(doubt, look(doubt, observed).as_ref().map(Option::as_ref), providers::all());
    format!("The apply {apply} ended before it knew what became of `{unit}` of {object} ({who}, {at}). Now: {now}.")
}

/// Whether the apply that announced a write still holds the lease under which it does.
pub fn running(doubt: &Doubt, store: &dyn Store) -> bool {
    let holder = store.holder(&doubt.planned.object.cell);
    holder.is_ok_and(|holder| holder.is_some_and(|holder| Some(holder.token) == doubt.token))
}

/// The object as it was observed.
fn look(doubt: &Doubt, observed: &Observed) -> Result<Option<Object>, Reason> {
    let none = || Reason::new(Cause::NotCollected, "the profile does not read it");
    let list = observed.list(&doubt.planned.object.cell, &doubt.planned.object.kind).ok_or_else(none)?;
    match list.get(&doubt.planned.object.id) {
        Some(record) => Ok(Some(record.object.clone())),
        None if list.tells(&doubt.planned.object.id) => Ok(None),
        None => Err(list.lacks().unwrap_or_else(none)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn a_service_names_user_run_and_project() {
        let of = |pairs: &[(&str, &str)]| {
            let known: BTreeMap<String, String> =
                pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            ci(&|name| known.get(name).cloned())
        };
        let github = [
            ("CI", "true"),
            ("GITHUB_ACTIONS", "true"),
            ("GITHUB_ACTOR", "alice"),
            ("GITHUB_RUN_ID", "7"),
            ("GITHUB_REPOSITORY", "acme/infrastructure"),
        ];
        assert_eq!(of(&github).as_deref(), Some("alice, run 7 of acme/infrastructure (GitHub Actions)"));
        assert_eq!(of(&[("GITLAB_CI", "true"), ("CI_JOB_ID", "9")]).as_deref(), Some("?, run 9 of ? (GitLab CI)"));
        assert_eq!(of(&[("CI", "1")]).as_deref(), Some("in CI"));
        assert_eq!(of(&[]), None);
    }
}
