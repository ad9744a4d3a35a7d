//! [`Slot`]s: the fields of one object with every enforced bound on each, and what becomes of them.

use super::chosen::{Choice, Chosen};
use super::views::Pull;
use super::{Decisive, Field, FieldOrigin, NoStep, Outcome};
use crate::constraints::{self, Constraints, Origin};
use crate::graph::Graph;
use crate::observed::Record;
use ordain_model::Text;
use ordain_model::address::{ObjectAddress, SettingAddress, SettingName};
use ordain_model::bound::{Bound, Nearest, Satisfiability, contradiction};
use ordain_model::domain::Domain;
use ordain_model::observation::{Object, Reading};
use ordain_model::schema::{Kind, Rule, Setting, WriteClass};
use ordain_model::value::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound::{Excluded, Unbounded};

#[cfg(test)]
mod tests;

/// One object whose fields are settled.
pub(super) struct Target<'a> {
    pub(super) constraints: &'a Constraints,
    pub(super) graph: &'a Graph,
    pub(super) kind: &'static Kind,
    pub(super) address: ObjectAddress,
    pub(super) record: &'a Record,
}

/// A field and what bears on it.
struct Slot<'a> {
    setting: &'static Setting,
    reading: Reading,
    demands: Vec<Demanded<'a>>,
    /// What requirements that only observe would like.
    also: Bound,
}

/// An enforced demand on a field.
struct Demanded<'a> {
    place: (usize, usize),
    bound: &'a Bound,
    pull: Option<&'a Pull>,
}

/// A rule that binds, and what makes it bind.
struct Gate {
    rule: &'static Rule,
    /// What it demands of this object.
    bound: Bound,
    /// The value that makes it bind.
    value: Value,
    /// Whether a change of this plan brings that value about.
    changes: bool,
}

/// What became of a slot.
struct Settled {
    outcome: Outcome,
    gates: Vec<Gate>,
    /// Fields that must be changed before this one.
    after: BTreeSet<SettingName>,
    /// Values on which it rests.
    rests_on: BTreeMap<SettingName, Value>,
}

impl<'a> Target<'a> {
    /// The fields that do not stay as they are. Indexes in `after` count from `base`.
    pub(super) fn fields(
        &self,
        list: Option<(&Chosen<'a>, usize)>,
        pulls: Option<&'a BTreeMap<SettingName, Vec<Pull>>>,
        base: usize,
    ) -> Vec<Field> {
        let slots = self.slots(list, pulls);
        let mut withdrawn: BTreeMap<SettingName, Text> = BTreeMap::new();
        let settled = loop {
            match self.pass(&slots, &withdrawn) {
                Ok(settled) => break settled,
                // A change whose prerequisite cannot be met is given up, and the rest is settled without it.
                Err((name, why)) => drop(withdrawn.insert(name, why)),
            }
        };
        let moved = || settled.iter().filter(|(_, settled)| settled.outcome != Outcome::Stays);
        let place: BTreeMap<&SettingName, u32> = moved().zip(base as u32..).map(|((name, _), at)| (name, at)).collect();
        moved().filter_map(|(name, settled)| self.field(name, slots.get(name), settled, &place)).collect()
    }

    /// Every field of the object that an enforced demand binds, directly, under a covering key or through a view.
    fn slots(
        &self,
        list: Option<(&Chosen<'a>, usize)>,
        pulls: Option<&'a BTreeMap<SettingName, Vec<Pull>>>,
    ) -> BTreeMap<SettingName, Slot<'a>> {
        let mut slots: BTreeMap<SettingName, Slot<'a>> = BTreeMap::new();
        let rows = list.into_iter().flat_map(|(list, row)| list.row(row).zip(&list.enforced));
        for ((at, _), enforced) in rows.filter(|((_, choice), _)| *choice == Choice::Yes) {
            let requirement = &self.constraints.config.requirements[at];
            for (index, demand) in
                requirement.demands.iter().enumerate().filter(|(_, demand)| demand.setting.join.is_none())
            {
                let name = &self.constraints.claims[at].demands[index].setting;
                let slot = slots.entry(name.clone()).or_insert_with(|| self.slot(demand.setting, name));
                match enforced {
                    true => slot.demands.push(Demanded { place: (at, index), bound: &demand.bound, pull: None }),
                    false => slot.also = slot.also.meet(&demand.bound),
                }
            }
        }
        for (name, pulls) in pulls.into_iter().flatten() {
            let Some(setting) = self.kind.setting(&name.name) else { continue };
            let slot = slots.entry(name.clone()).or_insert_with(|| self.slot(setting, name));
            slot.demands.extend(pulls.iter().map(|pull| {
                let bound = &self.constraints.config.requirements[pull.place.0].demands[pull.place.1].bound;
                Demanded { place: pull.place, bound, pull: Some(pull) }
            }));
        }
        cover(&mut slots);
        slots.values_mut().for_each(|slot| {
            slot.demands
                .sort_by(|a, b| (a.place, a.pull.map(|pull| &pull.view)).cmp(&(b.place, b.pull.map(|pull| &pull.view))))
        });
        slots
    }

    fn slot(&self, setting: &'static Setting, name: &SettingName) -> Slot<'a> {
        Slot { setting, reading: self.record.setting(name), demands: Vec::new(), also: Bound::Anything }
    }

    /// Settles every slot, a rule's `when` before its `then`. `Err` is a change that cannot be made, and why.
    fn pass(
        &self,
        slots: &BTreeMap<SettingName, Slot<'a>>,
        withdrawn: &BTreeMap<SettingName, Text>,
    ) -> Result<BTreeMap<SettingName, Settled>, (SettingName, Text)> {
        let mut settled: BTreeMap<SettingName, Settled> = BTreeMap::new();
        let order = self.graph.changes.get(self.kind.name);
        for setting in order.into_iter().flatten().rev() {
            for (name, slot) in slots.iter().filter(|(name, slot)| slot.setting.name == *setting && name.key.is_some())
            {
                let outcome = self.outcome(name, slot, &[], withdrawn.get(name));
                settled.extend(outcome.map(|outcome| (name.clone(), Settled::plain(outcome))));
            }
            let name = SettingName::plain(setting);
            let gates = self.gates(setting, &settled);
            let bound_by_change = gates.iter().any(|gate| gate.changes);
            let ruled = self.kind.setting(setting).filter(|_| bound_by_change).map(|setting| self.slot(setting, &name));
            let Some(slot) = slots.get(&name).or(ruled.as_ref()) else { continue };
            let outcome = self.outcome(&name, slot, &gates, withdrawn.get(&name));
            for gate in gates.iter().filter(|gate| gate.changes) {
                let cause = SettingName::plain(gate.rule.when);
                let Some(first) = settled.get_mut(&cause) else { continue };
                match (&outcome, slot.reading.value()) {
                    (Some(Outcome::Change(_)), _) => drop(first.after.insert(name.clone())),
                    (Some(Outcome::Stays), Some(value)) => drop(first.rests_on.insert(name.clone(), value.clone())),
                    _ => return Err((cause, self.prerequisite(&name, gate, &outcome))),
                }
            }
            if let Some(outcome) = outcome {
                let rests_on = gates
                    .iter()
                    .filter(|gate| !gate.changes)
                    .map(|gate| (SettingName::plain(gate.rule.when), gate.value.clone()));
                let rests_on = rests_on.collect();
                settled.insert(name, Settled { outcome, gates, after: BTreeSet::new(), rests_on });
            }
        }
        Ok(settled)
    }

    /// The rules that bind a setting as things are planned.
    fn gates(&self, setting: &str, settled: &BTreeMap<SettingName, Settled>) -> Vec<Gate> {
        let rules = self.kind.rules.iter().filter(|rule| rule.then == setting);
        let gate = |rule: &'static Rule| {
            let when = SettingName::plain(rule.when);
            let (value, changes) = match settled.get(&when) {
                Some(Settled { outcome: Outcome::Change(value), .. }) => (value.clone(), true),
                _ => (self.record.setting(&when).value()?.clone(), false),
            };
            (rule.is)().admits(&value).then(|| Gate { rule, bound: rule.demands(&self.local(rule)), value, changes })
        };
        rules.filter_map(gate).collect()
    }

    /// What of the object a rule looks at.
    fn local(&self, rule: &Rule) -> Object {
        let needs = rule.local.iter().flat_map(|local| local.needs);
        let attributes = needs.map(|name| (Text::from(*name), self.record.attribute(name))).collect();
        Object { attributes, ..Object::default() }
    }

    fn prerequisite(&self, name: &SettingName, gate: &Gate, outcome: &Option<Outcome>) -> Text {
        let why = match outcome {
            Some(Outcome::None(why)) => why.to_string(),
            Some(Outcome::Broken(why)) => why.to_string(),
            _ => format!("`{name}` could not be read"),
        };
        format!("`{name}` has to satisfy `{}` first ({}), and cannot: {why}", gate.bound, gate.rule.why).into()
    }

    /// What becomes of one field; nothing where it has no value.
    fn outcome(
        &self,
        name: &SettingName,
        slot: &Slot<'_>,
        gates: &[Gate],
        withdrawn: Option<&Text>,
    ) -> Option<Outcome> {
        let bounds: Vec<&Bound> = slot.demands.iter().map(|demand| demand.bound).collect();
        let meet = Bound::meet_all(bounds.iter().copied());
        let (value, holder) = match &slot.reading {
            Reading::Value(value) => (value, None),
            Reading::Held(value, holder) => (value, Some(holder)),
            Reading::ProviderFixed(_) => {
                return meet.is_nothing().then(|| Outcome::Broken(self.conflict(slot, &bounds)));
            }
            Reading::NotApplicable(_) | Reading::Unknown(_) => return None,
        };
        let ruled =
            |gates: &mut dyn Iterator<Item = &Gate>| gates.fold(meet.clone(), |meet, gate| meet.meet(&gate.bound));
        if ruled(&mut gates.iter().filter(|gate| gate.changes)).admits(value) {
            return Some(Outcome::Stays);
        }
        if meet.is_nothing() {
            return Some(Outcome::Broken(self.conflict(slot, &bounds)));
        }
        let full = ruled(&mut gates.iter());
        Some(match (withdrawn, holder) {
            (Some(why), _) => Outcome::None(NoStep::Prerequisite(why.clone())),
            (None, Some(holder)) => Outcome::None(NoStep::Held(holder.clone())),
            (None, None) if slot.setting.class == WriteClass::Manual => Outcome::None(NoStep::Manual),
            (None, None) => self.next(name, slot, &full, &meet, value, gates),
        })
    }

    /// The value that a field goes to, from everything that binds it.
    fn next(
        &self,
        name: &SettingName,
        slot: &Slot<'_>,
        full: &Bound,
        meet: &Bound,
        value: &Value,
        gates: &[Gate],
    ) -> Outcome {
        let setting = slot.setting;
        if full.satisfiable(&setting.domain) == Satisfiability::Empty {
            let why = match meet.satisfiable(&setting.domain) {
                Satisfiability::Empty => constraints::domain(self.kind, setting),
                _ => gates.iter().map(|gate| gate.rule.why).collect::<Vec<_>>().join("; "),
            };
            return Outcome::None(NoStep::Domain(why.into()));
        }
        let remedies = slot.demands.iter().filter_map(|demand| {
            let requirement = &self.constraints.config.requirements[demand.place.0];
            let own = demand.pull.map_or(name, |pull| &pull.view.setting);
            requirement.remedy.get(own)
        });
        match full.nearest_preferring(value, &setting.domain, setting.of, setting.stricter, &slot.also) {
            Nearest::Value(next) => Outcome::Change(next),
            Nearest::None(why) => {
                let mut legal = remedies
                    .map(|remedy| &remedy.value)
                    .filter(|remedy| full.admits(remedy) && setting.domain.settable(remedy));
                legal
                    .next()
                    .map_or(Outcome::None(NoStep::NoValue(why.into())), |remedy| Outcome::Change(remedy.clone()))
            }
        }
    }

    /// The origins that contradict each other, and none that does not take part.
    fn conflict(&self, slot: &Slot<'_>, bounds: &[&Bound]) -> Text {
        let part = contradiction(bounds, &Domain::Any).map(|found| found.bounds).unwrap_or_default();
        let said = part.into_iter().map(|at| {
            let origin = self.origin(slot.demands[at].place);
            format!("`{}` at {} demands `{}`", origin.requirement, origin.place, origin.bound)
        });
        said.collect::<Vec<_>>().join(" and ").into()
    }

    fn origin(&self, (requirement, demand): (usize, usize)) -> &'a std::sync::Arc<Origin> {
        &self.constraints.claims[requirement].demands[demand]
    }

    fn field(
        &self,
        name: &SettingName,
        slot: Option<&Slot<'a>>,
        settled: &Settled,
        place: &BTreeMap<&SettingName, u32>,
    ) -> Option<Field> {
        let setting = self.kind.setting(&name.name)?;
        let demands = slot.map_or(&[][..], |slot| &slot.demands);
        let meet = Bound::meet_all(demands.iter().map(|demand| demand.bound));
        let bound = settled.gates.iter().fold(meet, |meet, gate| meet.meet(&gate.bound));
        let demanded = demands.iter().map(|demand| FieldOrigin {
            origin: self.origin(demand.place).clone(),
            view: demand.pull.map(|pull| pull.view.clone()),
            demanded: true,
        });
        let ruled = settled.gates.iter().map(|gate| FieldOrigin {
            origin: Origin { bound: gate.bound.to_string().into(), ..Origin::of_rule(self.kind, gate.rule) }.into(),
            view: None,
            demanded: false,
        });
        let mut decided_by: BTreeMap<ObjectAddress, Decisive> = BTreeMap::new();
        for demand in demands {
            let (object, decisive) = match demand.pull {
                Some(pull) => (&pull.view.object, pull.decisive.clone()),
                None => {
                    let names = self.constraints.config.requirements[demand.place.0].selector.attributes();
                    (&self.address, Decisive::of(self.record, names.iter().map(|name| &**name), self.kind))
                }
            };
            decided_by.entry(object.clone()).or_default().extend(decisive);
        }
        let own = decided_by.entry(self.address.clone()).or_default();
        own.settings.extend(settled.rests_on.clone());
        let local = settled.gates.iter().flat_map(|gate| &gate.rule.local).flat_map(|local| local.needs);
        own.extend(Decisive::of(self.record, local.copied(), self.kind));
        let unit = |other: &SettingName| self.kind.setting(&other.name).is_some_and(|other| other.unit == setting.unit);
        let kept = self.record.object.settings.iter().filter(|(other, _)| *other != name && unit(other));
        Some(Field {
            address: SettingAddress { object: self.address.clone(), setting: name.clone() },
            kind: self.kind,
            setting,
            before: self.record.setting(name).value().cloned().unwrap_or(Value::Null),
            bound: bound.to_string().into(),
            origins: demanded.chain(ruled).collect(),
            outcome: settled.outcome.clone(),
            decided_by,
            kept: kept.filter_map(|(name, reading)| Some((name.clone(), reading.value()?.clone()))).collect(),
            after: settled.after.iter().filter_map(|name| place.get(name).copied()).collect(),
        })
    }
}

impl Settled {
    fn plain(outcome: Outcome) -> Settled {
        Settled { outcome, gates: Vec::new(), after: BTreeSet::new(), rests_on: BTreeMap::new() }
    }
}

/// Lets the demands under a key bind the keys that it covers.
fn cover(slots: &mut BTreeMap<SettingName, Slot<'_>>) {
    let mut more: Vec<(SettingName, Demanded<'_>)> = Vec::new();
    for (name, slot) in slots.iter() {
        let (Some(key), Some(keyed)) = (&name.key, &slot.setting.keyed) else { continue };
        // What a key covers follows it directly, which keeps this linear in the keys and what they cover.
        let later = slots.range((Excluded(name), Unbounded)).map(|(other, _)| other);
        let covers = |other: &SettingName| other.key.as_ref().is_some_and(|other| (keyed.covers)(key, other));
        for other in later.take_while(|other| other.name == name.name && covers(other)) {
            more.extend(slot.demands.iter().map(|demand| {
                (other.clone(), Demanded { place: demand.place, bound: demand.bound, pull: demand.pull })
            }));
        }
    }
    for (name, demand) in more {
        slots.get_mut(&name).into_iter().for_each(|slot| slot.demands.push(Demanded { ..demand }));
    }
}
