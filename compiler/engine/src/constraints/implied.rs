//! [`Implied`]: which selectors of a list one of them implies, found by what they ask instead of by comparing every two.

use ordain_language::selector::{Selector, Test};
use std::collections::{BTreeMap, BTreeSet};

/// Selectors of one kind, those that ask the same taken together as one class.
pub(super) struct Implied<'a> {
    /// The class at each place.
    pub(super) class_of: Vec<usize>,
    /// The first selector of each class.
    selectors: Vec<&'a Selector>,
    /// Classes that ask nothing: every selector implies them.
    everything: Vec<usize>,
    /// Each other class, under the one of its tests that the fewest classes have.
    filed: BTreeMap<&'a Test, Vec<usize>>,
    /// How long the beginnings are that some class asks for.
    lengths: BTreeSet<usize>,
}

impl<'a> Implied<'a> {
    /// Files selectors of one kind.
    pub(super) fn of(selectors: &[&'a Selector]) -> Implied<'a> {
        let (mut class_of, mut first): (Vec<usize>, Vec<&Selector>) = Default::default();
        let mut known: BTreeMap<BTreeSet<&Test>, usize> = BTreeMap::new();
        for selector in selectors {
            let class = *known.entry(selector.tests().iter().collect()).or_insert(first.len());
            first.extend((class == first.len()).then_some(*selector));
            class_of.push(class);
        }
        let mut counts: BTreeMap<&Test, usize> = BTreeMap::new();
        known.keys().flatten().for_each(|test| *counts.entry(test).or_default() += 1);
        let (mut everything, mut filed): (Vec<usize>, BTreeMap<&Test, Vec<usize>>) = Default::default();
        for (tests, class) in known {
            match tests.into_iter().min_by_key(|test| counts.get(test)) {
                None => everything.push(class),
                Some(rarest) => filed.entry(rarest).or_default().push(class),
            }
        }
        let lengths = filed.keys().filter_map(|test| test.prefix()).collect();
        Implied { class_of, selectors: first, everything, filed, lengths }
    }

    /// How many classes there are.
    pub(super) fn classes(&self) -> usize {
        self.selectors.len()
    }

    /// The classes that a class implies, itself among them, ascending.
    pub(super) fn by(&self, class: usize) -> Vec<usize> {
        let own = self.selectors[class];
        let weaker = own.tests().iter().flat_map(|test| test.weaker(&self.lengths));
        let filed = weaker.filter_map(|test| self.filed.get(&test)).flatten();
        let implied = filed.filter(|other| own.implies(self.selectors[**other])).chain(&self.everything);
        let implied: BTreeSet<usize> = implied.copied().chain([class]).collect();
        implied.into_iter().collect()
    }
}
