//! `ordain modules`: what a profile imports, and the lock file that says which content that is.

mod listing;
mod push;
mod update;
mod vendor;

use crate::arguments::modules::{Action, Modules};
use crate::files::Disk;
use crate::run::Run;
use ordain_language::files::Files;
use ordain_language::imports::{Import, imports};
use ordain_model::code;
use ordain_model::conclusion::Exit;
use ordain_model::diagnostic::{Diagnostics, Reported};
use ordain_model::source::Sources;
use std::path::Path;

/// Lists, publishes, locks or vendors modules.
pub fn run(arguments: &Modules, run: &mut Run) -> Result<Exit, Reported> {
    let directory = &arguments.directory;
    match &arguments.action {
        Action::List => list(directory, run)?,
        Action::Push(push) => push::run(push, directory, run)?,
        Action::Update(update) => update::run(update, directory, run)?,
        Action::Vendor => vendor::run(directory, run)?,
    }
    Ok(Exit::Fine)
}

/// Lists modules. What is neither vendored nor cached is listed as that: it is no mistake here.
fn list(directory: &Path, run: &mut Run) -> Result<(), Reported> {
    let disk = Disk::of(directory, true);
    let mut diagnostics = Diagnostics::default();
    let found = imports(name(directory, run)?, &disk, &mut run.sources, &mut diagnostics);
    for diagnostic in diagnostics.into_sorted().into_iter().filter(|found| found.code != code::UNREACHABLE_MODULE) {
        run.diagnostics.push(diagnostic);
    }
    let found = found?;
    run.diagnostics.check()?;
    listing::print(&found, &disk, run)
}

/// The directory's name as the language takes it.
fn name<'a>(directory: &'a Path, run: &mut Run) -> Result<&'a str, Reported> {
    let problem = format!("The directory name `{}` is not UTF-8.", directory.display());
    directory.to_str().ok_or_else(|| run.fail(code::ARGUMENT, problem))
}

/// The imports of a profile without mistakes; what is not locked is among them. The run's sources are those of this reading.
fn read(directory: &str, files: &dyn Files, run: &mut Run) -> Result<Vec<Import>, Reported> {
    run.sources = Sources::default();
    let found = imports(directory, files, &mut run.sources, &mut run.diagnostics)?;
    run.diagnostics.check()?;
    Ok(found)
}
