//! [`Bound`]: what a requirement demands of a value. A meet-semilattice per type.

use crate::duration::Calendar;
use crate::value::Value;

/// A bound as a profile writes it, before the setting's type is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BoundTerm {
    /// The function that made it.
    pub constructor: Constructor,
    /// Its arguments, evaluated.
    pub arguments: Vec<Value>,
    /// The calendar of the module it is written in.
    pub calendar: Calendar,
}

/// The functions that make bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Constructor {
    /// `absent()`: not set.
    Absent,
    /// `all_of(bound, ...)`: every one.
    AllOf,
    /// `at_least(x)`.
    AtLeast,
    /// `at_most(x)`.
    AtMost,
    /// `between(x, y)`.
    Between,
    /// `exactly(x)`.
    Exactly,
    /// `matches("pattern")`.
    Matches,
    /// `nobody()`: the empty set of addresses.
    Nobody,
    /// `none_of(x, ...)`.
    NoneOf,
    /// `one_of(x, ...)`.
    OneOf,
    /// `present()`: set.
    Present,
    /// `subset_of([...])`.
    SubsetOf,
    /// `superset_of([...])`.
    SupersetOf,
    /// `within([...])`: every address inside.
    Within,
}

/// A typed bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bound {
    /// Any value at all, null included: the top.
    Anything,
}
