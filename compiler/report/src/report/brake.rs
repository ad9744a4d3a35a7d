//! [`Brake`]: what holds the steps of a plan.

use ordain_model::Text;
use serde::Serialize;

/// One brake and the cells in which it holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Brake {
    /// `blocked` (nothing is written there), `canary` (changed and checked before all others), `change_window` (written only
    /// while it is open) or `emergency` (change windows do not hold).
    pub what: &'static str,
    /// What there is to know: why nothing is written, the window, the reason of the emergency.
    pub text: Text,
    /// The cells, in the order of their addresses; none where it is the whole plan.
    pub cells: Vec<String>,
}
