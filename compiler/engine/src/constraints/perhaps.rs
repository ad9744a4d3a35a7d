//! [`Perhaps`]: entries of which nothing shows that they never bind one object, compared as far as a budget goes. To
//! compare every two would be quadratic, and where thousands may contradict each other nobody reads of all of them.

use super::contradictions::Contradictions;
use super::entry::Entry;
use super::parts::divide;
use ordain_model::bound::{Bound, Satisfiability};
use std::collections::BTreeSet;

/// Comparisons: so many for a setting, and so many more for each demand on it.
const COMPARED: usize = 65_536;
const COMPARED_EACH: usize = 64;
/// Most demands that are met as a choice of more than two.
const MOST_TOGETHER: usize = 64;

/// Entries of one target that may contradict each other.
pub(super) struct Perhaps<'a> {
    entries: &'a [Entry<'a>],
    /// Only those of one part may bind one object, and no value satisfies a part with what may bind everything.
    parts: Vec<Vec<usize>>,
    everywhere: Vec<usize>,
    budget: usize,
    named: BTreeSet<usize>,
}

impl<'a> Perhaps<'a> {
    /// Of all entries those of one target at these places.
    pub(super) fn of(entries: &'a [Entry<'a>], left: &[usize]) -> Perhaps<'a> {
        let parts = divide(&left.iter().map(|at| &entries[*at].requirement.selector).collect::<Vec<_>>());
        let at = |part: &[usize]| part.iter().map(|place| left[*place]).collect::<Vec<usize>>();
        let meet = |part: &[usize]| Bound::meet_all(part.iter().map(|at| &entries[*at].bound));
        let everywhere = at(&parts.everywhere);
        let shared = meet(&everywhere);
        let empty = |bound: &Bound| bound.satisfiable(&entries[0].setting.domain) == Satisfiability::Empty;
        let parts: Vec<Vec<usize>> =
            parts.parts.iter().map(|part| at(part)).filter(|part| empty(&shared.meet(&meet(part)))).collect();
        let everywhere = if parts.is_empty() && !empty(&shared) { Vec::new() } else { everywhere };
        let budget = COMPARED + COMPARED_EACH * left.len();
        Perhaps { entries, parts, everywhere, budget, named: BTreeSet::new() }
    }

    /// Names contradictions among them: of two first, then of more.
    pub(super) fn find(mut self, to: &mut Contradictions) {
        let (parts, everywhere) = (std::mem::take(&mut self.parts), std::mem::take(&mut self.everywhere));
        let all: Vec<&[usize]> = parts.iter().map(Vec::as_slice).chain([&*everywhere]).collect();
        let with: Vec<Vec<&[usize]>> = parts.iter().map(|part| vec![&**part, &*everywhere]).collect();
        let members = || parts.iter().zip(&with).chain([(&everywhere, &all)]);
        let members = || members().flat_map(|(part, others)| part.iter().map(move |at| (*at, &**others)));
        members().for_each(|(at, others)| self.two(at, others, to));
        let mut tried = BTreeSet::new();
        for (at, others) in members() {
            if !tried.contains(&at) && self.budget > 0 && !to.is_full(false) {
                let chosen = self.together(at, others);
                tried.extend(chosen.iter().copied());
                to.name(self.entries, &chosen, false);
            }
        }
    }

    /// Names an entry with the first of others that contradicts it: naming every two says no more.
    fn two(&mut self, at: usize, others: &[&[usize]], to: &mut Contradictions) {
        let others = || others.iter().copied().flatten().copied();
        for other in others().filter(|other| *other > at).chain(others().filter(|other| *other < at)) {
            if self.named.contains(&at) {
                return;
            }
            if self.budget == 0 || to.is_full(false) {
                to.left.insert(at);
                return;
            }
            self.budget -= 1;
            let bind = self.entries[other].may_bind_with(&self.entries[at]);
            if bind && to.name(self.entries, &[at, other], false) {
                self.named.extend([at, other]);
            }
        }
    }

    /// An entry with others, in their order, of which any two may bind one object: what two of them leave a third may not.
    /// One such choice of possibly many, since trying all is exponential; a world finds what this one misses.
    fn together(&mut self, at: usize, others: &[&[usize]]) -> Vec<usize> {
        let mut chosen = vec![at];
        for other in others.iter().copied().flatten().copied().filter(|other| *other != at) {
            if chosen.len() >= MOST_TOGETHER || self.budget < chosen.len() {
                break;
            }
            self.budget -= chosen.len();
            if chosen.iter().all(|one| self.entries[*one].may_bind_with(&self.entries[other])) {
                chosen.push(other);
            }
        }
        chosen
    }
}
