//! [`Directory`]: one directory per apply, numbered in order, holding its plan, the plan that undoes it and its journal.
//!
//! ```text
//! .ordain/applies/000001/plan.json      as it was applied
//!                        revert.json    on disk before the first write
//!                        journal.jsonl  append-only, one hash-chained line per event
//! ```
//! Two applies at once get two numbers: creating a directory that exists fails, and then the next number is tried.

use ordain_model::journal::JournalStore;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A place for one apply, taken when it begins.
#[derive(Debug)]
pub struct Directory {
    root: PathBuf,
    taken: Option<Taken>,
}

/// The files of an apply that has begun.
#[derive(Debug)]
struct Taken {
    directory: PathBuf,
    journal: File,
}

impl Directory {
    /// Below this directory (`.ordain`), which is created when an apply begins.
    #[must_use]
    pub fn at(root: &Path) -> Directory {
        Directory { root: root.to_owned(), taken: None }
    }

    /// The journal of the apply that has begun.
    #[must_use]
    pub fn journal(&self) -> Option<PathBuf> {
        self.taken.as_ref().map(|taken| taken.directory.join("journal.jsonl"))
    }

    /// The revert plan of the apply that has begun.
    #[must_use]
    pub fn revert(&self) -> Option<PathBuf> {
        self.taken.as_ref().map(|taken| taken.directory.join("revert.json"))
    }

    fn take(&self, plan: &str, revert: &str) -> io::Result<Taken> {
        let applies = self.root.join("applies");
        fs::create_dir_all(&applies)?;
        let directory = next(&applies)?;
        write_new(&directory.join("plan.json"), plan)?;
        write_new(&directory.join("revert.json"), revert)?;
        let journal = OpenOptions::new().append(true).create_new(true).open(directory.join("journal.jsonl"))?;
        // A file is durable only with the directory entries that lead to it.
        for path in [&directory, &applies, &self.root] {
            File::open(path)?.sync_all()?;
        }
        Ok(Taken { directory, journal })
    }
}

impl JournalStore for Directory {
    fn begin(&mut self, plan: &str, revert: &str) -> Result<(), String> {
        let taken = self.take(plan, revert);
        self.taken = Some(taken.map_err(|error| format!("`{}` cannot be written: {error}", self.root.display()))?);
        Ok(())
    }

    fn append(&mut self, lines: &[String]) -> Result<(), String> {
        let taken = self.taken.as_mut().ok_or("the journal was not begun")?;
        let mut text = lines.join("\n");
        text.push('\n');
        let written = taken.journal.write_all(text.as_bytes()).and_then(|()| taken.journal.sync_data());
        written.map_err(|error| format!("`{}` cannot be written: {error}", taken.directory.display()))
    }
}

/// Creates the directory after the last one.
fn next(applies: &Path) -> io::Result<PathBuf> {
    let mut number = 0;
    for entry in fs::read_dir(applies)? {
        let name = entry?.file_name();
        number = number.max(name.to_str().and_then(|name| name.parse::<u64>().ok()).unwrap_or(0));
    }
    loop {
        number += 1;
        let directory = applies.join(format!("{number:06}"));
        match fs::create_dir(&directory) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
            done => return done.map(|()| directory),
        }
    }
}

fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(text.as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()
}
