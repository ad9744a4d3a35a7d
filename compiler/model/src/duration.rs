//! [`Duration`]: a span of time whose months and years stay calendar units until a bound consumes them.

use std::fmt;

/// What months and years count as once a bound consumes them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Calendar {
    /// `at_least` takes the longest span (12 months are 366 days), `at_most` the shortest.
    #[default]
    Strict,
    /// A year is 365 days, a month 30.
    Nominal,
}

/// A span of time: `months` calendar months and `seconds`, both at least zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration {
    /// Calendar months (a year is 12).
    pub months: u32,
    /// Seconds (a day is 86,400, a week 7 days).
    pub seconds: u64,
    /// The calendar of the module the literal is written in.
    pub calendar: Calendar,
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}mo{}s", self.months, self.seconds)
    }
}
