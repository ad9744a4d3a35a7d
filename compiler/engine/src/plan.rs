//! [`Plan`]: ordered steps with before, after, why, precondition and revert, and a digest over all of it.
//!
//! Values stand in their JSON form ([`ordain_model::types`]).

use crate::approval::Policy;
use crate::constraints::{Constraints, Origin};
use crate::managed::Manager;
use crate::observed::Observed;
use ordain_model::Text;
use ordain_model::address::{Cell, ObjectAddress, SettingAddress, SettingName};
use ordain_model::commit::Commit;
use ordain_model::digest::Digest;
use ordain_model::instant::Instant;
use ordain_model::observation::KindReads;
use ordain_model::schema::{Kind, Setting, WriteClass, WriteToken, published};
use ordain_model::types::encode;
use ordain_model::value::Value;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

mod brakes;
mod calls;
mod file;
mod follows;
mod lockout;
mod lost;
mod radius;
mod revert;
mod selection;
mod steps;
mod undo;

pub use brakes::{Brakes, FEW, MAX_CHANGES, MAX_PERCENT};
pub use calls::Calls;
pub(crate) use lockout::{Lockout, lockout};
pub use ordain_model::direction::Direction;
pub use radius::BlastRadius;
pub use selection::labels;
pub use steps::plan;
pub use undo::Undo;

/// Name and version of the format.
pub const FORMAT: &str = "ordain.plan/1";

/// What apply does. Closed: apply has nothing to decide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// [`FORMAT`].
    pub format: Text,
    /// What it was made from.
    pub inputs: Inputs,
    /// The target whose connection reaches each cell.
    pub reaches: BTreeMap<Cell, Text>,
    /// Cells that are changed before all others, which begin once everything there is as planned. Empty where steps touch
    /// one cell only.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub canary: BTreeSet<Cell>,
    /// Cells in which nothing is written, because the steps there are more than a limit lets through: which.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub blocked: BTreeMap<Cell, Text>,
    /// In the order of execution.
    pub steps: Vec<Step>,
    /// What would have to change but has no step, because nobody allowed it or it was left out. In the order of addresses.
    pub withheld: Vec<Withheld>,
    /// Digest over everything above.
    pub digest: Digest,
}

/// What a plan is closed over.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inputs {
    /// Version of Ordain.
    pub version: Text,
    /// Directory of the profile as the user named it: apply finds the targets' connections there.
    pub directory: Text,
    /// Modules with their digests; the root's path is empty.
    pub modules: BTreeMap<Text, Digest>,
    /// What the kinds of each provider of its targets mean: see [`published`].
    pub schemas: BTreeMap<Text, Digest>,
    /// What version control says of the profile's files; none where it is not under version control.
    pub commit: Option<Commit>,
    /// Root variables as they were resolved; ephemeral ones are left out.
    pub variables: BTreeMap<Text, Json>,
    /// `--only`.
    pub only: BTreeSet<Text>,
    /// `--except`.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub except: BTreeSet<Text>,
    /// `--allow`.
    pub allow: BTreeSet<Text>,
    /// `--terraform-state`: each file with its digest.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub terraform_states: BTreeMap<Text, Digest>,
    /// Digest of the world.
    pub world: Option<Digest>,
    /// Digest of what answered.
    pub envelope: Option<Digest>,
    /// The oldest time at which a target was read, RFC 3339 in UTC.
    pub taken_at: Text,
    /// Whether the world is a file.
    pub estate: bool,
    /// By target, the estate that it was read from; null for what is live.
    pub targets: BTreeMap<Text, Option<Text>>,
    /// What holds the steps of each cell.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub brakes: BTreeMap<Cell, Brakes>,
    /// `--emergency`: why steps may be made while a change window is closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emergency: Option<Text>,
    /// The anchor under which the profile was judged; none where nothing from outside says what must be in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchor: Option<Digest>,
    /// What has to be signed before it is applied.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub approvals: BTreeSet<Policy>,
    /// `--baselined`: what the baseline lists and is changed all the same.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub baselined: BTreeSet<Text>,
    /// Waivers and groups of the baseline that it rests on, with the moment at which each ends.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub exceptions: BTreeMap<Text, Instant>,
    /// For a revert plan, the plan that it undoes.
    pub reverts: Option<Digest>,
    /// By cell, further targets that cover it beside the one that reaches it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub covered: BTreeMap<Cell, BTreeSet<Text>>,
}

/// Every change to one write unit of one object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The object.
    pub object: ObjectAddress,
    /// The call or document that carries it.
    pub unit: Text,
    /// What it risks: the gravest of its changes.
    pub class: WriteClass,
    /// The changes, by setting.
    pub changes: BTreeMap<SettingName, Change>,
    /// Other settings of the same unit as they were read.
    pub kept: BTreeMap<SettingName, Json>,
    /// What must still hold when it is applied, beside the values that it changes: all that decided it.
    pub preconditions: BTreeMap<ObjectAddress, Precondition>,
    /// Indexes of the steps without which it cannot be done; all of them are smaller than its own.
    pub after: BTreeSet<usize>,
    /// Whether it narrows who can reach something: such steps come last in their cell.
    pub narrows_access: bool,
    /// The strongest thing that the API has against two writers at once.
    pub token: WriteToken,
    /// Who else sees the changes, and who asks for them.
    pub blast_radius: BlastRadius,
    /// What carrying it out costs.
    pub calls: Calls,
    /// Waivers and groups of the baseline that keep demands on these settings out of it, with the moment at which each
    /// ends: from then on it would be another step.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub exceptions: BTreeMap<Text, Instant>,
    /// Waivers that match it, or may, and were not in force when it was planned, with the moment at which each begins: from
    /// then on it would be another step.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub upcoming: BTreeMap<Text, Instant>,
}

/// One setting's change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The value that was read: the precondition, and what a revert goes back to.
    pub before: Json,
    /// The value to write.
    pub after: Json,
    /// Which way it goes.
    pub direction: Direction,
    /// What is lost by a loosening or destructive change, in one sentence.
    pub lost: Option<Text>,
    /// For an allowlist, the addresses that lose access by it.
    pub shuts_out: Option<Json>,
    /// What going back does, or why there is no way back.
    pub undo: Undo,
    /// Where the bounds come from that demand it, with the views through which they reached the field.
    pub why: Vec<Why>,
}

/// One origin of a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Why {
    /// The line of `must`, or the rule of the API.
    pub origin: Origin,
    /// The view through which it reached the field, where it did.
    pub view: Option<SettingAddress>,
    /// False for a rule of the API: alone it makes the change a prerequisite of another.
    pub demanded: bool,
}

/// Values of one object that must still hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Precondition {
    /// By attribute.
    pub attributes: BTreeMap<Text, Json>,
    /// By setting.
    pub settings: BTreeMap<SettingName, Json>,
    /// Attributes that could not be read, on which it depends whether a waiver in force matches: it is refused once they can be.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub unread: BTreeSet<Text>,
}

/// A change that has no step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withheld {
    /// The setting.
    pub address: SettingAddress,
    /// The value that was read.
    pub before: Json,
    /// Where the bound would take it.
    pub after: Json,
    /// Why there is no step.
    pub why: WhyWithheld,
    /// Where the bounds come from.
    pub origins: Vec<Why>,
}

/// Why a change has no step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyWithheld {
    /// It loosens, destroys or cannot be undone, and its address was not given with `--allow`: what is lost.
    NotAllowed(Text),
    /// `--only` or `--except` left it out.
    NotSelected,
    /// A step that has to come first is withheld: which.
    Prerequisite(SettingAddress),
    /// Addresses that must keep access would lose it: which.
    LocksOut(Text),
    /// Another tool sets it, and its address was not given with `--allow`: who, and what to change there.
    Managed(Vec<Manager>),
    /// In a revert plan: there is no way back, and why.
    NoWayBack(Text),
    /// It narrows who gets in, and no target that covers its cell says who must keep access: a target.
    NoKeepAccess(Text),
}

impl Change {
    /// A change with everything that follows from its values.
    fn of(setting: &Setting, key: Option<&Text>, (before, after): (&Value, &Value), why: Vec<Why>) -> Change {
        Change {
            before: encode(before),
            after: encode(after),
            direction: lost::direction(setting, before, after),
            lost: lost::lost(setting, before, after),
            shuts_out: lost::shuts_out(setting, before, after),
            undo: undo::undo(setting, key, before, after),
            why,
        }
    }
}

impl Step {
    /// What is read to know whether it may still be done, by object: the values that it changes, and all that decided it.
    pub(crate) fn reads(&self) -> BTreeMap<&ObjectAddress, KindReads> {
        let mut reads: BTreeMap<&ObjectAddress, KindReads> = BTreeMap::new();
        reads.entry(&self.object).or_default().settings.extend(self.changes.keys().cloned());
        for (object, values) in &self.preconditions {
            let of = reads.entry(object).or_default();
            of.attributes.extend(values.attributes.keys().cloned());
            of.attributes.extend(values.unread.iter().cloned());
            of.settings.extend(values.settings.keys().cloned());
        }
        reads
    }

    /// The step with everything that follows from its values and from what its kind publishes.
    fn complete(self, kinds: &dyn Fn(&str) -> Option<&'static Kind>) -> Step {
        let unit = kinds(&self.object.kind).and_then(|kind| kind.unit(&self.unit));
        Step {
            token: unit.map(|unit| unit.token.clone()).unwrap_or_default(),
            blast_radius: BlastRadius::of(self.changes.values()),
            calls: Calls::of(&self, kinds),
            ..self
        }
    }
}

impl Inputs {
    /// What a profile and a world contribute. The caller adds what was selected and allowed.
    #[must_use]
    pub fn of(constraints: &Constraints, observed: &Observed, version: &str) -> Inputs {
        let config = &constraints.config;
        let used: BTreeSet<&str> = config.targets.values().map(|of| &*of.target.provider).collect();
        let envelopes = || observed.targets.values().map(|target| &target.envelope);
        Inputs {
            version: version.into(),
            modules: config.modules.iter().map(|module| (module.path.clone(), module.digest)).collect(),
            schemas: schemas(constraints.kinds.values().copied().filter(|kind| used.contains(kind.provider()))),
            variables: config.variables.iter().map(|(name, value)| (name.clone(), encode(value))).collect(),
            world: Some(observed.world),
            envelope: Some(observed.envelope),
            taken_at: envelopes()
                .map(|envelope| envelope.taken_at.clone())
                .filter(|at| !at.is_empty())
                .min()
                .unwrap_or_default(),
            estate: envelopes().any(|envelope| envelope.estate.is_some()),
            targets: observed
                .targets
                .iter()
                .map(|(name, target)| (name.clone(), target.envelope.estate.clone()))
                .collect(),
            ..Inputs::default()
        }
    }
}

/// What the kinds of each provider mean, by the provider's name.
#[must_use]
pub fn schemas(kinds: impl Iterator<Item = &'static Kind>) -> BTreeMap<Text, Digest> {
    let mut of: BTreeMap<&str, Vec<&Kind>> = BTreeMap::new();
    kinds.for_each(|kind| of.entry(kind.provider()).or_default().push(kind));
    of.into_iter().map(|(provider, kinds)| (provider.into(), published(kinds))).collect()
}
