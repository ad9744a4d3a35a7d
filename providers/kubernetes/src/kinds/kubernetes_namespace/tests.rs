//! Lists as the API server answers them, one test per trap on the page.

use super::*;
use crate::kinds::tests::{attribute_of, listed, setting_of};
use crate::resource::Resource;
use ordain_model::address::ObjectAddress;
use ordain_model::observation::Cause;
use serde_json::{Value as Json, json};

mod coverage;

fn namespaces(names: &[&str]) -> (&'static str, Json) {
    ("namespaces", names.iter().map(|name| json!({"metadata": {"name": name}})).collect())
}

fn policies(policies: &[(&str, &str, Json)]) -> (&'static str, Json) {
    let policy = |(namespace, name, spec): &(&str, &str, Json)| json!({"metadata": {"namespace": namespace, "name": name}, "spec": spec});
    ("networkpolicies.networking.k8s.io", policies.iter().map(policy).collect())
}

fn read(listed: &Listed, id: &str, name: &str) -> Reading {
    setting_of("kubernetes_namespace", listed, id, name)
}

fn attribute(listed: &Listed, id: &str, name: &str) -> Reading {
    attribute_of("kubernetes_namespace", listed, id, name)
}

/// The policies of other APIs.
const OTHERS: [&str; 6] = [
    "adminnetworkpolicies.policy.networking.k8s.io",
    "ciliumclusterwidenetworkpolicies.cilium.io",
    "ciliumnetworkpolicies.cilium.io",
    "clusternetworkpolicies.policy.networking.k8s.io",
    "globalnetworkpolicies.crd.projectcalico.org",
    "networkpolicies.crd.projectcalico.org",
];

/// A cluster that has only Kubernetes' own policies.
fn alone(lists: &[(&str, Json)]) -> Listed {
    let mut listed = listed(lists);
    OTHERS.iter().for_each(|name| listed.intake(name).unwrap().unserved());
    listed
}

/// Both directions of one namespace under these policies.
fn denies(of: &[(&str, &str, Json)]) -> [Reading; 2] {
    let listed = alone(&[namespaces(&["pay"]), policies(of)]);
    ["default_deny_ingress", "default_deny_egress"].map(|setting| read(&listed, "pay", setting))
}

fn yes() -> Reading {
    Reading::Value(Value::Bool(true))
}

fn no() -> Reading {
    Reading::Value(Value::Bool(false))
}

#[test]
fn only_a_policy_on_all_pods_without_rules_denies_by_default() {
    assert_eq!(denies(&[]), [no(), no()]);
    assert_eq!(denies(&[("pay", "a", json!({"podSelector": {}}))]), [yes(), no()]);
    assert_eq!(denies(&[("pay", "a", json!({"podSelector": {}, "policyTypes": ["Egress"]}))]), [no(), yes()]);
    assert_eq!(
        denies(&[("pay", "a", json!({"podSelector": {}, "policyTypes": ["Ingress", "Egress"], "ingress": []}))]),
        [yes(), yes()]
    );
    assert_eq!(denies(&[("other", "a", json!({"podSelector": {}}))]), [no(), no()]);
    assert_eq!(denies(&[("pay", "a", json!({"podSelector": {"matchLabels": {"app": "x"}}}))]), [no(), no()]);
    let allowing_some = json!({"podSelector": {}, "ingress": [{"from": [{"podSelector": {}}]}]});
    assert_eq!(denies(&[("pay", "a", allowing_some)]), [no(), no()]);
}

#[test]
fn a_policy_that_allows_everything_makes_a_default_deny_void() {
    let deny = ("pay", "deny", json!({"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}));
    let void = Reading::Held(Value::Bool(false), "network policy `open` that allows everything".into());
    let open = |spec: Json| denies(&[deny.clone(), ("pay", "open", spec)]);
    assert_eq!(open(json!({"podSelector": {}, "ingress": [{}]})), [void.clone(), yes()]);
    assert_eq!(open(json!({"podSelector": {}, "ingress": [{"from": null, "ports": []}]})), [void.clone(), yes()]);
    assert_eq!(open(json!({"podSelector": {}, "policyTypes": ["Egress"], "egress": [{}]})), [yes(), void.clone()]);
    // Rules of a direction that the policy does not isolate say nothing.
    assert_eq!(open(json!({"podSelector": {}, "policyTypes": ["Egress"], "ingress": [{}]})), [yes(), yes()]);
    // One that is open on a port, or for some pods, leaves the others as they are.
    assert_eq!(open(json!({"podSelector": {}, "ingress": [{"ports": [{"port": 443}]}]})), [yes(), yes()]);
    assert_eq!(open(json!({"podSelector": {"matchLabels": {"app": "x"}}, "ingress": [{}]})), [yes(), yes()]);
    // Without any default deny it is in the way of one all the same.
    assert_eq!(denies(&[("pay", "open", json!({"podSelector": {}, "ingress": [{}]}))]), [void, no()]);
}

#[test]
fn a_policy_of_another_api_hides_whether_a_default_deny_holds_and_makes_none() {
    for name in OTHERS {
        let namespaced = Resource::named(name).unwrap().namespaced;
        let with = |deny: &[(&str, &str, Json)], namespace: &str| {
            let namespace = if namespaced { namespace } else { "" };
            let mut lists = vec![namespaces(&["pay"]), policies(deny)];
            lists.extend(OTHERS.iter().filter(|other| **other != name).map(|other| (*other, json!([]))));
            lists.push((name, json!([{"metadata": {"namespace": namespace, "name": "x"}, "spec": {}}])));
            read(&listed(&lists), "pay", "default_deny_ingress")
        };
        let deny = [("pay", "deny", json!({"podSelector": {}}))];
        assert!(matches!(with(&deny, "pay"), Reading::Unknown(why) if why.detail.contains("`x`")), "{name}");
        assert_eq!(with(&deny, "shop") == yes(), namespaced, "{name} of another namespace");
        assert_eq!(with(&[], "pay"), no(), "{name}");
    }
    let mut broken = alone(&[namespaces(&["pay"]), policies(&[("pay", "deny", json!({"podSelector": {}}))])]);
    assert_eq!(read(&broken, "pay", "default_deny_ingress"), yes());
    let why = Reason::new(Cause::Denied, OTHERS[0]);
    broken.intake(OTHERS[0]).unwrap().broke(why.clone());
    assert_eq!(read(&broken, "pay", "default_deny_ingress"), Reading::Unknown(why));
}

#[test]
fn a_label_that_is_not_there_is_the_weakest_level_and_one_that_is_wrong_is_unknown() {
    let labels =
        json!({"pod-security.kubernetes.io/enforce": "restricted", "pod-security.kubernetes.io/warn": "strict"});
    let listed = listed(&[("namespaces", json!([{"metadata": {"name": "pay", "labels": labels}}]))]);
    assert_eq!(read(&listed, "pay", "pod_security_enforce"), Reading::Value(Value::string("restricted")));
    assert_eq!(read(&listed, "pay", "pod_security_audit"), Reading::Value(Value::string("privileged")));
    assert!(
        matches!(read(&listed, "pay", "pod_security_warn"), Reading::Unknown(why) if why.cause == Cause::Unreadable)
    );
}

#[test]
fn pods_are_those_that_policies_reach() {
    let pod = |name: &str, spec: Json, phase: &str| json!({"metadata": {"namespace": "pay", "name": name}, "spec": spec, "status": {"phase": phase}});
    let mirror =
        json!({"metadata": {"namespace": "pay", "name": "m", "annotations": {"kubernetes.io/config.mirror": "x"}}});
    let pods = json!([
        pod("a", json!({}), "Running"),
        pod("b", json!({}), "Pending"),
        pod("c", json!({"hostNetwork": true}), "Running"),
        pod("d", json!({}), "Succeeded"),
        mirror
    ]);
    let listed = listed(&[namespaces(&["pay", "empty"]), ("pods", pods)]);
    assert_eq!(attribute(&listed, "pay", "pods"), Reading::Value(Value::integer(2)));
    assert_eq!(attribute(&listed, "empty", "pods"), Reading::Value(Value::integer(0)));
}

#[test]
fn a_list_that_broke_off_hides_exactly_what_it_decides() {
    let mut listed = listed(&[namespaces(&["pay"]), ("pods", json!([]))]);
    let denied = Reason::new(Cause::Denied, "list networkpolicies.networking.k8s.io");
    listed.intake("networkpolicies.networking.k8s.io").unwrap().broke(denied.clone());
    assert_eq!(read(&listed, "pay", "default_deny_ingress"), Reading::Unknown(denied));
    assert_eq!(read(&listed, "pay", "pod_security_enforce"), Reading::Value(Value::string("privileged")));
    assert_eq!(attribute(&listed, "pay", "pods"), Reading::Value(Value::integer(0)));
    let gone = Reason::new(Cause::Unreachable, "list namespaces");
    listed.intake("namespaces").unwrap().broke(gone.clone());
    assert_eq!(Objects::list(&listed, &KindReads::default()).incomplete, Some(gone));
}

/// A peer authentication of `pay`, unless it says otherwise.
fn peer(namespace: &str, name: &str, created: u8, spec: Json) -> Json {
    let created = format!("2026-01-{created:02}T00:00:00Z");
    json!({"metadata": {"namespace": namespace, "name": name, "creationTimestamp": created}, "spec": spec})
}

fn mode(mode: &str) -> Json {
    json!({"mtls": {"mode": mode}})
}

/// A pod of `pay` with a sidecar.
fn meshed(name: &str, more: &Json) -> Json {
    let mut metadata = json!({"namespace": "pay", "name": name, "labels": {"app": name}});
    metadata["annotations"] = more.clone();
    json!({"metadata": metadata, "spec": {"containers": [{"name": "app"}, {"name": "istio-proxy"}]}})
}

fn mtls(policies: &[Json], pods: &[Json]) -> Reading {
    let listed = listed(&[
        namespaces(&["pay"]),
        ("peerauthentications.security.istio.io", json!(policies)),
        ("pods", json!(pods)),
    ]);
    read(&listed, "pay", "mtls")
}

fn free(mode: &str) -> Reading {
    Reading::Value(Value::string(mode))
}

fn held(mode: &str, by: &str) -> Reading {
    Reading::Held(Value::string(mode), by.into())
}

#[test]
fn the_narrower_scope_decides_and_unset_passes_on() {
    let pod = || [meshed("api", &Json::Null)];
    let mesh = |said: &str| peer("istio-system", "mesh", 1, mode(said));
    let own = |said: &str| peer("pay", "own", 2, mode(said));
    assert_eq!(mtls(&[], &pod()), free("permissive"));
    assert_eq!(mtls(&[mesh("STRICT")], &pod()), free("strict"));
    assert_eq!(mtls(&[mesh("STRICT"), own("UNSET")], &pod()), free("strict"));
    assert_eq!(mtls(&[mesh("STRICT"), peer("pay", "own", 2, json!({}))], &pod()), free("strict"));
    assert_eq!(mtls(&[mesh("STRICT"), own("PERMISSIVE")], &pod()), free("permissive"));
    assert_eq!(mtls(&[mesh("UNSET"), own("UNSET")], &pod()), free("permissive"));
    assert_eq!(mtls(&[mesh("STRICT"), own("DISABLE")], &pod()), free("plaintext"));
    assert_eq!(mtls(&[own("STRICT")], &[]), free("strict"), "without pods, what a pod with a proxy would get");
    let elsewhere = peer(
        "istio-system",
        "some",
        1,
        json!({"selector": {"matchLabels": {"app": "api"}}, "mtls": {"mode": "STRICT"}}),
    );
    assert_eq!(
        mtls(&[elsewhere], &pod()),
        free("permissive"),
        "a selector of the root namespace is about that one only"
    );
}

#[test]
fn the_oldest_policy_of_a_scope_counts_and_of_one_age_the_first_name() {
    let pod = [meshed("api", &Json::Null)];
    let (older, newer) = (peer("pay", "z", 1, mode("PERMISSIVE")), peer("pay", "a", 2, mode("STRICT")));
    assert_eq!(mtls(&[newer.clone(), older], &pod), free("permissive"));
    assert_eq!(mtls(&[newer, peer("pay", "z", 2, mode("PERMISSIVE"))], &pod), free("strict"));
    let selecting = |name: &str, created: u8, said: &str| {
        peer("pay", name, created, json!({"selector": {"matchLabels": {"app": "api"}}, "mtls": {"mode": said}}))
    };
    let both = [selecting("z", 1, "STRICT"), selecting("a", 2, "DISABLE"), peer("pay", "own", 9, mode("PERMISSIVE"))];
    assert_eq!(mtls(&both, &pod), free("strict"));
}

#[test]
fn a_policy_that_selects_pods_holds_what_it_weakens_and_one_port_is_enough() {
    let pods = [meshed("api", &Json::Null), meshed("web", &Json::Null)];
    let own = peer("pay", "own", 1, mode("STRICT"));
    let port = |said: &str| {
        let spec = json!({"selector": {"matchLabels": {"app": "api"}}, "portLevelMtls": {"8080": {"mode": said}}});
        peer("pay", "port", 2, spec)
    };
    assert_eq!(mtls(&[own.clone(), port("DISABLE")], &pods), held("plaintext", "peer authentication `port`"));
    assert_eq!(mtls(&[own.clone(), port("UNSET")], &pods), free("strict"));
    assert_eq!(mtls(&[own, port("STRICT")], &pods), free("strict"));
}

#[test]
fn a_pod_without_a_proxy_is_plaintext_whatever_a_policy_says() {
    let strict = || [peer("istio-system", "mesh", 1, mode("STRICT"))];
    let plain = json!({"metadata": {"namespace": "pay", "name": "job-x", "ownerReferences": [{"kind": "Job", "name": "job", "controller": true}]}});
    let both = [meshed("api", &Json::Null), plain];
    assert_eq!(mtls(&strict(), &both), held("plaintext", "Job `job` without a proxy"));
    let init = |policy: &str| json!({"metadata": {"namespace": "pay", "name": "api"}, "spec": {"initContainers": [{"name": "istio-proxy", "restartPolicy": policy}]}});
    assert_eq!(mtls(&strict(), &[init("Always")]), free("strict"));
    assert_eq!(mtls(&strict(), &[init("")]), held("plaintext", "Pod `api` without a proxy"));
    let past = meshed("api", &json!({"traffic.sidecar.istio.io/excludeInboundPorts": "9090"}));
    assert_eq!(mtls(&strict(), &[past]), held("plaintext", "Pod `api` with ports that go past the proxy"));
    let all = meshed(
        "api",
        &json!({"traffic.sidecar.istio.io/includeInboundPorts": "*", "traffic.sidecar.istio.io/excludeInboundPorts": ""}),
    );
    assert_eq!(mtls(&strict(), &[all]), free("strict"));
    let node = |annotations: Json| json!({"metadata": {"namespace": "pay", "name": "api", "annotations": annotations}});
    assert_eq!(mtls(&strict(), &[node(json!({"ambient.istio.io/redirection": "enabled"}))]), free("strict"));
    assert!(matches!(mtls(&strict(), &[node(json!({"ambient.istio.io/redirection": "pending"}))]), Reading::Held(..)));
    let bypass = json!({"ambient.istio.io/redirection": "enabled", "ambient.istio.io/bypass-inbound-capture": "true"});
    assert!(matches!(mtls(&strict(), &[node(bypass)]), Reading::Held(..)));
}

#[test]
fn pods_or_policies_that_were_not_all_listed_hide_the_mode() {
    for name in ["pods", "peerauthentications.security.istio.io"] {
        let mut listed =
            listed(&[namespaces(&["pay"]), ("pods", json!([])), ("peerauthentications.security.istio.io", json!([]))]);
        assert_eq!(read(&listed, "pay", "mtls"), free("permissive"));
        listed.intake(name).unwrap().broke(Reason::new(Cause::Denied, name));
        assert_eq!(read(&listed, "pay", "mtls"), Reading::Unknown(Reason::new(Cause::Denied, name)));
    }
    let mut listed = listed(&[namespaces(&["pay", "istio-system"]), ("pods", json!([]))]);
    listed.intake("peerauthentications.security.istio.io").unwrap().unserved();
    assert_eq!(read(&listed, "pay", "mtls"), held("permissive", "the absence of Istio"));
    let mesh = "the mesh's own policy";
    assert_eq!(read(&listed, "istio-system", "mtls"), held("permissive", mesh));
}

#[test]
fn the_policy_that_counts_is_the_one_that_is_written() {
    let strict = |policies: Json| {
        let listed = listed(&[namespaces(&["pay"]), ("peerauthentications.security.istio.io", policies)]);
        match asked(&change("mtls", Value::string("strict")), &listed) {
            Request::Apply { name, body, .. } => {
                (name.to_string(), body["metadata"].get("annotations").is_some(), body["spec"].clone())
            }
            other => panic!("{other:?}"),
        }
    };
    let spec = mode("STRICT");
    assert_eq!(strict(json!([])), ("ordain".into(), true, spec.clone()));
    let selecting = peer("pay", "some", 1, json!({"selector": {"matchLabels": {"app": "api"}}}));
    let others = json!([selecting, peer("pay", "default", 3, mode("PERMISSIVE")), peer("pay", "x", 4, mode("STRICT"))]);
    assert_eq!(strict(others), ("default".into(), false, spec), "a policy of somebody else is not marked as ours");
}

fn change(unit: &str, value: Value) -> Change {
    Change {
        object: ObjectAddress::parse("kubernetes:here/kubernetes_namespace/pay").unwrap(),
        unit: unit.into(),
        values: [(SettingName::plain(unit), value)].into(),
        kept: [].into(),
        token: "plan-1".into(),
    }
}

fn asked(change: &Change, listed: &Listed) -> Request {
    let mut requests = Objects::requests(change, listed).unwrap();
    assert_eq!(requests.len(), 1);
    requests.remove(0)
}

#[test]
fn the_policy_that_is_made_denies_by_default_and_only_that_one_is_deleted() {
    let before = alone(&[namespaces(&["pay"]), policies(&[])]);
    let Request::Apply { namespace, name, manager, mut body, .. } =
        asked(&change("default_deny_egress", Value::Bool(true)), &before)
    else {
        panic!("nothing is applied")
    };
    assert_eq!(
        (namespace.as_deref(), &*name, manager.as_str()),
        (Some("pay"), "ordain-default-deny-egress", "ordain/default_deny_egress")
    );
    let back = change("default_deny_egress", Value::Bool(false));
    let after = |body: &Json| alone(&[namespaces(&["pay"]), ("networkpolicies.networking.k8s.io", json!([body]))]);
    assert_eq!(read(&after(&body), "pay", "default_deny_egress"), yes());
    assert_eq!(read(&after(&body), "pay", "default_deny_ingress"), no());
    assert!(
        matches!(asked(&back, &after(&body)), Request::Delete { name, .. } if &*name == "ordain-default-deny-egress")
    );
    body["metadata"]["annotations"] = json!({});
    assert!(Objects::requests(&back, &after(&body)).is_err_and(|why| why.detail.contains("by hand")));
    let unlisted = listed(&[]);
    assert!(Objects::requests(&back, &unlisted).is_err());
}

#[test]
fn a_level_is_one_label_of_a_manager_of_its_own() {
    let asked = asked(&change("pod_security_warn", Value::string("baseline")), &Listed::default());
    let Request::Apply { namespace: None, manager, body, .. } = asked else { panic!("{asked:?}") };
    let labels = json!({"pod-security.kubernetes.io/warn": "baseline"});
    assert_eq!((manager.as_str(), &body["metadata"]["labels"]), ("ordain/pod_security_warn", &labels));
    assert!(Objects::requests(&change("labels", Value::Null), &Listed::default()).is_err());
}
