//! [`Observed`]: a value, or the reason why not, for each thing that was asked of the worlds.

use crate::constraints::Constraints;
use crate::graph::Graph;
use crate::parallel::parallel;
use crate::{joins, snapshot};
use ordain_model::Text;
use ordain_model::address::{Cell, SettingName};
use ordain_model::digest::{Digest, Merkle};
use ordain_model::observation::{Cause, Envelope, Object, Observation, ReadSet, Reading, Reason};
use ordain_model::provider::{Progress, World};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

mod gathered;

use gathered::Gathered;
pub(crate) use gathered::Names;

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
    /// Why there may be more of those, when there may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uncovered_incomplete: Option<Reason>,
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
    /// What was read of it.
    pub object: Object,
}

/// What each target reaches, by its name; or why it reaches nothing, which makes the target unresolved.
pub type Worlds = BTreeMap<Text, Result<Box<dyn World>, Reason>>;

/// Asks the worlds for everything that the profile needs, and then for the owners that the first answers name.
pub fn observe(constraints: &Constraints, graph: &Graph, worlds: &Worlds, progress: &dyn Progress) -> Observed {
    let mut gathered = Gathered::new(&constraints.kinds);
    gathered.add(&graph.reads, ask(worlds, &graph.reads, progress));
    for round in &graph.rounds {
        let reads = joins::reads(constraints, round, &gathered.observed);
        if !reads.is_empty() {
            gathered.add(&reads, ask(worlds, &reads, progress));
        }
    }
    gathered.observed.sealed()
}

/// Asks each target once, all targets at the same time.
pub(crate) fn ask(
    worlds: &Worlds,
    reads: &BTreeMap<Text, ReadSet>,
    progress: &dyn Progress,
) -> BTreeMap<Text, Observation> {
    let none = || Reason::new(Cause::OutOfScope, "the target is not given");
    let answers = parallel(&Vec::from_iter(reads), |(target, reads)| match worlds.get(*target) {
        Some(Ok(world)) => world.observe(reads, progress),
        Some(Err(reason)) => Observation { unresolved: Some(reason.clone()), ..Observation::default() },
        None => Observation { unresolved: Some(none()), ..Observation::default() },
    });
    reads.keys().cloned().zip(answers).collect()
}

impl Observed {
    /// What a cell lists of a kind; nothing when it was not collected.
    #[must_use]
    pub fn list(&self, cell: &Cell, kind: &str) -> Option<&List> {
        self.cells.get(cell)?.get(kind)
    }

    /// Takes the digests of what was read.
    #[must_use]
    pub(crate) fn sealed(mut self) -> Observed {
        let mut world = Merkle::default();
        snapshot::world_lines(&self).for_each(|line| world.push(line.as_bytes()));
        self.world = world.root();
        self.envelope = snapshot::envelope(&self.targets);
        self
    }

    /// Nothing at all.
    #[must_use]
    pub(crate) fn empty() -> Observed {
        let nothing = Digest::of(b"");
        Observed { cells: BTreeMap::new(), targets: BTreeMap::new(), world: nothing, envelope: nothing }
    }
}

impl List {
    /// An object by id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Record> {
        self.objects.binary_search_by(|record| (*record.id).cmp(id)).ok().map(|at| &self.objects[at])
    }

    /// Whether an object that has no record here does not exist: every object, or at least this one, was asked for and listed.
    #[must_use]
    pub fn tells(&self, id: &str) -> bool {
        self.incomplete.is_none() && self.only.as_ref().is_none_or(|only| only.contains(id))
    }

    /// Why it may lack objects, when it may: a list of some ids lacks all others.
    #[must_use]
    pub fn lacks(&self) -> Option<Reason> {
        let some = self
            .only
            .as_ref()
            .map(|_| Reason::new(Cause::NotCollected, "only the owners of joined settings were collected"));
        self.incomplete.clone().or(some)
    }

    /// Adds what was read later. What was read first stays.
    fn merge(&mut self, later: List) {
        self.incomplete = match (&self.only, &later.only) {
            (None, None) => self.incomplete.take().and(later.incomplete),
            (None, Some(_)) => self.incomplete.take(),
            (Some(_), None) => later.incomplete,
            (Some(_), Some(_)) => self.incomplete.take().or(later.incomplete),
        };
        self.only = self.only.take().zip(later.only).map(|(mut first, more)| {
            first.extend(more);
            first
        });
        let mut records: BTreeMap<Text, Record> =
            std::mem::take(&mut self.objects).into_iter().map(|record| (record.id.clone(), record)).collect();
        for record in later.objects {
            match records.get_mut(&record.id) {
                Some(first) => first.merge(record),
                None => drop(records.insert(record.id.clone(), record)),
            }
        }
        self.objects = records.into_values().collect();
    }
}

impl Record {
    /// An attribute's reading; not collected when it was not asked for.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Reading {
        self.object.attribute(name)
    }

    /// A setting's reading, where it was asked for.
    #[must_use]
    pub fn reading(&self, name: &SettingName) -> Option<&Reading> {
        self.object.settings.get(name)
    }

    /// A setting's reading; not collected when it was not asked for.
    #[must_use]
    pub fn setting(&self, name: &SettingName) -> Reading {
        self.object.setting(name)
    }

    /// Adds what was read later. What was read first stays.
    fn merge(&mut self, later: Record) {
        let first = std::mem::replace(&mut self.object, later.object);
        self.object.attributes.extend(first.attributes);
        self.object.settings.extend(first.settings);
    }
}
