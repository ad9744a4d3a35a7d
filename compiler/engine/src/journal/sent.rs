//! [`sent`]: which steps of a plan were written, by the journal.

use super::{Event, Found, Line};
use ordain_model::Text;
use ordain_model::digest::Digest;
use std::collections::{BTreeMap, BTreeSet};

/// The steps of a plan that an apply of it wrote, or of which nobody knows whether it did: what there may be to undo. None
/// where no apply of it began.
#[must_use]
pub fn sent(lines: &[Line], plan: Digest) -> Option<BTreeSet<usize>> {
    let mut applies: BTreeSet<&Text> = BTreeSet::new();
    let mut written: BTreeMap<(&Text, usize), bool> = BTreeMap::new();
    for line in lines {
        match &line.event {
            Event::Begun(begun) if begun.plan == plan => drop(applies.insert(&line.apply)),
            Event::Intent { step, .. } => drop(written.insert((&line.apply, *step), true)),
            Event::Outcome { step, outcome, .. } => drop(written.insert((&line.apply, *step), outcome.sent())),
            Event::Found { of, step, found } => drop(written.insert((of, *step), *found != Found::NotApplied)),
            Event::Begun(_) | Event::Ended => {}
        }
    }
    let of_plan = written.into_iter().filter(|((apply, _), written)| *written && applies.contains(apply));
    (!applies.is_empty()).then(|| of_plan.map(|((_, step), _)| step).collect())
}
