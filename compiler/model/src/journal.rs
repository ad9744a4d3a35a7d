//! [`JournalStore`]: the contract between the engine, which writes the journal, and whoever keeps it.

use crate::Text;

/// Keeps one journal for every apply that names it, and of each apply its plan and the plan that undoes it. Nothing that is
/// kept is ever overwritten.
pub trait JournalStore {
    /// Keeps both plans of an apply that begins, and gives it the name by which they are found: `000001`. They are durable
    /// when it returns.
    ///
    /// # Errors
    /// Why they are not; then nothing may be applied.
    fn begin(&mut self, plan: &str, revert: &str) -> Result<Text, String>;

    /// The lines, without line breaks, that stand behind those that were read or appended through this store; at first all.
    ///
    /// # Errors
    /// Why they cannot be read.
    fn read(&mut self) -> Result<Vec<String>, String>;

    /// Appends lines, given without line breaks, behind those that were read or appended through this store. They are
    /// durable when it answers true. False: somebody else appended there first, and nothing was written; what they
    /// appended has to be read before.
    ///
    /// # Errors
    /// Why they may not be durable; then nothing further may be written.
    fn append(&mut self, lines: &[String]) -> Result<bool, String>;
}
