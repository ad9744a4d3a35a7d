//! [`Perhaps`]: entries of which nothing shows that they never bind one object, compared as far as a budget goes. To
//! compare every two would be quadratic, and where thousands may contradict each other nobody reads of all of them.

use super::contradictions::Contradictions;
use super::entry::Entry;
use super::parts::divide;
use ordain_model::Text;
use ordain_model::bound::{Bound, Satisfiability};
use std::collections::BTreeSet;

/// Comparisons: so many for a setting, and so many more for each demand on it.
const COMPARED: usize = 65_536;
const COMPARED_EACH: usize = 64;

/// Entries that may contradict each other.
pub(super) struct Perhaps<'a> {
    entries: &'a [Entry<'a>],
    /// Only those of one part may bind one object, and no value satisfies a part with what may bind everything.
    parts: Vec<Vec<usize>>,
    everywhere: Vec<usize>,
    budget: usize,
    named: BTreeSet<usize>,
    tried: BTreeSet<(&'a Text, usize)>,
}

impl<'a> Perhaps<'a> {
    /// The entries but those of which it is settled that they contradict others.
    pub(super) fn of(entries: &'a [Entry<'a>], settled: &BTreeSet<usize>) -> Perhaps<'a> {
        let left: Vec<usize> = (0..entries.len()).filter(|at| !settled.contains(at)).collect();
        let parts = divide(&left.iter().map(|at| &entries[*at].requirement.selector).collect::<Vec<_>>());
        let at = |part: &[usize]| part.iter().map(|place| left[*place]).collect::<Vec<usize>>();
        let meet = |part: &[usize]| Bound::meet_all(part.iter().map(|at| &entries[*at].bound));
        let everywhere = at(&parts.everywhere);
        let shared = meet(&everywhere);
        let empty = |bound: &Bound| bound.satisfiable(&entries[0].setting.domain) == Satisfiability::Empty;
        let parts: Vec<Vec<usize>> =
            parts.parts.iter().map(|part| at(part)).filter(|part| empty(&shared.meet(&meet(part)))).collect();
        let everywhere = if parts.is_empty() && !empty(&shared) { Vec::new() } else { everywhere };
        let budget = COMPARED + COMPARED_EACH * entries.len();
        Perhaps { entries, parts, everywhere, budget, named: BTreeSet::new(), tried: BTreeSet::new() }
    }

    /// Names contradictions among them.
    pub(super) fn find(mut self, to: &mut Contradictions) {
        let (parts, everywhere) = (std::mem::take(&mut self.parts), std::mem::take(&mut self.everywhere));
        for part in &parts {
            let others: Vec<&[usize]> = vec![part, &everywhere];
            part.iter().for_each(|at| self.one(*at, &others, to));
        }
        let all: Vec<&[usize]> = parts.iter().map(Vec::as_slice).chain([&*everywhere]).collect();
        everywhere.iter().for_each(|at| self.one(*at, &all, to));
    }

    /// Names what contradicts an entry among others.
    fn one(&mut self, at: usize, others: &[&[usize]], to: &mut Contradictions) {
        if self.budget == 0 || to.is_full(false) {
            to.left.extend((!self.named.contains(&at)).then_some(at));
            return;
        }
        let entries = self.entries;
        let others = || others.iter().copied().flatten().copied();
        // Each is named once with the first that it contradicts: naming every two says no more.
        for other in others().filter(|other| *other > at).chain(others().filter(|other| *other < at)) {
            if self.budget == 0 || self.named.contains(&at) {
                break;
            }
            self.budget -= 1;
            if entries[other].may_bind_with(&entries[at]) && to.name(entries, &[at, other], false) {
                self.named.extend([at, other]);
            }
        }
        for target in &entries[at].requirement.enforced {
            if !self.tried.contains(&(target, at)) {
                let here = others().filter(|other| entries[*other].requirement.enforced.contains(target));
                let chosen = self.together(at, here);
                self.tried.extend(chosen.iter().map(|at| (target, *at)));
                to.name(entries, &chosen, false);
            }
        }
    }

    /// An entry with others, in their order, of which any two may bind one object: what two of them leave a third may not.
    /// One such choice of possibly many, since trying all is exponential; a world finds what this one misses.
    fn together(&mut self, at: usize, others: impl Iterator<Item = usize>) -> Vec<usize> {
        let entries = self.entries;
        others.filter(|other| *other != at).fold(vec![at], |mut chosen, other| {
            let compared = self.budget.min(chosen.len());
            self.budget -= compared;
            if compared == chosen.len() && chosen.iter().all(|one| entries[*one].may_bind_with(&entries[other])) {
                chosen.push(other);
            }
            chosen
        })
    }
}
