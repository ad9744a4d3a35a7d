//! [`JournalStore`]: the contract between the engine, which writes the journal, and whoever keeps it.

use crate::Text;

/// Keeps one journal for every apply that names it, and of each apply its plan and the plan that undoes it. Nothing that is
/// kept is ever overwritten.
///
/// Lines are given and taken without line breaks. Whoever reads does so in one of two ways: with [`read`](JournalStore::read)
/// from the first line to the last, or with [`back`](JournalStore::back) from the last one as far as needed, and then on with
/// `read` behind the end that there was.
pub trait JournalStore {
    /// Keeps both plans of an apply that begins, and gives it the name by which they are found: `000001`. They are durable
    /// when it returns.
    ///
    /// # Errors
    /// Why they are not; then nothing may be applied.
    fn begin(&mut self, plan: &str, revert: &str) -> Result<Text, String>;

    /// Some of the lines that stand behind those that were read or appended through this store, and as many as fit into bounded
    /// memory; none where there are no more now.
    ///
    /// # Errors
    /// Why they cannot be read.
    fn read(&mut self) -> Result<Vec<String>, String>;

    /// The last lines, and then the ones before those that the last call gave; none where there are none before. The first
    /// call, before anything else was read or appended, finds the end behind which `read` and `append` go on.
    ///
    /// # Errors
    /// Why they cannot be read.
    fn back(&mut self) -> Result<Vec<String>, String>;

    /// The line before which so many stand, if it is the first of those that were appended together.
    ///
    /// # Errors
    /// It is not there, or cannot be read.
    fn line(&mut self, number: u64) -> Result<String, String>;

    /// Appends lines behind those that were read or appended through this store. They are durable when it answers true.
    /// False: somebody else appended there first, and nothing was written; what they appended has to be read before.
    ///
    /// # Errors
    /// Why they may not be durable; then nothing further may be written.
    fn append(&mut self, lines: &[String]) -> Result<bool, String>;
}
