//! An apply of 200 steps on fakecloud, 215 on moto, twenty-four and twelve of which create something, is killed at a random call: just
//! before it arrives, just after it was carried out, or some milliseconds later. The next plan and apply complete it; nothing is
//! made twice or lost.
//!
//! Rounds follow each other in one world. Each demands more than the one before: a longer retention, a flow log to one more
//! place, one hop less. So what a kill made twice, or lost, stays to be seen.

use crate::scenario::{Scenario, beside, changes, on};
use ordain_tests::backend::{Kind, REGION};
use ordain_tests::descriptions::{VERSIONS, descriptions};
use ordain_tests::dice::Dice;
use ordain_tests::kills::{Histogram, dice, number, recorded};
use ordain_tests::proxy::{Call, Fault, Rule};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use std::process::Stdio;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
use std::time::Duration;

/// Retentions that CloudWatch knows.
const DAYS: [u32; 20] =
    [3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288];

/// Regions of log groups.
const REGIONS: usize = 29;
/// Networks at home: each step makes a flow log.
const NETWORKS: usize = 12;
/// Launch templates at home: each step makes a version, then makes it the default one.
const TEMPLATES: usize = 12;
/// Hops that templates begin with.
const HOPS: usize = 64;

/// So many of each sort that an apply waits for the back end and hardly for its turn at the rate that the program keeps:
/// log groups in every region, networks and templates at home. Repositories are in every region of moto; fakecloud shows those
/// of one region in all of them. fakecloud forgets the description by which a version that Ordain made is known again: the
/// proxy shows it. moto has no defaults of the account, on which the hops of a template rest: there are no templates.
struct World {
    /// The regions but home, quoted, with commas.
    others: String,
    /// Log groups in each region.
    groups: usize,
    repositories: usize,
    buckets: usize,
    templates: usize,
}

impl World {
    fn seeded(scenario: &Scenario) -> World {
        let (groups, repositories, buckets, templates, spread) = match scenario.backend.kind {
            Kind::Moto => (2, 5 * REGIONS, 0, 0, "1"),
            Kind::Fakecloud | Kind::Azurite => (5, 18, 13, TEMPLATES, "0"),
        };
        scenario.proxy.amend(VERSIONS, &descriptions());
        let counts = [groups, repositories, buckets, NETWORKS, templates].map(|count| count.to_string());
        let counts: Vec<&str> = counts.iter().map(String::as_str).chain([spread]).collect();
        let others = scenario.seed("kills", &counts);
        let others: Vec<String> = others.as_array().expect("regions").iter().map(Value::to_string).collect();
        assert_eq!(others.len() + 1, REGIONS);
        World { others: others.join(", "), groups, repositories, buckets, templates }
    }

    fn spread(&self) -> bool {
        self.repositories > REGIONS
    }

    fn steps(&self) -> usize {
        REGIONS * self.groups + self.repositories + self.buckets + NETWORKS + self.templates
    }

    fn profile(&self, round: usize) -> String {
        let (others, days, hops) = (&self.others, DAYS[round], HOPS - 1 - round);
        let keeping = if self.spread() { "target.aws.home, target.aws.others" } else { "target.aws.home" };
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
            require "aws_s3_bucket" "kept" {{
              targets = [target.aws.home]
              where   = startswith(self.name, "kept-")
              must {{ retention = {{ "logs/" = at_least("{days}d") }} }}
            }}
            require "aws_vpc" "logged" {{
              targets = [target.aws.home]
              where   = lookup(self.tags, "scenario", "") == "kills"
              must {{
                flow_logs            = superset_of(["accept", "reject"])
                flow_log_destination = superset_of(["arn:aws:s3:::flow-logs-{round}"])
              }}
            }}
            require "aws_launch_template" "near" {{
              targets = [target.aws.home]
              where   = true
              must {{ metadata_hop_limit = at_most({hops}) }}
            }}
            "#
        )
    }

    /// What the back end holds once so many rounds are complete: every product once.
    fn complete(&self, rounds: usize) -> Value {
        let days = DAYS[rounds - 1];
        let places: Vec<String> = (0..rounds).map(|round| round.to_string()).collect();
        let mut complete = json!({
            format!("network [{}]", places.join(", ")): NETWORKS,
            format!("log group {days}"): REGIONS * self.groups,
            format!("repository {days}"): self.repositories,
        });
        if self.buckets > 0 {
            complete[format!("bucket {days}")] = json!(self.buckets);
        }
        if self.templates > 0 {
            let name = format!("template of {} versions, {} hops", rounds + 1, HOPS - rounds);
            complete[name] = json!(self.templates);
        }
        complete
    }
}

#[test]
fn an_apply_on_fakecloud_that_was_killed_makes_nothing_twice_and_loses_nothing() {
    in_worlds(Kind::Fakecloud, number(3));
}

#[test]
fn an_apply_on_moto_that_was_killed_makes_nothing_twice_and_loses_nothing() {
    in_worlds(Kind::Moto, number(40).div_ceil(20));
}

/// A fresh world after each nineteen kills: then CloudWatch has no longer retention to demand. `ORDAIN_WORLDS` are beside each other.
#[expect(clippy::print_stdout, reason = "where kills fell is what a long run records")]
fn in_worlds(kind: Kind, kills: u64) {
    let each = DAYS.len() as u64 - 1;
    let (next, all) = (AtomicUsize::new(0), Mutex::new(Histogram::default()));
    let worker = || {
        loop {
            let first = next.fetch_add(1, Ordering::SeqCst) as u64 * each;
            if first >= kills {
                return;
            }
            on(kind, |scenario| {
                let world = World::seeded(scenario);
                let fell = killed(scenario, &world, first, each.min(kills - first) as usize);
                let mut all = all.lock().expect("no test panics while it holds the lock");
                all.add(fell);
                println!("{}: {}", kind.name(), all.text());
            });
        }
    };
    thread::scope(|scope| {
        (0..beside()).for_each(|_| {
            scope.spawn(worker);
        });
    });
}

/// One round without a kill, to know how many calls there are, then so many with one each.
fn killed(scenario: &Scenario, world: &World, first: u64, rounds: usize) -> Histogram {
    let mut histogram = Histogram::default();
    scenario.write("main.hcl", &world.profile(0));
    let (code, plan) = scenario.report(&["plan", "."]);
    assert_eq!((code, plan["steps"].as_array().map(Vec::len)), (0, Some(world.steps())), "{:#}", plan["headline"]);
    scenario.proxy.clear();
    assert_eq!(scenario.report(&["apply", ".", "-auto-approve"]).0, 0);
    let calls = scenario.proxy.calls();
    for round in 1..=rounds {
        let kill = first + round as u64;
        scenario.write("main.hcl", &world.profile(round));
        let in_doubt = kill_at_random(scenario, kill, &calls, &mut histogram);
        scenario.proxy.clear();
        assert_eq!(log(scenario, kill), in_doubt, "kill {kill}");
        let left = scenario.ordain(&["plan", ".", "-out", "rest.json"]);
        assert_eq!(left.code, 0, "kill {kill}: {left:#?}");
        let (code, applied) = scenario.report(&["apply", "rest.json", "-auto-approve"]);
        assert_eq!(code, 0, "kill {kill}: {:#}", applied["ledger"]);
        assert_eq!(log(scenario, kill), 0, "kill {kill}: what was in doubt was found out");
        let (code, again) = scenario.report(&["plan", ".", "-detailed-exitcode"]);
        assert_eq!((code, changes(&again)), (0, Vec::<String>::new()), "kill {kill}");
    }
    let spread = if world.spread() { "1" } else { "0" };
    let now = scenario.backend.python("seeds/kills.py", &["read", spread]);
    let seed = format!("{}: kills {first} to {}", scenario.backend.kind.name(), first + rounds as u64);
    assert_eq!(now, world.complete(rounds + 1), "{seed}");
    histogram
}

/// Which call a kill is at: a third of the kills at any call, a third at one that writes, a third at one that makes something.
fn chosen(dice: &mut Dice, calls: &[Call]) -> (fn(&Call) -> bool, u64) {
    let sorts: [fn(&Call) -> bool; 3] = [|_| true, |call| !call.reads(), makes];
    let sort = sorts[dice.below(3) as usize];
    let number = calls.iter().filter(|call| sort(call)).count() as u64;
    (sort, dice.below(number))
}

/// Whether a call makes something, or a version that was made the default one.
fn makes(call: &Call) -> bool {
    let names = ["ec2:CreateFlowLogs", "ec2:CreateLaunchTemplateVersion", "ec2:ModifyLaunchTemplate"];
    names.contains(&call.operation.name.as_str())
}

/// Starts an apply and kills it at one of its calls, which are about those of another one. How many steps are in doubt then.
fn kill_at_random(scenario: &Scenario, kill: u64, calls: &[Call], histogram: &mut Histogram) -> usize {
    let mut dice = dice(kill);
    let (sort, at) = chosen(&mut dice, calls);
    let (manner, late) = (dice.below(3), Duration::from_micros(dice.below(20_000)));
    let (victim, seen, struck) = (Arc::new(OnceLock::new()), AtomicU64::new(0), Arc::new(OnceLock::new()));
    let strikes = {
        let (victim, struck) = (Arc::clone(&victim), Arc::clone(&struck));
        move |call: &Call| {
            if sort(call) && seen.fetch_add(1, Ordering::SeqCst) == at {
                if manner == 2 {
                    thread::sleep(late);
                }
                struck.set(call.operation.name.clone()).expect("set once");
                // It may have come to its end by itself.
                let _ = kill_process(*victim.wait(), Signal::KILL);
            }
        }
    };
    let strikes = Arc::new(strikes);
    let fault = if manner == 0 { Fault::Meanwhile(strikes) } else { Fault::Afterwards(strikes) };
    let before = recorded(&scenario.path("."));
    scenario.proxy.rule(Rule::always("*", fault));
    let mut command = scenario.command(&["apply", ".", "-auto-approve", "-json"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("ordain runs");
    victim.set(Pid::from_child(&child)).expect("set once");
    child.wait().expect("it ends");
    let after = recorded(&scenario.path("."));
    histogram.fell(&before, &after);
    let manner = ["before it arrived", "after it was carried out", "some milliseconds later"][manner as usize];
    histogram.mark(struck.get().map_or("at no call".to_owned(), |name| format!("at {name}, {manner}")));
    after.in_doubt - before.in_doubt
}

/// How `ordain log` reads the journal: the chain holds. The steps that it says are in doubt.
fn log(scenario: &Scenario, kill: u64) -> usize {
    let log = scenario.ordain(&["log", "."]);
    assert!(log.code == 0 && log.stdout.contains("the chain holds."), "kill {kill}: {log:#?}");
    log.stdout.lines().filter(|line| line.starts_with("  in doubt ")).count()
}
