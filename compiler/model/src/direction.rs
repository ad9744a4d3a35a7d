//! [`Direction`]: whether a change tightens or loosens a setting, and what it loses.

use crate::retention::Retention;
use crate::schema::Stricter;
use crate::types::Type;
use crate::value::Value;
use std::cmp::Ordering;

/// Which way a change goes in the schema's order of strictness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Equal in effect.
    Neutral,
    /// Strictly stricter.
    Tighten,
    /// Anything else: less strict, or not to be compared.
    Loosen,
}

impl Direction {
    /// The direction of a change of a setting from one value to another.
    #[must_use]
    pub fn of(from: &Value, to: &Value, of: Type, stricter: Stricter) -> Direction {
        match strictness(from, to, of, stricter) {
            Some(Ordering::Equal) => Direction::Neutral,
            Some(Ordering::Less) => Direction::Tighten,
            Some(Ordering::Greater) | None => Direction::Loosen,
        }
    }
}

/// How strict `a` is compared to `b`, where the two can be compared. Equal means equal in effect.
pub(crate) fn strictness(a: &Value, b: &Value, of: Type, stricter: Stricter) -> Option<Ordering> {
    let order = match (a, b) {
        (Value::Duration(a), Value::Duration(b)) => a.compare(b),
        (a, b) if a == b => Some(Ordering::Equal),
        (Value::Number(a), Value::Number(b)) => Some(a.cmp(b)),
        (Value::Retention(a), Value::Retention(b)) => Some(a.cmp(b)),
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        (Value::String(a), Value::String(b)) => match of {
            Type::Enum(members) => place(members, a).zip(place(members, b)).map(|(a, b)| a.cmp(&b)),
            _ => None,
        },
        (Value::Set(a), Value::Set(b)) => by_inclusion(a.is_subset(b), b.is_subset(a)),
        (Value::Cidrs(a), Value::Cidrs(b)) => by_inclusion(a.is_subset(b), b.is_subset(a)),
        _ => None,
    };
    match (stricter, a) {
        _ if order == Some(Ordering::Equal) => order,
        (Stricter::Greater, Value::Number(_) | Value::Duration(_) | Value::Retention(_)) => order,
        (Stricter::Lesser, Value::Number(_) | Value::Duration(_) | Value::Retention(_)) => order.map(Ordering::reverse),
        (Stricter::True, Value::Bool(_)) | (Stricter::Later, Value::String(_)) => order,
        (Stricter::False, Value::Bool(_)) => order.map(Ordering::reverse),
        (Stricter::Superset, Value::Set(_) | Value::Cidrs(_)) => order,
        (Stricter::Subset, Value::Set(_) | Value::Cidrs(_)) => order.map(Ordering::reverse),
        _ => None,
    }
}

fn by_inclusion(within: bool, around: bool) -> Option<Ordering> {
    match (within, around) {
        (true, true) => Some(Ordering::Equal),
        (true, false) => Some(Ordering::Less),
        (false, true) => Some(Ordering::Greater),
        (false, false) => None,
    }
}

/// The place of a member among an enum's, weakest first.
pub(crate) fn place(members: &[&str], text: &str) -> Option<usize> {
    members.iter().position(|member| *member == text)
}

/// What a change loses for good: a shorter retention makes deletable what is older. One sentence without a full stop.
#[must_use]
pub fn loss(from: &Value, to: &Value) -> Option<String> {
    let (Value::Retention(from), Value::Retention(to)) = (from, to) else { return None };
    match (from, to) {
        (from, to) if to >= from => None,
        (_, Retention::Disabled) => Some("everything that is kept becomes deletable".to_owned()),
        (Retention::Days(from), Retention::Days(to)) => Some(format!("{} become deletable", days(from - to))),
        (_, to) => Some(format!("everything older than {} becomes deletable", days(u32::try_from(to.place()).ok()?))),
    }
}

fn days(count: u32) -> String {
    if count == 1 { "1 day".to_owned() } else { format!("{count} days") }
}
