//! The output formats: one file each under `render/`, one word in [`FORMATS`].

pub mod diagram;
pub mod human;
pub mod json;
pub mod junit;

use crate::report::Report;
use crate::style::Style;

/// An output format.
pub struct Format {
    /// What `--format` calls it.
    pub name: &'static str,
    /// One line for `--help`.
    pub summary: &'static str,
    /// The report in this format. Ends with a line break.
    pub render: fn(&Report, Style) -> String,
}

/// Every format, sorted by name.
pub const FORMATS: &[Format] = &[human::FORMAT, json::FORMAT, junit::FORMAT];

/// A format by name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}
