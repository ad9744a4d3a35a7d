//! What SIGINT and SIGTERM do to a run.
//!
//! | while | the first | the second |
//! |---|---|---|
//! | changes are made | asks the apply to stop after the requests under way | ends the run at once |
//! | a file is written | ends the run once the file is whole | |
//! | anything else happens | ends the run at once | |
//!
//! Ended at once is ended by the signal, as the shell expects. Signals belong to the whole process, and so does what
//! stands here.

use crate::output::Output;
use ordain_model::stop::Stop;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

/// The apply that is under way, and where to say that it is about to end; nowhere where the output is for programs.
static APPLY: OnceLock<(Stop, Option<Output>)> = OnceLock::new();

/// Held while a file is neither absent nor whole.
static FILE: Mutex<()> = Mutex::new(());

const STOPPING: &str = "\nStopping after the requests under way. Once more ends at once, and leaves steps in doubt.\n";

/// From now on the first signal only asks to stop.
pub fn stops(say: Option<Output>) -> Stop {
    listen();
    APPLY.get_or_init(|| (Stop::default(), say)).0.clone()
}

/// Signals wait while the answer is held: something half done stands on the disk under another name.
pub fn hold() -> MutexGuard<'static, ()> {
    listen();
    FILE.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(not(unix))]
fn listen() {}

/// Hears signals from now on, in a thread of its own.
#[cfg(unix)]
fn listen() {
    use signal_hook::consts::{SIGINT, SIGTERM};
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGINT, SIGTERM]) else { return };
        let hear = move || signals.forever().for_each(heard);
        if std::thread::Builder::new().name("signals".to_owned()).spawn(hear).is_err() {
            // Without a thread nobody hears them: they do what they did before.
            let always = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(true));
            for signal in [SIGINT, SIGTERM] {
                let _ = signal_hook::flag::register_conditional_default(signal, always.clone());
            }
        }
    });
}

#[cfg(unix)]
fn heard(signal: i32) {
    match APPLY.get() {
        Some((stop, say)) if !stop.asked() => {
            stop.ask();
            say.iter().for_each(|output| output.remark(STOPPING));
        }
        _ => {
            let _whole = FILE.lock().unwrap_or_else(PoisonError::into_inner);
            // It only returns for signals that end no process.
            let _ = signal_hook::low_level::emulate_default_handler(signal);
        }
    }
}
