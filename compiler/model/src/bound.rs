//! [`Bound`]: what a requirement demands of a value. A meet-semilattice per type.
//!
//! Every bound is in the one normal form of the values it admits, so that two bounds admit the same values exactly when
//! they are equal (patterns excepted: they are compared by their text). `meet` is linear in the size of its operands.
//!
//! ```text
//!            Anything
//!            /      \
//!       Present    Absent          null is admitted by Absent and Anything only
//!      /   |   \      |
//!   the bounds of     |            one variant per type of value; what would admit every value is Present
//!   each type         |
//!       \   |   /    /
//!           Nothing
//! ```

mod cidrs;
mod contradiction;
mod display;
mod make;
mod nearest;
mod problem;
mod retentions;
mod satisfiable;
mod scale;
mod strictest;
mod strings;
mod term;
mod texts;
mod typed;
mod vacuous;

pub use cidrs::CidrBounds;
pub use contradiction::{Contradiction, contradiction};
pub use nearest::Nearest;
pub use problem::BoundProblem;
pub use retentions::RetentionBounds;
pub use satisfiable::Satisfiability;
pub use strings::StringBounds;
pub use term::{BoundTerm, Constructor};
pub use texts::{Pattern, TextBounds};

use crate::instant::Instant;
use crate::ranges::Ranges;
use crate::ratio::Ratio;
use crate::size::Size;
use crate::value::Value;
use crate::version::Release;

/// A typed bound. Equality is that of the admitted values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bound {
    /// Any value at all, null included: the top.
    Anything,
    /// Any value but null.
    Present,
    /// Null only.
    Absent,
    /// One of the two truth values.
    Bool(bool),
    /// Whole numbers.
    Integer(Ranges<i64>),
    /// Ratios.
    Ratio(Ranges<Ratio>),
    /// Sizes.
    Size(Ranges<Size>),
    /// Spans of time, in seconds.
    Duration(Ranges<u64>),
    /// Retentions.
    Retention(RetentionBounds),
    /// Moments.
    Instant(Ranges<Instant>),
    /// Versions: releases. One before its release is admitted where the releases around it are.
    Version(Ranges<Release>),
    /// Texts: strings, and the members of an enum.
    Text(TextBounds),
    /// Sets of strings.
    Strings(StringBounds),
    /// Sets of addresses.
    Cidrs(CidrBounds),
    /// No value: the bottom.
    Nothing,
}

impl Bound {
    /// What both admit. Commutative, associative, idempotent; linear.
    #[must_use]
    pub fn meet(&self, other: &Bound) -> Bound {
        match (self, other) {
            (Bound::Anything, bound) | (bound, Bound::Anything) => bound.clone(),
            (Bound::Absent, Bound::Absent) => Bound::Absent,
            (Bound::Absent, _) | (_, Bound::Absent) => Bound::Nothing,
            (Bound::Present, bound) | (bound, Bound::Present) => bound.clone(),
            (Bound::Bool(a), Bound::Bool(b)) if a == b => Bound::Bool(*a),
            (Bound::Integer(a), Bound::Integer(b)) => Bound::integers(a.intersection(b)),
            (Bound::Ratio(a), Bound::Ratio(b)) => Bound::ratios(a.intersection(b)),
            (Bound::Size(a), Bound::Size(b)) => Bound::sizes(a.intersection(b)),
            (Bound::Duration(a), Bound::Duration(b)) => Bound::durations(a.intersection(b)),
            (Bound::Retention(a), Bound::Retention(b)) => a.meet(b).into(),
            (Bound::Instant(a), Bound::Instant(b)) => Bound::instants(a.intersection(b)),
            (Bound::Version(a), Bound::Version(b)) => Bound::versions(a.intersection(b)),
            (Bound::Text(a), Bound::Text(b)) => a.meet(b).into(),
            (Bound::Strings(a), Bound::Strings(b)) => a.meet(b).into(),
            (Bound::Cidrs(a), Bound::Cidrs(b)) => a.meet(b).into(),
            // No value is of two types, and none is both of two truth values.
            _ => Bound::Nothing,
        }
    }

    /// The meet of any number of bounds; of none, [`Bound::Anything`].
    #[must_use]
    pub fn meet_all<'a>(bounds: impl IntoIterator<Item = &'a Bound>) -> Bound {
        // Sets that must be there grow from meet to meet: met two by two, none is gone over more than a few times.
        let mut meets: Vec<(u32, Bound)> = Vec::new();
        for bound in bounds {
            let mut meet = (0, bound.clone());
            while let Some((level, before)) = meets.pop_if(|(level, _)| *level == meet.0) {
                meet = (level + 1, before.meet(&meet.1));
            }
            meets.push(meet);
        }
        meets.into_iter().rev().fold(Bound::Anything, |meet, (_, before)| before.meet(&meet))
    }

    /// Whether no value at all is admitted, whatever the domain. A pattern that nothing matches is not found out.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Bound::Nothing
    }

    /// Whether a value is admitted. Null is admitted by [`Bound::Absent`] and [`Bound::Anything`] only; a span of time in
    /// calendar units only when every length it can have is.
    #[must_use]
    pub fn admits(&self, value: &Value) -> bool {
        match (self, value) {
            (Bound::Anything, _) | (Bound::Absent, Value::Null) => true,
            (Bound::Nothing | Bound::Absent, _) | (_, Value::Null) => false,
            (Bound::Present, _) => true,
            (Bound::Bool(wanted), Value::Bool(value)) => wanted == value,
            (Bound::Integer(ranges), Value::Number(number)) => {
                number.as_i64().is_some_and(|value| ranges.contains(value))
            }
            (Bound::Ratio(ranges), Value::Number(number)) => {
                Ratio::of(number).is_some_and(|value| ranges.contains(value))
            }
            (Bound::Size(ranges), Value::Size(value)) => ranges.contains(*value),
            (Bound::Duration(ranges), Value::Duration(span)) => {
                ranges.covers(span.shortest_seconds(), span.longest_seconds())
            }
            (Bound::Retention(bounds), Value::Retention(value)) => bounds.admits(*value),
            (Bound::Instant(ranges), Value::Instant(value)) => ranges.contains(*value),
            (Bound::Version(ranges), Value::Version(value)) => {
                value.place().is_some_and(|(from, to)| ranges.covers(from, to))
            }
            (Bound::Text(bounds), Value::String(text)) => bounds.admits(text),
            (Bound::Strings(bounds), Value::Set(set)) => bounds.admits(set),
            (Bound::Cidrs(bounds), Value::Cidrs(set)) => bounds.admits(set),
            _ => false,
        }
    }

    /// Whether the other bound admits every value that this one admits. Where patterns are involved, `true` is certain
    /// and `false` means that it could not be shown.
    #[must_use]
    pub fn implies(&self, other: &Bound) -> bool {
        self.meet(other) == *self
    }
}
