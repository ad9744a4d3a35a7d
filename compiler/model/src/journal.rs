//! [`JournalStore`]: the contract between the engine, which writes journals, and whoever keeps them.

/// Keeps one apply: its plan, the plan that undoes it, and its journal. Nothing that is kept is ever overwritten.
pub trait JournalStore {
    /// Keeps both plans and begins an empty journal. They are durable when it returns.
    ///
    /// # Errors
    /// Why they are not; then nothing may be applied.
    fn begin(&mut self, plan: &str, revert: &str) -> Result<(), String>;

    /// Appends lines, given without line breaks. They are durable when it returns.
    ///
    /// # Errors
    /// Why they may not be; then nothing further may be written.
    fn append(&mut self, lines: &[String]) -> Result<(), String>;
}
