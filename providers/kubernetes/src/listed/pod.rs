//! [`Pod`]: what the kinds read of pods, and of the pods that workloads make.

use crate::label_selector::LabelSelector;
use crate::metadata::{MIRROR, Metadata};
use crate::page::absent;
use ordain_model::Text;
use serde::{Deserialize, Deserializer};

/// A pod (`v1`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Pod {
    /// Name, namespace, labels.
    pub metadata: Metadata,
    /// How it is to run.
    pub spec: PodSpec,
    /// How it runs.
    #[serde(deserialize_with = "absent")]
    pub status: PodStatus,
}

/// How a pod is to run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct PodSpec {
    /// Containers that run all the time.
    #[serde(deserialize_with = "absent")]
    pub containers: Vec<Container>,
    /// Containers that run first; one that restarts always is a sidecar.
    #[serde(deserialize_with = "absent")]
    pub init_containers: Vec<Container>,
    /// Containers that somebody put into a running pod.
    #[serde(deserialize_with = "absent")]
    pub ephemeral_containers: Vec<Container>,
    /// Whether it uses the node's network: network policies do not reach it.
    #[serde(deserialize_with = "absent")]
    pub host_network: bool,
    /// Whether it sees the node's processes.
    #[serde(rename = "hostPID", deserialize_with = "absent")]
    pub host_pid: bool,
    /// Whether it shares memory with the node's processes.
    #[serde(rename = "hostIPC", deserialize_with = "absent")]
    pub host_ipc: bool,
    /// The service account; `default` where it is empty.
    #[serde(deserialize_with = "absent")]
    pub service_account_name: Text,
    /// Whether a token of the service account is mounted; where nothing is said, the service account decides.
    pub automount_service_account_token: Option<bool>,
    /// What holds for its containers unless they say otherwise.
    #[serde(deserialize_with = "absent")]
    pub security_context: SecurityContext,
    /// How its copies spread.
    #[serde(deserialize_with = "absent")]
    pub topology_spread_constraints: Vec<SpreadConstraint>,
    /// Where it may run.
    #[serde(deserialize_with = "absent")]
    pub affinity: Affinity,
}

/// A container.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Container {
    /// Name.
    pub name: Text,
    /// The image, as it is written.
    #[serde(deserialize_with = "absent")]
    pub image: Text,
    /// Its arguments, as far as they switch something that a kind reads.
    #[serde(deserialize_with = "switches")]
    pub args: Vec<Text>,
    /// `Always` makes an init container a sidecar.
    #[serde(deserialize_with = "absent")]
    pub restart_policy: Text,
    /// What it may do on its node.
    #[serde(deserialize_with = "absent")]
    pub security_context: SecurityContext,
}

/// The argument that makes the agent of the AWS network plugin carry network policies out.
pub const ENFORCES: &str = "--enable-network-policy=";

/// Reads arguments and keeps those that count: the others are long, and may hold a secret.
fn switches<'de, D: Deserializer<'de>>(field: D) -> Result<Vec<Text>, D::Error> {
    let mut arguments: Vec<Text> = absent(field)?;
    arguments.retain(|argument| argument.starts_with(ENFORCES));
    Ok(arguments)
}

/// What a container may do on its node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct SecurityContext {
    /// Whether it may do what the node's root may. Containers only.
    pub privileged: Option<bool>,
    /// Whether nothing is written to its own file system. Containers only.
    pub read_only_root_filesystem: Option<bool>,
    /// Whether it is refused when its user is root.
    pub run_as_non_root: Option<bool>,
    /// Its user.
    pub run_as_user: Option<i64>,
}

/// How a pod's copies spread over a topology.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct SpreadConstraint {
    /// The label of nodes whose values are the places to spread over.
    pub topology_key: Text,
    /// `DoNotSchedule`, or `ScheduleAnyway`: then it is a wish.
    #[serde(deserialize_with = "absent")]
    pub when_unsatisfiable: Text,
    /// The pods that are counted; none without it.
    pub label_selector: Option<LabelSelector>,
}

/// Where a pod may run, as far as other pods decide it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Affinity {
    /// What it must not, or should not, run beside.
    #[serde(deserialize_with = "absent")]
    pub pod_anti_affinity: AntiAffinity,
}

/// What a pod must not run beside.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct AntiAffinity {
    /// Terms without which it is not scheduled.
    #[serde(deserialize_with = "absent")]
    pub required_during_scheduling_ignored_during_execution: Vec<SpreadConstraint>,
}

/// How a pod runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct PodStatus {
    /// `Pending`, `Running`, `Succeeded`, `Failed` or `Unknown`.
    #[serde(deserialize_with = "absent")]
    pub phase: Text,
}

impl Pod {
    /// Whether it has ended for good.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        matches!(&*self.status.phase, "Succeeded" | "Failed")
    }

    /// Whether a network policy can reach it: it has a network of its own, and the API server decides about it.
    #[must_use]
    pub fn is_reached_by_policies(&self) -> bool {
        !self.has_ended() && !self.spec.host_network && !self.metadata.annotations.contains_key(MIRROR)
    }
}

impl PodSpec {
    /// Every container of it, whenever it runs.
    pub fn every_container(&self) -> impl Iterator<Item = &Container> {
        self.init_containers.iter().chain(&self.containers).chain(&self.ephemeral_containers)
    }
}
