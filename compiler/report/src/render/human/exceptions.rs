//! Waivers and the baseline: what each does now, and until when.

use super::{count, heading};
use crate::report::Report;
use crate::report::exception::Exception;
use crate::style::{Page, Tone};

/// Every waiver and every group of the baseline.
pub(super) fn exceptions(page: &mut Page, report: &Report) {
    if !report.exceptions.is_empty() {
        heading(page, "Exceptions");
    }
    report.exceptions.iter().for_each(|each| exception(page, each));
}

fn exception(page: &mut Page, exception: &Exception) {
    let (tone, word) = match (exception.state, exception.ends_soon) {
        ("in_force", false) => (Tone::Faint, "in force"),
        ("in_force", true) => (Tone::Careful, "ends soon"),
        ("ended", _) => (Tone::Bad, "ended"),
        ("not_yet", _) => (Tone::Careful, "not yet"),
        _ => (Tone::Bad, "no time"),
    };
    page.space(2).column(tone, word, 11).tone(Tone::Strong, &exception.address);
    page.put(&format!(" until {}: {}", exception.until, exception.reason)).end();
    let matched = match exception.sort {
        "baseline" => format!("{} listed", exception.matched),
        _ => format!("{} matched", count(exception.matched, "object")),
    };
    let mut parts = vec![matched, format!("{} excepted", count(exception.excepted, "finding"))];
    parts.push(format!("owner {}", exception.owner));
    parts.extend(exception.ticket.as_ref().map(ToString::to_string));
    parts.push(exception.place.to_string());
    page.space(13).tone(Tone::Faint, &parts.join("  ")).end();
}
