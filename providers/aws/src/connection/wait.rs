//! [`Patience`]: how often, and how long, the outcome of a change is asked for.

use ordain_model::observation::{Cause, Reason};
use ordain_model::stop::Stop;
use std::time::Duration;
use tokio::time::sleep;

/// The first pause; each one after it is half as long again.
const SHORTEST: Duration = Duration::from_millis(200);
/// The longest pause.
const LONGEST: Duration = Duration::from_secs(15);
/// How often it is looked whether somebody asked to stop.
const LOOK: Duration = Duration::from_millis(50);
/// How often a value that was written is read back at most; the pauses between come to about six seconds. EC2 calls
/// itself eventually consistent, and says "a few seconds" for most of it:
/// <https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html>.
const LOOKS: u32 = 6;

/// Pauses that grow, up to a total.
#[derive(Debug)]
pub(crate) struct Patience {
    next: Duration,
    waited: Duration,
    most: Duration,
    stop: Stop,
}

/// When waiting came to its end, in words: `after 40 min`.
#[derive(Debug)]
pub(crate) struct Waited(pub String);

impl Patience {
    /// Pauses of this long altogether, or until somebody asks to stop.
    pub(crate) fn new(most: Duration, stop: &Stop) -> Patience {
        Patience { next: SHORTEST, waited: Duration::ZERO, most, stop: stop.clone() }
    }

    /// Pauses once.
    ///
    /// # Errors
    /// When the pauses have come to their total, or somebody asked to stop.
    pub(crate) async fn wait(&mut self) -> Result<(), Waited> {
        if self.waited >= self.most {
            let seconds = self.most.as_secs();
            let most = if seconds < 60 { format!("{seconds} s") } else { format!("{} min", seconds / 60) };
            return Err(Waited(format!("after {most}")));
        }
        if !pause(self.next, &self.stop).await {
            return Err(Waited("when the apply was stopped".to_owned()));
        }
        self.waited += self.next;
        self.next = (self.next * 3 / 2).min(LONGEST);
        Ok(())
    }
}

/// What failed while the end of a change was waited for: the API has accepted it, so this says nothing against it.
pub(crate) fn under_way(reason: Reason) -> Reason {
    Reason::new(Cause::Unreachable, reason.detail)
}

/// Waits before a written value is read back once more, after so many looks. False when it is not looked for any more.
pub(crate) async fn linger(looks: u32, stop: &Stop) -> bool {
    looks < LOOKS && pause(SHORTEST * 2u32.pow(looks - 1), stop).await
}

/// Returns once somebody asks to stop.
pub(crate) async fn stopped(stop: &Stop) {
    while !stop.asked() {
        sleep(LOOK).await;
    }
}

/// Whether a pause came to its end before somebody asked to stop.
async fn pause(length: Duration, stop: &Stop) -> bool {
    tokio::select! {
        () = sleep(length) => true,
        () = stopped(stop) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn waiting_ends_when_somebody_asks_to_stop() {
        let stop = Stop::default();
        let mut patience = Patience { next: Duration::from_secs(600), ..Patience::new(LONGEST, &stop) };
        let asks = async {
            sleep(LOOK).await;
            stop.ask();
        };
        let (waited, ()) = tokio::join!(patience.wait(), asks);
        assert_eq!(waited.unwrap_err().0, "when the apply was stopped");
        assert!(!linger(1, &stop).await);
    }
}
