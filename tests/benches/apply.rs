//! How long an apply takes on an estate, from the start of the program to its end: `tests/run bench-apply`.
//! `docs/performance.md` holds what was measured.
//!
//! So many log groups of one cell, each kept too short: as many steps, in waves of 64, the journal durable before and
//! after each, the estate durable between the two.

#![expect(clippy::expect_used, clippy::print_stdout, reason = "a bench prints, and stops by panicking")]

use ordain_tests::sizes::{Groups, files};
use std::process::{Command, Stdio};
use std::time::Instant;

fn main() {
    println!("{:>8} {:>10} {:>12}", "steps", "wall", "per step");
    for number in [1_000, 5_000, 20_000] {
        let mut walls: Vec<u128> = (0..5).map(|_| applied(number)).collect();
        walls.sort_unstable();
        let wall = walls[walls.len() / 2];
        println!("{number:>8} {wall:>7} ms {:>9} us", wall * 1_000 / number as u128);
    }
}

/// Milliseconds of one apply, planning with it.
fn applied(number: usize) -> u128 {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files(number, Groups::Unmet) {
        std::fs::write(folder.path().join(name), text).expect("a file");
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_ordain"));
    let command = command.args(["apply", ".", "-auto-approve", "-json"]).current_dir(folder.path());
    let from = Instant::now();
    let ended = command.stdout(Stdio::null()).status().expect("ordain runs");
    let wall = from.elapsed().as_millis();
    assert!(ended.success(), "{number} steps: {ended}");
    let estate = std::fs::read_to_string(folder.path().join("estate.json")).expect("an estate");
    assert_eq!(estate.matches("\"365d\"").count(), number, "every step was applied");
    wall
}
