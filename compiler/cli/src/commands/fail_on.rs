//! `-fail-on` and `-fail-on-unknown`: what makes a run end with 2 and 3.

use crate::arguments::fail_on::{FailOn, Failing};
use crate::run::Run;
use ordain_language::config::Gravity;
use ordain_model::code;
use ordain_model::conclusion::Exit;
use ordain_model::diagnostic::Reported;
use ordain_model::verdict::Verdict;
use ordain_report::report::Report;

/// How a run with this report ends. Errors and demands that nothing satisfies are 1, whatever was asked for.
#[must_use]
pub fn exit(report: &Report, failing: &Failing) -> Exit {
    let exit = match report.headline.verdict.exit() {
        Exit::Unknown if !failing.fail_on_unknown => Exit::Unmet,
        exit => exit,
    };
    let violated = exit == Exit::Unmet && violations(report).any(|violation| violation.counts(&failing.fail_on));
    match exit {
        Exit::Error | Exit::Unknown => exit,
        _ if violated || failing.fail_on.iter().any(|what| found(report, *what)) => Exit::Unmet,
        _ => Exit::Fine,
    }
}

/// Refuses what a run cannot find.
///
/// # Errors
/// `moved` or `new` of a run that compares with nothing.
pub fn check(failing: &Failing, run: &mut Run) -> Result<(), Reported> {
    let past = [(FailOn::Moved, "moved"), (FailOn::New, "new")];
    match past.into_iter().find(|(what, _)| failing.fail_on.contains(what)) {
        Some((_, word)) => {
            let command = run.command;
            let detail = format!("`--fail-on {word}` belongs to `ordain drift`: `{command}` compares with nothing.");
            Err(run.fail(code::ARGUMENT, detail))
        }
        None => Ok(()),
    }
}

/// Something enforced that is unmet.
struct Violation {
    severity: Gravity,
    since: Option<&'static str>,
}

impl Violation {
    /// Whether it is among those that were asked for. What is not known to have been there before counts as new.
    fn counts(&self, asked: &[FailOn]) -> bool {
        let grave = asked.iter().filter_map(|what| what.severity()).min().is_none_or(|least| self.severity >= least);
        grave && (!asked.contains(&FailOn::New) || self.since != Some("recurring"))
    }
}

fn violations(report: &Report) -> impl Iterator<Item = Violation> {
    let findings = report.findings.iter().filter(|finding| finding.enforced && finding.verdict == Verdict::Unmet);
    let findings = findings.map(|finding| Violation { severity: finding.severity, since: finding.since });
    let assertions = report.assertions.iter().filter(|assertion| assertion.verdict == Verdict::Unmet);
    findings.chain(assertions.map(|assertion| Violation { severity: assertion.severity, since: assertion.since }))
}

fn found(report: &Report, what: FailOn) -> bool {
    let counted = |verdict: Verdict| report.headline.counts.get(verdict.word()).is_some_and(|number| *number > 0);
    match what {
        FailOn::Waived => counted(Verdict::Waived),
        FailOn::Baselined => counted(Verdict::Baselined),
        FailOn::ProviderFixed => counted(Verdict::ProviderFixed),
        FailOn::Vacuous => report.requirements.iter().any(|row| row.enforced && row.verdict.is_none()),
        FailOn::Observed => {
            let bad = |verdict: Verdict| report.headline.observed.get(verdict.word()).is_some_and(|number| *number > 0);
            [Verdict::Unmet, Verdict::Unknown, Verdict::Broken].into_iter().any(bad)
        }
        FailOn::Moved => report.drift.iter().any(|row| matches!(row.what, "moved" | "moved_out" | "gone" | "appeared")),
        FailOn::New | FailOn::Critical | FailOn::High | FailOn::Medium | FailOn::Low => false,
    }
}
