//! `--fail-on`: what else makes a run end with 2.

use crate::arguments::fail_on::FailOn;
use crate::run::Run;
use ordain_model::code;
use ordain_model::conclusion::Exit;
use ordain_model::diagnostic::Reported;
use ordain_model::verdict::Verdict;
use ordain_report::report::Report;

/// How a run with this report ends. What is worse than unmet stays what it is.
#[must_use]
pub fn exit(report: &Report, also: &[FailOn]) -> Exit {
    match report.headline.verdict.exit() {
        Exit::Fine if also.iter().any(|what| found(report, *what)) => Exit::Unmet,
        exit => exit,
    }
}

/// Refuses what a run cannot find.
///
/// # Errors
/// `moved` of a run that compares with nothing.
pub fn check(also: &[FailOn], run: &mut Run) -> Result<(), Reported> {
    match also.contains(&FailOn::Moved) {
        true => {
            Err(run.fail(code::ARGUMENT, "`--fail-on moved` belongs to `ordain drift`: a plan compares with nothing."))
        }
        false => Ok(()),
    }
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
    }
}
