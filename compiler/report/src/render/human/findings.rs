//! What else is wrong or not known: findings without a step, movements, assertions, what is undecided.

use super::steps::details;
use super::{controls, heading, verdict_tone};
use crate::report::change::Movement;
use crate::report::finding::{AssertionResult, Finding};
use crate::report::{Remark, Report};
use crate::style::{Page, Tone};
use ordain_model::verdict::Verdict;
use std::collections::BTreeSet;

/// The sections, worst first: which findings, and what stands above them.
const SECTIONS: &[(Verdict, &str)] = &[
    (Verdict::Broken, "Broken: no value can satisfy what is demanded"),
    (Verdict::Unmet, "Unmet without a step"),
    (Verdict::Unknown, "Unknown: could not be read"),
    (Verdict::Baselined, "Baselined: unmet, listed in the reviewed baseline"),
    (Verdict::Waived, "Waived"),
    (Verdict::ProviderFixed, "Fixed by the provider: the evidence lies elsewhere"),
    (Verdict::Met, "Met"),
    (Verdict::NotApplicable, "Not applicable"),
];

/// Every finding that neither a step above nor a withheld change below speaks for.
pub(super) fn findings(page: &mut Page, report: &Report) {
    // What drift calls violations stands above already.
    let told = |verdict: Verdict| report.command == "drift" && matches!(verdict, Verdict::Broken | Verdict::Unmet);
    let withheld: BTreeSet<&str> = report.withheld.iter().map(|change| &*change.address).collect();
    let spoken_for = |finding: &Finding| {
        finding.step.is_some() || finding.withheld.as_ref().is_some_and(|address| withheld.contains(&**address))
    };
    for (verdict, title) in SECTIONS.iter().filter(|(verdict, _)| !told(*verdict)) {
        let rest = |finding: &&Finding| finding.enforced && finding.verdict == *verdict && !spoken_for(finding);
        section(page, title, report.findings.iter().filter(rest));
    }
    let observed = report.findings.iter().filter(|finding| !finding.enforced && !told(finding.verdict));
    section(page, "Observed only: changes no exit code", observed);
}

/// Findings on one subject stand next to each other: what is common to them is said once.
fn section<'a>(page: &mut Page, title: &str, findings: impl Iterator<Item = &'a Finding>) {
    let mut last: Option<&Finding> = None;
    for finding in findings {
        if last.is_none() {
            heading(page, title);
        }
        let same = last.filter(|last| (&last.object, &last.setting) == (&finding.object, &finding.setting));
        if same.is_none() {
            subject(page, finding);
        }
        let said = same.is_some_and(|last| last.reason == finding.reason && last.no_step == finding.no_step);
        demand(page, finding, said);
        last = Some(finding);
    }
}

fn subject(page: &mut Page, finding: &Finding) {
    let verdict = finding.verdict;
    page.space(2).column(verdict_tone(Some(verdict)), verdict.word(), 10).tone(Tone::Strong, &finding.object);
    if let Some(setting) = &finding.setting {
        page.tone(Tone::Strong, "#").tone(Tone::Strong, setting);
    }
    page.end();
}

/// What one requirement demands there, and why it is not met or not known unless that was `said`.
fn demand(page: &mut Page, finding: &Finding, said: bool) {
    for text in [&finding.reason, &finding.no_step].into_iter().flatten().filter(|_| !said) {
        page.space(6).tone(Tone::Careful, text).end();
    }
    if let (Some(live), Some(bound)) = (&finding.live, &finding.bound) {
        page.space(6).put("is ").tone(Tone::Bad, live).put(", must be ").tone(Tone::Good, bound).end();
    } else if let Some(bound) = &finding.bound {
        page.space(6).put("must be ").put(bound).end();
    }
    page.space(6).put(&finding.title).tone(Tone::Faint, &format!(" ({})", finding.severity.word())).end();
    let owner = finding.owner.as_ref().map(|owner| format!("owner {owner}")).unwrap_or_default();
    details(page, &[&finding.place, &controls(&finding.controls), &owner]);
}

/// What moved since the baseline, or violates the profile.
pub(super) fn movements(page: &mut Page, report: &Report) {
    const KINDS: &[(&str, &str)] = &[
        ("violation", "Violations"),
        ("resolved", "Resolved"),
        ("moved", "Moved, still met"),
        ("moved_out", "Moved, not met"),
        ("changed", "Changed"),
        ("appeared", "Appeared"),
        ("gone", "Gone"),
    ];
    for (what, title) in KINDS {
        let mut rows = report.drift.iter().filter(|movement| movement.what == *what).peekable();
        if rows.peek().is_some() {
            heading(page, title);
        }
        rows.for_each(|row| movement(page, row));
    }
}

fn movement(page: &mut Page, movement: &Movement) {
    let tone = if movement.what == "violation" { Tone::Bad } else { Tone::Careful };
    page.space(2).tone(tone, "~ ").tone(Tone::Strong, &movement.address);
    if let Some(since) = movement.since {
        page.tone(Tone::Faint, &format!("  {since}"));
    }
    if !movement.enforced {
        page.tone(Tone::Faint, "  observed only");
    }
    page.end();
    match (&movement.before, &movement.after) {
        (Some(before), Some(after)) => {
            page.space(6).tone(Tone::Plain, before).put(" -> ").tone(tone, after).end();
        }
        (None, Some(after)) => {
            page.space(6).put("is ").tone(tone, after).end();
        }
        (Some(before), None) => {
            page.space(6).put("was ").put(before).end();
        }
        (None, None) => {}
    }
    if let Some(bound) = &movement.bound {
        page.space(6).put("must be ").tone(Tone::Good, bound);
        if let Some(title) = &movement.title {
            page.put(": ").put(title);
        }
        page.end();
    }
    details(page, &[movement.place.as_deref().unwrap_or_default()]);
}

/// Assertions that do not hold, or of which it is not known.
pub(super) fn assertions(page: &mut Page, report: &Report) {
    if !report.assertions.is_empty() {
        heading(page, "Assertions");
    }
    report.assertions.iter().for_each(|each| assertion(page, each));
}

fn assertion(page: &mut Page, assertion: &AssertionResult) {
    page.space(2)
        .column(verdict_tone(Some(assertion.verdict)), assertion.verdict.word(), 9)
        .put(" ")
        .put(&assertion.message)
        .end();
    if let Some(reason) = &assertion.reason {
        page.space(6).tone(Tone::Careful, reason).end();
    }
    details(page, &[&assertion.place, &assertion.address, &controls(&assertion.controls)]);
}

/// What could not be decided without a world, and what optional bounds leave out.
pub(super) fn undecided(page: &mut Page, report: &Report) {
    let undecided = if report.command == "diff" { "Not compared" } else { "Undecided without a world" };
    remarks(page, undecided, &report.undecided);
    remarks(page, "Left out", &report.left_out);
}

fn remarks(page: &mut Page, title: &str, remarks: &[Remark]) {
    if !remarks.is_empty() {
        heading(page, title);
    }
    for remark in remarks {
        page.space(2).tone(Tone::Strong, &remark.about).put(": ").put(&remark.text);
        if let Some(place) = &remark.place {
            page.tone(Tone::Faint, &format!("  {place}"));
        }
        page.end();
    }
}
