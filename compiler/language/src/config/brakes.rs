//! [`Brakes`]: what a target says about how far and when its changes may go; [`DeclaredBrakes`]: what a `brakes` block does.

use super::Located;
use ordain_model::Text;
use ordain_model::address::Cell;
use ordain_model::change_window::ChangeWindow;

/// A `brakes` block: what holds the changes of some targets beside what they say themselves.
#[derive(Clone, Debug)]
pub struct DeclaredBrakes {
    /// `module.a.brakes.NAME`.
    pub address: Text,
    /// The targets, sorted.
    pub targets: Vec<Text>,
    /// What holds their changes; it names no canary.
    pub brakes: Brakes,
}

/// What holds the changes of a target's cells. Nothing in it asks for a change.
#[derive(Clone, Debug, Default)]
pub struct Brakes {
    /// Addresses that must stay inside any narrowed allowlist.
    pub keep_access: Vec<Text>,
    /// The most steps that one plan may make in a cell; the engine's default where nothing is said.
    pub max_changes: Option<u64>,
    /// The most of a cell's selected objects that one plan may change there, in percent (1 to 100); the engine's default
    /// where nothing is said.
    pub max_percent: Option<u64>,
    /// The cell that is changed first.
    pub canary: Option<Located<Cell>>,
    /// When changes may be made; at any time where there is none.
    pub change_window: Option<ChangeWindow>,
}
