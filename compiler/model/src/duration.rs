//! [`Duration`]: a span of time whose months and years stay calendar units until a bound consumes them.
//!
//! How long `n` months are depends on when they begin. Under [`Calendar::Strict`] both extremes over every start date
//! of the Gregorian calendar are computed:
//!
//! * A span that begins on the first of a month ends on the first of another: its length is a sum of whole months. One
//!   that begins on day `d` is just as long, unless the month in which it ends has only `e < d` days. Then it ends on
//!   day `e` and is `d - e` days shorter, at most by what the month of the start is longer than that of the end. That
//!   extreme is the length of the span that begins on the first of the following month. So first days suffice.
//! * The calendar repeats after 400 years, which are 4,800 months and 146,097 days. So 4,800 first days suffice.
//!
//! 12 months are 365 to 366 days, 3 are 89 to 92, 6 are 181 to 184, 72 are 2,190 (across 2100) to 2,192.

mod arithmetic;

pub use arithmetic::DurationError;

use crate::types::Mismatch;
use std::cmp::Ordering;
use std::fmt;

/// Seconds in a day.
pub const DAY: u64 = 86_400;
const CYCLE_MONTHS: usize = 4_800;
const CYCLE_DAYS: u64 = 146_097;
/// Longest span that can be written, in years. Keeps every sum far from the limits of its integers.
const MOST_YEARS: u64 = 9_999;

/// Units with their letters, largest first: seconds, or months for the first two.
const UNITS: [(&str, u64); 7] = [("y", 12), ("mo", 1), ("w", 7 * DAY), ("d", DAY), ("h", 3_600), ("m", 60), ("s", 1)];

/// What months and years count as once a bound consumes them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Calendar {
    /// `at_least` takes the longest span (12 months are 366 days), `at_most` the shortest.
    #[default]
    Strict,
    /// A year is 365 days, a month 30.
    Nominal,
}

/// A span of time: `months` calendar months and `seconds`, both at least zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration {
    /// Calendar months (a year is 12).
    pub months: u32,
    /// Seconds (a day is 86,400, a week 7 days).
    pub seconds: u64,
    /// The calendar of the module the literal is written in.
    pub calendar: Calendar,
}

impl Duration {
    /// A span of seconds.
    #[must_use]
    pub fn of_seconds(seconds: u64) -> Duration {
        Duration { months: 0, seconds, calendar: Calendar::Strict }
    }

    /// Reads whole numbers with units, the largest unit first: `365d`, `52w`, `12mo`, `1y6mo`, `24h`, `30m`, `10s`.
    ///
    /// # Errors
    /// What was expected instead; a number without a unit is offered one.
    pub fn parse(text: &str, calendar: Calendar) -> Result<Duration, Mismatch> {
        let (mut months, mut seconds, mut units, mut rest) = (0_u64, 0_u64, &UNITS[..], text);
        while !rest.is_empty() || units.len() == UNITS.len() {
            let (count, unit, tail) = part(text, rest)?;
            let Some(at) = units.iter().position(|(name, _)| *name == unit) else { return Err(wrong_unit(text, unit)) };
            let sum = if units[at].0 == "y" || units[at].0 == "mo" { &mut months } else { &mut seconds };
            *sum = count.checked_mul(units[at].1).and_then(|more| sum.checked_add(more)).ok_or_else(too_long)?;
            (units, rest) = (&units[at + 1..], tail);
        }
        if months > MOST_YEARS * 12 || seconds > MOST_YEARS * 366 * DAY {
            return Err(too_long());
        }
        Ok(Duration { months: months as u32, seconds, calendar })
    }

    /// The most seconds it can last, over every start date.
    #[must_use]
    pub fn longest_seconds(&self) -> u64 {
        self.seconds.saturating_add(self.month_days(Ord::max).saturating_mul(DAY))
    }

    /// The fewest seconds it can last, over every start date.
    #[must_use]
    pub fn shortest_seconds(&self) -> u64 {
        self.seconds.saturating_add(self.month_days(Ord::min).saturating_mul(DAY))
    }

    /// How many seconds it lasts, when that does not depend on when it begins.
    #[must_use]
    pub fn exact_seconds(&self) -> Option<u64> {
        Some(self.longest_seconds()).filter(|longest| *longest == self.shortest_seconds())
    }

    /// Which of two spans is longer, when that does not depend on when they begin.
    #[must_use]
    pub fn compare(&self, other: &Duration) -> Option<Ordering> {
        if self.months == other.months && self.calendar == other.calendar {
            return Some(self.seconds.cmp(&other.seconds));
        }
        match (self.exact_seconds(), other.exact_seconds()) {
            (Some(this), Some(that)) => Some(this.cmp(&that)),
            _ if self.longest_seconds() < other.shortest_seconds() => Some(Ordering::Less),
            _ if self.shortest_seconds() > other.longest_seconds() => Some(Ordering::Greater),
            _ => None,
        }
    }

    /// Whether it lasts no longer than the other one, whenever the two begin: `1mo` and `31d`.
    #[must_use]
    pub fn never_longer_than(&self, other: &Duration) -> bool {
        self.longest_seconds() <= other.shortest_seconds()
            || matches!(self.compare(other), Some(Ordering::Less | Ordering::Equal))
    }

    /// Days of the months and years alone.
    fn month_days(&self, extreme: fn(u64, u64) -> u64) -> u64 {
        // Almost every span in a world; the general case goes through every month of a cycle.
        if self.months == 0 {
            return 0;
        }
        let months = self.months as usize;
        match self.calendar {
            Calendar::Nominal => u64::from(self.months / 12) * 365 + u64::from(self.months % 12) * 30,
            Calendar::Strict => {
                let (cycles, rest) = ((months / CYCLE_MONTHS) as u64, months % CYCLE_MONTHS);
                let from = |start: usize| first_day(start + rest) - first_day(start);
                let days = (1..CYCLE_MONTHS).map(from).fold(from(0), extreme);
                cycles * CYCLE_DAYS + days
            }
        }
    }
}

/// Days from the start of a 400-year cycle to the first of a month (from 0), also in the following cycle.
fn first_day(month: usize) -> u64 {
    (month / CYCLE_MONTHS) as u64 * CYCLE_DAYS + u64::from(FIRST_DAYS[month % CYCLE_MONTHS])
}

static FIRST_DAYS: [u32; CYCLE_MONTHS] = first_days();

/// The first days of the months of the years 2000 to 2399.
const fn first_days() -> [u32; CYCLE_MONTHS] {
    let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut days = [0; CYCLE_MONTHS];
    let mut month = 1;
    while month < CYCLE_MONTHS {
        let (year, before) = ((month - 1) / 12, (month - 1) % 12);
        let leap = before == 1 && year % 4 == 0 && (year % 100 != 0 || year == 0);
        days[month] = days[month - 1] + lengths[before] + leap as u32;
        month += 1;
    }
    days
}

/// The first number and unit of `rest`, and what follows.
fn part<'a>(text: &str, rest: &'a str) -> Result<(u64, &'a str, &'a str), Mismatch> {
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (number, tail) = rest.split_at(digits);
    let letters = tail.find(|c: char| !c.is_alphabetic()).unwrap_or(tail.len());
    let (unit, tail) = tail.split_at(letters);
    match number.parse::<u64>() {
        _ if number.is_empty() => Err(expected(text)),
        Ok(_) if unit.is_empty() && tail.is_empty() => Err(expected(text).offer(format!("{text}d"))),
        Ok(count) => Ok((count, unit, tail)),
        Err(_) => Err(too_long()),
    }
}

fn expected(text: &str) -> Mismatch {
    let unit = if text.bytes().all(|byte| byte.is_ascii_digit()) { " with a unit" } else { "" };
    Mismatch::new(format!("a span of time{unit} such as `365d`, `12mo` or `24h`"))
}

fn wrong_unit(text: &str, unit: &str) -> Mismatch {
    let names = UNITS.map(|(name, _)| name);
    if names.contains(&unit) {
        return Mismatch::new("a span of time with each unit once, the largest first, such as `1y6mo`");
    }
    let meant = match unit.to_lowercase().as_str() {
        "day" | "days" => "d",
        "hour" | "hours" | "hr" | "hrs" => "h",
        "min" | "mins" | "minute" | "minutes" => "m",
        "mon" | "month" | "months" => "mo",
        "sec" | "secs" | "second" | "seconds" => "s",
        "week" | "weeks" | "wk" => "w",
        "year" | "years" | "yr" | "yrs" => "y",
        other => names.into_iter().find(|name| *name == other).unwrap_or(""),
    };
    let mismatch = Mismatch::new("a span of time in the units `y`, `mo`, `w`, `d`, `h`, `m` and `s`, such as `365d`");
    if meant.is_empty() { mismatch } else { mismatch.offer(text.replacen(unit, meant, 1)) }
}

fn too_long() -> Mismatch {
    Mismatch::new(format!("a span of time of at most {MOST_YEARS} years"))
}

impl fmt::Display for Duration {
    /// The shortest spelling in years, months, days, hours, minutes and seconds: `1y6mo`, `365d`, `1d12h`, `0s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut months, mut seconds) = (u64::from(self.months), self.seconds);
        if months == 0 && seconds == 0 {
            return f.write_str("0s");
        }
        for (name, size) in UNITS.iter().filter(|(name, _)| *name != "w") {
            let left = if *name == "y" || *name == "mo" { &mut months } else { &mut seconds };
            if *left >= *size {
                write!(f, "{}{name}", *left / size)?;
                *left %= size;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strict(text: &str) -> Duration {
        Duration::parse(text, Calendar::Strict).unwrap()
    }

    fn days(text: &str) -> (u64, u64) {
        (strict(text).shortest_seconds() / DAY, strict(text).longest_seconds() / DAY)
    }

    #[test]
    fn reads_units_and_prints_the_natural_spelling() {
        for (text, printed) in [
            ("365d", "365d"),
            ("52w", "364d"),
            ("12mo", "1y"),
            ("18mo", "1y6mo"),
            ("1y6mo", "1y6mo"),
            ("24h", "1d"),
            ("36h", "1d12h"),
            ("30m", "30m"),
            ("90s", "1m30s"),
            ("0d", "0s"),
            ("1y2mo3w4d5h6m7s", "1y2mo25d5h6m7s"),
        ] {
            assert_eq!(strict(text).to_string(), printed, "{text}");
        }
    }

    #[test]
    fn offers_what_may_be_meant() {
        for (text, offer) in [
            ("365", Some("365d")),
            ("365days", Some("365d")),
            ("12months", Some("12mo")),
            ("365D", Some("365d")),
            ("6mo1y", None),
            ("1d1d", None),
            ("1.5h", None),
            ("-1d", None),
            ("", None),
            ("d", None),
            ("1d ", None),
            ("1day2", Some("1d2")),
            ("10parsecs", None),
            ("10000y", None),
            ("99999999999999999999d", None),
            ("18446744073709551615w", None),
        ] {
            let mismatch = Duration::parse(text, Calendar::Strict).unwrap_err();
            assert_eq!(mismatch.offer.as_deref(), offer, "{text}: {}", mismatch.expected);
        }
    }

    #[test]
    fn months_have_the_extremes_of_every_start_date() {
        for (text, extremes) in [
            ("1mo", (28, 31)),
            ("2mo", (59, 62)),
            ("3mo", (89, 92)),
            ("6mo", (181, 184)),
            ("12mo", (365, 366)),
            ("13mo", (393, 397)),
            ("24mo", (730, 731)),
            ("72mo", (2190, 2192)),
            ("400y", (146_097, 146_097)),
            ("401y", (146_462, 146_463)),
            ("0mo", (0, 0)),
            ("1mo1d", (29, 32)),
        ] {
            assert_eq!(days(text), extremes, "{text}");
        }
    }

    /// Every start date of 400 years, days beyond the end of a month cut to its end, by a calendar library.
    #[test]
    fn first_days_of_months_decide() {
        for months in [1, 3, 11, 48] {
            let spans = (0..146_097).map(|day| {
                let start = jiff::civil::date(2000, 1, 1) + jiff::Span::new().days(day);
                let end = start + jiff::Span::new().months(months);
                u64::try_from((end - start).get_days()).unwrap()
            });
            let (least, greatest) =
                spans.fold((u64::MAX, 0), |(least, greatest), span| (least.min(span), greatest.max(span)));
            assert_eq!(days(&format!("{months}mo")), (least, greatest), "{months} months");
        }
    }

    #[test]
    fn nominal_months_have_one_length() {
        let nominal = |text| Duration::parse(text, Calendar::Nominal).unwrap().exact_seconds().unwrap() / DAY;
        assert_eq!((nominal("1y"), nominal("12mo"), nominal("6mo"), nominal("1y6mo")), (365, 365, 180, 545));
        assert_eq!(strict("12mo").exact_seconds(), None);
        assert_eq!(strict("400y").exact_seconds(), Some(146_097 * DAY));
    }

    #[test]
    fn spans_compare_only_where_every_start_date_agrees() {
        assert_eq!(strict("12mo").compare(&strict("365d")), None);
        assert_eq!(strict("12mo").compare(&strict("364d")), Some(Ordering::Greater));
        assert_eq!(strict("12mo").compare(&strict("367d")), Some(Ordering::Less));
        assert_eq!(strict("12mo1d").compare(&strict("1y")), Some(Ordering::Greater));
        assert_eq!(strict("24h").compare(&strict("1d")), Some(Ordering::Equal));
        assert_eq!(strict("1mo").compare(&strict("31d")), None, "as long in January");
        assert!(strict("1mo").never_longer_than(&strict("31d")) && !strict("31d").never_longer_than(&strict("1mo")));
        assert!(strict("1mo").never_longer_than(&strict("1mo")) && !strict("1mo").never_longer_than(&strict("30d")));
        let huge = Duration { months: u32::MAX, seconds: u64::MAX, calendar: Calendar::Strict };
        assert_eq!(huge.longest_seconds(), u64::MAX);
    }
}
