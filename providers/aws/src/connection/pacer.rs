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
        if let Some(turn) = self.turn(place, operation) {
            sleep_until(turn).await;
        }
    }

    /// Takes a token; the time at which it is there. A bucket is one number (the generic cell rate algorithm): the
    /// time at which it would be full, which each call moves on by one interval.
    fn turn(&self, place: &Text, operation: &Text) -> Option<Instant> {
        let rate = rate(self.pace, operation)?;
        let interval = Duration::from_secs(1) / rate.per_second;
        let now = Instant::now();
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
    #[tokio::test(start_paused = true)]
    async fn a_burst_then_the_rate() {
        let pacer = Pacer::new(Pace::Half);
        let (here, there, operation) = ("1/eu-west-1".into(), "1/eu-west-2".into(), "ec2:DescribeVpcs".into());
        let start = Instant::now();
        for _ in 0..50 {
            pacer.wait(&here, &operation).await;
        }
        assert_eq!(start.elapsed(), Duration::ZERO);
        for _ in 0..20 {
            pacer.wait(&here, &operation).await;
        }
        assert!((1990..2110).contains(&start.elapsed().as_millis()), "{:?}", start.elapsed());
        let before = Instant::now();
        pacer.wait(&there, &operation).await;
        pacer.wait(&here, &"ec2:DescribeInstances".into()).await;
        assert_eq!(before.elapsed(), Duration::ZERO);
    }
}
