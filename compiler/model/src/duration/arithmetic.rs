//! Sums and multiples of spans of time. Months stay months: `12mo` and `30d` are `1y30d`.

use super::{DAY, Duration, MOST_YEARS};
use crate::number::Number;
use std::fmt;

/// Why there is no such span of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DurationError {
    /// It would last less than nothing.
    Negative,
    /// It would be longer than can be written.
    TooLong,
    /// It is no whole number of seconds or months, or which it is depends on the months it falls in.
    Inexact,
    /// One counts months by the calendar, the other as 30 days.
    Calendars,
    /// A division by zero.
    DivisionByZero,
}

impl fmt::Display for DurationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DurationError::Negative => f.write_str("less than no time"),
            DurationError::TooLong => write!(f, "a span of more than {MOST_YEARS} years"),
            DurationError::Inexact => f.write_str("no whole number of seconds, or one that depends on the months"),
            DurationError::Calendars => {
                f.write_str("a sum of months that count strictly and months that count as 30 days")
            }
            DurationError::DivisionByZero => f.write_str("a division by zero"),
        }
    }
}

impl Duration {
    /// Both, one after the other.
    ///
    /// # Errors
    /// Too long; months of two calendars.
    pub fn plus(&self, other: &Duration) -> Result<Duration, DurationError> {
        let calendar = if self.months == 0 { other.calendar } else { self.calendar };
        if self.months > 0 && other.months > 0 && self.calendar != other.calendar {
            return Err(DurationError::Calendars);
        }
        let months = u64::from(self.months) + u64::from(other.months);
        within(Some(months), self.seconds.checked_add(other.seconds), calendar)
    }

    /// What is left of this one without the other.
    ///
    /// # Errors
    /// The other is longer, or what is left depends on the months.
    pub fn minus(&self, other: &Duration) -> Result<Duration, DurationError> {
        if self.months > 0 && other.months > 0 && self.calendar != other.calendar {
            return Err(DurationError::Calendars);
        }
        if let (Some(months), Some(seconds)) =
            (self.months.checked_sub(other.months), self.seconds.checked_sub(other.seconds))
        {
            return Ok(Duration { months, seconds, calendar: self.calendar });
        }
        match (self.exact_seconds(), other.exact_seconds()) {
            (Some(this), Some(that)) => this.checked_sub(that).map(Duration::of_seconds).ok_or(DurationError::Negative),
            _ if self.longest_seconds() < other.shortest_seconds() => Err(DurationError::Negative),
            _ => Err(DurationError::Inexact),
        }
    }

    /// So many of it, one after the other.
    ///
    /// # Errors
    /// A negative number; parts of months or seconds; too long.
    pub fn times(&self, number: &Number) -> Result<Duration, DurationError> {
        if *number < Number::from(0) {
            return Err(DurationError::Negative);
        }
        let scaled = |count: u64| Number::from(i64::try_from(count).ok()?).mul(number).ok();
        let whole = |count: u64| match scaled(count) {
            Some(product) if !product.is_whole() => Err(DurationError::Inexact),
            product => Ok(product.and_then(|product| product.as_i64()).and_then(|count| u64::try_from(count).ok())),
        };
        within(whole(self.months.into())?, whole(self.seconds)?, self.calendar)
    }

    /// The part of it of which so many are as long.
    ///
    /// # Errors
    /// Zero or a negative number; parts of months or seconds.
    pub fn divided(&self, number: &Number) -> Result<Duration, DurationError> {
        let zero = Number::from(0);
        if *number == zero {
            return Err(DurationError::DivisionByZero);
        }
        if *number < zero {
            return Err(DurationError::Negative);
        }
        let whole = |count: u64| {
            let part = i64::try_from(count).ok().and_then(|count| Number::from(count).div(number).ok());
            let whole = part.filter(Number::is_whole).ok_or(DurationError::Inexact)?;
            Ok(whole.as_i64().and_then(|count| u64::try_from(count).ok()))
        };
        within(whole(self.months.into())?, whole(self.seconds)?, self.calendar)
    }

    /// How many of the other are as long as it.
    ///
    /// # Errors
    /// The other is nothing; that depends on the months.
    pub fn ratio(&self, other: &Duration) -> Result<Number, DurationError> {
        let (this, that) = match (self.seconds, other.seconds) {
            // Months by months, whatever their lengths.
            (0, 0) if self.months > 0 && other.months > 0 && self.calendar == other.calendar => {
                (Some(u64::from(self.months)), Some(u64::from(other.months)))
            }
            _ => (self.exact_seconds(), other.exact_seconds()),
        };
        let number = |count: Option<u64>| Some(Number::from(i64::try_from(count?).ok()?));
        let (Some(this), Some(that)) = (number(this), number(that)) else { return Err(DurationError::Inexact) };
        this.div(&that).map_err(|_| DurationError::DivisionByZero)
    }
}

/// The limits of what can be written.
fn within(months: Option<u64>, seconds: Option<u64>, calendar: super::Calendar) -> Result<Duration, DurationError> {
    let months = months.filter(|months| *months <= MOST_YEARS * 12).and_then(|months| u32::try_from(months).ok());
    let seconds = seconds.filter(|seconds| *seconds <= MOST_YEARS * 366 * DAY);
    match (months, seconds) {
        (Some(months), Some(seconds)) => Ok(Duration { months, seconds, calendar }),
        _ => Err(DurationError::TooLong),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::duration::Calendar;

    fn span(text: &str) -> Duration {
        Duration::parse(text, Calendar::Strict).unwrap()
    }

    fn number(text: &str) -> Number {
        Number::parse(text).unwrap()
    }

    #[test]
    fn months_stay_months() {
        assert_eq!(span("12mo").plus(&span("30d")).unwrap().to_string(), "1y30d");
        assert_eq!(span("1y6mo2d").minus(&span("6mo1d")).unwrap().to_string(), "1y1d");
        assert_eq!(span("6mo").times(&number("2")).unwrap(), span("1y"));
        assert_eq!(span("1y").divided(&number("4")).unwrap(), span("3mo"));
        assert_eq!(span("1y").ratio(&span("6mo")).unwrap(), number("2"));
        assert_eq!(span("400y").ratio(&span("146097d")).unwrap(), number("1"));
    }

    #[test]
    fn what_depends_on_the_months_is_no_span() {
        assert_eq!(span("1mo").minus(&span("1d")), Err(DurationError::Inexact));
        assert_eq!(span("1mo").minus(&span("32d")), Err(DurationError::Negative));
        assert_eq!(span("1mo").times(&number("0.5")), Err(DurationError::Inexact));
        assert_eq!(span("1y").ratio(&span("365d")), Err(DurationError::Inexact));
        let nominal = Duration::parse("1mo", Calendar::Nominal).unwrap();
        assert_eq!(span("1mo").plus(&nominal), Err(DurationError::Calendars));
        assert_eq!(nominal.minus(&span("1d")).unwrap(), Duration::of_seconds(29 * DAY));
        assert_eq!(span("1d").plus(&nominal).unwrap().calendar, Calendar::Nominal);
    }

    #[test]
    fn parts_and_limits() {
        assert_eq!(span("90d").times(&number("1.5")).unwrap(), span("135d"));
        assert_eq!(span("36h").minus(&span("1d")).unwrap(), span("12h"));
        assert_eq!(span("1d").minus(&span("2d")), Err(DurationError::Negative));
        assert_eq!(span("1d").times(&number("-1")), Err(DurationError::Negative));
        assert_eq!(span("1s").divided(&number("2")), Err(DurationError::Inexact));
        assert_eq!(span("1s").divided(&number("0")), Err(DurationError::DivisionByZero));
        assert_eq!(span("1s").ratio(&span("0s")), Err(DurationError::DivisionByZero));
        assert_eq!(span("9999y").plus(&span("1mo")), Err(DurationError::TooLong));
        assert_eq!(span("9999y").times(&number("1e900")), Err(DurationError::TooLong));
        assert_eq!(span("0s").times(&number("1e900")).unwrap(), span("0s"));
    }
}
