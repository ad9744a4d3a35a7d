//! Profile tests: each with its verdict, and of those that failed what was expected and what was seen.

use super::heading;
use crate::report::Report;
use crate::report::test_result::{Difference, TestResult};
use crate::style::{Page, Tone};

/// Every test under its file.
pub(super) fn tests(page: &mut Page, report: &Report) {
    let mut file = None;
    for result in &report.tests {
        if file.replace(&result.file) != Some(&result.file) {
            heading(page, &result.file);
        }
        test(page, result);
    }
}

fn test(page: &mut Page, result: &TestResult) {
    let (word, tone) = if result.passed { ("passed", Tone::Good) } else { ("failed", Tone::Bad) };
    page.space(2).column(tone, word, 8).put(&result.name).tone(Tone::Faint, &format!("  {}", result.place)).end();
    result.differences.iter().for_each(|each| difference(page, each));
}

fn difference(page: &mut Page, difference: &Difference) {
    page.space(6).put(&difference.about);
    if let Some(place) = &difference.place {
        page.tone(Tone::Faint, &format!("  {place}"));
    }
    page.end();
    page.space(8).tone(Tone::Good, &format!("- {}", difference.expected)).end();
    page.space(8).tone(Tone::Bad, &format!("+ {}", difference.seen)).end();
}
