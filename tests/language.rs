//! `docs/language.md`: every block on it runs. What stands under one heading is a module of its own, with what is expected
//! beside it; one that expects no message gives none. `docs/functions.md` and the page of each function: made from the registry
//! that the evaluator calls.

use ordain_language::format::{difference, format};
use ordain_language::functions::{FAMILIES, Family, Function, REFUSED, all};
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

Each function has a page, which `ordain explain NAME` prints: its signature, its arguments, examples with their results, errors
with what is said of them. The pages are made from the registry in `compiler/language/src/functions.rs` by
`UPDATE=1 cargo test -p ordain-tests --test language`; every example and every error on them runs as a test. What Terraform
1.11 has under the same name does the same: `tests/oracle` holds its answers, and the reason where one differs. In a
signature `?` marks what may be left out, `...` any number. Where an argument is not said to take null, null is an error.
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

/// One family on the page that lists all functions.
fn listed(family: &Family) -> String {
    let preface = if family.preface.is_empty() { String::new() } else { format!("{}\n\n", family.preface) };
    let line = |function: &Function| format!("| [`{0}`](functions/{0}.md) | {1} |\n", function.name, function.summary);
    let lines: String = family.functions().map(line).collect();
    format!("\n## {}\n\n{preface}| function | is |\n|---|---|\n{lines}", family.title)
}

#[test]
fn the_pages_of_functions_are_what_the_registry_says() {
    let families: String = FAMILIES.iter().map(listed).collect();
    let refused: String = REFUSED
        .iter()
        .map(|refused| format!("| `{}` | {} | {} |\n", refused.name, refused.why, refused.instead))
        .collect();
    let refused = format!(
        "\n## Left out on purpose\n\n| Terraform's | is not here because | instead |\n|---|---|---|\n{refused}"
    );
    let mut problems: Vec<String> =
        snapshot::file("docs/functions.md", &format!("{HEAD}{families}{refused}")).err().into_iter().collect();
    let pages: BTreeMap<String, String> =
        all().iter().map(|function| (format!("{}.md", function.name), function.page())).collect();
    problems
        .extend(pages.iter().filter_map(|(name, page)| snapshot::file(&format!("docs/functions/{name}"), page).err()));
    let there = std::fs::read_dir(root().join("docs/functions")).unwrap();
    let there = there.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    problems.extend(
        there.filter(|name| !pages.contains_key(name)).map(|name| format!("docs/functions/{name} is of no function\n")),
    );
    assert!(problems.is_empty(), "{}", problems.concat());
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
