//! [`Managed`]: control planes that somebody else runs, and what of them no API of the cluster shows or sets.

use ordain_model::observation::{Cause, Reading, Reason};

/// A control plane that a cloud runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Managed {
    Eks,
    Gke,
}

impl Managed {
    /// As the version of the API server tells: `v1.33.4-eks-1a2b3c4`, `v1.33.4-gke.1036000`. That of AKS tells nothing.
    pub(super) fn of(version: &str) -> Option<Managed> {
        match version {
            version if version.contains("-eks-") => Some(Managed::Eks),
            version if version.contains("-gke.") => Some(Managed::Gke),
            _ => None,
        }
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Managed::Eks => "eks",
            Managed::Gke => "gke",
        }
    }
}

/// The audit policy is a file of the API server.
pub(super) fn audit_policy(version: &str) -> Reading {
    match Managed::of(version) {
        Some(Managed::Eks) => fixed("`logging` of the `aws_eks_cluster`: EKS sets the audit policy itself"),
        Some(Managed::Gke) => fixed("Cloud Audit Logs: GKE sets the audit policy itself"),
        None => flag("--audit-policy-file"),
    }
}

/// How secrets are encrypted is a file of the API server.
pub(super) fn secrets_encryption(version: &str) -> Reading {
    match Managed::of(version) {
        Some(Managed::Eks) => fixed("`encryptionConfig` of DescribeCluster: EKS encrypts them itself"),
        Some(Managed::Gke) => fixed("`databaseEncryption` of the cluster: GKE encrypts them itself"),
        None => flag("--encryption-provider-config"),
    }
}

fn fixed(evidence: &str) -> Reading {
    Reading::ProviderFixed(evidence.into())
}

fn flag(flag: &str) -> Reading {
    Reading::Unknown(Reason::new(Cause::OutOfScope, format!("`{flag}` of the API server is shown by no API")))
}
