//! `ordain modules vendor`: the locked content of every module, as files beside the profile.

use super::{listing, name, read};
use crate::files::Disk;
use crate::run::Run;
use ordain_language::imports::{problem, unlocked};
use ordain_model::diagnostic::Reported;
use ordain_store::modules::copies;
use std::path::Path;

/// Makes every vendored copy what is locked.
pub fn run(directory: &Path, run: &mut Run) -> Result<(), Reported> {
    let mut disk = Disk::of(directory, run.offline);
    // A copy that was edited is to be restored, so none is read.
    let root = disk.modules.vendored.take();
    let text = name(directory, run)?;
    let found = read(text, &disk, run)?;
    for import in &found {
        let Some(request) = &import.request else { continue };
        let Some(locked) = &import.locked else {
            run.diagnostics.push(unlocked(import, request, text));
            continue;
        };
        match disk.modules.find(&request.repository, locked) {
            Ok(found) => {
                let place = directory.join(request.repository.vendored(locked));
                if let Err(error) = copies::write(&place, &found.package) {
                    run.unwritable(&place, &error);
                }
            }
            Err(wrong) => drop(run.diagnostics.push(problem(request, &wrong, import.span))),
        }
    }
    run.diagnostics.check()?;
    disk.modules.vendored = root;
    listing::print(&found, &disk, run)
}
