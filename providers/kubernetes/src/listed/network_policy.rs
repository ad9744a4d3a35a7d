//! [`NetworkPolicy`]: which pods it isolates in which direction, and whether it lets everybody through.

use crate::label_selector::LabelSelector;
use crate::metadata::Metadata;
use crate::page::absent;
use serde::Deserialize;
use serde_json::Value as Json;

/// A network policy (`networking.k8s.io/v1`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct NetworkPolicy {
    /// Name and namespace.
    pub metadata: Metadata,
    /// What it says.
    #[serde(deserialize_with = "absent")]
    pub spec: NetworkPolicySpec,
}

/// What a network policy says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct NetworkPolicySpec {
    /// The pods of its namespace that it isolates; an empty one selects all of them.
    #[serde(deserialize_with = "absent")]
    pub pod_selector: LabelSelector,
    /// The directions that it isolates. Where nothing is said: ingress, and egress if it has a rule for that.
    pub policy_types: Option<Vec<Direction>>,
    /// What comes in nevertheless.
    pub ingress: Option<Vec<Rule>>,
    /// What goes out nevertheless.
    pub egress: Option<Vec<Rule>>,
}

/// A direction of traffic, as seen from a pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub enum Direction {
    /// What reaches it.
    Ingress,
    /// What it reaches.
    Egress,
}

/// What a policy lets through: these peers, on these ports. An empty part stands for all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Rule {
    /// Where traffic comes from.
    #[serde(deserialize_with = "absent")]
    pub from: Vec<Json>,
    /// Where traffic goes.
    #[serde(deserialize_with = "absent")]
    pub to: Vec<Json>,
    /// On which ports.
    #[serde(deserialize_with = "absent")]
    pub ports: Vec<Json>,
}

impl Rule {
    /// Whether it lets everything through, as `{}` does.
    #[must_use]
    pub fn allows_everything(&self) -> bool {
        self.ports.is_empty() && self.from.is_empty() && self.to.is_empty()
    }
}

impl NetworkPolicy {
    /// Whether it isolates the pods that it selects in a direction.
    #[must_use]
    pub fn isolates(&self, direction: Direction) -> bool {
        match self.spec.policy_types.as_deref().filter(|types| !types.is_empty()) {
            Some(types) => types.contains(&direction),
            None => direction == Direction::Ingress || self.rules(direction).is_some_and(|rules| !rules.is_empty()),
        }
    }

    /// What it lets through in a direction.
    #[must_use]
    pub fn rules(&self, direction: Direction) -> Option<&[Rule]> {
        match direction {
            Direction::Ingress => self.spec.ingress.as_deref(),
            Direction::Egress => self.spec.egress.as_deref(),
        }
    }

    /// Whether it isolates every pod of its namespace in a direction and lets nothing through.
    #[must_use]
    pub fn denies_by_default(&self, direction: Direction) -> bool {
        self.spec.pod_selector.selects_everything()
            && self.isolates(direction)
            && self.rules(direction).is_none_or(<[Rule]>::is_empty)
    }

    /// Whether it lets every pod of its namespace through to everything: what any policy lets through is let through.
    #[must_use]
    pub fn allows_all(&self, direction: Direction) -> bool {
        self.spec.pod_selector.selects_everything()
            && self.isolates(direction)
            && self.rules(direction).is_some_and(|rules| rules.iter().any(Rule::allows_everything))
    }
}
