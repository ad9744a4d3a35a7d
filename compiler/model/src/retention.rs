//! [`Retention`]: how long something is kept. Zero means four different things in four clouds; here it cannot be written.

use crate::duration::{Calendar, DAY, Duration};
use crate::ranges::Ordered;
use crate::types::Mismatch;
use std::fmt;

/// How long something is kept, in the order `disabled < finite < unlimited`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Retention {
    /// Nothing is kept.
    Disabled,
    /// Kept for this many days, at least 1.
    Days(u32),
    /// Never deleted.
    Unlimited,
}

impl Retention {
    /// Reads `disabled`, `unlimited` or a span of time with a unit that is a whole number of days.
    ///
    /// # Errors
    /// What was expected instead: zero, months (they have no one length) and parts of days are not retentions.
    pub fn parse(text: &str) -> Result<Retention, Mismatch> {
        match text {
            "disabled" => Ok(Retention::Disabled),
            "unlimited" => Ok(Retention::Unlimited),
            _ => Retention::exactly(&Duration::parse(text, Calendar::Strict).map_err(or_a_name)?),
        }
    }

    /// The least retention that keeps for a span of time whenever it begins: parts of days round up.
    ///
    /// # Errors
    /// A span of nothing, or one longer than can be counted.
    pub fn at_least(span: &Duration) -> Result<Retention, Mismatch> {
        of_days(span, span.longest_seconds().div_ceil(DAY))
    }

    /// The greatest retention within a span of time whenever it begins: parts of days round down.
    ///
    /// # Errors
    /// A span of less than a day, or one longer than can be counted.
    pub fn at_most(span: &Duration) -> Result<Retention, Mismatch> {
        of_days(span, span.shortest_seconds() / DAY)
    }

    /// The retention of exactly a span of time.
    ///
    /// # Errors
    /// A span that is not always the same whole number of days, or nothing, or longer than can be counted.
    pub fn exactly(span: &Duration) -> Result<Retention, Mismatch> {
        match span.exact_seconds() {
            Some(seconds) if seconds % DAY == 0 => of_days(span, seconds / DAY),
            Some(seconds) => {
                let offer = format!("{}d", seconds.div_ceil(DAY));
                Err(Mismatch::new(format!("a whole number of days, which `{span}` is not")).offer(offer))
            }
            None => {
                let (least, greatest) = (span.shortest_seconds() / DAY, span.longest_seconds() / DAY);
                let expected = format!("a number of days, since `{span}` is {least} to {greatest} days");
                Err(Mismatch::new(expected).offer(format!("{greatest}d")))
            }
        }
    }

    /// Its place in the row of retentions: days, with 0 for disabled and one past the most days for unlimited.
    #[must_use]
    pub fn place(self) -> u64 {
        match self {
            Retention::Disabled => 0,
            Retention::Days(days) => u64::from(days),
            Retention::Unlimited => u64::from(u32::MAX) + 1,
        }
    }
}

fn of_days(span: &Duration, days: u64) -> Result<Retention, Mismatch> {
    match u32::try_from(days) {
        Ok(0) => {
            let expected =
                format!("at least one day, `disabled` or `unlimited`: `{span}` could mean either of the last two");
            Err(Mismatch::new(expected).offer("disabled"))
        }
        Ok(days) => Ok(Retention::Days(days)),
        Err(_) => Err(Mismatch::new(format!("at most {} days, or `unlimited`", u32::MAX)).offer("unlimited")),
    }
}

fn or_a_name(mismatch: Mismatch) -> Mismatch {
    Mismatch { expected: format!("{}, `disabled` or `unlimited`", mismatch.expected), ..mismatch }
}

impl Ordered for Retention {
    const LEAST: Retention = Retention::Disabled;
    const GREATEST: Retention = Retention::Unlimited;

    fn next(self) -> Option<Retention> {
        match self {
            Retention::Disabled => Some(Retention::Days(1)),
            Retention::Days(days) => Some(days.checked_add(1).map_or(Retention::Unlimited, Retention::Days)),
            Retention::Unlimited => None,
        }
    }

    fn previous(self) -> Option<Retention> {
        match self {
            Retention::Disabled => None,
            Retention::Days(0 | 1) => Some(Retention::Disabled),
            Retention::Days(days) => Some(Retention::Days(days - 1)),
            Retention::Unlimited => Some(Retention::Days(u32::MAX)),
        }
    }
}

impl fmt::Display for Retention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Retention::Disabled => f.write_str("disabled"),
            Retention::Days(days) => write!(f, "{days}d"),
            Retention::Unlimited => f.write_str("unlimited"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(text: &str) -> Duration {
        Duration::parse(text, Calendar::Strict).unwrap()
    }

    #[test]
    fn reads_what_it_writes_and_nothing_doubtful() {
        for text in ["disabled", "1d", "365d", "unlimited"] {
            assert_eq!(Retention::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Retention::parse("52w").unwrap(), Retention::Days(364));
        assert_eq!(Retention::parse("0d").unwrap_err().offer.as_deref(), Some("disabled"));
        assert_eq!(Retention::parse("365").unwrap_err().offer.as_deref(), Some("365d"));
        assert_eq!(Retention::parse("12mo").unwrap_err().offer.as_deref(), Some("366d"));
        assert_eq!(Retention::parse("36h").unwrap_err().offer.as_deref(), Some("2d"));
        assert!(Retention::parse("4294967296d").is_err());
        assert!(Retention::parse("Unlimited").unwrap_err().expected.contains("`unlimited`"));
    }

    #[test]
    fn a_lower_bound_rounds_up_and_an_upper_bound_down() {
        assert_eq!(Retention::at_least(&span("36h")).unwrap(), Retention::Days(2));
        assert_eq!(Retention::at_most(&span("36h")).unwrap(), Retention::Days(1));
        assert_eq!(Retention::at_least(&span("12mo")).unwrap(), Retention::Days(366));
        assert_eq!(Retention::at_most(&span("12mo")).unwrap(), Retention::Days(365));
        assert!(Retention::at_most(&span("12h")).is_err());
        assert!(Retention::at_least(&span("0d")).is_err());
    }

    #[test]
    fn the_row_has_no_gap_and_no_zero() {
        assert_eq!(Retention::Disabled.next(), Some(Retention::Days(1)));
        assert_eq!(Retention::Days(1).previous(), Some(Retention::Disabled));
        assert_eq!(Retention::Days(u32::MAX).next(), Some(Retention::Unlimited));
        assert_eq!(Retention::Unlimited.previous(), Some(Retention::Days(u32::MAX)));
        assert!(Retention::Unlimited.next().is_none() && Retention::Disabled.previous().is_none());
    }
}
