//! [`Pacer`]: a token bucket per account, region and operation.

use crate::pace::{Pace, rate};
use ordain_model::Text;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// Makes calls wait for their turn.
#[derive(Debug)]
pub(crate) struct Pacer {
    pace: Pace,
    /// When the bucket of a place and operation will be full again.
    full_at: Mutex<BTreeMap<(Text, Text), Instant>>,
}

impl Pacer {
    /// Empty of calls so far.
    pub(crate) fn new(pace: Pace) -> Pacer {
        Pacer { pace, full_at: Mutex::new(BTreeMap::new()) }
    }

    /// Waits until the operation may be called once more.
    pub(crate) async fn wait(&self, place: &Text, operation: &Text) {
        if let Some(turn) = self.turn(place, operation, Instant::now()) {
            sleep_until(turn).await;
        }
    }

    /// Takes a token; the time at which it is there. A bucket is one number (the generic cell rate algorithm): the
    /// time at which it would be full, which each call moves on by one interval.
    fn turn(&self, place: &Text, operation: &Text, now: Instant) -> Option<Instant> {
        let rate = rate(self.pace, operation)?;
        let interval = Duration::from_secs(1) / rate.per_second;
        let mut buckets = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        let full_at = buckets.entry((Text::clone(place), Text::clone(operation))).or_insert(now);
        *full_at = (*full_at).max(now) + interval;
        Some(full_at.checked_sub(interval * rate.burst).unwrap_or(now).max(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A burst goes at once, then the rate holds; another region or operation has a bucket of its own.
    #[test]
    fn a_burst_then_the_rate() {
        let pacer = Pacer::new(Pace::Half);
        let (here, there, operation) = ("1/eu-west-1".into(), "1/eu-west-2".into(), "ec2:DescribeVpcs".into());
        let start = Instant::now();
        let waits = |place, operation| pacer.turn(place, operation, start).unwrap() - start;
        assert!((0..50).all(|_| waits(&here, &operation) == Duration::ZERO));
        let later: Vec<Duration> = (0..20).map(|_| waits(&here, &operation)).collect();
        assert_eq!((later[0], later[19]), (Duration::from_millis(100), Duration::from_millis(2000)));
        assert_eq!(waits(&there, &operation), Duration::ZERO);
        assert_eq!(waits(&here, &"ec2:DescribeInstances".into()), Duration::ZERO);
        let refilled = start + Duration::from_secs(60);
        assert_eq!(pacer.turn(&here, &operation, refilled), Some(refilled));
        assert_eq!(Pacer::new(Pace::Unlimited).turn(&here, &operation, start), None);
    }
}
