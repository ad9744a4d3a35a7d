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
use ordain_model::schema::{Kind, OwnerField, OwnerPlace, Owners, Setting};

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
    let rows: Vec<(&SettingAddress, &Finding)> = findings
        .findings
        .iter()
        .filter_map(|finding| match &finding.subject {
            Subject::Setting(of) => Some((of, finding)),
            _ => None,
        })
        .collect();
    let about = |of: &SettingAddress| {
        *of == *address || covers(setting, of, address) || views(constraints, observed, of, address)
    };
    let rows: Vec<_> = rows.into_iter().filter(|(of, _)| about(of)).collect();
    let field = findings.fields.iter().find(|field| field.address == *address);
    if rows.is_empty() && field.is_none() {
        return None;
    }
    let mut report = judged::report("explain", findings, Some(&Cures::of(plan)), observed);
    let behind = owners(constraints, observed, address);
    let subject = Bearing { address, kind, setting, constraints, findings, rows, field, behind };
    report.explanation = Some(subject.explanation(&Cures::of(plan)));
    Some(report)
}

/// Whether a bound on one key of an object's setting binds another key too.
fn covers(setting: &Setting, of: &SettingAddress, address: &SettingAddress) -> bool {
    let same = of.object == address.object && of.setting.name == address.setting.name;
    match (&setting.keyed, &of.setting.key, &address.setting.key) {
        (Some(keyed), Some(first), Some(second)) => same && (keyed.covers)(first, second),
        _ => false,
    }
}

/// Whether a setting is a view of the field at an address.
fn views(constraints: &Constraints, observed: &Observed, of: &SettingAddress, address: &SettingAddress) -> bool {
    owners(constraints, observed, of).iter().any(|field| {
        let place = field.place == OwnerPlace::AnyCell || of.object.cell == address.object.cell;
        place
            && *field.kind == *address.object.kind
            && field.id == address.object.id
            && field.setting == address.setting
    })
}

/// The fields behind a setting; none where it is no view, or where they are not known.
fn owners(constraints: &Constraints, observed: &Observed, of: &SettingAddress) -> Vec<OwnerField> {
    let join = || constraints.kinds.get(&*of.object.kind)?.setting(&of.setting.name)?.join.as_ref();
    let record = || observed.list(&of.object.cell, &of.object.kind)?.get(&of.object.id);
    let (Some(join), Some(record)) = (join(), record()) else { return Vec::new() };
    match (join.owners)(&of.object, &record.object) {
        Owners::Fields(fields) => fields,
        Owners::Value(_) | Owners::NotApplicable(_) | Owners::Unknown(_) => Vec::new(),
    }
}

/// What bears on a setting.
struct Bearing<'a> {
    address: &'a SettingAddress,
    kind: &'static Kind,
    setting: &'static Setting,
    constraints: &'a Constraints,
    findings: &'a Findings,
    /// The lines of `must` that bind it: by its own address, a covering key's or a view's.
    rows: Vec<(&'a SettingAddress, &'a Finding)>,
    field: Option<&'a Field>,
    /// The fields that it shows, where it is a view.
    behind: Vec<OwnerField>,
}

impl Bearing<'_> {
    fn explanation(&self, cures: &Cures) -> Explanation {
        let lines = self.rows.iter().filter_map(|(of, row)| self.line(of, row));
        let rules = self.field.into_iter().flat_map(|field| &field.origins).filter(|from| !from.demanded).map(rule);
        Explanation {
            address: self.address.to_string(),
            summary: self.setting.summary.into(),
            live: self.live(),
            origins: lines.chain(rules).collect(),
            bound: self.field.map(|field| field.bound.to_string()).or_else(|| self.meet()),
            legal: constraints::domain(self.kind, self.setting),
            outcome: self.outcome(cures),
            fields: self.behind.iter().map(|field| format!("{}/{}#{}", field.kind, field.id, field.setting)).collect(),
            class: self.setting.join.is_none().then_some(self.setting.class),
        }
    }

    /// A line of `must` with its verdict.
    fn line(&self, of: &SettingAddress, row: &Finding) -> Option<Judged> {
        let claim = self.findings.claims.get(row.claim as usize)?;
        let origin = claim.demands.get(row.demand? as usize)?;
        let view = (*of != *self.address).then(|| of.to_string());
        Some(Judged {
            origin: origin_of(origin, view),
            verdict: Some(row.judgement.verdict()),
            enforced: claim.enforced,
        })
    }

    /// The enforced bounds met, for a setting that lives within them.
    fn meet(&self) -> Option<String> {
        let enforced = self.rows.iter().filter(|(_, row)| self.findings.claim(row).enforced);
        let requirements = &self.constraints.config.requirements;
        let bound =
            |row: &Finding| Some(&requirements.get(row.claim as usize)?.demands.get(row.demand? as usize)?.bound);
        let bounds: Vec<&Bound> = enforced.filter_map(|(_, row)| bound(row)).collect();
        (!bounds.is_empty()).then(|| Bound::meet_all(bounds).to_string())
    }

    fn live(&self) -> String {
        let known = self.field.map(|field| &field.before).or(self.rows.iter().find_map(|(_, row)| row.live.as_ref()));
        let known = known.map(words::value);
        let reason = || self.rows.iter().find_map(|(_, row)| judged::reason(&row.judgement));
        known.or_else(reason).unwrap_or_else(|| "not known".to_owned())
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
        let no_step = self.rows.iter().find_map(|(_, row)| match &row.judgement {
            Judgement::Unmet(Some(why)) => Some(words::no_step(why)),
            Judgement::Unknown(_) => Some("it is not known, so nothing is done".to_owned()),
            Judgement::Broken(why) => Some(format!("broken: {why}")),
            _ => None,
        });
        no_step.unwrap_or_else(|| "it stays as it is".to_owned())
    }
}

/// A rule of the API.
fn rule(from: &FieldOrigin) -> Judged {
    Judged { origin: origin_of(&from.origin, None), verdict: None, enforced: true }
}

fn origin_of(origin: &constraints::Origin, view: Option<String>) -> Origin {
    Origin {
        requirement: origin.requirement.clone(),
        title: origin.title.clone(),
        view,
        bound: origin.bound.clone(),
        place: origin.place.clone(),
        controls: controls(&origin.citations),
    }
}
