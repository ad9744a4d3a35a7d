//! `ordain revert`: undoes what applies of a plan wrote, where it is still what they wrote.

use super::{apply, show};
use crate::arguments::Apply;
use crate::arguments::revert::Revert;
use crate::journal;
use crate::providers;
use crate::run::Run;
use ordain_engine::journal::{Line, Standing, sent};
use ordain_engine::plan::Plan;
use ordain_model::code;
use ordain_model::conclusion::Exit;
use ordain_model::diagnostic::{Diagnostic, Reported, Severity};
use ordain_store::journal::Store;

/// Shows the plan that undoes, asks, applies it, and closes with the ledger.
pub fn run(arguments: &Revert, run: &mut Run) -> Result<Exit, Reported> {
    let plan = show::read(&arguments.plan, run)?;
    let name = arguments.plan.display();
    if plan.inputs.reverts.is_some() {
        let diagnostic = Diagnostic::new(code::ARGUMENT, Severity::Error, format!("`{name}` undoes a plan itself."));
        return Err(run.diagnostics.push(diagnostic.help("Apply it.").paste(format!("ordain apply {name}"))));
    }
    let like_apply = Apply { path: arguments.plan.clone(), changing: arguments.changing.clone(), ..Apply::default() };
    let whole = plan.revert(providers::all());
    let mut prepared = apply::prepare(whole, &like_apply, run)?;
    let store =
        journal::open(arguments.changing.journal.as_deref(), Some(&prepared.profile), &prepared.directory, run)?;
    prepared.plan = undoing(&plan, &*store, run)?;
    apply::finish(&like_apply, &prepared, run)
}

/// The plan that undoes the steps that the journal says were written.
fn undoing(plan: &Plan, store: &dyn Store, run: &mut Run) -> Result<Plan, Reported> {
    let unreadable = |error: String| format!("The journal in {} cannot be relied on: {error}.", store.name());
    let texts = store.lines().map_err(|error| run.fail(code::JOURNAL, unreadable(error)))?;
    let mut standing = Standing::default();
    let lines = texts.iter().map(|text| standing.take(text)).collect::<Result<Vec<Line>, String>>();
    let lines = lines.map_err(|error| run.fail(code::JOURNAL, unreadable(error)))?;
    match sent(&lines, plan.digest) {
        Some(steps) => Ok(plan.undoing(providers::all(), |step| steps.contains(&step))),
        None => {
            let detail = format!("No apply of the plan {} is in the journal in {}.", plan.digest.short(), store.name());
            let diagnostic = Diagnostic::new(code::NOT_APPLIED, Severity::Error, detail);
            Err(run.diagnostics.push(diagnostic.help("Name the journal of the apply with `--journal`.")))
        }
    }
}
