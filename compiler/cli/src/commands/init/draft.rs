//! [`Draft`]: the files of a profile that is not written yet, compiled as if it were.

use super::starter::in_the_way;
use crate::files::{self, Disk};
use crate::profile::{self, Profile};
use crate::run::Run;
use ordain_language::files::{File, FileProblem, Files, belongs};
use ordain_language::inputs::Inputs;
use ordain_model::diagnostic::Reported;
use ordain_model::module::{Found, LOCK, Locked, PackageProblem, Repository};
use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::Path;

/// A profile in the making. It imports built-in profiles only, so that every directory is its own.
pub struct Draft<'a> {
    directory: &'a Path,
    /// Its files by name.
    pub files: BTreeMap<String, String>,
    /// Where built-in profiles come from.
    pub disk: Disk,
}

impl Draft<'_> {
    /// A profile without files, for a directory that has none.
    ///
    /// # Errors
    /// The directory has files of a profile.
    pub fn new<'a>(directory: &'a Path, run: &mut Run) -> Result<Draft<'a>, Reported> {
        let there = match files::profiles(directory, false) {
            Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
            there => there.map_err(|error| run.unreadable(directory, &error))?,
        };
        let lock = directory.join(LOCK);
        for path in there.iter().chain([&lock].into_iter().filter(|path| path.symlink_metadata().is_ok())) {
            in_the_way(path, run);
        }
        run.diagnostics.check()?;
        Ok(Draft { directory, files: BTreeMap::new(), disk: Disk::of(directory, run.offline) })
    }

    /// Compiles it as it is so far. What is odd about it is said once it is whole.
    ///
    /// # Errors
    /// It does not compile.
    pub fn compile(&self, run: &mut Run) -> Result<Profile, Reported> {
        let mut apart = run.apart();
        self.compile_whole(&mut apart).inspect_err(|_| {
            run.sources = apart.sources;
            run.diagnostics = apart.diagnostics;
        })
    }

    /// Compiles it with everything that there is to say.
    ///
    /// # Errors
    /// It does not compile.
    pub fn compile_whole(&self, run: &mut Run) -> Result<Profile, Reported> {
        profile::compile_files(self.directory, self, &Inputs::default(), run)
    }

    /// Writes each file.
    ///
    /// # Errors
    /// One of them cannot be written, or something came in the way.
    pub fn write(&self, run: &mut Run) -> Result<(), Reported> {
        std::fs::create_dir_all(self.directory).map_err(|error| run.unwritable(self.directory, &error))?;
        for (name, text) in &self.files {
            let path = self.directory.join(name);
            files::write_new(&path, |file| file.write_all(text.as_bytes())).map_err(|error| match error.kind() {
                ErrorKind::AlreadyExists => in_the_way(&path, run),
                _ => run.unwritable(&path, &error),
            })?;
        }
        Ok(())
    }
}

impl Files for Draft<'_> {
    fn module(&self, _: &str) -> Result<Vec<File>, FileProblem> {
        let own = self.files.iter().filter(|(name, _)| belongs(name));
        Ok(own.map(|(name, text)| File { name: name.clone(), bytes: text.clone().into_bytes() }).collect())
    }

    fn lock(&self, _: &str) -> Result<Option<File>, FileProblem> {
        let lock = self.files.get(LOCK);
        Ok(lock.map(|text| File { name: LOCK.to_owned(), bytes: text.clone().into_bytes() }))
    }

    fn package(&self, repository: &Repository, locked: &Locked) -> Result<Found, PackageProblem> {
        self.disk.package(repository, locked)
    }
}
