//! One fuzzer for every reader: the variable `FUZZ_TARGET` says which one libFuzzer's bytes go to. `tests/run fuzz` builds and runs it.

#![no_main]

mod documents;
#[path = "../../../compiler/language/tests/dumped/mod.rs"]
mod dumped;
mod files;
mod language;
mod numbers;
mod profile;

use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

/// A reader that takes any bytes and panics where one of its promises does not hold.
type Target = fn(&[u8]);

/// Every target by name.
const TARGETS: &[(&str, Target)] = &[
    ("parse", profile::parse),
    ("format", language::layout),
    ("evaluate", language::value),
    ("parsers", language::parsers),
    ("compile", profile::compile),
    ("snapshot", files::snapshot),
    ("plan_file", files::plan_file),
    ("estate", files::estate),
    ("terraform", files::terraform),
    ("documents", documents::documents),
    ("numbers", numbers::numbers),
];

static CHOSEN: LazyLock<Target> = LazyLock::new(|| {
    let name = std::env::var("FUZZ_TARGET").unwrap_or_default();
    let names: Vec<&str> = TARGETS.iter().map(|(name, _)| *name).collect();
    let found = TARGETS.iter().find(|(known, _)| *known == name);
    found.unwrap_or_else(|| panic!("FUZZ_TARGET is `{name}`, expected one of {}", names.join(", "))).1
});

fuzz_target!(|bytes: &[u8]| CHOSEN(bytes));
