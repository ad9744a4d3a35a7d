//! An apply of 80 steps on fakecloud, 215 on moto, twelve of which create something, is killed at a random call: just before
//! it arrives, just after it was carried out, or some milliseconds later. The next plan and apply complete it; nothing is
//! made twice or lost.
//!
//! Rounds follow each other in one world. Each demands more than the one before: a longer retention, a flow log to one more
//! place. So what a kill made twice, or lost, stays to be seen.

use crate::scenario::{Scenario, changes, on};
use ordain_tests::backend::{Kind, REGION};
use ordain_tests::kills::{dice, number, recorded};
use ordain_tests::proxy::{Fault, Rule};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use std::process::Stdio;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// Retentions that CloudWatch knows.
const DAYS: [u32; 20] =
    [3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288];

/// Regions of log groups.
const REGIONS: usize = 29;
/// Networks at home: each step makes a flow log.
const NETWORKS: usize = 12;

/// In every region two log groups, at home networks: as many as their APIs take at once at the rate that the program keeps,
/// so that an apply waits for the back end and not for its turn. Five repositories are in every region of moto; fakecloud
/// shows those of one region in all of them, and has ten. Launch templates are on neither: fakecloud forgets the
/// description by which a version that Ordain made is known again, and moto the other fields of its source.
struct World {
    /// The regions but home, quoted, with commas.
    others: String,
    repositories: usize,
}

impl World {
    fn seeded(scenario: &Scenario) -> World {
        let (repositories, spread) = if scenario.backend.kind == Kind::Moto { (5 * REGIONS, "1") } else { (10, "0") };
        let others = scenario.seed("kills", &[&NETWORKS.to_string(), spread]);
        let others: Vec<String> = others.as_array().expect("regions").iter().map(Value::to_string).collect();
        assert_eq!(others.len() + 1, REGIONS);
        World { others: others.join(", "), repositories }
    }

    fn spread(&self) -> &'static str {
        if self.repositories > 10 { "1" } else { "0" }
    }

    fn steps(&self) -> usize {
        REGIONS * 2 + self.repositories + NETWORKS
    }

    fn profile(&self, round: usize) -> String {
        let (others, days) = (&self.others, DAYS[round]);
        let keeping = if self.repositories > 10 { "target.aws.home, target.aws.others" } else { "target.aws.home" };
        format!(
            r#"
            target "aws" "home" {{
              regions     = ["{REGION}"]
              max_changes = 500
              max_percent = 100
            }}
            target "aws" "others" {{
              regions     = [{others}]
              max_changes = 500
              max_percent = 100
            }}
            require "aws_cloudwatch_log_group" "kept" {{
              targets = [target.aws.home, target.aws.others]
              where   = startswith(self.name, "/app/")
              must {{ retention = at_least("{days}d") }}
            }}
            require "aws_ecr_repository" "kept" {{
              targets = [{keeping}]
              where   = true
              must {{ image_retention = at_least("{days}d") }}
            }}
            require "aws_vpc" "logged" {{
              targets = [target.aws.home]
              where   = lookup(self.tags, "scenario", "") == "kills"
              must {{
                flow_logs            = superset_of(["accept", "reject"])
                flow_log_destination = superset_of(["arn:aws:s3:::flow-logs-{round}"])
              }}
            }}
            "#
        )
    }

    /// What the back end holds once so many rounds are complete: every product once.
    fn complete(&self, rounds: usize) -> Value {
        let days = DAYS[rounds - 1];
        let places: Vec<String> = (0..rounds).map(|round| round.to_string()).collect();
        json!({
            format!("network [{}]", places.join(", ")): NETWORKS,
            format!("log group {days}"): REGIONS * 2,
            format!("repository {days}"): self.repositories,
        })
    }
}

#[test]
fn an_apply_on_fakecloud_that_was_killed_makes_nothing_twice_and_loses_nothing() {
    in_worlds(Kind::Fakecloud, number(5));
}

#[test]
fn an_apply_on_moto_that_was_killed_makes_nothing_twice_and_loses_nothing() {
    in_worlds(Kind::Moto, number(40).div_ceil(20));
}

/// A fresh world after each nineteen kills: then CloudWatch has no longer retention to demand.
fn in_worlds(kind: Kind, kills: u64) {
    let each = DAYS.len() as u64 - 1;
    for first in (0..kills).step_by(each as usize) {
        on(kind, |scenario| {
            let world = World::seeded(scenario);
            killed(scenario, &world, first, each.min(kills - first) as usize);
        });
    }
}

/// One round without a kill, to know how many calls there are, then so many with one each.
#[expect(clippy::print_stdout, reason = "how often a kill hit steps under way is what a long run records")]
fn killed(scenario: &Scenario, world: &World, first: u64, rounds: usize) {
    scenario.write("main.hcl", &world.profile(0));
    let (code, plan) = scenario.report(&["plan", "."]);
    assert_eq!((code, plan["steps"].as_array().map(Vec::len)), (0, Some(world.steps())), "{:#}", plan["headline"]);
    scenario.proxy.clear();
    assert_eq!(scenario.report(&["apply", ".", "-auto-approve"]).0, 0);
    let calls = scenario.proxy.calls().len() as u64;
    for round in 1..=rounds {
        let kill = first + round as u64;
        scenario.write("main.hcl", &world.profile(round));
        kill_at_random(scenario, kill, calls);
        scenario.proxy.clear();
        let left = scenario.ordain(&["plan", ".", "-out", "rest.json"]);
        assert_eq!(left.code, 0, "kill {kill}: {left:#?}");
        let (code, applied) = scenario.report(&["apply", "rest.json", "-auto-approve"]);
        assert_eq!(code, 0, "kill {kill}: {:#}", applied["ledger"]);
        let (code, again) = scenario.report(&["plan", ".", "-detailed-exitcode"]);
        assert_eq!((code, changes(&again)), (0, Vec::<String>::new()), "kill {kill}");
    }
    let now = scenario.backend.python("seeds/kills.py", &["read", world.spread()]);
    assert_eq!(
        now,
        world.complete(rounds + 1),
        "{}: kills {first} to {}",
        scenario.backend.kind.name(),
        first + rounds as u64
    );
    let journals = recorded(&scenario.path("."));
    println!("{}: {rounds} killed, {} steps in doubt", scenario.backend.kind.name(), journals.in_doubt);
}

/// Starts an apply and kills it at one of its calls.
fn kill_at_random(scenario: &Scenario, kill: u64, calls: u64) {
    let mut dice = dice(kill);
    let (at, manner, late) = (dice.below(calls), dice.below(3), Duration::from_micros(dice.below(20_000)));
    let (victim, seen) = (Arc::new(OnceLock::new()), Arc::new(AtomicU64::new(0)));
    let strikes = {
        let victim = Arc::clone(&victim);
        move || {
            if seen.fetch_add(1, Ordering::SeqCst) == at {
                if manner == 2 {
                    std::thread::sleep(late);
                }
                // It may have come to its end by itself.
                let _ = kill_process(*victim.wait(), Signal::KILL);
            }
        }
    };
    let strikes = Arc::new(strikes);
    let fault = if manner == 0 { Fault::Meanwhile(strikes) } else { Fault::Afterwards(strikes) };
    scenario.proxy.rule(Rule::always("*", fault));
    let mut command = scenario.command(&["apply", ".", "-auto-approve", "-json"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("ordain runs");
    victim.set(Pid::from_child(&child)).expect("set once");
    child.wait().expect("it ends");
}
