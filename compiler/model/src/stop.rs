//! [`Stop`]: somebody asked a run to end before it is done.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether a run was asked to stop. Clones are one: who hears the signal asks, who works looks before each piece of work.
///
/// What is under way is finished; nothing more is begun.
///
/// ```
/// use ordain_model::stop::Stop;
///
/// let (asks, works) = { let stop = Stop::default(); (stop.clone(), stop) };
/// assert!(!works.asked());
/// asks.ask();
/// assert!(works.asked());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Asks. It cannot be taken back.
    pub fn ask(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Whether somebody asked.
    #[must_use]
    pub fn asked(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}
