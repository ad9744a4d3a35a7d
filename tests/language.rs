//! `docs/language.md`: every block on it compiles. `docs/functions.md`: made from the registry that the evaluator calls.

use ordain_language::functions::{Function, REFUSED, families};
use ordain_tests::line::Line;
use ordain_tests::page::fences;
use ordain_tests::snapshot::{self, root};
use std::collections::BTreeMap;

/// A target for sections that declare none.
const TARGET: &str = "target \"aws\" \"here\" {\n  estate = \"estate.json\"\n}\n";

/// How the page of functions begins.
const HEAD: &str = "\
# Functions

Made from the registry in `compiler/language/src/functions.rs` by `UPDATE=1 cargo test -p ordain-tests --test language`; every
example runs as a test. What Terraform 1.11 has under the same name does the same: `tests/oracle` holds its answers, and
the reason where one differs. A parameter with `?` may be left out, `...` stands for any number. The result of what is
unknown is unknown unless the sentence says otherwise.
";

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
        // A section is a piece of a profile: what reads a name may stand in another one.
        let silent = line.diagnostics.iter().all(|said| said.code.name.starts_with("unused-"));
        assert!(line.constraints.is_some() && silent, "{}", line.messages());
    }
}

/// Signature, sentence and examples. A bound's value is the bound itself: its example shows no result.
fn entry(function: &Function) -> String {
    let examples = function.examples.iter().map(|(expression, result)| match expression == result {
        true => format!("{expression}\n"),
        false => format!("{expression} -> {result}\n"),
    });
    let examples: String = examples.collect();
    format!("\n### {}\n\n`{}`\n\n{}\n\n```text\n{examples}```\n", function.name, function.signature(), function.summary)
}

/// What stands under the title of a family, where its functions alone do not say it.
fn preface(title: &str) -> &str {
    match title {
        "Addresses" => {
            "A set of addresses is a block, a list of blocks or a value of the type `cidrs`; a result is a list of blocks that compares by the addresses it covers.\n\n"
        }
        "Bounds" => {
            "What a setting must satisfy. What each admits depends on the setting's type: [language.md](language.md#bounds).\n\n"
        }
        "Moments" => "Moments are texts as RFC 3339 writes them. Nothing reads the clock.\n\n",
        "Spans of time" => {
            "Months and years stay months and years until something asks how long they are: [language.md](language.md#months-and-years).\n\n"
        }
        _ => "",
    }
}

#[test]
fn the_page_of_functions_is_what_the_registry_says() {
    let sections: String = families()
        .iter()
        .map(|(title, functions)| {
            let entries: String = functions.iter().map(|function| entry(function)).collect();
            format!("\n## {title}\n\n{}{}", preface(title), entries.trim_start())
        })
        .collect();
    let refused: String = REFUSED
        .iter()
        .map(|refused| format!("| `{}` | {} | {} |\n", refused.name, refused.why, refused.instead))
        .collect();
    let refused = format!(
        "\n## Left out on purpose\n\n| Terraform's | is not here because | instead |\n|---|---|---|\n{refused}"
    );
    if let Err(problem) = snapshot::file("docs/functions.md", &format!("{HEAD}{sections}{refused}")) {
        panic!("{problem}");
    }
}
