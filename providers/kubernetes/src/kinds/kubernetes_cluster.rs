//! `kubernetes_cluster`: what holds for a cluster as a whole, and what of it only its provider can say.

mod managed;

use super::{Derived, by_hand, includes, object};
use crate::listed::{Binding, ENFORCES, List, Listed, Workload};
use managed::Managed;
use ordain_model::address::SettingName;
use ordain_model::observation::{Cause, KindReads, Listing, Reading, Reason};
use ordain_model::schema::{Attribute, Kind, Stricter};
use ordain_model::types::Type;
use ordain_model::value::Value;
use ordain_model::version::Version;
use std::collections::BTreeSet;

/// The id of the one object: its cell names the cluster.
const ID: &str = "cluster";

/// What the audit log holds of a request, from the least.
const AUDIT: &[&str] = &["none", "metadata", "request", "request_response"];

/// Whose key encrypts secrets where they are stored, from the weakest.
const ENCRYPTION: &[&str] = &["none", "provider_key", "customer_key"];

/// The kind.
pub static KIND: Kind = Kind {
    name: "kubernetes_cluster",
    summary: "The cluster as a whole. Its id is `cluster`.",
    page: include_str!("kubernetes_cluster.md"),
    attributes: &[
        Attribute {
            name: "distribution",
            of: Type::String,
            summary: "`eks` or `gke`, as the version tells; null where it does not.",
            actions: &[],
        },
        Attribute { name: "version", of: Type::Version, summary: "The version of its API server.", actions: &[] },
    ],
    settings: &[
        by_hand(
            "admission_policies",
            "What refuses what is not admitted: bindings of admission policies that deny, and web hooks that are waited for.",
            (Type::Strings(None), Stricter::Superset),
            &[
                "list validatingadmissionpolicybindings.admissionregistration.k8s.io",
                "list validatingwebhookconfigurations.admissionregistration.k8s.io",
            ],
            "https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/",
        ),
        by_hand(
            "anonymous_bindings",
            "Bindings by which whoever is not authenticated gets a role, beyond what Kubernetes gives them itself.",
            (Type::Strings(None), Stricter::Subset),
            &["list clusterrolebindings.rbac.authorization.k8s.io", "list rolebindings.rbac.authorization.k8s.io"],
            "https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings",
        ),
        by_hand(
            "audit_policy",
            "What the API server's audit policy records of a request at most.",
            (Type::Enum(AUDIT), Stricter::Later),
            &[],
            "https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/",
        ),
        by_hand(
            "network_policies_enforced",
            "Whether a network plugin that carries network policies out is ready on every node.",
            (Type::Bool, Stricter::True),
            &["list daemonsets.apps"],
            "https://kubernetes.io/docs/concepts/services-networking/network-policies/#prerequisites",
        ),
        by_hand(
            "secrets_encryption",
            "Under whose key secrets are encrypted where they are stored.",
            (Type::Enum(ENCRYPTION), Stricter::Later),
            &[],
            "https://kubernetes.io/docs/tasks/administer-cluster/encrypt-data/",
        ),
    ],
    deprecated: &[],
    rules: &[],
    units: &[],
    terraform: &[],
    list_actions: &[],
};

/// What the lists of a cluster say of it as a whole.
pub(super) struct Objects;

impl Derived for Objects {
    fn list(listed: &Listed, reads: &KindReads) -> Listing {
        let object = || object(reads, |name| attribute(listed, name), |name| setting(listed, name));
        let objects = includes(reads, ID).then(|| (ID.into(), object())).into_iter().collect();
        Listing { incomplete: None, objects }
    }
}

/// A reading of the version, which an API server that answers at all says.
fn of_version(listed: &Listed, read: impl Fn(&str) -> Reading) -> Reading {
    let unread = || Reading::Unknown(Reason::new(Cause::NotCollected, "the version was not collected"));
    listed.version.as_deref().map_or_else(unread, read)
}

fn attribute(listed: &Listed, name: &str) -> Option<Reading> {
    match name {
        "distribution" => Some(of_version(listed, |version| {
            Reading::Value(Managed::of(version).map_or(Value::Null, |managed| Value::string(managed.word())))
        })),
        "version" => Some(of_version(listed, |version| {
            // What follows the three numbers is the provider's own.
            let upstream = version.split(['-', '+']).next().unwrap_or(version);
            match Version::parse(upstream) {
                Some(version) => Reading::Value(Value::Version(version)),
                None => Reading::Unknown(Reason::new(Cause::Unreadable, format!("`{version}` is no version"))),
            }
        })),
        _ => None,
    }
}

fn setting(listed: &Listed, setting: &SettingName) -> Option<Reading> {
    Some(match &*setting.name {
        "admission_policies" => known(admission(listed), |names| Value::set(names.iter().map(String::as_str))),
        "anonymous_bindings" => known(anonymous(listed), |names| Value::set(names.iter().map(String::as_str))),
        "audit_policy" => of_version(listed, managed::audit_policy),
        "network_policies_enforced" => known(listed.daemon_sets.all(), |sets| Value::Bool(enforced(sets))),
        "secrets_encryption" => of_version(listed, managed::secrets_encryption),
        _ => return None,
    })
}

fn known<T>(read: Result<T, &Reason>, value: impl Fn(T) -> Value) -> Reading {
    read.map_or_else(|reason| Reading::Unknown(reason.clone()), |read| Reading::Value(value(read)))
}

/// What refuses: a binding of a policy that denies, a web hook whose silence refuses.
fn admission(listed: &Listed) -> Result<BTreeSet<String>, &Reason> {
    let bindings = listed.admission_policy_bindings.all()?.iter();
    let denying = bindings.filter(|binding| binding.spec.validation_actions.iter().any(|action| **action == *"Deny"));
    let policies = denying.map(|binding| format!("ValidatingAdmissionPolicy:{}", binding.spec.policy_name));
    let hooks = listed.validating_webhooks.all()?.iter().flat_map(|configuration| &configuration.webhooks);
    let waited = hooks.filter(|hook| *hook.failure_policy != *"Ignore");
    Ok(policies.chain(waited.map(|hook| format!("ValidatingWebhook:{}", hook.name))).collect())
}

/// Bindings that Kubernetes makes itself for who is not authenticated: the version and health of the server, and in
/// clusters that kubeadm made what a node needs to join.
const OWN: [&str; 2] =
    ["ClusterRoleBinding:system:public-info-viewer", "RoleBinding:kube-public:kubeadm:bootstrap-signer-clusterinfo"];

fn anonymous(listed: &Listed) -> Result<BTreeSet<String>, &Reason> {
    let all = |list: &'_ List<Binding>| -> Vec<String> {
        list.items.iter().filter(|of| of.is_anonymous()).map(Binding::word).collect()
    };
    let (cluster, namespaced) = (&listed.cluster_role_bindings, &listed.role_bindings);
    cluster.all()?;
    namespaced.all()?;
    Ok(all(cluster).into_iter().chain(all(namespaced)).filter(|name| !OWN.contains(&name.as_str())).collect())
}

/// Daemon sets of network plugins that carry network policies out whenever they run.
const ENFORCING: [&str; 7] =
    ["anetd", "antrea-agent", "azure-npm", "calico-node", "cilium", "kube-router", "ovnkube-node"];

/// Whether one of them is ready on every node that it is meant for. That of AWS carries policies out where its agent was told to.
fn enforced(sets: &[Workload]) -> bool {
    let ready = |set: &Workload| {
        set.status.desired_number_scheduled > 0 && set.status.number_ready >= set.status.desired_number_scheduled
    };
    let told = |set: &Workload| {
        let mut arguments = set.spec.template.spec.containers.iter().flat_map(|container| &container.args);
        arguments.any(|argument| argument.strip_prefix(ENFORCES) == Some("true"))
    };
    sets.iter().any(|set| match &*set.metadata.name {
        "aws-node" => told(set) && ready(set),
        name => ENFORCING.contains(&name) && ready(set),
    })
}

#[cfg(test)]
mod tests;
