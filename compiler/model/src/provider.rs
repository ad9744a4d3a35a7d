//! The contract between the engine and a provider: [`Provider`] publishes, connects and explains; [`World`] reads and writes.
//!
//! The numbered promises are in `docs/provider-contract.md`; `tests/contract.rs` runs against every provider.

use crate::Text;
use crate::address::{Cell, ObjectAddress, SettingName};
use crate::observation::{ObjectRead, Observation, ReadSet, Reason};
use crate::schema::Kind;
use crate::stop::Stop;
use crate::types::Type;
use crate::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A provider: its kinds, its target arguments, and how to reach a world.
pub trait Provider: Sync {
    /// The first part of its kinds' names, and the first label of its targets.
    fn name(&self) -> &'static str;

    /// Its kinds, sorted by name.
    fn kinds(&self) -> &'static [&'static Kind];

    /// What a `target` block of this provider may say beyond the common arguments.
    fn arguments(&self) -> &'static [Argument];

    /// How a target, as it is declared, differs from the one that covered these cells; none where nothing tells them apart.
    /// `all`: the cells are all that it covered, so that what is declared and not among them was never read.
    fn differs(&self, _target: &Target, _cells: &BTreeSet<Cell>, _all: bool) -> Option<String> {
        None
    }

    /// The cells that a target covers, or what holds them, as far as it says so itself: all of them, or none where only
    /// the world knows.
    fn reaches(&self, _target: &Target) -> Option<BTreeSet<Cell>> {
        None
    }

    /// Reaches a target's world. Asks nothing of the network yet: what fails there becomes a reason on what it hides.
    /// Once `stop` is asked, what only waits (for an update to end, for a list to be complete) gives up, and says so.
    ///
    /// # Errors
    /// Why the target as written can reach nothing.
    fn connect(&self, target: &Target, purpose: Purpose, stop: &Stop) -> Result<Box<dyn World>, Reason>;
}

/// An argument of a `target` block.
#[derive(Debug)]
pub struct Argument {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub of: ArgumentType,
    /// One sentence.
    pub summary: &'static str,
}

/// The type of a target argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArgumentType {
    /// A value of this type.
    Plain(Type),
    /// A list of strings, or a call of this function that the provider resolves when it observes.
    Names {
        /// The function, for example `organization`.
        function: &'static str,
        /// Its named arguments, all lists of strings.
        arguments: &'static [&'static str],
    },
}

/// A target as the profile declares it, evaluated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Its label.
    pub name: Text,
    /// Its provider.
    pub provider: Text,
    /// Its arguments.
    pub arguments: BTreeMap<Text, Value>,
}

/// What a connection is for: reading never takes the role that may write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// plan, drift, snapshot.
    Read,
    /// apply.
    Apply,
}

/// Receives progress of long work; stdout never sees it.
pub trait Progress: Sync {
    /// One more piece of work was finished, for example "eu-west-1 aws_vpc".
    fn step(&self, what: &str);
}

/// A world: everything that one target reaches.
pub trait World: Sync {
    /// Reads a set: lists and batches first, everything independent at once, nothing that was not asked for.
    /// A failure becomes the reason of exactly what it hides.
    fn observe(&self, reads: &ReadSet, progress: &dyn Progress) -> Observation;

    /// Reads one object now, in as few calls as the API allows.
    ///
    /// # Errors
    /// Why nothing is known of the object.
    fn read(
        &self,
        object: &ObjectAddress,
        attributes: &BTreeSet<Text>,
        settings: &BTreeSet<SettingName>,
    ) -> Result<ObjectRead, Reason>;

    /// Sends one change and waits until the API says it is done. Reads, compares and judges nothing beyond what a
    /// read-modify-write of its document needs.
    ///
    /// # Errors
    /// What the API said; [`Cause::Unreachable`](crate::observation::Cause::Unreachable) where it said nothing, or has not
    /// finished. The change may or may not have happened: the caller reads back.
    fn write(&self, change: &Change) -> Result<(), Reason>;

    /// Waits before something that was written is read back once more, after so many looks that saw the old value: an API
    /// may show it for a while. False once there is nothing to wait for, at the first look where what was written is seen at once.
    fn linger(&self, _looks: u32) -> bool {
        false
    }

    /// Makes the writes of a wave durable, for worlds that collect them.
    ///
    /// # Errors
    /// Why none of the wave's writes happened.
    fn commit(&self) -> Result<(), Reason> {
        Ok(())
    }
}

/// One step's write: every change to one write unit of one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The object.
    pub object: ObjectAddress,
    /// The write unit.
    pub unit: Text,
    /// New values by setting; each differs from what was read.
    pub values: BTreeMap<SettingName, Value>,
    /// Other settings of the same unit as they were read, for calls that must repeat them.
    pub kept: BTreeMap<SettingName, Value>,
    /// Idempotency token and marker of what the change creates: derived from the plan's digest and the step.
    pub token: Text,
}

/// The providers of a run, by name.
#[derive(Clone, Copy)]
pub struct Providers<'a>(pub &'a [&'a dyn Provider]);

impl<'a> Providers<'a> {
    /// A provider by name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&'a dyn Provider> {
        self.0.iter().copied().find(|provider| provider.name() == name)
    }

    /// A kind by name.
    #[must_use]
    pub fn kind(&self, name: &str) -> Option<&'static Kind> {
        self.kinds().find(|kind| kind.name == name)
    }

    /// Every kind.
    pub fn kinds(&self) -> impl Iterator<Item = &'static Kind> + use<'a> {
        self.0.iter().flat_map(|provider| provider.kinds().iter().copied())
    }
}
