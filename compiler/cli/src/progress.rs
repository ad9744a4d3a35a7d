//! [`Line`]: progress of long reads, one line on stderr of a terminal that is gone when the work is done.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use ordain_model::provider::Progress;
use ordain_report::style::harmless;
use std::time::Duration;

/// One line that says what was done last, and how much.
#[derive(Debug)]
pub struct Line(ProgressBar);

impl Line {
    /// A line that is drawn only where `visible`.
    #[must_use]
    pub fn new(what: &str, visible: bool) -> Line {
        let bar = match visible {
            true => ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()),
            false => ProgressBar::hidden(),
        };
        if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix} {pos}: {msg}") {
            bar.set_style(style);
        }
        bar.set_prefix(what.to_owned());
        if visible {
            bar.enable_steady_tick(Duration::from_millis(100));
        }
        Line(bar)
    }
}

impl Progress for Line {
    fn step(&self, what: &str) {
        self.0.inc(1);
        self.0.set_message(harmless(what).into_owned());
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
