//! Texts that tests expect: compared with a difference that reads, or rewritten where `UPDATE=1` is set.

use similar::TextDiff;
use std::path::{Path, PathBuf};

/// Whether expected texts are to be rewritten rather than compared.
#[must_use]
pub fn updating() -> bool {
    std::env::var("UPDATE").is_ok_and(|value| value == "1")
}

/// The checkout.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the checkout").to_path_buf()
}

/// What differs, line by line; `None` when nothing does.
#[must_use]
pub fn difference(name: &str, expected: &str, actual: &str) -> Option<String> {
    if expected == actual {
        return None;
    }
    let lines = TextDiff::from_lines(expected, actual);
    Some(lines.unified_diff().context_radius(3).header(&format!("{name} (expected)"), "what it is now").to_string())
}

/// Compares a file of the checkout with what it should say, or rewrites it.
///
/// # Errors
/// The difference, and how to accept it.
pub fn file(path: &str, actual: &str) -> Result<(), String> {
    let place = root().join(path);
    let expected = std::fs::read_to_string(&place).unwrap_or_default();
    let Some(difference) = difference(path, &expected, actual) else { return Ok(()) };
    if !updating() {
        return Err(format!("{difference}\nUPDATE=1 writes what it is now\n"));
    }
    std::fs::create_dir_all(place.parent().expect("a file has a folder")).map_err(|error| error.to_string())?;
    std::fs::write(&place, actual).map_err(|error| format!("{path}: {error}"))
}
