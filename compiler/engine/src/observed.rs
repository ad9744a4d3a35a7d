//! [`Observed`]: a value, or the reason why not, for each thing that was asked of the worlds.

use ordain_model::Text;
use ordain_model::address::{Cell, SettingName};
use ordain_model::digest::Digest;
use ordain_model::observation::{Envelope, ReadSet, Reading, Reason};
use ordain_model::provider::World;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What was read. A snapshot is this on disk.
#[derive(Clone, Debug, PartialEq)]
pub struct Observed {
    /// The world: by cell and kind, what is listed there. Two targets that cover one cell share it.
    pub cells: BTreeMap<Arc<Cell>, BTreeMap<Text, List>>,
    /// By target, what it covered and what answered. Not part of the world.
    pub targets: BTreeMap<Text, TargetObserved>,
    /// Digest of the world: the Merkle root over its lines.
    pub world: Digest,
    /// Digest of what answered: canonical JSON of `targets`.
    pub envelope: Digest,
}

/// What one target covered, and what answered there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetObserved {
    /// The cells it covers.
    pub cells: BTreeSet<Cell>,
    /// Why its cells are not all known, when they are not.
    pub unresolved: Option<Reason>,
    /// Cells that the caller can list but the target does not cover.
    pub uncovered: BTreeSet<Cell>,
    /// What was asked of it.
    pub reads: ReadSet,
    /// What answered, when and at what cost.
    pub envelope: Envelope,
}

/// The objects of one kind in one cell. Compact: a million settings are held at once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct List {
    /// Why it may lack objects, when it may.
    pub incomplete: Option<Reason>,
    /// The ids that were asked for, when not every object was: an id outside was not collected, one inside that has no record does not exist.
    pub only: Option<BTreeSet<Text>>,
    /// The objects, sorted by id.
    pub objects: Vec<Record>,
}

/// One object as it was read. Names are shared between objects.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// The id by which the provider's API knows it.
    pub id: Text,
    /// What it is, sorted by name.
    pub attributes: Box<[(Text, Reading)]>,
    /// How it is set, sorted by name.
    pub settings: Box<[(SettingName, Reading)]>,
}

/// What each target reaches, by its name; or why it reaches nothing, which makes the target unresolved.
pub type Worlds = BTreeMap<Text, Result<Box<dyn World>, Reason>>;
