//! What holds changes: the proof that nobody is shut out, limits, the canary and change windows.

use crate::line::{Held, Line, Notes, ledger, record_in, run, steps};
use crate::world::{Bench, Fault, PROVIDERS};
use ordain_engine::observed::Worlds;
use ordain_engine::plan::{Inputs, Plan, WhyWithheld, plan};
use ordain_model::Text;
use ordain_model::address::{Cell, ObjectAddress, SettingName};
use ordain_model::diagnostic::Diagnostics;
use ordain_model::observation::{ObjectRead, Observation, ReadSet, Reason};
use ordain_model::provider::{Change, Progress, World};
use ordain_model::stop::Stop;
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A profile whose target has these brakes.
fn profile(brakes: &str, rest: &str) -> String {
    format!("target \"lab\" \"bench\" {{\n{brakes}\n}}\n{rest}")
}

const KEPT: &str =
    "require \"lab_log\" \"kept\" {\n  where = true\n  must {\n    retention = at_least(\"365d\")\n  }\n}\n";
const CLOSED: &str =
    "require \"lab_cluster\" \"closed\" {\n  where = true\n  must {\n    public_access = false\n  }\n}\n";
const OFFICE: &str = "require \"lab_cluster\" \"office\" {\n  where = true\n  must {\n    allowlist = within([\"203.0.113.0/24\"])\n  }\n}\n";

/// So many logs in each of these cells that all have to change.
fn logs(cells: &[(&str, usize)]) -> Bench {
    let bench = Bench::default();
    for (cell, count) in cells {
        for at in 0..*count {
            bench.put(&format!("lab:{cell}/lab_log/{at:03}"), json!({"retention": "30d"}));
        }
    }
    bench
}

fn cell(text: &str) -> Cell {
    Cell::parse(text).unwrap()
}

fn written(bench: &Bench) -> usize {
    bench.events().iter().filter(|event| event.starts_with("write")).count()
}

/// How often each outcome is in a ledger, by cell.
fn counts(closing: &ordain_engine::journal::Ledger) -> Vec<String> {
    let mut counts = std::collections::BTreeMap::<String, usize>::new();
    for entry in &closing.entries {
        *counts.entry(format!("{} {}", entry.object.cell, entry.outcome.word())).or_default() += 1;
    }
    counts.into_iter().map(|(what, count)| format!("{what} {count}")).collect()
}

fn reads(text: &str) -> Result<Plan, String> {
    let mut diagnostics = Diagnostics::default();
    Plan::parse(text, "plan.json", PROVIDERS, &mut diagnostics).map_err(|_| diagnostics.items()[0].detail.clone())
}

/// The plan with something else in it, under the digest of what it then holds.
fn forged(plan: &Plan, change: impl Fn(&mut serde_json::Value)) -> Result<Plan, String> {
    let mut json = serde_json::to_value(plan).unwrap();
    change(&mut json);
    json.as_object_mut().unwrap().remove("digest");
    let digest = ordain_model::digest::Digest::of(&ordain_model::digest::canonical(&json).unwrap());
    json["digest"] = serde_json::to_value(digest).unwrap();
    reads(&json.to_string())
}

#[test]
fn nothing_is_narrowed_while_nothing_says_who_must_keep_access() {
    let bench = Bench::default();
    bench.put(
        "lab:1/eu/lab_cluster/a",
        json!({"allowlist": ["0.0.0.0/0"], "public_access": true, "private_access": true}),
    );
    for demand in [OFFICE, CLOSED] {
        let plan = Line::of(&profile("", demand), &bench).plan();
        assert_eq!(steps(&plan), Vec::<String>::new());
        assert_eq!(plan.withheld[0].why, WhyWithheld::NoKeepAccess("lab.bench".into()));
        let kept = Line::of(&profile("keep_access = [\"203.0.113.10/32\"]", demand), &bench).plan();
        assert!(kept.steps[0].narrows_access && kept.withheld.is_empty());
        // A plan that does not hold the addresses proves nothing.
        let bare = forged(&kept, |json| drop(json["inputs"].as_object_mut().unwrap().remove("brakes"))).unwrap();
        let held = ledger(&run(&bare, &bench));
        assert!(held[0].contains("blocked: ") && held[0].ends_with("add keep_access"), "{held:?}");
    }
    assert_eq!(written(&bench), 0);
}

#[test]
fn what_undoes_needs_no_keep_access() {
    let bench = Bench::default();
    bench.put("lab:1/eu/lab_cluster/a", json!({"allowlist": ["203.0.113.0/25"], "public_access": true}));
    let wider = OFFICE.replace("within([\"203.0.113.0/24\"])", "exactly([\"203.0.113.0/24\"])");
    let line = Line::of(&profile("", &wider), &bench);
    let plan = line.plan_with(&[], &["lab:1/eu/lab_cluster/a#allowlist"]);
    assert_eq!(ledger(&run(&plan, &bench)), ["a access applied"]);
    assert_eq!(ledger(&run(&plan.revert(PROVIDERS), &bench)), ["a access applied"]);
    assert_eq!(bench.get("lab:1/eu/lab_cluster/a#allowlist"), "[\"203.0.113.0/25\"]");
}

#[test]
fn more_steps_than_a_cell_lets_through_are_blocked_there_before_the_first_write() {
    let bench = logs(&[("1/eu", 51), ("2/eu", 3)]);
    let plan = Line::of(&profile("max_percent = 100", KEPT), &bench).plan();
    assert_eq!(plan.blocked.keys().collect::<Vec<_>>(), [&cell("lab:1/eu")]);
    assert!(plan.blocked[&cell("lab:1/eu")].contains("51 steps in lab:1/eu, and `max_changes` is 50"));
    assert_eq!(reads(&plan.text()).as_ref(), Ok(&plan));
    let done = run(&plan, &bench);
    assert_eq!(counts(&done), ["lab:1/eu blocked 51", "lab:2/eu applied 3"]);
    assert!(!done.as_planned());
    assert_eq!(written(&bench), 3);
    // The limit that the message offers is enough, and a selection is another way.
    let raised = Line::of(&profile("max_percent = 100\nmax_changes = 51", KEPT), &bench).plan();
    assert!(raised.blocked.is_empty());
    let part = Line::of(&profile("max_percent = 100", KEPT), &bench).plan_with(&["lab:1/eu/lab_log/000"], &[]);
    assert_eq!(counts(&run(&part, &bench)), ["lab:1/eu applied 1"]);
}

#[test]
fn a_percentage_is_of_the_objects_that_are_selected_in_the_cell() {
    let bench = logs(&[("1/eu", 21)]);
    for at in 21..200 {
        bench.put(&format!("lab:1/eu/lab_log/{at:03}"), json!({"retention": "400d"}));
    }
    let plan = Line::of(&profile("", KEPT), &bench).plan();
    let said = plan.blocked[&cell("lab:1/eu")].to_string();
    assert!(
        said.contains("21 objects change in lab:1/eu, and `max_percent` of 10 lets 20 of the 200 selected"),
        "{said}"
    );
    assert_eq!(counts(&run(&plan, &bench)), ["lab:1/eu blocked 21"]);
    assert!(Line::of(&profile("max_percent = 11", KEPT), &bench).plan().blocked.is_empty());
    // Few changes of few objects are let through, unless the percentage is written.
    let few = logs(&[("1/eu", 10)]);
    assert!(Line::of(&profile("", KEPT), &few).plan().blocked.is_empty());
    assert!(!Line::of(&profile("max_percent = 10", KEPT), &few).plan().blocked.is_empty());
    assert!(!Line::of(&profile("", KEPT), &logs(&[("1/eu", 11)])).plan().blocked.is_empty());
}

#[test]
fn a_plan_cannot_say_less_than_its_limits_give() {
    let bench = logs(&[("1/eu", 51), ("2/eu", 3)]);
    let plan = Line::of(&profile("max_percent = 100", KEPT), &bench).plan();
    let said = forged(&plan, |json| drop(json.as_object_mut().unwrap().remove("blocked"))).unwrap_err();
    assert!(said.contains("`blocked` names other cells"), "{said}");
    let said = forged(&plan, |json| json["canary"] = json!(["lab:9/eu"])).unwrap_err();
    assert!(said.contains("`canary` is no part"), "{said}");
    assert!(forged(&plan, |json| drop(json.as_object_mut().unwrap().remove("digest"))).is_ok());
}

#[test]
fn the_canary_is_done_and_read_again_before_anything_else_begins() {
    let bench = logs(&[("1/eu", 2), ("2/eu", 1), ("3/eu", 1)]);
    let plan = Line::of(&profile("", KEPT), &bench).plan();
    // The cell with the fewest steps, of equals the first.
    assert_eq!(plan.canary, BTreeSet::from([cell("lab:2/eu")]));
    let reads = bench.0.lock().unwrap().reads;
    assert!(run(&plan, &bench).as_planned());
    let wrote: Vec<String> = bench.events().into_iter().filter(|event| event.starts_with("write")).collect();
    assert!(wrote[0].contains("lab:2/eu"), "{wrote:?}");
    assert_eq!(bench.0.lock().unwrap().reads, reads + 2, "what is read at first, and the canary once more");
    let named = Line::of(&profile("canary = \"lab:3/eu\"", KEPT), &logs(&[("1/eu", 1), ("3/eu", 5)])).plan();
    assert_eq!(named.canary, BTreeSet::from([cell("lab:3/eu")]));
    assert!(named.steps[..5].iter().all(|step| *step.object.cell == cell("lab:3/eu")));
    assert!(Line::of(&profile("", KEPT), &logs(&[("1/eu", 5)])).plan().canary.is_empty());
}

#[test]
fn when_the_canary_fails_nothing_else_begins() {
    for (fault, word) in [(Fault::Refuse, "failed"), (Fault::Ignore, "unverified"), (Fault::Race, "raced")] {
        let bench = logs(&[("1/eu", 1), ("2/eu", 3)]);
        let plan = Line::of(&profile("", KEPT), &bench).plan();
        bench.fault("lab:1/eu/lab_log/000:retention", fault);
        let done = run(&plan, &bench);
        assert_eq!(counts(&done), [format!("lab:1/eu {word} 1"), "lab:2/eu blocked 3".to_owned()]);
        let why = ledger(&done)[1].clone();
        let expected =
            format!("lab:1/eu is the canary and went first, and `retention` of lab:1/eu/lab_log/000 is {word}");
        assert!(why.contains(&expected), "{why}");
        assert_eq!(bench.get("lab:2/eu/lab_log/000#retention"), "\"30d\"");
    }
}

/// A world in which somebody takes a log back once the canary is done.
struct Fickle {
    bench: Bench,
    looks: AtomicUsize,
}

impl World for Fickle {
    fn observe(&self, reads: &ReadSet, progress: &dyn Progress) -> Observation {
        if self.looks.fetch_add(1, Ordering::SeqCst) == 1 {
            self.bench.put("lab:1/eu/lab_log/000", json!({"retention": "7d"}));
        }
        self.bench.observe(reads, progress)
    }

    fn read(
        &self,
        object: &ObjectAddress,
        attributes: &BTreeSet<Text>,
        settings: &BTreeSet<SettingName>,
    ) -> Result<ObjectRead, Reason> {
        self.bench.read(object, attributes, settings)
    }

    fn write(&self, change: &Change) -> Result<(), Reason> {
        self.bench.write(change)
    }
}

#[test]
fn a_canary_that_does_not_stay_as_it_was_written_stops_the_rest() {
    let bench = logs(&[("1/eu", 1), ("2/eu", 3)]);
    let plan = Line::of(&profile("", KEPT), &bench).plan();
    let fickle: Box<dyn World> = Box::new(Fickle { bench: bench.clone(), looks: AtomicUsize::new(0) });
    let worlds = Worlds::from([("lab.bench".into(), Ok(fickle))]);
    let done = record_in(&worlds, &Held::of(&plan, 7), &Stop::default(), &plan, &mut Notes::new(&bench)).unwrap();
    assert_eq!(counts(&done), ["lab:1/eu applied 1", "lab:2/eu blocked 3"]);
    assert!(ledger(&done)[1].contains("did not stay: `retention` is \"7d\" now"), "{:?}", ledger(&done));
}

#[test]
fn a_second_apply_of_a_plan_with_a_canary_writes_nothing_and_is_as_planned() {
    let bench = logs(&[("1/eu", 1), ("2/eu", 3)]);
    let plan = Line::of(&profile("", KEPT), &bench).plan();
    assert!(run(&plan, &bench).as_planned());
    let before = written(&bench);
    assert!(run(&plan, &bench).as_planned());
    assert_eq!(written(&bench), before);
    assert!(run(&plan.revert(PROVIDERS), &bench).as_planned());
    assert_eq!(plan.revert(PROVIDERS).canary, plan.canary);
}

const OFFICE_HOURS: &str = "change_window {\n  days = [\"monday\"]\n  hours = \"09:00-17:00\"\n  time_zone = \"Europe/Paris\"\n  freeze = [\"2026-11-23\"]\n}";

#[test]
fn nothing_is_changed_while_a_change_window_is_closed() {
    let bench = logs(&[("1/eu", 2)]);
    let line = Line::of(&profile(OFFICE_HOURS, KEPT), &bench);
    let plan = line.plan();
    assert_eq!(reads(&plan.text()).as_ref(), Ok(&plan));
    let at = |time: &str| bench.0.lock().unwrap().time = Some(time.to_owned());
    at("2026-11-20T09:00:00Z");
    let held = ledger(&run(&plan, &bench));
    // The Monday after is frozen.
    let next = "000 retention blocked: next window 2026-11-30T08:00:00Z (monday 2026-11-30 09:00 Europe/Paris), and it is 2026-11-20T09:00:00Z; to change it now: `ordain plan --emergency REASON`";
    assert_eq!(held[0], next);
    assert_eq!(written(&bench), 0);
    let mut inputs = Inputs::of(&line.constraints, &line.observed, "0.0.0");
    inputs.emergency = Some("CVE-2026-1".into());
    let emergency = plan_of(&line, inputs);
    assert_eq!(ledger(&run(&emergency, &bench)), ["000 retention applied", "001 retention applied"]);
    // It is done: there is nothing to hold, and nothing holds what undoes it.
    assert!(run(&plan, &bench).as_planned());
    assert!(run(&plan.revert(PROVIDERS), &bench).as_planned());
    at("2026-11-30T15:59:59Z");
    assert!(run(&plan, &bench).as_planned());
}

fn plan_of(line: &Line, inputs: Inputs) -> Plan {
    plan(&line.findings, inputs)
}
