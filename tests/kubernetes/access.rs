//! What an identity may not read is unknown, and the role that `ordain policy` prints is enough and no more.

use crate::scenario::{GUARDED, Scenario, changes, findings};
use serde_json::{Value, json};

/// A cluster whose profile reads as the auditor.
fn audited() -> Scenario {
    let profile = GUARDED.replace("\"cluster\" {}", "\"cluster\" { context = \"auditor\" }");
    Scenario::new("plain", &profile)
}

/// The role that the profile needs.
fn role(scenario: &Scenario, purpose: &str) -> Value {
    let (code, document) = scenario.report(&["policy", ".", "--for", purpose]);
    assert_eq!(code, 0, "{document:#}");
    document["cluster_role"].clone()
}

fn reasons(report: &Value) -> Vec<&str> {
    let findings = report["findings"].as_array().expect("findings").iter();
    findings.filter_map(|finding| finding["reason"].as_str()).collect()
}

#[test]
fn who_may_read_nothing_proves_nothing() {
    let scenario = audited();
    let (code, plan) = scenario.report(&["plan", ".", "-detailed-exitcode"]);
    assert_eq!((code, changes(&plan)), (3, Vec::<String>::new()), "{plan:#}");
    assert!(plan.to_string().contains("list namespaces: Forbidden"), "{plan:#}");
    assert_eq!(scenario.ordain(&["apply", ".", "-auto-approve"]).code, 3);
}

#[test]
fn the_role_that_is_printed_is_enough_and_nothing_of_it_is_too_much() {
    let scenario = audited();
    let whole = role(&scenario, "read");
    let rules = whole["rules"].as_array().expect("rules").len();
    assert!(rules > 1, "{whole:#}");
    scenario.grant(&whole);
    let (code, plan) = scenario.report(&["plan", ".", "-detailed-exitcode"]);
    assert_eq!((code, changes(&plan).len()), (2, 2), "{plan:#}");
    for left_out in 0..rules {
        let mut less = whole.clone();
        less["rules"].as_array_mut().expect("rules").remove(left_out);
        let name = whole["metadata"]["name"].as_str().expect("a name");
        scenario.server.ask(
            "PATCH",
            &format!("/apis/rbac.authorization.k8s.io/v1/clusterroles/{name}"),
            Some(&json!({ "rules": less["rules"] })),
        );
        let (code, plan) = scenario.report(&["plan", ".", "-detailed-exitcode"]);
        // What this server does not serve there is nothing of; it is asked for because it may come to be served.
        let group = whole["rules"][left_out]["apiGroups"][0].as_str().expect("a group");
        let expected = if ["", "networking.k8s.io"].contains(&group) { 3 } else { 2 };
        assert_eq!(code, expected, "without rule {left_out} of {whole:#}: {plan:#}");
    }
}

#[test]
fn a_list_that_is_denied_hides_what_it_shows_and_nothing_else() {
    let scenario = audited();
    let mut role = role(&scenario, "read");
    role["rules"].as_array_mut().expect("rules").retain(|rule| rule["resources"] != json!(["networkpolicies"]));
    scenario.grant(&role);
    let (code, plan) = scenario.report(&["plan", ".", "-detailed-exitcode"]);
    assert_eq!(code, 3, "{plan:#}");
    assert_eq!(findings(&plan), ["shop default_deny_ingress unknown", "shop pod_security_enforce unmet"]);
    assert_eq!(reasons(&plan), ["denied: list networkpolicies.networking.k8s.io: Forbidden"], "{plan:#}");
    assert_eq!(changes(&plan), ["shop pod_security_enforce: privileged -> baseline"]);
}

#[test]
fn apply_takes_what_its_role_says_and_reading_takes_less() {
    let scenario = audited();
    scenario.grant(&role(&scenario, "read"));
    let (code, applied) = scenario.report(&["apply", ".", "-auto-approve"]);
    assert_eq!(code, 1, "{:#}", applied["ledger"]);
    assert!(applied["ledger"].to_string().contains("Forbidden"), "{:#}", applied["ledger"]);
    scenario.grant(&role(&scenario, "apply"));
    let (code, applied) = scenario.report(&["apply", ".", "-auto-approve"]);
    assert_eq!(code, 0, "{:#}", applied["ledger"]);
}

#[test]
fn whom_a_target_impersonates_acts_and_is_named() {
    let scenario = audited();
    scenario.grant(&role(&scenario, "read"));
    scenario.write(
        "main.hcl",
        &GUARDED.replace("\"cluster\" {}", "\"cluster\" {\n  read_as  = \"auditor\"\n  apply_as = \"nobody\"\n}"),
    );
    let header = &scenario.snapshot("world.snapshot")[0];
    let callers = header["targets"]["kubernetes.cluster"]["envelope"]["callers"].to_string();
    assert!(callers.contains("auditor of https://127.0.0.1") && callers.contains("CA sha256:"), "{callers}");
    let (code, applied) = scenario.report(&["apply", ".", "-auto-approve"]);
    assert_ne!(code, 0, "{:#}", applied["ledger"]);
    assert!(applied.to_string().contains("Forbidden"), "{applied:#}");
}
