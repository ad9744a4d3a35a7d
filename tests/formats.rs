//! Every format of a report, on one set of reports: what each writes is in `tests/formats/expected`, and what no format may say.

use ordain_model::conclusion::Conclusion;
use ordain_model::verdict::Verdict;
use ordain_report::render::{FORMATS, Format, find};
use ordain_report::report::Report;
use ordain_report::style::Style;
use ordain_tests::reports;
use ordain_tests::snapshot;
use serde_json::Value as Json;
use std::collections::BTreeSet;

/// Formats for files.
fn for_files() -> impl Iterator<Item = &'static Format> {
    FORMATS.iter().filter(|format| !format.begins.is_empty())
}

fn text(format: &Format, report: &Report) -> String {
    format.text(report, Style::PLAIN)
}

#[test]
fn every_format_is_as_it_was_reviewed() {
    let problems: Vec<String> = reports::all()
        .iter()
        .flat_map(|(name, report)| {
            for_files().map(move |format| {
                snapshot::file(&format!("tests/formats/expected/{name}.{}", format.name), &text(format, report))
            })
        })
        .filter_map(Result::err)
        .collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_format_begins_as_it_says_and_ends_its_last_line() {
    for (name, report) in reports::all() {
        for format in for_files() {
            let text = text(format, &report);
            assert!(text.starts_with(format.begins), "{} of {name}: {}", format.name, text.lines().next().unwrap());
            assert!(text.ends_with('\n'), "{} of {name}", format.name);
        }
    }
}

#[test]
fn formats_are_sorted_and_each_stands_once() {
    assert!(FORMATS.windows(2).all(|pair| pair[0].name < pair[1].name));
}

#[test]
fn no_format_lets_a_control_character_through() {
    for (name, report) in reports::all() {
        for format in FORMATS {
            let text = text(format, &report);
            let steers = text.char_indices().find(|(at, character)| {
                let line_end = *character == '\n' || text[*at..].starts_with("\r\n");
                (character.is_control() && !line_end) || ('\u{202a}'..='\u{202e}').contains(character)
            });
            // JSON escapes control characters; what turns the reading direction is for whoever shows it.
            let steers = steers.filter(|(_, character)| character.is_control() || !text.starts_with(['{', '[']));
            assert_eq!(steers, None, "{} of {name}", format.name);
        }
    }
}

/// What each format says passed, as ids of findings: in each its own word for it.
fn passed(format: &str, text: &str) -> BTreeSet<String> {
    let json = || serde_json::from_str::<Json>(text).unwrap_or_else(|error| panic!("{format}: {error}"));
    let ids = |list: &Json, passes: &dyn Fn(&Json) -> bool, id: &str| -> BTreeSet<String> {
        let list = list.as_array().into_iter().flatten();
        list.filter(|one| passes(one)).filter_map(|one| one.pointer(id)?.as_str().map(str::to_owned)).collect()
    };
    let is = |pointer: &'static str, word: Json| move |one: &Json| one.pointer(pointer) == Some(&word);
    match format {
        "json" => ids(&json()["findings"], &is("/verdict", "met".into()), "/id"),
        "sarif" => {
            ids(&json()["runs"][0]["results"], &is("/kind", "pass".into()), "/partialFingerprints/ordainFinding~1v1")
        }
        "ocsf" => ids(&json(), &is("/compliance/status_id", 1.into()), "/finding_info/uid"),
        "policyreport" | "openreports" => {
            let lists = json()["items"].as_array().cloned().unwrap_or_default();
            lists.iter().flat_map(|of| ids(&of["results"], &is("/result", "pass".into()), "/properties/id")).collect()
        }
        // The others have no word for what passed beside a finding's own verdict.
        _ => BTreeSet::new(),
    }
}

#[test]
fn only_what_is_met_passes_in_any_format() {
    for (name, report) in reports::all() {
        let met = report.findings.iter().filter(|finding| finding.verdict == Verdict::Met);
        let met: BTreeSet<String> = met.map(|finding| finding.id.to_string()).collect();
        let whole: BTreeSet<String> = (report.requirements.iter())
            .filter(|row| row.verdict == Some(Verdict::Met))
            .map(|row| ordain_model::finding::id(&row.address, &format!("target {}", row.target)).to_string())
            .collect();
        for format in for_files() {
            let text = text(format, &report);
            let passed = passed(format.name, &text);
            let wrong: Vec<_> = passed.difference(&met).filter(|id| !whole.contains(*id)).collect();
            assert!(wrong.is_empty(), "{} of {name} lets pass {wrong:?}", format.name);
            if ["sarif", "policyreport", "openreports", "ocsf"].contains(&format.name) {
                assert!(met.is_subset(&passed), "{} of {name} does not let pass what is met", format.name);
            }
        }
    }
}

/// Of every report whose only finding has this verdict, no format says that anything passed, and OSCAL that nothing is
/// satisfied.
#[test]
fn nothing_but_met_is_satisfied() {
    for verdict in Verdict::ALL.into_iter().filter(|verdict| *verdict != Verdict::Met) {
        let mut report = reports::report();
        report.requirements.clear();
        report.headline.counts.clear();
        report.findings.iter_mut().for_each(|finding| finding.verdict = verdict);
        report.controls.iter_mut().for_each(|control| control.verdict = Some(verdict));
        report.headline.verdict = Conclusion::of(|any| any == verdict);
        for format in for_files() {
            let text = text(format, &report);
            assert_eq!(passed(format.name, &text), BTreeSet::new(), "{} of {verdict:?}", format.name);
            match format.name {
                "oscal" => assert!(!text.contains("\"satisfied\""), "{verdict:?}"),
                "junit" => assert_eq!(text.matches("<testcase").count(), text.matches("</testcase>").count()),
                "html" => assert!(!text.contains("mark met\"")),
                _ => {}
            }
        }
    }
}

#[test]
fn every_finding_has_its_id_and_its_owner_in_every_format() {
    // Annotations and comments have room for so many; here it is enough.
    let mut report = reports::report();
    report.findings.retain(|finding| finding.enforced && finding.verdict != Verdict::Met);
    report.findings.truncate(6);
    for (at, finding) in report.findings.iter_mut().enumerate() {
        finding.owner = Some(format!("owner-{at}").into());
        finding.verdict = Verdict::Unmet;
    }
    for format in for_files() {
        let text = text(format, &report);
        for finding in &report.findings {
            let owner = finding.owner.as_deref().unwrap();
            assert!(text.contains(&*finding.id) && text.contains(owner), "{}: {} {owner}", format.name, finding.id);
        }
    }
}

#[test]
fn what_is_no_evidence_says_so_in_every_format_and_what_is_does_not() {
    for report in [reports::plan(), reports::compared()] {
        let live = reports::evidence(report.clone());
        for format in for_files() {
            let said = |report: &Report| {
                let text = text(format, report).to_lowercase();
                text.contains("not evidence") || text.contains("read from the estate")
            };
            assert!(said(&report) && !said(&live), "{}", format.name);
        }
    }
}

#[test]
fn a_comment_fits_whatever_the_report_holds() {
    let limit = 65_536;
    for number in [0, 1, 50, 2_000] {
        let text = text(find("markdown").unwrap(), &reports::unmet(number));
        assert!(text.chars().count() <= limit, "{number}: {}", text.chars().count());
        assert!(text.starts_with("<!-- ordain-report plan -->\n## "), "{number}");
        assert_eq!(text.contains("which do not fit here"), number == 2_000);
        assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
    }
}
