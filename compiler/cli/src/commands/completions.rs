//! `ordain completions`: the completion script of a shell.

use crate::arguments::{Arguments, Completions};
use crate::run::Run;
use clap::CommandFactory;
use ordain_model::conclusion::Exit;
use ordain_model::diagnostic::Reported;

/// Prints the script.
pub fn run(arguments: &Completions, run: &mut Run) -> Result<Exit, Reported> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "ordain", &mut script);
    run.print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Fine)
}
