//! plan, apply, plan: what the API server itself says afterwards, who holds the fields, and what is refused.

use crate::scenario::{GUARDED, Scenario, changes, findings, ledger, movements};
use serde_json::{Value, json};

const POLICIES: &str = "/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies";
const SHOP: &str = "/api/v1/namespaces/shop";
const ENFORCE: &str = "pod-security.kubernetes.io/enforce";

/// Names of the network policies of the shop.
fn policies(scenario: &Scenario) -> Vec<String> {
    let list = scenario.server.ask("GET", POLICIES, None);
    let name = |item: &Value| item["metadata"]["name"].as_str().expect("a name").to_owned();
    list["items"].as_array().expect("a list").iter().map(name).collect()
}

/// Field managers of an object.
fn managers(object: &Value) -> Vec<&str> {
    let managers = object["metadata"]["managedFields"].as_array().expect("managers");
    managers.iter().filter_map(|of| of["manager"].as_str()).collect()
}

/// Undoes an apply as its ledger says.
fn undone(scenario: &Scenario, applied: &Value) -> (i32, Value) {
    let command = applied["ledger"]["revert"].as_str().expect("a way back");
    let plan = command.strip_prefix("ordain revert ").expect("a plan to undo");
    scenario.report(&["revert", plan, "-auto-approve"])
}

#[test]
fn a_namespace_is_guarded_and_the_revert_plan_brings_back_what_was_there() {
    let scenario = Scenario::new("plain", GUARDED);
    let (code, plan) = scenario.report(&["plan", ".", "-detailed-exitcode"]);
    let planned = ["shop default_deny_ingress: false -> true", "shop pod_security_enforce: privileged -> baseline"];
    assert_eq!((code, changes(&plan)), (2, planned.map(String::from).to_vec()), "{plan:#}");
    let (code, applied) = scenario.report(&["apply", ".", "-auto-approve"]);
    assert_eq!(code, 0, "{:#}", applied["ledger"]);
    assert_eq!(policies(&scenario), ["ordain-default-deny-ingress"]);
    let shop = scenario.server.ask("GET", SHOP, None);
    assert_eq!(shop["metadata"]["labels"][ENFORCE], json!("baseline"));
    assert!(managers(&shop).iter().any(|manager| manager.starts_with("ordain")), "{shop:#}");
    let (code, again) = scenario.report(&["plan", ".", "-detailed-exitcode"]);
    assert_eq!((code, changes(&again)), (0, Vec::<String>::new()), "{again:#}");
    let (code, reverted) = undone(&scenario, &applied);
    assert_eq!(code, 0, "{:#}", reverted["ledger"]);
    assert_eq!(policies(&scenario), Vec::<String>::new());
    // Without the label it was `privileged` too, and the revert plan writes the value.
    assert_eq!(scenario.server.ask("GET", SHOP, None)["metadata"]["labels"][ENFORCE], json!("privileged"));
}

#[test]
fn a_field_that_another_manager_holds_is_refused_with_its_name_and_left_alone() {
    let scenario = Scenario::new("plain", GUARDED);
    let labels = json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": "shop", "labels": { ENFORCE: "privileged" } } });
    scenario.server.ask("PATCH", &format!("{SHOP}?fieldManager=platform-team&force=true"), Some(&labels));
    let (code, applied) = scenario.report(&["apply", ".", "-auto-approve"]);
    assert_eq!(code, 1, "{:#}", applied["ledger"]);
    assert_eq!(ledger(&applied), ["shop default_deny_ingress applied", "shop pod_security_enforce failed"]);
    let said = applied["ledger"].to_string();
    assert!(said.contains("platform-team") && said.contains(ENFORCE), "{:#}", applied["ledger"]);
    assert_eq!(scenario.server.ask("GET", SHOP, None)["metadata"]["labels"][ENFORCE], json!("privileged"));
}

#[test]
fn a_default_deny_that_somebody_deleted_is_drift() {
    let scenario = Scenario::new("plain", GUARDED);
    assert_eq!(scenario.report(&["apply", ".", "-auto-approve"]).0, 0);
    let _ = scenario.snapshot("baseline.snapshot");
    assert_eq!(scenario.report(&["drift", ".", "--baseline", "baseline.snapshot"]).0, 0);
    scenario.server.ask("DELETE", &format!("{POLICIES}/ordain-default-deny-ingress"), None);
    let (code, drift) = scenario.report(&["drift", ".", "--baseline", "baseline.snapshot"]);
    assert_eq!((code, findings(&drift)), (2, vec!["shop default_deny_ingress unmet".to_owned()]), "{drift:#}");
    assert_eq!(movements(&drift), ["violation shop#default_deny_ingress: true -> false"]);
}

#[test]
fn what_somebody_else_made_in_ordains_name_is_never_deleted() {
    let scenario = Scenario::new("plain", GUARDED);
    let (_, applied) = scenario.report(&["apply", ".", "-auto-approve"]);
    let unmarked = json!({ "metadata": { "annotations": null } });
    scenario.server.ask("PATCH", &format!("{POLICIES}/ordain-default-deny-ingress"), Some(&unmarked));
    let (code, reverted) = undone(&scenario, &applied);
    assert_eq!(code, 1, "{:#}", reverted["ledger"]);
    assert!(reverted["ledger"].to_string().contains("not one that Ordain made"), "{:#}", reverted["ledger"]);
    assert_eq!(policies(&scenario), ["ordain-default-deny-ingress"]);
}
