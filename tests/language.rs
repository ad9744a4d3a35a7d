//! `docs/language.md`: every block on it runs. What stands under one heading is a module of its own, with what is expected
//! beside it; one that expects no message gives none. `docs/functions.md`: made from the registry that the evaluator calls.

use ordain_language::format::{difference, format};
use ordain_language::functions::{EXAMPLE_FILES, Function, REFUSED, families};
use ordain_model::diagnostic::Diagnostics;
use ordain_model::source::Sources;
use ordain_tests::line::Line;
use ordain_tests::page::fences;
use ordain_tests::snapshot::{self, root};
use ordain_tests::values::values;
use std::collections::{BTreeMap, BTreeSet};

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

/// Blocks that nothing reads: what other programs print.
const PROSE: [&str; 3] = ["", "console", "text"];

/// What stands under one heading.
struct Section<'p> {
    text: &'p str,
    /// The files it gives.
    files: BTreeMap<String, String>,
    /// The sorts of its blocks.
    sorts: BTreeSet<String>,
}

impl Section<'_> {
    fn read(text: &str) -> Section<'_> {
        let (mut files, mut sorts): (BTreeMap<String, String>, BTreeSet<String>) = Default::default();
        let keep = |info: &str, block: &str| {
            let (sort, name) = info.split_once(' ').unwrap_or((info, ""));
            let usual = if sort == "hcl" { "main.hcl" } else { "estate.json" };
            if ["hcl", "estate", "file"].contains(&sort) {
                let name = if name.is_empty() { usual } else { name };
                files.entry(name.to_owned()).or_default().push_str(block);
            }
            let _ = sorts.insert(sort.to_owned());
            None
        };
        let _ = fences(text, keep).expect("closed blocks");
        if !files.is_empty() && !files.values().any(|text| text.contains("target \"")) {
            let _ = files.insert("target.hcl".into(), TARGET.into());
        }
        Section { text, files, sorts }
    }

    /// The section as it should stand on the page.
    fn run(&self) -> String {
        let title = self.text.lines().next().unwrap_or("");
        let line = Line::of(&self.files);
        // A section is a piece of a profile: what reads a name may stand in another one.
        let said = line.diagnostics.iter().filter(|said| !said.code.name.starts_with("unused-")).count();
        if !self.files.is_empty() && !self.sorts.contains("diagnostics") {
            assert!(line.constraints.is_some() && said == 0, "{title}\n{}", line.messages());
        }
        let module = self.files.get("main.hcl").map_or("", String::as_str);
        let replace = |info: &str, block: &str| match info {
            "diagnostics" => Some(line.messages()),
            "values" => Some(values(module, block)),
            "verdicts" => Some(line.judge(&self.files).expect("it is judged").verdicts()),
            "plan" => Some(line.judge(&self.files).expect("it is judged").human()),
            _ => {
                let sort = info.split(' ').next().unwrap_or("");
                assert!(
                    ["hcl", "estate", "file"].contains(&sort) || PROSE.contains(&info),
                    "{title}: nothing reads `{info}`"
                );
                None
            }
        };
        let text = fences(self.text, |info, block| replace(info, block).map(|text| format!("{}\n", text.trim_end())));
        text.expect("closed blocks")
    }
}

/// The page cut before each heading that is not inside of a block.
fn sections(page: &str) -> Vec<Section<'_>> {
    let (mut starts, mut inside, mut at) = (vec![0], false, 0);
    for line in page.split_inclusive('\n') {
        inside ^= line.starts_with("```");
        if !inside && (line.starts_with("## ") || line.starts_with("### ")) {
            starts.push(at);
        }
        at += line.len();
    }
    let ends = starts.iter().skip(1).copied().chain([page.len()]);
    starts.iter().zip(ends).map(|(start, end)| Section::read(&page[*start..end])).collect()
}

#[test]
fn every_block_of_the_reference_runs() {
    let page = std::fs::read_to_string(root().join("docs/language.md")).expect("the reference");
    let sections = sections(&page);
    assert!(sections.iter().filter(|section| !section.files.is_empty()).count() > 5, "the reference shows blocks");
    let now: String = sections.iter().map(Section::run).collect();
    if let Err(problem) = snapshot::file("docs/language.md", &now) {
        panic!("{problem}");
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
fn preface(title: &str) -> String {
    let text = match title {
        "Addresses" => {
            "A set of addresses is a block, a list of blocks or a value of the type `cidrs`; a result is a list of blocks that compares by the addresses it covers.\n\n"
        }
        "Bounds" => {
            "What a setting must satisfy. What each admits depends on the setting's type: [language.md](language.md#bounds).\n\n"
        }
        "Files" => return files(),
        "Moments" => "Moments are texts as RFC 3339 writes them. Nothing reads the clock.\n\n",
        "Spans of time" => {
            "Months and years stay months and years until something asks how long they are: [language.md](language.md#months-and-years).\n\n"
        }
        _ => "",
    };
    text.to_owned()
}

/// What the functions of files say in common, and the files of their examples.
fn files() -> String {
    let files = EXAMPLE_FILES.iter().map(|(path, text)| format!("{path}: {text}"));
    format!(
        "Paths are relative to the module's directory, and what they lead to stands below it. What is read is part of the module's digest: [language.md](language.md#files-of-the-module). The examples read these:\n\n```text\n{}```\n\n",
        files.collect::<String>()
    )
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

#[test]
fn every_profile_and_example_is_formatted() {
    let mut folders = vec![root().join("profiles"), root().join("examples")];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "hcl") {
                seen += 1;
                formatted(&path.display().to_string(), &std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    assert!(seen > 5, "{seen}");
}

#[track_caller]
fn formatted(name: &str, text: &str) {
    let mut sources = Sources::default();
    let id = sources.add(name, text);
    let mut diagnostics = Diagnostics::default();
    match format(&sources, id, &mut diagnostics) {
        Ok(formatted) => assert_eq!(difference(name, text, &formatted), "", "`ordain fmt` writes it in another way"),
        Err(_) => panic!("{name}: {:?}", diagnostics.items()),
    }
}
