//! The steps of a plan: the setting's value before and after, who demands it, what it risks.

use super::{contract, controls, heading};
use crate::report::Report;
use crate::report::change::{Change, Origin, Step, Withheld};
use crate::style::{Page, Tone};
use ordain_engine::managed::Manager;
use ordain_engine::plan::Direction;
use ordain_model::schema::WriteClass;

/// Every step in the order of execution.
pub(super) fn steps(page: &mut Page, report: &Report) {
    if report.steps.is_empty() {
        return;
    }
    heading(page, "Ordain will make these changes");
    report.steps.iter().for_each(|each| step(page, each, report.command == "show"));
}

/// A step; as a `whole` with everything that it rests on, reaches and costs.
fn step(page: &mut Page, step: &Step, whole: bool) {
    let loosens = step.changes.iter().any(|change| change.direction == Direction::Loosen);
    let (symbol, tone) = if loosens { ("!", Tone::Bad) } else { ("~", Tone::Careful) };
    page.gap().space(2).tone(tone, symbol).put(" ").tone(Tone::Strong, &step.object).end();
    step.changes.iter().for_each(|each| change(page, each, whole));
    page.space(6).tone(risk_tone(step.class), risk(step.class));
    if step.narrows_access {
        page.tone(Tone::Careful, "; narrows who can reach it, so it comes last");
    }
    if step.prerequisite {
        page.tone(Tone::Faint, "; the API demands it for another step");
    }
    if !step.after.is_empty() {
        let first = step.after.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
        page.tone(Tone::Faint, &format!("; after step {first}"));
    }
    page.tone(Tone::Faint, &format!("  [step {}]", step.number)).end();
    for (address, until) in &step.exceptions {
        page.space(6).tone(Tone::Faint, &format!("rests on {address}, which ends {until}")).end();
    }
    for (address, from) in &step.upcoming {
        page.space(6).tone(Tone::Faint, &format!("only before {address} begins, at {from}")).end();
    }
    if whole {
        contract::step(page, step);
    }
}

fn change(page: &mut Page, change: &Change, whole: bool) {
    page.space(6)
        .put(&change.setting)
        .put(": ")
        .tone(Tone::Bad, &change.before)
        .put(" -> ")
        .tone(Tone::Good, &change.after);
    match change.direction {
        Direction::Loosen => page.tone(Tone::Bad, "  (loosens)"),
        Direction::Neutral => page.tone(Tone::Faint, "  (equal in effect)"),
        Direction::Tighten => page,
    }
    .end();
    if let Some(lost) = &change.lost {
        page.space(8).tone(Tone::Bad, lost).end();
    }
    if whole || !change.undo.possible {
        contract::change(page, change);
    }
    change.origins.iter().for_each(|each| origin(page, each));
}

/// The title of the requirement and its bound, then where it says so and for which controls.
pub(super) fn origin(page: &mut Page, origin: &Origin) {
    page.space(8).put(&origin.title).put(": ").put(&origin.bound);
    if let Some(view) = &origin.view {
        page.tone(Tone::Faint, " on ").tone(Tone::Faint, view);
    }
    page.end();
    details(page, &[&origin.place, &controls(&origin.controls)]);
}

/// One faint line of what is not empty.
pub(super) fn details(page: &mut Page, parts: &[&str]) {
    let said: Vec<&str> = parts.iter().copied().filter(|text| !text.is_empty()).collect();
    if !said.is_empty() {
        page.space(10).tone(Tone::Faint, &said.join("  ")).end();
    }
}

/// Changes that the bounds ask for and that nobody allowed.
pub(super) fn withheld(page: &mut Page, report: &Report) {
    if report.withheld.is_empty() {
        return;
    }
    heading(page, "Withheld: asked for by a bound, not part of the plan");
    report.withheld.iter().for_each(|each| held(page, each));
}

fn held(page: &mut Page, change: &Withheld) {
    page.gap().space(2).tone(Tone::Faint, "-").put(" ").tone(Tone::Strong, &change.address).end();
    page.space(6).put(&change.before).put(" -> ").put(&change.after).end();
    page.space(6).tone(Tone::Careful, &change.why).end();
    change.managers.iter().for_each(|each| manager(page, each));
    change.origins.iter().for_each(|each| origin(page, each));
}

/// What to change where another tool sets it.
fn manager(page: &mut Page, manager: &Manager) {
    for edit in &manager.edits {
        let to = edit.value.as_ref().map_or("as the bound asks".to_owned(), |value| format!("= {value}"));
        page.space(8).put(&format!("in {}: {} {to}", manager.resource, edit.argument)).end();
    }
    for line in manager.patch.iter().flat_map(|patch| patch.lines()) {
        let tone = match line.as_bytes().first() {
            Some(b'-') => Tone::Bad,
            Some(b'+') => Tone::Good,
            _ => Tone::Faint,
        };
        page.space(10).tone(tone, line).end();
    }
}

fn risk_tone(class: WriteClass) -> Tone {
    match class {
        WriteClass::Safe => Tone::Faint,
        WriteClass::Restarts | WriteClass::DestructiveOnDecrease => Tone::Careful,
        WriteClass::Replaces | WriteClass::Irreversible | WriteClass::Manual => Tone::Bad,
    }
}

fn risk(class: WriteClass) -> &'static str {
    match class {
        WriteClass::Safe => "safe: nothing stops or is lost",
        WriteClass::Restarts => "restarts: something restarts or reconnects",
        WriteClass::DestructiveOnDecrease => "only a decrease would make data deletable",
        WriteClass::Replaces => "replaces the object",
        WriteClass::Irreversible => "irreversible: cannot be undone",
        WriteClass::Manual => "manual: no API does it",
    }
}
