//! What a cluster says of itself, one test per trap on the page.

use super::*;
use crate::kinds::tests::{attribute_of, listed, setting_of};
use serde_json::{Value as Json, json};

const CLUSTER_BINDINGS: &str = "clusterrolebindings.rbac.authorization.k8s.io";
const BINDINGS: &str = "rolebindings.rbac.authorization.k8s.io";

fn read(listed: &Listed, name: &str) -> Reading {
    setting_of("kubernetes_cluster", listed, ID, name)
}

fn versioned(version: &str) -> Listed {
    Listed { version: Some(version.into()), ..Listed::default() }
}

#[test]
fn what_a_cloud_sets_is_fixed_by_it_and_never_a_pass() {
    for (version, distribution) in [("v1.33.4-eks-1a2b3c4", "eks"), ("v1.33.4-gke.1036000", "gke")] {
        let listed = versioned(version);
        let of = |name: &str| attribute_of("kubernetes_cluster", &listed, ID, name);
        assert_eq!(of("distribution"), Reading::Value(Value::string(distribution)));
        assert_eq!(of("version"), Reading::Value(Value::Version(Version::parse("1.33.4").unwrap())));
        for setting in ["audit_policy", "secrets_encryption"] {
            assert!(matches!(read(&listed, setting), Reading::ProviderFixed(_)), "{version} {setting}");
        }
    }
    let own = versioned("v1.33.4");
    assert_eq!(attribute_of("kubernetes_cluster", &own, ID, "distribution"), Reading::Value(Value::Null));
    assert!(matches!(read(&own, "audit_policy"), Reading::Unknown(why) if why.cause == Cause::OutOfScope));
    assert!(
        matches!(read(&Listed::default(), "audit_policy"), Reading::Unknown(why) if why.cause == Cause::NotCollected)
    );
    assert!(matches!(attribute_of("kubernetes_cluster", &versioned("latest"), ID, "version"), Reading::Unknown(_)));
}

#[test]
fn what_only_warns_or_may_stay_silent_refuses_nothing() {
    let binding = |policy: &str, action: &str| json!({"metadata": {"name": policy}, "spec": {"policyName": policy, "validationActions": [action]}});
    let hooks = json!([{"metadata": {"name": "x"}, "webhooks": [{"name": "a", "failurePolicy": "Fail"}, {"name": "b", "failurePolicy": "Ignore"}]}]);
    let mut listed = listed(&[
        (
            "validatingadmissionpolicybindings.admissionregistration.k8s.io",
            json!([binding("deny", "Deny"), binding("warn", "Warn")]),
        ),
        ("validatingwebhookconfigurations.admissionregistration.k8s.io", hooks),
    ]);
    assert_eq!(
        read(&listed, "admission_policies"),
        Reading::Value(Value::set(["ValidatingAdmissionPolicy:deny", "ValidatingWebhook:a"]))
    );
    let why = Reason::new(Cause::Denied, "list");
    listed.intake("validatingwebhookconfigurations.admissionregistration.k8s.io").unwrap().broke(why.clone());
    assert_eq!(read(&listed, "admission_policies"), Reading::Unknown(why));
}

#[test]
fn what_kubernetes_gives_everybody_itself_is_no_finding() {
    let binding = |namespace: &str, name: &str, kind: &str, subject: &str| json!({"metadata": {"namespace": namespace, "name": name}, "subjects": [{"kind": kind, "name": subject}]});
    let cluster = json!([
        binding("", "system:public-info-viewer", "Group", "system:unauthenticated"),
        binding("", "open", "User", "system:anonymous"),
        binding("", "staff", "Group", "system:authenticated"),
    ]);
    let own = json!([
        binding("kube-public", "kubeadm:bootstrap-signer-clusterinfo", "User", "system:anonymous"),
        binding("pay", "open", "Group", "system:unauthenticated"),
        binding("pay", "named-so", "ServiceAccount", "system:anonymous"),
    ]);
    let mut listed = listed(&[(CLUSTER_BINDINGS, cluster), (BINDINGS, own)]);
    let expected = Value::set(["ClusterRoleBinding:open", "RoleBinding:pay:open"]);
    assert_eq!(read(&listed, "anonymous_bindings"), Reading::Value(expected));
    for list in [CLUSTER_BINDINGS, BINDINGS] {
        let why = Reason::new(Cause::Denied, list);
        listed.intake(list).unwrap().broke(why.clone());
        assert!(matches!(read(&listed, "anonymous_bindings"), Reading::Unknown(_)), "{list}");
    }
}

#[test]
fn a_plugin_carries_policies_out_where_it_is_ready_everywhere_and_told_to() {
    let set = |name: &str, args: &Json, ready: i64| {
        json!([{"metadata": {"namespace": "kube-system", "name": name}, "status": {"desiredNumberScheduled": 3, "numberReady": ready},
                "spec": {"template": {"spec": {"containers": [{"name": "agent", "args": args}]}}}}])
    };
    let enforced = |set: Json| read(&listed(&[("daemonsets.apps", set)]), "network_policies_enforced");
    let yes = |is: bool| Reading::Value(Value::Bool(is));
    assert_eq!(enforced(set("cilium", &Json::Null, 3)), yes(true));
    assert_eq!(enforced(set("calico-node", &Json::Null, 2)), yes(false));
    assert_eq!(enforced(set("aws-node", &json!(["--enable-network-policy=true"]), 3)), yes(true));
    assert_eq!(enforced(set("aws-node", &json!(["--enable-network-policy=false"]), 3)), yes(false));
    assert_eq!(enforced(set("kube-flannel", &Json::Null, 3)), yes(false));
    let mut broken = listed(&[]);
    broken.intake("daemonsets.apps").unwrap().broke(Reason::new(Cause::Denied, "list daemonsets.apps"));
    assert!(matches!(read(&broken, "network_policies_enforced"), Reading::Unknown(_)));
}
