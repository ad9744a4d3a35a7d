//! `github`: workflow commands, which GitHub shows as annotations of the lines of a profile.
//!
//! It shows ten of each level per step and no more: the tenth says how many there are beside it. What passes makes none.

use super::Format;
use super::provenance::first_line;
use super::row::{Row, rows};
use crate::report::{Conclusion, Report};
use crate::style::{Style, harmless};
use ordain_language::config::Gravity;
use ordain_model::conclusion::Exit;
use ordain_model::verdict::Verdict;
use std::io::{self, Write};

/// The format.
pub const FORMAT: Format =
    Format { name: "github", summary: "annotations of a workflow on GitHub", begins: "::notice title=Ordain::", write };

/// Annotations of one level that GitHub shows for a step.
const SHOWN: usize = 10;

const LEVELS: [&str; 3] = ["error", "warning", "notice"];

fn write(report: &Report, _: Style, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "::notice title=Ordain::{}", data(&first_line(report)))?;
    let mut messages: [Vec<String>; 3] = Default::default();
    if report.headline.verdict.exit() == Exit::Error && report.headline.verdict != Conclusion::Broken {
        messages[0].push(format!("::error title=Ordain::{}", data(&first_line(report))));
    }
    for message in &report.diagnostics {
        let place = message.place.as_ref().map(|place| (&*place.file, place.line));
        let text = format!("{}: {}", message.title, message.detail);
        messages[usize::from(message.severity != "error")].push(command(message.severity, place, message.code, &text));
    }
    for row in rows(report) {
        if let Some(level) = level(&row) {
            let text = format!("{}; id {}", row.sentence(), row.id);
            messages[level].push(command(LEVELS[level], row.place, row.word, &text));
        }
    }
    // The first line is a notice too.
    for ((level, messages), shown) in LEVELS.iter().zip(messages).zip([SHOWN, SHOWN, SHOWN - 1]) {
        let all = messages.len() <= shown;
        let shown = if all { messages.len() } else { shown - 1 };
        messages[..shown].iter().try_for_each(|message| writeln!(out, "{message}"))?;
        if !all {
            let rest = messages.len() - shown;
            writeln!(out, "::{level} title=Ordain::{rest} more, which GitHub would not show; the report has them")?;
        }
    }
    Ok(())
}

/// The place of a row's level; none where there is nothing to do.
fn level(row: &Row<'_>) -> Option<usize> {
    match row.verdict {
        Some(Verdict::Unmet | Verdict::Broken | Verdict::Unknown) if !row.enforced => Some(2),
        Some(Verdict::Broken | Verdict::Unknown) => Some(0),
        Some(Verdict::Unmet) => match row.severity {
            Some(Gravity::Critical | Gravity::High) => Some(0),
            _ => Some(1),
        },
        // An end that comes soon is something to do.
        Some(Verdict::Waived | Verdict::Baselined) => {
            row.exception.is_some_and(|exception| exception.ends_soon).then_some(2)
        }
        Some(Verdict::Met | Verdict::ProviderFixed | Verdict::NotApplicable) => None,
        None => Some(2),
    }
}

fn command(level: &str, place: Option<(&str, u32)>, title: &str, text: &str) -> String {
    let place = place.map(|(file, line)| format!("file={},line={line},", property(file))).unwrap_or_default();
    format!("::{level} {place}title={}::{}", property(&format!("Ordain: {title}")), data(text))
}

/// A message: only `%` and line breaks are more than themselves, and line breaks are spelled out.
fn data(text: &str) -> String {
    harmless(text).replace('%', "%25")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_makes_no_command_of_its_own() {
        let said = command("error", Some(("a:b,c.hcl", 3)), "unmet", "100%\n::warning::x");
        assert_eq!(said, "::error file=a%3Ab%2Cc.hcl,line=3,title=Ordain%3A unmet::100%25\\u{a}::warning::x");
    }
}
