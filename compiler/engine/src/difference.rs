//! [`Difference`]: what changed between two worlds, whatever a profile demands.

use crate::observed::Observed;
use crate::snapshot::Rows;
use ordain_model::Text;
use ordain_model::address::{Cell, ObjectAddress, SettingName};
use ordain_model::diagnostic::Diagnostic;
use ordain_model::observation::Reading;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

mod merge;

pub(crate) use merge::outside;
use merge::{Half, merge};

/// What changed between two worlds, in the order of addresses.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Difference {
    /// Readings that differ. What either world could not read is not known to have changed.
    pub changed: Vec<Changed>,
    /// Objects that only the later world has, where the earlier one tells that it had none.
    pub appeared: Vec<ObjectAddress>,
    /// Objects that only the earlier world has, where the later one tells that it has none.
    pub gone: Vec<ObjectAddress>,
    /// What cannot be compared, with the number of objects of the other side that it leaves open: none where only what
    /// neither side lists is open.
    pub untold: BTreeMap<Untold, u64>,
}

/// A reading that differs.
#[derive(Clone, Debug, PartialEq)]
pub struct Changed {
    /// The object.
    pub object: ObjectAddress,
    /// What of it.
    pub member: Member,
    /// What it was.
    pub before: Reading,
    /// What it is.
    pub after: Reading,
}

/// What an object has.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Member {
    /// What it is.
    Attribute(Text),
    /// How it is set.
    Setting(SettingName),
}

/// What only one of two worlds tells.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Untold {
    /// Whether objects of a kind in a cell were there too: the list of the side may lack objects, or there is none.
    Objects(Side, Arc<Cell>, Text),
    /// What objects of a kind in a cell had there: the side could not read it, or did not collect it.
    Member(Side, Arc<Cell>, Text, Member),
}

/// One of two worlds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The earlier one.
    Before,
    /// The later one.
    After,
}

/// Compares two worlds.
#[must_use]
pub fn difference(before: &Observed, after: &Observed) -> Difference {
    let (earlier, later) = (merge::world(before), merge::world(after));
    match merge(Half::new(&before.targets, earlier), Half::new(&after.targets, later)) {
        Ok(difference) => difference,
        Err(never) => match never {},
    }
}

/// Compares two snapshots line by line: what differs is all that is held.
///
/// # Errors
/// One of them does not read, or was changed after it was written.
pub fn between(mut before: Rows<'_>, mut after: Rows<'_>) -> Result<Difference, Box<Diagnostic>> {
    let (earlier, later) = (before.targets().clone(), after.targets().clone());
    merge(Half::new(&earlier, merge::snapshot(&mut before)), Half::new(&later, merge::snapshot(&mut after)))
}

impl fmt::Display for Member {
    /// `tags`, `retention["AWSLogs/"]`: no name is both an attribute and a setting.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Member::Attribute(name) => f.write_str(name),
            Member::Setting(name) => name.fmt(f),
        }
    }
}
