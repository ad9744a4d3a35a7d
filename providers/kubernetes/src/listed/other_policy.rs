//! [`OtherPolicy`]: a policy on traffic of another API than Kubernetes' own. That it is there is all that is read of it.

use crate::metadata::Metadata;
use serde::Deserialize;

/// A policy of Cilium, of Calico, or of the administrators of a cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct OtherPolicy {
    /// Name, and namespace where it lies in one.
    pub metadata: Metadata,
}
