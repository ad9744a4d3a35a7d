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
        (Value::Duration(a), Value::Duration(b)) => by_inclusion(a.never_longer_than(b), b.never_longer_than(a)),
        (a, b) if a == b => Some(Ordering::Equal),
        (Value::Number(a), Value::Number(b)) => Some(a.cmp(b)),
        (Value::Size(a), Value::Size(b)) => Some(a.cmp(b)),
        (Value::Retention(a), Value::Retention(b)) => Some(a.cmp(b)),
        (Value::Instant(a), Value::Instant(b)) => Some(a.cmp(b)),
        (Value::Version(a), Value::Version(b)) => Some(a.cmp(b)),
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        (Value::String(a), Value::String(b)) => match of {
            Type::Enum(members) => place(members, a).zip(place(members, b)).map(|(a, b)| a.cmp(&b)),
            _ => None,
        },
        (Value::Set(a), Value::Set(b)) => by_inclusion(a.is_subset(b), b.is_subset(a)),
        (Value::Cidrs(a), Value::Cidrs(b)) => by_inclusion(a.is_subset(b), b.is_subset(a)),
        _ => None,
    };
    let ordered = matches!(
        a,
        Value::Number(_)
            | Value::Size(_)
            | Value::Duration(_)
            | Value::Retention(_)
            | Value::Instant(_)
            | Value::Version(_)
    );
    match (stricter, a) {
        _ if order == Some(Ordering::Equal) => order,
        (Stricter::Greater, _) if ordered => order,
        (Stricter::Lesser, _) if ordered => order.map(Ordering::reverse),
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
        (Retention::Days(from), Retention::Days(to)) => {
            let verb = if from - to == 1 { "becomes" } else { "become" };
            Some(format!("{} {verb} deletable", days(from - to)))
        }
        (_, to) => Some(format!("everything older than {} becomes deletable", days(u32::try_from(to.place()).ok()?))),
    }
}

fn days(count: u32) -> String {
    if count == 1 { "1 day".to_owned() } else { format!("{count} days") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cidr::CidrSet;
    use crate::duration::{Calendar, Duration};

    fn kept(text: &str) -> Value {
        Value::Retention(Retention::parse(text).unwrap())
    }

    fn addresses(entries: &[&str]) -> Value {
        Value::Cidrs(CidrSet::parse(entries.iter().copied()).unwrap())
    }

    #[test]
    fn a_change_tightens_only_where_it_is_strictly_stricter() {
        use Direction::{Loosen, Neutral, Tighten};
        let tokens = Type::Enum(&["optional", "required"]);
        let (api, both) = (Value::set(["api"]), Value::set(["api", "audit"]));
        for (from, to, of, stricter, direction) in [
            (kept("30d"), kept("400d"), Type::Retention, Stricter::Greater, Tighten),
            (kept("30d"), kept("unlimited"), Type::Retention, Stricter::Greater, Tighten),
            (kept("1d"), kept("disabled"), Type::Retention, Stricter::Greater, Loosen),
            (kept("30d"), kept("29d"), Type::Retention, Stricter::Lesser, Tighten),
            (Value::string("optional"), Value::string("required"), tokens, Stricter::Later, Tighten),
            (Value::string("required"), Value::string("optional"), tokens, Stricter::Later, Loosen),
            (Value::string("a"), Value::string("b"), Type::String, Stricter::Unordered, Loosen),
            (Value::Bool(true), Value::Bool(false), Type::Bool, Stricter::False, Tighten),
            (Value::integer(2), Value::integer(1), Type::Integer, Stricter::Lesser, Tighten),
            (api.clone(), both.clone(), Type::Strings(None), Stricter::Superset, Tighten),
            (api, Value::set(["audit"]), Type::Strings(None), Stricter::Superset, Loosen),
            (addresses(&["0.0.0.0/0"]), addresses(&["10.0.0.0/8"]), Type::Cidrs, Stricter::Subset, Tighten),
            (addresses(&["10.0.0.0/8"]), addresses(&["192.0.2.0/24"]), Type::Cidrs, Stricter::Subset, Loosen),
            (
                addresses(&["0.0.0.0/0"]),
                addresses(&["128.0.0.0/1", "0.0.0.0/1"]),
                Type::Cidrs,
                Stricter::Subset,
                Neutral,
            ),
            (Value::Null, Value::string("key"), Type::String, Stricter::Unordered, Loosen),
            (Value::Null, Value::Null, Type::String, Stricter::Unordered, Neutral),
        ] {
            assert_eq!(Direction::of(&from, &to, of, stricter), direction, "{from} -> {to}");
        }
    }

    #[test]
    fn spans_of_time_are_equal_in_effect_whatever_their_calendar() {
        let span = |text, calendar| Value::Duration(Duration::parse(text, calendar).unwrap());
        let (day, hours) = (span("1d", Calendar::Strict), span("24h", Calendar::Nominal));
        assert_eq!(Direction::of(&day, &hours, Type::Duration, Stricter::Greater), Direction::Neutral);
        let (year, days) = (span("1y", Calendar::Strict), span("365d12h", Calendar::Strict));
        assert_eq!(Direction::of(&days, &year, Type::Duration, Stricter::Greater), Direction::Loosen);
        let (month, longest) = (span("1mo", Calendar::Strict), span("31d", Calendar::Strict));
        assert_eq!(Direction::of(&month, &longest, Type::Duration, Stricter::Greater), Direction::Tighten);
    }

    #[test]
    fn a_shorter_retention_says_what_becomes_deletable() {
        for (from, to, lost) in [
            ("400d", "365d", Some("35 days become deletable")),
            ("2d", "1d", Some("1 day becomes deletable")),
            ("unlimited", "365d", Some("everything older than 365 days becomes deletable")),
            ("30d", "disabled", Some("everything that is kept becomes deletable")),
            ("30d", "30d", None),
            ("30d", "unlimited", None),
        ] {
            assert_eq!(loss(&kept(from), &kept(to)).as_deref(), lost, "{from} -> {to}");
        }
        assert_eq!(loss(&Value::integer(2), &Value::integer(1)), None);
    }
}
