//! Bounds on sets of addresses.

use super::Bound;
use crate::cidr::CidrSet;

/// The sets of addresses between a lower and an upper one, by coverage. Equality is that of the admitted sets.
#[derive(Clone, Debug)]
pub struct CidrBounds {
    /// What every admitted set covers.
    pub lower: CidrSet,
    /// What no admitted set goes beyond.
    pub upper: CidrSet,
    /// Whether a bound names the empty set: a step shuts everybody out only when asked to.
    pub names_nobody: bool,
}

impl CidrBounds {
    pub(super) fn admits(&self, set: &CidrSet) -> bool {
        self.lower.is_subset(set) && set.is_subset(&self.upper)
    }

    pub(super) fn meet(&self, other: &CidrBounds) -> CidrBounds {
        CidrBounds {
            lower: self.lower.union(&other.lower),
            upper: self.upper.intersection(&other.upper),
            names_nobody: self.names_nobody || other.names_nobody,
        }
    }
}

impl PartialEq for CidrBounds {
    fn eq(&self, other: &CidrBounds) -> bool {
        (&self.lower, &self.upper) == (&other.lower, &other.upper)
    }
}

impl Eq for CidrBounds {}

impl From<CidrBounds> for Bound {
    fn from(bounds: CidrBounds) -> Bound {
        match &bounds {
            CidrBounds { lower, upper, .. } if !lower.is_subset(upper) => Bound::Nothing,
            CidrBounds { lower, upper, .. } if lower.is_empty() && upper.is_everything() => Bound::Present,
            _ => Bound::Cidrs(bounds),
        }
    }
}
