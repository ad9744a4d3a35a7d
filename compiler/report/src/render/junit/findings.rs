//! Findings: a suite per requirement, worst first within it.

use super::super::provenance::first_line;
use super::super::row::{Row, rows};
use super::{Case, Outcome, Suite};
use crate::report::finding::RequirementSummary;
use crate::report::{Conclusion, Report};
use ordain_model::verdict::Verdict;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A suite for each requirement, in the order of their addresses. Where there is none, or no result, one that says so.
pub(super) fn suites(report: &Report) -> Vec<Suite<'_>> {
    let mut suites: BTreeMap<&str, Vec<Case<'_>>> = BTreeMap::new();
    for summary in &report.requirements {
        suites.entry(&summary.address).or_default().extend(whole(summary));
    }
    for row in rows(report) {
        let suite = if row.requirement.is_empty() { "drift" } else { row.requirement };
        suites.entry(suite).or_default().push(case(&row));
    }
    let suites = suites.into_iter().map(|(name, cases)| Suite { name: name.into(), cases });
    let mut suites: Vec<Suite<'_>> = suites.filter(|suite| !suite.cases.is_empty()).collect();
    let verdict = report.headline.verdict;
    if suites.is_empty() || matches!(verdict, Conclusion::Error | Conclusion::Failed) {
        suites.insert(0, Suite { name: report.command.into(), cases: vec![all(report)] });
    }
    suites
}

/// A requirement that says by itself what became of it: what is not met has findings that do.
fn whole(summary: &RequirementSummary) -> Option<Case<'_>> {
    let result = match summary.verdict {
        Some(Verdict::Met) => Outcome::Passed,
        None => Outcome::Skipped("nothing that it demands applies to anything".into()),
        Some(_) => return None,
    };
    let place = if summary.target.is_empty() { Cow::from("all targets") } else { Cow::from(&*summary.target) };
    Some(Case { name: format!("{} ({place})", summary.title).into(), class: (&*summary.address).into(), result })
}

fn case<'r>(row: &Row<'r>) -> Case<'r> {
    let observed = || Outcome::Skipped(format!("observed only, {}", row.sentence()).into());
    let result = match row.verdict {
        Some(Verdict::Met) => Outcome::Passed,
        Some(Verdict::Unmet | Verdict::Broken | Verdict::Unknown) if !row.enforced => observed(),
        Some(Verdict::Unmet | Verdict::Broken) => Outcome::Failed(row.seen().into(), lines(row)),
        Some(Verdict::Unknown) => Outcome::Error(row.seen().into(), lines(row)),
        Some(Verdict::Waived | Verdict::Baselined | Verdict::ProviderFixed | Verdict::NotApplicable) | None => {
            Outcome::Skipped(row.sentence().into())
        }
    };
    Case { name: row.address().into(), class: row.requirement.into(), result }
}

fn lines(row: &Row<'_>) -> Vec<String> {
    let controls = row.controls.iter().map(|control| format!("{} {}", control.framework, control.id));
    let said = [
        ("title", Some(row.title.to_owned())),
        ("verdict", Some(row.word.to_owned())),
        ("since", row.since.map(str::to_owned)),
        ("severity", row.severity.map(|severity| severity.word().to_owned())),
        ("owner", Some(row.owner.to_owned())),
        ("cure", row.cure()),
        ("demanded at", row.place.map(|(file, line)| format!("{file}:{line}"))),
        ("controls", Some(controls.collect::<Vec<_>>().join(", "))),
        ("id", Some(row.id.to_owned())),
    ];
    let said = said.into_iter().filter_map(|(name, text)| Some((name, text.filter(|text| !text.is_empty())?)));
    said.map(|(name, text)| format!("{name}: {text}")).collect()
}

/// The report as one test.
fn all(report: &Report) -> Case<'_> {
    let line = || Cow::from(first_line(report));
    let messages = report.diagnostics.iter().map(|message| format!("{}: {}", message.title, message.detail));
    let result = match report.headline.verdict {
        Conclusion::Met => Outcome::Passed,
        Conclusion::Unmet | Conclusion::Broken | Conclusion::Failed => Outcome::Failed(line(), messages.collect()),
        Conclusion::Unknown | Conclusion::Error => Outcome::Error(line(), messages.collect()),
        _ => Outcome::Skipped(line()),
    };
    Case { name: "verdict".into(), class: report.command.into(), result }
}
