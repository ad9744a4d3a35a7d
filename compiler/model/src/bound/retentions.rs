//! Bounds on retentions.

use super::Bound;
use crate::ranges::Ranges;
use crate::retention::Retention;

/// The admitted retentions, and which of `disabled` and `unlimited` a bound names: a step chooses neither unasked.
/// Equality is that of the admitted retentions.
#[derive(Clone, Debug)]
pub struct RetentionBounds {
    ranges: Ranges<Retention>,
    names_disabled: bool,
    names_unlimited: bool,
}

impl RetentionBounds {
    /// These retentions; `named` are those that the bound spells out.
    #[must_use]
    pub fn new(ranges: Ranges<Retention>, named: &[Retention]) -> RetentionBounds {
        let (names_disabled, names_unlimited) =
            (named.contains(&Retention::Disabled), named.contains(&Retention::Unlimited));
        RetentionBounds { ranges, names_disabled, names_unlimited }
    }

    /// The admitted retentions.
    #[must_use]
    pub fn ranges(&self) -> &Ranges<Retention> {
        &self.ranges
    }

    /// Whether a step may choose this retention: a number of days always, the others when the bound names them.
    #[must_use]
    pub fn names(&self, retention: Retention) -> bool {
        match retention {
            Retention::Disabled => self.names_disabled,
            Retention::Days(_) => true,
            Retention::Unlimited => self.names_unlimited,
        }
    }

    pub(super) fn admits(&self, retention: Retention) -> bool {
        self.ranges.contains(retention)
    }

    pub(super) fn meet(&self, other: &RetentionBounds) -> RetentionBounds {
        RetentionBounds {
            ranges: self.ranges.intersection(&other.ranges),
            names_disabled: self.names_disabled || other.names_disabled,
            names_unlimited: self.names_unlimited || other.names_unlimited,
        }
    }
}

impl PartialEq for RetentionBounds {
    fn eq(&self, other: &RetentionBounds) -> bool {
        self.ranges == other.ranges
    }
}

impl Eq for RetentionBounds {}

impl From<RetentionBounds> for Bound {
    fn from(bounds: RetentionBounds) -> Bound {
        match bounds.ranges {
            ref none if none.is_empty() => Bound::Nothing,
            ref all if all.is_everything() => Bound::Present,
            _ => Bound::Retention(bounds),
        }
    }
}
