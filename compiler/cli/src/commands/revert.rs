//! `ordain revert`: undoes what applies of a plan wrote, where it is still what they wrote.

use super::plan::saved;
use super::{apply, show};
use crate::arguments::Apply;
use crate::arguments::revert::Revert;
use crate::run::Run;
use crate::{files, providers, undone};
use ordain_engine::plan::Plan;
use ordain_model::conclusion::Exit;
use ordain_model::diagnostic::Reported;
use ordain_report::assemble;
use std::path::Path;

/// Shows the plan that undoes, asks, applies it, and closes with the ledger; or writes it to a file, to be approved.
pub fn run(arguments: &Revert, run: &mut Run) -> Result<Exit, Reported> {
    if let Some(path) = &arguments.out {
        files::replaceable(path, "ordain.plan/").map_err(|error| run.unwritable(path, &error))?;
    }
    let done = show::read(&arguments.plan, run)?;
    let like_apply = Apply { path: arguments.plan.clone(), changing: arguments.changing.clone(), ..Apply::default() };
    let profile = apply::current(&done, &like_apply, run)?;
    let store = apply::open(&like_apply, &profile, run)?;
    let steps = undone::written(&done, &*store, run)?;
    let plan = done.undoing(providers::all(), |step| steps.contains(&step));
    match &arguments.out {
        Some(path) => write(&plan, path, run),
        None => {
            let prepared = apply::prepare(plan, None, (profile, store), &like_apply, run)?;
            apply::finish(&like_apply, &prepared, run)
        }
    }
}

fn write(plan: &Plan, path: &Path, run: &mut Run) -> Result<Exit, Reported> {
    files::write(path, |file| writeln!(file, "{}", plan.text())).map_err(|error| run.unwritable(path, &error))?;
    let mut report = assemble::show(plan);
    report.command = "revert";
    run.show(report)?;
    if !run.json {
        run.print(&saved(plan, path))?;
    }
    Ok(Exit::Fine)
}
