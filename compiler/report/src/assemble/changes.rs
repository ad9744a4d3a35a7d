//! Steps, movements and the ledger as reports show them.

use super::words;
use crate::report::change::{
    BlastRadius, Calls, Change, Ledger, LedgerEntry, Movement, Origin, Precondition, Step, Undo, Withheld,
};
use crate::report::finding::ControlReference;
use ordain_engine::constraints::{self, Citation};
use ordain_engine::drift::{Drift, Moved, Since, Violation};
use ordain_engine::findings::{Findings, Subject};
use ordain_engine::plan::{Plan, Why, WhyWithheld};
use ordain_model::Text;
use ordain_model::address::{ObjectAddress, SettingAddress};
use std::collections::{BTreeMap, BTreeSet};

/// Which step of a plan changes a field, or why none does.
#[derive(Debug, Default)]
pub(super) struct Cures {
    steps: BTreeMap<SettingAddress, usize>,
    withheld: BTreeMap<SettingAddress, String>,
}

impl Cures {
    pub(super) fn of(plan: &Plan) -> Cures {
        let mut cures = Cures::default();
        for (at, step) in plan.steps.iter().enumerate() {
            for setting in step.changes.keys() {
                cures.steps.insert(step.object.setting(setting.clone()), at + 1);
            }
        }
        cures.withheld =
            plan.withheld.iter().map(|change| (change.address.clone(), reason(&change.address, &change.why))).collect();
        cures
    }

    /// The number of the step that changes a field.
    pub(super) fn step(&self, field: &SettingAddress) -> Option<usize> {
        self.steps.get(field).copied()
    }

    /// Why a change of a field has no step.
    pub(super) fn withheld(&self, field: &SettingAddress) -> Option<&String> {
        self.withheld.get(field)
    }
}

/// The line to paste. Until somebody writes an address there it does not read: one that is nobody's would pass as a proof.
const KEEP_ACCESS: &str = "`keep_access = [\"YOUR-ADDRESS/32\"]`";

fn reason(address: &SettingAddress, why: &WhyWithheld) -> String {
    match why {
        WhyWithheld::NotAllowed(lost) => format!("no step: {lost}; to allow it: --allow '{address}'"),
        WhyWithheld::NotSelected => "no step: left out by --only or --except".to_owned(),
        WhyWithheld::Managed(managers) => {
            let who: Vec<String> =
                managers.iter().map(|manager| format!("{} ({})", manager.resource, manager.state)).collect();
            format!("no step: Terraform sets it by {}; to change it here: --allow '{address}'", who.join(" and "))
        }
        WhyWithheld::NoWayBack(why) => format!("no way back: {why}"),
        WhyWithheld::LocksOut(who) => format!("blocked: {who} must keep access (keep_access) and would lose it"),
        WhyWithheld::NoKeepAccess(target) => format!(
            "blocked: it narrows who gets in; add keep_access to target {target}, the addresses that must not lose access: {KEEP_ACCESS}"
        ),
        WhyWithheld::Prerequisite(first) => format!("no step: {first} has to change first, and is withheld"),
    }
}

/// The steps of a plan.
pub(super) fn steps(plan: &Plan) -> Vec<Step> {
    let step = |(at, step): (usize, &ordain_engine::plan::Step)| Step {
        number: at + 1,
        object: step.object.to_string(),
        unit: step.unit.clone(),
        class: step.class,
        changes: step.changes.iter().map(|(setting, of)| change(setting.to_string(), of)).collect(),
        after: step.after.iter().map(|before| before + 1).collect(),
        prerequisite: step.changes.values().all(|change| !change.why.iter().any(|why| why.demanded)),
        narrows_access: step.narrows_access,
        exceptions: step.exceptions.iter().map(|(address, until)| (address.clone(), until.to_string())).collect(),
        upcoming: step.upcoming.iter().map(|(address, from)| (address.clone(), from.to_string())).collect(),
        preconditions: preconditions(step),
        token: step.token.clone(),
        blast_radius: BlastRadius {
            objects: step.blast_radius.objects(&step.object).len(),
            requirements: step.blast_radius.requirements.iter().cloned().collect(),
            views: step.blast_radius.views.iter().map(ToString::to_string).collect(),
        },
        calls: Calls {
            look: step.calls.look,
            write: step.calls.write,
            read_back: step.calls.read_back,
            total: step.calls.total(),
            waits: step.calls.waits.iter().cloned().collect(),
        },
    };
    plan.steps.iter().enumerate().map(step).collect()
}

/// Every value that decided a step, by address.
fn preconditions(step: &ordain_engine::plan::Step) -> Vec<Precondition> {
    let of = step.preconditions.iter().flat_map(|(object, values)| {
        let attributes = values.attributes.iter().map(move |(name, value)| (format!("{object}.{name}"), value));
        let settings = values.settings.iter().map(move |(name, value)| (format!("{object}#{name}"), value));
        attributes.chain(settings)
    });
    of.map(|(about, value)| Precondition { about, value: words::json(value) }).collect()
}

fn change(setting: String, change: &ordain_engine::plan::Change) -> Change {
    Change {
        setting,
        before: words::json(&change.before),
        after: words::json(&change.after),
        direction: change.direction,
        lost: change.lost.clone(),
        shuts_out: members(change.shuts_out.as_ref()),
        undo: match &change.undo {
            ordain_engine::plan::Undo::Possible(lost) => Undo { possible: true, detail: lost.clone() },
            ordain_engine::plan::Undo::Impossible(why) => Undo { possible: false, detail: Some(why.clone()) },
        },
        origins: change.why.iter().map(origin).collect(),
    }
}

fn members(list: Option<&serde_json::Value>) -> Vec<String> {
    let members = list.and_then(serde_json::Value::as_array).into_iter().flatten();
    members.filter_map(serde_json::Value::as_str).map(str::to_owned).collect()
}

fn origin(why: &Why) -> Origin {
    origin_of(&why.origin, why.view.as_ref().map(ToString::to_string))
}

/// An origin, with the view through which it reached a field.
pub(super) fn origin_of(origin: &constraints::Origin, view: Option<String>) -> Origin {
    Origin {
        requirement: origin.requirement.clone(),
        title: origin.title.clone(),
        view,
        bound: origin.bound.clone(),
        place: origin.place.clone(),
        module: origin.module.clone(),
        controls: controls(&origin.citations),
    }
}

/// Controls as reports name them.
pub(super) fn controls(citations: &[Citation]) -> Vec<ControlReference> {
    let one = |citation: &Citation| ControlReference {
        framework: citation.control.framework.clone(),
        id: citation.control.id.clone(),
        strength: citation.strength,
    };
    citations.iter().map(one).collect()
}

/// Changes without a step.
pub(super) fn withheld(plan: &Plan) -> Vec<Withheld> {
    let one = |change: &ordain_engine::plan::Withheld| Withheld {
        address: change.address.to_string(),
        before: words::json(&change.before),
        after: words::json(&change.after),
        why: reason(&change.address, &change.why),
        managers: match &change.why {
            WhyWithheld::Managed(managers) => managers.clone(),
            _ => Vec::new(),
        },
        origins: change.origins.iter().map(origin).collect(),
    };
    plan.withheld.iter().map(one).collect()
}

/// Violations, then what moved, went and came. What moved out of its bound is told once, as the violation that it is.
pub(super) fn movements(findings: &Findings, drift: &Drift) -> Vec<Movement> {
    let moved: BTreeMap<String, &Moved> = drift.moved.iter().map(|moved| (moved.address.to_string(), moved)).collect();
    let violations: Vec<Movement> = drift.violations.iter().filter_map(|of| violation(findings, of, &moved)).collect();
    let told: BTreeSet<String> = violations.iter().map(|violation| violation.address.clone()).collect();
    let owners = Owners::of(findings);
    let moved = moved.into_iter().filter(|(address, _)| !told.contains(address)).map(|(address, moved)| Movement {
        before: Some(words::reading(&moved.before)),
        after: Some(words::reading(&moved.after)),
        owner: owners.of_object(&moved.address.object),
        ..Movement::bare(if moved.met { "moved" } else { "moved_out" }, address)
    });
    let whole = |what: &'static str, object: &ObjectAddress| Movement {
        owner: owners.of_object(object),
        ..Movement::bare(what, object.to_string())
    };
    let gone = drift.gone.iter().map(|object| whole("gone", object));
    let appeared = drift.appeared.iter().map(|object| whole("appeared", object));
    let rest: Vec<Movement> = moved.chain(gone).chain(appeared).collect();
    violations.into_iter().chain(rest).collect()
}

/// Who answers for objects.
struct Owners<'f> {
    findings: &'f Findings,
    named: BTreeMap<&'f ObjectAddress, &'f Text>,
}

impl<'f> Owners<'f> {
    fn of(findings: &'f Findings) -> Owners<'f> {
        let named = findings.findings.iter().rev().filter_map(|finding| match &finding.subject {
            Subject::Setting(setting) => Some((&setting.object, finding.owner.as_ref()?)),
            _ => None,
        });
        Owners { findings, named: named.collect() }
    }

    /// Who answers for the first finding on the object, else for the first target that covers its cell and says so.
    fn of_object(&self, object: &ObjectAddress) -> Option<Text> {
        let targets = || self.findings.covering.get(&object.cell).into_iter().flatten();
        let of_target = || targets().find_map(|target| self.findings.owners.get(target));
        self.named.get(object).copied().or_else(of_target).cloned()
    }
}

fn violation(findings: &Findings, of: &Violation, moved: &BTreeMap<String, &Moved>) -> Option<Movement> {
    let (what, since) = match of.since {
        Since::Unknown => ("violation", None),
        Since::New => ("violation", Some("new")),
        Since::Recurring => ("violation", Some("recurring")),
        Since::Resolved => ("resolved", None),
    };
    let finding = findings.findings.get(of.finding)?;
    let claim = findings.claim(finding);
    let demand = finding.demand.and_then(|at| claim.demands.get(at as usize));
    let address = subject(&finding.subject, &claim.address);
    Some(Movement {
        what,
        since,
        before: moved.get(&address).map(|moved| words::reading(&moved.before)),
        id: finding.id(claim),
        requirement: Some(claim.address.clone()),
        severity: Some(claim.severity),
        owner: finding.owner.clone(),
        controls: controls(&claim.citations),
        address,
        after: finding.live.as_ref().map(words::value),
        bound: demand.map(|origin| origin.bound.clone()),
        title: Some(claim.title.clone()),
        place: Some(demand.map_or(&claim.place, |origin| &origin.place).clone()),
        enforced: finding.enforced,
    })
}

/// What a finding is about, as an address.
pub(super) fn subject(subject: &Subject, claim: &str) -> String {
    match subject {
        Subject::Target(name) => format!("target {name}"),
        Subject::Listing(cell, kind) | Subject::Count(cell, kind) => format!("{cell}/{kind}"),
        Subject::Setting(address) => address.to_string(),
        Subject::Assertion => claim.to_owned(),
    }
}

/// What became of the steps.
pub(super) fn ledger(closing: &ordain_engine::journal::Ledger) -> Ledger {
    let entry = |(at, entry): (usize, &ordain_engine::journal::Entry)| LedgerEntry {
        number: at + 1,
        object: entry.object.to_string(),
        outcome: entry.outcome.word(),
        detail: entry.outcome.detail().cloned(),
        unit: entry.unit.clone(),
    };
    let mut counts = BTreeMap::new();
    for entry in &closing.entries {
        *counts.entry(entry.outcome.word()).or_default() += 1;
    }
    Ledger {
        plan: closing.plan.to_string(),
        entries: closing.entries.iter().enumerate().map(entry).collect(),
        counts,
        journal: None,
        apply: None,
        revert: None,
    }
}
