//! [`ChangeWindow`]: the days and hours at which changes may be made, by the clocks of one place.
//!
//! Time zones are those of the IANA database that is compiled in: the same window is open at the same moment on every
//! machine.

use crate::Text;
use crate::instant::Instant;
use jiff::Zoned;
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// The days of the week as a profile writes them, Monday first.
pub const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// How far ahead the next opening is looked for, in days: what opens later than in two years does not open.
const HORIZON: i32 = 731;

/// The days and hours at which changes may be made. What is not written does not hold anything back.
///
/// ```
/// use ordain_model::change_window::{ChangeWindow, Written};
/// use ordain_model::instant::Instant;
///
/// let window = ChangeWindow::try_from(Written {
///     days: vec!["monday".into()],
///     hours: Some("09:00-17:00".into()),
///     time_zone: Some("Europe/Paris".into()),
///     freeze: Vec::new(),
/// });
/// let friday = Instant::parse("2026-11-20T09:00:00Z").unwrap();
/// assert_eq!(window.unwrap().opens(friday).unwrap().to_string(), "2026-11-23T08:00:00Z");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Written", try_from = "Written")]
pub struct ChangeWindow {
    written: Written,
    /// On which days it opens, Monday is 0.
    days: BTreeSet<i8>,
    /// When it opens and when it closes; a closing that is not later is on the next day. None is the whole day.
    hours: Option<(Time, Time)>,
    zone: TimeZone,
    /// First and last days on which it stays closed, both included.
    freeze: Vec<(Date, Date)>,
}

/// A change window as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    /// Names of days, on which it opens; every day where there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<Text>,
    /// `09:00-17:00`; the whole day where nothing is said. `22:00-04:00` closes on the next day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Text>,
    /// Name in the IANA database, for example `Europe/Paris`; UTC where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<Text>,
    /// Days or spans of days on which it stays closed: `2026-12-24`, `2026-12-20/2027-01-04` (both included).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub freeze: Vec<Text>,
}

/// What is wrong with a part of a change window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// The argument.
    pub part: &'static str,
    /// What stands there.
    pub seen: Text,
    /// What was expected, in words.
    pub expected: &'static str,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: expected {}, found `{}`", self.part, self.expected, self.seen)
    }
}

impl TryFrom<Written> for ChangeWindow {
    type Error = Flaw;

    fn try_from(written: Written) -> Result<ChangeWindow, Flaw> {
        let every: Vec<Text> = DAYS.iter().map(|day| (*day).into()).collect();
        let days = if written.days.is_empty() { &every } else { &written.days };
        let zone = match &written.time_zone {
            Some(name) => TimeZoneDatabase::bundled().get(name).map_err(|_| Flaw {
                part: "time_zone",
                seen: name.clone(),
                expected: "a name of the IANA time zone database such as `Europe/Paris`",
            })?,
            None => TimeZone::UTC,
        };
        Ok(ChangeWindow {
            days: days.iter().map(day).collect::<Result<_, Flaw>>()?,
            hours: written.hours.as_ref().map(hours).transpose()?,
            zone,
            freeze: written.freeze.iter().map(span).collect::<Result<_, Flaw>>()?,
            written,
        })
    }
}

impl From<ChangeWindow> for Written {
    fn from(window: ChangeWindow) -> Written {
        window.written
    }
}

fn day(name: &Text) -> Result<i8, Flaw> {
    let place = DAYS.iter().position(|day| *day == &**name).and_then(|place| i8::try_from(place).ok());
    place.ok_or_else(|| Flaw { part: "days", seen: name.clone(), expected: "names of days such as `monday`" })
}

fn hours(text: &Text) -> Result<(Time, Time), Flaw> {
    let read = || {
        let (from, to) = text.split_once('-')?;
        // The end of the day is the first moment of the next one.
        Some((clock(from)?, if to == "24:00" { Time::midnight() } else { clock(to)? }))
    };
    read().ok_or_else(|| Flaw { part: "hours", seen: text.clone(), expected: "two times of day such as `09:00-17:00`" })
}

fn clock(text: &str) -> Option<Time> {
    let digits = |part: &str| part.len() == 2 && part.bytes().all(|digit| digit.is_ascii_digit());
    let (hour, minute) = text.split_once(':').filter(|(hour, minute)| digits(hour) && digits(minute))?;
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

fn span(text: &Text) -> Result<(Date, Date), Flaw> {
    let date = |text: &str| if text.len() == 10 { text.parse::<Date>().ok() } else { None };
    let (first, last) = text.split_once('/').unwrap_or((text, text));
    let span = date(first).zip(date(last)).filter(|(first, last)| first <= last);
    let expected = "a day such as `2026-12-24`, or a span of days such as `2026-12-20/2027-01-04`";
    span.ok_or_else(|| Flaw { part: "freeze", seen: text.clone(), expected })
}

impl ChangeWindow {
    /// The first moment, not before this one, at which it is open; none within two years.
    #[must_use]
    pub fn opens(&self, now: Instant) -> Option<Instant> {
        let local = now.timestamp().to_zoned(self.zone.clone());
        // The day before may reach into this one.
        let mut date = local.date().yesterday().ok()?;
        for _ in 0..HORIZON {
            let parts = self.parts(date).into_iter().flatten();
            let next = parts.filter(|(_, end)| *end > now).map(|(start, _)| start.max(now)).min();
            if next.is_some() {
                return next;
            }
            date = date.tomorrow().ok()?;
        }
        None
    }

    /// When it is open, of what begins on a day: until midnight, and what reaches into the next day.
    fn parts(&self, date: Date) -> [Option<(Instant, Instant)>; 2] {
        let weekday = date.weekday().to_monday_zero_offset();
        let next = date.tomorrow().ok();
        let (true, Some(next)) = (self.days.contains(&weekday), next) else { return [None, None] };
        let (from, to) = self.hours.unwrap_or((Time::midnight(), Time::midnight()));
        let [start, midnight] = [self.at(date, from), self.at(next, Time::midnight())];
        let (today, rest) = match to > from {
            true => (self.at(date, to), None),
            false => (midnight, self.at(next, to)),
        };
        let part = |date, start: Option<Instant>, end: Option<Instant>| {
            start.zip(end).filter(|(start, end)| start < end && !self.frozen(date))
        };
        [part(date, start, today), part(next, midnight, rest)]
    }

    fn frozen(&self, date: Date) -> bool {
        self.freeze.iter().any(|(first, last)| (*first..=*last).contains(&date))
    }

    /// A time of day as a moment. One that clocks leave out is as much later, one that they show twice the first.
    fn at(&self, date: Date, time: Time) -> Option<Instant> {
        let zoned = date.to_datetime(time).to_zoned(self.zone.clone()).ok()?;
        Some(Instant::of(zoned.timestamp().as_second()))
    }

    /// A moment by the clocks of its place: `monday 2026-11-23 09:00 Europe/Paris`.
    #[must_use]
    pub fn local(&self, at: Instant) -> String {
        let local: Zoned = at.timestamp().to_zoned(self.zone.clone());
        format!("{} {} {}", name(local.weekday()), local.strftime("%Y-%m-%d %H:%M"), self.zone_name())
    }

    fn zone_name(&self) -> &str {
        self.written.time_zone.as_deref().unwrap_or("UTC")
    }
}

fn name(day: Weekday) -> &'static str {
    usize::try_from(day.to_monday_zero_offset()).ok().and_then(|at| DAYS.get(at)).copied().unwrap_or_default()
}

impl fmt::Display for ChangeWindow {
    /// For people: `monday, tuesday 09:00-17:00 Europe/Paris, not 2026-12-20/2027-01-04`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days = if self.written.days.is_empty() { "every day".to_owned() } else { self.written.days.join(", ") };
        write!(f, "{days} {} {}", self.written.hours.as_deref().unwrap_or("00:00-24:00"), self.zone_name())?;
        match self.written.freeze.is_empty() {
            true => Ok(()),
            false => write!(f, ", not {}", self.written.freeze.join(", ")),
        }
    }
}

/// The first moment, not before this one, at which every one of these windows is open; none within two years.
#[must_use]
pub fn opens(windows: &[ChangeWindow], now: Instant) -> Option<Instant> {
    let mut at = now;
    // Each turn but the last goes on to a later opening: two windows that never meet run into the horizon.
    loop {
        let next = windows.iter().map(|window| window.opens(at)).try_fold(at, |at, opens| Some(at.max(opens?)))?;
        if next == at {
            return Some(at);
        }
        if next.since(now) > i64::from(HORIZON) * crate::instant::DAY {
            return None;
        }
        at = next;
    }
}

#[cfg(test)]
mod tests;
