//! [`Sorted`]: a map as a sorted vector, for what a world holds by the million.

use std::borrow::Borrow;
use std::collections::BTreeMap;

/// Keys and values, each key once, in the order of keys.
///
/// A tree's smallest node has room for eleven; the objects of a world have two or three tags, attributes and settings
/// each. Looking up is a binary search; inserting at the end is cheap, elsewhere it moves what comes after.
///
/// ```
/// # use ordain_model::sorted::Sorted;
/// let mut ports = Sorted::from([("https", 443), ("http", 80)]);
/// ports.insert("ssh", 22);
/// assert_eq!(ports.get("http"), Some(&80));
/// assert_eq!(ports.keys().copied().collect::<Vec<_>>(), ["http", "https", "ssh"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sorted<K, V>(Vec<(K, V)>);

impl<K: Ord, V> Sorted<K, V> {
    /// The value under a key.
    #[must_use]
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.place(key).ok().map(|at| &self.0[at].1)
    }

    /// The value under a key, to be changed.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.place(key).ok().map(|at| &mut self.0[at].1)
    }

    /// Whether there is such a key.
    #[must_use]
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.place(key).is_ok()
    }

    /// Puts a value under a key; gives back the one that stood there.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.place(&key) {
            Ok(at) => Some(std::mem::replace(&mut self.0[at].1, value)),
            Err(at) => {
                self.0.insert(at, (key, value));
                None
            }
        }
    }

    /// Takes out what stands under a key.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.place(key).ok().map(|at| self.0.remove(at).1)
    }

    /// Keeps what is wanted.
    pub fn retain(&mut self, mut wanted: impl FnMut(&K, &mut V) -> bool) {
        self.0.retain_mut(|(key, value)| wanted(key, value));
    }

    fn place<Q: Ord + ?Sized>(&self, key: &Q) -> Result<usize, usize>
    where
        K: Borrow<Q>,
    {
        match self.0.last() {
            Some((last, _)) if last.borrow() < key => Err(self.0.len()),
            _ => self.0.binary_search_by(|(known, _)| known.borrow().cmp(key)),
        }
    }
}

impl<K, V> Sorted<K, V> {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Keys and values, in the order of keys.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> + ExactSizeIterator {
        self.0.iter().map(|(key, value)| (key, value))
    }

    /// The keys in their order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> + ExactSizeIterator {
        self.0.iter().map(|(key, _)| key)
    }

    /// The values in the order of their keys.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> + ExactSizeIterator {
        self.0.iter().map(|(_, value)| value)
    }
}

impl<K, V> Default for Sorted<K, V> {
    fn default() -> Sorted<K, V> {
        Sorted(Vec::new())
    }
}

/// Of equal keys the last counts.
impl<K: Ord, V> FromIterator<(K, V)> for Sorted<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Sorted<K, V> {
        let mut entries: Vec<(K, V)> = entries.into_iter().collect();
        if !entries.is_sorted_by(|(one, _), (next, _)| one < next) {
            entries = entries.into_iter().collect::<BTreeMap<K, V>>().into_iter().collect();
        }
        entries.shrink_to_fit();
        Sorted(entries)
    }
}

impl<K: Ord, V, const N: usize> From<[(K, V); N]> for Sorted<K, V> {
    fn from(entries: [(K, V); N]) -> Sorted<K, V> {
        entries.into_iter().collect()
    }
}

/// Of equal keys the last counts.
impl<K: Ord, V> Extend<(K, V)> for Sorted<K, V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) {
        let mut entries = entries.into_iter();
        // One or two are put in place; many are sorted together.
        for (key, value) in entries.by_ref().take(2) {
            self.insert(key, value);
        }
        let mut entries = entries.peekable();
        if entries.peek().is_some() {
            *self = std::mem::take(&mut self.0).into_iter().chain(entries).collect();
        }
    }
}

impl<K, V> IntoIterator for Sorted<K, V> {
    type Item = (K, V);
    type IntoIter = std::vec::IntoIter<(K, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, K, V> IntoIterator for &'a Sorted<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = std::iter::Map<std::slice::Iter<'a, (K, V)>, fn(&'a (K, V)) -> (&'a K, &'a V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter().map(|(key, value)| (key, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// It is a map: whatever is done to it and to a tree, both hold the same afterwards.
        #[test]
        fn it_holds_what_a_tree_holds(
            first in proptest::collection::vec((0..9_u8, 0..99_u8), 0..9),
            more in proptest::collection::vec((0..9_u8, 0..99_u8), 0..5),
            gone in 0..9_u8,
        ) {
            let mut tree: BTreeMap<u8, u8> = first.iter().copied().collect();
            let mut sorted: Sorted<u8, u8> = first.iter().copied().collect();
            prop_assert!(sorted.iter().eq(&tree));
            tree.extend(more.iter().copied());
            sorted.extend(more.iter().copied());
            prop_assert!(sorted.iter().eq(&tree));
            prop_assert_eq!(sorted.remove(&gone), tree.remove(&gone));
            prop_assert_eq!(sorted.insert(gone, 1), tree.insert(gone, 1));
            prop_assert_eq!(sorted.insert(gone, 2), tree.insert(gone, 2));
            prop_assert!((0..9).all(|key| sorted.get(&key) == tree.get(&key) && sorted.contains_key(&key) == tree.contains_key(&key)));
            sorted.retain(|key, _| key % 2 == 0);
            tree.retain(|key, _| key % 2 == 0);
            prop_assert_eq!((sorted.len(), sorted.is_empty()), (tree.len(), tree.is_empty()));
            prop_assert!(sorted.keys().eq(tree.keys()) && sorted.values().eq(tree.values()));
            prop_assert!((&sorted).into_iter().eq(&tree));
            prop_assert!(sorted.into_iter().eq(tree));
        }
    }
}
