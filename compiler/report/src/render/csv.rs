//! `csv`: a line per finding, assertion and movement, worst first, as RFC 4180 has it. The first line after the names of the
//! columns is the report's own.
//!
//! A spreadsheet takes a cell that begins with `=`, `+`, `-`, `@` or their wide forms as a formula: such a text begins with
//! `'` here (OWASP, CSV Injection). Control characters are spelled out, so that a cell has no line break.

use super::Format;
use super::row::{Row, rows};
use crate::report::Report;
use crate::style::{Style, harmless};
use std::io::{self, Write};

/// The format.
pub const FORMAT: Format =
    Format { name: "csv", summary: "a line per finding, for spreadsheets", begins: "sort,verdict,since,", write };

const COLUMNS: [&str; 24] = [
    "sort",
    "verdict",
    "since",
    "severity",
    "enforced",
    "owner",
    "object",
    "setting",
    "before",
    "live",
    "bound",
    "reason",
    "cure",
    "requirement",
    "title",
    "file",
    "line",
    "controls",
    "exception",
    "until",
    "ends_soon",
    "id",
    "as_of",
    "not_evidence",
];

fn write(report: &Report, _: Style, out: &mut dyn Write) -> io::Result<()> {
    line(out, COLUMNS.map(str::to_owned))?;
    let world = report.world.as_ref();
    let as_of = world.map(|world| world.taken_at.to_string()).unwrap_or_default();
    let not_evidence = world.and_then(|world| world.not_evidence.clone()).unwrap_or_default();
    line(out, own(report, &as_of, &not_evidence))?;
    rows(report).iter().try_for_each(|row| line(out, cells(row, &as_of, &not_evidence)))
}

/// The line of the report itself: its verdict and sentence.
fn own(report: &Report, as_of: &str, not_evidence: &str) -> [String; 24] {
    let mut cells = [const { String::new() }; 24];
    cells[0] = "report".to_owned();
    cells[1] = report.headline.verdict.word().to_owned();
    cells[14] = report.headline.text.clone();
    cells[22] = as_of.to_owned();
    cells[23] = not_evidence.to_owned();
    cells
}

fn cells(row: &Row<'_>, as_of: &str, not_evidence: &str) -> [String; 24] {
    let text = |of: Option<&str>| of.unwrap_or_default().to_owned();
    let controls = row.controls.iter().map(|control| format!("{} {}", control.framework, control.id));
    [
        row.sort.to_owned(),
        row.word.to_owned(),
        text(row.since),
        text(row.severity.map(|severity| severity.word())),
        row.enforced.to_string(),
        row.owner.to_owned(),
        row.object.to_owned(),
        text(row.setting),
        text(row.before),
        text(row.live),
        text(row.bound),
        text(row.reason),
        row.cure().unwrap_or_default(),
        row.requirement.to_owned(),
        row.title.to_owned(),
        text(row.place.map(|(file, _)| file)),
        row.place.map(|(_, line)| line.to_string()).unwrap_or_default(),
        controls.collect::<Vec<_>>().join("; "),
        text(row.exception.map(|exception| &*exception.address)),
        text(row.exception.map(|exception| &*exception.until)),
        row.exception.map(|exception| exception.ends_soon.to_string()).unwrap_or_default(),
        row.id.to_owned(),
        as_of.to_owned(),
        not_evidence.to_owned(),
    ]
}

fn line(out: &mut dyn Write, cells: [String; 24]) -> io::Result<()> {
    out.write_all(format!("{}\r\n", cells.each_ref().map(|text| cell(text)).join(",")).as_bytes())
}

fn cell(text: &str) -> String {
    const FORMULA: &[char] = &['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    let text = harmless(text);
    let guard = if text.starts_with(FORMULA) { "'" } else { "" };
    match text.contains(['"', ',']) || text.starts_with(' ') {
        true => format!("\"{guard}{}\"", text.replace('"', "\"\"")),
        false => format!("{guard}{text}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_text_and_no_formula() {
        assert_eq!(cell("=HYPERLINK(\"http://x\",\"y\")"), "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"");
        assert_eq!(cell("\t=1"), "\\u{9}=1");
        assert_eq!(cell("a\r\nb"), "a\\u{d}\\u{a}b");
        assert_eq!(cell("-1"), "'-1");
        assert_eq!(cell("＝1"), "'＝1");
        assert_eq!(cell("a,b"), "\"a,b\"");
    }
}
