//! [`Directory`]: a journal in a directory of this machine.
//!
//! ```text
//! .ordain/journal.jsonl              append-only, one hash-chained line per event
//!         applies/000001/plan.json   as it was applied
//!                        revert.json on disk before the first write
//!         leases/CELL.lock           locked while somebody writes to the cell
//!                CELL.json           who that is, or was last
//! ```
//! Two applies at once get two numbers: creating a directory that exists fails, and then the next number is tried. Both
//! append to the one journal, each behind the other's lines, under the file's lock.

mod locks;

use crate::journal::{PLAN, REVERT, Store};
use ordain_model::Text;
use ordain_model::address::Cell;
use ordain_model::instant::Instant;
use ordain_model::journal::JournalStore;
use ordain_model::lease::{Holder, Leases};
use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// A directory, which is created when an apply begins.
#[derive(Debug)]
pub struct Directory {
    root: PathBuf,
}

/// The journal's file.
#[derive(Debug)]
struct Lines {
    root: PathBuf,
    /// The bytes that were read or appended: whole lines.
    end: u64,
}

impl Directory {
    /// This directory (`.ordain`).
    #[must_use]
    pub fn at(root: &Path) -> Directory {
        Directory { root: root.to_owned() }
    }

    fn applies(&self) -> PathBuf {
        self.root.join("applies")
    }
}

impl Lines {
    fn path(&self) -> PathBuf {
        self.root.join("journal.jsonl")
    }

    fn keep(&self, plan: &str, revert: &str) -> io::Result<String> {
        let applies = self.root.join("applies");
        fs::create_dir_all(&applies)?;
        let (directory, name) = next(&applies)?;
        write_new(&directory.join(PLAN), plan)?;
        write_new(&directory.join(REVERT), revert)?;
        // The journal is there before anything is written, so that its own entry is durable too.
        OpenOptions::new().append(true).create(true).open(self.path())?.sync_all()?;
        // A file is durable only with the directory entries that lead to it.
        for path in [&directory, &applies, &self.root] {
            File::open(path)?.sync_all()?;
        }
        Ok(name)
    }

    /// The bytes behind the known end. The file is locked, so that nobody is in the middle of a line.
    fn news(&self, file: &mut File) -> io::Result<Vec<u8>> {
        if file.metadata()?.len() < self.end {
            return Err(io::Error::other("it is shorter than it was: lines were cut off"));
        }
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(self.end))?;
        file.read_to_end(&mut bytes)?;
        // What stands behind the last line break was being written when its process died, and was never promised.
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        bytes.truncate(whole);
        Ok(bytes)
    }

    fn write(&mut self, lines: &[String]) -> io::Result<bool> {
        let mut file = OpenOptions::new().read(true).write(true).open(self.path())?;
        file.lock()?;
        if !self.news(&mut file)?.is_empty() {
            return Ok(false);
        }
        file.set_len(self.end)?;
        file.seek(SeekFrom::Start(self.end))?;
        let mut text = lines.join("\n");
        text.push('\n');
        if let Err(error) = file.write_all(text.as_bytes()).and_then(|()| file.sync_data()) {
            // No part of what was not promised stays, where that can be helped.
            let _ = file.set_len(self.end);
            return Err(error);
        }
        self.end += text.len() as u64;
        Ok(true)
    }
}

impl JournalStore for Lines {
    fn begin(&mut self, plan: &str, revert: &str) -> Result<Text, String> {
        let name = self.keep(plan, revert);
        name.map(Text::from).map_err(|error| format!("`{}` cannot be written: {error}", self.root.display()))
    }

    fn read(&mut self) -> Result<Vec<String>, String> {
        let failed = |error: io::Error| format!("`{}`: {error}", self.path().display());
        let mut file = match File::open(self.path()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && self.end == 0 => return Ok(Vec::new()),
            opened => opened.map_err(failed)?,
        };
        file.lock_shared().map_err(failed)?;
        let bytes = self.news(&mut file).map_err(failed)?;
        let text = String::from_utf8(bytes).map_err(|_| failed(io::Error::other("it is not UTF-8")))?;
        self.end += text.len() as u64;
        Ok(text.lines().map(String::from).collect())
    }

    fn append(&mut self, lines: &[String]) -> Result<bool, String> {
        self.write(lines).map_err(|error| format!("`{}`: {error}", self.path().display()))
    }
}

impl Store for Directory {
    fn name(&self) -> String {
        self.root.display().to_string()
    }

    fn journal(&self) -> Box<dyn JournalStore> {
        Box::new(Lines { root: self.root.clone(), end: 0 })
    }

    fn lease(&self, cells: &BTreeSet<Cell>, who: &str, now: Instant) -> Result<Box<dyn Leases>, String> {
        Ok(Box::new(locks::Locks::take(&self.root.join("leases"), cells, who, now)?))
    }

    fn holder(&self, cell: &Cell) -> Result<Option<Holder>, String> {
        locks::holder(&self.root.join("leases"), cell)
    }

    fn revert(&self, apply: &str) -> Result<String, String> {
        let path = self.applies().join(apply).join(REVERT);
        fs::read_to_string(&path).map_err(|error| format!("`{}` cannot be read: {error}", path.display()))
    }

    fn undo(&self, apply: &str) -> String {
        format!("ordain apply {}", self.applies().join(apply).join(REVERT).display())
    }
}

/// Creates the directory after the last one.
fn next(applies: &Path) -> io::Result<(PathBuf, String)> {
    let mut number = 0;
    for entry in fs::read_dir(applies)? {
        let name = entry?.file_name();
        number = number.max(name.to_str().and_then(|name| name.parse::<u64>().ok()).unwrap_or(0));
    }
    loop {
        number += 1;
        let name = format!("{number:06}");
        let directory = applies.join(&name);
        match fs::create_dir(&directory) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
            done => return done.map(|()| (directory, name)),
        }
    }
}

fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(text.as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()
}
