//! The house rules, as tests: what no compiler checks and every reviewer would have to.

#[path = "tidy/crates.rs"]
mod crates;
#[path = "tidy/documents.rs"]
mod documents;
#[path = "tidy/files.rs"]
mod files;
#[path = "tidy/kinds.rs"]
mod kinds;
#[path = "tidy/lists.rs"]
mod lists;
#[path = "tidy/rates.rs"]
mod rates;
#[path = "tidy/traps.rs"]
mod traps;

use std::path::{Path, PathBuf};

/// The checkout.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the checkout")
}

/// Every file of the project below `folder`, relative to the checkout, sorted; build output and Git's own are not the project.
fn walk(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        for entry in entries {
            let path = entry.expect("a readable folder").path();
            let name = path.file_name().and_then(|name| name.to_str()).expect("UTF-8 names");
            match path.is_dir() {
                // `.git` is a file in a worktree.
                _ if matches!(name, "target" | ".git" | ".ordain" | "__pycache__") => {}
                true => folders.push(path),
                false => found.push(path.strip_prefix(root()).expect("below the checkout").to_path_buf()),
            }
        }
    }
    found.sort();
    found
}

/// The Rust sources below `folder`.
fn rust(folder: &str) -> Vec<PathBuf> {
    walk(folder).into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "rs")).collect()
}

/// A file's text.
fn text(path: impl AsRef<Path>) -> String {
    let path = path.as_ref();
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Fails with every finding on a line of its own.
#[track_caller]
fn none(rule: &str, findings: Vec<String>) {
    assert!(findings.is_empty(), "{rule}:\n  {}\n", findings.join("\n  "));
}

/// The parts of a code fence or a list that stand between backticks.
fn quoted(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}
