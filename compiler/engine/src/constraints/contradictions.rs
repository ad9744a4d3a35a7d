//! [`Contradictions`] among the bounds on one setting of one kind: first those that certainly bind the same objects, then
//! those that only perhaps do.

use super::alike::{Keys, Together};
use super::entry::Entry;
use super::perhaps::Perhaps;
use ordain_model::Text;
use ordain_model::bound::{Bound, Contradiction, Satisfiability, contradiction};
use std::collections::{BTreeMap, BTreeSet};

/// Most contradictions of each sort that are named for one setting of one kind.
const MOST_FOUND: usize = 20;

/// Contradictions among entries, by their places.
#[derive(Default)]
pub(super) struct Contradictions {
    /// Each once.
    pub(super) found: Vec<Found>,
    /// Entries that were not compared with all others, and may take part in more.
    pub(super) left: BTreeSet<usize>,
}

/// Entries that no value satisfies together, and none that does not take part.
pub(super) struct Found {
    /// Ascending, at least two.
    pub(super) part: Vec<usize>,
    /// Whether they bind an object together wherever one of them binds one; else they may.
    pub(super) certain: bool,
    /// Whether it takes the domain: without it some value would satisfy them.
    pub(super) domain: bool,
    /// How many demands bind the same objects beside them, where no value satisfies those either.
    pub(super) without: usize,
}

impl Contradictions {
    /// Finds them. What selects nothing takes part in none.
    pub(super) fn among(entries: &[Entry<'_>]) -> Contradictions {
        let mut this = Contradictions::default();
        let keys = Keys::of(entries);
        // Where one contradiction is named, further ones of the same objects are looked for once it is mended.
        let nothing = |at: &usize| entries[*at].requirement.selector.selects_nothing();
        let mut settled: BTreeSet<usize> = (0..entries.len()).filter(nothing).collect();
        let mut targets: BTreeMap<&Text, Vec<usize>> = BTreeMap::new();
        for at in (0..entries.len()).filter(|at| !settled.contains(at)) {
            entries[at].requirement.enforced.iter().for_each(|target| targets.entry(target).or_default().push(at));
        }
        let targets: BTreeSet<Vec<usize>> = targets.into_values().collect();
        for here in &targets {
            let together = Together::of(entries, here, &keys);
            let broken = together.broken();
            settled.extend(together.entries(&broken));
            for places in together.contradictory(&broken) {
                this.certainly(entries, &together.entries(&places));
            }
        }
        settled.extend(this.found.iter().flat_map(|found| found.part.iter().copied()));
        let left = |here: &Vec<usize>| here.iter().copied().filter(|at| !settled.contains(at)).collect();
        for here in targets.iter().map(left).collect::<BTreeSet<Vec<usize>>>() {
            Perhaps::of(entries, &here).find(&mut this);
        }
        this
    }

    /// Names the contradiction of entries that bind the same objects.
    fn certainly(&mut self, entries: &[Entry<'_>], of: &[usize]) {
        if self.is_full(true) {
            self.left.extend(of);
        } else if self.name(entries, of, true)
            && let Some(found) = self.found.last_mut()
        {
            let rest: Vec<usize> = of.iter().copied().filter(|at| !found.part.contains(at)).collect();
            let meet = Bound::meet_all(rest.iter().map(|at| &entries[*at].bound));
            let empty = meet.satisfiable(&entries[0].setting.domain) == Satisfiability::Empty;
            found.without = if empty { rest.len() } else { 0 };
        }
    }

    /// Names a contradiction among these entries, if there is one; whether it is a new one.
    pub(super) fn name(&mut self, entries: &[Entry<'_>], of: &[usize], certain: bool) -> bool {
        let bounds: Vec<&Bound> = of.iter().map(|at| &entries[*at].bound).collect();
        let Some(Contradiction { bounds, domain }) = contradiction(&bounds, &entries[0].setting.domain) else {
            return false;
        };
        let mut part: Vec<usize> = bounds.into_iter().map(|at| of[at]).collect();
        part.sort_unstable();
        let new = part.len() > 1 && self.found.iter().all(|found| found.part != part);
        if new {
            self.found.push(Found { part, certain, domain, without: 0 });
        }
        new
    }

    /// Whether enough of them are named.
    pub(super) fn is_full(&self, certain: bool) -> bool {
        self.found.iter().filter(|found| found.certain == certain).count() >= MOST_FOUND
    }
}
