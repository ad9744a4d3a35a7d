//! Asks a Terraform binary for every recorded answer again:
//!
//! ```text
//! TERRAFORM=terraform cargo test -p ordain-language --test terraform -- --ignored
//! ```
//!
//! A new case is recorded by writing `= ?` as its answer and taking the one that this test prints. No provider is
//! installed and nothing is fetched.
#![expect(clippy::expect_used, reason = "a test fails by it")]
#![expect(clippy::disallowed_methods, clippy::disallowed_types, reason = "runs a binary that the environment names")]

mod answered;
mod formatted;
mod layouts;
mod recorded;

use answered::answer;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use formatted::{formatted, without_space};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use recorded::{Answer, FILES, files};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// The version whose answers are recorded.
const VERSION: &str = "Terraform v1.11.4";

fn terraform(binary: &str, directory: &Path) -> Command {
    let mut command = Command::new(binary);
    command
        .current_dir(directory)
        .env("TF_CLI_CONFIG_FILE", "/dev/null")
        .env("CHECKPOINT_DISABLE", "1")
        .env("TF_IN_AUTOMATION", "1");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn ask(binary: &str, directory: &Path, file: &str) -> Answer {
    std::fs::write(directory.join("main.tf"), file).expect("the file is written");
    let mut child = terraform(binary, directory).args(["console", "-no-color"]).spawn().expect("the binary starts");
    // The console prints strings in a syntax of its own: base64 has nothing to escape.
    let mut input = child.stdin.take().expect("there is an input");
    input.write_all(b"base64encode(jsonencode(local.x))\n").expect("the binary reads");
    drop(input);
    let output = child.wait_with_output().expect("the binary ends");
    let printed = String::from_utf8_lossy(&output.stdout);
    let decoded = printed
        .trim()
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'))
        .and_then(|text| STANDARD.decode(text).ok());
    if let Some(json) = decoded {
        return Answer::Value(String::from_utf8(json).expect("JSON is text"));
    }
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    let first = errors.lines().find_map(|line| line.split_once("Error: "));
    Answer::Error(first.map_or("no answer", |(_, title)| title).trim().into())
}

/// The binary, which has to be of the version whose answers are recorded, and a place for files.
fn binary() -> (String, tempfile::TempDir) {
    let binary = std::env::var("TERRAFORM").expect("TERRAFORM names the binary");
    let directory = tempfile::tempdir().expect("there is a place for files");
    let version = terraform(&binary, directory.path()).arg("version").output().expect("the binary starts");
    let version = String::from_utf8_lossy(&version.stdout).into_owned();
    assert!(version.starts_with(VERSION), "the answers are those of {VERSION}, this is {version}");
    (binary, directory)
}

/// Files as `terraform fmt` leaves them; nothing for those that it refuses.
fn layouts_of_terraform(files: &[String]) -> Vec<Option<String>> {
    let (binary, directory) = binary();
    let path = |at: usize| directory.path().join(format!("file{at:05}.tf"));
    for (at, file) in files.iter().enumerate() {
        std::fs::write(path(at), file).expect("the file is written");
    }
    let output = terraform(&binary, directory.path()).args(["fmt", "-no-color"]).output().expect("the binary ends");
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    let layout = |at: usize| {
        let refused = errors.contains(&format!("file{at:05}.tf"));
        (!refused).then(|| std::fs::read_to_string(path(at)).expect("the file is there"))
    };
    (0..files.len()).map(layout).collect()
}

#[test]
#[ignore = "needs a Terraform 1.11.4 binary, named by TERRAFORM"]
fn recorded_layouts_are_still_given() {
    let cases = layouts::recorded();
    let files: Vec<String> = cases.iter().map(|case| case.text.clone()).collect();
    for (case, layout) in cases.into_iter().zip(layouts_of_terraform(&files)) {
        assert_eq!(layout, Some(case.terraform), "{}", case.text);
    }
}

#[test]
#[ignore = "needs a Terraform 1.11.4 binary, named by TERRAFORM"]
fn random_files_are_formatted_alike() {
    let mut runner = TestRunner::default();
    let mut file = || layouts::file().new_tree(&mut runner).expect("there is a file").current();
    let files: Vec<String> = (0..1_000).map(|_| file()).collect();
    let mut wrong = Vec::new();
    for (file, theirs) in files.iter().zip(layouts_of_terraform(&files)) {
        let (ours, Some(theirs)) = (formatted(file).expect("it parses"), theirs) else { continue };
        // Space before the end of the file is no line's, and is left out here.
        if ours != theirs.trim_end_matches(' ') && !differs_on_purpose(file) {
            wrong.push(format!("{file}\n-- theirs\n{theirs}\n-- here\n{ours}"));
        }
    }
    assert!(wrong.is_empty(), "{} files differ:\n\n{}\n", wrong.len(), wrong.join("\n\n"));
}

/// Keys of `true` and `null`, which Terraform loses; texts of one interpolation, which it unwraps; a comment that ends
/// the file without a line end, which it aligns.
fn differs_on_purpose(file: &str) -> bool {
    let code = without_space(file);
    ["[true]", "[null]", "\"${"].iter().any(|sign| code.contains(sign)) || code.ends_with("*/")
}

#[test]
#[ignore = "needs a Terraform 1.11.4 binary, named by TERRAFORM"]
fn recorded_answers_are_still_given() {
    let (binary, directory) = binary();
    for (path, bytes) in FILES {
        let path = directory.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
        std::fs::write(path, bytes).expect("the file is written");
    }
    let mut wrong = Vec::new();
    for (name, cases) in files() {
        for case in cases {
            let answer = ask(&binary, directory.path(), &case.file());
            if answer != case.terraform {
                wrong.push(format!("{name}\n> {}\n{answer}", case.expression.replace('\n', "\n> ")));
            }
        }
    }
    assert!(wrong.is_empty(), "{} answers are recorded wrongly:\n\n{}\n", wrong.len(), wrong.join("\n\n"));
}

/// What random expressions are made of; `%` and `#` stand for inner ones. Left out is what differs on purpose: branches
/// of different types, operands that are not needed, keys that stand twice, negative numbers, sets.
const LEAVES: &str = r#"0; 1; 2.5; 1e3; 0.25; "a"; ""; "5"; "x y"; true; false; null; []; {}; [1, 2]; ["a", "b"]; "é\n";
    { a = 1, b = "x" }; [[1], [2, 3]]; [{ a = 1 }, { a = 2 }]"#;
const SHAPES: &str = r#"% + #; % - #; % * #; % / #; % == #; % != #; % < #; % >= #; (%); !(%); [%, #]; { a = %, "b c" = # };
    (%).a; (%)[*]; (%)[*].a; (%).*.a; (%)[0]; (%)["a"]; [for x in (%) : x]; [for i, x in (%) : i]; {for k, v in (%) : k => v};
    {for k, v in (%) : "k${k}" => v...}; "a${%} ${~ # ~} b"; "%{ for x in % ~} ${x} %{ endfor }${#}"; "%{ if true }${%}%{ endif }";
    upper(%); title(%); length(%); tostring(%); tonumber(%); jsonencode(%); keys(%); values(%); reverse(%); sort(%); flatten(%);
    distinct(%); compact(%); sum(%); abs(%); ceil(%); trimspace(%); strrev(%); one(%); alltrue(%); anytrue(%); tolist(%);
    can(%); try(%, #); concat(%, #); merge(%, #); contains(%, #); split(%, #); join(%, #); element(%, #); startswith(%, #);
    trim(%, #); index(%, #); range(%, #); max(%, #); format(%, #); md5(%); base64sha512(%); urlencode(%); yamlencode(%);
    yamldecode(yamlencode(%)); chunklist(%, 2); setproduct(%, #); transpose(%); matchkeys(%, #, [1]);
    basename(%); dirname(%)"#;

fn expressions() -> impl Strategy<Value = String> {
    let choice = |list: &'static str| prop::sample::select(list.split(';').map(str::trim).collect::<Vec<_>>());
    choice(LEAVES).prop_map(String::from).prop_recursive(4, 24, 2, move |inner| {
        (choice(SHAPES), inner.clone(), inner).prop_map(|(shape, first, second)| {
            // The `%` of a directive is no place for an expression.
            let marked = shape.replace("%{", "\u{1}").replace('%', "\u{2}").replace('#', "\u{3}");
            marked.replace('\u{1}', "%{").replace('\u{2}', &first).replace('\u{3}', &second)
        })
    })
}

#[test]
#[ignore = "needs a Terraform 1.11.4 binary, named by TERRAFORM"]
fn random_expressions_mean_the_same() {
    let binary = std::env::var("TERRAFORM").expect("TERRAFORM names the binary");
    let directory = tempfile::tempdir().expect("there is a place for files");
    let mut runner = TestRunner::default();
    let mut wrong = Vec::new();
    for _ in 0..500 {
        let expression = expressions().new_tree(&mut runner).expect("there is an expression").current();
        let file = format!("locals {{\n  x = {expression}\n}}\n");
        let (ours, theirs) = (answer(&file), ask(&binary, directory.path(), &file));
        let both_refuse = matches!((&ours, &theirs), (Answer::Error(_), Answer::Error(_)));
        let divided = expression.contains('/') && matches!((&ours, &theirs), (Answer::Value(_), Answer::Value(_)));
        if ours != theirs && !both_refuse && !divided {
            wrong.push(format!("> {}\n{theirs}\nhere {ours}", expression.replace('\n', "\n> ")));
        }
    }
    assert!(wrong.is_empty(), "{} expressions differ:\n\n{}\n", wrong.len(), wrong.join("\n\n"));
}
