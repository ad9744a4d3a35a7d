//! What became of the requirements: by requirement and target, by control, and one [`Finding`] for each obligation that is not simply met.

use ordain_language::config::{Gravity, Strength};
use ordain_model::Text;
use ordain_model::verdict::Verdict;
use serde::Serialize;
use std::collections::BTreeMap;

/// One requirement in one target.
#[derive(Clone, Debug, Serialize)]
pub struct RequirementSummary {
    /// Its address.
    pub address: Text,
    /// Its title.
    pub title: Text,
    /// The target's name; empty for an assertion over several.
    pub target: Text,
    /// How grave a violation is.
    pub severity: Gravity,
    /// False: observed only.
    pub enforced: bool,
    /// Its worst verdict; none where nothing applies (vacuous).
    pub verdict: Option<Verdict>,
    /// Objects it selected.
    pub matched: u64,
    /// Its obligations by verdict word.
    pub counts: BTreeMap<&'static str, u64>,
    /// `file:line`.
    pub place: Text,
    /// The controls it serves.
    pub controls: Vec<ControlReference>,
}

/// A control and whose number it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ControlReference {
    /// For example `soc2`.
    pub framework: Text,
    /// For example `CC7.2`.
    pub id: Text,
    /// Whose number it is.
    pub strength: Strength,
}

/// A control with what serves it.
#[derive(Clone, Debug, Serialize)]
pub struct ControlSummary {
    /// Framework.
    pub framework: Text,
    /// Id.
    pub id: Text,
    /// The worst verdict of the requirements that serve it; none where nothing applies.
    pub verdict: Option<Verdict>,
}

/// One obligation that is not simply met.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// Stable id: a hash of requirement, object and setting.
    pub id: Text,
    /// The verdict.
    pub verdict: Verdict,
    /// Whether the requirement is enforced; an observed finding changes no exit code.
    pub enforced: bool,
    /// The object.
    pub object: String,
    /// The setting; none where the obligation is about the object itself.
    pub setting: Option<String>,
    /// The live value as people read it; none where it is not known.
    pub live: Option<String>,
    /// What was demanded.
    pub bound: Option<Text>,
    /// Why the verdict is not decided by the value: the reason of an unknown, who waived, which origins contradict.
    pub reason: Option<String>,
    /// Number of the step that cures it.
    pub step: Option<usize>,
    /// Why there is no step.
    pub no_step: Option<String>,
    /// Address of the change that would cure it and is withheld from the plan.
    pub withheld: Option<String>,
    /// Address of the requirement.
    pub requirement: Text,
    /// Its title.
    pub title: Text,
    /// How grave it is.
    pub severity: Gravity,
    /// `file:line` of the bound.
    pub place: Text,
    /// The controls it serves.
    pub controls: Vec<ControlReference>,
    /// Who answers for it.
    pub owner: Option<Text>,
    /// The waiver or the group of the baseline that decides the verdict, or takes the demand out of what is enforced.
    pub exception: Option<Text>,
    /// What `drift` knows of when it began: `new` or `recurring`.
    pub since: Option<&'static str>,
}

/// An assertion that does not hold, or of which it is not known.
#[derive(Clone, Debug, Serialize)]
pub struct AssertionResult {
    /// Stable id: a hash of its address.
    pub id: Text,
    /// Its address.
    pub address: Text,
    /// `unmet` or `unknown`.
    pub verdict: Verdict,
    /// Its message.
    pub message: Text,
    /// How grave it is.
    pub severity: Gravity,
    /// Who answers for it.
    pub owner: Option<Text>,
    /// What `drift` knows of when it began: `new` or `recurring`.
    pub since: Option<&'static str>,
    /// Why it is not known.
    pub reason: Option<String>,
    /// The waiver or the group of the baseline that decides the verdict.
    pub exception: Option<Text>,
    /// `file:line`.
    pub place: Text,
    /// The controls it serves.
    pub controls: Vec<ControlReference>,
}
