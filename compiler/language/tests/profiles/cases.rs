//! Profiles and what compiling them says, word for word: `tests/profiles/*.txt`.
//!
//! A case is `=== name`, the files and inputs, `---`, and the messages. A failing case prints what it got.

use crate::profile::Profile;

fn check(file: &str) {
    let mut wrong = Vec::new();
    for case in file.split("\n=== ").skip(1) {
        let (name, rest) = case.split_once('\n').expect("a case has a name");
        let (text, expected) = rest.split_once("\n---\n").expect("a case has messages");
        let actual = Profile::read(text).compile().messages();
        if actual != expected.trim_end() {
            wrong.push(format!("=== {name}\n{text}\n---\n{actual}\n"));
        }
    }
    assert!(wrong.is_empty(), "these cases said something else:\n\n{}", wrong.join("\n"));
}

#[test]
fn blocks() {
    check(include_str!("blocks.txt"));
}

#[test]
fn expressions() {
    check(include_str!("expressions.txt"));
}

#[test]
fn modules() {
    check(include_str!("modules.txt"));
}

#[test]
fn requirements() {
    check(include_str!("requirements.txt"));
}

#[test]
fn targets() {
    check(include_str!("targets.txt"));
}

#[test]
fn variables() {
    check(include_str!("variables.txt"));
}

#[test]
fn waivers() {
    check(include_str!("waivers.txt"));
}
