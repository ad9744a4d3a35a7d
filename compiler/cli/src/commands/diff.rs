//! `ordain diff A B`: what changed between two snapshots, whatever a profile demands.

use crate::arguments::diff::Diff;
use crate::files;
use crate::providers;
use crate::run::Run;
use ordain_engine::difference::between;
use ordain_engine::snapshot::Rows;
use ordain_model::conclusion::Exit;
use ordain_model::diagnostic::Reported;
use ordain_report::assemble;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

/// Prints what changed. That something did is no failure, unless `-detailed-exitcode` asks.
pub fn run(arguments: &Diff, run: &mut Run) -> Result<Exit, Reported> {
    let names = (arguments.before.display().to_string(), arguments.after.display().to_string());
    let (mut before, mut after) = (open(&arguments.before, run)?, open(&arguments.after, run)?);
    let difference = Rows::open(&mut before, &names.0, providers::all())
        .and_then(|before| between(before, Rows::open(&mut after, &names.1, providers::all())?))
        .map_err(|flaw| run.diagnostics.push(*flaw))?;
    let report = assemble::difference(&difference, (&names.0, &names.1));
    let exit = report.headline.verdict.exit();
    run.show(report)?;
    Ok(if arguments.detailed_exitcode { exit } else { Exit::Fine })
}

fn open(path: &Path, run: &mut Run) -> Result<BufReader<File>, Reported> {
    files::open(path).map(BufReader::new).map_err(|error| run.unreadable(path, &error))
}
