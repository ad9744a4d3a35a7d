//! The only use of the clock: how old something is, and whether a key is valid now. No result depends on it; a run that would
//! trust what is too old, or whom it may trust no more, is refused.

use jiff::{SignedDuration, Timestamp};
use ordain_model::instant::Instant;

/// This moment, to the second.
#[must_use]
pub fn now() -> Instant {
    Instant::of(Timestamp::now().as_second())
}

/// How long ago an RFC 3339 time was; none where it does not read as one. The age of a time in the future is negative.
#[must_use]
pub fn age(taken_at: &str) -> Option<SignedDuration> {
    let then: Timestamp = taken_at.parse().ok()?;
    Some(Timestamp::now().duration_since(then))
}

/// An age as people say it: the largest unit only.
#[must_use]
pub fn words(age: SignedDuration) -> String {
    let seconds = age.as_secs();
    match (seconds / 86_400, seconds / 3_600, seconds / 60) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, _) => format!("{hours} h"),
        (1, ..) => "1 day".to_owned(),
        (days, ..) => format!("{days} days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_unit_only() {
        let said = |seconds| words(SignedDuration::from_secs(seconds));
        assert_eq!(said(59), "59 s");
        assert_eq!(said(3_599), "59 min");
        assert_eq!(said(90_000), "1 day");
        assert_eq!(said(200_000), "2 days");
    }

    #[test]
    fn what_is_no_time_has_no_age() {
        assert_eq!(age("yesterday"), None);
        assert!(age("2999-01-01T00:00:00Z").is_some_and(|age| age.is_negative()));
    }
}
