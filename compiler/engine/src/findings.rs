//! [`Findings`]: one verdict per obligation, as many out as in.

use crate::constraints::{Citation, Claim, Origin};
use crate::managed::Manager;
use ordain_model::Text;
use ordain_model::address::{Cell, ObjectAddress, SettingAddress, SettingName};
use ordain_model::code;
use ordain_model::conclusion::Conclusion;
use ordain_model::diagnostic::{Diagnostic, Diagnostics};
use ordain_model::digest::Digest;
use ordain_model::finding;
use ordain_model::observation::Reason;
use ordain_model::schema::{Kind, Setting};
use ordain_model::value::Value;
use ordain_model::verdict::Verdict;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

mod assertion;
mod brakes;
mod chosen;
mod compare;
mod exception;
mod groups;
mod in_force;
mod judge;
mod slots;
mod views;

pub use brakes::{CellBrakes, StrayCanary};
pub use compare::compare;
pub use exception::{Exception, ExceptionSort, SOON, State, read_at};

/// What became of every obligation.
#[derive(Clone, Debug)]
pub struct Findings {
    /// The requirements in the order of their addresses, then the assertions: what findings refer to by index.
    pub claims: Vec<Arc<Claim>>,
    /// One per obligation, in the order of (claim, subject).
    pub findings: Vec<Finding>,
    /// The fields whose live values their enforced bounds do not admit, and those on which a sealed demand overrules
    /// another one, ordered by address.
    pub fields: Vec<Field>,
    /// Waivers, then groups of the baseline, in force or not.
    pub exceptions: Vec<Exception>,
    /// Each requirement and control in each target, in that order.
    pub groups: Vec<Group>,
    /// Each cell and kind that a requirement binds, in that order.
    pub population: Vec<Population>,
    /// Cells that the caller can list but no target covers.
    pub uncovered: BTreeSet<Cell>,
    /// Targets that could not list all of those, with the reason.
    pub uncovered_incomplete: BTreeMap<Text, Reason>,
    /// Targets whose cells are not all known, with the reason.
    pub unresolved: BTreeMap<Text, Reason>,
    /// The targets that cover each cell; the first by name reaches it.
    pub covering: BTreeMap<Arc<Cell>, BTreeSet<Text>>,
    /// Who answers for each target that says so.
    pub owners: BTreeMap<Text, Text>,
    /// Every kind of every provider, by name.
    pub kinds: BTreeMap<&'static str, &'static Kind>,
    /// What holds the changes of each cell that a target covers.
    pub brakes: BTreeMap<Arc<Cell>, CellBrakes>,
    /// Canaries that their targets do not cover.
    pub stray_canaries: Vec<StrayCanary>,
    /// Digest of the world that was judged.
    pub world: Digest,
    /// Digest of what answered.
    pub envelope: Digest,
}

/// One obligation and its verdict.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Index into [`Findings::claims`].
    pub claim: u32,
    /// Index into [`Claim::demands`]; none where the obligation is no line of `must`.
    pub demand: Option<u32>,
    /// What it is about.
    pub subject: Subject,
    /// Whether its requirement is enforced where it is; what is only observed makes no step and changes no exit code.
    pub enforced: bool,
    /// What became of it.
    pub judgement: Judgement,
    /// The live value of the setting (of a view the weakest field's), or the number of objects counted; none where it is not known.
    pub live: Option<Value>,
    /// Indexes into [`Findings::fields`]: what would have to change, or cannot; empty where nothing needs to.
    pub fields: Box<[u32]>,
    /// Who answers for it.
    pub owner: Option<Text>,
    /// Index into [`Findings::exceptions`]: what takes its demand out of the enforced meet, or lists it.
    pub exception: Option<u32>,
}

/// What an obligation is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A target whose cells are not all known.
    Target(Text),
    /// The list of a kind in a cell, which may lack objects.
    Listing(Arc<Cell>, Text),
    /// How many objects of a kind a cell has.
    Count(Arc<Cell>, Text),
    /// A setting of an object.
    Setting(SettingAddress),
    /// An assertion over all objects.
    Assertion,
}

/// What became of an obligation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// The object has no such setting, for this reason.
    NotApplicable(Text),
    /// It could not be read, or it is not known whether the requirement selects the object.
    Unknown(Reason),
    /// The requirement's own bound admits the live value.
    Met,
    /// The live value is outside the bound, and a waiver in force covers it.
    Waived,
    /// The live value is outside the bound, and the baseline lists it.
    Baselined,
    /// No value satisfies what is demanded of the field: what contradicts what.
    Broken(Text),
    /// The platform fixes it; the evidence lies elsewhere.
    ProviderFixed(Text),
    /// The live value is outside the bound. With a reason why nothing is done; without one the fields say what is.
    Unmet(Option<NoStep>),
}

/// Why no step cures an unmet finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoStep {
    /// The requirement only observes.
    Observed,
    /// No API does it.
    Manual,
    /// Something other than the field decides the effective value: who.
    Held(Text),
    /// The bound leaves no value to go to: why.
    NoValue(Text),
    /// The API accepts no value that the bound admits: the domain, or the rule that binds.
    Domain(Text),
    /// What has to be changed before cannot be: why.
    Prerequisite(Text),
    /// The field of a view does not exist: which.
    NoOwner(Text),
    /// A check across objects or a count of them never makes a step.
    Check,
}

/// A field with everything that bears on it: the place where bounds of several requirements, views and rules meet.
#[derive(Clone, Debug)]
pub struct Field {
    /// The field.
    pub address: SettingAddress,
    /// Its kind.
    pub kind: &'static Kind,
    /// Its setting.
    pub setting: &'static Setting,
    /// The live value.
    pub before: Value,
    /// The enforced meet in words: without what is waived, baselined or overruled.
    pub bound: Text,
    /// Where the enforced bounds come from, in the order of claims.
    pub origins: Vec<FieldOrigin>,
    /// What becomes of it.
    pub outcome: Outcome,
    /// By claim and demand, the enforced demands that a sealed one overrules, and why.
    pub overruled: BTreeMap<(u32, u32), Text>,
    /// Indexes into [`Findings::exceptions`]: what took a demand on it out of the meet.
    pub exceptions: BTreeSet<u32>,
    /// Indexes into [`Findings::exceptions`]: waivers that are not in force and may take a demand on it out once they are.
    pub upcoming: BTreeSet<u32>,
    /// Everything that decided it, beside its own value: attributes that `where` read, values that led to an owner, gates.
    pub decided_by: BTreeMap<ObjectAddress, Decisive>,
    /// Other values of its write unit as they were read.
    pub kept: BTreeMap<SettingName, Value>,
    /// Indexes of fields that must be changed before this one.
    pub after: Vec<u32>,
    /// Who else sets it, from their own configuration.
    pub managers: Vec<Manager>,
}

/// One origin of a field's enforced bound.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FieldOrigin {
    /// The line of `must`, or the rule.
    pub origin: Arc<Origin>,
    /// The view through which it reached the field, where it did.
    pub view: Option<SettingAddress>,
    /// False for a rule of the API.
    pub demanded: bool,
}

/// What becomes of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It stays: the enforced meet admits it.
    Stays,
    /// It goes to this value.
    Change(Value),
    /// It would have to change, and cannot.
    None(NoStep),
    /// No value satisfies what is demanded of it: what contradicts what.
    Broken(Text),
}

/// Values of one object that decided something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decisive {
    /// By attribute.
    pub attributes: BTreeMap<Text, Value>,
    /// By setting.
    pub settings: BTreeMap<SettingName, Value>,
    /// Attributes that could not be read: once they are, a waiver in force may match.
    pub unread: BTreeSet<Text>,
}

/// A requirement, for one control, in one target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Index into [`Findings::claims`].
    pub claim: u32,
    /// The control; none for a claim that cites none.
    pub control: Option<Citation>,
    /// The target; none for an assertion over several.
    pub target: Option<Text>,
    /// Objects that the requirement selected there.
    pub matched: u64,
    /// Obligations by verdict.
    pub counts: BTreeMap<Verdict, u64>,
    /// The worst; none where nothing applies (vacuous).
    pub verdict: Option<Verdict>,
}

impl Group {
    /// Whether its claim is enforced in its target; an assertion over several is.
    #[must_use]
    pub fn enforced(&self, claim: &Claim) -> bool {
        self.target.as_ref().is_none_or(|target| claim.enforced.contains(target))
    }
}

/// The objects of one kind in one cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Population {
    /// The cell.
    pub cell: Arc<Cell>,
    /// The kind.
    pub kind: Text,
    /// Objects listed.
    pub listed: u64,
    /// Selected by an enforced requirement.
    pub enforced: u64,
    /// Selected by observing requirements only.
    pub observed: u64,
    /// Perhaps selected: something that a `where` reads could not be read.
    pub unknown: u64,
    /// Selected by none.
    pub unselected: u64,
    /// Why the list may lack objects, when it may.
    pub incomplete: Option<Reason>,
}

impl Judgement {
    /// Its verdict.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match self {
            Judgement::NotApplicable(_) => Verdict::NotApplicable,
            Judgement::Unknown(_) => Verdict::Unknown,
            Judgement::Met => Verdict::Met,
            Judgement::Waived => Verdict::Waived,
            Judgement::Baselined => Verdict::Baselined,
            Judgement::Broken(_) => Verdict::Broken,
            Judgement::ProviderFixed(_) => Verdict::ProviderFixed,
            Judgement::Unmet(_) => Verdict::Unmet,
        }
    }

    /// Whether an exception decides it.
    #[must_use]
    pub fn excepted(&self) -> bool {
        matches!(self, Judgement::Waived | Judgement::Baselined)
    }
}

impl fmt::Display for NoStep {
    /// One sentence without a full stop.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoStep::Observed => f.write_str("the requirement only observes"),
            NoStep::Manual => f.write_str("no API changes it"),
            NoStep::Held(holder) => write!(f, "{holder} holds it"),
            NoStep::NoValue(why) | NoStep::Domain(why) | NoStep::Prerequisite(why) | NoStep::NoOwner(why) => {
                f.write_str(why)
            }
            NoStep::Check => f.write_str("a check across objects has no step"),
        }
    }
}

impl Finding {
    /// Stable over runs and renames: the hash of the requirement's id, the object and the setting, 16 hexadecimal digits.
    #[must_use]
    pub fn id(&self, claim: &Claim) -> Text {
        finding::id(&claim.id, &self.subject.to_string())
    }
}

impl fmt::Display for Subject {
    /// What ids hash and baselines list: a setting's address, or `count aws:111111111111/eu-west-1/aws_vpc`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subject::Target(target) => write!(f, "target {target}"),
            Subject::Listing(cell, kind) => write!(f, "list {cell}/{kind}"),
            Subject::Count(cell, kind) => write!(f, "count {cell}/{kind}"),
            Subject::Setting(setting) => write!(f, "{setting}"),
            Subject::Assertion => f.write_str("assertion"),
        }
    }
}

impl Findings {
    /// The claim of a finding.
    #[must_use]
    pub fn claim(&self, finding: &Finding) -> &Claim {
        &self.claims[finding.claim as usize]
    }

    /// Warns of waivers and the baseline: those that are not in force, and those that match nothing; and of canaries that are
    /// no cell of their target.
    pub fn warn(&self, diagnostics: &mut Diagnostics) {
        let known = !self.findings.iter().any(|finding| finding.judgement.verdict() == Verdict::Unknown);
        for remark in self.exceptions.iter().filter_map(|exception| exception.remark(known)) {
            diagnostics.push(remark);
        }
        for stray in &self.stray_canaries {
            let detail = format!("`{}` does not cover {}: nothing is changed there first", stray.target, stray.cell);
            let help = "Name a cell that the report's population lists; without one Ordain takes the cell with the fewest steps.";
            diagnostics.push(Diagnostic::warning(code::STRAY_CANARY, stray.span, detail).help(help));
        }
    }

    /// The verdict over everything that is enforced. What is only observed does not count.
    #[must_use]
    pub fn conclusion(&self) -> Conclusion {
        let enforced = self.findings.iter().filter(|finding| finding.enforced);
        let verdicts: BTreeSet<Verdict> = enforced.map(|finding| finding.judgement.verdict()).collect();
        Conclusion::of(|verdict| verdicts.contains(&verdict))
    }
}
