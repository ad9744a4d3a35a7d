//! Whether a waiver is in force: judged by the first and the last moment of everything that was read.

use crate::line::{Line, worlds};
use crate::world::Bench;
use ordain_engine::findings::State;
use serde_json::json;

const WAIVED: &str = "require \"lab_log\" \"kept\" {\n  where = true\n  targets = [target.lab.bench, target.lab.other]\n  must {\n    retention = at_least(\"365d\")\n  }\n}\nwaiver \"w\" {\n  require = require.lab_log.kept\n  where = true\n  reason = \"why\"\n  owner = \"me\"\n  granted = \"2026-11-01\"\n  expires = \"2026-11-30\"\n}\n";

/// A world that is read from one moment to another.
fn read(from: &str, until: &str) -> Bench {
    let bench = Bench::default();
    bench.put("lab:1/eu/lab_log/a", json!({"retention": "30d"}));
    bench.0.lock().unwrap().time = Some(from.into());
    bench.0.lock().unwrap().until = Some(until.into());
    bench
}

fn state(one: &Bench, other: &Bench) -> State {
    let mut both = worlds(one);
    both.insert("lab.other".into(), Ok(Box::new(other.clone())));
    let line = Line::over(&format!("target \"lab\" \"bench\" {{}}\ntarget \"lab\" \"other\" {{}}\n{WAIVED}"), &both);
    line.findings.exceptions[0].state
}

#[test]
fn the_last_moment_decides_the_end_and_the_first_one_the_beginning() {
    let noon = || read("2026-11-20T12:00:00Z", "");
    assert_eq!(state(&noon(), &noon()), State::InForce);
    assert_eq!(state(&noon(), &read("2026-11-30T23:00:00Z", "2026-11-30T23:59:59Z")), State::InForce);
    assert_eq!(state(&noon(), &read("2026-11-30T23:00:00Z", "2026-12-01T00:00:00Z")), State::Ended);
    assert_eq!(state(&noon(), &read("2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z")), State::InForce);
    assert_eq!(state(&noon(), &read("2026-10-31T23:59:59Z", "2026-11-01T08:00:00Z")), State::NotYet);
}

#[test]
fn a_part_without_a_time_leaves_nothing_in_force_and_what_was_not_reached_is_no_part() {
    let noon = || read("2026-11-20T12:00:00Z", "");
    assert_eq!(state(&noon(), &read("", "")), State::NoTime);
    let unreached = Bench::default();
    unreached.0.lock().unwrap().time = Some("".into());
    assert_eq!(state(&noon(), &unreached), State::InForce);
}
