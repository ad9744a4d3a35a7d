//! `gitlab`: a code quality report, which GitLab shows in a merge request beside the lines of a profile.
//!
//! Every entry is something to look at: what is met, inapplicable or fixed by the provider makes none. Of what is excepted,
//! only observed or moved the entries are for information.

use super::Format;
use super::json::{Each, document};
use super::provenance::first_line;
use super::row::{Row, rows};
use crate::report::{Conclusion, Report};
use crate::style::{Style, harmless};
use ordain_language::config::Gravity;
use ordain_model::finding;
use ordain_model::verdict::Verdict;
use serde_json::{Value, json};
use std::io::{self, Write};

/// The format.
pub const FORMAT: Format = Format {
    name: "gitlab",
    summary: "a code quality report for GitLab",
    begins: "[\n  {\n    \"check_name\": \"ordain",
    write,
};

/// What is shown: the report as a whole, or a row.
enum Entry<'r> {
    Whole(&'r Report),
    Row(&'r Row<'r>),
}

fn write(report: &Report, _: Style, out: &mut dyn Write) -> io::Result<()> {
    let rows = rows(report);
    let first = std::iter::once(Entry::Whole(report));
    let entries: Vec<Entry<'_>> = first.chain(rows.iter().filter(|row| shown(row)).map(Entry::Row)).collect();
    let file = place(report);
    document(out, &Each(&entries, |entry: &Entry<'_>| value(entry, &file)))
}

fn shown(row: &Row<'_>) -> bool {
    !matches!(row.verdict, Some(Verdict::Met | Verdict::NotApplicable | Verdict::ProviderFixed))
}

/// Where something without a place is shown: the first requirement.
fn place(report: &Report) -> (String, u32) {
    let first = report.requirements.iter().find_map(|row| super::row::place(&row.place));
    first.map_or(("main.hcl".to_owned(), 1), |(file, line)| (file.to_owned(), line))
}

fn value(entry: &Entry<'_>, first: &(String, u32)) -> Value {
    let (name, text, id, severity, (file, line)) = match entry {
        Entry::Whole(report) => {
            let failed = matches!(report.headline.verdict, Conclusion::Error | Conclusion::Failed);
            let severity = if failed { "blocker" } else { "info" };
            let id = finding::id("ordain report", report.command).to_string();
            ("ordain".to_owned(), first_line(report), id, severity, (&*first.0, first.1))
        }
        Entry::Row(row) => {
            let name = format!("ordain {}", if row.requirement.is_empty() { row.word } else { row.requirement });
            (name, row.sentence(), row.id.to_owned(), severity(row), row.place.unwrap_or((&first.0, first.1)))
        }
    };
    json!({
        "check_name": name,
        "description": harmless(&text),
        "fingerprint": id,
        "severity": severity,
        "location": { "path": file, "lines": { "begin": line } },
    })
}

fn severity(row: &Row<'_>) -> &'static str {
    match row.verdict {
        Some(Verdict::Broken) if row.enforced => "blocker",
        // What is not known may be the gravest.
        Some(Verdict::Unknown) if row.enforced => "critical",
        Some(Verdict::Unmet) if row.enforced => match row.severity {
            Some(Gravity::Critical) => "blocker",
            Some(Gravity::High) => "critical",
            Some(Gravity::Low) => "minor",
            _ => "major",
        },
        _ => "info",
    }
}
