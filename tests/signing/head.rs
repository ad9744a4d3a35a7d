//! Heads of journals: who signed one, what `ssh-keygen` says of it, and what is found out by it.

use crate::keys::Keys;
use crate::place::Place;
use std::fs;
use std::path::PathBuf;

const PROFILE: &str = "target \"aws\" \"t\" {\n  estate = \"estate.json\"\n}\n\nrequire \"aws_cloudwatch_log_group\" \"kept\" {\n  where = true\n  must { retention = at_least(\"30d\") }\n}\n";
const ESTATE: &str = r#"{ "as_of": "2026-11-01T00:00:00Z", "cells": { "aws:111111111111/eu-west-1": { "aws_cloudwatch_log_group": {
  "/app": { "attributes": { "name": "/app", "tags": {} }, "settings": { "retention": "7d" } } } } } }"#;

/// A profile whose apply was signed by Alice.
fn signed() -> Place {
    let place = Place::new();
    let keys = Keys(&place);
    let (alice, _) = (keys.make("alice"), keys.make("mallory"));
    place.write("signers", &format!("alice@x namespaces=\"ordain.journal-head\" {alice}\n"));
    place.write("p/main.hcl", PROFILE);
    place.write("p/estate.json", ESTATE);
    place.good("apply -auto-approve -sign-head -key ../keys/alice");
    place
}

const LOG: &str = "log -signed -signers ../signers";

/// Runs the program, which has to fail and say this.
#[track_caller]
fn refused(place: &Place, line: &str, words: &[&str]) {
    let ended = place.ordain(line);
    let said = ended.text.split_whitespace().filter(|word| *word != "|").collect::<Vec<_>>().join(" ");
    assert!(ended.code == 1 && said.contains("error[journal-head]"), "{line}:\n{said}");
    words.iter().for_each(|word| assert!(said.contains(word), "{word} in:\n{said}"));
}

/// The signed heads, in the order of their names.
fn heads(place: &Place) -> Vec<PathBuf> {
    let entries = fs::read_dir(place.path("p/.ordain/heads")).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|of| of == "json")).collect();
    found.sort();
    found
}

fn cut(place: &Place, lines: usize) {
    let text = place.read("p/.ordain/journal.jsonl");
    let kept: Vec<&str> = text.lines().take(text.lines().count() - lines).collect();
    place.write("p/.ordain/journal.jsonl", &(kept.join("\n") + "\n"));
}

#[test]
fn an_apply_signs_the_head_and_ssh_keygen_verifies_it() {
    let place = signed();
    let head = heads(&place).remove(0);
    let name = format!("p/.ordain/heads/{}", head.file_name().unwrap().to_str().unwrap());
    let keys = Keys(&place);
    assert!(keys.verify("alice@x", "ordain.journal-head", &name, "signers"));
    assert!(!keys.verify("alice@x", "ordain.approval", &name, "signers"));
    assert!(place.good(LOG).contains(", signed by alice@x at 20"));
    assert!(place.good("log").contains(", signed at line 4; by whom, `-signers FILE` checks."));
    place.good("log -sign-head -out ../elsewhere.json -key ../keys/alice");
    assert!(keys.verify("alice@x", "ordain.journal-head", "elsewhere.json", "signers"));
    place.good(&format!("{LOG} -expect-head ../elsewhere.json"));
}

#[test]
fn a_tail_that_was_cut_off_is_found_by_the_head_that_was_signed() {
    let place = signed();
    place.good("log -sign-head -out ../elsewhere.json -key ../keys/alice");
    cut(&place, 1);
    for line in [LOG, "log"] {
        refused(&place, line, &["The journal had 4 lines when `heads/000000000004-", "and has 3."]);
    }
    // Who cuts the head along is found out by the one that is kept elsewhere, and by none being there.
    fs::remove_dir_all(place.path("p/.ordain/heads")).unwrap();
    place.good("log");
    refused(&place, LOG, &["No head of this journal is signed"]);
    let elsewhere = "log -expect-head ../elsewhere.json";
    refused(&place, elsewhere, &["The journal had 4 lines when `../elsewhere.json`"]);
    refused(&place, &format!("{elsewhere} -signed -signers ../signers"), &["and has 3."]);
}

#[test]
fn a_head_that_does_not_count_is_said_by_name() {
    let place = signed();
    place.good("log -sign-head -key ../keys/mallory");
    refused(&place, LOG, &["does not count: its signature says nothing", "is on no line of the file of signers"]);
    for head in heads(&place) {
        fs::remove_file(head.with_extension("json.sig")).unwrap();
    }
    refused(&place, LOG, &["does not count: it has no signature beside it", "No head of this journal is signed"]);
    let head = heads(&place).remove(0);
    let edited = fs::read_to_string(&head).unwrap().replace("\"lines\":4", "\"lines\":3");
    fs::write(&head, edited).unwrap();
    refused(&place, "log", &["Line 3 of the journal is another one"]);
    refused(&place, "log -sign-head -key ../keys/alice", &["Line 3 of the journal is another one"]);
}
