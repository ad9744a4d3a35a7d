//! The first lines and the last: verdict, world, population, requirements, closing count.

use super::{count, heading, verdict_tone};
use crate::report::finding::{Finding, RequirementSummary};
use crate::report::{Conclusion, Population, Report};
use crate::style::{Page, Tone};
use ordain_engine::plan::Direction;
use ordain_model::verdict::Verdict;
use std::collections::BTreeMap;

/// The verdict, and in the same line why it proves nothing, when it does not.
pub(super) fn headline(page: &mut Page, report: &Report) {
    let headline = &report.headline;
    let tone = match headline.verdict {
        Conclusion::Met | Conclusion::Valid | Conclusion::Same | Conclusion::Applied | Conclusion::Passed => Tone::Good,
        Conclusion::Planned => Tone::Strong,
        Conclusion::Unknown
        | Conclusion::Different
        | Conclusion::Vacuous
        | Conclusion::Waived
        | Conclusion::Baselined => Tone::Careful,
        _ => Tone::Bad,
    };
    page.tone(tone, &capital(headline.verdict.word())).put(": ").put(&headline.text);
    if let Some(reason) = report.world.as_ref().and_then(|world| world.not_evidence.as_ref()) {
        page.put(" ").tone(Tone::Careful, &format!("Not evidence: {reason}."));
    }
    if report.world.is_none() && JUDGING.contains(&report.command) {
        page.put(" ").tone(Tone::Faint, &format!("{}.", capital(&anchored(report))));
    }
    page.end();
    if let Some(world) = &report.world {
        page.tone(Tone::Faint, &format!("Settings as of {}", world.taken_at));
        if let Some(snapshot) = &world.snapshot {
            page.tone(Tone::Faint, &format!(", from {snapshot}"));
        }
        let calls = world.calls.values().sum::<u64>();
        if calls > 0 {
            page.tone(Tone::Faint, &format!(", {}", count(calls, "API call")));
        }
        for (at, caller) in world.callers.iter().enumerate() {
            page.tone(Tone::Faint, if at == 0 { ", read by " } else { ", " }).tone(Tone::Faint, caller);
        }
        if JUDGING.contains(&report.command) {
            page.tone(Tone::Faint, ", ").tone(Tone::Faint, &anchored(report));
        }
        page.tone(Tone::Faint, ".").end();
    }
}

/// The commands that judge a profile, or show what came of it: an anchor bears on them.
const JUDGING: &[&str] = &["apply", "approve", "drift", "plan", "report", "revert", "show", "validate"];

/// Whether something from outside says what must be in the profile.
fn anchored(report: &Report) -> String {
    let digits = |digest: &String| digest.trim_start_matches("sha256:").chars().take(12).collect::<String>();
    report.inputs.anchor.as_ref().map_or_else(|| "unanchored".to_owned(), |of| format!("anchored by {}", digits(of)))
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Who was looked at: objects listed and selected, by cell and kind; and what was not looked at.
pub(super) fn population(page: &mut Page, report: &Report) {
    if report.world.is_none() || matches!(report.command, "approve" | "revert" | "show") {
        return;
    }
    heading(page, "Population");
    let mut cells: BTreeMap<&str, Vec<&Population>> = BTreeMap::new();
    for row in &report.population {
        cells.entry(&row.cell).or_default().push(row);
    }
    let width = report.population.iter().map(|row| row.kind.chars().count()).max().unwrap_or(0);
    for (cell, rows) in cells {
        page.space(2).put(cell).end();
        rows.into_iter().for_each(|row| kind(page, row, width));
    }
    if report.population.is_empty() {
        page.space(2).put("no objects").end();
    }
    for remark in &report.unresolved {
        page.space(2).tone(Tone::Careful, &format!("{}: not every cell is known: {}", remark.about, remark.text)).end();
    }
    if !report.uncovered.is_empty() {
        page.space(2).tone(Tone::Careful, "no target covers ").put(&report.uncovered.join(", ")).end();
    }
    for remark in &report.uncovered_incomplete {
        let text = format!("{}: what it does not cover is not known: {}", remark.about, remark.text);
        page.space(2).tone(Tone::Careful, &text).end();
    }
}

fn kind(page: &mut Page, row: &Population, width: usize) {
    page.space(4).column(Tone::Plain, &row.kind, width + 2);
    page.put(&format!("{} listed, {} selected", row.listed, row.enforced));
    if row.observed > 0 {
        page.put(&format!(", {} observed", row.observed));
    }
    if row.unknown > 0 {
        page.tone(Tone::Careful, &format!(", {} perhaps", row.unknown));
    }
    page.put(&format!(", {} by none", row.unselected));
    if let Some(reason) = &row.incomplete {
        page.tone(Tone::Careful, &format!(", the list is not complete: {reason}"));
    }
    page.end();
}

/// Each requirement with its verdict and counts, by target.
pub(super) fn requirements(page: &mut Page, report: &Report) {
    let mut targets: BTreeMap<&str, Vec<&RequirementSummary>> = BTreeMap::new();
    for row in &report.requirements {
        targets.entry(&row.target).or_default().push(row);
    }
    for (target, rows) in targets {
        // An assertion over several targets is on none of them.
        match target {
            "" => heading(page, "Assertions"),
            target => heading(page, &format!("Requirements on {target}")),
        }
        rows.into_iter().for_each(|row| requirement(page, row));
    }
}

fn requirement(page: &mut Page, row: &RequirementSummary) {
    let word = row.verdict.map_or("vacuous", |verdict| verdict.word());
    page.space(2).column(verdict_tone(row.verdict), word, 15).put(&row.title);
    if !row.enforced {
        page.tone(Tone::Faint, " (observed only)");
    }
    page.tone(Tone::Faint, &format!("  {}", row.place)).end();
    page.space(17).tone(Tone::Faint, &count(row.matched, "object"));
    for (verdict, number) in row.counts.iter().filter(|(_, number)| **number > 0) {
        page.tone(Tone::Faint, &format!(", {number} {verdict}"));
    }
    page.end();
}

/// What the user takes away when only the last line is on the screen.
pub(super) fn closing(page: &mut Page, report: &Report) {
    match report.command {
        "approve" | "plan" | "report" | "revert" | "show" => plan(page, report),
        "drift" => drift(page, report),
        _ => {}
    }
}

fn plan(page: &mut Page, report: &Report) {
    page.gap();
    if report.steps.is_empty() {
        let text = match report.headline.verdict {
            Conclusion::Met => "No changes. Every setting that the profile binds meets it.",
            Conclusion::Waived | Conclusion::Baselined => {
                "No changes. What is not met is waived or baselined, as listed above."
            }
            Conclusion::Vacuous => "No changes. Nothing that is there is bound by the profile.",
            _ => "No changes. What is listed above is not met or not known, and no step cures it.",
        };
        page.tone(Tone::Strong, text).end();
        return;
    }
    let changes = || report.steps.iter().flat_map(|step| &step.changes);
    let loosen = changes().filter(|change| change.direction == Direction::Loosen).count();
    let none = |finding: &&Finding| {
        finding.enforced && finding.verdict == Verdict::Unmet && finding.step.is_none() && finding.withheld.is_none()
    };
    let left = report.findings.iter().filter(none).count();
    let unknown = report.headline.counts.get("unknown").copied().unwrap_or(0);
    let (settings, steps) = (count(changes().count() as u64, "setting"), count(report.steps.len() as u64, "step"));
    page.tone(Tone::Strong, &format!("Plan: {settings} to change in {steps}, {loosen} of them to loosen."));
    if !report.withheld.is_empty() {
        page.put(&format!(" {} withheld.", report.withheld.len()));
    }
    if left > 0 {
        page.put(&format!(" {left} unmet without a step."));
    }
    if unknown > 0 {
        page.put(&format!(" {unknown} unknown."));
    }
    page.end();
    for approval in &report.inputs.approvals {
        let author = if approval.not_author { ", none by the author" } else { "" };
        let asked = format!("Needs {}{author}: {}.", count(approval.required.into(), "approval"), approval.address);
        page.tone(Tone::Careful, &asked).end();
    }
}

fn drift(page: &mut Page, report: &Report) {
    page.gap();
    let of = |what: &str| {
        report.drift.iter().filter(move |movement| movement.enforced && movement.what == what).count() as u64
    };
    let mut parts = vec![count(of("violation"), "violation")];
    let observed = report.drift.iter().filter(|movement| !movement.enforced).count();
    parts.extend((observed > 0).then(|| format!("{observed} observed only")));
    for (what, word) in [
        ("resolved", "resolved"),
        ("moved", "moved"),
        ("moved_out", "moved out"),
        ("gone", "gone"),
        ("appeared", "appeared"),
    ] {
        parts.extend((of(what) > 0).then(|| format!("{} {word}", of(what))));
    }
    page.tone(Tone::Strong, &format!("Drift: {}.", parts.join(", "))).end();
}
