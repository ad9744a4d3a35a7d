//! [`Operations`]: what each back end does with each operation, as `tests/backends/operations.md` says.

use crate::backend::Kind;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;

/// What a back end does with an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// What AWS documents.
    Right,
    /// Something else; the note says what.
    Wrong(String),
    /// It does not have the operation.
    Absent,
}

/// Operation to answers, in the order of [`Kind::ALL`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Operations(pub BTreeMap<String, Vec<Answer>>);

impl Operations {
    /// Takes what the probes printed for each back end, in the order of [`Kind::ALL`].
    #[must_use]
    pub fn probed(answers: &[Value]) -> Operations {
        let mut operations = Operations::default();
        for of_one in answers {
            for (operation, answer) in of_one.as_object().expect("an object by operation") {
                let note = answer["note"].as_str().unwrap_or("").to_string();
                let answer = match answer["answer"].as_str() {
                    Some("right") => Answer::Right,
                    Some("absent") => Answer::Absent,
                    _ => Answer::Wrong(note),
                };
                operations.0.entry(operation.clone()).or_default().push(answer);
            }
        }
        operations
    }

    /// Reads the table's rows; everything else in the page is prose.
    #[must_use]
    pub fn parse(page: &str) -> Operations {
        let answer = |cell: &str| match cell.split_once(": ") {
            Some(("wrong", note)) => Answer::Wrong(note.to_string()),
            _ if cell == "right" => Answer::Right,
            _ if cell == "absent" => Answer::Absent,
            _ => panic!("`{cell}` is neither right, absent nor `wrong: ...`"),
        };
        let row = |line: &str| {
            let mut cells = line.trim_matches('|').split('|').map(str::trim);
            let operation = cells.next()?.strip_prefix('`')?.strip_suffix('`')?.to_string();
            Some((operation, cells.map(answer).collect()))
        };
        Operations(page.lines().filter(|line| line.starts_with("| `")).filter_map(row).collect())
    }

    /// Writes the table.
    #[must_use]
    pub fn table(&self) -> String {
        let mut table = String::from("| operation |");
        Kind::ALL.iter().for_each(|kind| write!(table, " {} |", kind.name()).expect("a string takes all"));
        table.push_str("\n|---|");
        Kind::ALL.iter().for_each(|_| table.push_str("---|"));
        table.push('\n');
        for (operation, answers) in &self.0 {
            write!(table, "| `{operation}` |").expect("a string takes all");
            for answer in answers {
                let cell = match answer {
                    Answer::Right => "right".to_string(),
                    Answer::Absent => "absent".to_string(),
                    Answer::Wrong(note) => format!("wrong: {note}"),
                };
                write!(table, " {cell} |").expect("a string takes all");
            }
            table.push('\n');
        }
        table
    }

    /// What a back end does with an operation.
    #[must_use]
    pub fn answer(&self, kind: Kind, operation: &str) -> &Answer {
        let answers =
            self.0.get(operation).unwrap_or_else(|| panic!("no probe asks for {operation}: tests/backends/probes"));
        let of_kind = Kind::ALL.iter().zip(answers).find(|(of, _)| **of == kind);
        of_kind.map(|(_, answer)| answer).expect("a column for every back end")
    }
}
