//! A signal that asks to end: an apply ends with a full ledger, everything else at once, and no part of a file is left.

use super::applies::{complete, met, signal, start, unmet};
use super::{Ended, Place};
use ordain_tests::kills::recorded;
use rustix::process::Signal;
use serde_json::Value;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Waits until an apply has recorded the outcomes of its first wave.
pub(crate) fn first_wave(place: &Place) {
    let until = Instant::now() + Duration::from_secs(60);
    while recorded(&place.path("p")).outcomes.is_empty() {
        assert!(Instant::now() < until, "no outcome after a minute");
        sleep(Duration::from_millis(1));
    }
}

/// How many log groups the estate keeps for a year.
fn kept(place: &Place) -> usize {
    fs::read_to_string(place.path("p/estate.json")).unwrap().matches("\"365d\"").count()
}

#[test]
fn an_interrupt_ends_an_apply_with_a_full_ledger() {
    for asked in [Signal::INT, Signal::TERM] {
        let place = unmet(2_000);
        let child = start(&place, "apply p -auto-approve -json");
        first_wave(&place);
        signal(&child, asked);
        let ended = Ended::of(child.wait_with_output().unwrap());
        assert_eq!((ended.code, ended.err.as_str()), (1, ""), "{:#.2000}", ended.out);
        let report: Value = serde_json::from_str(&ended.out).unwrap();
        let counts = &report["ledger"]["counts"];
        let (applied, left) = (counts["applied"].as_u64().unwrap(), counts["not_reached"].as_u64().unwrap());
        assert_eq!((applied + left, report["headline"]["verdict"].as_str()), (2_000, Some("failed")), "{counts}");
        assert_eq!(kept(&place), applied as usize, "the ledger is what the estate holds");
        let journal = recorded(&place.path("p"));
        assert_eq!((journal.begun, journal.ended, journal.in_doubt), (1, 1, 0));
        assert_eq!(journal.outcomes["applied"] + journal.outcomes["not_reached"], 2_000);
        complete(&place, &met(2_000), "after an interrupt");
    }
}

#[test]
fn an_interrupt_is_answered_at_once_and_a_second_one_ends_the_run() {
    let place = unmet(2_000);
    let child = start(&place, "apply p -auto-approve");
    first_wave(&place);
    signal(&child, Signal::INT);
    signal(&child, Signal::TERM);
    let ended = child.wait_with_output().unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    assert!(said.contains("Stopping after the requests under way. Once more ends at once"), "{said}");
    // Which of two pending signals is heard first is the system's choice.
    let by = ended.status.signal();
    assert!([Signal::INT, Signal::TERM].iter().any(|signal| by == Some(signal.as_raw())), "{by:?}: {said}");
    assert_eq!(recorded(&place.path("p")).ended, 0);
    complete(&place, &met(2_000), "after two signals");
}

#[test]
fn a_signal_leaves_no_part_of_a_file() {
    for line in ["plan p -out out.file", "snapshot p -out out.file"] {
        let place = unmet(4_000);
        let from = Instant::now();
        assert_eq!(place.run(line).code, 0);
        let whole = from.elapsed();
        let wanted = fs::read(place.path("out.file")).unwrap();
        for kill in 0..8 {
            fs::remove_file(place.path("out.file")).unwrap_or(());
            let child = start(&place, line);
            sleep(whole * (4 + 2 * kill) / 20);
            signal(&child, [Signal::INT, Signal::TERM][kill as usize % 2]);
            let ended = child.wait_with_output().unwrap();
            assert_eq!(String::from_utf8(ended.stderr).unwrap(), "", "{line}: quietly");
            let names: Vec<_> =
                fs::read_dir(place.path(".")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
            assert!(names.iter().all(|name| name == "p" || name == "out.file"), "{line}: {names:?}");
            if Path::exists(&place.path("out.file")) {
                assert!(fs::read(place.path("out.file")).unwrap() == wanted, "{line}: a part of a file");
            }
        }
    }
}
