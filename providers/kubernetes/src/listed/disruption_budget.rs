//! [`DisruptionBudget`]: how many of some pods may be evicted at once.

use crate::label_selector::LabelSelector;
use crate::metadata::Metadata;
use crate::page::absent;
use serde::Deserialize;

/// A `PodDisruptionBudget` (`policy/v1`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct DisruptionBudget {
    /// Name and namespace.
    pub metadata: Metadata,
    /// What it says.
    #[serde(deserialize_with = "absent")]
    pub spec: DisruptionBudgetSpec,
}

/// What a budget says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct DisruptionBudgetSpec {
    /// The pods of its namespace: all of them where it is empty, none where it is missing.
    pub selector: Option<LabelSelector>,
    /// How many have to stay.
    pub min_available: Option<Amount>,
    /// How many may be away.
    pub max_unavailable: Option<Amount>,
}

/// A number of pods, or a percentage of them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Amount {
    /// That many.
    Count(i64),
    /// `50%`.
    Percent(String),
}

impl Amount {
    /// How many of so many pods that is; of a percentage the next whole number, as the disruption controller counts. None
    /// where it is no percentage.
    #[must_use]
    pub fn of(&self, pods: i64) -> Option<i64> {
        match self {
            Amount::Count(count) => Some(*count),
            Amount::Percent(text) => {
                let percent: u32 = text.strip_suffix('%')?.parse().ok()?;
                let pods = u128::try_from(pods).ok()?;
                i64::try_from((pods * u128::from(percent)).div_ceil(100)).ok()
            }
        }
    }
}

impl DisruptionBudget {
    /// How many of so many pods may be evicted at once; none where that does not read. Where neither number is given, one
    /// has to stay less than there are: the API does not take such a budget.
    #[must_use]
    pub fn allows(&self, pods: i64) -> Option<i64> {
        match (&self.spec.max_unavailable, &self.spec.min_available) {
            (Some(most), _) => most.of(pods),
            (None, Some(least)) => Some(pods.saturating_sub(least.of(pods)?)),
            (None, None) => None,
        }
    }
}
