//! [`Retention`]: how long something is kept. Zero means four different things in four clouds; here it cannot be written.

use std::fmt;

/// How long something is kept, in the order `disabled < finite < unlimited`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Retention {
    /// Nothing is kept.
    Disabled,
    /// Kept for this many days, at least 1.
    Days(u32),
    /// Never deleted.
    Unlimited,
}

impl fmt::Display for Retention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Retention::Disabled => f.write_str("disabled"),
            Retention::Days(days) => write!(f, "{days}d"),
            Retention::Unlimited => f.write_str("unlimited"),
        }
    }
}
