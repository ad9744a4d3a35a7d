//! `ordain report`: what complies and what does not, with what would cure it, in any format. Never writes to a world.

use super::fail_on;
use super::plan::judge;
use crate::arguments::Selection;
use crate::arguments::report::Report;
use crate::run::Run;
use crate::{profile, worlds};
use ordain_language::inputs::Missing;
use ordain_model::conclusion::Exit;
use ordain_model::diagnostic::Reported;
use ordain_report::assemble;

/// Prints the report, and writes it in every format that is wanted.
pub fn run(arguments: &Report, run: &mut Run) -> Result<Exit, Reported> {
    fail_on::check(&arguments.failing, run)?;
    run.wants(&arguments.formats)?;
    let profile = profile::compile(&arguments.directory, &arguments.outside, Missing::Refused, run)?;
    let observed = worlds::observe(&profile, arguments.snapshot.as_deref(), run)?;
    let (findings, plan) = judge(&profile, &observed, &Selection::default(), run)?;
    let told = if arguments.all { assemble::Told::All } else { assemble::Told::Open };
    let mut report = assemble::report(&findings, &plan, &observed, told);
    if let (Some(world), Some(path)) = (&mut report.world, &arguments.snapshot) {
        world.snapshot = Some(path.display().to_string());
    }
    let exit = fail_on::exit(&report, &arguments.failing);
    run.show(report)?;
    Ok(exit)
}
