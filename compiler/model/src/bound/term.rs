//! [`BoundTerm`]: a bound as a profile writes it, before the setting's type is known.

use crate::duration::Calendar;
use crate::value::Value;
use std::fmt;
use std::sync::Arc;

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

impl fmt::Display for BoundTerm {
    /// The term in the profile's syntax: `at_least("365d")`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&Value::Bound(Arc::new(self.clone())), f)
    }
}

/// Declares the functions that make bounds, with the names under which profiles call them.
macro_rules! constructors {
    ($($(#[$doc:meta])* $variant:ident $name:literal,)*) => {
        /// The functions that make bounds.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Constructor {
            $($(#[$doc])* $variant,)*
        }

        impl Constructor {
            /// Every function, sorted by name.
            pub const ALL: &[Constructor] = &[$(Constructor::$variant,)*];

            /// The name under which profiles call it.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Constructor::$variant => $name,)*
                }
            }
        }
    };
}

constructors! {
    /// `absent()`: not set.
    Absent "absent",
    /// `all_of(bound, ...)`: every one.
    AllOf "all_of",
    /// `at_least(x)`.
    AtLeast "at_least",
    /// `at_most(x)`.
    AtMost "at_most",
    /// `between(x, y)`: from x to y, both included.
    Between "between",
    /// `exactly(x)`.
    Exactly "exactly",
    /// `matches("pattern")`: the pattern is found in the text.
    Matches "matches",
    /// `nobody()`: the empty set of addresses.
    Nobody "nobody",
    /// `none_of(x, ...)`, or `none_of([x, ...])`.
    NoneOf "none_of",
    /// `one_of(x, ...)`, or `one_of([x, ...])`.
    OneOf "one_of",
    /// `optional_bound(bound)`: what the bound says; nothing where it, or what it compares with, is null.
    OptionalBound "optional_bound",
    /// `present()`: set.
    Present "present",
    /// `subset_of([...])`: nothing else.
    SubsetOf "subset_of",
    /// `superset_of([...])`: at least all of these.
    SupersetOf "superset_of",
    /// `within([...])`: every address inside.
    Within "within",
}

impl Constructor {
    /// The function of that name.
    #[must_use]
    pub fn find(name: &str) -> Option<Constructor> {
        Constructor::ALL.iter().copied().find(|constructor| constructor.name() == name)
    }
}
