//! Drift tells what is violated from what only moved, and resolved from unread.

use crate::line::Line;
use crate::world::Bench;
use ordain_engine::drift::{Drift, Since, drift};
use ordain_model::address::Cell;
use serde_json::json;

const LOGS: &str =
    "require \"lab_log\" \"kept\" {\n  where = true\n  must {\n    retention = at_least(\"30d\")\n  }\n}\n";

fn between(before: &Line, after: &Line) -> (Vec<String>, Drift) {
    let drift = drift(&after.findings, &after.observed, Some((&before.findings, &before.observed)));
    let verdicts = after.verdicts();
    let said =
        drift.violations.iter().map(|violation| format!("{:?} {}", violation.since, verdicts[violation.finding]));
    (said.collect(), drift)
}

fn bench(logs: &[(&str, &str)]) -> Bench {
    let bench = Bench::default();
    for (id, retention) in logs {
        bench.put(&format!("lab:1/eu/lab_log/{id}"), json!({"retention": retention}));
    }
    bench
}

#[test]
fn violations_are_new_recurring_or_resolved_and_the_rest_moved_went_or_came() {
    let before =
        Line::of(LOGS, &bench(&[("a", "30d"), ("b", "7d"), ("c", "7d"), ("d", "30d"), ("e", "30d"), ("f", "7d")]));
    let after =
        Line::of(LOGS, &bench(&[("a", "7d"), ("b", "1d"), ("c", "90d"), ("d", "90d"), ("f", "?denied"), ("g", "7d")]));
    let (violations, drift) = between(&before, &after);
    assert_eq!(
        violations,
        [
            "New kept a#retention unmet",
            "Recurring kept b#retention unmet",
            "Resolved kept c#retention met",
            "New kept g#retention unmet",
        ]
    );
    let moved: Vec<String> =
        drift.moved.iter().map(|moved| format!("{} {}", moved.address.object.id, moved.met)).collect();
    // What became of f is not known: it is an unknown finding, and neither moved nor met.
    assert_eq!(moved, ["a false", "b false", "c true", "d true"]);
    assert!(after.verdicts().iter().any(|verdict| verdict.starts_with("kept f#retention unknown")));
    let ids = |addresses: &[ordain_model::address::ObjectAddress]| {
        addresses.iter().map(|address| address.id.to_string()).collect::<Vec<_>>()
    };
    assert_eq!((ids(&drift.gone), ids(&drift.appeared)), (vec!["e".to_owned()], vec!["g".to_owned()]));
}

#[test]
fn the_same_world_has_not_drifted() {
    let line = Line::of(LOGS, &bench(&[("a", "30d"), ("b", "?denied")]));
    let (violations, drift) = between(&line, &line);
    assert!(violations.is_empty() && drift.moved.is_empty() && drift.gone.is_empty() && drift.appeared.is_empty());
}

#[test]
fn without_a_baseline_a_violation_has_no_past() {
    let line = Line::of(LOGS, &bench(&[("a", "7d")]));
    let drift = drift(&line.findings, &line.observed, None);
    assert_eq!(drift.violations.iter().map(|violation| violation.since).collect::<Vec<_>>(), [Since::Unknown]);
}

#[test]
fn what_a_list_may_lack_is_not_gone() {
    let before = Line::of(LOGS, &bench(&[("a", "30d"), ("b", "30d")]));
    let partial = bench(&[("a", "30d")]);
    let denied = ordain_model::observation::Reason::new(ordain_model::observation::Cause::Denied, "denied");
    partial.0.lock().unwrap().incomplete.insert("lab_log".into(), denied);
    let (_, drift) = between(&before, &Line::of(LOGS, &partial));
    assert!(drift.gone.is_empty());
}

#[test]
fn a_cell_that_went_or_came_takes_and_brings_its_objects() {
    let one = Line::of(LOGS, &bench(&[("a", "30d")]));
    let both = bench(&[("a", "30d")]);
    both.put("lab:2/eu/lab_log/b", json!({"retention": "7d"}));
    let two = Line::of(LOGS, &both);
    let text = |addresses: &[ordain_model::address::ObjectAddress]| {
        addresses.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let (said, came) = between(&one, &two);
    assert_eq!(said, ["New kept b#retention unmet"]);
    assert_eq!((text(&came.gone), text(&came.appeared)), (vec![], vec!["lab:2/eu/lab_log/b".to_owned()]));
    let (_, went) = between(&two, &one);
    assert_eq!((text(&went.gone), text(&went.appeared)), (vec!["lab:2/eu/lab_log/b".to_owned()], vec![]));
}

#[test]
fn a_cell_that_may_only_have_been_missed_neither_went_nor_came() {
    let both = bench(&[("a", "30d")]);
    both.put("lab:2/eu/lab_log/b", json!({"retention": "7d"}));
    let two = Line::of(LOGS, &both);
    let partial = bench(&[("a", "30d")]);
    let denied = ordain_model::observation::Reason::new(ordain_model::observation::Cause::Denied, "denied");
    partial.0.lock().unwrap().unresolved = Some(denied);
    let one = Line::of(LOGS, &partial);
    let (said, came) = between(&one, &two);
    assert!(came.appeared.is_empty() && between(&two, &one).1.gone.is_empty());
    assert_eq!(said, ["Unknown kept b#retention unmet"]);
}

#[test]
fn a_cell_that_a_target_no_longer_covers_has_not_gone() {
    let both = bench(&[("a", "30d")]);
    both.put("lab:2/eu/lab_log/b", json!({"retention": "7d"}));
    let two = Line::of(LOGS, &both);
    let left = bench(&[("a", "30d")]);
    left.0.lock().unwrap().uncovered = [Cell::parse("lab:2").unwrap()].into();
    assert!(between(&two, &Line::of(LOGS, &left)).1.gone.is_empty(), "it is elsewhere");
    let unlisted = bench(&[("a", "30d")]);
    let denied = ordain_model::observation::Reason::new(ordain_model::observation::Cause::Denied, "denied");
    unlisted.0.lock().unwrap().uncovered_incomplete = Some(denied);
    assert!(between(&two, &Line::of(LOGS, &unlisted)).1.gone.is_empty(), "it may be elsewhere");
}

#[test]
fn a_violation_that_the_baseline_could_not_list_has_no_past() {
    let partial = bench(&[("a", "30d")]);
    let denied = ordain_model::observation::Reason::new(ordain_model::observation::Cause::Denied, "denied");
    partial.0.lock().unwrap().incomplete.insert("lab_log".into(), denied);
    let before = Line::of(LOGS, &partial);
    let after = Line::of(LOGS, &bench(&[("a", "7d"), ("b", "7d")]));
    assert_eq!(between(&before, &after).0, ["New kept a#retention unmet", "Unknown kept b#retention unmet"]);
}
