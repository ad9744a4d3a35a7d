//! Reports of what the engine made: `plan`, `show`, `apply`, `drift`, `validate`, `explain`, `test`.

mod brakes;
mod changes;
mod diagram;
mod difference;
mod exceptions;
mod explanation;
mod judged;
mod requirement;
mod test_result;
mod words;

pub use diagram::{graph, graph_of_plan};
pub use difference::difference;
pub use explanation::explain;
pub use judged::Told;
pub use requirement::{effective, explain_requirement};
pub use test_result::{test, tests};

use crate::report::{ApprovalView, Conclusion, Headline, Inputs, ReferencePage, Remark, Report, World};
use brakes::brakes;
use changes::{Cures, ledger, movements, steps, withheld};
use ordain_engine::approval::Policy;
use ordain_engine::constraints::{Claim, Constraints};
use ordain_engine::drift::Drift;
use ordain_engine::findings::Findings;
use ordain_engine::journal::Ledger;
use ordain_engine::observed::Observed;
use ordain_engine::plan::{self, Plan};
use ordain_model::Text;
use ordain_model::digest::Digest;
use ordain_model::duration::Duration;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A report of findings and of the plan that cures them.
#[must_use]
pub fn plan(findings: &Findings, plan: &Plan, observed: &Observed) -> Report {
    let mut report = judged::report("plan", findings, Some(&Cures::of(plan)), observed);
    fill_plan(&mut report, plan);
    report
}

/// A report of findings and of what would cure them, for `report`.
#[must_use]
pub fn report(findings: &Findings, plan: &Plan, observed: &Observed, told: Told) -> Report {
    let mut report = judged::told("report", findings, Some(&Cures::of(plan)), observed, told);
    fill_plan(&mut report, plan);
    report
}

/// A report of a plan file: what apply would do, without the findings it was made from.
#[must_use]
pub fn show(plan: &Plan) -> Report {
    let changes = plan.steps.iter().map(|step| step.changes.len()).sum::<usize>();
    let text = match changes {
        0 => "the plan changes nothing.".to_owned(),
        _ => format!("the plan makes {}.", words::count(changes as u64, "change")),
    };
    let mut report = empty("show", Conclusion::Planned, text);
    fill_plan(&mut report, plan);
    report.world = Some(world(plan));
    report
}

/// What a plan says of the world that it was made from.
fn world(plan: &Plan) -> World {
    World {
        source: if plan.inputs.estate { "estate" } else { "live" },
        not_evidence: plan.inputs.estate.then(|| "the plan was made from an estate".to_owned()),
        taken_at: plan.inputs.taken_at.clone(),
        ..World::default()
    }
}

fn fill_plan(report: &mut Report, plan: &Plan) {
    report.steps = steps(plan);
    report.brakes = brakes(plan);
    report.withheld = withheld(plan);
    report.inputs = Inputs { plan: Some(plan.digest.to_string()), ..inputs(&plan.inputs) };
    mark_emergency(report);
}

/// A report of an apply. Findings are those that the plan was made from, where it was not read from a file: what has no
/// step is still unmet.
#[must_use]
pub fn apply(plan: &Plan, closing: &Ledger, judged: Option<(&Findings, &Observed)>) -> Report {
    let mut report = match judged {
        Some((findings, observed)) => judged::left(findings, &Cures::of(plan), observed),
        None => Report { world: Some(world(plan)), ..left_of(plan) },
    };
    report.steps = steps(plan);
    report.brakes = brakes(plan);
    report.inputs = Inputs { plan: Some(plan.digest.to_string()), ..inputs(&plan.inputs) };
    let book = ledger(closing);
    let done = closing.entries.iter().filter(|entry| entry.outcome.done()).count();
    let text = match (closing.entries.len(), done) {
        (0, _) => "there was nothing to do.".to_owned(),
        (all, done) if all == done => format!("{} as planned.", words::count(all as u64, "step")),
        (all, done) => format!("{} of {} not as planned.", all - done, words::count(all as u64, "step")),
    };
    let text = match &closing.error {
        Some(error) => format!("{error}, so what was done is not all recorded. {text}"),
        None => text,
    };
    if !closing.as_planned() {
        report.headline.verdict = Conclusion::Failed;
    }
    report.headline.text = format!("{text} {}", report.headline.text).trim_end().to_owned();
    report.ledger = Some(book);
    mark_emergency(&mut report);
    report
}

/// Says in the first line that changes were asked for in spite of change windows, and why.
fn mark_emergency(report: &mut Report) {
    if let Some(why) = &report.inputs.emergency {
        report.headline.text.push_str(&format!(" Emergency: {why}."));
    }
}

/// What a plan leaves, without the findings it was made from: what it withholds is unmet.
fn left_of(plan: &Plan) -> Report {
    match plan.withheld.len() as u64 {
        held if held > 0 && plan.inputs.reverts.is_some() => {
            empty("apply", Conclusion::Failed, format!("{} without a way back.", words::count(held, "change")))
        }
        0 => empty("apply", Conclusion::Applied, String::new()),
        held => empty("apply", Conclusion::Unmet, format!("{} withheld from the plan.", words::count(held, "change"))),
    }
}

/// A report of what violates the profile and what moved.
#[must_use]
pub fn drift(findings: &Findings, drift: &Drift, observed: &Observed, of: &plan::Inputs) -> Report {
    let mut report = judged::report("drift", findings, None, observed);
    report.inputs = inputs(of);
    report.drift = movements(findings, drift);
    let since: BTreeMap<&Text, &'static str> =
        report.drift.iter().filter_map(|movement| Some((&movement.id, movement.since?))).collect();
    for finding in &mut report.findings {
        finding.since = since.get(&finding.id).copied();
    }
    for assertion in &mut report.assertions {
        assertion.since = since.get(&assertion.id).copied();
    }
    report
}

/// A report of a profile that compiles: what could not be decided without a world.
#[must_use]
pub fn validate(constraints: &Constraints) -> Report {
    let text = format!(
        "{}, {}; {} undecided without a world.",
        words::count(constraints.claims.len() as u64, "requirement"),
        words::count(constraints.assertions.len() as u64, "assertion"),
        constraints.undecided.len(),
    );
    let mut report = empty("validate", Conclusion::Valid, text);
    let remark = |undecided: &ordain_engine::constraints::Undecided| Remark {
        about: undecided.about.to_string(),
        text: undecided.why.to_string(),
        place: Some(undecided.place.to_string()),
    };
    report.undecided = constraints.undecided.iter().map(remark).collect();
    let left_out =
        constraints.claims.iter().flat_map(|claim| claim.left_out.iter().map(move |left_out| (claim, left_out)));
    let remark = |(claim, (setting, place)): (&Arc<Claim>, &(Text, Text))| Remark {
        about: format!("{}#{setting}", claim.address),
        text: "nothing is demanded: its optional bound is null".into(),
        place: Some(place.to_string()),
    };
    report.left_out = left_out.map(remark).collect();
    report
}

/// A report of what was read and written to a file.
#[must_use]
pub fn snapshot(observed: &Observed, path: &str) -> Report {
    let objects: usize = observed.cells.values().flat_map(|kinds| kinds.values()).map(|list| list.objects.len()).sum();
    let text =
        format!("Wrote {path} with {}; its world is {}.", words::count(objects as u64, "object"), observed.world);
    let mut report = empty("snapshot", Conclusion::Valid, text);
    report.world = Some(judged::world(observed));
    report.inputs.world = Some(observed.world.to_string());
    report
}

/// A report that is a page of the reference.
#[must_use]
pub fn page(name: &'static str, text: impl Into<Text>) -> Report {
    let mut report = empty("explain", Conclusion::Valid, format!("the page of {name}."));
    report.page = Some(ReferencePage { name, text: text.into() });
    report
}

/// A report of a run that ended in errors: the messages are all there is.
#[must_use]
pub fn error(command: &'static str) -> Report {
    empty(command, Conclusion::Error, "there is no result; the messages say why.".to_owned())
}

fn empty(command: &'static str, verdict: Conclusion, text: String) -> Report {
    let headline = Headline { verdict, text, counts: BTreeMap::new(), observed: BTreeMap::new() };
    Report::new(command, headline)
}

fn named(digests: &BTreeMap<Text, Digest>) -> BTreeMap<Text, String> {
    digests.iter().map(|(name, digest)| (name.clone(), digest.to_string())).collect()
}

fn approval(policy: &Policy) -> ApprovalView {
    ApprovalView {
        address: policy.address.clone(),
        required: policy.required,
        not_author: policy.not_author,
        valid_for: Duration::of_seconds(policy.valid_for).to_string(),
        names: policy.names.iter().cloned().collect(),
    }
}

/// What a result is closed over; the digest of a plan comes from the plan.
fn inputs(of: &plan::Inputs) -> Inputs {
    Inputs {
        plan: None,
        version: Some(of.version.clone()),
        directory: Some(of.directory.clone()),
        world: of.world.map(|digest| digest.to_string()),
        anchor: of.anchor.map(|digest| digest.to_string()),
        approvals: of.approvals.iter().map(approval).collect(),
        envelope: of.envelope.map(|digest| digest.to_string()),
        targets: of.targets.clone(),
        schemas: named(&of.schemas),
        commit: of.commit.clone(),
        reverts: of.reverts.map(|digest| digest.to_string()),
        modules: named(&of.modules),
        variables: of.variables.clone(),
        only: of.only.iter().cloned().collect(),
        except: of.except.iter().cloned().collect(),
        allow: of.allow.iter().cloned().collect(),
        terraform_states: named(&of.terraform_states),
        baselined: of.baselined.iter().cloned().collect(),
        emergency: of.emergency.clone(),
        exceptions: of.exceptions.iter().map(|(address, until)| (address.clone(), until.to_string())).collect(),
    }
}
