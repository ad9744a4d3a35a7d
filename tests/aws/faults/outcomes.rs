//! [`Outcomes`]: what became of the steps that use an operation, by the fault that it had.

use std::collections::{BTreeMap, BTreeSet};

/// By operation and case, the words of the ledger.
#[derive(Default)]
pub(super) struct Outcomes(BTreeMap<(String, &'static str), BTreeSet<String>>);

impl Outcomes {
    pub(super) fn note(&mut self, operation: &str, case: &'static str, word: &str) {
        self.0.entry((operation.to_owned(), case)).or_default().insert(word.to_owned());
    }

    /// One line for each operation and case.
    pub(super) fn text(&self) -> String {
        let line = |((operation, case), words): (&(String, &str), &BTreeSet<String>)| {
            format!("{operation:<40} {case:<36} {}\n", words.iter().map(String::as_str).collect::<Vec<_>>().join(", "))
        };
        self.0.iter().map(line).collect()
    }
}
