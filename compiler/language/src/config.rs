//! [`Config`]: the profile with every name resolved, every value typed and every module loaded. Everything has a span.

mod approval;
mod brakes;
mod exception;

pub use approval::Approval;
pub use brakes::{Brakes, DeclaredBrakes};
pub use exception::{Baseline, Listed, Seal, Waiver};

use crate::console::Console;
use crate::lint::Lints;
use crate::selector::Selector;
use crate::syntax::Expression;
use ordain_model::Text;
use ordain_model::address::SettingName;
use ordain_model::bound::Bound;
use ordain_model::digest::Digest;
use ordain_model::module::{Locked, Request};
use ordain_model::provider::Target;
use ordain_model::schema::{Kind, Setting};
use ordain_model::source::{SourceId, Span};
use ordain_model::value::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A compiled profile.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The root module first, then the imported ones in the order of their paths.
    pub modules: Vec<Module>,
    /// The root module's variables, resolved; ephemeral ones are left out.
    pub variables: BTreeMap<Text, Value>,
    /// Where the journal of its applies is kept, when the root module says so: a directory, relative to the working
    /// directory, or an address such as `s3://bucket/prefix`.
    pub journal: Option<Text>,
    /// Targets by name: `aws.production`, with `["key"]` where the block has `for_each`.
    pub targets: BTreeMap<Text, TargetDeclaration>,
    /// Requirements in the order of their addresses.
    pub requirements: Vec<Requirement>,
    /// Assertions in the order of their addresses.
    pub assertions: Vec<Assertion>,
    /// Waivers in the order of their addresses.
    pub waivers: Vec<Waiver>,
    /// Groups of the baseline in the order of their addresses.
    pub baselines: Vec<Baseline>,
    /// Approvals in the order of their addresses.
    pub approvals: Vec<Approval>,
    /// `brakes` blocks in the order of their addresses.
    pub brakes: Vec<DeclaredBrakes>,
    /// Controls by framework and id.
    pub controls: BTreeMap<ControlId, Control>,
    /// Requirements, assertions and targets that are left out because they depend on a variable without a value, in the
    /// order of their addresses. Empty unless the inputs allow it.
    pub undecided: Vec<Undecided>,
    /// Which lints are wanted where.
    pub lints: Lints,
    /// The names of the root module, for expressions that arrive later.
    pub console: Console,
}

/// A requirement, assertion or target that depends on a variable without a value.
#[derive(Clone, Debug)]
pub struct Undecided {
    /// Its address.
    pub address: Text,
    /// The addresses it had before, the latest first.
    pub formerly: Vec<Text>,
    /// Its block's header.
    pub span: Span,
}

/// A module of the profile.
#[derive(Clone, Debug)]
pub struct Module {
    /// `module.a.module.b`; empty for the root.
    pub path: Text,
    /// Its directory, relative to the working directory.
    pub directory: Text,
    /// Its files.
    pub files: Vec<SourceId>,
    /// Digest over its files' names and texts, and over what its expressions read of further ones.
    pub digest: Digest,
    /// What its expressions read of further files, by the file's name.
    pub contents: BTreeMap<Text, Arc<[u8]>>,
    /// Whether its directory lies in the working tree; that of a package does not.
    pub local: bool,
    /// The package that it is a folder of, for a module that is imported from elsewhere.
    pub package: Option<Packaged>,
    /// Names of the targets that some instance of it is given; of the root module, all of them.
    pub targets: BTreeSet<Text>,
    /// Whether it may have further instances or targets: which ones depends on a variable without a value.
    pub undecided: bool,
}

/// Which content from elsewhere a `module` block imports.
#[derive(Clone, Debug)]
pub struct Packaged {
    /// What is asked for.
    pub request: Request,
    /// What the lock file says of that.
    pub locked: Locked,
    /// The folder in it; `.` for its top.
    pub folder: Text,
    /// Where the source stands.
    pub span: Span,
}

/// A target and what is common to every provider's targets.
#[derive(Clone, Debug)]
pub struct TargetDeclaration {
    /// What the provider connects to. `estate` is not among its arguments.
    pub target: Target,
    /// The estate's file, relative to the working directory, when the world is a file.
    pub estate: Option<Text>,
    /// How far and when its changes may go.
    pub brakes: Brakes,
    /// Owner of findings that name no other.
    pub owner: Option<Text>,
    /// Where it is declared.
    pub span: Span,
}

/// `require "KIND" "NAME"`.
#[derive(Clone, Debug)]
pub struct Requirement {
    /// `module.a.require.KIND.NAME`, with `["key"]` after each name whose block has `for_each`.
    pub address: Text,
    /// Address of the module it is written in; empty for the root.
    pub module: Text,
    /// What finding ids hash, which keeps them across renames: `id` below the module's address, else the address that
    /// the requirement had first.
    pub id: Text,
    /// The addresses it had before, the latest first: what `moved` blocks say.
    pub formerly: Vec<Text>,
    /// The kind it selects from.
    pub kind: &'static Kind,
    /// One line for people; the address where none was given.
    pub title: Text,
    /// How grave.
    pub severity: Gravity,
    /// Names of the targets it binds, sorted.
    pub targets: Vec<Text>,
    /// Those of them in which it is enforced; in the others it is only observed.
    pub enforced: Vec<Text>,
    /// Which objects.
    pub selector: Selector,
    /// How many objects each cell must have.
    pub objects: Option<Located<Bound>>,
    /// What the settings must satisfy, in the order of (setting, key).
    pub demands: Vec<Demand>,
    /// What is not demanded, because an `optional_bound` found null: settings as [`SettingName`] writes them, `objects`.
    pub left_out: Vec<Located<Text>>,
    /// Values that a step may use where the bound alone gives none, by setting.
    pub remedy: BTreeMap<SettingName, Located<Value>>,
    /// The controls it serves.
    pub satisfies: Vec<Satisfies>,
    /// Owner of its findings: an expression over `self`.
    pub owner: Option<Selector>,
    /// What it says about being overruled and waived.
    pub seal: Seal,
    /// Its block's header.
    pub span: Span,
}

/// One line of `must`.
#[derive(Clone, Debug)]
pub struct Demand {
    /// The setting.
    pub setting: &'static Setting,
    /// Its key, in normal form, where the setting is keyed.
    pub key: Option<Text>,
    /// What it must satisfy.
    pub bound: Bound,
    /// The bound's expression.
    pub span: Span,
    /// The variables that moved its number: the bound depends on them and their values are not their defaults.
    pub moved_by: Vec<Text>,
    /// Every variable that the bound depends on.
    pub depends_on: BTreeSet<Text>,
}

impl Demand {
    /// Whose number it is, for one of the controls its requirement serves: the organisation's once a variable moved it.
    #[must_use]
    pub fn strength(&self, satisfies: &Satisfies) -> Strength {
        if self.moved_by.is_empty() { satisfies.strength } else { Strength::Organisation }
    }

    /// The setting's name with its key.
    #[must_use]
    pub fn name(&self) -> SettingName {
        SettingName { name: self.setting.name.into(), key: self.key.clone() }
    }
}

/// A value and where it stands.
#[derive(Clone, Debug)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

/// How grave a violation is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gravity {
    /// `low`
    Low,
    /// `medium`, the default
    #[default]
    Medium,
    /// `high`
    High,
    /// `critical`
    Critical,
}

impl Gravity {
    /// Every severity, from the least grave.
    pub const ALL: [Gravity; 4] = [Gravity::Low, Gravity::Medium, Gravity::High, Gravity::Critical];

    /// The word in profiles, reports and on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Gravity::Low => "low",
            Gravity::Medium => "medium",
            Gravity::High => "high",
            Gravity::Critical => "critical",
        }
    }
}

/// A control's global name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct ControlId {
    /// For example `soc2`.
    pub framework: Text,
    /// For example `CC7.2`.
    pub id: Text,
}

impl std::fmt::Display for ControlId {
    /// As a profile names it: `control.soc2["CC7.2"]`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "control.{}[{}]", self.framework, serde_json::Value::from(&*self.id))
    }
}

/// `control "FRAMEWORK" "ID"`.
#[derive(Clone, Debug)]
pub struct Control {
    /// Which text: edition and date.
    pub edition: Text,
    /// What it asks for, in our own words.
    pub title: Text,
    /// Where to read it.
    pub citation: Text,
    /// Where it is declared.
    pub span: Span,
}

/// `strength(control.framework["id"])`.
#[derive(Clone, Debug)]
pub struct Satisfies {
    /// The control.
    pub control: ControlId,
    /// Whose number it is.
    pub strength: Strength,
    /// Where it says so.
    pub span: Span,
}

/// Whose number is it?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// The text says the number.
    Text,
    /// The text asks for the property and leaves the number to the entity.
    Derived,
    /// Common practice; no text.
    Convention,
    /// A vendor's document says so.
    Vendor,
    /// The organisation moved it from its default.
    Organisation,
}

/// `assert "NAME"`: a check across objects, never a step.
#[derive(Clone, Debug)]
pub struct Assertion {
    /// `module.a.assert.NAME`.
    pub address: Text,
    /// Address of the module it is written in; empty for the root.
    pub module: Text,
    /// The condition: an expression over `all`.
    pub condition: Selector,
    /// The kinds that the condition reads through `all.KIND`, with the names it reads of each.
    pub reads: BTreeMap<&'static str, Vec<Text>>,
    /// What a violation says.
    pub message: Text,
    /// How grave.
    pub severity: Gravity,
    /// Targets whose objects it sees.
    pub targets: Vec<Text>,
    /// The controls it serves.
    pub satisfies: Vec<Satisfies>,
    /// Its block's header.
    pub span: Span,
}

/// An expression that is kept for later, shared.
pub type SharedExpression = Arc<Expression>;
