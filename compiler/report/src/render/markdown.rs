//! `markdown`: a comment on a pull request. Fits GitHub's limit by construction: what there is no room for is counted, never
//! cut in the middle. The first line is a mark by which the next run finds the comment that it replaces.

mod text;

use super::Format;
use super::provenance::{as_of, first_line};
use super::row::{Row, rows};
use crate::report::Report;
use crate::report::change::Step;
use crate::report::exception::Exception;
use crate::style::Style;
use ordain_model::verdict::Verdict;
use std::io::{self, Write};
use text::{Room, code, inline};

/// The format.
pub const FORMAT: Format =
    Format { name: "markdown", summary: "a comment on a pull request", begins: "<!-- ordain-report ", write };

/// Characters of a comment (GitHub's limit is 65,536; GitLab's is above it).
const LONGEST: usize = 65_536;

/// Characters of one text that others wrote.
const LONGEST_TEXT: usize = 300;

fn write(report: &Report, _: Style, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(comment(report).as_bytes())
}

fn comment(report: &Report) -> String {
    let mut room = Room::new(LONGEST);
    room.put(&format!("<!-- ordain-report {} -->\n", report.command));
    room.put(&format!("## {}\n\n", inline(&first_line(report), 4 * LONGEST_TEXT)));
    let rest = [
        as_of(report).map(|time| format!("settings as of {time}")),
        report.inputs.world.as_ref().map(|of| format!("world `{of}`")),
    ];
    let anchor = report.inputs.anchor.as_ref().map_or("unanchored".to_owned(), |of| format!("anchor `{of}`"));
    let rest: Vec<String> = rest.into_iter().flatten().chain(std::iter::once(anchor)).collect();
    room.put(&format!("`ordain {}`, {}\n", report.command, rest.join(", ")));
    messages(&mut room, report);
    counts(&mut room, report);
    let rows = rows(report);
    for (title, open, of) in SECTIONS {
        let rows: Vec<&Row<'_>> = rows.iter().filter(|row| of(row)).collect();
        section(&mut room, title, *open, &rows, |row| finding(row));
    }
    section(&mut room, "Changes that `ordain apply` would make", false, &report.steps.iter().collect::<Vec<_>>(), step);
    let soon: Vec<&Exception> =
        report.exceptions.iter().filter(|exception| exception.ends_soon || exception.state != "in_force").collect();
    section(&mut room, "Exceptions that end soon or are not in force", true, &soon, exception);
    room.finish()
}

/// Heading, whether it is open, and what belongs to it: what has to be done first.
type Section = (&'static str, bool, fn(&&Row<'_>) -> bool);

const SECTIONS: &[Section] = &[
    ("Broken: no value satisfies what is demanded", true, |row| row.enforced && row.verdict == Some(Verdict::Broken)),
    ("Unmet", true, |row| row.enforced && row.verdict == Some(Verdict::Unmet)),
    ("Unknown: could not be read", true, |row| row.enforced && row.verdict == Some(Verdict::Unknown)),
    ("Resolved", false, |row| row.word == "resolved"),
    ("Moved, gone, appeared", false, |row| row.verdict.is_none() && row.word != "resolved"),
    ("Baselined", false, |row| row.enforced && row.verdict == Some(Verdict::Baselined)),
    ("Waived", false, |row| row.enforced && row.verdict == Some(Verdict::Waived)),
    ("Fixed by the provider", false, |row| row.enforced && row.verdict == Some(Verdict::ProviderFixed)),
    ("Met", false, |row| row.enforced && row.verdict == Some(Verdict::Met)),
    ("Not applicable", false, |row| row.enforced && row.verdict == Some(Verdict::NotApplicable)),
    ("Observed only: changes no exit code", false, |row| !row.enforced && row.verdict.is_some()),
];

/// Errors and warnings: without a result they are all there is.
fn messages(room: &mut Room, report: &Report) {
    let line = |message: &&crate::diagnostics::DiagnosticView| {
        let place =
            message.place.as_ref().map(|place| format!(" ({})", code(&format!("{}:{}", place.file, place.line))));
        let place = place.unwrap_or_default();
        format!("- **{}**: {}: {}{place}\n", message.severity, message.title, inline(&message.detail, LONGEST_TEXT))
    };
    section(room, "Messages", true, &report.diagnostics.iter().collect::<Vec<_>>(), |message| line(message));
}

/// Verdicts of each requirement in each target, worst first.
fn counts(room: &mut Room, report: &Report) {
    let mut rows: Vec<_> = report.requirements.iter().collect();
    rows.sort_by_key(|row| {
        (std::cmp::Reverse(row.enforced), std::cmp::Reverse(row.verdict), std::cmp::Reverse(row.severity))
    });
    let line = |row: &crate::report::finding::RequirementSummary| {
        let counts = row.counts.iter().map(|(verdict, number)| format!("{number} {verdict}")).collect::<Vec<_>>();
        let verdict = row.verdict.map_or("vacuous", Verdict::word);
        let observed = if row.enforced { "" } else { ", observed only" };
        let title = inline(&row.title, LONGEST_TEXT);
        let controls = row.controls.iter().map(|control| format!("{} {}", control.framework, control.id));
        let controls = inline(&controls.collect::<Vec<_>>().join(", "), LONGEST_TEXT);
        let (severity, target) = (row.severity.word(), inline(&row.target, LONGEST_TEXT));
        format!("| {verdict}{observed} | {title} | {severity} | {target} | {} | {controls} |\n", counts.join(", "))
    };
    if !rows.is_empty() {
        room.table(&["verdict", "requirement", "severity", "target", "obligations", "controls"], &rows, |row| {
            line(row)
        });
    }
}

/// A heading and a list below it; what is not open is folded.
fn section<T>(room: &mut Room, title: &str, open: bool, of: &[T], line: impl Fn(&T) -> String) {
    if of.is_empty() {
        return;
    }
    let (before, after) = match open {
        true => (format!("\n### {title} ({})\n\n", of.len()), "\n"),
        false => (format!("\n<details><summary>{title} ({})</summary>\n\n", of.len()), "\n</details>\n"),
    };
    room.list(&before, after, of, line);
}

fn finding(row: &Row<'_>) -> String {
    let since = row.since.map(|since| format!(" **{since}**")).unwrap_or_default();
    let severity = row.severity.map(|severity| format!(" {}:", severity.word())).unwrap_or_default();
    let said = row.seen();
    let mut text = format!("-{since}{severity} {}", code(&row.address()));
    text.push_str(&format!(" {}", inline(&said, LONGEST_TEXT)));
    if said != row.title {
        text.push_str(&format!("; {}", inline(row.title, LONGEST_TEXT)));
    }
    text.push_str(&format!("\n  owner {}", inline(row.owner, LONGEST_TEXT)));
    text.extend(row.place.map(|(file, line)| format!(", {}", code(&format!("{file}:{line}")))));
    let controls = row.controls.iter().map(|control| format!(", {} {}", control.framework, control.id));
    text.push_str(&inline(&controls.collect::<String>(), LONGEST_TEXT));
    text.extend(row.cure().map(|cure| format!(", {}", inline(&cure, LONGEST_TEXT))));
    text.push_str(&format!(", id {}\n", code(row.id)));
    text
}

fn step(step: &&Step) -> String {
    let changes =
        step.changes.iter().map(|change| format!("{}: {} -> {}", change.setting, change.before, change.after));
    let changes = inline(&changes.collect::<Vec<_>>().join(", "), LONGEST_TEXT);
    format!("- step {}: {} {changes} ({})\n", step.number, code(&step.object), step.class.word())
}

fn exception(exception: &&Exception) -> String {
    let state = if exception.ends_soon { "ends soon" } else { exception.state };
    let (owner, reason) = (inline(&exception.owner, LONGEST_TEXT), inline(&exception.reason, LONGEST_TEXT));
    format!(
        "- {} {state}, until {}: {reason} (owner {owner})\n",
        code(&exception.address),
        inline(&exception.until, LONGEST_TEXT)
    )
}

#[cfg(test)]
mod tests;
