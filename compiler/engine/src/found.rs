//! [`Found`]: the strictest demands that what was found satisfies, by kind and target.
//!
//! What is asked for is asked by a probe: a profile with a requirement for each kind and target ([`PROBE`]) that demands
//! only that every setting has a value. So views, keys and what could not be read are judged as in any other profile.

use crate::constraints::Constraints;
use crate::findings::{Finding, Findings, Judgement, Subject};
use ordain_language::config::{Demand, Requirement};
use ordain_model::Text;
use ordain_model::address::SettingName;
use ordain_model::bound::Bound;
use ordain_model::observation::Reason;
use ordain_model::schema::Kind;
use ordain_model::value::Value;
use std::collections::BTreeMap;

/// The first words of a name of a requirement about what was found; the target's label stands behind them where there are
/// several targets.
pub const PROBE: &str = "as_found";

/// What the objects of a kind in a target have in common.
#[derive(Clone, Debug)]
pub struct Found {
    /// Name of the probe's requirement.
    pub name: Text,
    /// The kind.
    pub kind: &'static Kind,
    /// The target.
    pub target: Text,
    /// By setting, the strictest bound that all of them satisfy.
    pub demands: BTreeMap<SettingName, Bound>,
    /// What is not demanded, and why.
    pub open: BTreeMap<SettingName, Open>,
    /// Why no demand on the kind could be met for sure: objects may be missing.
    pub incomplete: Option<Reason>,
}

/// Why a setting is left open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Open {
    /// It could not be read everywhere.
    Unknown(Reason),
    /// No bound says what was found, or one that says it would admit everything.
    Anything,
}

/// What findings of a probe say. Kinds without objects are left out.
#[must_use]
pub fn found(constraints: &Constraints, findings: &Findings) -> Vec<Found> {
    let mut rows: BTreeMap<u32, Vec<&Finding>> = BTreeMap::new();
    for finding in &findings.findings {
        rows.entry(finding.claim).or_default().push(finding);
    }
    let probes = constraints.config.requirements.iter().zip(0..).filter(|(requirement, _)| is_probe(requirement));
    let of = |(requirement, claim): (&Requirement, u32)| of(requirement, rows.get(&claim).map_or(&[], Vec::as_slice));
    probes.filter_map(of).collect()
}

/// Whether a requirement of the root module is one about what was found.
fn is_probe(requirement: &Requirement) -> bool {
    requirement.module.is_empty() && name(requirement).is_some_and(|name| name.starts_with(PROBE))
}

fn name(requirement: &Requirement) -> Option<&str> {
    requirement.address.strip_prefix("require.")?.strip_prefix(requirement.kind.name)?.strip_prefix('.')
}

fn of(requirement: &Requirement, findings: &[&Finding]) -> Option<Found> {
    let unknown = |finding: &&&Finding| match (&finding.subject, &finding.judgement) {
        (Subject::Target(_) | Subject::Listing(..), Judgement::Unknown(reason)) => Some(reason.clone()),
        _ => None,
    };
    let mut found = Found {
        name: name(requirement)?.into(),
        kind: requirement.kind,
        target: requirement.targets.first()?.clone(),
        demands: BTreeMap::new(),
        open: BTreeMap::new(),
        incomplete: findings.iter().find_map(|finding| unknown(&finding)),
    };
    if found.incomplete.is_some() {
        return Some(found);
    }
    let mut values: BTreeMap<u32, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        finding.demand.iter().for_each(|demand| values.entry(*demand).or_default().push(finding));
    }
    for (demand, findings) in values.iter().filter_map(|(at, of)| Some((requirement.demands.get(*at as usize)?, of))) {
        match strictest(demand, findings) {
            Ok(Some(bound)) => drop(found.demands.insert(demand.name(), bound)),
            Ok(None) => {}
            Err(open) => drop(found.open.insert(demand.name(), open)),
        }
    }
    leave_to_rules(found.kind, &mut found.demands);
    Some(found).filter(|found| !found.demands.is_empty() || !found.open.is_empty())
}

/// Takes out what a rule of the API asks for by itself, given the other demands: an allowlist beside an endpoint that is
/// switched off says nothing.
fn leave_to_rules(kind: &Kind, demands: &mut BTreeMap<SettingName, Bound>) {
    for rule in kind.rules {
        let (must, then) = ((rule.must)(), SettingName::plain(rule.then));
        let caused = demands.get(&SettingName::plain(rule.when)).is_some_and(|bound| bound.implies(&(rule.is)()));
        if caused && demands.get(&then).is_some_and(|bound| must.implies(bound) && !bound.implies(&must)) {
            demands.remove(&then);
        }
    }
}

/// The strictest bound on what was read; none where no object has the setting.
fn strictest(demand: &Demand, findings: &[&Finding]) -> Result<Option<Bound>, Open> {
    let mut values: Vec<&Value> = Vec::with_capacity(findings.len());
    for finding in findings {
        match &finding.judgement {
            Judgement::Unknown(reason) => return Err(Open::Unknown(reason.clone())),
            Judgement::NotApplicable(_) | Judgement::ProviderFixed(_) => {}
            _ => values.push(finding.live.as_ref().unwrap_or(&Value::Null)),
        }
    }
    if values.is_empty() {
        return Ok(None);
    }
    let setting = demand.setting;
    Bound::strictest(values, &setting.domain, setting.of, setting.stricter).map(Some).ok_or(Open::Anything)
}
