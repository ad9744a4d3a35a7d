//! Asks a Terraform binary again for what it says to the mistakes of `tests/mistakes`:
//!
//! ```text
//! TERRAFORM=terraform cargo test -p ordain-tests --test terraform -- --ignored
//! ```
//!
//! On a page, a `terraform` block is `main.tf` and the `text` block behind it what `terraform validate` says. `UPDATE=1`
//! writes it. No provider is installed and nothing is fetched.

use ordain_tests::page::fences;
use ordain_tests::session::files;
use ordain_tests::snapshot;
use std::cell::RefCell;
use std::path::Path;
use std::process::{Command, Stdio};

/// What `terraform validate` prints on a file.
fn told(binary: &str, text: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("main.tf"), text).expect("a file");
    let output = Command::new(binary)
        .args(["validate", "-no-color"])
        .current_dir(folder.path())
        .env("TF_CLI_CONFIG_FILE", "/dev/null")
        .env("CHECKPOINT_DISABLE", "1")
        .env("TF_IN_AUTOMATION", "1")
        .stdin(Stdio::null())
        .output()
        .expect("the binary starts");
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let lines: Vec<&str> = said.trim().lines().map(str::trim_end).collect();
    format!("{}\n", lines.join("\n"))
}

fn page(binary: &str, path: &str) -> Result<(), String> {
    let text = std::fs::read_to_string(snapshot::root().join(path)).map_err(|error| format!("{path}: {error}"))?;
    let file: RefCell<Option<String>> = RefCell::new(None);
    let now = fences(&text, |info, block| match info {
        "terraform" => {
            file.replace(Some(block.to_owned()));
            None
        }
        "text" => file.take().map(|text| told(binary, &text)),
        _ => None,
    })?;
    snapshot::file(path, &now)
}

#[test]
#[ignore = "needs a Terraform 1.11.4 binary, named by TERRAFORM"]
fn recorded_messages_are_still_given() {
    let binary = std::env::var("TERRAFORM").expect("TERRAFORM names the binary");
    let names = files(&snapshot::root().join("tests/mistakes"));
    assert!(Path::new(&binary).exists() && !names.is_empty());
    let problems: Vec<String> =
        names.iter().filter_map(|name| page(&binary, &format!("tests/mistakes/{name}")).err()).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
