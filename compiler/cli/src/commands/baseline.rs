//! `ordain baseline`: the ratchet: a reviewed list of what was unmet when it was begun, which only shrinks.

mod check;
pub mod groups;
pub mod summary;
mod write;

use crate::arguments::baseline::{Action, Baseline};
use crate::run::Run;
use ordain_model::conclusion::Exit;
use ordain_model::diagnostic::Reported;

/// The file of the groups that the program writes.
pub const FILE: &str = "baseline.hcl";

/// What its JSON form is.
const FORMAT: &str = "ordain.baseline/1";

/// Writes a baseline, or holds it against an earlier one.
pub fn run(arguments: &Baseline, run: &mut Run) -> Result<Exit, Reported> {
    match &arguments.action {
        Action::Check(arguments) => check::run(arguments, run)?,
        Action::Write(arguments) => write::run(arguments, run)?,
    }
    Ok(Exit::Fine)
}
