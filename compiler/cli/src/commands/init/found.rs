//! The strictest profile that the settings of a world satisfy as they are, and a baseline for what an imported profile
//! demands beyond that.

use super::draft::Draft;
use super::written::{self, Target};
use crate::arguments::init::Init;
use crate::commands::baseline::FILE;
use crate::commands::baseline::groups::groups;
use crate::commands::baseline::summary::count;
use crate::profile::Profile;
use crate::run::Run;
use crate::{profiles, providers, worlds};
use ordain_engine::findings::{Findings, Judgement, Subject, compare};
use ordain_engine::found::{Found, Open, found};
use ordain_engine::observed::Observed;
use ordain_engine::ratchet::{Ratchet, ratchet};
use ordain_language::baseline_file::{Group, HEAD, render};
use ordain_language::format::format;
use ordain_language::lock;
use ordain_model::Text;
use ordain_model::code;
use ordain_model::conclusion::Exit;
use ordain_model::diagnostic::{Diagnostic, Diagnostics, Reported, Severity, nearest};
use ordain_model::module::{LOCK, Repository, Request, Wanted};
use ordain_model::observation::ReadSet;
use ordain_model::source::Sources;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

const MAIN: &str = "main.hcl";
const AS_FOUND: &str = "as_found.hcl";

/// What was made of a world.
struct Made<'a> {
    /// The files.
    draft: Draft<'a>,
    /// What was found.
    found: Vec<Found>,
    /// The groups of the baseline.
    groups: Vec<Group>,
    /// What the baseline cannot list.
    ratchet: Ratchet,
    /// How the profile judges the world that it was made of.
    findings: Findings,
}

/// Reads everything there is to read, and writes what it satisfies.
pub fn run(arguments: &Init, run: &mut Run) -> Result<Exit, Reported> {
    let made = make(arguments, run)?;
    made.draft.write(run)?;
    if run.json {
        let files: Vec<String> =
            made.draft.files.keys().map(|name| arguments.directory.join(name).display().to_string()).collect();
        run.document(json!({"format": "ordain.init/1", "files": files}))?;
        return Ok(Exit::Fine);
    }
    run.print(&summary(arguments, &made))?;
    Ok(Exit::Fine)
}

fn make<'a>(arguments: &'a Init, run: &mut Run) -> Result<Made<'a>, Reported> {
    let mut draft = Draft::new(&arguments.directory, run)?;
    let snapshot = arguments.from_snapshot.as_deref().map(|path| worlds::read_snapshot(path, run)).transpose()?;
    let mut targets = targets(arguments, snapshot.as_ref(), run)?;
    if let Some(profile) = &arguments.profile {
        draft.files.insert(LOCK.to_owned(), lock(profile, &draft, run)?);
    }
    draft.files.insert(MAIN.to_owned(), formatted(&written::main(&targets, arguments.profile.as_deref())));
    let (observed, mut found) = read(arguments, &mut draft, &targets, snapshot, run)?;
    if arguments.profile.is_none() {
        let demanded = found.iter().filter(|found| !found.demands.is_empty()).map(|found| &found.target);
        let demanded: BTreeSet<&Text> = demanded.collect();
        if demanded.is_empty() {
            return Err(nothing(&found, run));
        }
        targets.retain(|target| demanded.contains(&target.name));
        draft.files.insert(MAIN.to_owned(), formatted(&written::main(&targets, None)));
    }
    satisfied(&mut found, &mut draft, targets.len() > 1, &observed, run)?;
    let (groups, ratchet) = baseline(arguments, &mut draft, &observed, run)?;
    let findings = judge(&draft.compile_whole(run)?, &observed);
    Ok(Made { draft, found, groups, ratchet, findings })
}

/// The targets: those of the snapshot, or the one that is to be read.
fn targets(arguments: &Init, snapshot: Option<&Observed>, run: &mut Run) -> Result<Vec<Target>, Reported> {
    let directory = arguments.directory.to_string_lossy();
    let mut targets = match snapshot {
        Some(observed) => written::targets(observed, &directory).map_err(|name| {
            let detail = format!("The snapshot's `target.{name}` cannot be written into a profile in `{directory}`.");
            let help = "Name a directory inside of the working directory, and take the snapshot with targets without `for_each`.";
            run.diagnostics.push(Diagnostic::new(code::ARGUMENT, Severity::Error, detail).help(help))
        })?,
        None => {
            let provider = providers::all().0.first().map(|provider| provider.name()).unwrap_or_default();
            vec![Target { name: format!("{provider}.production").into(), lines: Vec::new() }]
        }
    };
    if targets.len() > 1 && !arguments.target.is_empty() {
        let detail =
            format!("The snapshot has {} targets, and `-target` does not say of which it speaks.", targets.len());
        return Err(run.fail(code::ARGUMENT, detail));
    }
    let owner = arguments.groups.owner.as_ref().map(|owner| format!("owner = {}", ordain_model::value::quote(owner)));
    for target in &mut targets {
        target.lines.extend(arguments.target.iter().cloned().chain(owner.clone()));
    }
    Ok(targets)
}

/// The lock file for a built-in profile.
fn lock(profile: &str, draft: &Draft<'_>, run: &mut Run) -> Result<String, Reported> {
    let request = Request { repository: Repository::Profile(profile.into()), wanted: Wanted::Default };
    match draft.disk.modules.resolve(&request) {
        Ok(locked) => Ok(lock::render(&BTreeMap::from([(request, locked)]))),
        Err(_) => {
            let known: Vec<&str> = profiles::all().keys().map(|name| &**name).collect();
            let detail = format!("There is no built-in profile `{profile}`; there is `{}`.", known.join("`, `"));
            let diagnostic = Diagnostic::new(code::ARGUMENT, Severity::Error, detail);
            Err(run.diagnostics.push(match nearest(profile, known) {
                Some(near) => diagnostic.paste(format!("-profile {near}")),
                None => diagnostic,
            }))
        }
    }
}

/// Everything that there is to read, and what it satisfies.
fn read(
    arguments: &Init,
    draft: &mut Draft<'_>,
    targets: &[Target],
    snapshot: Option<Observed>,
    run: &mut Run,
) -> Result<(Observed, Vec<Found>), Reported> {
    // A snapshot says which keys were asked for, and a live world what the imported profile asks for.
    let keys: BTreeMap<Text, ReadSet> = match &snapshot {
        Some(observed) => observed.targets.iter().map(|(name, seen)| (name.clone(), seen.reads.clone())).collect(),
        None => draft.compile(run)?.graph.reads,
    };
    draft.files.insert(AS_FOUND.to_owned(), written::probe(targets, &keys));
    let probe = draft.compile(run)?;
    let observed = match (snapshot, &arguments.from_snapshot) {
        (Some(observed), Some(path)) => {
            worlds::stands_for(&observed, &probe, path, run)?;
            observed
        }
        _ => worlds::observe(&probe, None, run)?,
    };
    let found = found(&probe.constraints, &judge(&probe, &observed));
    Ok((observed, found))
}

fn judge(profile: &Profile, observed: &Observed) -> Findings {
    compare(&profile.constraints, &profile.graph, observed, &BTreeSet::new())
}

/// Writes what was found as demands, each of which is met: what a view of several fields shows is not always as weak as
/// all of them.
fn satisfied(
    found: &mut [Found],
    draft: &mut Draft<'_>,
    several: bool,
    observed: &Observed,
    run: &mut Run,
) -> Result<(), Reported> {
    loop {
        draft.files.insert(AS_FOUND.to_owned(), formatted(&written::as_found(found, several)));
        let profile = draft.compile(run)?;
        let findings = judge(&profile, observed);
        let mut unmet = Vec::new();
        for finding in findings.findings.iter() {
            let holds =
                matches!(finding.judgement, Judgement::Met | Judgement::NotApplicable(_) | Judgement::ProviderFixed(_));
            let claim = findings.claim(finding);
            if let (false, "", Subject::Setting(setting)) = (holds, &*claim.module, &finding.subject) {
                unmet.push((claim.address.clone(), setting.setting.clone()));
            }
        }
        if unmet.is_empty() {
            return Ok(());
        }
        let mut less = false;
        for (address, setting) in unmet {
            let named = |found: &&mut Found| *format!("require.{}.{}", found.kind.name, found.name) == *address;
            if let Some(found) = found.iter_mut().find(named) {
                less |= found.demands.remove(&setting).is_some();
                found.open.insert(setting, Open::Anything);
            }
        }
        if !less {
            return Ok(());
        }
    }
}

/// Lists in a baseline what is unmet of the imported profile.
fn baseline(
    arguments: &Init,
    draft: &mut Draft<'_>,
    observed: &Observed,
    run: &mut Run,
) -> Result<(Vec<Group>, Ratchet), Reported> {
    let profile = draft.compile(run)?;
    let owner = arguments.groups.owner.as_deref().map(Text::from);
    let ratchet = ratchet(&profile.constraints, &judge(&profile, observed), owner.as_ref());
    let groups = groups(&ratchet.new, BTreeSet::new(), &arguments.groups, observed, run)?;
    if !groups.is_empty() {
        draft.files.insert(FILE.to_owned(), format!("{HEAD}{}", render(&groups)));
    }
    Ok((groups, ratchet))
}

/// A file in the one style.
fn formatted(text: &str) -> String {
    let mut sources = Sources::default();
    let id = sources.add(MAIN, text);
    format(&sources, id, &mut Diagnostics::default()).unwrap_or_else(|_| text.to_owned())
}

fn nothing(found: &[Found], run: &mut Run) -> Reported {
    let detail = "Nothing was read that a profile could demand.";
    let why = found.iter().find_map(|found| found.incomplete.as_ref());
    let diagnostic = Diagnostic::new(code::NOTHING_FOUND, Severity::Error, detail);
    run.diagnostics.push(match why {
        Some(reason) => diagnostic.help(format!("For example: {}.", reason.detail)),
        None => diagnostic.help("Say with `-target` which accounts and regions have objects."),
    })
}

fn summary(arguments: &Init, made: &Made<'_>) -> String {
    let Made { draft, found, groups, ratchet, findings } = made;
    let mut text = String::new();
    for name in draft.files.keys() {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "Wrote {}.", arguments.directory.join(name).display());
    }
    let demands: usize = found.iter().map(|found| found.demands.len()).sum();
    let kinds = found.iter().filter(|found| !found.demands.is_empty()).count();
    let open: usize = found.iter().map(|found| found.open.len() + usize::from(found.incomplete.is_some())).sum();
    let _ = writeln!(
        text,
        "\nDemanded as found: {demands}, of {kinds} kinds. Left open, with the reason in {AS_FOUND}: {open}."
    );
    for Group { name, owner, ends, findings, .. } in groups {
        let _ =
            writeln!(text, "baseline.{name}: {}, owner {owner}, ends {ends}", count(findings.len() as u64, "finding"));
    }
    let sealed = ratchet.sealed.len() as u64;
    for (findings, what) in [(ratchet.broken, "broken"), (ratchet.unknown, "unknown"), (sealed, "sealed")] {
        if findings > 0 {
            let _ = writeln!(text, "{} {what}, which no baseline lists.", count(findings, "finding"));
        }
    }
    let exit = findings.conclusion().exit();
    if exit != Exit::Fine {
        let _ = writeln!(text, "For now `ordain plan -detailed-exitcode` says {}.", exit.code());
    }
    let _ = writeln!(text, "\nNext: ordain plan {}", arguments.directory.display());
    text
}

#[cfg(test)]
mod tests;
