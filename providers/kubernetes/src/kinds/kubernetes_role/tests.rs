//! Rules, bindings and aggregation as the API server answers them, one test per trap on the page.

use super::*;
use crate::kinds::tests::{attribute_of, listed, setting_of};
use ordain_model::observation::Cause;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

const KIND_NAME: &str = "kubernetes_role";
const CLUSTER_ROLES: &str = "clusterroles.rbac.authorization.k8s.io";
const ROLES: &str = "roles.rbac.authorization.k8s.io";
const CLUSTER_BINDINGS: &str = "clusterrolebindings.rbac.authorization.k8s.io";
const BINDINGS: &str = "rolebindings.rbac.authorization.k8s.io";

fn rule(group: &str, resource: &str, verbs: &[&str]) -> Json {
    json!({"apiGroups": [group], "resources": [resource], "verbs": verbs})
}

/// A setting of a cluster role with one rule.
fn comes_to(rule: &Json, setting: &str) -> Value {
    let listed = listed(&[(CLUSTER_ROLES, json!([{"metadata": {"name": "r"}, "rules": [rule]}])), (ROLES, json!([]))]);
    match setting_of(KIND_NAME, &listed, "ClusterRole:r", setting) {
        Reading::Value(value) => value,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_wildcard_on_secrets_is_a_star_among_the_verbs_of_a_rule_about_secrets() {
    for (group, resource, verbs, is) in [
        ("", "secrets", vec!["*"], true),
        ("", "*", vec!["*"], true),
        ("*", "secrets", vec!["get", "*"], true),
        ("", "secrets/*", vec!["*"], false),
        ("", "*/secrets", vec!["*"], false),
        ("apps", "secrets", vec!["*"], false),
        ("", "configmaps", vec!["*"], false),
        ("", "secret", vec!["*"], false),
        ("", "secrets", vec!["get", "list", "watch", "create", "update", "patch", "delete"], false),
    ] {
        let is = Value::Bool(is);
        assert_eq!(comes_to(&rule(group, resource, &verbs), "wildcard_on_secrets"), is, "{group} {resource} {verbs:?}");
    }
}

#[test]
fn names_narrow_which_secrets_are_read() {
    let reads = |rule: Json| comes_to(&rule, "reads_secrets");
    assert_eq!(reads(rule("", "secrets", &["list"])), Value::string("all"));
    assert_eq!(reads(rule("*", "*", &["*"])), Value::string("all"));
    assert_eq!(reads(rule("", "secrets", &["create", "delete"])), Value::string("none"));
    let named = json!({"apiGroups": [""], "resources": ["secrets"], "verbs": ["get"], "resourceNames": ["tls"]});
    assert_eq!(reads(named), Value::string("named"));
}

#[test]
fn every_way_to_more_is_found_by_the_verb_and_resource_that_it_takes() {
    let rbac = "rbac.authorization.k8s.io";
    for (group, resource, verb, way) in [
        ("certificates.k8s.io", "certificatesigningrequests/approval", "update", "approve_certificates"),
        (rbac, "clusterroles", "bind", "bind"),
        ("apps", "deployments", "patch", "create_pods"),
        ("", "pods", "create", "create_pods"),
        ("", "serviceaccounts/token", "create", "create_tokens"),
        ("", "*/token", "create", "create_tokens"),
        (rbac, "roles", "escalate", "escalate"),
        ("", "pods/exec", "create", "exec_in_pods"),
        ("", "users", "impersonate", "impersonate"),
        ("", "nodes/proxy", "get", "node_proxy"),
        ("admissionregistration.k8s.io", "mutatingwebhookconfigurations", "update", "write_webhooks"),
    ] {
        assert_eq!(comes_to(&rule(group, resource, &[verb]), "escalates"), Value::set([way]), "{resource} {verb}");
        assert_eq!(comes_to(&rule(group, resource, &["watch"]), "escalates"), Value::set([]), "{resource} watch");
    }
    assert_eq!(comes_to(&rule("*", "*", &["*"]), "escalates"), Value::set(ESCALATIONS.iter().copied()));
    assert_eq!(comes_to(&rule("", "pods", &["*"]), "escalates"), Value::set(["create_pods"]));
    assert!(ESCALATIONS.is_sorted());
}

fn aggregate(name: &str, labels: &Json, selects: &Json) -> Json {
    let rule = json!({"clusterRoleSelectors": [{"matchLabels": selects}]});
    json!({"metadata": {"name": name, "labels": labels}, "rules": null, "aggregationRule": rule})
}

#[test]
fn an_aggregating_role_comes_to_what_it_selects_and_what_that_selects() {
    let secrets = json!({"metadata": {"name": "c", "labels": {"to": "b"}}, "rules": [rule("", "secrets", &["*"])]});
    let chain = [
        aggregate("a", &json!({"to": "c"}), &json!({"to": "a"})),
        aggregate("b", &json!({"to": "a"}), &json!({"to": "b"})),
        secrets,
    ];
    let of = |chain: &[Json], id: &str| {
        let listed = listed(&[(CLUSTER_ROLES, json!(chain)), (ROLES, json!([]))]);
        setting_of(KIND_NAME, &listed, id, "wildcard_on_secrets")
    };
    let yes = Reading::Value(Value::Bool(true));
    assert_eq!([of(&chain, "ClusterRole:a"), of(&chain, "ClusterRole:b")], [yes.clone(), yes.clone()]);
    assert_eq!(of(&chain[..2], "ClusterRole:a"), Reading::Value(Value::Bool(false)));
    // Two that select each other end, and have what both have.
    let circle = [
        aggregate("a", &json!({"to": "b"}), &json!({"to": "a"})),
        aggregate("b", &json!({"to": "a"}), &json!({"to": "b"})),
        chain[2].clone(),
    ];
    assert_eq!([of(&circle, "ClusterRole:a"), of(&circle, "ClusterRole:b")], [yes.clone(), yes]);
}

#[test]
fn roles_that_were_not_listed_hide_what_aggregating_ones_come_to_and_nothing_else() {
    let roles = json!([aggregate("a", &json!({}), &json!({"to": "a"})), {"metadata": {"name": "plain"}, "rules": []}]);
    let mut listed = listed(&[(CLUSTER_ROLES, roles), (ROLES, json!([]))]);
    let why = Reason::new(Cause::Failed, "list clusterroles.rbac.authorization.k8s.io: page 2");
    listed.intake(CLUSTER_ROLES).unwrap().broke(why.clone());
    let read = |id: &str, name: &str| setting_of(KIND_NAME, &listed, id, name);
    assert_eq!(read("ClusterRole:a", "wildcard_on_secrets"), Reading::Unknown(why.clone()));
    assert_eq!(read("ClusterRole:plain", "wildcard_on_secrets"), Reading::Value(Value::Bool(false)));
    assert_eq!(Objects::list(&listed, &KindReads::default()).incomplete, Some(why));
}

#[test]
fn who_has_a_role_is_found_in_both_sorts_of_binding() {
    let subject = |kind: &str, name: &str| json!({"kind": kind, "name": name});
    let binding = |namespace: &str, kind: &str, name: &str, subjects: Json| json!({"metadata": {"namespace": namespace, "name": "b"}, "roleRef": {"kind": kind, "name": name}, "subjects": subjects});
    let lists = [
        (
            CLUSTER_ROLES,
            json!([{"metadata": {"name": "view"}}, {"metadata": {"name": "admin"}}, {"metadata": {"name": "idle"}}]),
        ),
        (ROLES, json!([{"metadata": {"namespace": "pay", "name": "view"}}])),
        (
            CLUSTER_BINDINGS,
            json!([
                binding("", "ClusterRole", "admin", json!([subject("Group", "system:authenticated")])),
                binding("", "ClusterRole", "idle", Json::Null),
            ]),
        ),
        (
            BINDINGS,
            json!([
                binding("pay", "ClusterRole", "view", json!([subject("ServiceAccount", "api")])),
                binding(
                    "pay",
                    "Role",
                    "view",
                    json!([subject("User", "ada"), {"kind": "ServiceAccount", "namespace": "ci", "name": "bot"}])
                ),
            ]),
        ),
    ];
    let mut listed = listed(&lists);
    let subjects = |listed: &Listed, id: &str| setting_of(KIND_NAME, listed, id, "bound_subjects");
    let of = |names: &[&str]| Reading::Value(Value::set(names.iter().copied()));
    assert_eq!(subjects(&listed, "ClusterRole:view"), of(&["ServiceAccount:pay:api"]));
    assert_eq!(subjects(&listed, "Role:pay:view"), of(&["ServiceAccount:ci:bot", "User:ada"]));
    assert_eq!(subjects(&listed, "ClusterRole:idle"), of(&[]));
    let yes = |value: bool| Reading::Value(Value::Bool(value));
    for (id, bound, in_cluster, everybody) in [
        ("ClusterRole:view", true, false, false),
        ("ClusterRole:admin", true, true, true),
        ("ClusterRole:idle", false, false, false),
    ] {
        assert_eq!(attribute_of(KIND_NAME, &listed, id, "is_bound"), yes(bound), "{id}");
        assert_eq!(attribute_of(KIND_NAME, &listed, id, "is_bound_in_cluster"), yes(in_cluster), "{id}");
        assert_eq!(setting_of(KIND_NAME, &listed, id, "bound_to_everybody"), yes(everybody), "{id}");
    }
    let why = Reason::new(Cause::Denied, BINDINGS);
    listed.intake(BINDINGS).unwrap().broke(why.clone());
    assert_eq!(subjects(&listed, "ClusterRole:admin"), Reading::Unknown(why));
    assert_eq!(
        setting_of(KIND_NAME, &listed, "ClusterRole:admin", "reads_secrets"),
        Reading::Value(Value::string("none"))
    );
}

#[test]
fn what_kubernetes_made_is_told_by_its_label_or_its_name() {
    let labelled = json!({"metadata": {"name": "admin", "labels": {"kubernetes.io/bootstrapping": "rbac-defaults"}}});
    let roles = json!([labelled, {"metadata": {"name": "system:node"}}, {"metadata": {"name": "mine"}}]);
    let listed = listed(&[(CLUSTER_ROLES, roles), (ROLES, json!([]))]);
    let is = |name: &str| attribute_of(KIND_NAME, &listed, &format!("ClusterRole:{name}"), "is_default");
    assert_eq!(["admin", "system:node", "mine"].map(is), [true, true, false].map(|is| Reading::Value(Value::Bool(is))));
}

/// What each aggregating role comes to by looking again at every pair until nothing moves.
fn by_looking(roles: &[Role]) -> Vec<Powers> {
    let mut powers: Vec<Powers> = roles.iter().map(|role| Powers::of(&role.rules)).collect();
    for _ in 0..=roles.len() {
        for (at, role) in roles.iter().enumerate() {
            let selectors = role.aggregation_rule.iter().flat_map(|rule| &rule.cluster_role_selectors);
            for selector in selectors {
                let selected = (0..roles.len()).filter(|other| selector.selects(&roles[*other].metadata.labels));
                powers[at] = selected.fold(powers[at], |all, other| all.and(powers[other]));
            }
        }
    }
    powers
}

proptest! {
    #[test]
    fn the_fixpoint_is_what_looking_again_at_everything_comes_to(
        shapes in prop::collection::vec((0..4usize, prop::option::of(0..4usize), 0..4usize), 0..12)
    ) {
        let what = [rule("", "secrets", &["*"]), rule("", "pods", &["create"]), rule("", "nodes/proxy", &["get"]), rule("", "x", &[])];
        let role = |(label, selects, rule): &(usize, Option<usize>, usize)| {
            let aggregation = selects.map(|of| json!({"clusterRoleSelectors": [{"matchLabels": {"to": of.to_string()}}]}));
            let json = json!({"metadata": {"name": "r", "labels": {"to": label.to_string()}}, "rules": [what[*rule]], "aggregationRule": aggregation});
            serde_json::from_value::<Role>(json).unwrap()
        };
        let roles: Vec<Role> = shapes.iter().map(role).collect();
        prop_assert_eq!(aggregation::powers(&roles), by_looking(&roles));
    }
}
