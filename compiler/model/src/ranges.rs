//! [`Ranges`]: a subset of an ordered type as its maximal ranges. One form for intervals, finite and co-finite sets.

use std::fmt::Debug;

/// A type whose values stand in a row: each has a next and a previous one, but for the ends.
pub trait Ordered: Copy + Ord + Debug {
    /// The first value.
    const LEAST: Self;
    /// The last value.
    const GREATEST: Self;
    /// The value just after, if any.
    #[must_use]
    fn next(self) -> Option<Self>;
    /// The value just before, if any.
    #[must_use]
    fn previous(self) -> Option<Self>;
}

/// Declares that integers stand in their usual row.
macro_rules! ordered {
    ($($integer:ty),*) => {$(
        impl Ordered for $integer {
            const LEAST: $integer = <$integer>::MIN;
            const GREATEST: $integer = <$integer>::MAX;
            fn next(self) -> Option<$integer> {
                self.checked_add(1)
            }
            fn previous(self) -> Option<$integer> {
                self.checked_sub(1)
            }
        }
    )*};
}

ordered!(i64, u32, u64, u128);

/// A set of values: sorted ranges `(first, last)` that neither overlap nor touch, so that equal sets are equal values.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ranges<P>(Vec<(P, P)>);

impl<P: Ordered> Ranges<P> {
    /// Every value.
    #[must_use]
    pub fn everything() -> Ranges<P> {
        Ranges(vec![(P::LEAST, P::GREATEST)])
    }

    /// No value.
    #[must_use]
    pub fn empty() -> Ranges<P> {
        Ranges(Vec::new())
    }

    /// The values from `first` to `last`, both included; none when they are the wrong way round.
    #[must_use]
    pub fn between(first: P, last: P) -> Ranges<P> {
        Ranges::of([(first, last)])
    }

    /// The union of ranges in any order. Time `n log n`.
    #[must_use]
    pub fn of(ranges: impl IntoIterator<Item = (P, P)>) -> Ranges<P> {
        let mut ranges: Vec<(P, P)> = ranges.into_iter().filter(|(first, last)| first <= last).collect();
        ranges.sort_unstable();
        let mut merged: Vec<(P, P)> = Vec::with_capacity(ranges.len());
        for (first, last) in ranges {
            match merged.last_mut() {
                Some((_, end)) if end.next().is_none_or(|next| first <= next) => *end = last.max(*end),
                _ => merged.push((first, last)),
            }
        }
        Ranges(merged)
    }

    /// The ranges, ascending.
    #[must_use]
    pub fn as_slice(&self) -> &[(P, P)] {
        &self.0
    }

    /// Whether it has no value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it has every value.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.0 == [(P::LEAST, P::GREATEST)]
    }

    /// Whether a value is in it. Time `log n`.
    #[must_use]
    pub fn contains(&self, value: P) -> bool {
        self.covers(value, value)
    }

    /// Whether every value from `first` to `last` is in it. Time `log n`.
    #[must_use]
    pub fn covers(&self, first: P, last: P) -> bool {
        let at = self.0.partition_point(|(start, _)| *start <= first);
        at.checked_sub(1).and_then(|at| self.0.get(at)).is_some_and(|(_, end)| last <= *end)
    }

    /// Whether every value of it is in the other.
    #[must_use]
    pub fn is_subset(&self, other: &Ranges<P>) -> bool {
        self.0.iter().all(|(first, last)| other.covers(*first, *last))
    }

    /// The values in both. Linear: one pass over both.
    #[must_use]
    pub fn intersection(&self, other: &Ranges<P>) -> Ranges<P> {
        let (mut left, mut right) = (self.0.iter().peekable(), other.0.iter().peekable());
        let mut common = Vec::new();
        while let (Some((a, b)), Some((c, d))) = (left.peek(), right.peek()) {
            let (first, last) = (*a.max(c), *b.min(d));
            if first <= last {
                common.push((first, last));
            }
            if b <= d {
                left.next();
            } else {
                right.next();
            }
        }
        Ranges(common)
    }

    /// The values in either.
    #[must_use]
    pub fn union(&self, other: &Ranges<P>) -> Ranges<P> {
        Ranges::of(self.0.iter().chain(&other.0).copied())
    }

    /// The values not in it.
    #[must_use]
    pub fn complement(&self) -> Ranges<P> {
        let mut gaps = Vec::with_capacity(self.0.len() + 1);
        let mut start = Some(P::LEAST);
        for (first, last) in &self.0 {
            if let (Some(start), Some(end)) = (start, first.previous()) {
                gaps.push((start, end));
            }
            start = last.next();
        }
        gaps.extend(start.map(|start| (start, P::GREATEST)));
        Ranges(gaps.into_iter().filter(|(first, last)| first <= last).collect())
    }

    /// Its values, ascending.
    pub fn values(&self) -> impl Iterator<Item = P> + '_ {
        let range = |(first, last): (P, P)| {
            std::iter::successors(Some(first), move |value| value.next().filter(|value| *value <= last))
        };
        self.0.iter().copied().flat_map(range)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn touching_ranges_merge_and_the_ends_do_not_overflow() {
        let set = Ranges::of([(5_u32, 6), (1, 2), (3, 4), (u32::MAX, u32::MAX), (9, 8)]);
        assert_eq!(set.as_slice(), [(1, 6), (u32::MAX, u32::MAX)]);
        assert_eq!(set.complement().as_slice(), [(0, 0), (7, u32::MAX - 1)]);
        assert_eq!(set.complement().complement(), set);
        assert!(Ranges::<i64>::everything().complement().is_empty());
        assert!(Ranges::<i64>::empty().complement().is_everything());
    }

    #[test]
    fn covers_looks_at_one_range_only() {
        let set = Ranges::of([(1_i64, 3), (5, 9)]);
        assert!(set.covers(5, 9) && set.contains(1));
        assert!(!set.covers(3, 5) && !set.contains(4) && !set.contains(0));
        assert_eq!(set.values().collect::<Vec<_>>(), [1, 2, 3, 5, 6, 7, 8, 9]);
    }

    #[test]
    fn intersection_and_union_are_those_of_sets() {
        let (a, b) = (Ranges::of([(1_u64, 10), (20, 30)]), Ranges::of([(5, 22), (29, 40)]));
        assert_eq!(a.intersection(&b).as_slice(), [(5, 10), (20, 22), (29, 30)]);
        assert_eq!(a.union(&b).as_slice(), [(1, 40)]);
        assert!(a.intersection(&b).is_subset(&a) && !a.is_subset(&b));
    }
}
