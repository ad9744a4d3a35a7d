//! Arithmetic on moments that are given: nothing reads the clock. A moment is an
//! instant, or a text as RFC 3339 writes it.

mod format;

use super::{Code, Failure, Function, Given, Of, Outcome, Parameter, parameter, span};
use crate::evaluate::convert;
use jiff::civil::DateTime;
use jiff::{SignedDuration, Span};
use ordain_model::duration::{Calendar, Duration};
use ordain_model::types::Type;
use ordain_model::value::Value;
use std::fmt;

const INSTANT: Parameter = parameter("instant", Of::Text);

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "duration_between",
        parameters: &[parameter("start", Of::Text), parameter("end", Of::Text)],
        rest: None,
        summary: "The span of time from one moment to a later one, in whole seconds.",
        examples: &[
            ("duration_between(\"2026-11-01T00:00:00Z\", \"2027-01-31T12:00:00Z\")", "duration(\"91d12h\")"),
            ("duration_between(\"2026-11-01T00:00:00Z\", \"2027-01-31T12:00:00Z\") < \"92d\"", "true"),
        ],
        errors: &[
            (
                "duration_between(\"2026-11-02T00:00:00Z\", \"2026-11-01T00:00:00Z\")",
                "`duration_between`: the end is before the start",
            ),
            (
                "duration_between(\"2026-11-02\", \"2026-11-03T00:00:00Z\")",
                "`duration_between`: expected a moment such as `2027-01-31T00:00:00Z`, found `2026-11-02`",
            ),
        ],
        code: Code::Strict(|given| {
            let (start, end) = (Instant::of(given, 0)?.utc()?, Instant::of(given, 1)?.utc()?);
            let seconds = end.duration_since(start).as_secs();
            let between = u64::try_from(seconds).ok().filter(|_| start <= end).map(Duration::of_seconds);
            between.map(Value::Duration).ok_or_else(|| Failure::Argument(1, "the end is before the start".into()))
        }),
    },
    Function {
        name: "formatdate",
        parameters: &[parameter("format", Of::Text), INSTANT],
        rest: None,
        summary: "A moment in a format such as `DD MMM YYYY hh:mm ZZZ`; a text in single quotes stands for itself.",
        examples: &[(
            "formatdate(\"D MMMM YYYY 'at' hh:mm\", \"2027-01-31T09:30:00Z\")",
            "\"31 January 2027 at 09:30\"",
        )],
        errors: &[(
            "formatdate(\"QQ\", \"2026-11-01T00:00:00Z\")",
            "`formatdate`: `QQ` is no part of a moment; there is `YYYY`, `YY`, `MMMM`, `MMM`, `MM`, `M`, `DD`, `D`, `EEEE`, `EEE`, `hh`, `h`, `HH`, `H`, `AA`, `aa`, `mm`, `m`, `ss`, `s`, `ZZZZZ`, `ZZZZ`, `ZZZ`, `Z`, and `'text'`",
        )],
        code: Code::Strict(|given| format::write(given, &Instant::of(given, 1)?)),
    },
    Function {
        name: "instant",
        parameters: &[parameter("text", Of::Some)],
        rest: None,
        summary: "A moment, in UTC to the second. Moments compare by time, with texts too.",
        examples: &[
            ("instant(\"2027-01-31T00:00:00Z\") == \"2027-01-31T01:00:00+01:00\"", "true"),
            ("instant(\"2027-01-31T00:00:00Z\") < timeadd(\"2027-01-31T00:00:00Z\", \"90d\")", "true"),
        ],
        errors: &[(
            "instant(\"2026-11-01\")",
            "`instant`: expected a moment such as `2027-01-31T00:00:00Z`, found \"2026-11-01\"; perhaps `2026-11-01T00:00:00Z`",
        )],
        code: Code::Strict(|given| span::convert(given, Type::Instant)),
    },
    Function {
        name: "timeadd",
        parameters: &[INSTANT, parameter("span", Of::Some)],
        rest: None,
        summary: "The moment a span of time later, or earlier with a `-`: `1h30m`, `-1.5h`, a duration, `90d`, `12mo`.",
        examples: &[
            ("timeadd(\"2027-01-31T00:00:00Z\", \"10m\")", "\"2027-01-31T00:10:00Z\""),
            ("timeadd(\"2027-01-31T00:00:00Z\", \"-90d\")", "\"2026-11-02T00:00:00Z\""),
            ("timeadd(\"2027-01-31T00:00:00Z\", duration(\"1mo\"))", "\"2027-02-28T00:00:00Z\""),
        ],
        errors: &[
            (
                "timeadd(\"2026-11-01T00:00:00Z\", \"ten days\")",
                "`timeadd`: expected a span of time such as `365d`, `12mo` or `24h`",
            ),
            ("timeadd(\"9999-12-31T00:00:00Z\", \"1y\")", "`timeadd`: the result is not in the years 0 to 9999"),
        ],
        code: Code::Strict(add),
    },
    Function {
        name: "timecmp",
        parameters: &[parameter("one", Of::Text), parameter("other", Of::Text)],
        rest: None,
        summary: "-1 where the first moment is earlier, 0 where the two are one, 1 where it is later.",
        examples: &[("timecmp(\"2027-01-31T00:00:00Z\", \"2027-01-31T01:00:00+01:00\")", "0")],
        errors: &[(
            "timecmp(\"soon\", \"2026-11-01T00:00:00Z\")",
            "`timecmp`: expected a moment such as `2027-01-31T00:00:00Z`, found `soon`",
        )],
        code: Code::Strict(|given| {
            let order = Instant::of(given, 0)?.utc()?.cmp(&Instant::of(given, 1)?.utc()?);
            Ok(Value::integer(order as i64))
        }),
    },
];

/// A moment as it is written: the date and time of some place, and by how many seconds its clocks are ahead of UTC.
pub(super) struct Instant {
    pub(super) local: DateTime,
    pub(super) ahead: i32,
}

impl Instant {
    fn of(given: &Given<'_>, at: usize) -> Result<Instant, Failure> {
        let wrong = || {
            let found = given.shown(at);
            Failure::Argument(at, format!("expected a moment such as `2027-01-31T00:00:00Z`, found `{found}`"))
        };
        Instant::parse(given.text(at)).ok_or_else(wrong)
    }

    /// RFC 3339 with capital letters, as Go's `time.RFC3339` reads it.
    fn parse(text: &str) -> Option<Instant> {
        let (date, rest) = text.split_at_checked(19)?;
        let mask = |letter: char| if letter.is_ascii_digit() { '0' } else { letter };
        if date.chars().map(mask).ne("0000-00-00T00:00:00".chars()) {
            return None;
        }
        let part = |from: usize, to: usize| date.get(from..to)?.parse::<i8>().ok();
        let year = date.get(..4)?.parse().ok()?;
        let (nanoseconds, zone) = match rest.strip_prefix('.') {
            None => (0, rest),
            Some(behind) => {
                let (digits, zone) =
                    behind.split_at(behind.find(|c: char| !c.is_ascii_digit()).unwrap_or(behind.len()));
                let shown: String = digits.chars().chain("000000000".chars()).take(9).collect();
                (shown.parse().ok().filter(|_| !digits.is_empty())?, zone)
            }
        };
        let local =
            DateTime::new(year, part(5, 7)?, part(8, 10)?, part(11, 13)?, part(14, 16)?, part(17, 19)?, nanoseconds);
        Some(Instant { local: local.ok()?, ahead: ahead(zone)? })
    }

    fn utc(&self) -> Result<DateTime, Failure> {
        let utc = self.local.checked_sub(SignedDuration::from_secs(self.ahead.into()));
        utc.map_err(|why| Failure::Call(why.to_string()))
    }
}

impl fmt::Display for Instant {
    /// RFC 3339 without parts of seconds, as Terraform writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.local.strftime("%Y-%m-%dT%H:%M:%S"), zone(self.ahead))
    }
}

/// `Z` or `+01:00` as seconds ahead of UTC.
fn ahead(zone: &str) -> Option<i32> {
    if zone == "Z" {
        return Some(0);
    }
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let (hours, minutes) = zone.strip_prefix(['+', '-'])?.split_once(':')?;
    let number = |digits: &str, most: i32| {
        let plain = digits.len() == 2 && digits.bytes().all(|digit| digit.is_ascii_digit());
        digits.parse::<i32>().ok().filter(|number| plain && *number <= most)
    };
    Some(sign * (number(hours, 23)? * 3_600 + number(minutes, 59)? * 60))
}

pub(super) fn zone(ahead: i32) -> String {
    if ahead == 0 {
        return "Z".into();
    }
    let sign = if ahead < 0 { '-' } else { '+' };
    format!("{sign}{:02}:{:02}", ahead.abs() / 3_600, ahead.abs() / 60 % 60)
}

fn add(given: &Given<'_>) -> Outcome {
    let instant = Instant::of(given, 0)?;
    let moved = match given.value(1) {
        Value::Duration(span) => later(&instant, &span, false),
        value => {
            let text = convert::text(&value).unwrap_or_default();
            let calendar = given.evaluator.scope.calendar();
            let unsigned = text.strip_prefix('-').unwrap_or(&text);
            match (nanoseconds(&text), Duration::parse(unsigned, calendar)) {
                (Some(span), _) => instant.local.checked_add(SignedDuration::from_nanos(span)).ok(),
                (None, Ok(span)) => later(&instant, &span, text.starts_with('-')),
                (None, Err(mismatch)) => return Err(Failure::Argument(1, format!("expected {}", mismatch.expected))),
            }
        }
    };
    let local = moved.filter(|local| (0..=9_999).contains(&local.year()));
    let local = local.ok_or_else(|| Failure::Call("the result is not in the years 0 to 9999".into()))?;
    Ok(Value::string(&Instant { local, ..instant }.to_string()))
}

/// A month later is the same day of the next month, or its last where it has no such day.
fn later(instant: &Instant, span: &Duration, back: bool) -> Option<DateTime> {
    let (months, seconds) = match span.calendar {
        Calendar::Strict => (span.months, span.seconds),
        Calendar::Nominal => (0, span.longest_seconds()),
    };
    let sign = if back { -1 } else { 1 };
    let moved = instant.local.checked_add(Span::new().try_months(sign * i64::from(months)).ok()?).ok()?;
    moved.checked_add(SignedDuration::from_secs(sign * i64::try_from(seconds).ok()?)).ok()
}

/// A span of time as Go writes it: `1h30m`, `-1.5h`, `100ms`; at most the 292 years that Go has.
fn nanoseconds(text: &str) -> Option<i64> {
    const UNITS: [(&str, i128); 8] = [
        ("ns", 1),
        ("us", 1_000),
        ("µs", 1_000),
        ("μs", 1_000),
        ("ms", 1_000_000),
        ("s", 1_000_000_000),
        ("m", 60_000_000_000),
        ("h", 3_600_000_000_000),
    ];
    let mut rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    if rest == "0" {
        return Some(0);
    }
    let mut sum: i128 = if rest.is_empty() { return None } else { 0 };
    while !rest.is_empty() {
        let (number, behind) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit() && c != '.')?);
        let (unit, behind) =
            behind.split_at(behind.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(behind.len()));
        let (_, size) = UNITS.iter().find(|(name, _)| *name == unit)?;
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if number == "." || number.is_empty() || fraction.contains('.') {
            return None;
        }
        let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
        // Beyond 18 digits behind the point nothing is left of an hour.
        let fraction: String = fraction.chars().take(18).collect();
        let scale = 10_i128.pow(fraction.len() as u32);
        let part = if fraction.is_empty() { 0 } else { fraction.parse::<i128>().ok()? };
        sum = whole.checked_mul(*size)?.checked_add(part * size / scale)?.checked_add(sum)?;
        rest = behind;
    }
    i64::try_from(if text.starts_with('-') { -sum } else { sum }).ok()
}
