//! What bears on one setting: every origin, how they meet, what is legal, what live is, what becomes of it.

use super::changes::{Cures, origin_of};
use super::{judged, words};
use crate::report::Report;
use crate::report::explanation::{Explanation, Judged};
use ordain_engine::constraints::{self, Constraints};
use ordain_engine::findings::{Field, Finding, Findings, Judgement, Outcome, Subject};
use ordain_engine::observed::Observed;
use ordain_engine::plan::Plan;
use ordain_model::address::SettingAddress;
use ordain_model::bound::{Bound, Nearest};
use ordain_model::conclusion::Conclusion;
use ordain_model::direction::Direction;
use ordain_model::schema::{Kind, OwnerField, OwnerPlace, Owners, Rule, Setting};
use ordain_model::types::Type;
use ordain_model::verdict::Verdict;

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
    let behind = owners(constraints, observed, address);
    let subject = Bearing { address, kind, setting, constraints, findings, observed, rows, field, behind };
    Some(subject.report(&Cures::of(plan)))
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
    observed: &'a Observed,
    /// The lines of `must` that bind it: by its own address, a covering key's or a view's.
    rows: Vec<(&'a SettingAddress, &'a Finding)>,
    field: Option<&'a Field>,
    /// The fields that it shows, where it is a view.
    behind: Vec<OwnerField>,
}

impl Bearing<'_> {
    /// The verdict on this setting alone.
    fn report(&self, cures: &Cures) -> Report {
        let enforced = || self.rows.iter().filter(|(_, row)| row.enforced);
        let verdict = Conclusion::of(|verdict| enforced().any(|(_, row)| row.judgement.verdict() == verdict));
        let met = enforced().filter(|(_, row)| row.judgement.verdict() == Verdict::Met).count();
        let text = match enforced().count() as u64 {
            0 => "no enforced requirement binds it.".to_owned(),
            all => format!("{met} of {} met.", words::count(all, "enforced demand")),
        };
        let mut report = super::empty("explain", verdict, text);
        report.world = Some(judged::world(self.observed));
        report.inputs.world = Some(self.findings.world.to_string());
        report.explanation = Some(self.explanation(cures));
        report
    }

    fn explanation(&self, cures: &Cures) -> Explanation {
        let (origins, bound) = self.origins();
        Explanation {
            address: self.address.to_string(),
            summary: self.setting.summary.into(),
            live: self.live(),
            origins,
            bound: self.field.map(|field| field.bound.to_string()).or(bound.map(|bound| bound.to_string())),
            legal: constraints::domain(self.kind, self.setting),
            rules: self.rules(),
            outcome: self.outcome(cures),
            nearest: self.nearest(),
            fields: self.behind.iter().map(|field| format!("{}/{}#{}", field.kind, field.id, field.setting)).collect(),
            class: self.setting.join.is_none().then_some(self.setting.class),
        }
    }

    /// Every origin with what the enforced ones come to so far, and in the end.
    fn origins(&self) -> (Vec<Judged>, Option<Bound>) {
        let mut so_far: Option<Bound> = None;
        let mut met = |bound: Option<Bound>| {
            so_far = match (so_far.take(), bound) {
                (Some(above), Some(bound)) => Some(above.meet(&bound)),
                (above, bound) => above.or(bound),
            };
            so_far.as_ref().map(ToString::to_string)
        };
        let mut origins = Vec::new();
        for (of, row) in &self.rows {
            let Some((origin, bound)) = self.line(row) else { continue };
            let view = (*of != self.address).then(|| of.to_string());
            // What an exception takes out is no part of the meet.
            let stands = row.enforced && row.exception.is_none();
            let meet = stands.then(|| met(Some(bound.clone()))).flatten();
            let verdict = Some(row.judgement.verdict());
            origins.push(Judged { origin: origin_of(origin, view), verdict, enforced: row.enforced, meet });
        }
        for from in self.field.iter().flat_map(|field| &field.origins).filter(|from| !from.demanded) {
            let rule =
                self.kind.rules.iter().find(|rule| rule.then == self.setting.name && rule.why == &*from.origin.title);
            let meet = met(rule.and_then(|rule| Some(rule.demands(&self.record()?))));
            origins.push(Judged { origin: origin_of(&from.origin, None), verdict: None, enforced: true, meet });
        }
        (origins, so_far)
    }

    fn record(&self) -> Option<ordain_model::observation::Object> {
        let object = &self.address.object;
        Some(self.observed.list(&object.cell, &object.kind)?.get(&object.id)?.object.clone())
    }

    /// A line of `must`: where it stands, and what it demands.
    fn line(&self, row: &Finding) -> Option<(&constraints::Origin, &Bound)> {
        let claim = self.findings.claims.get(row.claim as usize)?;
        let at = row.demand? as usize;
        let demand = self.constraints.config.requirements.get(row.claim as usize)?.demands.get(at)?;
        Some((claim.demands.get(at)?, &demand.bound))
    }

    /// The rules of the API that tie this setting to others, whether they bind now or not.
    fn rules(&self) -> Vec<String> {
        let name = self.setting.name;
        let tied = self.kind.rules.iter().filter(|rule| rule.when == name || rule.then == name);
        let say = |rule: &Rule| {
            format!("when {} is {}, {} is {}: {}", rule.when, (rule.is)(), rule.then, (rule.must)(), rule.why)
        };
        tied.map(say).collect()
    }

    /// Why the step goes where it goes.
    fn nearest(&self) -> Option<String> {
        let field = self.field?;
        let Outcome::Change(after) = &field.outcome else { return None };
        let (bound, live) = (&field.bound, words::value(&field.before));
        let of_bound = self
            .origins()
            .1
            .map(|bound| bound.nearest(&field.before, &self.setting.domain, self.setting.of, self.setting.stricter));
        let mut remedies = self.rows.iter().filter_map(|(of, row)| {
            let requirement = self.constraints.config.requirements.get(row.claim as usize)?;
            (requirement.remedy.get(&of.setting)?.value == *after).then_some(&requirement.address)
        });
        // A remedy is asked only where the bound itself names no value.
        if let (Some(Nearest::None(why)), Some(named)) = (of_bound, remedies.next()) {
            return Some(format!("the remedy of {named}: {why}"));
        }
        let direction = Direction::of(&field.before, after, self.setting.of, self.setting.stricter);
        Some(match (self.setting.of, direction) {
            (Type::Cidrs, _) => format!("what {live} and `{bound}` have in common, and no address more"),
            (_, Direction::Loosen) => {
                format!("of the legal values that `{bound}` admits, all of which loosen, the nearest to {live}")
            }
            _ => format!("of the legal values that `{bound}` admits, the nearest to {live} that does not loosen"),
        })
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
            Judgement::Waived => Some("it is waived, so nothing is done".to_owned()),
            Judgement::Baselined => Some("it is baselined, so nothing is done".to_owned()),
            _ => None,
        });
        no_step.unwrap_or_else(|| "it stays as it is".to_owned())
    }
}
