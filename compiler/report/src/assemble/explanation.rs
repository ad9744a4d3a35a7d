//! What bears on one setting: every origin, how they meet, what is legal, what live is, what becomes of it.

use super::changes::{Cures, controls};
use super::{judged, words};
use crate::report::Report;
use crate::report::change::Origin;
use crate::report::explanation::{Explanation, Judged};
use ordain_engine::constraints::{self, Constraints};
use ordain_engine::findings::{Field, FieldOrigin, Finding, Findings, Judgement, Outcome, Subject};
use ordain_engine::observed::Observed;
use ordain_engine::plan::Plan;
use ordain_model::address::SettingAddress;
use ordain_model::bound::Bound;
use ordain_model::schema::{Kind, Setting};

/// A report about one setting; none when nothing in the profile bears on it.
#[must_use]
pub fn explain(
    address: &SettingAddress,
    constraints: &Constraints,
    findings: &Findings,
    plan: &Plan,
    observed: &Observed,
) -> Option<Report> {
    let kind = constraints.kinds.get(&*address.object.kind)?;
    let setting = kind.setting(&address.setting.name)?;
    let about = |finding: &&Finding| matches!(&finding.subject, Subject::Setting(of) if of == address);
    let rows: Vec<&Finding> = findings.findings.iter().filter(about).collect();
    let field = findings.fields.iter().find(|field| field.address == *address);
    if rows.is_empty() && field.is_none() {
        return None;
    }
    let mut report = judged::report("explain", findings, &Cures::of(plan), observed);
    let subject = Subjects { address, kind, setting, constraints, findings, rows, field };
    report.explanation = Some(subject.explanation(&Cures::of(plan)));
    Some(report)
}

struct Subjects<'a> {
    address: &'a SettingAddress,
    kind: &'static Kind,
    setting: &'static Setting,
    constraints: &'a Constraints,
    findings: &'a Findings,
    rows: Vec<&'a Finding>,
    field: Option<&'a Field>,
}

impl Subjects<'_> {
    fn explanation(&self, cures: &Cures) -> Explanation {
        let own = self.rows.iter().filter_map(|row| self.own(row));
        let known: Vec<Judged> = own.collect();
        let others = self.field.into_iter().flat_map(|field| &field.origins);
        let others = others.filter(|from| from.view.is_some() || !from.demanded).map(other);
        Explanation {
            address: self.address.to_string(),
            summary: self.setting.summary.into(),
            live: self.live(),
            bound: self.field.map(|field| field.bound.to_string()).or_else(|| self.meet()),
            legal: constraints::domain(self.kind, self.setting),
            outcome: self.outcome(cures),
            fields: self.behind(),
            class: self.setting.join.is_none().then_some(self.setting.class),
            origins: known.into_iter().chain(others).collect(),
        }
    }

    /// A line of `must` that names this setting.
    fn own(&self, row: &Finding) -> Option<Judged> {
        let claim = self.findings.claims.get(row.claim as usize)?;
        let origin = claim.demands.get(row.demand? as usize)?;
        let origin = Origin {
            requirement: origin.requirement.clone(),
            title: origin.title.clone(),
            view: None,
            bound: origin.bound.clone(),
            place: origin.place.clone(),
            controls: controls(&origin.citations),
        };
        Some(Judged { origin, verdict: Some(row.judgement.verdict()), enforced: claim.enforced })
    }

    /// The enforced bounds met, for a setting that lives within them.
    fn meet(&self) -> Option<String> {
        let enforced = self.rows.iter().filter(|row| self.findings.claims[row.claim as usize].enforced);
        let bounds: Vec<&Bound> = enforced
            .filter_map(|row| {
                Some(
                    &self
                        .constraints
                        .config
                        .requirements
                        .get(row.claim as usize)?
                        .demands
                        .get(row.demand? as usize)?
                        .bound,
                )
            })
            .collect();
        (!bounds.is_empty()).then(|| Bound::meet_all(bounds).to_string())
    }

    fn live(&self) -> String {
        let known = self.rows.iter().find_map(|row| row.live.as_ref());
        let known = known.or(self.field.map(|field| &field.before)).map(words::value);
        let reason = || self.rows.iter().find_map(|row| judged::reason(&row.judgement));
        known.or_else(reason).unwrap_or_else(|| "not known".to_owned())
    }

    fn behind(&self) -> Vec<String> {
        let fields =
            self.rows.iter().flat_map(|row| row.fields.iter()).filter_map(|at| self.findings.fields.get(*at as usize));
        let mut names: Vec<String> =
            fields.filter(|field| field.address != *self.address).map(|field| field.address.to_string()).collect();
        names.sort();
        names.dedup();
        names
    }

    fn outcome(&self, cures: &Cures) -> String {
        if let Some(field) = self.field {
            return match &field.outcome {
                Outcome::Stays => "it stays as it is".to_owned(),
                Outcome::None(why) => words::no_step(why),
                Outcome::Broken(why) => format!("broken: {why}"),
                Outcome::Change(after) => match cures.step(self.address) {
                    Some(number) => format!("it goes to {}, in step {number} of the plan", words::value(after)),
                    None => cures
                        .withheld(self.address)
                        .cloned()
                        .unwrap_or_else(|| format!("it would go to {}", words::value(after))),
                },
            };
        }
        let no_step = self.rows.iter().find_map(|row| match &row.judgement {
            Judgement::Unmet(Some(why)) => Some(words::no_step(why)),
            Judgement::Unknown(_) => Some("it is not known, so nothing is done".to_owned()),
            Judgement::Broken(why) => Some(format!("broken: {why}")),
            _ => None,
        });
        no_step.unwrap_or_else(|| "it stays as it is".to_owned())
    }
}

/// An origin that reached the field through a view, or a rule of the API.
fn other(from: &FieldOrigin) -> Judged {
    let origin = Origin {
        requirement: from.origin.requirement.clone(),
        title: from.origin.title.clone(),
        view: from.view.as_ref().map(ToString::to_string),
        bound: from.origin.bound.clone(),
        place: from.origin.place.clone(),
        controls: controls(&from.origin.citations),
    };
    Judged { origin, verdict: None, enforced: true }
}
