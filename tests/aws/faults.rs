//! Every fault at every operation that an apply uses: what the ledger says is what the back end holds.
//!
//! One plan over some objects of each sort is applied again and again, then the plan that undoes it. In each round one operation
//! of every row has the fault, so that all rounds together reach every operation; then the back end is asked by an official
//! client. `tests/run faults` takes every fault, there and back.

mod case;
mod outcomes;
mod table;

use crate::scenario::{Scenario, beside, on};
use case::{Case, all, cases};
use ordain_tests::backend::Kind;
use ordain_tests::descriptions::{VERSIONS, descriptions};
use outcomes::Outcomes;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::thread;
use table::{PARTLY, Row, SESSION, allowed, profile, rows};

#[test]
fn the_ledger_is_what_fakecloud_holds_whatever_fails() {
    in_worlds(Kind::Fakecloud);
}

#[test]
fn the_ledger_is_what_moto_holds_whatever_fails() {
    in_worlds(Kind::Moto);
}

/// What was seen in all worlds.
#[derive(Default)]
struct Seen {
    called: BTreeSet<String>,
    outcomes: Outcomes,
}

/// Every case at every operation, the cases shared out among worlds.
#[expect(clippy::print_stdout, reason = "what comes of each fault is what a long run records")]
fn in_worlds(kind: Kind) {
    let (seen, worlds) = (Mutex::new(Seen::default()), beside());
    let hold = |world: usize| {
        let mine = cases().into_iter().enumerate().filter(|(at, _)| at % worlds == world).map(|(_, case)| case);
        let mine: Vec<Case> = mine.collect();
        on(kind, |scenario| hold(scenario, &mine, &seen));
    };
    thread::scope(|scope| {
        (0..worlds).for_each(|world| drop(scope.spawn(move || hold(world))));
    });
    let Seen { called, outcomes } = seen.into_inner().expect("no world panicked");
    let listed = rows(kind).iter().flat_map(|row| row.operations).chain(SESSION).copied();
    let listed: BTreeSet<String> = listed.map(str::to_owned).collect();
    assert!(called.is_subset(&listed), "not in the table: {:?}", called.difference(&listed));
    assert!(!all() || called == listed, "in the table and not called: {:?}", listed.difference(&called));
    println!("{}: what the ledger said\n{}", kind.name(), outcomes.text());
}

/// Some cases at every operation; and all of that on the way back, where everything is asked for.
fn hold(scenario: &Scenario, cases: &[Case], seen: &Mutex<Seen>) {
    // A version is made once for each token, as EC2 documents it, and keeps its description; fakecloud knows neither.
    scenario.proxy.once(&["ec2:CreateLaunchTemplateVersion"]);
    scenario.proxy.amend(VERSIONS, &descriptions());
    let there = Matrix::there(scenario);
    there.hold(cases, seen);
    if all() {
        there.back().hold(cases, seen);
    }
}

/// A plan, and what the back end holds before and after it.
struct Matrix<'a> {
    scenario: &'a Scenario,
    rows: &'a [Row],
    sorts: Vec<&'a str>,
    plan: &'a str,
    /// The plan that leads to where this one begins.
    first: Option<&'a str>,
    before: Value,
    after: Value,
    /// By object and unit, the settings of a step.
    steps: BTreeMap<(String, String), Vec<String>>,
    /// What an apply without a fault calls, and how it ends.
    called: BTreeSet<String>,
    code: i32,
}

fn short(object: &Value) -> String {
    let object = object.as_str().expect("an address");
    object.rsplit('/').next().unwrap_or(object).replace("%2F", "/")
}

impl<'a> Matrix<'a> {
    /// Seeds, plans, and applies once without a fault.
    fn there(scenario: &'a Scenario) -> Matrix<'a> {
        let rows = rows(scenario.backend.kind);
        let sorts = Vec::from_iter(rows.iter().map(|row| row.sort).collect::<BTreeSet<_>>());
        let before = scenario.seed("faults", &sorts);
        scenario.write("main.hcl", &profile(&sorts));
        let (code, plan) = scenario.report(&[&["plan", ".", "-out", "plan.json"], allowed(&sorts)].concat());
        assert_eq!((code, &plan["withheld"]), (0, &json!([])), "{:#}", plan["headline"]);
        let (steps, called) = (BTreeMap::new(), BTreeSet::new());
        let there = Matrix {
            scenario,
            rows,
            sorts,
            plan: "plan.json",
            first: None,
            before,
            after: Value::Null,
            steps,
            called,
            code: 0,
        };
        let there = there.measured();
        assert_eq!(there.code, 0, "the plan is applied");
        there
    }

    /// The plan that undoes it.
    fn back(self) -> Matrix<'a> {
        let applies = std::fs::read_dir(self.scenario.path(".ordain/applies")).expect("applies");
        let first = applies.map(|entry| entry.expect("an entry").path()).min().expect("one");
        std::fs::copy(first.join("revert.json"), self.scenario.path("revert.json")).expect("a file");
        let before = self.after.clone();
        let back = Matrix { plan: "revert.json", first: Some("plan.json"), before, ..self };
        back.reset();
        back.measured()
    }

    /// Applies once without a fault, and says what that needs and where it leads.
    fn measured(mut self) -> Matrix<'a> {
        let (_, shown) = self.scenario.report(&["show", self.plan]);
        self.steps.clear();
        for step in shown["steps"].as_array().expect("steps") {
            let changes = step["changes"].as_array().expect("changes");
            let names = changes.iter().filter_map(|change| change["setting"].as_str()?.split('[').next());
            let unit = step["unit"].as_str().expect("a unit").to_owned();
            self.steps.entry((short(&step["object"]), unit)).or_default().extend(names.map(str::to_owned));
        }
        let applied = self.apply(self.plan);
        self.code = applied.0;
        let failed = applied.1["ledger"]["entries"]
            .as_array()
            .expect("a ledger")
            .iter()
            .filter(|entry| entry["outcome"] != "applied");
        // fakecloud refuses the way back of this one.
        failed.for_each(|entry| assert_eq!(entry["unit"], "scanning", "{}: {entry:#}", self.plan));
        self.called = self.scenario.proxy.counts().into_keys().collect();
        self.after = self.python("read");
        self
    }

    /// Applies a plan without a fault.
    fn apply(&self, plan: &str) -> (i32, Value) {
        self.scenario.proxy.clear();
        self.scenario.report(&["apply", plan, "-auto-approve"])
    }

    fn python(&self, command: &str) -> Value {
        self.scenario.backend.python("seeds/faults.py", &[&[command], &self.sorts[..]].concat())
    }

    /// Brings back the world before the plan.
    fn reset(&self) {
        let mut now = self.python("reset");
        if let Some(first) = self.first {
            assert_eq!(self.apply(first).0, 0, "{first}");
            now = self.python("read");
        }
        assert_eq!(now, self.before, "before {}", self.plan);
    }

    /// Some cases at every operation.
    fn hold(&self, cases: &[Case], seen: &Mutex<Seen>) {
        let lock = || seen.lock().expect("no test panics while it holds the lock");
        lock().called.extend(self.called.iter().cloned());
        for case in cases {
            for round in self.rounds() {
                let noted = self.round(case, &round);
                noted.into_iter().for_each(|(operation, word)| lock().outcomes.note(operation, case.name, &word));
            }
        }
    }

    /// The operations that have a fault together, each with the write that it is read for: one of each row, and those of
    /// the session alone.
    fn rounds(&self) -> Vec<BTreeMap<&'a str, &'a str>> {
        let own = |row: &Row| row.operations.iter().copied().filter(|name| self.called.contains(*name)).collect();
        let rows: Vec<Vec<&str>> = self.rows.iter().map(own).collect();
        let at = |at: usize| rows.iter().filter_map(|own| Some((*own.get(at)?, *own.last()?))).collect();
        let most = rows.iter().map(Vec::len).max().unwrap_or(0);
        (0..most).map(at).chain(SESSION.iter().map(|name| BTreeMap::from([(*name, *name)]))).collect()
    }

    /// One apply under a fault. What became of the steps that use each operation.
    fn round(&self, case: &Case, round: &BTreeMap<&'a str, &str>) -> Vec<(&'a str, String)> {
        let mut noted = Vec::new();
        self.reset();
        self.scenario.proxy.clear();
        round.iter().for_each(|(operation, write)| self.scenario.proxy.rule(case.rule(operation, write)));
        let name = format!("{} {} {}: {round:?}", self.scenario.backend.kind.name(), self.plan, case.name);
        let (code, applied) = self.scenario.report(&["apply", self.plan, "-auto-approve"]);
        let now = self.python("read");
        let entries = applied["ledger"]["entries"].as_array().unwrap_or_else(|| panic!("{name}: {applied:#}"));
        assert_eq!(entries.len(), self.steps.len(), "{name}");
        for entry in entries {
            let word = self.right(&name, entry, &now);
            let hit = round.keys().filter(|operation| self.uses(entry, operation));
            noted.extend(hit.map(|operation| (*operation, word.to_owned())));
        }
        let done = |entry: &Value| ["applied", "already"].iter().any(|word| entry["outcome"] == *word);
        assert_eq!(code, i32::from(!entries.iter().all(done)), "{name}: {:#}", applied["ledger"]);
        self.complete(&name);
        noted
    }

    fn settings(&self, entry: &Value) -> (String, &[String]) {
        let object = short(&entry["object"]);
        let unit = entry["unit"].as_str().expect("a unit").to_owned();
        let settings = &self.steps[&(object.clone(), unit)];
        (object, settings)
    }

    /// Whether the step of an entry uses an operation.
    fn uses(&self, entry: &Value, operation: &str) -> bool {
        let (object, settings) = self.settings(entry);
        let is = |row: &&Row| {
            self.before["sorts"][&object] == row.sort
                && row.settings.iter().any(|name| settings.iter().any(|of| of == name))
        };
        SESSION.contains(&operation) || self.rows.iter().filter(is).any(|row| row.operations.contains(&operation))
    }

    /// The outcome of an entry of the ledger, which is true of what the back end holds.
    fn right<'e>(&self, name: &str, entry: &'e Value, now: &Value) -> &'e str {
        let (object, settings) = self.settings(entry);
        let is = |world: &Value| {
            settings.iter().all(|setting| now["settings"][&object][setting] == world["settings"][&object][setting])
        };
        let word = entry["outcome"].as_str().expect("an outcome");
        let right = match word {
            "applied" => is(&self.after),
            "failed" | "refused" | "blocked" | "skipped" | "not_reached" => is(&self.before),
            // Nobody claims to know; what is there is one of the two, or a part.
            "in_doubt" | "unverified" => is(&self.before) || is(&self.after) || self.partly(&object),
            _ => false,
        };
        assert!(right, "{name}: {entry:#}\n{:#}", now["settings"][&object]);
        word
    }

    fn partly(&self, object: &str) -> bool {
        PARTLY.iter().any(|sort| self.before["sorts"][object] == *sort)
    }

    /// Without faults the same plan completes, and every product is there once. Where a part of a change was there, the plan is
    /// refused: it was made for another world.
    fn complete(&self, name: &str) {
        let (code, applied) = self.apply(self.plan);
        let entries = applied["ledger"]["entries"].as_array().unwrap_or_else(|| panic!("{name}: {applied:#}"));
        let refused =
            entries.iter().any(|entry| entry["outcome"] == "refused" && self.partly(&short(&entry["object"])));
        assert!(code == self.code || refused, "{name}, then complete: {:#}", applied["ledger"]);
        if !refused {
            assert_eq!(self.python("read"), self.after, "{name}, then complete");
        }
    }
}
