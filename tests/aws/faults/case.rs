//! [`Case`]: a fault, how often it befalls a call, and since when.

use ordain_tests::proxy::{Fault, Rule};
use std::time::Duration;

/// A fault, how often it befalls a call (none: always), and whether reads have it only once the write was carried out.
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) fault: Fault,
    times: Option<u32>,
    after_write: bool,
}

/// The cases that CI takes: what an apply has to find out for itself.
const BOUNDED: &[&str] = &["500 though done, once", "dropped after, once", "stale once"];

/// All of them with `ORDAIN_FAULTS=all`, else a few.
pub(super) fn cases() -> Vec<Case> {
    every().into_iter().filter(|case| all() || BOUNDED.contains(&case.name)).collect()
}

/// Whether everything is asked for, which takes half an hour.
pub(super) fn all() -> bool {
    std::env::var("ORDAIN_FAULTS").is_ok_and(|which| which == "all")
}

fn every() -> Vec<Case> {
    let case = |name, fault, times, after_write| Case { name, fault, times, after_write };
    vec![
        case("throttled", Fault::Throttled, None, false),
        case("throttled once", Fault::Throttled, Some(1), false),
        case("throttled after the write", Fault::Throttled, None, true),
        case("500", Fault::Failed, None, false),
        case("500 once", Fault::Failed, Some(1), false),
        case("500 after the write", Fault::Failed, None, true),
        case("500 though done", Fault::FailedAfter, None, false),
        case("500 though done, once", Fault::FailedAfter, Some(1), false),
        case("dropped before", Fault::DroppedBefore, None, false),
        case("dropped before, once", Fault::DroppedBefore, Some(1), false),
        case("dropped before, after the write", Fault::DroppedBefore, None, true),
        case("dropped after", Fault::DroppedAfter, None, false),
        case("dropped after, once", Fault::DroppedAfter, Some(1), false),
        case("stale for longer than the patience", Fault::Stale, None, true),
        case("stale once", Fault::Stale, Some(1), true),
        case("stale for three looks", Fault::Stale, Some(3), true),
        case("slow", Fault::Delayed(Duration::from_millis(150)), None, false),
    ]
}

impl Case {
    /// The rule that brings it to an operation. `write` is what the operation is read for.
    pub(super) fn rule(&self, operation: &str, write: &str) -> Rule {
        let rule = match self.times {
            None => Rule::always(operation, self.fault.clone()),
            Some(times) => Rule::times(times, operation, self.fault.clone()),
        };
        if self.after_write && reads(operation) { rule.since(write) } else { rule }
    }
}

/// Whether an operation only reads, by its name.
fn reads(operation: &str) -> bool {
    ["Describe", "Get", "List"].iter().any(|verb| operation.contains(&format!(":{verb}")))
}
