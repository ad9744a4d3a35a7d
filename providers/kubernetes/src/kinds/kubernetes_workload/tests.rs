//! Workloads as the API server answers them, one test per trap on the page.

use super::*;
use crate::kinds::tests::{attribute_of, listed, setting_of};
use ordain_model::address::ObjectAddress;
use ordain_model::observation::Cause;
use serde_json::{Value as Json, json};

const BUDGETS: &str = "poddisruptionbudgets.policy";
const API: &str = "Deployment:pay:api";

/// A cluster of one deployment `api` of `pay`, and what else is given.
fn with(spec: &Json, more: &[(&str, Json)]) -> Listed {
    let mut lists: BTreeMap<&str, Json> =
        KIND.list_actions.iter().map(|action| (action.strip_prefix("list ").unwrap(), json!([]))).collect();
    let deployment = json!({"metadata": {"namespace": "pay", "name": "api"}, "spec": spec});
    lists.insert("deployments.apps", json!([deployment]));
    lists.extend(more.iter().map(|(name, items)| (*name, items.clone())));
    listed(&lists.into_iter().collect::<Vec<_>>())
}

/// A deployment's spec from that of its pods.
fn pods(spec: &Json) -> Json {
    let labels = json!({"app": "api"});
    json!({"replicas": 3, "selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels}, "spec": spec}})
}

fn read(listed: &Listed, name: &str) -> Reading {
    setting_of("kubernetes_workload", listed, API, name)
}

/// A setting of the deployment whose pods are these.
fn of(spec: &Json, name: &str) -> Value {
    match read(&with(&pods(spec), &[]), name) {
        Reading::Value(value) => value,
        other => panic!("{name}: {other:?}"),
    }
}

fn budget(name: &str, spec: Json) -> Json {
    json!({"metadata": {"namespace": "pay", "name": name}, "spec": spec})
}

/// The state of the deployment with so many replicas under these budgets, and who holds it.
fn state(replicas: i64, budgets: Json) -> (String, Option<String>) {
    let mut spec = pods(&json!({}));
    spec["replicas"] = json!(replicas);
    match read(&with(&spec, &[(BUDGETS, budgets)]), "disruption_budget") {
        Reading::Value(Value::String(state)) => (state.to_string(), None),
        Reading::Held(Value::String(state), by) => (state.to_string(), Some(by.to_string())),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_empty_selector_is_about_every_pod_and_a_missing_one_about_none() {
    let one = |selector: Json| state(3, json!([budget("b", json!({"selector": selector, "maxUnavailable": 1}))])).0;
    assert_eq!(one(json!({})), "effective");
    assert_eq!(one(Json::Null), "none");
    assert_eq!(one(json!({"matchLabels": {"app": "api"}})), "effective");
    assert_eq!(one(json!({"matchLabels": {"app": "web"}})), "none");
    let other =
        json!([{"metadata": {"namespace": "shop", "name": "b"}, "spec": {"selector": {}, "maxUnavailable": 1}}]);
    assert_eq!(state(3, other).0, "none");
}

#[test]
fn a_budget_that_lets_no_pod_go_blocks_and_one_that_lets_all_go_does_nothing() {
    for (replicas, said, expected) in [
        (3, json!({"maxUnavailable": 1}), "effective"),
        (3, json!({"maxUnavailable": 0}), "blocking"),
        (3, json!({"maxUnavailable": "0%"}), "blocking"),
        (3, json!({"maxUnavailable": "1%"}), "effective"),
        (3, json!({"maxUnavailable": "100%"}), "ineffective"),
        (3, json!({"maxUnavailable": 3}), "ineffective"),
        (3, json!({"minAvailable": 2}), "effective"),
        (3, json!({"minAvailable": 3}), "blocking"),
        (3, json!({"minAvailable": 9}), "blocking"),
        (3, json!({"minAvailable": "100%"}), "blocking"),
        (3, json!({"minAvailable": "67%"}), "blocking"),
        (3, json!({"minAvailable": "66%"}), "effective"),
        (3, json!({"minAvailable": 0}), "ineffective"),
        (2, json!({"minAvailable": "50%"}), "effective"),
        (1, json!({"maxUnavailable": 1}), "ineffective"),
        (1, json!({"minAvailable": 1}), "blocking"),
    ] {
        let mut spec = said.clone();
        spec["selector"] = json!({});
        assert_eq!(state(replicas, json!([budget("b", spec)])).0, expected, "{replicas} {said}");
    }
}

#[test]
fn two_budgets_on_one_pod_conflict_and_others_hold_what_they_do() {
    let one = |name: &str| budget(name, json!({"selector": {}, "maxUnavailable": 1}));
    let held = |by: &str| Some(format!("PodDisruptionBudget {by}"));
    assert_eq!(state(3, json!([one("a"), one("b")])), ("conflicting".into(), held("`a`, `b`")));
    assert_eq!(state(3, json!([one("a")])), ("effective".into(), held("`a`")));
    let mut ours = one("ordain-deployment-api");
    ours["metadata"]["annotations"] = json!({"ordain/plan": "x"});
    assert_eq!(state(3, json!([ours])), ("effective".into(), None));
    assert_eq!(state(3, json!([])), ("none".into(), None));
    assert_eq!(state(1, json!([])), ("none".into(), Some("its number of replicas, 1".into())));
    let odd = json!([budget("b", json!({"selector": {}, "maxUnavailable": "many"}))]);
    assert!(matches!(read(&with(&pods(&json!({})), &[(BUDGETS, odd)]), "disruption_budget"), Reading::Unknown(_)));
}

#[test]
fn what_evicting_does_not_lessen_has_no_budget_and_no_replicas() {
    let daemon = json!([{"metadata": {"namespace": "pay", "name": "agent"}, "spec": {}}]);
    let listed = with(&json!({}), &[("daemonsets.apps", daemon), (BUDGETS, json!([]))]);
    for name in ["disruption_budget", "replicas"] {
        let reading = setting_of("kubernetes_workload", &listed, "DaemonSet:pay:agent", name);
        assert!(matches!(reading, Reading::NotApplicable(_)), "{name}: {reading:?}");
    }
    assert_eq!(read(&listed, "replicas"), Reading::Value(Value::integer(1)), "one where nothing is said");
}

#[test]
fn what_something_else_made_is_not_listed_again() {
    let owner = json!([{"kind": "X", "name": "x", "controller": true}]);
    let of =
        |name: &str, owners: &Json| json!({"metadata": {"namespace": "pay", "name": name, "ownerReferences": owners}});
    let pods = json!([of("owned", &owner), of("bare", &Json::Null), {"metadata": {"namespace": "pay", "name": "done"}, "status": {"phase": "Succeeded"}}]);
    let cron = json!([{"metadata": {"namespace": "pay", "name": "nightly"}, "spec": {"jobTemplate": {"spec": {"template": {"spec": {"hostPID": true}}}}}}]);
    let listed = with(
        &json!({}),
        &[
            ("pods", pods),
            ("jobs.batch", json!([of("run", &owner)])),
            ("replicasets.apps", json!([of("rs", &owner)])),
            ("cronjobs.batch", cron),
        ],
    );
    let listing = Objects::list(&listed, &KindReads::default());
    let ids: Vec<&str> = listing.objects.keys().map(|id| &**id).collect();
    assert_eq!(ids, ["CronJob:pay:nightly", API, "Pod:pay:bare"]);
    let shared = setting_of("kubernetes_workload", &listed, "CronJob:pay:nightly", "host_namespaces");
    assert_eq!(shared, Reading::Value(Value::set(["pid"])));
}

#[test]
fn every_container_counts_for_images_and_for_what_may_be_done() {
    let digest = format!("ghcr.io/team/app@sha256:{}", "0".repeat(64));
    let both =
        |first: &str, second: &str| json!({"containers": [{"image": first}], "initContainers": [{"image": second}]});
    assert_eq!(of(&both(&digest, &digest), "images_pinned"), Value::Bool(true));
    assert_eq!(of(&both(&digest, "app:1"), "images_pinned"), Value::Bool(false));
    assert_eq!(of(&both(&digest, "app:1"), "images_latest"), Value::Bool(false));
    assert_eq!(of(&both(&digest, "app"), "images_latest"), Value::Bool(true));
    assert_eq!(of(&both(&digest, "app"), "registries"), Value::set(["docker.io", "ghcr.io"]));
    let contexts = |outer: Json, inner: Json| json!({"securityContext": outer, "containers": [{"securityContext": inner}, {"securityContext": {"runAsNonRoot": true, "readOnlyRootFilesystem": true}}]});
    for (outer, inner, non_root) in [
        (json!({}), json!({}), false),
        (json!({"runAsNonRoot": true}), json!({}), true),
        (json!({"runAsNonRoot": true}), json!({"runAsNonRoot": false}), false),
        (json!({"runAsUser": 1000}), json!({}), true),
        (json!({"runAsUser": 1000}), json!({"runAsUser": 0}), false),
        (Json::Null, json!({"runAsUser": 10}), true),
    ] {
        assert_eq!(
            of(&contexts(outer.clone(), inner.clone()), "run_as_non_root"),
            Value::Bool(non_root),
            "{outer} {inner}"
        );
    }
    let inner = |inner: Json, name: &str| of(&contexts(json!({}), inner), name);
    assert_eq!(inner(json!({"readOnlyRootFilesystem": true}), "read_only_root"), Value::Bool(true));
    assert_eq!(inner(json!({}), "read_only_root"), Value::Bool(false));
    assert_eq!(inner(json!({"privileged": true}), "privileged"), Value::Bool(true));
    assert_eq!(inner(json!({}), "privileged"), Value::Bool(false));
    let host = json!({"hostNetwork": true, "hostIPC": true});
    assert_eq!(of(&host, "host_namespaces"), Value::set(["ipc", "network"]));
}

#[test]
fn only_a_hard_constraint_that_counts_its_own_pods_spreads_them() {
    let zone = "topology.kubernetes.io/zone";
    let spread = |unsatisfiable: &str, selector: Json| {
        of(
            &json!({"topologySpreadConstraints": [{"topologyKey": zone, "whenUnsatisfiable": unsatisfiable, "labelSelector": selector}]}),
            "spread_over",
        )
    };
    let own = json!({"matchLabels": {"app": "api"}});
    assert_eq!(spread("DoNotSchedule", own.clone()), Value::set([zone]));
    assert_eq!(spread("ScheduleAnyway", own.clone()), Value::set([]));
    assert_eq!(spread("DoNotSchedule", Json::Null), Value::set([]));
    assert_eq!(spread("DoNotSchedule", json!({"matchLabels": {"app": "web"}})), Value::set([]));
    let term = json!([{"topologyKey": "kubernetes.io/hostname", "labelSelector": own}]);
    let apart = json!({"affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": term}}});
    assert_eq!(of(&apart, "spread_over"), Value::set(["kubernetes.io/hostname"]));
    let wish = json!({"affinity": {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [{"podAffinityTerm": {"topologyKey": zone}}]}}});
    assert_eq!(of(&wish, "spread_over"), Value::set([]));
}

#[test]
fn the_pod_s_word_on_its_token_goes_before_the_service_account_s() {
    let accounts = |said: &Json| {
        (
            "serviceaccounts",
            json!([{"metadata": {"namespace": "pay", "name": "bot"}, "automountServiceAccountToken": said}]),
        )
    };
    let mounts = |pod: Json, account: &Json| read(&with(&pods(&pod), &[accounts(account)]), "mounts_token");
    let yes = |is: bool| Reading::Value(Value::Bool(is));
    assert_eq!(mounts(json!({"serviceAccountName": "bot"}), &json!(false)), yes(false));
    assert_eq!(mounts(json!({"serviceAccountName": "bot"}), &Json::Null), yes(true));
    assert_eq!(
        mounts(json!({"serviceAccountName": "bot", "automountServiceAccountToken": true}), &json!(false)),
        yes(true)
    );
    assert_eq!(mounts(json!({}), &json!(false)), yes(true), "`default` is another account");
    let mut listed = with(&pods(&json!({})), &[]);
    assert!(matches!(read(&listed, "mounts_token"), Reading::Unknown(_)));
    let why = Reason::new(Cause::Denied, "list serviceaccounts");
    listed.intake("serviceaccounts").unwrap().broke(why.clone());
    assert_eq!(read(&listed, "mounts_token"), Reading::Unknown(why));
    let said = with(&pods(&json!({"automountServiceAccountToken": false})), &[]);
    assert_eq!(read(&said, "mounts_token"), yes(false), "whoever says it needs no service account");
}

#[test]
fn a_list_that_broke_off_hides_exactly_what_it_decides() {
    for list in KIND.list_actions.iter().map(|action| action.strip_prefix("list ").unwrap()) {
        let mut listed = with(&pods(&json!({})), &[]);
        assert_eq!(Objects::list(&listed, &KindReads::default()).incomplete, None);
        let why = Reason::new(Cause::Denied, list);
        listed.intake(list).unwrap().broke(why.clone());
        assert_eq!(Objects::list(&listed, &KindReads::default()).incomplete, Some(why), "{list}");
        assert_eq!(read(&listed, "privileged"), Reading::Value(Value::Bool(false)), "{list}");
    }
    let mut listed = with(&pods(&json!({})), &[]);
    for (list, read) in [(BUDGETS, "disruption_budget"), ("namespaces", "namespace_labels")] {
        let why = Reason::new(Cause::Denied, list);
        listed.intake(list).unwrap().broke(why.clone());
        let reading = match KIND.setting(read) {
            Some(_) => setting_of("kubernetes_workload", &listed, API, read),
            None => attribute_of("kubernetes_workload", &listed, API, read),
        };
        assert_eq!(reading, Reading::Unknown(why), "{read}");
    }
}

#[test]
fn a_budget_that_is_made_is_effective_for_its_workload() {
    let change = |value: &str| Change {
        object: ObjectAddress::parse("kubernetes:here/kubernetes_workload/Deployment:pay:api").unwrap(),
        unit: "disruption_budget".into(),
        values: [(SettingName::plain("disruption_budget"), Value::string(value))].into(),
        kept: [].into(),
        token: "plan-1".into(),
    };
    let before = with(&pods(&json!({})), &[]);
    let asked = Objects::requests(&change("effective"), &before).unwrap();
    let [Request::Apply { name, body, namespace, .. }] = asked.as_slice() else { panic!("{asked:?}") };
    assert_eq!((&**name, namespace.as_deref()), ("ordain-deployment-api", Some("pay")));
    let after = with(&pods(&json!({})), &[(BUDGETS, json!([body]))]);
    assert_eq!(read(&after, "disruption_budget"), Reading::Value(Value::string("effective")));
    let back = Objects::requests(&change("none"), &after).unwrap();
    assert!(
        matches!(back.as_slice(), [Request::Delete { name, .. }] if &**name == "ordain-deployment-api"),
        "{back:?}"
    );
    assert!(Objects::requests(&change("blocking"), &before).is_err());
}
