//! Brakes: cells in which nothing is written, which go first, and when.

use super::heading;
use crate::report::Report;
use crate::report::brake::Brake;
use crate::style::{Page, Tone};

/// As many cells are named; of more their number is.
const NAMED: usize = 3;

/// Every brake that holds steps of the plan.
pub(super) fn brakes(page: &mut Page, report: &Report) {
    if !report.brakes.is_empty() {
        heading(page, "Brakes");
    }
    report.brakes.iter().for_each(|each| brake(page, each));
}

fn brake(page: &mut Page, brake: &Brake) {
    let (tone, word) = match brake.what {
        "blocked" => (Tone::Bad, "blocked"),
        "emergency" => (Tone::Bad, "emergency"),
        "canary" => (Tone::Careful, "canary"),
        _ => (Tone::Faint, "window"),
    };
    page.space(2).column(tone, word, 11);
    match brake.what {
        "canary" => page.put(&cells(&brake.cells)).put(" ").put(&brake.text),
        "change_window" => page.put(&brake.text).tone(Tone::Faint, &format!("  {}", cells(&brake.cells))),
        _ => page.put(&brake.text),
    }
    .end();
}

fn cells(cells: &[String]) -> String {
    match cells.len() {
        0..=NAMED => cells.join(", "),
        many => format!("{} and {} more", cells[..NAMED].join(", "), many - NAMED),
    }
}
