//! [`Namespace`]: its labels are all that is read of it.

use crate::metadata::Metadata;
use serde::Deserialize;

/// A namespace (`v1`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Namespace {
    /// Name and labels.
    pub metadata: Metadata,
}
