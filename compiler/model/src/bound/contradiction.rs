//! [`contradiction`]: the bounds that contradict each other, and none that does not take part.

use super::{Bound, Satisfiability};
use crate::domain::Domain;

/// Bounds that no legal value satisfies together, while every smaller choice of them is satisfied by some, or is not
/// known to be contradictory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradiction {
    /// Their places in the list, ascending.
    pub bounds: Vec<usize>,
    /// Whether it takes the domain: without it some value would satisfy them.
    pub domain: bool,
}

/// A minimal contradiction among bounds, if they contradict each other: the one that ends first in the order of the list,
/// and of those the one whose other members come first, from the last to the first.
///
/// The first bound with which the ones before it become contradictory takes part in every contradiction among them. It
/// is kept, and the same is asked again of the ones before it, until what is kept contradicts itself. That takes as many
/// passes of meets as the answer has members, mostly two.
#[must_use]
pub fn contradiction(bounds: &[&Bound], domain: &Domain) -> Option<Contradiction> {
    let empty = |bound: &Bound| bound.satisfiable(domain) == Satisfiability::Empty;
    let (mut kept, mut places) = (Bound::Anything, Vec::new());
    while !empty(&kept) {
        let mut meet = kept.clone();
        let last = bounds.iter().position(|bound| {
            meet = meet.meet(bound);
            empty(&meet)
        })?;
        kept = kept.meet(bounds[last]);
        places.push(last);
    }
    places.reverse();
    Some(Contradiction { bounds: places, domain: !kept.is_nothing() })
}
