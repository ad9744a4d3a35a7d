//! `ordain snapshot`: what was read, as a file that `plan`, `drift` and `explain` take in place of the world.

use crate::arguments::Snapshot;
use crate::run::Run;
use crate::{files, profile, worlds};
use ordain_engine::snapshot;
use ordain_language::inputs::Missing;
use ordain_model::conclusion::Exit;
use ordain_model::diagnostic::Reported;
use ordain_report::assemble;

/// Writes the snapshot. What could not be read stands in it with its reason, which is no error here.
pub fn run(arguments: &Snapshot, run: &mut Run) -> Result<Exit, Reported> {
    let path = &arguments.out;
    files::replaceable(path, "ordain.snapshot/").map_err(|error| run.unwritable(path, &error))?;
    let profile = profile::compile(&arguments.directory, &arguments.outside, Missing::Refused, run)?;
    let observed = worlds::observe(&profile, None, run)?;
    files::write(path, |file| snapshot::lines(&observed).try_for_each(|line| writeln!(file, "{line}")))
        .map_err(|error| run.unwritable(path, &error))?;
    let mut report = assemble::snapshot(&observed, &path.display().to_string());
    report.inputs.anchor = profile.anchor().map(|digest| digest.to_string());
    if run.json {
        return run.show(report).map(|()| Exit::Fine);
    }
    let why = report.world.and_then(|world| world.not_evidence).map(|why| format!(" Not evidence: {why}."));
    run.print(&format!("{}{}\n", report.headline.text, why.unwrap_or_default()))?;
    Ok(Exit::Fine)
}
