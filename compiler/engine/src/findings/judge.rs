//! One verdict per obligation.

use super::chosen::{Choice, Chosen};
use super::in_force::InForce;
use super::{Field, Finding, Judgement, NoStep, Outcome, Subject, views};
use crate::constraints::Constraints;
use crate::observed::Observed;
use ordain_language::config::Requirement;
use ordain_model::Text;
use ordain_model::address::{ObjectAddress, SettingAddress};
use ordain_model::bound::Bound;
use ordain_model::observation::{Cause, Object, Reading, Reason};
use ordain_model::schema::{Join, Owners, Setting};
use ordain_model::value::Value;
use std::collections::BTreeMap;

/// What it takes to judge.
pub(super) struct Judge<'a> {
    pub(super) constraints: &'a Constraints,
    pub(super) observed: &'a Observed,
    pub(super) chosen: &'a [Chosen<'a>],
    pub(super) fields: &'a [Field],
    /// The fields by address.
    pub(super) place: BTreeMap<&'a SettingAddress, u32>,
    pub(super) in_force: &'a InForce<'a>,
}

/// One demand as its field is asked about it.
#[derive(Clone, Copy)]
struct Asked<'b> {
    /// The claim and its demand.
    place: (u32, u32),
    bound: &'b Bound,
    /// Whether its bound is in the enforced meet, if it is not overruled.
    enforced: bool,
}

/// A judgement with the live value and the fields it rests on.
type Judged = (Judgement, Option<Value>, Box<[u32]>);

impl Judge<'_> {
    /// Every obligation of a requirement, in the order of their subjects.
    pub(super) fn requirement(&self, claim: usize, findings: &mut Vec<Finding>) {
        let requirement = &self.constraints.config.requirements[claim];
        let finding = |subject: Subject, enforced: bool, judgement: Judgement, live, owner: Option<Text>| Finding {
            claim: claim as u32,
            demand: None,
            subject,
            enforced,
            judgement,
            live,
            fields: Box::default(),
            owner,
            exception: None,
        };
        for target in &requirement.targets {
            if let Some(reason) = self.unresolved(target) {
                let owner = self.constraints.config.targets.get(target).and_then(|target| target.owner.clone());
                let (subject, judgement) = (Subject::Target(target.clone()), Judgement::Unknown(reason));
                findings.push(finding(subject, requirement.enforced.contains(target), judgement, None, owner));
            }
        }
        let lists =
            || self.chosen.iter().filter_map(|list| Some((list, list.requirements.binary_search(&claim).ok()?)));
        for (list, column) in lists() {
            if let Some(reason) = &list.lacks {
                let subject = Subject::Listing(list.cell.clone(), list.name.clone());
                findings.push(finding(
                    subject,
                    list.enforced[column],
                    Judgement::Unknown(reason.clone()),
                    None,
                    self.target_owner(requirement, list),
                ));
            }
        }
        for (list, column) in lists() {
            if let Some(bound) = &requirement.objects {
                let (judgement, count) = self.count(list, column, &bound.value, list.enforced[column]);
                let subject = Subject::Count(list.cell.clone(), list.name.clone());
                let (live, owner) = (Some(Value::integer(count)), self.target_owner(requirement, list));
                findings.push(self.listed(finding(subject, list.enforced[column], judgement, live, owner)));
            }
        }
        for (list, column) in lists() {
            let owner = self.target_owner(requirement, list);
            for row in (0..list.records.len()).filter(|row| list.choice(*row, column) != Choice::No) {
                self.object(claim, list, (row, column), owner.as_ref(), findings);
            }
        }
    }

    /// Why it is not known which cells a target has, where it is not.
    fn unresolved(&self, target: &Text) -> Option<Reason> {
        let not_collected = || Reason::new(Cause::NotCollected, format!("the target `{target}` was not collected"));
        let none = || Reason::new(Cause::OutOfScope, format!("the target `{target}` covers no cell"));
        self.observed.targets.get(target).map_or_else(
            || Some(not_collected()),
            |seen| seen.unresolved.clone().or_else(|| seen.cells.is_empty().then(none)),
        )
    }

    /// An obligation per demand on one object.
    fn object(
        &self,
        claim: usize,
        list: &Chosen<'_>,
        (row, column): (usize, usize),
        owner: Option<&Text>,
        findings: &mut Vec<Finding>,
    ) {
        let requirement = &self.constraints.config.requirements[claim];
        let (record, choice, enforced) = (&list.records[row], list.choice(row, column), list.enforced[column]);
        let address = list.address(record);
        let owner = match &requirement.owner {
            Some(expression) => {
                let named = expression.text(&record.object, &address);
                named.ok().flatten().or_else(|| owner.cloned())
            }
            None => owner.cloned(),
        };
        for (at, demand) in requirement.demands.iter().enumerate() {
            let name = &self.constraints.claims[claim].demands[at].setting;
            let subject = address.setting(name.clone());
            let waiver = list.waivers(row, claim, name).in_force;
            let asked = Asked {
                place: (claim as u32, at as u32),
                bound: &demand.bound,
                enforced: enforced && waiver.is_none(),
            };
            let (judgement, live, fields) = match (choice, &demand.setting.join) {
                (Choice::Unknown(reason), _) => (
                    Judgement::Unknown(list.reason(reason)),
                    record.reading(name).and_then(Reading::value).cloned(),
                    Box::default(),
                ),
                (_, Some(join)) => {
                    self.view(&requirement.targets, asked, (demand.setting, join), &address, &record.object)
                }
                (_, None) => self.own(record.reading(name), asked, &subject),
            };
            let finding = Finding {
                claim: claim as u32,
                demand: Some(at as u32),
                subject: Subject::Setting(subject),
                enforced,
                judgement,
                live,
                fields,
                owner: owner.clone(),
                exception: waiver,
            };
            findings.push(self.excepted(finding));
        }
    }

    /// A waiver in force makes an unmet finding waived, and the baseline another one baselined. Nothing else changes.
    fn excepted(&self, finding: Finding) -> Finding {
        match (&finding.judgement, finding.exception) {
            (Judgement::Unmet(_) | Judgement::Broken(_), Some(_)) => {
                Finding { judgement: Judgement::Waived, fields: Box::default(), ..finding }
            }
            _ => self.listed(finding),
        }
    }

    /// A finding that is unmet, and in the baseline. Its fields are told where it was named to be cured.
    pub(super) fn listed(&self, finding: Finding) -> Finding {
        let unmet = matches!(finding.judgement, Judgement::Unmet(_) | Judgement::Broken(_));
        let group =
            unmet.then(|| self.in_force.listed(finding.claim as usize, || finding.subject.to_string())).flatten();
        let Some(group) = group else { return finding };
        let cured = match &finding.subject {
            Subject::Setting(setting) => self.in_force.named(finding.claim as usize, setting, group),
            _ => false,
        };
        let fields = if cured { finding.fields } else { Box::default() };
        Finding { judgement: Judgement::Baselined, exception: Some(group), fields, ..finding }
    }

    /// A demand on a setting of the object's own.
    fn own(&self, reading: Option<&Reading>, asked: Asked<'_>, address: &SettingAddress) -> Judged {
        let not_collected = || Reason::new(Cause::NotCollected, format!("`{}` was not collected", address.setting));
        let judgement = match reading {
            None => Judgement::Unknown(not_collected()),
            Some(Reading::NotApplicable(why)) => Judgement::NotApplicable(why.clone()),
            Some(Reading::Unknown(reason)) => Judgement::Unknown(reason.clone()),
            Some(Reading::ProviderFixed(evidence)) => {
                let broken = self.field(address).and_then(|(_, field)| asked.broken(field));
                broken.map_or_else(|| Judgement::ProviderFixed(evidence.clone()), |why| Judgement::Broken(why.clone()))
            }
            Some(Reading::Value(value) | Reading::Held(value, _)) if asked.bound.admits(value) => Judgement::Met,
            Some(Reading::Value(_) | Reading::Held(..)) => {
                let fields: Box<[u32]> = self.field(address).map(|(at, _)| at).into_iter().collect();
                return (self.unmet(&fields, asked), reading.and_then(Reading::value).cloned(), fields);
            }
        };
        (judgement, reading.and_then(Reading::value).cloned(), Box::default())
    }

    /// A demand on a view: it holds when it holds of each field that the view shows.
    fn view(
        &self,
        targets: &[Text],
        asked: Asked<'_>,
        (setting, join): (&'static Setting, &Join),
        viewer: &ObjectAddress,
        object: &Object,
    ) -> Judged {
        let (bound, enforced) = (asked.bound, asked.enforced);
        let fields = match (join.owners)(viewer, object) {
            Owners::NotApplicable(why) => return (Judgement::NotApplicable(why), None, Box::default()),
            Owners::Unknown(reason) => return (Judgement::Unknown(reason), None, Box::default()),
            Owners::Value(value) => {
                let met = bound.admits(&value);
                let judgement =
                    if met { Judgement::Met } else { no_field(enforced, "there is no field behind it yet".into()) };
                return (judgement, Some(value), Box::default());
            }
            Owners::Fields(fields) => fields,
        };
        let shown = fields.iter().map(|field| views::shown(self.observed, targets, &viewer.cell, field));
        let shown: Vec<(Reading, Option<SettingAddress>)> = shown.collect();
        let live = views::weakest(setting, shown.iter().filter_map(|(reading, _)| reading.value())).cloned();
        if let Some(reason) = shown.iter().find_map(|(reading, _)| match reading {
            Reading::Unknown(reason) => Some(reason),
            _ => None,
        }) {
            return (Judgement::Unknown(reason.clone()), live, Box::default());
        }
        let open: Vec<_> =
            shown.iter().filter(|(reading, _)| reading.value().is_some_and(|value| !bound.admits(value))).collect();
        if let Some((_, None)) = open.iter().find(|(_, address)| address.is_none()) {
            return (no_field(enforced, "its owner does not exist".into()), live, Box::default());
        }
        let own = &self.constraints.config.requirements[asked.place.0 as usize].enforced;
        let away = |address: &SettingAddress| !views::enforced_in(self.observed, own, &address.object.cell);
        if enforced && open.iter().filter_map(|(_, address)| address.as_ref()).any(away) {
            let why = "its owner lies in a target where the requirement only observes";
            return (no_field(enforced, why.into()), live, Box::default());
        }
        if !open.is_empty() {
            let places = open.iter().filter_map(|(_, address)| self.field(address.as_ref()?));
            let places: Box<[u32]> = places.map(|(at, _)| at).collect();
            return (self.unmet(&places, asked), live, places);
        }
        let judgement = match &shown[..] {
            [] => Judgement::NotApplicable("it shows no field".into()),
            [(Reading::ProviderFixed(evidence), _), ..] => Judgement::ProviderFixed(evidence.clone()),
            [(Reading::NotApplicable(why), _), rest @ ..]
                if rest.iter().all(|(reading, _)| reading.value().is_none()) =>
            {
                Judgement::NotApplicable(why.clone())
            }
            _ => Judgement::Met,
        };
        (judgement, live, Box::default())
    }

    /// How many objects there are, as far as it is known.
    fn count(&self, list: &Chosen<'_>, column: usize, bound: &Bound, enforced: bool) -> (Judgement, i64) {
        let count = |wanted: fn(Choice) -> bool| {
            (0..list.records.len()).filter(|row| wanted(list.choice(*row, column))).count() as i64
        };
        let least = count(|choice| choice == Choice::Yes);
        let greatest = match list.lacks {
            Some(_) => i64::MAX,
            None => least + count(|choice| matches!(choice, Choice::Unknown(_))),
        };
        let possible = Bound::integer_between(least, greatest);
        let judgement = match possible.meet(bound) {
            _ if possible.implies(bound) => Judgement::Met,
            none if none.is_nothing() => {
                Judgement::Unmet(Some(if enforced { NoStep::Check } else { NoStep::Observed }))
            }
            _ => {
                let unselected =
                    || Reason::new(Cause::Unreadable, "it is not known of every object whether it is selected");
                Judgement::Unknown(list.lacks.clone().unwrap_or_else(unselected))
            }
        };
        (judgement, least)
    }

    /// The verdict on a value outside the bound: what becomes of the fields behind it.
    fn unmet(&self, fields: &[u32], asked: Asked<'_>) -> Judgement {
        if !asked.enforced {
            return Judgement::Unmet(Some(NoStep::Observed));
        }
        let fields: Vec<&Field> = fields.iter().map(|at| &self.fields[*at as usize]).collect();
        let broken = fields.iter().find_map(|field| Some(Judgement::Broken(asked.broken(field)?.clone())));
        let stuck = fields.iter().find_map(|field| match &field.outcome {
            Outcome::None(why) => Some(Judgement::Unmet(Some(why.clone()))),
            _ => None,
        });
        broken.or(stuck).unwrap_or(Judgement::Unmet(None))
    }

    fn field(&self, address: &SettingAddress) -> Option<(u32, &Field)> {
        let at = *self.place.get(address)?;
        Some((at, &self.fields[at as usize]))
    }

    /// Who answers for a requirement's findings in a cell when it names nobody.
    fn target_owner(&self, requirement: &Requirement, list: &Chosen<'_>) -> Option<Text> {
        let covers =
            |target: &&Text| self.observed.targets.get(*target).is_some_and(|seen| seen.cells.contains(&*list.cell));
        let targets =
            requirement.targets.iter().filter(covers).filter_map(|target| self.constraints.config.targets.get(target));
        targets.filter_map(|target| target.owner.clone()).next()
    }
}

impl Asked<'_> {
    /// Why nothing satisfies it on a field: a sealed demand overrules it, or others contradict each other.
    fn broken<'f>(&self, field: &'f Field) -> Option<&'f Text> {
        if !self.enforced {
            return None;
        }
        field.overruled.get(&self.place).or(match &field.outcome {
            Outcome::Broken(why) => Some(why),
            _ => None,
        })
    }
}

/// A demand on a view behind which there is no field to change.
fn no_field(enforced: bool, why: Text) -> Judgement {
    Judgement::Unmet(Some(if enforced { NoStep::NoOwner(why) } else { NoStep::Observed }))
}
