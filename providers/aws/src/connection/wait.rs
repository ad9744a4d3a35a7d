//! [`Patience`]: how often, and how long, the outcome of a change is asked for.

use std::time::Duration;

/// The first pause; each one after it is half as long again.
const SHORTEST: Duration = Duration::from_millis(200);
/// The longest pause.
const LONGEST: Duration = Duration::from_secs(15);

/// Pauses that grow, up to a total.
#[derive(Debug)]
pub(crate) struct Patience {
    next: Duration,
    waited: Duration,
    most: Duration,
}

/// The patience that ran out, in words: `40 min`.
#[derive(Debug)]
pub(crate) struct Waited(pub String);

impl Patience {
    /// Pauses of this long altogether.
    pub(crate) fn new(most: Duration) -> Patience {
        Patience { next: SHORTEST, waited: Duration::ZERO, most }
    }

    /// Pauses once.
    ///
    /// # Errors
    /// When the pauses have come to their total.
    pub(crate) async fn wait(&mut self) -> Result<(), Waited> {
        if self.waited >= self.most {
            let seconds = self.most.as_secs();
            return Err(Waited(if seconds < 60 { format!("{seconds} s") } else { format!("{} min", seconds / 60) }));
        }
        tokio::time::sleep(self.next).await;
        self.waited += self.next;
        self.next = (self.next * 3 / 2).min(LONGEST);
        Ok(())
    }
}
