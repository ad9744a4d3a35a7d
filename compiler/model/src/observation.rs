//! What is asked of a world ([`ReadSet`]) and what it answered ([`Observation`]): a value, or the reason why not, for each thing asked.

use crate::Text;
use crate::address::{Cell, SettingName};
use crate::sorted::Sorted;
use crate::value::Value;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Why something could not be read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Reason {
    /// The sort of failure.
    pub cause: Cause,
    /// One line for people: the action, what the API said. Never a secret, never a request id.
    pub detail: Text,
}

/// The sorts of failure to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The caller may not.
    Denied,
    /// The API answered an error.
    Failed,
    /// No credentials, or they were refused.
    NoCredentials,
    /// Not in the read set.
    NotCollected,
    /// The owner lies outside the targets.
    OutOfScope,
    /// Throttled until the retries ran out.
    Throttled,
    /// An expression of the profile has no value for what was read.
    Unevaluated,
    /// The answer does not read as its API documents it.
    Unreadable,
    /// No answer, or none that ends the matter yet.
    Unreachable,
}

impl Reason {
    /// A reason.
    #[must_use]
    pub fn new(cause: Cause, detail: impl AsRef<str>) -> Reason {
        Reason { cause, detail: detail.as_ref().into() }
    }
}

/// What reading one attribute or setting gave.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reading {
    /// Its value; `Null` when it is not set.
    Value(Value),
    /// Its effective value, which something other than this object's own field decides: a write would not change it.
    /// The text says who holds it.
    Held(Value, Text),
    /// The object has no such thing, for this reason.
    NotApplicable(Text),
    /// The platform fixes it and lets nobody read or set it; the text says where the evidence is.
    ProviderFixed(Text),
    /// It could not be read.
    Unknown(Reason),
}

impl Reading {
    /// The value, held or not.
    #[must_use]
    pub fn value(&self) -> Option<&Value> {
        match self {
            Reading::Value(value) | Reading::Held(value, _) => Some(value),
            _ => None,
        }
    }
}

/// One object as it was read. Compact: worlds hold a million.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Object {
    /// What it is.
    pub attributes: Sorted<Text, Reading>,
    /// How it is set.
    pub settings: Sorted<SettingName, Reading>,
}

impl Object {
    /// An attribute's reading; not collected when it was not asked for.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Reading {
        self.attributes.get(name).cloned().unwrap_or_else(|| not_collected(name))
    }

    /// A setting's reading; not collected when it was not asked for.
    #[must_use]
    pub fn setting(&self, name: &SettingName) -> Reading {
        self.settings.get(name).cloned().unwrap_or_else(|| not_collected(&name.to_string()))
    }
}

fn not_collected(name: &str) -> Reading {
    Reading::Unknown(Reason::new(Cause::NotCollected, format!("`{name}` was not collected")))
}

/// What to read, by kind. Nothing else is read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadSet {
    /// By kind name.
    pub kinds: BTreeMap<Text, KindReads>,
}

/// What to read of the objects of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindReads {
    /// Attributes.
    pub attributes: BTreeSet<Text>,
    /// Settings, keyed ones once per key.
    pub settings: BTreeSet<SettingName>,
    /// Only these ids, or every object.
    pub only: Option<BTreeSet<Text>>,
    /// Only in these cells, or in every one of the target. A cell that is left out has no listing of the kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cells: Option<BTreeSet<Cell>>,
}

impl KindReads {
    /// Whether the kind is to be read in a cell.
    #[must_use]
    pub fn within(&self, cell: &Cell) -> bool {
        self.cells.as_ref().is_none_or(|cells| cells.contains(cell))
    }
}

/// The objects of one kind in one cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// Why the list may lack objects, when it may.
    pub incomplete: Option<Reason>,
    /// The objects that were listed, by id.
    pub objects: BTreeMap<Text, Object>,
}

/// What a world answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Observation {
    /// Each cell of the target with a listing for each kind asked for.
    pub cells: BTreeMap<Arc<Cell>, BTreeMap<Text, Listing>>,
    /// Why the target's cells are not all known, when they are not (the organisation could not be read).
    pub unresolved: Option<Reason>,
    /// Cells that the caller can list but the target does not cover.
    pub uncovered: BTreeSet<Cell>,
    /// Why there may be more of those, when there may (the caller may not list them).
    pub uncovered_incomplete: Option<Reason>,
    /// What answered.
    pub envelope: Envelope,
}

/// What answered, when, and at what cost. Not part of the world: two equal worlds may differ here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// When reading began, RFC 3339 in UTC; empty where nothing says.
    pub taken_at: Text,
    /// When reading ended; empty where that is the same moment, as of an estate, which states one.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub read_until: Text,
    /// The estate's file name, for a world that is a file.
    pub estate: Option<Text>,
    /// Who read, as the API itself says (for AWS the ARNs that STS returned).
    pub callers: BTreeSet<Text>,
    /// Endpoints that are not the cloud's own.
    pub endpoints: BTreeSet<Text>,
    /// Calls by operation.
    pub calls: BTreeMap<Text, u64>,
    /// What each list shows, by cell and list, where the API says which state of the world that is.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub lists: BTreeMap<Text, ListRead>,
}

/// What one list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListRead {
    /// The state, as the API calls it (for Kubernetes the `resourceVersion`).
    pub version: Text,
    /// When it was listed to the end, RFC 3339 in UTC.
    pub at: Text,
}

impl Envelope {
    /// The last moment at which something was read; empty where nothing says.
    #[must_use]
    pub fn last(&self) -> &Text {
        if self.read_until.is_empty() { &self.taken_at } else { &self.read_until }
    }
}

/// What reading one object gave, and when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObjectRead {
    /// When reading ended, RFC 3339 in UTC; empty where nothing says.
    pub at: Text,
    /// The object; none where there is no such object.
    pub object: Option<Object>,
}
