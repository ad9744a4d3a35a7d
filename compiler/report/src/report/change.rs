//! What changes and what changed: the [`Step`]s of a plan, the [`Movement`]s of drift, the [`Ledger`] of apply.

use super::finding::ControlReference;
use ordain_engine::managed::Manager;
use ordain_engine::plan::Direction;
use ordain_language::config::Gravity;
use ordain_model::Text;
use ordain_model::finding;
use ordain_model::schema::{WriteClass, WriteToken};
use serde::Serialize;
use std::collections::BTreeMap;

/// One change to one write unit of one object.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    /// Its number in the plan, from 1.
    pub number: usize,
    /// The object.
    pub object: String,
    /// The write unit.
    pub unit: Text,
    /// What changes.
    pub changes: Vec<Change>,
    /// What changing it risks.
    pub class: WriteClass,
    /// The numbers of the steps that come first.
    pub after: Vec<usize>,
    /// Whether no requirement asks for it: the API demands it for another step.
    pub prerequisite: bool,
    /// Whether it narrows who can reach something: such steps come last in their cell.
    pub narrows_access: bool,
    /// Waivers and groups of the baseline that keep demands out of it, with the moment at which each ends.
    pub exceptions: BTreeMap<Text, String>,
    /// Waivers that may keep a demand out of it once they are in force, with the moment at which each begins.
    pub upcoming: BTreeMap<Text, String>,
    /// What must still hold when it is applied, beside the values that it changes.
    pub preconditions: Vec<Precondition>,
    /// The strongest thing that the API has against two writers at once.
    pub token: WriteToken,
    /// Who else sees the changes, and who asks for them.
    pub blast_radius: BlastRadius,
    /// What carrying it out costs.
    pub calls: Calls,
}

/// A value that decided a step.
#[derive(Clone, Debug, Serialize)]
pub struct Precondition {
    /// A setting's address, or an object's with `.` and the name of an attribute.
    pub about: String,
    /// The value, as people read it.
    pub value: String,
}

/// What a step reaches beyond the values that it writes, as far as what was read tells.
#[derive(Clone, Debug, Serialize)]
pub struct BlastRadius {
    /// Objects that see it: its own, and those with a view of what it changes.
    pub objects: usize,
    /// Requirements that it serves, by address.
    pub requirements: Vec<Text>,
    /// Settings of other objects that show what it changes.
    pub views: Vec<String>,
}

/// The calls of a step, each counted once: pages and what is asked repeatedly come on top.
#[derive(Clone, Debug, Serialize)]
pub struct Calls {
    /// Of each of two looks: before the first write of all, and before its own.
    pub look: usize,
    /// Of the write.
    pub write: usize,
    /// Of reading back.
    pub read_back: usize,
    /// All of them.
    pub total: usize,
    /// What is called until the change has ended.
    pub waits: Vec<Text>,
}

/// One setting's change.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    /// The setting.
    pub setting: String,
    /// The value now, as people read it.
    pub before: String,
    /// The value after.
    pub after: String,
    /// Which way it goes.
    pub direction: Direction,
    /// What is lost by a loosening or destructive change.
    pub lost: Option<Text>,
    /// For an allowlist, the addresses that lose access by it.
    pub shuts_out: Vec<String>,
    /// What going back does.
    pub undo: Undo,
    /// Every origin of the bounds that demand it.
    pub origins: Vec<Origin>,
}

/// What going back on a change does.
#[derive(Clone, Debug, Serialize)]
pub struct Undo {
    /// Whether there is a way back.
    pub possible: bool,
    /// What going back loses, or why there is no way; null where it loses nothing.
    pub detail: Option<Text>,
}

/// A change without a step.
#[derive(Clone, Debug, Serialize)]
pub struct Withheld {
    /// The setting's address.
    pub address: String,
    /// The value now.
    pub before: String,
    /// The value that the bound asks for.
    pub after: String,
    /// Why there is no step, and what would allow it.
    pub why: String,
    /// Who else sets it, and what to change there.
    pub managers: Vec<Manager>,
    /// Every origin of the bounds that demand it.
    pub origins: Vec<Origin>,
}

/// Where a bound comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Origin {
    /// Address of the requirement; for a rule of the API the kind's name.
    pub requirement: Text,
    /// Title of the requirement; for a rule of the API its sentence.
    pub title: Text,
    /// The setting as the requirement names it, where it reached the field through a view of it.
    pub view: Option<String>,
    /// The bound it contributes.
    pub bound: Text,
    /// `file:line`; empty for a rule of the API.
    pub place: Text,
    /// Path of the module; empty for the root and for a rule of the API.
    pub module: Text,
    /// The controls it serves.
    pub controls: Vec<ControlReference>,
}

/// What moved since a baseline, or what violates the profile.
#[derive(Clone, Debug, Serialize)]
pub struct Movement {
    /// `violation`, `resolved`, `moved` (still met), `moved_out` (no longer, where a view of it is violated), `gone`, `appeared`.
    pub what: &'static str,
    /// `new` or `recurring`, where a baseline tells.
    pub since: Option<&'static str>,
    /// The object or setting.
    pub address: String,
    /// The baseline's value.
    pub before: Option<String>,
    /// The live value.
    pub after: Option<String>,
    /// What is demanded.
    pub bound: Option<Text>,
    /// The requirement's title.
    pub title: Option<Text>,
    /// `file:line`.
    pub place: Option<Text>,
    /// False: a violation of a requirement that only observes.
    pub enforced: bool,
    /// Of a violation and of what is resolved, the id of its finding; else the hash of what happened to what.
    pub id: Text,
    /// Of a violation and of what is resolved, its requirement.
    pub requirement: Option<Text>,
    /// Of a violation and of what is resolved, how grave it is.
    pub severity: Option<Gravity>,
    /// Who answers for it: for the finding, else for findings on the object, else for the target.
    pub owner: Option<Text>,
    /// The controls that its requirement serves.
    pub controls: Vec<ControlReference>,
}

impl Movement {
    /// A movement of something, nothing else said.
    #[must_use]
    pub fn bare(what: &'static str, address: String) -> Movement {
        Movement {
            what,
            since: None,
            id: finding::id(what, &address),
            address,
            before: None,
            after: None,
            bound: None,
            title: None,
            place: None,
            enforced: true,
            requirement: None,
            severity: None,
            owner: None,
            controls: Vec::new(),
        }
    }
}

/// What became of the steps.
#[derive(Clone, Debug, Serialize)]
pub struct Ledger {
    /// The plan.
    pub plan: String,
    /// The outcome of each step, in the order of the plan.
    pub entries: Vec<LedgerEntry>,
    /// Steps by outcome.
    pub counts: BTreeMap<&'static str, u64>,
    /// Where the journal is.
    pub journal: Option<String>,
    /// The apply's name in it.
    pub apply: Option<Text>,
    /// What to run to undo it.
    pub revert: Option<String>,
}

/// What became of one step.
#[derive(Clone, Debug, Serialize)]
pub struct LedgerEntry {
    /// The step's number.
    pub number: usize,
    /// The object.
    pub object: String,
    /// The write unit.
    pub unit: Text,
    /// `applied`, `already`, `unverified`, `failed`, `refused`, `blocked`, `skipped`, `raced`, `in_doubt`, `not_reached`.
    pub outcome: &'static str,
    /// Why.
    pub detail: Option<Text>,
}
