//! [`Policy`]: what a plan needs before it is applied; [`Statement`]: what somebody signs who approves one; [`Approved`]: what
//! of that counted.

use crate::constraints::Constraints;
use crate::plan::{Plan, Step};
use ordain_language::anchor::{Anchor, AnchoredApproval};
use ordain_language::config::{Approval, Gravity};
use ordain_model::Text;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Diagnostics};
use ordain_model::digest::{Digest, canonical};
use ordain_model::duration::Duration;
use ordain_model::instant::Instant;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Name and version of the format of statements.
pub const FORMAT: &str = "ordain.approval/1";

/// How many people have to sign a plan, and who may.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Address of the block that says so: `approval.production`, or `anchor.approval.production`.
    pub address: Text,
    /// How many, at least 1.
    pub required: u32,
    /// Digest of the text that says which keys may; none where the runner's file of signers does.
    pub signers: Option<Digest>,
    /// Names of those who may; empty: whoever has a key there.
    pub names: BTreeSet<Text>,
    /// Whether whoever wrote the profile may not.
    pub not_author: bool,
    /// How many seconds a signature counts.
    pub valid_for: u64,
}

/// What somebody signs who approves a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// [`FORMAT`].
    pub format: Text,
    /// Digest of the plan.
    pub plan: Digest,
    /// When it was signed, by the clock of whoever signed it.
    pub at: Instant,
}

/// A signature that counted for a policy.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approved {
    /// Address of the policy.
    pub policy: Text,
    /// The names of who signed.
    pub by: BTreeSet<Text>,
    /// The fingerprint of the key.
    pub key: Text,
    /// When.
    pub at: Instant,
}

/// Who wrote the profile that a plan was made from, as far as that is proved.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authored {
    /// The commit that changed it last; of a token, the one of its run.
    pub commit: Text,
    /// The names of who signed that, or the one in the token.
    pub by: BTreeSet<Text>,
    /// The fingerprint of the key that signed the commit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Text>,
    /// Who issued the token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<Text>,
    /// Whom the token is about: the run, or the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Text>,
}

/// By what right a plan is applied, where it needs approvals.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// Who wrote the profile: one for each list of signers that knows it, where somebody asked.
    pub authors: BTreeSet<Authored>,
    /// The approvals that counted, policy by policy.
    pub approved: Vec<Approved>,
}

impl Statement {
    /// That a plan is approved now.
    #[must_use]
    pub fn new(plan: Digest, at: Instant) -> Statement {
        Statement { format: FORMAT.into(), plan, at }
    }

    /// What is signed: canonical JSON on one line, and its end.
    #[must_use]
    pub fn text(&self) -> String {
        let text = canonical(self).ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
        format!("{text}\n")
    }

    /// Reads exactly what [`Statement::text`] writes.
    ///
    /// # Errors
    /// It is no statement; half a sentence.
    pub fn parse(text: &[u8]) -> Result<Statement, String> {
        let statement: Statement = serde_json::from_slice(text)
            .map_err(|error| format!("it is no statement that a plan is approved: {error}"))?;
        match *statement.format == *FORMAT && statement.text().as_bytes() == text {
            true => Ok(statement),
            false => Err(format!("it is not written as `{FORMAT}` is")),
        }
    }
}

/// The steps that an approval of a profile is about, by their indexes.
struct Asked<'a> {
    approval: &'a Approval,
    steps: BTreeSet<usize>,
}

/// The same plan with what it needs before it is applied.
#[must_use]
pub fn ask(mut plan: Plan, constraints: &Constraints, anchor: Option<&Anchor>) -> Plan {
    plan.inputs.approvals = policies(&plan, constraints, anchor);
    plan.sealed()
}

/// What a plan needs: what the profile asks for and what the anchor does, in the order of their addresses.
#[must_use]
pub fn policies(plan: &Plan, constraints: &Constraints, anchor: Option<&Anchor>) -> BTreeSet<Policy> {
    let own = asked(plan, constraints).into_iter().map(|asked| Policy {
        address: asked.approval.address.clone(),
        required: asked.approval.required,
        signers: Some(Digest::of(asked.approval.signers.value.as_bytes())),
        names: BTreeSet::new(),
        not_author: asked.approval.not_author,
        valid_for: asked.approval.valid_for,
    });
    let floors = anchor.into_iter().flat_map(|anchor| &anchor.approvals);
    let floors = floors.filter(|floor| !concerned(floor, plan).is_empty()).map(|floor| Policy {
        address: format!("anchor.approval.{}", floor.name).into(),
        required: floor.required,
        signers: None,
        names: floor.signers.clone(),
        not_author: floor.not_author,
        valid_for: floor.valid_for,
    });
    own.chain(floors).collect()
}

/// Reports where a profile asks for less than the anchor does.
pub fn floor(plan: &Plan, constraints: &Constraints, anchor: &Anchor, diagnostics: &mut Diagnostics) {
    let asked = asked(plan, constraints);
    for floor in &anchor.approvals {
        let steps = concerned(floor, plan);
        if !steps.is_empty() && !asked.iter().any(|asked| lacks(asked, floor, &steps).is_none()) {
            diagnostics.push(too_low(floor, &steps, &asked));
        }
    }
}

fn asked<'a>(plan: &Plan, constraints: &'a Constraints) -> Vec<Asked<'a>> {
    let severities: BTreeMap<&str, Gravity> =
        constraints.claims.iter().map(|claim| (&*claim.address, claim.severity)).collect();
    let of = |approval: &'a Approval| {
        let means = |(at, step): (usize, &Step)| means(approval, step, plan, &severities).then_some(at);
        Asked { approval, steps: plan.steps.iter().enumerate().filter_map(means).collect() }
    };
    let approvals = constraints.config.approvals.iter().filter(|approval| during(approval.emergency, plan));
    approvals.map(of).filter(|asked| !asked.steps.is_empty()).collect()
}

/// Whether what is asked of plans made in an emergency, or of others only, is asked of this one.
fn during(emergency: Option<bool>, plan: &Plan) -> bool {
    emergency.is_none_or(|only| only == plan.inputs.emergency.is_some())
}

/// Whether an approval is about a step. What is not known of the step speaks for it.
fn means(approval: &Approval, step: &Step, plan: &Plan, severities: &BTreeMap<&str, Gravity>) -> bool {
    let target = plan.reaches.get(&*step.object.cell);
    let here = target.is_none_or(|target| approval.targets.contains(target));
    let risky = approval.risk.is_none_or(|least| step.class >= least);
    let demands = || step.changes.values().flat_map(|change| &change.why).filter(|why| why.demanded);
    let grave = approval.severity.is_none_or(|least| {
        let severity = |address: &str| severities.get(address).copied().unwrap_or(Gravity::Critical);
        demands().any(|why| severity(&why.origin.requirement) >= least) || demands().next().is_none()
    });
    here && risky && grave
}

/// The steps in the cells that a floor is about.
fn concerned(floor: &AnchoredApproval, plan: &Plan) -> BTreeSet<usize> {
    let here = |step: &Step| {
        let anywhere = floor.cells.is_empty();
        during(floor.emergency, plan)
            && (anywhere
                || floor.cells.iter().any(|cell| cell.holds(&step.object.cell) || step.object.cell.holds(cell)))
    };
    plan.steps.iter().enumerate().filter(|(_, step)| here(step)).map(|(at, _)| at).collect()
}

/// What an approval of the profile asks for less than a floor.
fn lacks(asked: &Asked<'_>, floor: &AnchoredApproval, steps: &BTreeSet<usize>) -> Option<String> {
    let approval = asked.approval;
    let span = |seconds: u64| Duration::of_seconds(seconds).to_string();
    if approval.required < floor.required {
        return Some(format!("{} in place of {}", approval.required, floor.required));
    }
    if floor.not_author && !approval.not_author {
        return Some("the author may approve".to_owned());
    }
    if approval.valid_for > floor.valid_for {
        return Some(format!("they count for {} in place of {}", span(approval.valid_for), span(floor.valid_for)));
    }
    let left = steps.difference(&asked.steps).count();
    (left > 0).then(|| format!("{left} of {} steps are left out", steps.len()))
}

fn too_low(floor: &AnchoredApproval, steps: &BTreeSet<usize>, asked: &[Asked<'_>]) -> Diagnostic {
    let cells: Vec<String> = floor.cells.iter().map(|cell| format!("`{cell}`")).collect();
    let place = if cells.is_empty() { String::new() } else { format!(" in {}", cells.join(", ")) };
    let seen = if asked.is_empty() { "none" } else { "less" };
    let detail = format!(
        "the anchor demands {} for what this plan changes{place} (`approval.{}`), and the profile asks for {seen}",
        approvals(floor.required),
        floor.name
    );
    let mut diagnostic = Diagnostic::error(code::APPROVAL_FLOOR, floor.span, detail).says("demanded here");
    for asked in asked {
        let why = lacks(asked, floor, steps).unwrap_or_default();
        diagnostic = diagnostic.label(asked.approval.span, why);
    }
    let author = if floor.not_author { "" } else { "  not_author = false\n" };
    let emergency = floor.emergency.map(|only| format!("  emergency = {only}\n")).unwrap_or_default();
    let block = format!(
        "approval \"{}\" {{\n  required = {}\n  signers  = file(\"allowed_signers\")\n{author}{emergency}}}",
        floor.name, floor.required
    );
    diagnostic.paste(block)
}

/// "1 approval", "2 approvals".
#[must_use]
pub fn approvals(number: u32) -> String {
    if number == 1 { "1 approval".to_owned() } else { format!("{number} approvals") }
}
