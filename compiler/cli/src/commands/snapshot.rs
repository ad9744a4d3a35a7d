//! `ordain snapshot`: what was read, as a file that `plan`, `drift` and `explain` take in place of the world.

use crate::arguments::Snapshot;
use crate::run::Run;
use crate::{files, profile, worlds};
use ordain_engine::snapshot;
use ordain_model::conclusion::Exit;
use ordain_model::diagnostic::Reported;

/// Writes the snapshot. What could not be read stands in it with its reason, which is no error here.
pub fn run(arguments: &Snapshot, run: &mut Run) -> Result<Exit, Reported> {
    let path = &arguments.out;
    files::replaceable(path, "ordain.snapshot/").map_err(|error| run.unwritable(path, &error))?;
    let profile = profile::compile(&arguments.directory, &arguments.variables, run)?;
    let observed = worlds::observe(&profile, None, run)?;
    files::write(path, |file| snapshot::lines(&observed).try_for_each(|line| writeln!(file, "{line}")))
        .map_err(|error| run.unwritable(path, &error))?;
    let objects: usize = observed.cells.values().flat_map(|kinds| kinds.values()).map(|list| list.objects.len()).sum();
    let estate = observed.targets.values().any(|target| target.envelope.estate.is_some());
    let remark = if estate { " Not evidence: read from an estate." } else { "" };
    run.print(&format!("Wrote {} with {objects} objects; its world is {}.{remark}\n", path.display(), observed.world))?;
    Ok(Exit::Fine)
}
