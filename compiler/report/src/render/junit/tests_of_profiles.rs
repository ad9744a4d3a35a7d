//! Profile tests: a suite per file.

use super::{Case, Outcome, Suite};
use crate::report::Report;
use crate::report::test_result::{Difference, TestResult};
use std::collections::BTreeMap;

/// A suite for each file, in the order of their names.
pub(super) fn suites(report: &Report) -> Vec<Suite<'_>> {
    let mut files: BTreeMap<&str, Vec<Case<'_>>> = BTreeMap::new();
    for result in &report.tests {
        files.entry(&result.file).or_default().push(case(result));
    }
    files.into_iter().map(|(file, cases)| Suite { name: file.into(), cases }).collect()
}

fn case(of: &TestResult) -> Case<'_> {
    let about: Vec<&str> = of.differences.iter().map(|difference| &*difference.about).collect();
    let lines = of.differences.iter().flat_map(difference);
    let lines = std::iter::once(format!("the test is at {}", of.place)).chain(lines);
    let result = match of.passed {
        true => Outcome::Passed,
        false => Outcome::Failed(about.join("; ").into(), lines.collect()),
    };
    Case { name: (&*of.name).into(), class: (&*of.file).into(), result }
}

fn difference(Difference { about, place, expected, seen }: &Difference) -> [String; 3] {
    let place = place.as_ref().map(|place| format!(" ({place})")).unwrap_or_default();
    [format!("{about}{place}"), format!("  expected: {expected}"), format!("  seen: {seen}")]
}
