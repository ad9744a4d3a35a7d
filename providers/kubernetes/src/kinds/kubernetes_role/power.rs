//! [`Powers`]: what a role lets its subjects do beyond what it says on its face.

use crate::listed::Rule;

/// A power, from what a rule allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub(super) enum Power {
    ApproveCertificates = 1,
    Bind = 1 << 1,
    CreatePods = 1 << 2,
    CreateTokens = 1 << 3,
    Escalate = 1 << 4,
    ExecInPods = 1 << 5,
    Impersonate = 1 << 6,
    NodeProxy = 1 << 7,
    WriteWebhooks = 1 << 8,
    /// Reads secrets by name only.
    ReadNamedSecrets = 1 << 9,
    ReadSecrets = 1 << 10,
    WildcardOnSecrets = 1 << 11,
}

/// Ways to more than a role says, sorted.
pub(super) const ESCALATIONS: &[&str] = &[
    "approve_certificates",
    "bind",
    "create_pods",
    "create_tokens",
    "escalate",
    "exec_in_pods",
    "impersonate",
    "node_proxy",
    "write_webhooks",
];

/// A set of powers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Powers(u16);

impl Powers {
    pub(super) fn has(self, power: Power) -> bool {
        self.0 & power as u16 != 0
    }

    pub(super) fn and(self, other: Powers) -> Powers {
        Powers(self.0 | other.0)
    }

    /// The ways to more than the role says: the lowest bits are [`ESCALATIONS`] in their order.
    pub(super) fn escalations(self) -> impl Iterator<Item = &'static str> {
        ESCALATIONS.iter().enumerate().filter(move |(at, _)| self.0 & 1 << at != 0).map(|(_, name)| *name)
    }

    /// What some rules allow together.
    pub(super) fn of(rules: &[Rule]) -> Powers {
        rules.iter().fold(Powers::default(), |powers, rule| powers.and(of_rule(rule)))
    }
}

const RBAC: &str = "rbac.authorization.k8s.io";
const WRITE: &[&str] = &["create", "patch", "update"];

/// Resources whose objects become pods, with what makes one.
const PODS: &[(&str, &str, &[&str])] = &[
    ("", "pods", &["create"]),
    ("", "replicationcontrollers", WRITE),
    ("apps", "daemonsets", WRITE),
    ("apps", "deployments", WRITE),
    ("apps", "replicasets", WRITE),
    ("apps", "statefulsets", WRITE),
    ("batch", "cronjobs", WRITE),
    ("batch", "jobs", WRITE),
];

/// What takes a power beside the resources that become pods: group, resource, verbs.
const TAKES: &[(Power, &str, &str, &[&str])] = &[
    (Power::ApproveCertificates, "certificates.k8s.io", "certificatesigningrequests/approval", &["patch", "update"]),
    (Power::Bind, RBAC, "clusterroles", &["bind"]),
    (Power::Bind, RBAC, "roles", &["bind"]),
    (Power::CreateTokens, "", "serviceaccounts/token", &["create"]),
    (Power::Escalate, RBAC, "clusterroles", &["escalate"]),
    (Power::Escalate, RBAC, "roles", &["escalate"]),
    (Power::ExecInPods, "", "pods/attach", &["create", "get"]),
    (Power::ExecInPods, "", "pods/ephemeralcontainers", &["patch", "update"]),
    (Power::ExecInPods, "", "pods/exec", &["create", "get"]),
    (Power::Impersonate, "", "groups", &["impersonate"]),
    (Power::Impersonate, "", "serviceaccounts", &["impersonate"]),
    (Power::Impersonate, "", "users", &["impersonate"]),
    (Power::NodeProxy, "", "nodes/proxy", &["create", "get"]),
    (Power::WriteWebhooks, "admissionregistration.k8s.io", "mutatingwebhookconfigurations", WRITE),
    (Power::WriteWebhooks, "admissionregistration.k8s.io", "validatingwebhookconfigurations", WRITE),
];

fn of_rule(rule: &Rule) -> Powers {
    let mut powers = Powers::default();
    let mut add = |power: Power| powers = powers.and(Powers(power as u16));
    for (power, group, resource, verbs) in TAKES {
        if rule.is_about(group, resource) && rule.allows_any(verbs) {
            add(*power);
        }
    }
    if PODS.iter().any(|(group, resource, verbs)| rule.is_about(group, resource) && rule.allows_any(verbs)) {
        add(Power::CreatePods);
    }
    if rule.is_about("", "secrets") {
        let named = !rule.resource_names.is_empty();
        match rule.allows_any(&["get", "list", "watch"]) {
            true if named => add(Power::ReadNamedSecrets),
            true => add(Power::ReadSecrets),
            false => {}
        }
        if rule.verbs.iter().any(|verb| **verb == *"*") {
            add(Power::WildcardOnSecrets);
        }
    }
    powers
}
