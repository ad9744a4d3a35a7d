//! The world moves: between plan and apply, within a write, and after apply.

use crate::scenario::{Scenario, ledger, with_log_groups};
use ordain_tests::backend::python;
use ordain_tests::outcome::movements;
use ordain_tests::proxy::{Call, Fault, Rule};
use serde_json::json;
use std::sync::Arc;

/// Somebody sets a log group's retention by hand.
fn by_hand(scenario: &Scenario, name: &str, days: u32) {
    scenario.backend.python("seeds/by_hand.py", &[name, &days.to_string()]);
}

#[test]
fn a_setting_that_moved_since_the_plan_is_refused_and_left_alone() {
    with_log_groups(|scenario| {
        assert_eq!(scenario.ordain(&["plan", ".", "-out", "plan.json"]).code, 0);
        by_hand(scenario, "/app/api", 30);
        let (code, applied) = scenario.report(&["apply", "plan.json", "-auto-approve"]);
        assert_eq!((code, ledger(&applied)), (1, vec!["/app/api retention refused".to_string()]), "{applied:#}");
        assert_eq!(scenario.read("log_groups")["/app/api"], json!(30));
    });
}

#[test]
fn a_plan_that_is_applied_twice_writes_once() {
    with_log_groups(|scenario| {
        assert_eq!(scenario.ordain(&["plan", ".", "-out", "plan.json"]).code, 0);
        assert_eq!(scenario.report(&["apply", "plan.json", "-auto-approve"]).0, 0);
        let (code, again) = scenario.report(&["apply", "plan.json", "-auto-approve"]);
        assert_eq!((code, ledger(&again)), (0, vec!["/app/api retention already".to_string()]), "{again:#}");
        assert_eq!(scenario.proxy.counts()["logs:PutRetentionPolicy"], 1);
    });
}

#[test]
fn a_change_of_somebody_else_within_the_write_is_told() {
    with_log_groups(|scenario| {
        assert_eq!(scenario.ordain(&["plan", ".", "-out", "plan.json"]).code, 0);
        let endpoint = scenario.backend.url();
        let theirs = move |_: &Call| drop(python(&endpoint, "seeds/by_hand.py", &["/app/api", "14"]));
        scenario.proxy.rule(Rule::always("logs:PutRetentionPolicy", Fault::Afterwards(Arc::new(theirs))));
        let (code, applied) = scenario.report(&["apply", "plan.json", "-auto-approve"]);
        assert_eq!(code, 1, "{applied:#}");
        let outcome = ledger(&applied);
        assert!(
            ["/app/api retention raced", "/app/api retention unverified"].contains(&outcome[0].as_str()),
            "{outcome:?}"
        );
        assert_eq!(scenario.read("log_groups")["/app/api"], json!(14));
    });
}

#[test]
fn an_edited_plan_is_refused() {
    with_log_groups(|scenario| {
        assert_eq!(scenario.ordain(&["plan", ".", "-out", "plan.json"]).code, 0);
        let edited = scenario.file("plan.json").replace("/app/api", "/app/web").replace("%2Fapp%2Fapi", "%2Fapp%2Fweb");
        scenario.write("plan.json", &edited);
        scenario.proxy.clear();
        let ended = scenario.ordain(&["apply", "plan.json", "-auto-approve"]);
        assert_eq!(ended.code, 1, "{ended:#?}");
        assert_eq!(scenario.proxy.calls().len(), 0, "nothing is asked of the world");
    });
}

#[test]
fn drift_names_what_somebody_changed_by_hand() {
    with_log_groups(|scenario| {
        assert_eq!(scenario.report(&["apply", ".", "-auto-approve"]).0, 0);
        assert_eq!(scenario.ordain(&["snapshot", ".", "-out", "baseline.snapshot"]).code, 0);
        assert_eq!(scenario.ordain(&["drift", ".", "-baseline", "baseline.snapshot"]).code, 0);
        by_hand(scenario, "/app/web", 3);
        by_hand(scenario, "/app/api", 3653);
        scenario.proxy.clear();
        let (code, drift) = scenario.report(&["drift", ".", "-baseline", "baseline.snapshot"]);
        assert_eq!(code, 2, "{drift:#}");
        let moved = movements(&drift);
        assert!(moved.iter().any(|line| line.starts_with("violation /app/web#retention")), "{moved:#?}");
        assert!(moved.iter().any(|line| line.starts_with("moved /app/api#retention")), "{moved:#?}");
        assert!(!scenario.proxy.counts().keys().any(|name| name.contains(":Put")), "drift never writes");
    });
}

#[test]
fn a_plan_from_a_snapshot_is_the_plan_from_the_world() {
    with_log_groups(|scenario| {
        assert_eq!(scenario.ordain(&["snapshot", ".", "-out", "world.snapshot"]).code, 0);
        let (_, live) = scenario.report(&["plan", "."]);
        scenario.proxy.clear();
        let (_, recorded) = scenario.report(&["plan", ".", "-snapshot", "world.snapshot"]);
        assert_eq!(scenario.proxy.calls().len(), 0);
        for part in ["findings", "steps", "requirements", "population"] {
            assert_eq!(live[part], recorded[part], "{part}");
        }
        assert_eq!(live["inputs"]["world"], recorded["inputs"]["world"]);
    });
}
