//! Formatting: the answers of `terraform fmt`, and the laws. `terraform.rs` asks for the answers again.

mod dumped;
mod formatted;
mod layouts;

use formatted::{formatted, without_space};
use ordain_language::parse::parse;
use ordain_model::diagnostic::Diagnostics;
use ordain_model::source::Sources;
use proptest::prelude::*;

/// The tree without the places.
fn tree(text: &str) -> String {
    let mut sources = Sources::default();
    let id = sources.add("main.hcl", text);
    let dump = dumped::ours::body(&parse(&sources, id, &mut Diagnostics::default()).body);
    let (first, rest) = dump.split_once('@').unwrap_or((&dump, ""));
    let place = |piece: &str| piece.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-').to_owned();
    rest.split('@').fold(first.to_owned(), |tree, piece| tree + &place(piece))
}

#[test]
fn answers_are_terraforms() {
    let wrong: Vec<String> = layouts::recorded()
        .into_iter()
        .filter(|case| formatted(&case.text).as_ref() != Ok(case.here.as_ref().unwrap_or(&case.terraform)))
        .map(|case| format!("{}\n--\n{:?}", case.text, formatted(&case.text)))
        .collect();
    assert!(wrong.is_empty(), "{} answers differ:\n\n{}\n", wrong.len(), wrong.join("\n\n"));
}

#[test]
fn recorded_differences_are_differences() {
    for case in layouts::recorded() {
        assert!(case.here.is_none_or(|here| here != case.terraform), "{} is no difference", case.text);
    }
}

#[test]
fn a_file_that_does_not_parse_is_not_formatted() {
    assert!(formatted("a = [\nb = 1\n").is_err_and(|errors| errors.contains("unclosed")));
    assert!(formatted("a = 1\na = 2\n").is_err_and(|errors| errors.contains("duplicate-attribute")));
}

#[test]
fn marks_and_line_ends_stay() {
    assert_eq!(
        formatted("\u{feff}a=1\r\n\r\nb  = <<E\r\n x \r\nE\r\n").as_deref(),
        Ok("\u{feff}a = 1\r\n\r\nb = <<E\r\n x \r\nE\r\n")
    );
    assert_eq!(formatted("").as_deref(), Ok(""));
    assert_eq!(formatted(" \t").as_deref(), Ok(""));
}

#[test]
fn long_and_deep_files_are_formatted() {
    let lines: String = (0..20_000).map(|at| format!("a{at}=[{at},{{b=1}}] # c\n")).collect();
    assert!(formatted(&lines).is_ok_and(|text| text.ends_with("a19999 = [19999, { b = 1 }] # c\n")));
    let deep = format!("a = {}1{}\n", "(\n".repeat(200), "\n)".repeat(200));
    assert!(formatted(&deep).is_ok_and(|text| text.lines().any(|line| line == format!("{}1", " ".repeat(400)))));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn formatting_changes_space_and_nothing_else(text in layouts::file()) {
        let once = formatted(&text).map_err(|error| TestCaseError::fail(format!("{text}\n{error}")))?;
        prop_assert_eq!(formatted(&once), Ok(once.clone()));
        prop_assert_eq!(tree(&once), tree(&text));
        prop_assert_eq!(without_space(&once), without_space(&text));
    }

    #[test]
    fn what_still_parses_after_damage_keeps_its_tree(text in layouts::file(), at in any::<prop::sample::Index>(), piece in "[-.0-9a-c =(){}\\[\\]\"$%,:#/*\n]{0,3}") {
        let characters: Vec<char> = text.chars().collect();
        let at = at.index(characters.len() + 1);
        let damaged: String = characters[..at].iter().copied().chain(piece.chars()).chain(characters[at..].iter().copied()).collect();
        if let Ok(once) = formatted(&damaged) {
            prop_assert_eq!(formatted(&once), Ok(once.clone()));
            prop_assert_eq!(tree(&once), tree(&damaged), "{}", damaged);
            prop_assert_eq!(without_space(&once), without_space(&damaged));
        }
    }
}
