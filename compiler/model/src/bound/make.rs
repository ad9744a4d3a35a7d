//! Bounds made by code: the rules that a kind publishes, the settings' own limits.

use super::{Bound, CidrBounds, RetentionBounds, StringBounds, TextBounds};
use crate::cidr::CidrSet;
use crate::instant::Instant;
use crate::ranges::{Ordered, Ranges};
use crate::ratio::Ratio;
use crate::retention::Retention;
use crate::size::Size;
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
            // A number that is not whole can only be a ratio.
            Value::Number(number) => match (number.as_i64(), Ratio::of(number)) {
                (Some(at), _) => Bound::integers(Ranges::between(at, at)),
                (None, Some(at)) => Bound::ratios(Ranges::between(at, at)),
                (None, None) => Bound::Nothing,
            },
            Value::Size(at) => Bound::sizes(Ranges::between(*at, *at)),
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
        whole(ranges, Bound::Integer)
    }

    pub(super) fn ratios(ranges: Ranges<Ratio>) -> Bound {
        whole(ranges, Bound::Ratio)
    }

    pub(super) fn sizes(ranges: Ranges<Size>) -> Bound {
        whole(ranges, Bound::Size)
    }

    pub(super) fn instants(ranges: Ranges<Instant>) -> Bound {
        whole(ranges, Bound::Instant)
    }

    pub(super) fn versions(ranges: Ranges<Release>) -> Bound {
        whole(ranges, Bound::Version)
    }

    pub(super) fn durations(ranges: Ranges<u64>) -> Bound {
        whole(ranges, Bound::Duration)
    }
}

/// The bound of some places in the normal form: what admits none, or all, is no bound of one type.
fn whole<P: Ordered>(ranges: Ranges<P>, bound: impl Fn(Ranges<P>) -> Bound) -> Bound {
    match ranges {
        none if none.is_empty() => Bound::Nothing,
        all if all.is_everything() => Bound::Present,
        ranges => bound(ranges),
    }
}
