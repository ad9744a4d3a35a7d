//! Every example does what its README says it does, and the tour what it says. On a live account `tests/aws` runs
//! `examples/02-aws-account` too.

use ordain_tests::session::{Session, example, walkthrough};
use ordain_tests::snapshot::root;
use std::path::Path;

#[test]
fn every_example_prints_what_its_readme_shows() {
    let mut names: Vec<String> = std::fs::read_dir(root().join("examples"))
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert!(!names.is_empty());
    let program = Path::new(env!("CARGO_BIN_EXE_ordain"));
    let run = |name: &String| example(&format!("examples/{name}"), &Session::new(program)).err();
    let problems: Vec<String> = names.iter().filter_map(run).collect();
    if !problems.is_empty() {
        panic!("{}", problems.join("\n"));
    }
}

#[test]
fn the_page_of_profile_tests_prints_what_it_shows() {
    let session = Session::new(Path::new(env!("CARGO_BIN_EXE_ordain")));
    // The page's own test is the one that it runs.
    let page = std::fs::read_to_string(root().join("docs/test.md")).expect("the page");
    let shown = page.split("```hcl\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a test");
    session.place("examples/01-first-plan/first.test.hcl", shown);
    if let Err(problem) = walkthrough("docs/test.md", "examples/01-first-plan", &session) {
        panic!("{problem}");
    }
}

#[test]
fn the_tour_prints_what_it_shows() {
    let session = Session::new(Path::new(env!("CARGO_BIN_EXE_ordain")));
    if let Err(problem) = walkthrough("docs/tour.md", "examples/01-first-plan", &session) {
        panic!("{problem}");
    }
}
