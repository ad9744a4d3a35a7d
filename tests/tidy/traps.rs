//! The page of AWS's traps names tests that are there.

use super::{none, quoted, root, text};

const PAGE: &str = "providers/aws/traps.md";

/// Why a reference `FILE: TEST` does not hold.
fn missing(reference: &str) -> Option<String> {
    let Some((file, name)) = reference.split_once(": ") else { return Some(format!("`{reference}` names no test")) };
    let path = if file.starts_with("src/") { format!("providers/aws/{file}") } else { file.to_string() };
    if !root().join(&path).exists() {
        return Some(format!("{path} is not there"));
    }
    let wanted = if path.ends_with(".md") { format!("\n## {name}\n") } else { format!("fn {name}(") };
    (!text(&path).contains(&wanted)).then(|| format!("{path} has no `{name}`"))
}

#[test]
fn every_trap_is_held_by_a_test_that_is_there() {
    let page = text(PAGE);
    let rows = page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| trap |"));
    let held = |row: &str| {
        let last = row.trim_end_matches([' ', '|']).rsplit(" | ").next().unwrap_or("");
        quoted(last).next().map_or(Some(format!("no test: {row}")), missing)
    };
    assert!(
        page.lines().filter(|line| line.starts_with("| ")).count() > 50,
        "the page does not read as this test expects"
    );
    none("a trap that no test holds", rows.filter_map(held).collect());
}
