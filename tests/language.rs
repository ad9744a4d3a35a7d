//! `docs/language.md`: every block on it compiles, and it lists every function with its signature.

use ordain_language::functions;
use ordain_tests::line::Line;
use ordain_tests::page::fences;
use ordain_tests::snapshot::root;
use std::collections::BTreeMap;

/// A target for sections that declare none.
const TARGET: &str = "target \"aws\" \"here\" {\n  estate = \"estate.json\"\n}\n";

fn page() -> String {
    std::fs::read_to_string(root().join("docs/language.md")).expect("the reference")
}

/// The blocks of a section, by file name.
fn files(section: &str) -> BTreeMap<String, String> {
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let keep = |info: &str, block: &str| {
        if let Some(name) = info.strip_prefix("hcl") {
            let name = if name.trim().is_empty() { "main.hcl" } else { name.trim() };
            files.entry(name.to_owned()).or_default().push_str(block);
        }
        None
    };
    fences(section, keep).expect("closed blocks");
    if !files.is_empty() && !files.values().any(|text| text.contains("target \"")) {
        files.insert("target.hcl".into(), TARGET.into());
    }
    files
}

#[test]
fn every_block_of_the_reference_compiles() {
    let page = page();
    let sections = page.split("\n## ").map(files).filter(|files| !files.is_empty());
    let lines: Vec<Line> = sections.map(|files| Line::of(&files)).collect();
    assert!(lines.len() > 5, "the reference shows blocks");
    for line in lines {
        assert!(line.constraints.is_some() && line.diagnostics.is_empty(), "{}", line.messages());
    }
}

#[test]
fn the_reference_lists_every_function() {
    let rows: Vec<String> =
        functions::all().iter().map(|function| format!("| `{}` | {} |", function.signature(), function.summary)).collect();
    let (_, table) = page().split_once("\n## Functions\n").map(|(a, b)| (a.to_owned(), b.to_owned())).expect("the section");
    let listed: Vec<&str> = table.lines().filter(|line| line.starts_with("| `")).collect();
    assert_eq!(listed, rows, "copy the right side into docs/language.md");
}
