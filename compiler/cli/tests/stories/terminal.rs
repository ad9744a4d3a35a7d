//! What only a terminal sees: the question of `apply`, the prompt of the console.

use super::{Ended, Place};
use rustix::fs::{Mode, OFlags, open};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use std::fs::{self, File};
use std::io::Write;
use std::process::Stdio;

/// Runs a command whose stdin is a terminal at which somebody types.
fn typed(place: &Place, line: &str, answer: &str) -> Ended {
    let near = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&near).unwrap();
    unlockpt(&near).unwrap();
    let name = ptsname(&near, Vec::new()).unwrap();
    let far = open(name, OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).unwrap();
    let mut command = place.command(line);
    command.stdin(Stdio::from(far)).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    // The command holds the other end too; once it is gone, the terminal is.
    drop(command);
    let mut keyboard = File::from(near);
    keyboard.write_all(answer.as_bytes()).unwrap();
    Ended::of(child.wait_with_output().unwrap())
}

#[test]
fn the_console_prompts_and_goes_on_after_a_mistake() {
    let place = Place::new();
    let said = typed(&place, "console p", "1 +\n[1,\n2]\nvar.log_retention\nexit\n");
    assert_eq!(said.code, 0, "a mistake at a terminal is no failure: {said:#?}");
    assert_eq!(said.out, "[1, 2]\n\"365d\"\n");
    assert!(said.err.starts_with("> ") && said.err.contains("error[syntax]"), "{said:#?}");
}

#[test]
fn apply_asks_and_only_yes_is_a_yes() {
    let place = Place::new();
    let before = fs::read_to_string(place.path("p/estate.json")).unwrap();
    // Control-D at the start of a line ends the input.
    for answer in ["y\n", "no\n", "YES\n", "\n", "\u{4}"] {
        let refused = typed(&place, "apply p", answer);
        assert_eq!(refused.code, 1, "{answer:?}: {refused:#?}");
        assert!(refused.err.contains("Make these changes? Only `yes` is accepted: "), "{refused:#?}");
        assert!(refused.err.contains("error[not-approved]"), "{refused:#?}");
        assert!(refused.out.lines().last().unwrap().starts_with("Plan: "), "the plan is shown first: {refused:#?}");
        assert_eq!(fs::read_to_string(place.path("p/estate.json")).unwrap(), before, "{answer:?} changed something");
    }
    let done = typed(&place, "apply p", "yes\n");
    assert!(done.code == 0 && done.out.contains("\nApply: 9 applied.\n"), "{done:#?}");
    let again = typed(&place, "apply p", "");
    assert!(!again.err.contains("Make these changes?"), "nothing to do is not asked about: {again:#?}");
}
