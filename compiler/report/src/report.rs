//! [`Report`]: the one view model. Every command that shows a result fills one, every renderer reads nothing else.
//!
//! Its JSON form is versioned by [`FORMAT`] and described in `docs/report-format.md`: within a version fields are only added. Lists are in
//! a stated order, so the same inputs give the same bytes. A report carries no clock: its time is the snapshot's.

pub mod brake;
pub mod change;
pub mod exception;
pub mod explanation;
pub mod finding;
pub mod requirement;
pub mod test_result;

use brake::Brake;
use change::{Ledger, Movement, Step, Withheld};
use exception::Exception;
use explanation::Explanation;
use finding::{AssertionResult, ControlSummary, Finding, RequirementSummary};
use ordain_model::Text;
use ordain_model::commit::Commit;
pub use ordain_model::conclusion::Conclusion;
use requirement::RequirementExplanation;
use serde::Serialize;
use std::collections::BTreeMap;
use test_result::TestResult;

/// Name and version of the JSON form.
pub const FORMAT: &str = "ordain.report/1";

/// What one command found and did.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// [`FORMAT`].
    pub format: &'static str,
    /// The command, for example `plan`.
    pub command: &'static str,
    /// The verdict and the exit code that follows from it.
    pub headline: Headline,
    /// What was read; none where a command reads no world.
    pub world: Option<World>,
    /// How many objects there are and how many of them are selected, by cell and kind.
    pub population: Vec<Population>,
    /// Cells that the caller can list but no target covers, in the order of their addresses.
    pub uncovered: Vec<String>,
    /// Targets that could not list all of those, with the reason.
    pub uncovered_incomplete: Vec<Remark>,
    /// Targets whose cells are not all known, with the reason.
    pub unresolved: Vec<Remark>,
    /// Each requirement in each of its targets, in the order of their addresses.
    pub requirements: Vec<RequirementSummary>,
    /// Each control with the worst verdict of what serves it.
    pub controls: Vec<ControlSummary>,
    /// Every obligation that is neither met nor inapplicable, worst first, then by address.
    pub findings: Vec<Finding>,
    /// Assertions that do not hold, or of which it is not known.
    pub assertions: Vec<AssertionResult>,
    /// Waivers, then groups of the baseline, each in the order of their addresses.
    pub exceptions: Vec<Exception>,
    /// What apply would do, did, or what a plan file holds, in the order of execution.
    pub steps: Vec<Step>,
    /// What holds those steps.
    pub brakes: Vec<Brake>,
    /// What would have to change but has no step, because nobody allowed it or `--only` left it out.
    pub withheld: Vec<Withheld>,
    /// What moved, for `drift`; what changed, for `diff`.
    pub drift: Vec<Movement>,
    /// What became of each step, for `apply`.
    pub ledger: Option<Ledger>,
    /// What bears on one setting, for `explain`.
    pub explanation: Option<Explanation>,
    /// What a requirement or an assertion demands, for `explain`.
    pub requirement: Option<RequirementExplanation>,
    /// A page of the reference, for `explain`.
    pub page: Option<ReferencePage>,
    /// What became of each profile test, for `test`, by file and in its order.
    pub tests: Vec<TestResult>,
    /// What could not be decided without a world, for `validate`; what could not be compared, for `diff`.
    pub undecided: Vec<Remark>,
    /// What is not demanded because its bound is optional and null, for `validate`.
    pub left_out: Vec<Remark>,
    /// Flags, variables and digests that the result is closed over.
    pub inputs: Inputs,
    /// Errors and warnings, in the order of their places.
    pub diagnostics: Vec<crate::diagnostics::DiagnosticView>,
}

impl Report {
    /// A report with a verdict and nothing else yet.
    #[must_use]
    pub fn new(command: &'static str, headline: Headline) -> Report {
        Report {
            format: FORMAT,
            command,
            headline,
            world: None,
            population: Vec::new(),
            uncovered: Vec::new(),
            uncovered_incomplete: Vec::new(),
            unresolved: Vec::new(),
            requirements: Vec::new(),
            controls: Vec::new(),
            findings: Vec::new(),
            assertions: Vec::new(),
            exceptions: Vec::new(),
            steps: Vec::new(),
            brakes: Vec::new(),
            withheld: Vec::new(),
            drift: Vec::new(),
            ledger: None,
            explanation: None,
            requirement: None,
            page: None,
            tests: Vec::new(),
            undecided: Vec::new(),
            left_out: Vec::new(),
            inputs: Inputs::default(),
            diagnostics: Vec::new(),
        }
    }
}

/// The verdict over everything.
#[derive(Clone, Debug, Serialize)]
pub struct Headline {
    /// The verdict; the exit code follows from it.
    pub verdict: Conclusion,
    /// One sentence with the counts.
    pub text: String,
    /// Obligations of enforced requirements by verdict word.
    pub counts: BTreeMap<&'static str, u64>,
    /// Obligations of requirements that only observe, by verdict word. They change no exit code.
    pub observed: BTreeMap<&'static str, u64>,
}

/// A page of the reference.
#[derive(Clone, Debug, Serialize)]
pub struct ReferencePage {
    /// The code, kind or function that it is about.
    pub name: &'static str,
    /// The page, in Markdown.
    pub text: Text,
}

/// What answered, and when.
#[derive(Clone, Debug, Default, Serialize)]
pub struct World {
    /// `live` or `estate`.
    pub source: &'static str,
    /// Why the result is no evidence, when it is not: read from an estate, or from an endpoint that is not the cloud's.
    pub not_evidence: Option<String>,
    /// When reading began, RFC 3339 in UTC.
    pub taken_at: Text,
    /// The snapshot file, where the world was not read now.
    pub snapshot: Option<String>,
    /// Who read, as the API said.
    pub callers: Vec<Text>,
    /// API calls by operation.
    pub calls: BTreeMap<Text, u64>,
}

/// The objects of one kind in one cell.
#[derive(Clone, Debug, Serialize)]
pub struct Population {
    /// The cell.
    pub cell: String,
    /// The kind.
    pub kind: Text,
    /// Objects listed.
    pub listed: u64,
    /// Selected by an enforced requirement.
    pub enforced: u64,
    /// Selected by requirements that only observe.
    pub observed: u64,
    /// Perhaps selected: something that a `where` reads could not be read.
    pub unknown: u64,
    /// Selected by none.
    pub unselected: u64,
    /// Why the list may lack objects, when it may.
    pub incomplete: Option<String>,
}

/// Something to know about something.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Remark {
    /// What it is about.
    pub about: String,
    /// What there is to know.
    pub text: String,
    /// `file:line`, where it has a place.
    pub place: Option<String>,
}

/// What the result is closed over.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Inputs {
    /// Digest of the plan, where there is one.
    pub plan: Option<String>,
    /// Version of Ordain that made the plan.
    pub version: Option<Text>,
    /// Directory of the profile, as the user named it.
    pub directory: Option<Text>,
    /// Digest of the world that was judged.
    pub world: Option<String>,
    /// Digest of the anchor under which the profile was judged; none where it is unanchored.
    pub anchor: Option<String>,
    /// Digest of what answered.
    pub envelope: Option<String>,
    /// By target, the estate that was read; null for what is live.
    pub targets: BTreeMap<Text, Option<Text>>,
    /// What the kinds of each provider mean, as a digest.
    pub schemas: BTreeMap<Text, String>,
    /// The commit that the profile was checked out from, as the repository says.
    pub commit: Option<Commit>,
    /// For a revert plan, the digest of the plan that it undoes.
    pub reverts: Option<String>,
    /// What has to be signed before the plan is applied.
    pub approvals: Vec<ApprovalView>,
    /// Modules with their digests.
    pub modules: BTreeMap<Text, String>,
    /// Root variables as they were resolved; ephemeral ones are left out.
    pub variables: BTreeMap<Text, serde_json::Value>,
    /// Addresses and labels given with `--only`.
    pub only: Vec<Text>,
    /// Addresses and labels given with `--except`.
    pub except: Vec<Text>,
    /// Addresses given with `--allow`.
    pub allow: Vec<Text>,
    /// States of Terraform, with their digests.
    pub terraform_states: BTreeMap<Text, String>,
    /// Addresses given with `--baselined`.
    pub baselined: Vec<Text>,
    /// The reason given with `--emergency`.
    pub emergency: Option<Text>,
    /// Waivers and groups of the baseline that the plan rests on, with the moment at which each ends.
    pub exceptions: BTreeMap<Text, String>,
}

/// An approval that a plan needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ApprovalView {
    /// Address of the block that asks for it.
    pub address: Text,
    /// How many people have to sign.
    pub required: u32,
    /// Whether whoever wrote the profile may not.
    pub not_author: bool,
    /// How long a signature counts.
    pub valid_for: String,
    /// Names of those who may, where not everybody may who has a key among the signers.
    pub names: Vec<Text>,
}
