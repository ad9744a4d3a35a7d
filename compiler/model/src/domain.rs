//! [`Domain`]: which values of a setting its API accepts.

use crate::ranges::Ordered;
use crate::retention::Retention;
use crate::types::Type;
use crate::value::Value;

/// The values an API accepts for a setting, beyond its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Domain {
    /// Every value of the type, null included. An enum's and a set's members are their type's.
    Any,
    /// Every member of an enum, of which no step sets these, for this reason: they need more than the setting says. One
    /// that is there already is as good as any other.
    Except(&'static [&'static str], &'static str),
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
        /// Least, at least 1.
        least: u32,
        /// Greatest.
        greatest: u32,
        /// Step, at least 1.
        step: u32,
    },
}

impl Lengths {
    /// Every retention.
    pub const ANY: Lengths =
        Lengths { days: Days::Range { least: 1, greatest: u32::MAX, step: 1 }, disabled: true, unlimited: true };
}

impl Domain {
    /// Whether the API has such a value of the setting's type. Null can be said only where nothing is restricted.
    ///
    /// A set of addresses counts in its fewest blocks, since it can be written so.
    #[must_use]
    pub fn legal(&self, value: &Value) -> bool {
        match (self, value) {
            (Domain::Any | Domain::Except(..), _) => true,
            (Domain::Integers(..), Value::Number(number)) => {
                number.as_i64().is_some_and(|value| self.integer_from(value) == Some(value))
            }
            (Domain::Retention(lengths), Value::Retention(value)) => lengths.from(*value) == Some(*value),
            (Domain::Cidrs { most, ipv6 }, Value::Cidrs(set)) => {
                (*ipv6 || !set.has_v6()) && (set.entries().len() <= *most || set.fewest().entries().len() <= *most)
            }
            _ => false,
        }
    }

    /// Whether a step may set a value.
    #[must_use]
    pub fn settable(&self, value: &Value) -> bool {
        self.legal(value) && self.out_of_reach(value).is_none()
    }

    /// Why no step sets a value although it exists.
    #[must_use]
    pub fn out_of_reach(&self, value: &Value) -> Option<&'static str> {
        match self {
            Domain::Except(members, why) => value.as_str().filter(|value| members.contains(value)).map(|_| *why),
            _ => None,
        }
    }

    /// Whether it restricts values of this type: a schema that says otherwise is wrong.
    #[must_use]
    pub fn fits(&self, of: Type) -> bool {
        matches!(
            (self, of),
            (Domain::Any, _)
                | (Domain::Except(..), Type::Enum(_))
                | (Domain::Integers(..), Type::Integer)
                | (Domain::Retention(_), Type::Retention)
                | (Domain::Cidrs { .. }, Type::Cidrs)
        )
    }

    /// The least legal integer that is not less.
    pub(crate) fn integer_from(&self, value: i64) -> Option<i64> {
        match self {
            Domain::Integers(least, greatest) => Some(value.max(*least)).filter(|value| value <= greatest),
            _ => Some(value),
        }
    }

    /// The greatest legal integer that is not greater.
    pub(crate) fn integer_to(&self, value: i64) -> Option<i64> {
        match self {
            Domain::Integers(least, greatest) => Some(value.min(*greatest)).filter(|value| value >= least),
            _ => Some(value),
        }
    }

    /// The legal retentions.
    pub(crate) fn lengths(&self) -> Lengths {
        match self {
            Domain::Retention(lengths) => *lengths,
            _ => Lengths::ANY,
        }
    }
}

impl Lengths {
    /// The least legal retention that is not less.
    pub(crate) fn from(&self, value: Retention) -> Option<Retention> {
        let unlimited = self.unlimited.then_some(Retention::Unlimited);
        match value {
            Retention::Disabled if self.disabled => Some(Retention::Disabled),
            Retention::Disabled => self.days.from(1).map(Retention::Days).or(unlimited),
            Retention::Days(days) => self.days.from(days).map(Retention::Days).or(unlimited),
            Retention::Unlimited => unlimited,
        }
    }

    /// The greatest legal retention that is not greater.
    pub(crate) fn to(&self, value: Retention) -> Option<Retention> {
        let disabled = self.disabled.then_some(Retention::Disabled);
        match value {
            Retention::Unlimited if self.unlimited => Some(Retention::Unlimited),
            Retention::Unlimited => self.days.to(u32::MAX).map(Retention::Days).or(disabled),
            Retention::Days(days) => self.days.to(days).map(Retention::Days).or(disabled),
            Retention::Disabled => disabled,
        }
    }
}

impl Days {
    /// The least legal number of days that is not less.
    fn from(&self, days: u32) -> Option<u32> {
        match *self {
            Days::Listed(list) => list.get(list.partition_point(|listed| *listed < days)).copied(),
            Days::Range { least, greatest, step } => {
                let steps = days.saturating_sub(least).div_ceil(step.max(1));
                steps.checked_mul(step.max(1)).and_then(|more| more.checked_add(least)).filter(|days| *days <= greatest)
            }
        }
    }

    /// The greatest legal number of days that is not greater.
    fn to(&self, days: u32) -> Option<u32> {
        match *self {
            Days::Listed(list) => list.partition_point(|listed| *listed <= days).checked_sub(1).map(|at| list[at]),
            Days::Range { least, greatest, step } => {
                let room = days.min(greatest).checked_sub(least)?;
                Some(least + room / step.max(1) * step.max(1))
            }
        }
    }
}

/// The values of an ordered type that an API accepts, as the two searches that a step needs.
pub(crate) struct Legal<'a, P> {
    /// The least legal value that is not less.
    pub from: &'a dyn Fn(P) -> Option<P>,
    /// The greatest legal value that is not greater.
    pub to: &'a dyn Fn(P) -> Option<P>,
}

impl<P: Ordered> Legal<'_, P> {
    /// The least legal value within `ranges` that is not less than `value`. Linear in the ranges above it.
    pub(crate) fn up(&self, ranges: &[(P, P)], value: P) -> Option<P> {
        let above = ranges.partition_point(|(_, last)| *last < value);
        let legal = |(first, last): &(P, P)| (self.from)(value.max(*first)).filter(|legal| legal <= last);
        ranges[above..].iter().find_map(legal)
    }

    /// The greatest legal value within `ranges` that is not greater than `value`. Linear in the ranges below it.
    pub(crate) fn down(&self, ranges: &[(P, P)], value: P) -> Option<P> {
        let below = ranges.partition_point(|(first, _)| *first <= value);
        let legal = |(first, last): &(P, P)| (self.to)(value.min(*last)).filter(|legal| legal >= first);
        ranges[..below].iter().rev().find_map(legal)
    }
}
