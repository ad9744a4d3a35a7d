//! What network policies do to the pods of each namespace.

use crate::label_selector::{Index, LabelSelector};
use crate::listed::{Direction, Listed, NetworkPolicy, Pod};
use ordain_model::observation::{Cause, Reading, Reason};
use ordain_model::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Policies and pods by namespace, or why they are not all known.
pub(super) struct Network<'a> {
    policies: Result<BTreeMap<&'a str, Vec<&'a NetworkPolicy>>, &'a Reason>,
    pods: Result<BTreeMap<&'a str, Vec<&'a Pod>>, &'a Reason>,
    /// Policies of other APIs by namespace, with what they are; those of the whole cluster under an empty one.
    others: Result<BTreeMap<&'a str, String>, &'a Reason>,
}

/// The first policy of each other API in each namespace. What they allow is allowed too, or goes before.
fn others(listed: &Listed) -> Result<BTreeMap<&str, String>, &Reason> {
    let lists = [
        ("AdminNetworkPolicy", &listed.admin_network_policies),
        ("CiliumClusterwideNetworkPolicy", &listed.cilium_cluster_policies),
        ("CiliumNetworkPolicy", &listed.cilium_policies),
        ("ClusterNetworkPolicy", &listed.cluster_network_policies),
        ("GlobalNetworkPolicy of Calico", &listed.calico_global_policies),
        ("NetworkPolicy of Calico", &listed.calico_policies),
    ];
    let mut others = BTreeMap::new();
    for (what, list) in lists {
        for policy in list.all()? {
            let name = &policy.metadata.name;
            others.entry(&*policy.metadata.namespace).or_insert_with(|| format!("{what} `{name}`"));
        }
    }
    Ok(others)
}

fn by_namespace<'a, T>(items: &'a [T], namespace: impl Fn(&'a T) -> &'a str) -> BTreeMap<&'a str, Vec<&'a T>> {
    let mut by: BTreeMap<&str, Vec<&T>> = BTreeMap::new();
    for item in items {
        by.entry(namespace(item)).or_default().push(item);
    }
    by
}

impl<'a> Network<'a> {
    pub(super) fn of(listed: &'a Listed) -> Network<'a> {
        let policies = listed.network_policies.all();
        let pods = listed.pods.all();
        Network {
            policies: policies.map(|of| by_namespace(of, |policy| &policy.metadata.namespace)),
            pods: pods.map(|of| by_namespace(of, |pod| &pod.metadata.namespace)),
            others: others(listed),
        }
    }

    /// How many pods of a namespace policies can reach.
    pub(super) fn pods(&self, namespace: &str) -> Reading {
        match &self.pods {
            Err(reason) => Reading::Unknown((*reason).clone()),
            Ok(pods) => {
                let reached = pods.get(namespace).into_iter().flatten().filter(|pod| pod.is_reached_by_policies());
                Reading::Value(Value::integer(i64::try_from(reached.count()).unwrap_or(i64::MAX)))
            }
        }
    }

    /// How many pods of a namespace no policy isolates in at least one of these directions.
    ///
    /// Equal selectors are looked up once, and each only among the pods that carry what it asks for: the time is that of the
    /// pods, the policies, and what these match.
    pub(super) fn uncovered(&self, namespace: &str, directions: &[Direction]) -> Reading {
        let (policies, pods) = match (&self.policies, &self.pods) {
            (Ok(policies), Ok(pods)) => (policies.get(namespace), pods.get(namespace)),
            (Err(reason), _) | (_, Err(reason)) => return Reading::Unknown((*reason).clone()),
        };
        let pods: Vec<&Pod> = pods.into_iter().flatten().copied().filter(|pod| pod.is_reached_by_policies()).collect();
        let index = Index::of(pods.iter().map(|pod| &pod.metadata.labels));
        let mut isolated = vec![0_u8; pods.len()];
        for (at, direction) in directions.iter().enumerate() {
            let isolating = policies.into_iter().flatten().filter(|policy| policy.isolates(*direction));
            let selectors: BTreeSet<&LabelSelector> = isolating.map(|policy| &policy.spec.pod_selector).collect();
            for pod in selectors.into_iter().flat_map(|selector| index.select(selector)) {
                isolated[pod] |= 1 << at;
            }
        }
        let uncovered = isolated.iter().filter(|isolated| **isolated != (1 << directions.len()) - 1).count();
        Reading::Value(Value::integer(i64::try_from(uncovered).unwrap_or(i64::MAX)))
    }

    /// Whether a namespace refuses by default in a direction. A policy that allows everything makes that void, whoever
    /// made it: what any policy allows is allowed.
    pub(super) fn default_deny(&self, namespace: &str, direction: Direction) -> Reading {
        let policies = match &self.policies {
            Err(reason) => return Reading::Unknown((*reason).clone()),
            Ok(policies) => policies.get(namespace).map_or(&[][..], Vec::as_slice),
        };
        let allowing = policies.iter().filter(|policy| policy.allows_all(direction));
        if let Some(name) = allowing.map(|policy| &policy.metadata.name).min() {
            let holder = format!("network policy `{name}` that allows everything");
            return Reading::Held(Value::Bool(false), holder.into());
        }
        let denies = policies.iter().any(|policy| policy.denies_by_default(direction));
        match &self.others {
            _ if !denies => Reading::Value(Value::Bool(false)),
            Err(reason) => Reading::Unknown((*reason).clone()),
            Ok(others) => match others.get(namespace).or_else(|| others.get("")) {
                None => Reading::Value(Value::Bool(true)),
                Some(other) => {
                    let why = format!("{other} may allow what is denied by default: what it says is not read");
                    Reading::Unknown(Reason::new(Cause::OutOfScope, why))
                }
            },
        }
    }
}
