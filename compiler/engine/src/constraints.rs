//! [`Constraints`]: every demand of a profile with its origin, and what is known of their satisfiability before anything is read.

use ordain_language::config::{Assertion, Config, ControlId, Gravity, Requirement, Satisfies, Strength};
use ordain_model::Text;
use ordain_model::address::SettingName;
use ordain_model::diagnostic::{Diagnostics, Reported};
use ordain_model::provider::Providers;
use ordain_model::schema::{Kind, Rule};
use ordain_model::source::Sources;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

mod alike;
mod contradictions;
mod entry;
mod implied;
mod lints;
mod parts;
mod perhaps;
mod satisfiable;
mod words;

pub use words::{accepts, domain};

/// A profile whose demands can be satisfied, as far as that is decided without a world.
#[derive(Clone, Debug)]
pub struct Constraints {
    /// The profile.
    pub config: Config,
    /// Every kind of every provider, by name.
    pub kinds: BTreeMap<&'static str, &'static Kind>,
    /// Requirements as reports name them: one for each of `config.requirements`, in its order.
    pub claims: Vec<Arc<Claim>>,
    /// Assertions as reports name them: one for each of `config.assertions`, in its order.
    pub assertions: Vec<Arc<Claim>>,
    /// Where each waiver and then each group of the baseline stands, as `file:line`, in the order of `config`.
    pub exceptions: Vec<Text>,
    /// What could not be decided, ordered by place.
    pub undecided: Vec<Undecided>,
}

/// A requirement or an assertion as plans, findings and reports name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Claim {
    /// Its address, for example `module.a.require.aws_s3_bucket.encrypted`.
    pub address: Text,
    /// What finding ids hash: `id =` where it is given, else the address that it had first.
    pub id: Text,
    /// One line for people; an assertion's message.
    pub title: Text,
    /// How grave a violation is.
    pub severity: Gravity,
    /// Names of the targets in which it is enforced; in the others it is only observed. An assertion is enforced in all of
    /// its targets in the sense that its violation counts; it never makes a step.
    pub enforced: Vec<Text>,
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
    /// What it does not demand because its bound is optional and null: the setting, or `objects`, and `file:line`.
    pub left_out: Vec<(Text, Text)>,
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

/// Gives every demand its origin and finds the contradictions that need no world.
///
/// # Errors
/// No world satisfies the profile; `diagnostics` names the origins that contradict each other, and none that does not take part.
pub fn constrain(
    config: Config,
    sources: &Sources,
    providers: Providers<'_>,
    diagnostics: &mut Diagnostics,
) -> Result<Constraints, Reported> {
    let kinds = providers.kinds().map(|kind| (kind.name, kind)).collect();
    let claims = config.requirements.iter().map(|requirement| Arc::new(Claim::of(requirement, sources))).collect();
    let assertions =
        config.assertions.iter().map(|assertion| Arc::new(Claim::of_assertion(assertion, sources))).collect();
    let waivers = config.waivers.iter().map(|waiver| waiver.span);
    let spans = waivers.chain(config.baselines.iter().map(|baseline| baseline.span));
    let exceptions = spans.map(|span| sources.place(span).into()).collect();
    let mut constraints = Constraints { config, kinds, claims, assertions, exceptions, undecided: Vec::new() };
    let open = constraints.config.undecided.iter().map(|open| Undecided {
        place: sources.place(open.span).into(),
        about: open.address.clone(),
        why: "it depends on a variable without a value".into(),
    });
    let open: Vec<Undecided> = open.collect();
    constraints.undecided = satisfiable::check(&constraints, diagnostics);
    constraints.undecided.extend(open);
    if diagnostics.check().is_ok() {
        lints::check(&constraints, diagnostics);
    }
    constraints.config.lints.settle(diagnostics);
    diagnostics.check().map(|()| constraints)
}

impl Claim {
    /// Whether it is enforced in some target. An assertion always is.
    #[must_use]
    pub fn is_enforced(&self) -> bool {
        self.kind.is_none() || !self.enforced.is_empty()
    }

    /// The targets in which it is only observed.
    pub fn observed(&self) -> impl Iterator<Item = &Text> {
        self.targets.iter().filter(|target| !self.enforced.contains(target))
    }

    fn of(requirement: &Requirement, sources: &Sources) -> Claim {
        let own = citations(&requirement.satisfies, |cited| cited.strength);
        let origin = |demand: &ordain_language::config::Demand| {
            Arc::new(Origin {
                requirement: requirement.address.clone(),
                title: requirement.title.clone(),
                setting: demand.name(),
                bound: demand.bound.to_string().into(),
                place: sources.place(demand.span).into(),
                module: requirement.module.clone(),
                citations: citations(&requirement.satisfies, |cited| demand.strength(cited)),
            })
        };
        Claim {
            address: requirement.address.clone(),
            id: requirement.id.clone(),
            title: requirement.title.clone(),
            severity: requirement.severity,
            enforced: requirement.enforced.clone(),
            kind: Some(requirement.kind.name.into()),
            targets: requirement.targets.clone(),
            place: sources.place(requirement.span).into(),
            demands: requirement.demands.iter().map(origin).collect(),
            left_out: (requirement.left_out.iter())
                .map(|left_out| (left_out.value.clone(), sources.place(left_out.span).into()))
                .collect(),
            module: requirement.module.clone(),
            citations: own,
        }
    }

    fn of_assertion(assertion: &Assertion, sources: &Sources) -> Claim {
        Claim {
            address: assertion.address.clone(),
            id: assertion.address.clone(),
            title: assertion.message.clone(),
            severity: assertion.severity,
            enforced: assertion.targets.clone(),
            kind: None,
            targets: assertion.targets.clone(),
            place: sources.place(assertion.span).into(),
            module: assertion.module.clone(),
            citations: citations(&assertion.satisfies, |cited| cited.strength),
            demands: Vec::new(),
            left_out: Vec::new(),
        }
    }
}

impl Origin {
    /// A rule of the API as an origin.
    pub(crate) fn of_rule(kind: &Kind, rule: &Rule) -> Origin {
        Origin {
            requirement: kind.name.into(),
            title: rule.why.into(),
            setting: SettingName::plain(rule.then),
            bound: (rule.must)().to_string().into(),
            place: "".into(),
            module: "".into(),
            citations: Vec::new(),
        }
    }
}

/// The controls that something serves, sorted, each with whose number it is.
fn citations(satisfies: &[Satisfies], whose: impl Fn(&Satisfies) -> Strength) -> Vec<Citation> {
    let one = |cited: &Satisfies| Citation { control: cited.control.clone(), strength: whose(cited) };
    let mut citations: Vec<Citation> = satisfies.iter().map(one).collect();
    citations.sort();
    citations
}
