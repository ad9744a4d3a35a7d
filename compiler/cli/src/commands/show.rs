//! `ordain show`: a plan file as people read it.

use crate::arguments::Show;
use crate::files;
use crate::providers;
use crate::run::Run;
use ordain_engine::plan::Plan;
use ordain_model::code;
use ordain_model::conclusion::Exit;
use ordain_model::diagnostic::Reported;
use ordain_report::assemble;
use std::path::Path;

/// Prints the plan. What it would change is no failure: showing succeeds.
pub fn run(arguments: &Show, run: &mut Run) -> Result<Exit, Reported> {
    let plan = read(&arguments.plan, run)?;
    run.show(assemble::show(&plan))?;
    Ok(Exit::Fine)
}

/// Reads a plan file, whose digest must cover what is in it.
///
/// # Errors
/// It cannot be read, is no plan, or was edited.
pub fn read(path: &Path, run: &mut Run) -> Result<Plan, Reported> {
    let bytes = files::read(path).map_err(|error| run.unreadable(path, &error))?;
    let name = path.display().to_string();
    match String::from_utf8(bytes) {
        Ok(text) => Plan::parse(&text, &name, providers::all(), &mut run.diagnostics),
        Err(_) => Err(run.fail(code::PLAN_FILE, format!("`{name}`: it is not UTF-8."))),
    }
}
