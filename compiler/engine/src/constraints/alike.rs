//! [`Together`]: the entries of one target by what they select and which key they bind, and which of them bind whatever
//! others bind. What selects alike and binds one key is met once, so that nothing is compared with everything.

use super::entry::Entry;
use super::implied::Implied;
use ordain_model::bound::{Bound, Satisfiability};
use std::collections::{BTreeMap, BTreeSet};

/// A class of selectors, and the place of a key among [`Keys`].
pub(super) type Place = (usize, usize);

/// The keys of entries of one setting; one stands for the whole setting where it has none.
pub(super) struct Keys {
    /// The place of each entry's key in their order.
    of: Vec<usize>,
    /// By key, those that cover it, itself among them.
    covering: Vec<Vec<usize>>,
    /// By key, those that have a part in common with it and do not cover it.
    beside: Vec<Vec<usize>>,
}

impl Keys {
    /// What a key overlaps with follows it directly in the setting's own order, which keeps this linear in the keys and
    /// what they share.
    pub(super) fn of(entries: &[Entry<'_>]) -> Keys {
        let mut keys: Vec<usize> = (0..entries.len()).collect();
        if let Some(keyed) = &entries[0].setting.keyed {
            let key = |at: usize| entries[at].key.unwrap_or_default();
            keys.sort_by(|one, other| (keyed.order)(key(*one), key(*other)).then(key(*one).cmp(key(*other))));
        }
        keys.dedup_by(|one, other| entries[*one].key == entries[*other].key);
        let places: BTreeMap<Option<&str>, usize> = keys.iter().map(|at| entries[*at].key).zip(0..).collect();
        let of = entries.iter().map(|entry| places.get(&entry.key).copied().unwrap_or_default()).collect();
        let mut this = Keys { of, covering: (0..keys.len()).map(|at| vec![at]).collect(), beside: Vec::new() };
        this.beside.resize_with(keys.len(), Vec::new);
        for (at, one) in keys.iter().enumerate() {
            let behind = keys.iter().enumerate().skip(at + 1);
            for (place, other) in behind.take_while(|(_, other)| entries[*one].overlaps(&entries[**other])) {
                let mut stand = |by: usize, of: usize, covers: bool| match covers {
                    true => this.covering[of].push(by),
                    false => this.beside[of].push(by),
                };
                stand(at, place, entries[*one].covers(&entries[*other]));
                stand(place, at, entries[*other].covers(&entries[*one]));
            }
        }
        this
    }
}

/// The entries of one target.
pub(super) struct Together<'a> {
    entries: &'a [Entry<'a>],
    keys: &'a Keys,
    /// The classes that each class implies.
    implied: Vec<Vec<usize>>,
    alike: BTreeMap<Place, Alike>,
}

/// What selects alike and binds one key.
struct Alike {
    entries: Vec<usize>,
    meet: Bound,
}

impl<'a> Together<'a> {
    /// Of all entries those at these places.
    pub(super) fn of(entries: &'a [Entry<'a>], here: &[usize], keys: &'a Keys) -> Together<'a> {
        let selectors: Vec<_> = here.iter().map(|at| &entries[*at].requirement.selector).collect();
        let implied = Implied::of(&selectors);
        let mut places: BTreeMap<Place, Vec<usize>> = BTreeMap::new();
        for (class, at) in implied.class_of.iter().zip(here) {
            places.entry((*class, keys.of[*at])).or_default().push(*at);
        }
        let met = |entries_here: Vec<usize>| {
            let meet = Bound::meet_all(entries_here.iter().map(|at| &entries[*at].bound));
            Alike { entries: entries_here, meet }
        };
        let alike = places.into_iter().map(|(place, entries)| (place, met(entries))).collect();
        let implied = (0..implied.classes()).map(|class| implied.by(class)).collect();
        Together { entries, keys, implied, alike }
    }

    /// The places at which no value satisfies everything that binds what is there.
    pub(super) fn broken(&self) -> BTreeSet<Place> {
        self.alike.keys().copied().filter(|place| self.is_empty(&self.around(*place))).collect()
    }

    /// Places of which no value satisfies all entries, though one of them binds whatever all the others bind; not those
    /// that contradict each other because fewer of them do.
    pub(super) fn contradictory(&self, broken: &BTreeSet<Place>) -> Vec<Vec<Place>> {
        let mut found = Vec::new();
        for place in broken {
            let around = self.around(*place);
            // Of two that bind the same, the first is named.
            let elsewhere = |other: &Place| {
                other != place && broken.contains(other) && (other < place || !self.around(*other).contains(place))
            };
            if !around.iter().any(elsewhere) {
                found.push(around);
            }
        }
        // What two keys share is bound by both, and a third may share nothing with that.
        for place in self.alike.keys().filter(|place| !broken.contains(place)) {
            for other in self.implied_at(*place, &self.keys.beside).filter(|other| !broken.contains(other)) {
                found.extend(Some(vec![*place, other]).filter(|both| self.is_empty(both)));
            }
        }
        found
    }

    /// The entries at places, ascending.
    pub(super) fn entries<'p>(&self, places: impl IntoIterator<Item = &'p Place>) -> Vec<usize> {
        let here = places.into_iter().filter_map(|place| self.alike.get(place)).flat_map(|alike| &alike.entries);
        here.copied().collect::<BTreeSet<usize>>().into_iter().collect()
    }

    /// The places that bind whatever this one binds, itself among them.
    fn around(&self, place: Place) -> Vec<Place> {
        self.implied_at(place, &self.keys.covering).collect()
    }

    /// The places of classes that a place's class implies, under the keys that stand to its key as `keys` says.
    fn implied_at<'s>(&'s self, (class, key): Place, keys: &'s [Vec<usize>]) -> impl Iterator<Item = Place> + 's {
        let classes = self.implied[class].iter();
        let places = classes.flat_map(move |class| keys[key].iter().map(move |key| (*class, *key)));
        places.filter(|place| self.alike.contains_key(place))
    }

    fn is_empty(&self, places: &[Place]) -> bool {
        let meets = places.iter().filter_map(|place| self.alike.get(place)).map(|alike| &alike.meet);
        Bound::meet_all(meets).satisfiable(&self.entries[0].setting.domain) == Satisfiability::Empty
    }
}
