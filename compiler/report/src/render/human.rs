//! `human`: the verdict first, then who was looked at, the requirements, what changes, what else is wrong, and one closing line.

mod brakes;
mod contract;
mod exceptions;
mod explanation;
mod findings;
mod ledger;
mod requirement;
mod steps;
mod summary;
mod test_result;

use super::Format;
use crate::report::Report;
use crate::report::finding::ControlReference;
use crate::report::requirement::EffectiveBound;
use crate::style::{Page, Style, Tone};
use ordain_language::config::Strength;
use ordain_model::verdict::Verdict;
use std::io::{self, Write};

/// The format.
pub const FORMAT: Format = Format { name: "human", summary: "text for people", begins: "", write };

fn write(report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(page(report, style).as_bytes())
}

fn page(report: &Report, style: Style) -> String {
    let mut page = Page::new(style);
    if let Some(text) = &report.page {
        return text.text.to_string();
    }
    if let Some(of) = &report.requirement {
        requirement::requirement(&mut page, of);
        return page.finish();
    }
    summary::headline(&mut page, report);
    if let Some(explanation) = &report.explanation {
        page.gap();
        explanation::explanation(&mut page, explanation);
        return page.finish();
    }
    if report.command == "test" {
        test_result::tests(&mut page, report);
        return page.finish();
    }
    if report.command == "apply" {
        // The plan was shown before anybody said yes.
        findings::findings(&mut page, report);
        ledger::ledger(&mut page, report);
        return page.finish();
    }
    summary::population(&mut page, report);
    summary::requirements(&mut page, report);
    brakes::brakes(&mut page, report);
    contract::inputs(&mut page, report);
    steps::steps(&mut page, report);
    findings::movements(&mut page, report);
    findings::findings(&mut page, report);
    steps::withheld(&mut page, report);
    findings::assertions(&mut page, report);
    exceptions::exceptions(&mut page, report);
    findings::undecided(&mut page, report);
    summary::closing(&mut page, report);
    page.finish()
}

/// What a profile demands of a setting, as the console shows it.
#[must_use]
pub fn effective(of: &EffectiveBound, style: Style) -> String {
    let mut page = Page::new(style);
    requirement::effective(&mut page, of);
    page.finish()
}

fn heading(page: &mut Page, text: &str) {
    page.gap().tone(Tone::Strong, text).end();
}

/// How a verdict looks; none is a group in which nothing applies.
fn verdict_tone(verdict: Option<Verdict>) -> Tone {
    match verdict {
        Some(Verdict::Met | Verdict::ProviderFixed) => Tone::Good,
        Some(Verdict::Unmet | Verdict::Broken) => Tone::Bad,
        Some(Verdict::Unknown) => Tone::Careful,
        Some(Verdict::Waived | Verdict::Baselined | Verdict::NotApplicable) | None => Tone::Faint,
    }
}

/// `soc2 CC7.2 (convention), pci 10.5.1 (text)`.
fn controls(references: &[ControlReference]) -> String {
    let one =
        |control: &ControlReference| format!("{} {} ({})", control.framework, control.id, strength(control.strength));
    references.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn strength(strength: Strength) -> &'static str {
    match strength {
        Strength::Text => "text",
        Strength::Derived => "derived",
        Strength::Convention => "convention",
        Strength::Vendor => "vendor",
        Strength::Organisation => "organisation",
    }
}

/// `1 object`, `2 objects`.
fn count(number: u64, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        _ => format!("{number} {what}s"),
    }
}

#[cfg(test)]
mod tests;
