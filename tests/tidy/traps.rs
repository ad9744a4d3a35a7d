//! The pages of the providers' traps name tests that are there.

use super::{none, quoted, root, text};

/// The providers whose traps have a page, and how many lines it has at least.
const PROVIDERS: [(&str, usize); 2] = [("providers/aws", 50), ("providers/kubernetes", 10)];

/// Why a reference `FILE: TEST` on the page of a provider does not hold.
fn missing(provider: &str, reference: &str) -> Option<String> {
    let Some((file, name)) = reference.split_once(": ") else { return Some(format!("`{reference}` names no test")) };
    let path = if file.starts_with("src/") { format!("{provider}/{file}") } else { file.to_string() };
    if !root().join(&path).exists() {
        return Some(format!("{path} is not there"));
    }
    let wanted = if path.ends_with(".md") { format!("\n## {name}\n") } else { format!("fn {name}(") };
    (!text(&path).contains(&wanted)).then(|| format!("{path} has no `{name}`"))
}

#[test]
fn every_trap_is_held_by_a_test_that_is_there() {
    for (provider, least) in PROVIDERS {
        let page = text(format!("{provider}/traps.md"));
        let rows: Vec<&str> =
            page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| trap |")).collect();
        let held = |row: &&str| {
            let last = row.trim_end_matches([' ', '|']).rsplit(" | ").next().unwrap_or("");
            quoted(last).next().map_or(Some(format!("no test: {row}")), |reference| missing(provider, reference))
        };
        assert!(rows.len() >= least, "{provider}/traps.md does not read as this test expects");
        none("a trap that no test holds", rows.iter().filter_map(held).collect());
    }
}
