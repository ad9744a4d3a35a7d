//! [`Constraints`]: every demand of a profile with its origin, and what is known of their satisfiability before anything is read.

use ordain_language::config::{Config, ControlId, Gravity, Strength};
use ordain_model::Text;
use ordain_model::address::SettingName;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A profile whose demands can be satisfied, as far as that is decided without a world.
#[derive(Clone, Debug)]
pub struct Constraints {
    /// The profile.
    pub config: Config,
    /// Requirements as reports name them: one for each of `config.requirements`, in its order.
    pub claims: Vec<Arc<Claim>>,
    /// Assertions as reports name them: one for each of `config.assertions`, in its order.
    pub assertions: Vec<Arc<Claim>>,
    /// What could not be decided, ordered by place.
    pub undecided: Vec<Undecided>,
}

/// A requirement or an assertion as plans, findings and reports name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Claim {
    /// Its address, for example `module.a.require.aws_s3_bucket.encrypted`.
    pub address: Text,
    /// What finding ids hash: `id =` where it is given, else the address.
    pub id: Text,
    /// One line for people; an assertion's message.
    pub title: Text,
    /// How grave a violation is.
    pub severity: Gravity,
    /// False: observed only. An assertion is enforced in the sense that its violation counts; it never makes a step.
    pub enforced: bool,
    /// The kind it selects from; none for an assertion.
    pub kind: Option<Text>,
    /// Names of the targets it binds, sorted.
    pub targets: Vec<Text>,
    /// `file:line` of its header.
    pub place: Text,
    /// Path of the module it is written in; empty for the root.
    pub module: Text,
    /// The controls it serves.
    pub citations: Vec<Citation>,
    /// Its demands, in the order of (setting, key): one for each of the requirement's.
    pub demands: Vec<Arc<Origin>>,
}

/// A control, and whose number it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Citation {
    /// The control.
    pub control: ControlId,
    /// Whose number it is.
    pub strength: Strength,
}

/// Where a bound comes from: one line of `must`, or a rule of the API.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Origin {
    /// Address of the requirement; for a rule of the API the kind's name.
    pub requirement: Text,
    /// Title of the requirement; for a rule of the API its sentence.
    pub title: Text,
    /// The setting as the requirement names it: for a joined setting the view, not the field behind it.
    pub setting: SettingName,
    /// The bound in words, for example `at_least(365d)`.
    pub bound: Text,
    /// `file:line`; empty for a rule of the API.
    pub place: Text,
    /// Path of the module; empty for the root and for a rule of the API.
    pub module: Text,
    /// The controls it serves.
    pub citations: Vec<Citation>,
}

/// Something that cannot be decided before a world is read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Undecided {
    /// `file:line` of the first demand it is about.
    pub place: Text,
    /// The demand: requirement address, `#`, setting.
    pub about: Text,
    /// What is not decided, and on what it depends.
    pub why: Text,
}
