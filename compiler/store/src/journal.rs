//! [`Store`]: a place that keeps a journal, the plans of its applies, and the leases of cells; [`open`] finds it by its name.

use crate::directory::Directory;
use ordain_model::address::Cell;
use ordain_model::instant::Instant;
use ordain_model::journal::JournalStore;
use ordain_model::lease::{Holder, Leases};
use std::collections::BTreeSet;
use std::path::Path;

/// The file or object that holds a plan as it was applied.
pub(crate) const PLAN: &str = "plan.json";
/// The one that holds the plan that undoes it.
pub(crate) const REVERT: &str = "revert.json";

/// A place that keeps a journal, the plans of its applies, and the leases of cells.
pub trait Store {
    /// Where it is, for people.
    fn name(&self) -> String;

    /// The journal, from its first line.
    fn journal(&self) -> Box<dyn JournalStore>;

    /// Every line of the journal, from the first to the last.
    ///
    /// # Errors
    /// Why it cannot be read.
    fn lines(&self) -> Result<Vec<String>, String> {
        let (mut journal, mut lines) = (self.journal(), Vec::new());
        loop {
            let more = journal.read()?;
            if more.is_empty() {
                return Ok(lines);
            }
            lines.extend(more);
        }
    }

    /// Takes the leases of cells, all or none, and keeps them until the result is dropped.
    ///
    /// # Errors
    /// Who holds one of them and since when, or why they cannot be taken.
    fn lease(&self, cells: &BTreeSet<Cell>, who: &str, now: Instant) -> Result<Box<dyn Leases>, String>;

    /// Who holds the lease of a cell now.
    ///
    /// # Errors
    /// Why that cannot be known.
    fn holder(&self, cell: &Cell) -> Result<Option<Holder>, String>;

    /// The plan of an apply, as it was applied.
    ///
    /// # Errors
    /// There is none, or it cannot be read.
    fn plan(&self, apply: &str) -> Result<String, String>;

    /// Keeps a signed head beside the journal under a name of its own.
    ///
    /// # Errors
    /// Why it is not kept.
    fn keep_head(&self, name: &str, text: &str, signature: &str) -> Result<(), String>;

    /// The names of the heads that are kept, sorted.
    ///
    /// # Errors
    /// Why they cannot be listed.
    fn heads(&self) -> Result<Vec<String>, String>;

    /// A head that is kept, and its signature; an empty one where there is none.
    ///
    /// # Errors
    /// It cannot be read.
    fn head(&self, name: &str) -> Result<(String, String), String>;

    /// What to run to undo an apply.
    fn undo(&self, apply: &str) -> String;
}

/// Finds a store by its name: the path of a directory, which is created when something is kept in it, or the address of a
/// bucket.
///
/// # Errors
/// The name names no store that this build reaches.
pub fn open(name: &str) -> Result<Box<dyn Store>, String> {
    match name.split_once("://") {
        None => Ok(Box::new(Directory::at(Path::new(name)))),
        #[cfg(feature = "objects")]
        Some(_) => Ok(Box::new(crate::objects::Objects::at(name)?)),
        #[cfg(not(feature = "objects"))]
        Some((scheme, _)) => Err(format!("`{name}`: this build keeps no journal in `{scheme}://`")),
    }
}

/// The name of a cell's lease: everything but letters, digits, `-`, `_` and `.` stands as `%` and two digits.
pub(crate) fn lease_name(cell: &Cell) -> String {
    let mut name = String::new();
    for byte in cell.to_string().bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => name.push(char::from(byte)),
            _ => name.push_str(&format!("%{byte:02X}")),
        }
    }
    name
}

/// What the loser is told.
pub(crate) fn held(cell: &Cell, holder: Option<&Holder>) -> String {
    match holder {
        Some(Holder { who, since, .. }) => format!("{who} holds the lease of {cell} since {since}"),
        None => format!("somebody holds the lease of {cell}"),
    }
}
