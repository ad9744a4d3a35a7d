//! [`Instant`]: a moment in UTC, to the second; and [`Moment`], what a profile writes where it means one.

use crate::Text;
use crate::ranges::Ordered;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::fmt;

/// Seconds in a day. UTC has no leap seconds here, as in every clock that people read.
pub const DAY: i64 = 86_400;

/// A moment in UTC, to the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(i64);

/// Says what time it is: the pure crates never ask themselves.
pub trait Clock: Sync {
    /// Now.
    fn now(&self) -> Instant;
}

/// A date or a moment as it is written, with the time that it covers: a date is its whole day in UTC.
///
/// ```
/// use ordain_model::instant::Moment;
///
/// let day = Moment::parse("2027-01-31").unwrap();
/// assert_eq!(day.start.to_string(), "2027-01-31T00:00:00Z");
/// assert_eq!(day.end.to_string(), "2027-02-01T00:00:00Z");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// As it is written.
    pub written: Text,
    /// The first second of it.
    pub start: Instant,
    /// The first second after it; of a moment the moment itself.
    pub end: Instant,
}

impl Instant {
    /// Reads an RFC 3339 time with its offset. Parts of a second are dropped.
    #[must_use]
    pub fn parse(text: &str) -> Option<Instant> {
        text.parse::<Timestamp>().ok().map(|time| Instant(time.as_second()))
    }

    /// The moment so many seconds after the beginning of 1970, UTC; the last one there is where that is beyond it.
    #[must_use]
    pub fn of(seconds: i64) -> Instant {
        Instant(seconds.min(Timestamp::MAX.as_second()))
    }

    /// The moment so many seconds later; the last one there is where that is beyond it.
    #[must_use]
    pub fn plus(self, seconds: i64) -> Instant {
        Instant(self.0.saturating_add(seconds).min(Timestamp::MAX.as_second()))
    }

    /// Seconds from an earlier moment to this one; negative where that one is later.
    #[must_use]
    pub fn since(self, earlier: Instant) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The date in UTC, for example `2027-01-31`.
    #[must_use]
    pub fn date(self) -> String {
        self.timestamp().to_zoned(TimeZone::UTC).date().to_string()
    }

    pub(crate) fn timestamp(self) -> Timestamp {
        Timestamp::from_second(self.0).unwrap_or(Timestamp::MAX)
    }
}

impl Ordered for Instant {
    const LEAST: Instant = Instant(-377_705_023_201);
    const GREATEST: Instant = Instant(253_402_207_200);

    fn next(self) -> Option<Instant> {
        Some(Instant(self.0 + 1)).filter(|next| *next <= Instant::GREATEST)
    }

    fn previous(self) -> Option<Instant> {
        Some(Instant(self.0 - 1)).filter(|previous| *previous >= Instant::LEAST)
    }
}

impl Moment {
    /// Reads `2027-01-31`, or an RFC 3339 time.
    #[must_use]
    pub fn parse(text: &str) -> Option<Moment> {
        let written: Text = text.into();
        // Exactly the form that sorts as it is meant: no week dates, no missing zeros.
        if text.len() == 10 {
            let day = text.parse::<Date>().ok()?.to_zoned(TimeZone::UTC).ok()?;
            let start = Instant(day.timestamp().as_second());
            return Some(Moment { written, start, end: start.plus(DAY) });
        }
        let at = Instant::parse(text)?;
        Some(Moment { written, start: at, end: at })
    }
}

impl fmt::Display for Instant {
    /// RFC 3339 in UTC: `2027-02-01T00:00:00Z`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.timestamp())
    }
}

impl serde::Serialize for Instant {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Instant {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Instant, D::Error> {
        let text = <String as serde::Deserialize>::deserialize(deserializer)?;
        Instant::parse(&text).ok_or_else(|| serde::de::Error::custom(format!("`{text}` is no RFC 3339 time")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_its_whole_day_and_a_moment_is_itself() {
        let day = Moment::parse("2028-02-29").unwrap();
        assert_eq!(day.end.since(day.start), DAY);
        assert_eq!(day.end.date(), "2028-03-01");
        let moment = Moment::parse("2027-01-31T12:00:00+02:00").unwrap();
        assert_eq!((moment.start, moment.start.to_string()), (moment.end, "2027-01-31T10:00:00Z".to_owned()));
    }

    #[test]
    fn what_is_no_date_does_not_read() {
        for text in [
            "",
            "2027-02-29",
            "2027-1-31",
            "31.01.2027",
            "2027-W05-1",
            "2027-01-31T12:00:00",
            "20270131",
            "2027-01-31x",
        ] {
            assert_eq!(Moment::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_row_of_moments_ends_where_times_do() {
        assert_eq!(Instant::LEAST.0, Timestamp::MIN.as_second());
        assert_eq!(Instant::GREATEST.0, Timestamp::MAX.as_second());
    }

    #[test]
    fn the_last_moment_has_no_later_one() {
        let last = Instant(Timestamp::MAX.as_second());
        assert_eq!(last.plus(i64::MAX), last);
        assert!(Moment::parse("9999-12-31").is_none_or(|day| day.end >= day.start));
    }
}
