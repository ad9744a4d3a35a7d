//! `ordain drift`: what violates the profile, and what moved since a baseline. Never writes.

use crate::arguments::Drift;
use crate::run::Run;
use crate::{profile, worlds};
use ordain_engine::drift::drift;
use ordain_engine::findings::compare;
use ordain_model::conclusion::Exit;
use ordain_model::diagnostic::Reported;
use ordain_report::assemble;

/// Prints the drift.
pub fn run(arguments: &Drift, run: &mut Run) -> Result<Exit, Reported> {
    let profile = profile::compile(&arguments.directory, &arguments.variables, run)?;
    let baseline = arguments.baseline.as_deref().map(|path| worlds::read_snapshot(path, run)).transpose()?;
    let observed = worlds::observe(&profile, arguments.snapshot.as_deref(), run)?;
    worlds::fresh(&observed, &arguments.max_age, run)?;
    let findings = compare(&profile.constraints, &profile.graph, &observed);
    let before = baseline.as_ref().map(|baseline| compare(&profile.constraints, &profile.graph, baseline));
    let moved = drift(&findings, &observed, before.as_ref().zip(baseline.as_ref()));
    let report = assemble::drift(&findings, &moved, &observed);
    let exit = match (report.headline.verdict.exit(), arguments.fail_on) {
        (Exit::Fine, Some(_)) if !(moved.moved.is_empty() && moved.gone.is_empty() && moved.appeared.is_empty()) => {
            Exit::Unmet
        }
        (exit, _) => exit,
    };
    run.show(report)?;
    Ok(exit)
}
