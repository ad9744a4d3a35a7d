//! One verdict per obligation.

use super::chosen::{Choice, Chosen};
use super::{Field, Finding, Judgement, NoStep, Outcome, Subject, views};
use crate::constraints::Constraints;
use crate::observed::Observed;
use ordain_language::config::{Demand, Requirement};
use ordain_model::Text;
use ordain_model::address::{ObjectAddress, SettingAddress};
use ordain_model::bound::Bound;
use ordain_model::observation::{Cause, Object, Reading, Reason};
use ordain_model::schema::{Join, Owners};
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
                findings.push(finding(
                    subject,
                    list.enforced[column],
                    judgement,
                    Some(Value::integer(count)),
                    self.target_owner(requirement, list),
                ));
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
            let (judgement, live, fields) = match (choice, &demand.setting.join) {
                (Choice::Unknown(reason), _) => (
                    Judgement::Unknown(list.reason(reason)),
                    record.reading(name).and_then(Reading::value).cloned(),
                    Box::default(),
                ),
                (_, Some(join)) => self.view(requirement, demand, join, enforced, &address, &record.object),
                (_, None) => self.own(record.reading(name), &demand.bound, enforced, &subject),
            };
            let subject = Subject::Setting(subject);
            findings.push(Finding {
                claim: claim as u32,
                demand: Some(at as u32),
                subject,
                enforced,
                judgement,
                live,
                fields,
                owner: owner.clone(),
            });
        }
    }

    /// A demand on a setting of the object's own.
    fn own(&self, reading: Option<&Reading>, bound: &Bound, enforced: bool, address: &SettingAddress) -> Judged {
        let not_collected = || Reason::new(Cause::NotCollected, format!("`{}` was not collected", address.setting));
        let judgement = match reading {
            None => Judgement::Unknown(not_collected()),
            Some(Reading::NotApplicable(why)) => Judgement::NotApplicable(why.clone()),
            Some(Reading::Unknown(reason)) => Judgement::Unknown(reason.clone()),
            Some(Reading::ProviderFixed(evidence)) => match self.field(address) {
                Some((_, Field { outcome: Outcome::Broken(why), .. })) if enforced => Judgement::Broken(why.clone()),
                _ => Judgement::ProviderFixed(evidence.clone()),
            },
            Some(Reading::Value(value) | Reading::Held(value, _)) if bound.admits(value) => Judgement::Met,
            Some(Reading::Value(_) | Reading::Held(..)) => {
                let fields: Box<[u32]> = self.field(address).map(|(at, _)| at).into_iter().collect();
                return (self.unmet(&fields, enforced), reading.and_then(Reading::value).cloned(), fields);
            }
        };
        (judgement, reading.and_then(Reading::value).cloned(), Box::default())
    }

    /// A demand on a view: it holds when it holds of each field that the view shows.
    fn view(
        &self,
        requirement: &Requirement,
        demand: &Demand,
        join: &Join,
        enforced: bool,
        viewer: &ObjectAddress,
        object: &Object,
    ) -> Judged {
        let (bound, setting) = (&demand.bound, demand.setting);
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
        let shown = fields.iter().map(|field| views::shown(self.observed, &requirement.targets, &viewer.cell, field));
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
        if !open.is_empty() {
            let places = open.iter().filter_map(|(_, address)| self.field(address.as_ref()?));
            let places: Box<[u32]> = places.map(|(at, _)| at).collect();
            return (self.unmet(&places, enforced), live, places);
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
    fn unmet(&self, fields: &[u32], enforced: bool) -> Judgement {
        if !enforced {
            return Judgement::Unmet(Some(NoStep::Observed));
        }
        let outcomes: Vec<&Outcome> = fields.iter().map(|at| &self.fields[*at as usize].outcome).collect();
        let broken = outcomes.iter().find_map(|outcome| match outcome {
            Outcome::Broken(why) => Some(Judgement::Broken(why.clone())),
            _ => None,
        });
        let stuck = outcomes.iter().find_map(|outcome| match outcome {
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

/// A demand on a view behind which there is no field to change.
fn no_field(enforced: bool, why: Text) -> Judgement {
    Judgement::Unmet(Some(if enforced { NoStep::NoOwner(why) } else { NoStep::Observed }))
}
