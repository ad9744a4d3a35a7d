//! [`Directory`]: a journal in a directory of this machine.
//!
//! ```text
//! .ordain/journal.jsonl              append-only, one hash-chained line per event
//!         applies/000001/plan.json   as it was applied
//!                        revert.json on disk before the first write
//!         heads/LINES-SIGNATURE.json its head as somebody signed it, with the signature in .json.sig
//!         leases/CELL.lock           locked while somebody writes to the cell
//!                CELL.json           who that is, or was last
//! ```
//! Two applies at once get two numbers: creating a directory that exists fails, and then the next number is tried. Both
//! append to the one journal, each behind the other's lines, under the file's lock.

mod lines;
mod locks;

use crate::journal::{PLAN, Store};
use ordain_model::address::Cell;
use ordain_model::instant::Instant;
use ordain_model::journal::JournalStore;
use ordain_model::lease::{Holder, Leases};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// A directory, which is created when an apply begins.
#[derive(Debug)]
pub struct Directory {
    root: PathBuf,
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

impl Store for Directory {
    fn name(&self) -> String {
        self.root.display().to_string()
    }

    fn journal(&self) -> Box<dyn JournalStore> {
        Box::new(lines::Lines::below(self.root.clone()))
    }

    fn lease(&self, cells: &BTreeSet<Cell>, who: &str, now: Instant) -> Result<Box<dyn Leases>, String> {
        Ok(Box::new(locks::Locks::take(&self.root.join("leases"), cells, who, now)?))
    }

    fn holder(&self, cell: &Cell) -> Result<Option<Holder>, String> {
        locks::holder(&self.root.join("leases"), cell)
    }

    fn plan(&self, apply: &str) -> Result<String, String> {
        let path = self.applies().join(apply).join(PLAN);
        fs::read_to_string(&path).map_err(|error| format!("`{}` cannot be read: {error}", path.display()))
    }

    fn keep_head(&self, name: &str, text: &str, signature: &str) -> Result<(), String> {
        let heads = self.root.join("heads");
        let keep = || {
            fs::create_dir_all(&heads)?;
            // The signature first: a head without one would be told as one that does not count.
            lines::write_new(&heads.join(format!("{name}.json.sig")), signature)?;
            lines::write_new(&heads.join(format!("{name}.json")), text)?;
            File::open(&heads)?.sync_all()
        };
        keep().map_err(|error| format!("`{}` cannot be written: {error}", heads.display()))
    }

    fn heads(&self) -> Result<Vec<String>, String> {
        let heads = self.root.join("heads");
        let failed = |error: io::Error| format!("`{}`: {error}", heads.display());
        let mut names = Vec::new();
        match fs::read_dir(&heads) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(names),
            entries => {
                for entry in entries.map_err(failed)? {
                    let name = entry.map_err(failed)?.file_name();
                    names.extend(name.to_str().and_then(|name| name.strip_suffix(".json")).map(String::from));
                }
            }
        }
        names.sort_unstable();
        Ok(names)
    }

    fn head(&self, name: &str) -> Result<(String, String), String> {
        let path = self.root.join("heads").join(format!("{name}.json"));
        let text = fs::read_to_string(&path).map_err(|error| format!("`{}`: {error}", path.display()))?;
        Ok((text, fs::read_to_string(path.with_extension("json.sig")).unwrap_or_default()))
    }

    fn undo(&self, apply: &str) -> String {
        format!("ordain revert {}", self.applies().join(apply).join(PLAN).display())
    }
}
