//! What the containers of a workload may do on their nodes.

use crate::label_selector::LabelSelector;
use crate::listed::{Container, PodSpec, SpreadConstraint};
use crate::metadata::Labels;
use std::collections::BTreeSet;

/// Namespaces of the node that a pod may share.
pub(super) const HOST_NAMESPACES: &[&str] = &["ipc", "network", "pid"];

/// The node's namespaces that its pods share.
pub(super) fn host_namespaces(pod: &PodSpec) -> impl Iterator<Item = &'static str> {
    let shared = [pod.host_ipc, pod.host_network, pod.host_pid];
    HOST_NAMESPACES.iter().zip(shared).filter(|(_, shared)| *shared).map(|(name, _)| *name)
}

/// Whether any container may do what the node's root may.
pub(super) fn privileged(pod: &PodSpec) -> bool {
    pod.every_container().any(|container| container.security_context.privileged == Some(true))
}

/// Whether no container writes to its own file system.
pub(super) fn read_only_root(pod: &PodSpec) -> bool {
    pod.every_container().all(|container| container.security_context.read_only_root_filesystem == Some(true))
}

/// Whether no container can be root: it is refused as root, or its user is another one. What a container says goes before
/// what its pod says.
pub(super) fn run_as_non_root(pod: &PodSpec) -> bool {
    let outer = &pod.security_context;
    pod.every_container().all(|Container { security_context: inner, .. }| {
        let refused = inner.run_as_non_root.or(outer.run_as_non_root) == Some(true);
        refused || inner.run_as_user.or(outer.run_as_user).is_some_and(|user| user > 0)
    })
}

/// The labels of nodes over which its pods have to spread: constraints that keep a pod from being scheduled, and that count
/// the workload's own pods.
pub(super) fn spread_over<'a>(pod: &'a PodSpec, labels: &Labels) -> BTreeSet<&'a str> {
    let counts = |selector: &Option<LabelSelector>| selector.as_ref().is_some_and(|selector| selector.selects(labels));
    let hard = |constraint: &&SpreadConstraint| *constraint.when_unsatisfiable == *"DoNotSchedule";
    let apart = &pod.affinity.pod_anti_affinity.required_during_scheduling_ignored_during_execution;
    let spread = pod.topology_spread_constraints.iter().filter(hard).chain(apart);
    spread.filter(|constraint| counts(&constraint.label_selector)).map(|constraint| &*constraint.topology_key).collect()
}
