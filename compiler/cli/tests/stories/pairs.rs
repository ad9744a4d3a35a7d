//! Several processes that write to one cell, with their journal in one directory: one at a time does, the others are told who.

use crate::applies::{signal, start, unmet};
use crate::interrupts::first_wave;
use crate::{Ended, Place};
use ordain_tests::sizes::{Groups, files};
use rustix::process::Signal;
use std::fs;
use std::process::Stdio;

/// The whole journal, checked by the program.
fn whole(place: &Place) {
    let log = place.run("log p");
    assert_eq!(log.code, 0, "{}", log.err);
}

#[test]
fn whoever_comes_second_is_told_who_holds_the_lease_since_when() {
    let place = unmet(3_000);
    // A small profile of the same cell, with its journal in the same place: nothing of it takes long.
    fs::create_dir(place.path("q")).unwrap();
    files(1, Groups::Unmet).into_iter().for_each(|(name, text)| fs::write(place.path("q").join(name), text).unwrap());
    let first = start(&place, "apply p -auto-approve");
    first_wave(&place);
    let second = place.run("apply q -auto-approve -journal p/.ordain");
    let process = format!("(process {})", first.id());
    assert_eq!(second.code, 1, "{:#.2000}", second.out);
    let words = second.err.split_whitespace().filter(|word| *word != "|").collect::<Vec<_>>().join(" ");
    assert!(words.contains("error[lease]") && words.contains(&process), "{words}");
    assert!(words.contains("holds the lease of aws:111111111111/eu-west-1 since 20"), "{words}");
    assert!(words.ends_with("nothing was changed."), "{words}");
    let first = Ended::of(first.wait_with_output().unwrap());
    assert_eq!((first.code, first.err.as_str()), (0, ""));
    whole(&place);
}

#[test]
fn of_many_who_begin_at_once_no_two_write_together() {
    let place = unmet(200);
    for _ in 0..3 {
        fs::write(place.path("p/estate.json"), &files(200, Groups::Unmet)["estate.json"]).unwrap();
        let run = |_| {
            let mut command = place.command("apply p -auto-approve");
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        };
        let children: Vec<_> = (0..6).map(run).collect();
        let ended: Vec<Ended> =
            children.into_iter().map(|child| Ended::of(child.wait_with_output().unwrap())).collect();
        assert!(ended.iter().any(|ended| ended.code == 0));
        for ended in &ended {
            // Whoever planned before the winner wrote, and came after it, finds everything as planned.
            assert!(ended.code == 0 || ended.err.contains("error[lease]"), "{} {}", ended.code, ended.err);
        }
        assert_eq!(place.run("plan p -detailed-exitcode").code, 0);
        whole(&place);
    }
}

#[test]
fn the_lease_of_a_killed_process_is_there_for_the_next_at_once() {
    let place = unmet(3_000);
    let first = start(&place, "apply p -auto-approve");
    first_wave(&place);
    signal(&first, Signal::KILL);
    first.wait_with_output().unwrap();
    let next = place.run("apply p -auto-approve");
    assert_eq!(next.code, 0, "{:#.2000} {}", next.out, next.err);
    whole(&place);
}
