//! Bounds on sets of strings.

use super::Bound;
use crate::Text;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The sets between a lower and an upper set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StringBounds {
    /// What every admitted set has.
    pub lower: Arc<BTreeSet<Text>>,
    /// What no admitted set exceeds; none where any member may be in it.
    pub upper: Option<Arc<BTreeSet<Text>>>,
}

impl StringBounds {
    pub(super) fn admits(&self, set: &BTreeSet<Text>) -> bool {
        self.lower.is_subset(set) && self.upper.as_ref().is_none_or(|upper| set.is_subset(upper))
    }

    pub(super) fn meet(&self, other: &StringBounds) -> StringBounds {
        let upper = match (&self.upper, &other.upper) {
            (Some(a), Some(b)) => Some(Arc::new(a.intersection(b).cloned().collect())),
            (Some(upper), None) | (None, Some(upper)) => Some(upper.clone()),
            (None, None) => None,
        };
        StringBounds { lower: Arc::new(self.lower.union(&other.lower).cloned().collect()), upper }
    }
}

impl From<StringBounds> for Bound {
    fn from(bounds: StringBounds) -> Bound {
        match &bounds.upper {
            Some(upper) if !bounds.lower.is_subset(upper) => Bound::Nothing,
            None if bounds.lower.is_empty() => Bound::Present,
            _ => Bound::Strings(bounds),
        }
    }
}
