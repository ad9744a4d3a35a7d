//! How the arguments of a bound become places on an ordered type: a lower bound takes the longest span that is meant, an
//! upper bound the shortest, an exact one must have one length.

use crate::duration::{Calendar, Duration};
use crate::instant::Instant;
use crate::ranges::Ordered;
use crate::ratio::Ratio;
use crate::retention::Retention;
use crate::size::Size;
use crate::types::{Mismatch, Type};
use crate::value::Value;
use crate::version::Release;

/// An ordered type of settings.
pub(super) trait Scale: Ordered {
    /// The least value that `at_least(value)` admits.
    fn lower(value: &Value, calendar: Calendar) -> Result<Self, Mismatch>;
    /// The greatest value that `at_most(value)` admits.
    fn upper(value: &Value, calendar: Calendar) -> Result<Self, Mismatch>;
    /// The value that `exactly(value)` admits.
    fn exact(value: &Value, calendar: Calendar) -> Result<Self, Mismatch>;
}

impl Scale for i64 {
    fn lower(value: &Value, calendar: Calendar) -> Result<i64, Mismatch> {
        i64::exact(value, calendar)
    }

    fn upper(value: &Value, calendar: Calendar) -> Result<i64, Mismatch> {
        i64::exact(value, calendar)
    }

    fn exact(value: &Value, _: Calendar) -> Result<i64, Mismatch> {
        match value {
            Value::Number(number) => number.as_i64().ok_or_else(|| Type::Integer.expected()),
            _ => Err(Type::Integer.expected()),
        }
    }
}

impl Scale for u64 {
    fn lower(value: &Value, calendar: Calendar) -> Result<u64, Mismatch> {
        Ok(span(value, calendar, Type::Duration)?.longest_seconds())
    }

    fn upper(value: &Value, calendar: Calendar) -> Result<u64, Mismatch> {
        Ok(span(value, calendar, Type::Duration)?.shortest_seconds())
    }

    fn exact(value: &Value, calendar: Calendar) -> Result<u64, Mismatch> {
        let span = span(value, calendar, Type::Duration)?;
        span.exact_seconds().ok_or_else(|| {
            let longest = Duration::of_seconds(span.longest_seconds());
            let expected =
                format!("one length, and `{span}` is {} to {longest}", Duration::of_seconds(span.shortest_seconds()));
            Mismatch::new(expected).offer(longest.to_string())
        })
    }
}

impl Scale for Retention {
    fn lower(value: &Value, calendar: Calendar) -> Result<Retention, Mismatch> {
        named(value).map_or_else(|| Retention::at_least(&span(value, calendar, Type::Retention)?), Ok)
    }

    fn upper(value: &Value, calendar: Calendar) -> Result<Retention, Mismatch> {
        named(value).map_or_else(|| Retention::at_most(&span(value, calendar, Type::Retention)?), Ok)
    }

    fn exact(value: &Value, calendar: Calendar) -> Result<Retention, Mismatch> {
        named(value).map_or_else(|| Retention::exactly(&span(value, calendar, Type::Retention)?), Ok)
    }
}

impl Scale for Ratio {
    fn lower(value: &Value, calendar: Calendar) -> Result<Ratio, Mismatch> {
        Ratio::exact(value, calendar)
    }

    fn upper(value: &Value, calendar: Calendar) -> Result<Ratio, Mismatch> {
        Ratio::exact(value, calendar)
    }

    fn exact(value: &Value, calendar: Calendar) -> Result<Ratio, Mismatch> {
        match Type::Ratio.convert(value, calendar)? {
            Value::Number(number) => Ratio::of(&number).ok_or_else(|| Type::Ratio.expected()),
            _ => Err(Type::Ratio.expected()),
        }
    }
}

impl Scale for Size {
    fn lower(value: &Value, calendar: Calendar) -> Result<Size, Mismatch> {
        Size::exact(value, calendar)
    }

    fn upper(value: &Value, calendar: Calendar) -> Result<Size, Mismatch> {
        Size::exact(value, calendar)
    }

    fn exact(value: &Value, calendar: Calendar) -> Result<Size, Mismatch> {
        match Type::Size.convert(value, calendar)? {
            Value::Size(size) => Ok(size),
            _ => Err(Type::Size.expected()),
        }
    }
}

impl Scale for Instant {
    fn lower(value: &Value, calendar: Calendar) -> Result<Instant, Mismatch> {
        Instant::exact(value, calendar)
    }

    fn upper(value: &Value, calendar: Calendar) -> Result<Instant, Mismatch> {
        Instant::exact(value, calendar)
    }

    fn exact(value: &Value, calendar: Calendar) -> Result<Instant, Mismatch> {
        match Type::Instant.convert(value, calendar)? {
            Value::Instant(instant) => Ok(instant),
            _ => Err(Type::Instant.expected()),
        }
    }
}

impl Scale for Release {
    fn lower(value: &Value, calendar: Calendar) -> Result<Release, Mismatch> {
        Release::exact(value, calendar)
    }

    fn upper(value: &Value, calendar: Calendar) -> Result<Release, Mismatch> {
        Release::exact(value, calendar)
    }

    /// A version before its release has no place of its own in the row of releases.
    fn exact(value: &Value, calendar: Calendar) -> Result<Release, Mismatch> {
        match Type::Version.convert(value, calendar)? {
            Value::Version(version) => match version.place() {
                Some((from, to)) if from == to => Ok(to),
                Some((_, to)) => Err(Mismatch::new("a version that is released").offer(to.to_string())),
                None => Err(Mismatch::new("a version that is released")),
            },
            _ => Err(Type::Version.expected()),
        }
    }
}

/// A retention that is one already, or text that names one which is no span of time.
fn named(value: &Value) -> Option<Retention> {
    match value {
        Value::Retention(retention) => Some(*retention),
        Value::String(text) => match &**text {
            "disabled" => Some(Retention::Disabled),
            "unlimited" => Some(Retention::Unlimited),
            _ => None,
        },
        _ => None,
    }
}

fn span(value: &Value, calendar: Calendar, of: Type) -> Result<Duration, Mismatch> {
    match (value, of.convert(value, calendar)) {
        (Value::Duration(span), _) => Ok(*span),
        (Value::String(text), converted) => {
            Duration::parse(text, calendar).map_err(|wrong| converted.err().unwrap_or(wrong))
        }
        (_, converted) => Err(converted.err().unwrap_or_else(|| of.expected())),
    }
}
