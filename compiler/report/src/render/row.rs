//! [`Row`]: one line of every format that lists what was found, worst first. What a format says of a row follows from its
//! verdict, which no format takes from anywhere else.

use crate::report::Report;
use crate::report::change::{Movement, Step};
use crate::report::exception::Exception;
use crate::report::finding::{AssertionResult, ControlReference, Finding};
use ordain_language::config::Gravity;
use ordain_model::verdict::Verdict;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Who answers for what nobody answers for.
const NOBODY: &str = "nobody";

/// A finding, an assertion, or something that moved.
#[derive(Clone, Debug)]
pub(super) struct Row<'r> {
    /// `finding`, `assertion` or `movement`.
    pub sort: &'static str,
    /// Stable over runs.
    pub id: &'r str,
    /// The verdict; none of a movement, which violates nothing.
    pub verdict: Option<Verdict>,
    /// The verdict's word, or what moved: `resolved`, `moved`, `moved_out`, `gone`, `appeared`.
    pub word: &'static str,
    /// `new` or `recurring`, where a baseline tells.
    pub since: Option<&'static str>,
    /// False: it changes no exit code.
    pub enforced: bool,
    /// How grave it is; none of a movement without a requirement.
    pub severity: Option<Gravity>,
    /// Who answers for it.
    pub owner: &'r str,
    /// Address of the requirement; empty where a movement has none.
    pub requirement: &'r str,
    /// Title of the requirement or message of the assertion.
    pub title: &'r str,
    /// What it is about: an object, a cell, a target; of an assertion its address.
    pub object: &'r str,
    /// The setting.
    pub setting: Option<&'r str>,
    /// The value before, of a movement.
    pub before: Option<&'r str>,
    /// The live value.
    pub live: Option<&'r str>,
    /// What is demanded.
    pub bound: Option<&'r str>,
    /// Why it is not decided by the value.
    pub reason: Option<&'r str>,
    /// Why no step cures it.
    pub no_step: Option<&'r str>,
    /// The step that cures it.
    pub step: Option<&'r Step>,
    /// File and line of the demand.
    pub place: Option<(&'r str, u32)>,
    /// The controls it serves.
    pub controls: &'r [ControlReference],
    /// The waiver or group of the baseline that decides the verdict.
    pub exception: Option<&'r Exception>,
}

/// Every row, worst first: enforced before observed, by verdict, new before recurring, by severity, then as the report has them.
/// Movements that violate nothing come last.
pub(super) fn rows(report: &Report) -> Vec<Row<'_>> {
    let exceptions: BTreeMap<&str, &Exception> =
        report.exceptions.iter().map(|exception| (&*exception.address, exception)).collect();
    let findings = report.findings.iter().map(|finding| Row::of(finding, report, &exceptions));
    let assertions = report.assertions.iter().map(|assertion| Row::of_assertion(assertion, &exceptions));
    // A violation is told as the finding that it is.
    let movements = report.drift.iter().filter(|movement| movement.what != "violation").map(Row::of_movement);
    let mut rows: Vec<Row<'_>> = findings.chain(assertions).chain(movements).collect();
    rows.sort_by_key(|row| {
        (Reverse(row.enforced && row.verdict.is_some()), Reverse(row.verdict), row.since, Reverse(row.severity))
    });
    rows
}

/// `main.hcl:20` as file and line.
pub(super) fn place(text: &str) -> Option<(&str, u32)> {
    let (file, line) = text.rsplit_once(':')?;
    Some((file, line.parse().ok()?))
}

impl<'r> Row<'r> {
    fn of(finding: &'r Finding, report: &'r Report, exceptions: &BTreeMap<&str, &'r Exception>) -> Row<'r> {
        Row {
            sort: "finding",
            id: &finding.id,
            verdict: Some(finding.verdict),
            word: finding.verdict.word(),
            since: finding.since,
            enforced: finding.enforced,
            severity: Some(finding.severity),
            owner: finding.owner.as_deref().unwrap_or(NOBODY),
            requirement: &finding.requirement,
            title: &finding.title,
            object: &finding.object,
            setting: finding.setting.as_deref(),
            before: None,
            live: finding.live.as_deref(),
            bound: finding.bound.as_deref(),
            reason: finding.reason.as_deref(),
            no_step: finding.no_step.as_deref(),
            step: finding.step.and_then(|number| report.steps.get(number.checked_sub(1)?)),
            place: place(&finding.place),
            controls: &finding.controls,
            exception: finding.exception.as_deref().and_then(|address| exceptions.get(address).copied()),
        }
    }

    fn of_assertion(assertion: &'r AssertionResult, exceptions: &BTreeMap<&str, &'r Exception>) -> Row<'r> {
        Row {
            sort: "assertion",
            id: &assertion.id,
            verdict: Some(assertion.verdict),
            word: assertion.verdict.word(),
            since: assertion.since,
            enforced: true,
            severity: Some(assertion.severity),
            owner: assertion.owner.as_deref().unwrap_or(NOBODY),
            requirement: &assertion.address,
            title: &assertion.message,
            object: &assertion.address,
            setting: None,
            before: None,
            live: None,
            bound: None,
            reason: assertion.reason.as_deref(),
            no_step: None,
            step: None,
            place: place(&assertion.place),
            controls: &assertion.controls,
            exception: assertion.exception.as_deref().and_then(|address| exceptions.get(address).copied()),
        }
    }

    fn of_movement(movement: &'r Movement) -> Row<'r> {
        let (object, setting) = match movement.address.split_once('#') {
            Some((object, setting)) => (object, Some(setting)),
            None => (&*movement.address, None),
        };
        Row {
            sort: "movement",
            id: &movement.id,
            verdict: None,
            word: movement.what,
            since: movement.since,
            enforced: movement.enforced,
            severity: movement.severity,
            owner: movement.owner.as_deref().unwrap_or(NOBODY),
            requirement: movement.requirement.as_deref().unwrap_or_default(),
            title: movement.title.as_deref().unwrap_or(happened(movement.what)),
            object,
            setting,
            before: movement.before.as_deref(),
            live: movement.after.as_deref(),
            bound: movement.bound.as_deref(),
            reason: None,
            no_step: None,
            step: None,
            place: movement.place.as_deref().and_then(place),
            controls: &movement.controls,
            exception: None,
        }
    }

    /// Its address: the object's, and the setting's behind `#`.
    pub(super) fn address(&self) -> String {
        match self.setting {
            Some(setting) => format!("{}#{setting}", self.object),
            None => self.object.to_owned(),
        }
    }

    /// `is 90d, must be at_least(365d); denied: ...`: what was seen and what is demanded, and why it is not decided by that.
    pub(super) fn seen(&self) -> String {
        let mut said = Vec::new();
        match (self.before, self.live) {
            (Some(before), Some(live)) => said.push(format!("was {before}, is {live}")),
            (_, Some(live)) => said.push(format!("is {live}")),
            _ => {}
        }
        said.extend(self.bound.map(|bound| format!("must be {bound}")));
        let said = said.join(", ");
        match (said.is_empty(), self.reason) {
            (true, reason) => reason.unwrap_or(self.title).to_owned(),
            (false, Some(reason)) => format!("{said}; {reason}"),
            (false, None) => said,
        }
    }

    /// What cures it, or why nothing does; none where nothing needs to.
    pub(super) fn cure(&self) -> Option<String> {
        let Some(step) = self.step else { return self.no_step.map(str::to_owned) };
        let on = if step.object == self.object { String::new() } else { format!(" on {}", step.object) };
        let changes =
            step.changes.iter().map(|change| format!("{}: {} -> {}", change.setting, change.before, change.after));
        Some(format!("step {}{on}: {}", step.number, changes.collect::<Vec<_>>().join(", ")))
    }

    /// One sentence that says all of it.
    pub(super) fn sentence(&self) -> String {
        let seen = self.seen();
        let title = if seen == self.title { String::new() } else { format!("{}: ", self.title) };
        let cure = self.cure().map(|cure| format!(" ({cure})")).unwrap_or_default();
        format!("{}: {title}{} {seen}{cure}; owner {}", self.word, self.address(), self.owner)
    }
}

/// What happened to something without a requirement.
fn happened(what: &str) -> &'static str {
    match what {
        "gone" => "The object is gone",
        "appeared" => "The object appeared",
        "moved_out" => "The value moved and is not what is demanded",
        _ => "The value moved",
    }
}
