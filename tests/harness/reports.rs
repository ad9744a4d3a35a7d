//! Reports for every format to be tried on: made by the line from the profile and the worlds in `tests/formats/profile`,
//! so that what a format gets is what a command would give it.

use crate::line::{Judged, Line};
use crate::sizes::{Groups, files};
use crate::snapshot::root;
use ordain_engine::drift::drift;
use ordain_report::assemble;
use ordain_report::report::Report;
use std::collections::BTreeMap;

/// The profile's files, with this world in place of the live one.
fn profile(world: &str) -> BTreeMap<String, String> {
    let read = |name: &str| {
        let path = root().join("tests/formats/profile").join(name);
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    // A title of three thousand characters is no pleasure to have in a file.
    let main = read("main.hcl").replace("\"LONG\"", &format!("\"{}\"", "long words ".repeat(300)));
    BTreeMap::from([("main.hcl".to_owned(), main), ("estate.json".to_owned(), read(world))])
}

fn judged(files: &BTreeMap<String, String>) -> (Line, Judged) {
    let line = Line::of(files);
    let judged = line.judge(files).unwrap_or_else(|why| panic!("{why}"));
    (line, judged)
}

/// What `plan` reports: each verdict, hostile texts, many owners.
#[must_use]
pub fn plan() -> Report {
    let (_, judged) = judged(&profile("estate.json"));
    assemble::plan(&judged.findings, &judged.plan, &judged.observed)
}

/// What `report -all` reports of the same world: what is met and inapplicable too.
#[must_use]
pub fn report() -> Report {
    let (_, judged) = judged(&profile("estate.json"));
    assemble::report(&judged.findings, &judged.plan, &judged.observed, assemble::Told::All)
}

/// What `drift` reports of the same world, a day after another one.
#[must_use]
pub fn compared() -> Report {
    let ((_, now), (_, before)) = (judged(&profile("estate.json")), judged(&profile("before.json")));
    let moved = drift(&now.findings, &now.observed, Some((&before.findings, &before.observed)));
    assemble::drift(&now.findings, &moved, &now.observed, &now.plan.inputs)
}

/// What `plan` reports of a world that was read from where it may be evidence, with nothing to say.
#[must_use]
pub fn met() -> Report {
    let (_, judged) = judged(&files(3, Groups::Compliant));
    evidence(assemble::plan(&judged.findings, &judged.plan, &judged.observed))
}

/// A plan of so many unmet findings.
#[must_use]
pub fn unmet(number: usize) -> Report {
    let (_, judged) = judged(&files(number, Groups::Unmet));
    assemble::plan(&judged.findings, &judged.plan, &judged.observed)
}

/// The report as it would be of a live world.
#[must_use]
pub fn evidence(mut report: Report) -> Report {
    if let Some(world) = &mut report.world {
        world.source = "live";
        world.not_evidence = None;
    }
    report
}

/// Every report of the set, by name.
#[must_use]
pub fn all() -> BTreeMap<&'static str, Report> {
    BTreeMap::from([
        ("drift", compared()),
        ("error", assemble::error("plan")),
        ("met", met()),
        ("plan", plan()),
        ("report", report()),
    ])
}
