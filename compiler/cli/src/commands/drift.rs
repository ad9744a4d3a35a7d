//! `ordain drift`: what violates the profile, and what moved since a baseline. Never writes.

use super::fail_on;
use super::plan::inputs;
use crate::arguments::drift::Drift;
use crate::run::Run;
use crate::{profile, worlds};
use ordain_engine::drift::drift;
use ordain_engine::findings::compare;
use ordain_language::inputs::Missing;
use ordain_model::conclusion::Exit;
use ordain_model::diagnostic::Reported;
use ordain_report::assemble;
use std::collections::BTreeSet;

/// Prints the drift.
pub fn run(arguments: &Drift, run: &mut Run) -> Result<Exit, Reported> {
    run.wants(&arguments.formats)?;
    let profile = profile::compile(&arguments.directory, &arguments.outside, Missing::Refused, run)?;
    let baseline = arguments.baseline.as_deref().map(|path| worlds::read_snapshot(path, run)).transpose()?;
    let observed = worlds::observe(&profile, arguments.snapshot.as_deref(), run)?;
    worlds::fresh(&observed, &arguments.max_age, run)?;
    let judge = |world| compare(&profile.constraints, &profile.graph, world, &BTreeSet::new());
    let findings = judge(&observed);
    findings.warn(&mut run.diagnostics);
    // Each world is judged by the exceptions that were in force when it was read.
    let before = baseline.as_ref().map(judge);
    let moved = drift(&findings, &observed, before.as_ref().zip(baseline.as_ref()));
    let mut report = assemble::drift(&findings, &moved, &observed, &inputs(&profile, &observed, run));
    if let (Some(world), Some(path)) = (&mut report.world, &arguments.snapshot) {
        world.snapshot = Some(path.display().to_string());
    }
    let exit = fail_on::exit(&report, &arguments.failing);
    run.show(report)?;
    Ok(exit)
}
