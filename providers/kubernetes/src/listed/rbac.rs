//! [`Role`] and [`Binding`]: what may be done, and by whom; in a namespace or in the whole cluster.

use crate::label_selector::LabelSelector;
use crate::metadata::Metadata;
use crate::page::absent;
use ordain_model::Text;
use serde::Deserialize;

/// A `Role` or `ClusterRole` (`rbac.authorization.k8s.io/v1`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Role {
    /// Name, namespace of a `Role`, labels.
    pub metadata: Metadata,
    /// What it allows. Of an aggregating one, what the controller wrote last.
    #[serde(deserialize_with = "absent")]
    pub rules: Vec<Rule>,
    /// Whose rules the controller writes into it.
    pub aggregation_rule: Option<AggregationRule>,
}

/// These verbs on these resources of these groups, or on these objects of them only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Rule {
    /// Verbs, or `*`.
    #[serde(deserialize_with = "absent")]
    pub verbs: Vec<Text>,
    /// Groups, the core group as an empty one, or `*`.
    #[serde(deserialize_with = "absent")]
    pub api_groups: Vec<Text>,
    /// Resources: `secrets`, `pods/exec`, `*/scale` for one subresource of all, or `*`.
    #[serde(deserialize_with = "absent")]
    pub resources: Vec<Text>,
    /// Only the objects of these names, unless it is empty.
    #[serde(deserialize_with = "absent")]
    pub resource_names: Vec<Text>,
}

/// Which cluster roles make up an aggregating one: those that any of these selects.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct AggregationRule {
    /// The selectors.
    #[serde(deserialize_with = "absent")]
    pub cluster_role_selectors: Vec<LabelSelector>,
}

/// A `RoleBinding` or `ClusterRoleBinding` (`rbac.authorization.k8s.io/v1`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Binding {
    /// Name, and the namespace of a `RoleBinding`.
    pub metadata: Metadata,
    /// The role.
    #[serde(deserialize_with = "absent")]
    pub role_ref: RoleReference,
    /// Who gets it.
    #[serde(deserialize_with = "absent")]
    pub subjects: Vec<Subject>,
}

/// A role by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct RoleReference {
    /// `Role` or `ClusterRole`.
    pub kind: Text,
    /// Its name.
    pub name: Text,
}

/// Somebody who gets a role.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(default)]
pub struct Subject {
    /// `User`, `Group` or `ServiceAccount`.
    pub kind: Text,
    /// Namespace of a service account.
    #[serde(deserialize_with = "absent")]
    pub namespace: Text,
    /// Name.
    pub name: Text,
}

impl Binding {
    /// `ClusterRoleBinding:NAME`, `RoleBinding:NAMESPACE:NAME`.
    #[must_use]
    pub fn word(&self) -> String {
        match &*self.metadata.namespace {
            "" => format!("ClusterRoleBinding:{}", self.metadata.name),
            namespace => format!("RoleBinding:{namespace}:{}", self.metadata.name),
        }
    }

    /// Whether somebody who is not authenticated gets it.
    #[must_use]
    pub fn is_anonymous(&self) -> bool {
        let names = ["system:anonymous", "system:unauthenticated"];
        self.subjects.iter().any(|subject| *subject.kind != *"ServiceAccount" && names.contains(&&*subject.name))
    }
}

/// Whether a list of a rule names something, or everything.
fn names(list: &[Text], name: &str) -> bool {
    list.iter().any(|listed| **listed == *name || **listed == *"*")
}

impl Rule {
    /// Whether it is about a resource of a group, `secrets` or `pods/exec`. `pods/*` is no form that means anything.
    #[must_use]
    pub fn is_about(&self, group: &str, resource: &str) -> bool {
        let sub = resource.split_once('/').map(|(_, sub)| sub);
        let of_all = |listed: &Text| sub.is_some_and(|sub| listed.strip_prefix("*/") == Some(sub));
        names(&self.api_groups, group) && (names(&self.resources, resource) || self.resources.iter().any(of_all))
    }

    /// Whether it allows a verb.
    #[must_use]
    pub fn allows(&self, verb: &str) -> bool {
        names(&self.verbs, verb)
    }

    /// Whether it allows any of these verbs.
    #[must_use]
    pub fn allows_any(&self, verbs: &[&str]) -> bool {
        verbs.iter().any(|verb| self.allows(verb))
    }
}

impl Role {
    /// Whether Kubernetes itself made it.
    #[must_use]
    pub fn is_default(&self) -> bool {
        let label = self.metadata.labels.get("kubernetes.io/bootstrapping");
        label.is_some_and(|label| **label == *"rbac-defaults") || self.metadata.name.starts_with("system:")
    }
}

impl Subject {
    /// `User:NAME`, `Group:NAME`, `ServiceAccount:NAMESPACE:NAME`. `in_namespace` is where the binding lies, which holds for a
    /// service account without a namespace.
    #[must_use]
    pub fn word(&self, in_namespace: &str) -> String {
        match &*self.kind {
            "ServiceAccount" => {
                let namespace = if self.namespace.is_empty() { in_namespace } else { &self.namespace };
                format!("ServiceAccount:{namespace}:{}", self.name)
            }
            kind => format!("{kind}:{}", self.name),
        }
    }

    /// Whether it stands for everybody who can reach the API server, or for every service account.
    #[must_use]
    pub fn is_everybody(&self) -> bool {
        let groups = ["system:authenticated", "system:serviceaccounts", "system:unauthenticated"];
        match &*self.kind {
            "Group" => groups.contains(&&*self.name),
            "User" => *self.name == *"system:anonymous",
            _ => false,
        }
    }
}
