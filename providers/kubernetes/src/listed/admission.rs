//! [`Admission`]: something that decides about what is admitted, as far as a kind reads it.

use crate::metadata::Metadata;
use crate::page::absent;
use ordain_model::Text;
use serde::Deserialize;

/// A configuration of web hooks, or a binding of an admission policy (`admissionregistration.k8s.io`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Admission {
    /// Name.
    pub metadata: Metadata,
    /// The web hooks of a configuration.
    #[serde(deserialize_with = "absent")]
    pub webhooks: Vec<Webhook>,
    /// What a binding says.
    #[serde(deserialize_with = "absent")]
    pub spec: BindingSpec,
}

/// A web hook.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Webhook {
    /// Its name.
    pub name: Text,
    /// `Ignore`: what it does not answer for is admitted.
    #[serde(deserialize_with = "absent")]
    pub failure_policy: Text,
}

/// What a binding of an admission policy says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct BindingSpec {
    /// The policy.
    #[serde(deserialize_with = "absent")]
    pub policy_name: Text,
    /// What becomes of what violates it: `Deny`, `Warn`, `Audit`.
    #[serde(deserialize_with = "absent")]
    pub validation_actions: Vec<Text>,
}
