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

mod recorded;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use recorded::{Answer, Case, files};
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

fn ask(binary: &str, directory: &Path, case: &Case) -> Answer {
    std::fs::write(directory.join("main.tf"), case.file()).expect("the file is written");
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

#[test]
#[ignore = "needs a Terraform 1.11.4 binary, named by TERRAFORM"]
fn recorded_answers_are_still_given() {
    let binary = std::env::var("TERRAFORM").expect("TERRAFORM names the binary");
    let directory = tempfile::tempdir().expect("there is a place for files");
    let version = terraform(&binary, directory.path()).arg("version").output().expect("the binary starts");
    let version = String::from_utf8_lossy(&version.stdout).into_owned();
    assert!(version.starts_with(VERSION), "the answers are those of {VERSION}, this is {version}");
    let mut wrong = Vec::new();
    for (name, cases) in files() {
        for case in cases {
            let answer = ask(&binary, directory.path(), &case);
            if answer != case.terraform {
                wrong.push(format!("{name}\n> {}\n{answer}", case.expression.replace('\n', "\n> ")));
            }
        }
    }
    assert!(wrong.is_empty(), "{} answers are recorded wrongly:\n\n{}\n", wrong.len(), wrong.join("\n\n"));
}
