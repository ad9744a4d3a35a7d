//! [`PeerAuthentication`]: Istio's rule on who has to speak mutual TLS.

use crate::label_selector::LabelSelector;
use crate::metadata::Metadata;
use crate::page::absent;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A peer authentication (`security.istio.io/v1`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct PeerAuthentication {
    /// Name, namespace, time of creation.
    pub metadata: Metadata,
    /// What it says.
    #[serde(deserialize_with = "absent")]
    pub spec: PeerAuthenticationSpec,
}

/// What a peer authentication says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct PeerAuthenticationSpec {
    /// The workloads that it is about; without one it is about a whole namespace, or the mesh.
    pub selector: Option<LabelSelector>,
    /// The mode on every port.
    #[serde(deserialize_with = "absent")]
    pub mtls: MutualTls,
    /// The mode on single ports, for workloads.
    #[serde(deserialize_with = "absent")]
    pub port_level_mtls: BTreeMap<String, MutualTls>,
}

impl PeerAuthentication {
    /// Whether it is about its whole namespace, and in the root namespace about the mesh. A selector without labels selects
    /// no workloads; it is as if there were none.
    #[must_use]
    pub fn is_of_namespace(&self) -> bool {
        self.spec.selector.as_ref().is_none_or(|selector| selector.match_labels.is_empty())
    }
}

/// A mode.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct MutualTls {
    /// The mode.
    #[serde(deserialize_with = "absent")]
    pub mode: Mode,
}

/// Who may speak to a workload how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Mode {
    /// What the next wider scope says.
    #[default]
    Unset,
    /// Plaintext only.
    Disable,
    /// Plaintext and mutual TLS.
    Permissive,
    /// Mutual TLS only.
    Strict,
}
