//! Every format of a report, on one set of reports: what each writes is in `tests/formats/expected`, and what no format may say.

use ordain_report::render::{FORMATS, Format};
use ordain_report::report::Report;
use ordain_report::style::Style;
use ordain_tests::reports;
use ordain_tests::snapshot;

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
