//! Rules about lists: sorted, and nothing forgotten on either side.

use super::{none, rust, text, walk};
use ordain_model::code::CODES;
use std::collections::BTreeSet;

/// `CONSTANT "name" "Title",` lines of the list of codes: (constant, name).
fn codes() -> Vec<(String, String)> {
    let list = text("compiler/model/src/code.rs");
    let lines = list.lines().skip_while(|line| !line.starts_with("codes! {")).skip(1).take_while(|line| *line != "}");
    let entry = |line: &str| {
        let (constant, rest) = line.trim().split_once(' ').expect("a constant and a name");
        (constant.to_string(), rest.split('"').nth(1).expect("a quoted name").to_string())
    };
    lines.filter(|line| line.contains('"')).map(entry).collect()
}

fn pages(folder: &str) -> BTreeSet<String> {
    let stem = |path: std::path::PathBuf| path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    walk(folder)
        .into_iter()
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
        .filter_map(stem)
        .collect()
}

#[test]
fn codes_are_sorted_and_each_stands_once() {
    let unsorted = CODES.windows(2).filter(|pair| pair[0].name >= pair[1].name);
    none(
        "codes in the order of their names",
        unsorted.map(|pair| format!("{} before {}", pair[0].name, pair[1].name)).collect(),
    );
    assert_eq!(codes().len(), CODES.len(), "the list in compiler/model/src/code.rs does not read as this test expects");
}

#[test]
fn every_code_has_its_page_and_every_page_its_code() {
    let names: BTreeSet<String> = CODES.iter().map(|code| code.name.to_string()).collect();
    none("a page without a code", pages("docs/diagnostics").difference(&names).cloned().collect());
    let wrong = CODES.iter().filter(|code| {
        let heads = [format!("# {}\n", code.name), "\n## Example\n".into(), "\n## What to do\n".into()];
        !(code.page.starts_with(&heads[0]) && code.page.contains(&heads[1]) && code.page.contains(&heads[2]))
    });
    none(
        "a page without its heading, `## Example` or `## What to do`",
        wrong.map(|code| code.name.to_string()).collect(),
    );
}

#[test]
fn every_code_is_raised_somewhere() {
    let sources: Vec<String> = rust("compiler").into_iter().chain(rust("providers")).map(text).collect();
    let raised = |constant: &str| {
        let words =
            [format!("code::{constant}"), format!(" {constant},"), format!("({constant},"), format!(" {constant})")];
        sources.iter().any(|source| words.iter().any(|word| names(source, word)))
    };
    let idle = codes().into_iter().filter(|(constant, _)| !raised(constant));
    none("a code that nothing raises", idle.map(|(_, name)| name).collect());
}

/// Whether the source says the word whole.
fn names(source: &str, word: &str) -> bool {
    let whole = |at: usize| !source[at + word.len()..].starts_with(|next: char| next.is_alphanumeric() || next == '_');
    source.match_indices(word).any(|(at, _)| whole(at))
}

#[test]
fn every_title_is_fixed_and_calm() {
    let wrong = CODES.iter().filter(|code| {
        code.title.ends_with(['.', '!']) || !code.title.starts_with(char::is_uppercase) || code.title.contains('{')
    });
    none(
        "a title starts with a capital and ends without a stop",
        wrong.map(|code| format!("{}: {}", code.name, code.title)).collect(),
    );
}

#[test]
fn every_lint_stands_in_the_reference() {
    let reference = text("docs/language.md");
    let absent = ordain_model::code::lints().filter(|lint| !reference.contains(&format!("`{}`", lint.name)));
    none("a lint that docs/language.md does not name", absent.map(|lint| lint.name.to_string()).collect());
}
