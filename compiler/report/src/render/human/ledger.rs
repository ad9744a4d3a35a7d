//! The closing ledger of `apply`: what became of every step.

use super::heading;
use crate::report::Report;
use crate::report::change::LedgerEntry;
use crate::style::{Page, Tone};

/// Outcome by outcome, then where the journal and the way back are.
pub(super) fn ledger(page: &mut Page, report: &Report) {
    let Some(ledger) = &report.ledger else { return };
    heading(page, "Ledger");
    ledger.entries.iter().for_each(|each| entry(page, each));
    if ledger.entries.is_empty() {
        page.space(2).put("nothing to do").end();
    }
    let parts: Vec<String> = ledger
        .counts
        .iter()
        .filter(|(_, n)| **n > 0)
        .map(|(word, n)| format!("{n} {}", word.replace('_', " ")))
        .collect();
    let text = if parts.is_empty() { "nothing to do".to_owned() } else { parts.join(", ") };
    page.gap().tone(Tone::Strong, &format!("Apply: {text}.")).end();
    if let (Some(place), Some(apply)) = (&ledger.journal, &ledger.apply) {
        page.tone(Tone::Faint, &format!("Journal: {place}, apply {apply}")).end();
    }
    if let Some(command) = &ledger.revert {
        page.tone(Tone::Faint, &format!("To undo: {command}")).end();
    }
}

fn entry(page: &mut Page, entry: &LedgerEntry) {
    let tone = match entry.outcome {
        "applied" | "already" => Tone::Good,
        _ => Tone::Bad,
    };
    page.space(2)
        .column(tone, &entry.outcome.replace('_', " "), 12)
        .put(&entry.object)
        .tone(Tone::Faint, "  ")
        .tone(Tone::Faint, &entry.unit)
        .end();
    if let Some(detail) = &entry.detail {
        page.space(14).tone(Tone::Careful, detail).end();
    }
}
