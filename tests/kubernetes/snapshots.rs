//! Two looks at one cluster are one world, and what moved in it is all that differs.

use crate::scenario::{Scenario, movements};
use serde_json::{Value, json};

const EVERYTHING: &str = r#"
target "kubernetes" "cluster" {}
require "kubernetes_namespace" "guarded" {
  where = lookup(self.labels, "tier", "") == "front"
  must {
    default_deny_ingress = true
    default_deny_egress  = true
    pod_security_enforce = at_least("baseline")
  }
}
"#;

fn world(lines: &[Value]) -> &str {
    lines[0]["world"].as_str().expect("a digest")
}

#[test]
fn an_unchanged_cluster_gives_the_same_digest_and_one_label_that_one_difference() {
    let scenario = Scenario::new("realistic", EVERYTHING);
    let first = scenario.snapshot("first.snapshot");
    let touched = json!({ "metadata": { "annotations": { "example/checked-at": "2026-11-20T12:00:00Z" } } });
    scenario.server.ask("PATCH", "/api/v1/namespaces/app-20", Some(&touched));
    let second = scenario.snapshot("second.snapshot");
    assert_eq!(world(&first), world(&second), "versions, managers and annotations move by themselves");
    let lists = &first[0]["targets"]["kubernetes.cluster"]["envelope"]["lists"];
    let listed = &lists["kubernetes:production/namespaces"];
    assert!(listed["version"].as_str().is_some_and(|of| of.parse::<u64>().is_ok()), "{lists:#}");
    assert!(listed["at"].as_str().is_some_and(|at| at.ends_with('Z')), "{lists:#}");
    let label = json!({ "metadata": { "labels": { "pod-security.kubernetes.io/enforce": "restricted" } } });
    scenario.server.ask("PATCH", "/api/v1/namespaces/app-02", Some(&label));
    let third = scenario.snapshot("third.snapshot");
    assert_ne!(world(&first), world(&third));
    let differing: Vec<(&Value, &Value)> = first.iter().zip(&third).skip(1).filter(|(one, two)| one != two).collect();
    assert_eq!((first.len(), differing.len()), (third.len(), 1), "{differing:#?}");
    let (_, drift) = scenario.report(&["drift", ".", "--baseline", "first.snapshot", "--fail-on", "moved"]);
    let moved: Vec<String> = movements(&drift).into_iter().filter(|line| !line.contains(": - -> ")).collect();
    assert_eq!(moved, ["resolved app-02#pod_security_enforce: privileged -> restricted"], "{:#}", drift["drift"]);
}

#[test]
fn no_secret_is_read_unless_a_requirement_asks() {
    let scenario = Scenario::new("realistic", EVERYTHING);
    let header = &scenario.snapshot("world.snapshot")[0];
    let calls = header["targets"]["kubernetes.cluster"]["envelope"]["calls"].as_object().expect("calls");
    assert!(calls.keys().all(|action| !action.contains("secrets")), "{calls:#?}");
    let text = std::fs::read_to_string(scenario.path("world.snapshot")).expect("a snapshot");
    assert!(!text.contains("correct-horse") && !text.contains("admin-token"));
}
