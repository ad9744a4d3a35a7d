//! [`Value`]: one type for what profiles write, variables hold and worlds contain.

mod display;

pub use display::quote;

use crate::Text;
use crate::bound::BoundTerm;
use crate::cidr::CidrSet;
use crate::duration::Duration;
use crate::instant::Instant;
use crate::number::Number;
use crate::observation::Reason;
use crate::retention::Retention;
use crate::size::Size;
use crate::sorted::Sorted;
use crate::version::Version;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A value. Clones are cheap: everything large is shared.
///
/// Settings and attributes hold only the variants their [`crate::types::Type`] names, or `Null` for "not set".
/// `Bound`, `Deferred` and `Unknown` occur only while a profile is evaluated.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// Not set.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number of any size, exact.
    Number(Number),
    /// Text; enum values are text too.
    String(Text),
    /// A number of bytes.
    Size(Size),
    /// A span of time, calendar units kept until a bound consumes them.
    Duration(Duration),
    /// How long something is kept.
    Retention(Retention),
    /// A moment in UTC.
    Instant(Instant),
    /// A version, in the spelling that was read.
    Version(Version),
    /// A set of addresses.
    Cidrs(CidrSet),
    /// A set of strings.
    Set(Arc<BTreeSet<Text>>),
    /// A list (of any types: HCL's tuple).
    List(Arc<[Value]>),
    /// An object; also tags.
    Object(Arc<Fields>),
    /// What a setting must satisfy, before the setting's type is known.
    Bound(Arc<BoundTerm>),
    /// What a provider resolves when it observes: `organization(...)`, `enabled()`.
    Deferred(Arc<Deferred>),
    /// Could not be read; three-valued logic carries the reason along.
    Unknown(Arc<Reason>),
}

/// The members of an object.
pub type Fields = Sorted<Text, Value>;

/// A call that only the provider of a target can answer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deferred {
    /// The function, for example `organization`.
    pub function: Text,
    /// Its named arguments.
    pub arguments: BTreeMap<Text, Value>,
}

impl Value {
    /// A string.
    #[must_use]
    pub fn string(text: &str) -> Value {
        Value::String(text.into())
    }

    /// A set of strings.
    #[must_use]
    pub fn set<'a>(members: impl IntoIterator<Item = &'a str>) -> Value {
        Value::Set(Arc::new(members.into_iter().map(Text::from).collect()))
    }

    /// A list.
    #[must_use]
    pub fn list(items: impl IntoIterator<Item = Value>) -> Value {
        Value::List(items.into_iter().collect())
    }

    /// An object; of equal names the last counts.
    #[must_use]
    pub fn object(members: impl IntoIterator<Item = (Text, Value)>) -> Value {
        Value::Object(Arc::new(members.into_iter().collect()))
    }

    /// An integer.
    #[must_use]
    pub fn integer(number: i64) -> Value {
        Value::Number(Number::from(number))
    }

    /// An unknown value.
    #[must_use]
    pub fn unknown(reason: Reason) -> Value {
        Value::Unknown(Arc::new(reason))
    }

    /// The text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// What messages call a value of this sort: `a string`, `a list`.
    #[must_use]
    pub fn sort(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "a bool",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Size(_) => "a size",
            Value::Duration(_) => "a duration",
            Value::Retention(_) => "a retention",
            Value::Instant(_) => "an instant",
            Value::Version(_) => "a version",
            Value::Cidrs(_) => "a set of addresses",
            Value::Set(_) => "a set of strings",
            Value::List(_) => "a list",
            Value::Object(_) => "an object",
            Value::Bound(_) => "a bound",
            Value::Deferred(_) => "a value the provider resolves",
            Value::Unknown(_) => "unknown",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Value;
    use crate::observation::Reading;

    /// A world holds a million of each: what is large in one of them is shared.
    #[test]
    fn a_value_takes_24_bytes_and_a_reading_40() {
        assert_eq!(size_of::<Value>(), 24);
        assert_eq!(size_of::<Reading>(), 40);
    }
}
