//! What a plan that somebody made by hand cannot do, and what decided a step: all of it is looked at again.

use crate::line::{Held, Line, Notes, ledger, record_in, run};
use crate::world::{Bench, PROVIDERS};
use ordain_engine::observed::Worlds;
use ordain_engine::plan::Plan;
use ordain_model::Text;
use ordain_model::address::{ObjectAddress, SettingName};
use ordain_model::diagnostic::Diagnostics;
use ordain_model::digest::{Digest, canonical};
use ordain_model::observation::{ObjectRead, Observation, ReadSet, Reason};
use ordain_model::provider::{Change, Progress, World};
use ordain_model::stop::Stop;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::SeqCst;

/// Two cells with brakes, requirements by tags, a waiver in force, one to come, and one of which it is not known whether it
/// matches.
const PROFILE: &str = r#"
target "lab" "bench" {
  keep_access = ["203.0.113.10/32"]
  max_changes = 4
  max_percent = 100
  canary      = "lab:1/eu"
  change_window {
    days = ["monday", "sunday"]
  }
}
require "lab_cluster" "closed" {
  where = self.tags.team == "x"
  must {
    public_access = false
    allowlist     = within(["203.0.113.0/24"])
  }
}
require "lab_log" "kept" {
  where    = true
  severity = "critical"
  must {
    retention = at_least("90d")
  }
}
require "lab_log" "longer" {
  where    = true
  severity = "low"
  must {
    retention = at_least("365d")
  }
}
waiver "current" {
  require = require.lab_log.longer
  where   = self.id == "a"
  reason  = "why"
  owner   = "me"
  granted = "2026-10-01"
  expires = "2026-11-30"
}
waiver "later" {
  require = require.lab_log.longer
  where   = self.id == "b"
  reason  = "why"
  owner   = "me"
  granted = "2026-11-15"
  expires = "2026-12-30"
}
waiver "unsure" {
  require = require.lab_log.longer
  where   = self.tags.team == "x"
  reason  = "why"
  owner   = "me"
  granted = "2026-10-01"
  expires = "2026-11-30"
}
"#;

fn bench() -> Bench {
    let bench = Bench::default();
    let cluster =
        json!({"tags": {"team": "x"}, "allowlist": ["0.0.0.0/0"], "public_access": true, "private_access": false});
    bench.put("lab:1/eu/lab_cluster/c", cluster);
    bench.put("lab:1/eu/lab_log/a", json!({"retention": "30d", "tags": {}}));
    bench.put("lab:2/us/lab_log/b", json!({"retention": "30d", "tags": {}}));
    bench.put("lab:2/us/lab_log/d", json!({"retention": "30d", "tags": "?denied"}));
    bench
}

/// What is said of a plan in which something was changed, under the digest of what it then holds.
fn forged(line: &Line, plan: &Plan, change: &dyn Fn(&mut Json)) -> String {
    let mut json: Json = serde_json::from_str(&plan.text()).unwrap();
    json.as_object_mut().unwrap().remove("digest");
    change(&mut json);
    json["digest"] = Digest::of(&canonical(&json).unwrap()).to_string().into();
    let mut diagnostics = Diagnostics::default();
    match Plan::parse(&json.to_string(), "plan.json", PROVIDERS, &mut diagnostics) {
        Ok(plan) => plan.follows(&line.constraints, &line.graph, None, PROVIDERS).err().unwrap_or_default(),
        Err(_) => diagnostics.items()[0].detail.clone(),
    }
}

#[test]
fn what_a_plan_says_of_the_profile_is_decided_once_more() {
    let bench = bench();
    let line = Line::of(PROFILE, &bench);
    let plan = line.plan();
    let units: Vec<String> = plan.steps.iter().map(|step| format!("{} {}", step.object.id, step.unit)).collect();
    assert_eq!(units, ["c private", "a retention", "c access", "b retention", "d retention"]);
    let refused = |change: &dyn Fn(&mut Json), words: &str| {
        let said = forged(&line, &plan, change);
        assert!(said.contains(words), "expected {words}, and it said: {said:?}");
    };
    assert_eq!(forged(&line, &plan, &|_| {}), "");
    // Another value than the profile asks for.
    refused(
        &|json| {
            let change = &mut json["steps"][3]["changes"]["retention"];
            change["after"] = "400d".into();
            change["undo"] = json!({"possible": "370 days become deletable"});
        },
        "the profile makes \"365d\" of `retention`",
    );
    // Fewer requirements, or others, than ask for it: an approval goes by their severity.
    refused(
        &|json| json["steps"][3]["changes"]["retention"]["why"].as_array_mut().unwrap().truncate(1),
        "blast radius",
    );
    refused(
        &|json| {
            json["steps"][3]["changes"]["retention"]["why"].as_array_mut().unwrap().truncate(1);
            json["steps"][3]["blast_radius"]["requirements"].as_array_mut().unwrap().truncate(1);
        },
        "for reasons of its own",
    );
    // What decided it left out.
    refused(
        &|json| json["steps"][2]["preconditions"]["lab:1/eu/lab_cluster/c"]["attributes"] = json!({}),
        "nothing in the profile asks for a change",
    );
    refused(
        &|json| json["steps"][2]["preconditions"]["lab:1/eu/lab_cluster/c"]["settings"] = json!({}),
        "`private_access` of lab:1/eu/lab_cluster/c decided it",
    );
    refused(&|json| json["steps"][4]["preconditions"] = json!({}), "`tags` of lab:2/us/lab_log/d decided it");
    // Waivers and when they end or begin.
    refused(&|json| json["steps"][1]["exceptions"] = json!({}), "does not name the waivers");
    refused(
        &|json| json["steps"][1]["exceptions"]["waiver.current"] = "2036-12-01T00:00:00Z".into(),
        "does not name the waivers",
    );
    refused(&|json| json["steps"][3]["upcoming"] = json!({}), "does not name the waivers");
    // Order.
    refused(&|json| json["steps"][2]["after"] = json!([]), "it comes after other steps than it has to");
}

#[test]
fn what_holds_a_plan_is_decided_once_more() {
    let line = Line::of(PROFILE, &bench());
    let plan = line.plan();
    let refused = |change: &dyn Fn(&mut Json), words: &str| {
        let said = forged(&line, &plan, change);
        assert!(said.contains(words), "expected {words}, and it said: {said:?}");
    };
    // Brakes: none, weaker ones, and those of another target.
    refused(&|json| json["inputs"]["brakes"] = json!({}), "its brakes for lab:1/eu");
    for brake in ["keep_access", "max_changes", "max_percent", "change_windows"] {
        let weaker = |json: &mut Json| {
            let of = json["inputs"]["brakes"]["lab:1/eu"].as_object_mut().unwrap();
            let _ = of.remove(brake);
            if brake == "max_changes" {
                let _ = of.insert(brake.into(), 50.into());
            }
        };
        refused(&weaker, "its brakes for lab:1/eu are not those of the profile and the anchor");
    }
    refused(&|json| json["canary"] = json!(["lab:2/us"]), "its canary is not the cell that goes first");
    refused(&|json| drop(json.as_object_mut().unwrap().remove("canary")), "its canary is not the cell that goes first");
    refused(&|json| json["inputs"]["only"] = json!(["require.lab_log.kept"]), "is not among what was selected");
    // The word of a plan that nothing else knows: it may be made by anybody who may make one.
    assert_eq!(forged(&line, &plan, &|json| json["inputs"]["emergency"] = "now".into()), "");
}

#[test]
fn a_waiver_that_could_not_be_judged_stops_the_step_once_it_can() {
    let bench = bench();
    let plan = Line::of(PROFILE, &bench).plan();
    let unread = |at: usize| {
        plan.steps[at].preconditions.values().flat_map(|of| &of.unread).map(|name| &**name).collect::<Vec<_>>()
    };
    assert_eq!((unread(3), unread(4)), (vec![], vec!["tags"]));
    let wrote = |tags: Json| {
        bench.put("lab:2/us/lab_log/d", json!({"retention": "30d", "tags": tags}));
        let only = plan.steps.iter().position(|step| &*step.object.id == "d").unwrap();
        ledger(&run(&plan, &bench)).remove(only)
    };
    let why = "d retention refused: `tags` of lab:2/us/lab_log/d can be read now, and decides whether a waiver matches: make the plan again";
    assert_eq!(wrote(json!({"team": "x"})), why);
    assert_eq!(wrote(json!({})), why, "it was decided without it");
    assert_eq!(wrote("?denied".into()), "d retention applied");
}

const NARROW: &str = "require \"lab_gate\" \"office\" {\n  where = true\n  must {\n    allowlist = within([\"203.0.113.0/24\"])\n  }\n}\n";

/// A rule that does not bind when the plan is made binds once somebody changes what it looks at.
#[test]
fn what_a_rule_looks_at_decides_also_where_the_rule_does_not_bind() {
    let bench = Bench::default();
    bench.put("lab:1/eu/lab_gate/a", json!({"allowlist": ["0.0.0.0/0"], "private_access": true}));
    let plan = Line::of(NARROW, &bench).plan();
    bench.put("lab:1/eu/lab_gate/a", json!({"allowlist": ["0.0.0.0/0"], "private_access": false}));
    let moved = "a access refused: lab:1/eu/lab_gate/a#private_access is false now, and decided the plan";
    assert_eq!(ledger(&run(&plan, &bench)), [moved]);
}

/// What is not known may be what makes the rule bind.
#[test]
fn nothing_is_changed_where_it_is_not_known_whether_a_rule_binds() {
    let bench = Bench::default();
    bench.put("lab:1/eu/lab_gate/a", json!({"allowlist": ["0.0.0.0/0"], "private_access": "?denied"}));
    let line = Line::of(NARROW, &bench);
    assert!(line.plan().steps.is_empty());
    let why = "office a#allowlist unmet: `private_access` decides what it may be (nodes come from outside), and is not known: denied";
    assert_eq!(line.verdicts(), [why]);
}

/// A world in which somebody turns the private endpoint off again between the step that turned it on and the next one.
struct Undone {
    bench: Bench,
    /// How often it was read once something was written.
    reads: AtomicUsize,
}

impl World for Undone {
    fn observe(&self, reads: &ReadSet, progress: &dyn Progress) -> Observation {
        self.bench.observe(reads, progress)
    }

    fn read(
        &self,
        object: &ObjectAddress,
        attributes: &BTreeSet<Text>,
        settings: &BTreeSet<SettingName>,
    ) -> Result<ObjectRead, Reason> {
        let written = self.bench.get("lab:1/eu/lab_cluster/a#private_access") == "true";
        if written && self.reads.fetch_add(1, SeqCst) == 1 {
            self.bench.put(&object.to_string(), json!({"public_access": true, "private_access": false}));
        }
        self.bench.read(object, attributes, settings)
    }

    fn write(&self, change: &Change) -> Result<(), Reason> {
        self.bench.write(change)
    }
}

#[test]
fn what_comes_first_still_has_to_be_done_when_the_next_step_is_written() {
    let closed = "require \"lab_cluster\" \"closed\" {\n  where = true\n  must {\n    public_access = false\n  }\n}\n";
    let bench = Bench::default();
    bench.put("lab:1/eu/lab_cluster/a", json!({"public_access": true, "private_access": false}));
    let plan = Line::of(closed, &bench).plan();
    let world: Box<dyn World> = Box::new(Undone { bench: bench.clone(), reads: AtomicUsize::new(0) });
    let worlds = Worlds::from([("lab.bench".into(), Ok(world))]);
    let done = record_in(&worlds, &Held::of(&plan, 7), &Stop::default(), &plan, &mut Notes::new(&bench)).unwrap();
    let moved = "a access refused: lab:1/eu/lab_cluster/a#private_access is false now, and decided the plan";
    assert_eq!(ledger(&done), ["a private applied", moved]);
    assert_eq!(bench.get("lab:1/eu/lab_cluster/a#public_access"), "true");
}
