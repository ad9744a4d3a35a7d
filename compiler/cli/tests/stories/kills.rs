//! An apply that is killed: what was done is recorded, what was not is planned again, and nothing is lost.

use super::Place;
use super::applies::{complete, met, signal, start, unmet};
use ordain_tests::dice::Dice;
use ordain_tests::kills::{Histogram, Recorded, dice, number, recorded, syncing, until_syncing};
use rustix::process::Signal;
use serde_json::{Value, json};
use std::fs;
use std::process::Child;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// What creates something on an account: on an estate it is the same step as any other.
const CREATING: &str = r#"
require "aws_vpc" "logged" {
  where = true
  must {
    flow_logs            = superset_of(["accept", "reject"])
    flow_log_destination = superset_of(["arn:aws:s3:::flow-logs"])
  }
}
require "aws_launch_template" "near" {
  where = true
  must { metadata_hop_limit = at_most(1) }
}
"#;

/// Of 200 steps, so many of each sort that creates.
const OF_EACH: usize = 20;

/// A profile of 200 steps, 40 of which create something.
fn mixed() -> Place {
    let place = unmet(200 - 2 * OF_EACH);
    let mut profile = fs::read_to_string(place.path("p/main.hcl")).unwrap();
    profile.push_str(CREATING);
    fs::write(place.path("p/main.hcl"), profile).unwrap();
    place
}

/// The estate of [`mixed`]: that of its log groups, with what creates something before it or after it was done.
fn with_creating(mut estate: Value, done: bool) -> Value {
    let cell = estate["cells"]["aws:111111111111/eu-west-1"].as_object_mut().unwrap();
    let of = |settings: Value| json!({"attributes": {}, "settings": settings});
    for at in 0..OF_EACH {
        let (traffic, places) = if done {
            (json!(["accept", "reject"]), json!(["arn:aws:s3:::flow-logs"]))
        } else {
            (json!([]), json!([]))
        };
        cell.entry("aws_vpc").or_insert(json!({}))[format!("vpc-{at}")] =
            of(json!({"flow_logs": traffic, "flow_log_destination": places}));
        cell.entry("aws_launch_template").or_insert(json!({}))[format!("lt-{at}")] =
            of(json!({"metadata_hop_limit": if done { 1 } else { 4 }}));
    }
    estate
}

/// Waits until an apply has begun, which it may never.
fn begun(place: &Place, child: &mut Child) {
    while recorded(&place.path("p")).begun == 0 && child.try_wait().unwrap().is_none() {
        sleep(Duration::from_micros(200));
    }
}

/// When an apply is killed.
enum When {
    /// At any instant from its start.
    Ever(Duration),
    /// While steps run.
    Running(Duration),
    /// While it waits for the disk, for the so manieth time.
    Syncing(u64),
}

impl When {
    /// One in five at any instant, two in five while it waits for the disk, the others while steps run.
    fn thrown(dice: &mut Dice, apply: &Apply) -> When {
        let mut within = |time: Duration| Duration::from_micros(dice.below(time.as_micros() as u64));
        let (ever, running) = (within(apply.whole), within(apply.whole - apply.first));
        match dice.below(5) {
            0 => When::Ever(ever),
            1 | 2 => When::Syncing(1 + dice.below(apply.syncs)),
            _ => When::Running(running),
        }
    }

    fn wait(&self, place: &Place, child: &mut Child) {
        match self {
            When::Ever(delay) => sleep(*delay),
            When::Running(delay) => {
                begun(place, child);
                sleep(*delay);
            }
            When::Syncing(times) => {
                until_syncing(child.id(), *times, &mut ended(child));
            }
        }
    }
}

fn ended(child: &mut Child) -> impl FnMut() -> bool {
    || child.try_wait().is_ok_and(|ended| ended.is_some())
}

/// How an apply goes that nobody kills.
struct Apply {
    /// From its start until steps begin to run.
    first: Duration,
    /// From its start to its end.
    whole: Duration,
    /// How often it waits for the disk.
    syncs: u64,
}

impl Apply {
    /// Two applies of the same estate.
    fn measured(place: &Place, unmet: &str) -> Apply {
        begin_again(place, unmet);
        let from = Instant::now();
        let mut child = start(place, "apply p -auto-approve");
        begun(place, &mut child);
        let first = from.elapsed();
        assert!(child.wait().unwrap().success());
        let whole = from.elapsed();
        begin_again(place, unmet);
        let mut child = start(place, "apply p -auto-approve");
        let syncs = until_syncing(child.id(), u64::MAX, &mut ended(&mut child));
        Apply { first, whole, syncs: syncs.max(1) }
    }
}

fn begin_again(place: &Place, unmet: &str) {
    let _ = fs::remove_dir_all(place.path("p/.ordain"));
    fs::write(place.path("p/estate.json"), unmet).unwrap();
}

/// How `ordain log` reads the journal: the chain holds. The steps that it says are in doubt.
fn logged(place: &Place, seed: &str) -> usize {
    let log = place.run("log p");
    assert!(log.code == 0 && log.out.contains("the chain holds."), "{seed}: {log:#?}");
    log.out.lines().filter(|line| line.starts_with("  in doubt ")).count()
}

#[test]
#[expect(clippy::print_stdout, reason = "where kills fell is what a long run records")]
fn an_apply_that_was_killed_is_completed_by_the_next() {
    let place = mixed();
    let groups = serde_json::from_str(&fs::read_to_string(place.path("p/estate.json")).unwrap()).unwrap();
    let unmet = with_creating(groups, false).to_string();
    let met = with_creating(met(200 - 2 * OF_EACH), true);
    let apply = Apply::measured(&place, &unmet);
    let mut histogram = Histogram::default();
    for kill in 0..number(10) {
        begin_again(&place, &unmet);
        let mut dice = dice(kill);
        let when = When::thrown(&mut dice, &apply);
        let mut child = start(&place, "apply p -auto-approve");
        when.wait(&place, &mut child);
        if syncing(child.id()) {
            histogram.mark("while it waited for the disk");
        }
        signal(&child, Signal::KILL);
        child.wait_with_output().unwrap();
        let left = recorded(&place.path("p"));
        histogram.fell(&Recorded::default(), &left);
        let seed = format!("kill {kill}");
        assert_eq!(logged(&place, &seed), left.in_doubt, "{seed}");
        complete(&place, &met, &seed);
        assert_eq!(logged(&place, &seed), 0, "{seed}: what was in doubt was found out");
        let after = recorded(&place.path("p"));
        let done = after.outcomes.get("applied").unwrap_or(&0) + after.outcomes.get("already").unwrap_or(&0);
        assert!(done <= 200 + left.in_doubt && done + left.in_doubt >= 200, "{seed}: {left:?} {after:?}");
    }
    println!("an estate: {}", histogram.text());
}
