//! `kubernetes_namespace`: what traffic its pods are open to, and what pods it admits.

mod change;
mod mutual_tls;
mod network;
mod pod_security;

use super::{Derived, by_hand, includes, object};
use crate::listed::{Direction, Listed, Namespace};
use crate::request::Request;
use mutual_tls::MutualTls;
use network::Network;
use ordain_model::Text;
use ordain_model::address::SettingName;
use ordain_model::domain::Domain;
use ordain_model::observation::{KindReads, Listing, Reading, Reason};
use ordain_model::provider::Change;
use ordain_model::schema::{Attribute, Exposes, Kind, Setting, Stricter, Unit, WriteClass, WriteToken};
use ordain_model::types::Type;
use ordain_model::value::Value;

/// Network policies, and those that may allow what they deny.
const POLICIES: &[&str] = &[
    "list adminnetworkpolicies.policy.networking.k8s.io",
    "list ciliumclusterwidenetworkpolicies.cilium.io",
    "list ciliumnetworkpolicies.cilium.io",
    "list clusternetworkpolicies.policy.networking.k8s.io",
    "list globalnetworkpolicies.crd.projectcalico.org",
    "list networkpolicies.crd.projectcalico.org",
    "list networkpolicies.networking.k8s.io",
];

/// Server-side apply is a patch, and creates what is not there.
const POLICY_WRITES: &[&str] = &[
    "create networkpolicies.networking.k8s.io",
    "delete networkpolicies.networking.k8s.io",
    "patch networkpolicies.networking.k8s.io",
];

const POLICY_CALLS: &[&str] = &["list networkpolicies.networking.k8s.io", "patch networkpolicies.networking.k8s.io"];

const LABEL_CALLS: &[&str] = &["patch namespaces"];

/// A unit that is applied by a field manager of its own: the API refuses it where another one holds a field with another
/// value.
const fn applied(name: &'static str, calls: &'static [&'static str]) -> Unit {
    Unit { name, token: WriteToken::condition("fieldManager"), calls, waits: &[] }
}

/// A default deny in one direction: a policy of its own.
const fn default_deny(name: &'static str, summary: &'static str) -> Setting {
    Setting {
        name,
        summary,
        of: Type::Bool,
        domain: Domain::Any,
        stricter: Stricter::True,
        keyed: None,
        join: None,
        unit: name,
        // What no policy allows is cut off the moment the first one isolates a pod.
        class: WriteClass::Restarts,
        exposes: Exposes::Nothing,
        read_actions: POLICIES,
        write_actions: POLICY_WRITES,
        source: "https://kubernetes.io/docs/concepts/services-networking/network-policies/",
    }
}

/// A number of pods that no policy isolates. Which policy they need is for whoever knows what they talk to.
const fn uncovered(name: &'static str, summary: &'static str) -> Setting {
    let actions = &["list networkpolicies.networking.k8s.io", "list pods"];
    let source = "https://kubernetes.io/docs/concepts/services-networking/network-policies/";
    by_hand(name, summary, (Type::Integer, Stricter::Lesser), actions, source)
}

/// A level of pod security: a label.
const fn level(name: &'static str, summary: &'static str) -> Setting {
    Setting {
        name,
        summary,
        of: Type::Enum(pod_security::LEVELS),
        domain: Domain::Any,
        stricter: Stricter::Later,
        keyed: None,
        join: None,
        unit: name,
        // Running pods go on; those that are started again may be refused.
        class: WriteClass::Restarts,
        exposes: Exposes::Nothing,
        read_actions: &[],
        write_actions: &["patch namespaces"],
        source: "https://kubernetes.io/docs/concepts/security/pod-security-admission/",
    }
}

/// The kind.
pub static KIND: Kind = Kind {
    name: "kubernetes_namespace",
    summary: "A namespace. Its id is its name.",
    page: include_str!("kubernetes_namespace.md"),
    attributes: &[
        Attribute { name: "labels", of: Type::Tags, summary: "Its labels.", actions: &[] },
        Attribute { name: "name", of: Type::String, summary: "Its name.", actions: &[] },
        Attribute {
            name: "pods",
            of: Type::Integer,
            summary: "Pods in it that network policies can reach.",
            actions: &["list pods"],
        },
    ],
    settings: &[
        default_deny(
            "default_deny_egress",
            "Whether what its pods send is refused unless a policy allows it: a policy denies by default, and none allows everything.",
        ),
        default_deny(
            "default_deny_ingress",
            "Whether what reaches its pods is refused unless a policy allows it: a policy denies by default, and none allows everything.",
        ),
        Setting {
            name: "mtls",
            summary: "Whether its pods accept plaintext: the weakest mode of any of them, by Istio's policies.",
            of: Type::Enum(mutual_tls::MODES),
            domain: Domain::Any,
            stricter: Stricter::Later,
            keyed: None,
            join: None,
            unit: "mtls",
            // Whoever speaks plaintext is cut off.
            class: WriteClass::Restarts,
            exposes: Exposes::Nothing,
            read_actions: &["list peerauthentications.security.istio.io", "list pods"],
            write_actions: &[
                "create peerauthentications.security.istio.io",
                "patch peerauthentications.security.istio.io",
            ],
            source: "https://istio.io/latest/docs/reference/config/security/peer_authentication/",
        },
        level("pod_security_audit", "Level from which a pod that violates it is noted in the audit log."),
        level("pod_security_enforce", "Level from which a pod that violates it is refused."),
        level("pod_security_warn", "Level from which whoever makes a pod that violates it is warned."),
        uncovered(
            "pods_uncovered",
            "How many of its pods that policies can reach are not isolated by any in both directions.",
        ),
        uncovered(
            "pods_uncovered_egress",
            "How many of its pods that policies can reach are isolated by none in what they send.",
        ),
        uncovered(
            "pods_uncovered_ingress",
            "How many of its pods that policies can reach are isolated by none in what reaches them.",
        ),
    ],
    deprecated: &[],
    rules: &[],
    units: &[
        applied("default_deny_egress", POLICY_CALLS),
        applied("default_deny_ingress", POLICY_CALLS),
        applied("mtls", &["list peerauthentications.security.istio.io", "patch peerauthentications.security.istio.io"]),
        applied("pod_security_audit", LABEL_CALLS),
        applied("pod_security_enforce", LABEL_CALLS),
        applied("pod_security_warn", LABEL_CALLS),
    ],
    terraform: &[],
    list_actions: &["list namespaces"],
};

/// What the lists of a cluster say of its namespaces.
pub(super) struct Objects;

impl Derived for Objects {
    fn list(listed: &Listed, reads: &KindReads) -> Listing {
        let view = View { network: Network::of(listed), mutual_tls: MutualTls::of(listed) };
        let namespaces = listed.namespaces.items.iter().filter(|of| includes(reads, &of.metadata.name));
        let read = |of: &Namespace| {
            (
                of.metadata.name.clone(),
                object(reads, |name| attribute(of, &view, name), |name| setting(of, &view, name)),
            )
        };
        Listing { incomplete: listed.namespaces.incomplete.clone(), objects: namespaces.map(read).collect() }
    }

    fn namespaces(id: &str) -> Option<Vec<Text>> {
        Some(vec![id.into(), mutual_tls::ROOT.into()])
    }

    fn requests(change: &Change, listed: &Listed) -> Result<Vec<Request>, Reason> {
        change::requests(change, listed)
    }
}

/// The lists by namespace.
struct View<'a> {
    network: Network<'a>,
    mutual_tls: MutualTls<'a>,
}

fn attribute(namespace: &Namespace, view: &View<'_>, name: &str) -> Option<Reading> {
    let metadata = &namespace.metadata;
    match name {
        "labels" => Some(Reading::Value(metadata.tags())),
        "name" => Some(Reading::Value(Value::String(metadata.name.clone()))),
        "pods" => Some(view.network.pods(&metadata.name)),
        _ => None,
    }
}

fn setting(namespace: &Namespace, view: &View<'_>, setting: &SettingName) -> Option<Reading> {
    let metadata = &namespace.metadata;
    match &*setting.name {
        "default_deny_egress" => Some(view.network.default_deny(&metadata.name, Direction::Egress)),
        "default_deny_ingress" => Some(view.network.default_deny(&metadata.name, Direction::Ingress)),
        "pods_uncovered" => Some(view.network.uncovered(&metadata.name, &[Direction::Ingress, Direction::Egress])),
        "pods_uncovered_egress" => Some(view.network.uncovered(&metadata.name, &[Direction::Egress])),
        "pods_uncovered_ingress" => Some(view.network.uncovered(&metadata.name, &[Direction::Ingress])),
        "mtls" => Some(view.mutual_tls.mode(&metadata.name)),
        name => pod_security::label(name).map(|label| pod_security::level(&metadata.labels, label)),
    }
}

#[cfg(test)]
mod tests;
