//! An apply that is interrupted or killed: what was done is recorded, what was not is planned again, and nothing is lost.

use super::{Ended, Place};
use ordain_tests::kills::{dice, number, recorded};
use ordain_tests::sizes::{Groups, files};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// A profile that so many log groups do not meet.
fn unmet(number: usize) -> Place {
    let place = Place(tempfile::tempdir().unwrap());
    fs::create_dir(place.path("p")).unwrap();
    begin_again(&place, number);
    place
}

fn begin_again(place: &Place, number: usize) {
    for (name, text) in files(number, Groups::Unmet) {
        fs::write(place.path("p").join(name), text).unwrap();
    }
}

/// What a command prints is read after it ended: a pipe that is full would hold it.
fn start(place: &Place, line: &str) -> Child {
    let out = if line.ends_with("-json") { Stdio::piped() } else { Stdio::null() };
    place.command(line).stdout(out).stderr(Stdio::piped()).spawn().unwrap()
}

fn signal(child: &Child, signal: Signal) {
    // It may have come to its end by itself.
    let _ = kill_process(Pid::from_child(child), signal);
}

/// Waits until an apply has recorded the outcomes of its first wave.
fn first_wave(place: &Place) {
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

/// Plans what is left and applies it: then all is as demanded, and every journal is whole.
fn complete(place: &Place, number: usize, seed: &str) {
    let planned = place.run("plan p -out rest.json -detailed-exitcode");
    assert!([0, 2].contains(&planned.code), "{seed}: {planned:#?}");
    let applied = place.run("apply rest.json -auto-approve");
    assert_eq!(applied.code, 0, "{seed}: {applied:#?}");
    let again = place.run("plan p -detailed-exitcode");
    assert_eq!(again.code, 0, "{seed}: {again:#?}");
    let mut wanted: Value = serde_json::from_str(&files(number, Groups::Unmet)["estate.json"]).unwrap();
    let groups = wanted.pointer_mut("/cells/aws:111111111111~1eu-west-1/aws_cloudwatch_log_group").unwrap();
    groups.as_object_mut().unwrap().values_mut().for_each(|group| group["settings"]["retention"] = "365d".into());
    let estate = fs::read_to_string(place.path("p/estate.json")).unwrap();
    assert!(serde_json::from_str::<Value>(&estate).unwrap() == wanted, "{seed}: the estate is another one");
    assert!(!place.path("p/estate.json.pending").exists(), "{seed}");
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
        complete(&place, 2_000, "after an interrupt");
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
    complete(&place, 2_000, "after two signals");
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

/// Waits until an apply has begun, which it may never.
fn begun(place: &Place, child: &mut Child) {
    while recorded(&place.path("p")).begun == 0 && child.try_wait().unwrap().is_none() {
        sleep(Duration::from_micros(200));
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "how often a kill hit steps under way is what a long run records")]
fn an_apply_that_was_killed_is_completed_by_the_next() {
    let place = unmet(200);
    let from = Instant::now();
    let mut child = start(&place, "apply p -auto-approve");
    begun(&place, &mut child);
    let first = from.elapsed();
    assert!(child.wait().unwrap().success());
    let whole = from.elapsed();
    let (mut in_doubt, mut cut) = (0, 0);
    for kill in 0..number(10) {
        let _ = fs::remove_dir_all(place.path("p/.ordain"));
        begin_again(&place, 200);
        let mut dice = dice(kill);
        let mut child = start(&place, "apply p -auto-approve");
        // One in five at any instant, the others while steps run.
        let length = if dice.below(5) == 0 { whole } else { whole - first };
        if length != whole {
            begun(&place, &mut child);
        }
        let delay = Duration::from_micros(dice.below(length.as_micros() as u64));
        sleep(delay);
        signal(&child, Signal::KILL);
        child.wait_with_output().unwrap();
        let left = recorded(&place.path("p"));
        in_doubt += usize::from(left.in_doubt > 0);
        cut += usize::from(left.begun > left.ended);
        complete(&place, 200, &format!("kill {kill} after {delay:?}"));
        let after = recorded(&place.path("p"));
        let done = after.outcomes.get("applied").unwrap_or(&0) + after.outcomes.get("already").unwrap_or(&0);
        assert!(done <= 200 + left.in_doubt && done + left.in_doubt >= 200, "kill {kill}: {left:?} {after:?}");
    }
    println!("{} killed: {cut} while steps ran, {in_doubt} of these with steps in doubt", number(10));
}
