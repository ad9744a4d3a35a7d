//! [`Pod`]: what the kinds read of pods, and of the pods that workloads make.

use crate::metadata::{MIRROR, Metadata};
use crate::page::absent;
use ordain_model::Text;
use serde::Deserialize;

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
    /// Whether it uses the node's network: network policies do not reach it.
    #[serde(deserialize_with = "absent")]
    pub host_network: bool,
}

/// A container.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Container {
    /// Name.
    pub name: Text,
    /// `Always` makes an init container a sidecar.
    #[serde(deserialize_with = "absent")]
    pub restart_policy: Text,
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
