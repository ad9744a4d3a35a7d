//! Bounds made by code: the rules that a kind publishes, the settings' own limits.

use super::{Bound, CidrBounds, RetentionBounds, StringBounds, TextBounds};
use crate::cidr::CidrSet;
use crate::instant::Instant;
use crate::ranges::Ranges;
use crate::retention::Retention;
use crate::value::Value;
use crate::version::Release;
use std::sync::Arc;

impl Bound {
    /// Only this value. A span of time in calendar units has no one length, a version before its release no place of its own,
    /// a list no type: none of them is admitted.
    #[must_use]
    pub fn exactly(value: &Value) -> Bound {
        match value {
            Value::Null => Bound::Absent,
            Value::Bool(value) => Bound::Bool(*value),
            Value::Number(number) => {
                number.as_i64().map_or(Bound::Nothing, |at| Bound::integers(Ranges::between(at, at)))
            }
            Value::Duration(span) => {
                span.exact_seconds().map_or(Bound::Nothing, |at| Bound::durations(Ranges::between(at, at)))
            }
            Value::Retention(value) => RetentionBounds::new(Ranges::between(*value, *value), &[*value]).into(),
            Value::Instant(at) => Bound::instants(Ranges::between(*at, *at)),
            Value::Version(version) => match version.place() {
                Some((from, to)) if from == to => Bound::versions(Ranges::between(to, to)),
                _ => Bound::Nothing,
            },
            Value::String(text) => TextBounds::Only([text.clone()].into()).into(),
            Value::Set(set) => StringBounds { lower: set.clone(), upper: Some(set.clone()) }.into(),
            Value::Cidrs(set) => {
                CidrBounds { lower: set.clone(), upper: set.clone(), names_nobody: set.is_empty() }.into()
            }
            Value::List(_) | Value::Object(_) | Value::Bound(_) | Value::Deferred(_) | Value::Unknown(_) => {
                Bound::Nothing
            }
        }
    }

    /// Every text but this one.
    #[must_use]
    pub fn not_text(text: &str) -> Bound {
        TextBounds::all_but([text.into()].into()).into()
    }

    /// One of these texts.
    #[must_use]
    pub fn one_of_texts<'a>(texts: impl IntoIterator<Item = &'a str>) -> Bound {
        TextBounds::Only(texts.into_iter().map(Into::into).collect()).into()
    }

    /// The retentions from one to another, both included.
    #[must_use]
    pub fn retention_between(least: Retention, greatest: Retention) -> Bound {
        RetentionBounds::new(Ranges::between(least, greatest), &[least, greatest]).into()
    }

    /// The integers from one to another, both included.
    #[must_use]
    pub fn integer_between(least: i64, greatest: i64) -> Bound {
        Bound::integers(Ranges::between(least, greatest))
    }

    /// The sets of addresses within this one, the empty one included.
    #[must_use]
    pub fn within(upper: CidrSet) -> Bound {
        CidrBounds { lower: CidrSet::nobody(), upper, names_nobody: false }.into()
    }

    /// The sets of addresses that cover this one.
    #[must_use]
    pub fn covering(lower: CidrSet) -> Bound {
        CidrBounds { lower, upper: CidrSet::everything(), names_nobody: false }.into()
    }

    /// The empty set of addresses, by name.
    #[must_use]
    pub fn nobody() -> Bound {
        Bound::exactly(&Value::Cidrs(CidrSet::nobody()))
    }

    /// The sets of strings that have all of these.
    #[must_use]
    pub fn superset_of<'a>(members: impl IntoIterator<Item = &'a str>) -> Bound {
        StringBounds { lower: Arc::new(members.into_iter().map(Into::into).collect()), upper: None }.into()
    }

    pub(super) fn integers(ranges: Ranges<i64>) -> Bound {
        match ranges {
            none if none.is_empty() => Bound::Nothing,
            all if all.is_everything() => Bound::Present,
            ranges => Bound::Integer(ranges),
        }
    }

    pub(super) fn instants(ranges: Ranges<Instant>) -> Bound {
        match ranges {
            none if none.is_empty() => Bound::Nothing,
            all if all.is_everything() => Bound::Present,
            ranges => Bound::Instant(ranges),
        }
    }

    pub(super) fn versions(ranges: Ranges<Release>) -> Bound {
        match ranges {
            none if none.is_empty() => Bound::Nothing,
            all if all.is_everything() => Bound::Present,
            ranges => Bound::Version(ranges),
        }
    }

    pub(super) fn durations(ranges: Ranges<u64>) -> Bound {
        match ranges {
            none if none.is_empty() => Bound::Nothing,
            all if all.is_everything() => Bound::Present,
            ranges => Bound::Duration(ranges),
        }
    }
}
