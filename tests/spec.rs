//! The specification: pages of `tests/spec`, the example of every diagnostic's page, the profiles on every kind's page.

use ordain_model::code::CODES;
use ordain_report::schema::{Schema, markdown};
use ordain_tests::line::{Line, PROVIDERS};
use ordain_tests::page::{Case, Page, fences};
use ordain_tests::snapshot::{self, root};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Targets for a profile that declares none: of each provider that its text names a kind of, or of AWS.
fn targets(texts: &BTreeMap<String, String>) -> String {
    let named = |provider: &&str| texts.values().any(|text| text.contains(&format!("\"{provider}_")));
    let mut providers: Vec<&str> = PROVIDERS.0.iter().map(|provider| provider.name()).filter(named).collect();
    if providers.is_empty() {
        providers.push("aws");
    }
    providers
        .iter()
        .map(|provider| format!("target \"{provider}\" \"here\" {{\n  estate = \"estate.json\"\n}}\n"))
        .collect()
}

fn pages(folder: &str) -> Vec<PathBuf> {
    let mut folders = vec![root().join(folder)];
    let mut pages = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            match entry.path() {
                path if path.is_dir() => folders.push(path),
                path if path.extension().is_some_and(|ending| ending == "md") => pages.push(path),
                _ => {}
            }
        }
    }
    pages.sort();
    pages
}

#[track_caller]
fn none(problems: Vec<String>) {
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

fn run(case: &Case) -> Result<BTreeMap<&'static str, String>, String> {
    let files = case.files();
    let line = Line::of(&files);
    let mut actual = BTreeMap::from([("diagnostics", line.messages())]);
    if ["json", "plan", "verdicts"].iter().any(|sort| case.expects(sort)) {
        let judged = line.judge(&files)?;
        let _ = actual.insert("diagnostics", judged.messages(&line));
        actual.extend([("json", judged.json()), ("plan", judged.human()), ("verdicts", judged.verdicts())]);
    }
    Ok(actual)
}

#[test]
fn every_page_of_the_specification_holds() {
    let check = |path: &Path| {
        let name = path.strip_prefix(root()).expect("below the checkout").display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
        let new = Page::parse(&text).and_then(|page| page.run(run)).map_err(|problem| format!("{name}: {problem}"))?;
        snapshot::file(&name, &new)
    };
    let pages = pages("tests/spec");
    assert!(!pages.is_empty());
    none(pages.iter().filter_map(|path| check(path).err()).collect());
}

/// The HCL blocks of a text, by file name.
fn profile(text: &str) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let keep = |info: &str, block: &str| {
        let mut words = info.split_whitespace();
        if words.next() == Some("hcl") {
            let name = words.next().unwrap_or("main.hcl").to_string();
            files.entry(name).or_insert_with(String::new).push_str(block);
        }
        None
    };
    fences(text, keep).expect("closed blocks");
    if !files.is_empty() && !files.values().any(|text| text.contains("target \"")) {
        let _ = files.insert("target.hcl".into(), targets(&files));
    }
    files
}

#[test]
fn the_example_of_every_diagnostic_raises_it_and_nothing_else() {
    let mut wrong = Vec::new();
    for code in CODES {
        let example = code.page.split("\n## Example\n").nth(1).unwrap_or("").split("\n## ").next().unwrap_or("");
        let files = profile(example);
        if files.is_empty() {
            continue;
        }
        let line = Line::of(&files);
        let raised: BTreeSet<&str> = line.diagnostics.iter().map(|diagnostic| diagnostic.code.name).collect();
        if raised != BTreeSet::from([code.name]) {
            wrong.push(format!("docs/diagnostics/{}.md raises {raised:?}\n{}", code.name, line.messages()));
        }
    }
    none(wrong);
}

/// How the reference of kinds begins.
const HEAD: &str = "\
# Kinds and settings

Made from the providers' schemas by `UPDATE=1 cargo test -p ordain-tests --test spec`, as `ordain schema -markdown` prints it.
`ordain explain KIND` shows a kind's own page, with its traps and sources; `ordain schema -json` prints all of this, and the API
actions, for machines (`ordain.schema/1`).

";

#[test]
fn the_reference_of_kinds_is_what_the_providers_publish() {
    let text = markdown(&Schema::of(PROVIDERS.kinds()));
    none(snapshot::file("docs/schema.md", &format!("{HEAD}{text}")).err().into_iter().collect());
}

/// Codes that no page can show, with the tests that raise them: mistakes of a provider, of an archive, and of a clock.
const ELSEWHERE: &[(&str, &str)] = &[
    ("anchor", "tests/signing/anchor.rs"),
    ("anchor-signature", "tests/signing/anchor.rs"),
    ("approval-floor", "tests/signing/approval.rs"),
    ("approvals", "tests/signing/approval.rs"),
    ("deprecated-setting", "compiler/engine/tests/stages/constraints.rs"),
    ("kind-cycle", "compiler/engine/tests/stages/graph.rs"),
    ("lease", "tests/journal/applies.rs"),
    ("module-too-large", "compiler/model/src/package.rs"),
    ("signers", "tests/signing/approval.rs"),
    ("too-old", "compiler/cli/src/worlds.rs"),
    ("unsafe-module", "compiler/store/tests/modules.rs"),
];

/// Every code has a case that produces it: the example of its page, which
/// [`the_example_of_every_diagnostic_raises_it_and_nothing_else`] runs, or a page whose output another test compares.
#[test]
fn every_code_has_a_case_that_produces_it() {
    let text = |path: &PathBuf| std::fs::read_to_string(path).expect("a page");
    let shown: Vec<String> = ["tests/session", "tests/spec", "examples"]
        .iter()
        .flat_map(|folder| pages(folder))
        .map(|path| text(&path))
        .collect();
    let is_shown = |code: &str| {
        let forms = [format!("error[{code}]: "), format!("warning[{code}]: "), format!("+ {code}: ")];
        shown.iter().any(|page| forms.iter().any(|form| page.contains(form)))
    };
    let is_elsewhere = |code: &str| {
        let found = ELSEWHERE.iter().find(|(name, _)| *name == code);
        let constant = format!("code::{}", code.to_uppercase().replace('-', "_"));
        let raises = |text: String| {
            [format!("\"{code}"), format!("[{code}]")].iter().any(|form| text.contains(form))
                || text.contains(&constant)
        };
        found.is_some_and(|(_, path)| raises(text(&root().join(path))))
    };
    let example =
        |page: &str| page.split("\n## Example\n").nth(1).unwrap_or("").split("\n## ").next().unwrap_or("").to_owned();
    let lacking = CODES.iter().filter(|code| profile(&example(code.page)).is_empty() && !is_shown(code.name));
    none(
        lacking.filter(|code| !is_elsewhere(code.name)).map(|code| format!("nothing produces {}", code.name)).collect(),
    );
}

#[test]
fn the_profiles_on_every_kind_s_page_compile() {
    let check = |path: PathBuf| {
        let files = profile(&std::fs::read_to_string(&path).expect("a page"));
        if files.is_empty() {
            return Some(format!("{} shows no profile", path.display()));
        }
        let line = Line::of(&files);
        line.constraints.is_none().then(|| format!("{}\n{}", path.display(), line.messages()))
    };
    let of_kinds = |path: &PathBuf| path.parent().is_some_and(|folder| folder.ends_with("src/kinds"));
    none(pages("providers").into_iter().filter(of_kinds).filter_map(check).collect());
}
