//! [`RequirementExplanation`]: what a requirement or an assertion demands, of what, and for whom; and [`EffectiveBound`].

use super::change::Origin;
use super::finding::ControlReference;
use ordain_language::config::Gravity;
use ordain_model::Text;
use serde::Serialize;

/// What a requirement or an assertion demands.
#[derive(Clone, Debug, Serialize)]
pub struct RequirementExplanation {
    /// Its address.
    pub address: Text,
    /// Its title; of an assertion its message.
    pub title: Text,
    /// `file:line`.
    pub place: Text,
    /// Path of its module; empty for the root.
    pub module: Text,
    /// How grave a violation is.
    pub severity: Gravity,
    /// False: observed only, everywhere.
    pub enforced: bool,
    /// Where it is only observed, as in `target.aws.sandbox`.
    pub observed: Vec<String>,
    /// The kind it selects from; none for an assertion.
    pub kind: Option<Text>,
    /// Which objects it selects, or what an assertion holds to be true, as it is written.
    pub condition: String,
    /// The targets it is about, with what each is.
    pub targets: Vec<String>,
    /// How many objects each cell must have.
    pub objects: Option<String>,
    /// What it demands of settings.
    pub demands: Vec<DemandView>,
    /// The controls it cites.
    pub citations: Vec<CitationView>,
}

/// One line of `must`.
#[derive(Clone, Debug, Serialize)]
pub struct DemandView {
    /// The setting.
    pub setting: String,
    /// The bound, and where it comes from.
    #[serde(flatten)]
    pub origin: Origin,
    /// What the API accepts.
    pub legal: String,
    /// The value that the requirement offers a step, where it names one.
    pub remedy: Option<String>,
}

/// A control that is cited.
#[derive(Clone, Debug, Serialize)]
pub struct CitationView {
    /// The control, and whose number it is.
    #[serde(flatten)]
    pub control: ControlReference,
    /// What it asks for.
    pub title: Text,
    /// Which text.
    pub edition: Text,
    /// Where to read it.
    pub citation: Text,
}

/// What a profile demands of a setting, before any world is read.
#[derive(Clone, Debug, Serialize)]
pub struct EffectiveBound {
    /// The setting: `KIND.SETTING`.
    pub setting: String,
    /// What all demands that some target enforces come to on an object that each of them selects.
    pub bound: Option<String>,
    /// Each demand: where it comes from, and of which objects.
    pub demands: Vec<SelectedDemand>,
    /// What the API accepts.
    pub legal: String,
}

/// A demand, and of which objects.
#[derive(Clone, Debug, Serialize)]
pub struct SelectedDemand {
    /// Where it comes from.
    #[serde(flatten)]
    pub origin: Origin,
    /// The setting, with its key.
    pub setting: String,
    /// Which objects, as the requirement writes it.
    pub condition: String,
    /// False: observed only.
    pub enforced: bool,
}
