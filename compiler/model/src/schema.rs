//! What a provider publishes: [`Kind`]s of objects, their [`Attribute`]s (what `where` reads) and [`Setting`]s (what a bound binds).
//!
//! Everything here is data or a pure function, so that a profile compiles, a plan is made and a policy is printed
//! without a credential or an SDK.

mod published;
mod resource;
mod unit;

pub use published::published;
pub use resource::{Argument, Identity, Resource, as_it_is};
pub use unit::{Unit, WriteToken};

use crate::Text;
use crate::address::{ObjectAddress, SettingName};
use crate::bound::Bound;
use crate::domain::Domain;
use crate::observation::{Object, Reason};
use crate::types::Type;
use crate::value::Value;
use std::cmp::Ordering;

/// A kind of object, for example `aws_s3_bucket`.
#[derive(Debug)]
pub struct Kind {
    /// Name, provider first.
    pub name: &'static str,
    /// One sentence.
    pub summary: &'static str,
    /// The reference page, compiled in; its cases run as tests.
    pub page: &'static str,
    /// Identity, tags, engine, version: what `where` may read. No name is also a setting's.
    pub attributes: &'static [Attribute],
    /// What a bound binds.
    pub settings: &'static [Setting],
    /// Settings that a profile should no longer name.
    pub deprecated: &'static [Deprecated],
    /// What the API demands between settings of one object. Acyclic.
    pub rules: &'static [Rule],
    /// The calls and documents that carry its own settings, sorted by name.
    pub units: &'static [Unit],
    /// Resources of Terraform that set its settings, sorted by name.
    pub terraform: &'static [Resource],
    /// API actions that list the objects with everything that needs no further action.
    pub list_actions: &'static [&'static str],
}

/// A setting that still works and that another one replaces.
#[derive(Debug)]
pub struct Deprecated {
    /// The setting.
    pub setting: &'static str,
    /// The setting of the same kind to name in its place.
    pub instead: &'static str,
    /// Why, as half a sentence: what the API or this provider changed.
    pub why: &'static str,
}

/// Something an object is, as opposed to how it is set.
#[derive(Debug)]
pub struct Attribute {
    /// Name after `self.`.
    pub name: &'static str,
    /// Its type.
    pub of: Type,
    /// One sentence.
    pub summary: &'static str,
    /// API actions beyond the list that reading it takes.
    pub actions: &'static [&'static str],
}

/// Something that can be set and that a bound binds.
#[derive(Debug)]
pub struct Setting {
    /// The property that is read, never the cure and never a negation.
    pub name: &'static str,
    /// One sentence: meaning, unit, what null means.
    pub summary: &'static str,
    /// Type of its values.
    pub of: Type,
    /// Which values the API accepts.
    pub domain: Domain,
    /// Which of two values is stricter.
    pub stricter: Stricter,
    /// For keyed settings, what the key is.
    pub keyed: Option<Keyed>,
    /// For a view of another object's field, where that field is. A joined setting has no write of its own.
    pub join: Option<Join>,
    /// The [`Unit`] that carries it: all changes to one unit of one object are one step.
    pub unit: &'static str,
    /// What changing it risks.
    pub class: WriteClass,
    /// Whom its values let in.
    pub exposes: Exposes,
    /// API actions beyond the list that reading it takes.
    pub read_actions: &'static [&'static str],
    /// API actions that changing it takes (reading back included in `read_actions`).
    pub write_actions: &'static [&'static str],
    /// Where the facts come from: API reference, documentation.
    pub source: &'static str,
}

/// The strictness order of a setting's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stricter {
    /// The greater value (longer retention, longer backup).
    Greater,
    /// The lesser value (fewer hops).
    Lesser,
    /// `true`.
    True,
    /// `false`.
    False,
    /// The later one of an [`Type::Enum`].
    Later,
    /// The larger set (more log types).
    Superset,
    /// The smaller set (fewer addresses).
    Subset,
    /// No order: every change is a loosening one and must be asked for.
    Unordered,
}

/// Whom a setting's values let in. Narrowing one that lets somebody in can shut out who has to get in: such a change comes
/// last in its cell and needs the proof that nobody of `keep_access` loses a way in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Exposes {
    /// Nobody gets in anywhere by it.
    Nothing,
    /// The addresses that it holds, wherever they are.
    Addresses,
    /// The addresses that it holds, as far as they come over the internet: private ones never do.
    InternetAddresses,
    /// Somebody while it is true; who, other settings say.
    Somebody,
}

/// What the key of a keyed setting is.
#[derive(Debug)]
pub struct Keyed {
    /// What the key names, for example "key prefix".
    pub what: &'static str,
    /// Whether a bound under the first key binds the second too (every key covers itself).
    pub covers: fn(&str, &str) -> bool,
    /// Whether two keys have a part in common, so that what is written to one may show in the other. Where neither covers
    /// the other, their bounds stand side by side, and must not contradict each other.
    pub overlaps: fn(&str, &str) -> bool,
    /// An order of keys in which those that overlap with a key and come after it follow it directly, and none comes before
    /// one that covers it: that of texts for prefixes, that of first ports for ranges of ports.
    pub order: fn(&str, &str) -> Ordering,
    /// Whether the value under a key sums up parts that may differ, as that of a range of ports does: a former value that is
    /// written back goes to every part, also to those that never had it.
    pub sums: fn(&str) -> bool,
    /// The key's normal form, or what is wrong with it and a key that would do.
    pub check: fn(&str) -> Result<Text, String>,
}

/// A view of a field that another object owns.
#[derive(Debug)]
pub struct Join {
    /// Kinds of the possible owners.
    pub owner_kinds: &'static [&'static str],
    /// Readings of the viewing object that `owners` needs, attributes or settings.
    pub needs: &'static [&'static str],
    /// The fields that this object's view shows. Pure, over the object as it was read.
    pub owners: fn(&ObjectAddress, &Object) -> Owners,
}

/// Where the field behind a view is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owners {
    /// These fields; the view satisfies a bound when each of them does.
    Fields(Vec<OwnerField>),
    /// There is none and there cannot be one yet: the view's value is this.
    Value(Value),
    /// There is nothing for the view to show.
    NotApplicable(Text),
    /// Could not be found out.
    Unknown(Reason),
}

/// A field of another object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OwnerField {
    /// Kind of the owner.
    pub kind: &'static str,
    /// Id of the owner.
    pub id: Text,
    /// Its setting.
    pub setting: SettingName,
    /// Whether the owner lives in the viewing object's cell, or its id is unique over all cells (a bucket).
    pub place: OwnerPlace,
    /// The view's value when the cell lists no such object, or null when that leaves the view unknown.
    pub missing: Value,
}

/// Where to look for an owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OwnerPlace {
    /// In the cell of the object that views it.
    SameCell,
    /// In any cell of the targets; the id is unique.
    AnyCell,
}

/// "When A's value is in S, B is bound by T", as the API demands it. Holds in every profile; an origin like any other.
#[derive(Debug)]
pub struct Rule {
    /// The setting whose value decides.
    pub when: &'static str,
    /// The values under which the rule binds.
    pub is: fn() -> Bound,
    /// The setting that is bound.
    pub then: &'static str,
    /// What it is bound by, whatever object it is.
    pub must: fn() -> Bound,
    /// What it is bound by beyond that, where that depends on the object.
    pub local: Option<Local>,
    /// One sentence, with the source.
    pub why: &'static str,
}

/// What a rule demands of one object. Without a world it demands nothing.
#[derive(Debug)]
pub struct Local {
    /// Attributes of the object that decide it.
    pub needs: &'static [&'static str],
    /// The bound, from the object as it was read. An attribute that could not be read proves nothing.
    pub must: fn(&Object) -> Bound,
}

impl Rule {
    /// Everything that the rule demands of an object.
    #[must_use]
    pub fn demands(&self, object: &Object) -> Bound {
        match &self.local {
            Some(local) => (self.must)().meet(&(local.must)(object)),
            None => (self.must)(),
        }
    }
}

/// What changing a setting risks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WriteClass {
    /// Nothing stops or is lost.
    Safe,
    /// Something restarts or reconnects.
    Restarts,
    /// A decrease makes data deletable.
    DestructiveOnDecrease,
    /// The object is replaced.
    Replaces,
    /// Cannot be undone.
    Irreversible,
    /// No API does it.
    Manual,
}

impl WriteClass {
    /// Every class, from the least grave.
    pub const ALL: [WriteClass; 6] = [
        WriteClass::Safe,
        WriteClass::Restarts,
        WriteClass::DestructiveOnDecrease,
        WriteClass::Replaces,
        WriteClass::Irreversible,
        WriteClass::Manual,
    ];

    /// The word in reports and on the command line, the same as its JSON form.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            WriteClass::Safe => "safe",
            WriteClass::Restarts => "restarts",
            WriteClass::DestructiveOnDecrease => "destructive_on_decrease",
            WriteClass::Replaces => "replaces",
            WriteClass::Irreversible => "irreversible",
            WriteClass::Manual => "manual",
        }
    }
}

impl Kind {
    /// A setting by name.
    #[must_use]
    pub fn setting(&self, name: &str) -> Option<&'static Setting> {
        self.settings.iter().find(|setting| setting.name == name)
    }

    /// An attribute by name.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&'static Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    /// A write unit by name.
    #[must_use]
    pub fn unit(&self, name: &str) -> Option<&'static Unit> {
        self.units.iter().find(|unit| unit.name == name)
    }

    /// The provider: the name up to the first underscore.
    #[must_use]
    pub fn provider(&self) -> &'static str {
        self.name.split('_').next().unwrap_or(self.name)
    }
}
