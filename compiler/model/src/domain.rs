//! [`Domain`]: which values of a setting its API accepts.

/// The values an API accepts for a setting, beyond its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Domain {
    /// Every value of the type. An enum's and a set's members are their type's.
    Any,
    /// Integers from the first to the second, both included.
    Integers(i64, i64),
    /// Retention of these lengths.
    Retention(Lengths),
    /// At most this many CIDR blocks; IPv6 only where the second says so.
    Cidrs {
        /// Most entries the API takes.
        most: usize,
        /// Whether it takes IPv6 blocks.
        ipv6: bool,
    },
}

/// Which retentions an API accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lengths {
    /// Legal numbers of days.
    pub days: Days,
    /// Whether `disabled` (nothing is kept) can be said.
    pub disabled: bool,
    /// Whether `unlimited` can be said.
    pub unlimited: bool,
}

/// Legal numbers of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Days {
    /// Exactly these, ascending.
    Listed(&'static [u32]),
    /// From the least to the greatest in steps: every `step` days from `least`.
    Range {
        /// Least.
        least: u32,
        /// Greatest.
        greatest: u32,
        /// Step, at least 1.
        step: u32,
    },
}
