//! The output formats: one file each under `render/`, one word in [`FORMATS`].

pub mod csv;
pub mod diagram;
pub mod github;
pub mod gitlab;
pub mod html;
pub mod human;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod ocsf;
pub mod openreports;
pub mod oscal;
pub mod policyreport;
pub mod sarif;

mod provenance;
mod row;

use crate::report::Report;
use crate::style::Style;
use std::io::{self, Write};

/// An output format.
#[derive(Debug)]
pub struct Format {
    /// What `-format` calls it.
    pub name: &'static str,
    /// One line for `-help`.
    pub summary: &'static str,
    /// What every report in this format begins with, so that nothing else is overwritten by one. Empty: not for files.
    pub begins: &'static str,
    /// Writes the report in this format, as it goes. Ends with a line break.
    pub write: fn(&Report, Style, &mut dyn Write) -> io::Result<()>,
}

/// Every format, sorted by name.
pub const FORMATS: &[Format] = &[
    csv::FORMAT,
    github::FORMAT,
    gitlab::FORMAT,
    html::FORMAT,
    human::FORMAT,
    json::FORMAT,
    junit::FORMAT,
    markdown::FORMAT,
    ocsf::FORMAT,
    openreports::FORMAT,
    oscal::FORMAT,
    policyreport::FORMAT,
    sarif::FORMAT,
];

/// A format by name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}

impl Format {
    /// The report in this format.
    #[must_use]
    pub fn text(&self, report: &Report, style: Style) -> String {
        let mut bytes = Vec::new();
        // Writing to memory cannot fail, and what a report holds is UTF-8.
        let _ = (self.write)(report, style, &mut bytes);
        String::from_utf8(bytes).unwrap_or_default()
    }
}
