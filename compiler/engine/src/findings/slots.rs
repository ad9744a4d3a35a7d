//! [`Slot`]s: the fields of one object with every enforced bound on each, and what becomes of them.

use super::chosen::{Choice, Chosen, Waivers};
use super::in_force::InForce;
use super::views::Pull;
use super::{Field, NoStep, Outcome};
use crate::constraints::{self, Constraints, Origin};
use crate::graph::Graph;
use crate::observed::Record;
use ordain_model::Text;
use ordain_model::address::{ObjectAddress, SettingAddress, SettingName};
use ordain_model::bound::{Bound, Nearest, Satisfiability};
use ordain_model::observation::Reading;
use ordain_model::schema::{Kind, Rule, Setting, WriteClass};
use ordain_model::value::Value;
use seals::Seals;
use standing::{Beside, Standing};
use std::collections::{BTreeMap, BTreeSet};

mod field;
mod gates;
mod keys;
mod seals;
mod standing;
#[cfg(test)]
mod tests;

/// One object whose fields are settled.
pub(super) struct Target<'a> {
    pub(super) constraints: &'a Constraints,
    pub(super) graph: &'a Graph,
    pub(super) kind: &'static Kind,
    pub(super) address: ObjectAddress,
    pub(super) record: &'a Record,
    pub(super) in_force: &'a InForce<'a>,
}

/// A field and what bears on it.
struct Slot<'a> {
    setting: &'static Setting,
    reading: Reading,
    /// The enforced demands that no exception takes out: their meet is the enforced meet.
    demands: Vec<Demanded<'a>>,
    /// The others, with what takes each out: a place among the exceptions.
    excepted: Vec<(Demanded<'a>, u32)>,
    /// Waivers that may take a demand out once they are in force: places among the exceptions.
    upcoming: BTreeSet<u32>,
    /// Keys of the setting that share a part with this one, where neither covers the other.
    beside: Vec<SettingName>,
    /// The demands that only observe.
    wished: Vec<Demanded<'a>>,
    /// What these would like.
    also: Bound,
}

/// An enforced demand on a field.
#[derive(Clone, Copy)]
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
    /// Whether a change of this plan brings that value about.
    changes: bool,
}

/// What became of a slot.
struct Settled {
    outcome: Outcome,
    gates: Vec<Gate>,
    /// Demands that sealed ones overrule, by their places, and why.
    overruled: BTreeMap<(usize, usize), Text>,
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
        let open = |settled: &Settled| settled.outcome != Outcome::Stays || !settled.overruled.is_empty();
        let moved = || settled.iter().filter(|(_, settled)| open(settled));
        let place: BTreeMap<&SettingName, u32> = moved().zip(base as u32..).map(|((name, _), at)| (name, at)).collect();
        let field = |(name, settled): (&SettingName, &Settled)| {
            let tied = self.tied(name, &slots);
            let exceptions = tied.iter().flat_map(|slot| slot.excepted.iter().map(|(_, by)| *by)).collect();
            let upcoming = tied.iter().flat_map(|slot| &slot.upcoming).copied().collect();
            let decided_by = self.decided_by(slots.get(name), &tied, settled);
            Some(Field { exceptions, upcoming, decided_by, ..self.field(name, slots.get(name), settled, &place)? })
        };
        moved().filter_map(field).collect()
    }

    /// The slots on whose exceptions a field rests: its own, those of settings that a rule of the API ties to it, and those of
    /// keys that share a part with its own.
    fn tied<'s>(&self, name: &SettingName, slots: &'s BTreeMap<SettingName, Slot<'a>>) -> Vec<&'s Slot<'a>> {
        let ruled = |other: &SettingName| {
            let pair = [&*name.name, &*other.name];
            self.kind.rules.iter().any(|rule| pair == [rule.when, rule.then] || pair == [rule.then, rule.when])
        };
        let beside = |other: &Slot<'a>| other.beside.contains(name);
        let tied = slots.iter().filter(|(other, slot)| *other == name || ruled(other) || beside(slot));
        tied.map(|(_, slot)| slot).collect()
    }

    /// Every field of the object that an enforced demand binds, directly, under a covering key or through a view.
    fn slots(
        &self,
        list: Option<(&Chosen<'a>, usize)>,
        pulls: Option<&'a BTreeMap<SettingName, Vec<Pull>>>,
    ) -> BTreeMap<SettingName, Slot<'a>> {
        let mut slots: BTreeMap<SettingName, Slot<'a>> = BTreeMap::new();
        let rows = list.into_iter().flat_map(|(list, row)| {
            list.row(row).zip(&list.enforced).map(move |(of, enforced)| (list, row, of, *enforced))
        });
        for (list, row, (at, _), enforced) in rows.filter(|(_, _, (_, choice), _)| *choice == Choice::Yes) {
            let requirement = &self.constraints.config.requirements[at];
            for (index, demand) in
                requirement.demands.iter().enumerate().filter(|(_, demand)| demand.setting.join.is_none())
            {
                let name = &self.constraints.claims[at].demands[index].setting;
                let slot = slots.entry(name.clone()).or_insert_with(|| self.slot(demand.setting, name));
                let demanded = Demanded { place: (at, index), bound: &demand.bound, pull: None };
                match enforced {
                    true => self.put(slot, demanded, &self.address.setting(name.clone()), list.waivers(row, at, name)),
                    false => slot.wish(demanded),
                }
            }
        }
        for (name, pulls) in pulls.into_iter().flatten() {
            let Some(setting) = self.kind.setting(&name.name) else { continue };
            let slot = slots.entry(name.clone()).or_insert_with(|| self.slot(setting, name));
            for pull in pulls {
                let bound = &self.constraints.config.requirements[pull.place.0].demands[pull.place.1].bound;
                self.put(
                    slot,
                    Demanded { place: pull.place, bound, pull: Some(pull) },
                    &pull.view,
                    pull.waivers.clone(),
                );
            }
        }
        keys::join(&mut slots);
        slots.values_mut().for_each(|slot| {
            slot.demands
                .sort_by(|a, b| (a.place, a.pull.map(|pull| &pull.view)).cmp(&(b.place, b.pull.map(|pull| &pull.view))))
        });
        slots
    }

    fn slot(&self, setting: &'static Setting, name: &SettingName) -> Slot<'a> {
        let reading = self.record.setting(name);
        let (demands, excepted, upcoming, beside, wished) = Default::default();
        Slot { setting, reading, demands, excepted, upcoming, beside, wished, also: Bound::Anything }
    }

    /// Adds a demand to the enforced meet, unless an exception takes it out: a waiver whether it is met or not, the
    /// baseline while it is not.
    fn put(&self, slot: &mut Slot<'a>, demanded: Demanded<'a>, obligation: &SettingAddress, waivers: Waivers) {
        let unmet = || slot.reading.value().is_some_and(|value| !demanded.bound.admits(value));
        let baselined = || unmet().then(|| self.in_force.baselined(demanded.place.0, obligation)).flatten();
        match waivers.in_force.or_else(baselined) {
            Some(exception) => slot.excepted.push((demanded, exception)),
            None => {
                slot.demands.push(demanded);
                slot.upcoming.extend(waivers.upcoming);
            }
        }
    }

    /// Settles every slot, a rule's `when` before its `then`. `Err` is a change that cannot be made, and why.
    fn pass(
        &self,
        slots: &BTreeMap<SettingName, Slot<'a>>,
        withdrawn: &BTreeMap<SettingName, Text>,
    ) -> Result<BTreeMap<SettingName, Settled>, (SettingName, Text)> {
        let mut settled: BTreeMap<SettingName, Settled> = BTreeMap::new();
        let seals = self.seals(slots);
        let order = self.graph.changes.get(self.kind.name);
        for setting in order.into_iter().flatten().rev() {
            self.keyed(setting, slots, withdrawn, &mut settled);
            let name = SettingName::plain(setting);
            let gates = self.gates(setting, &settled);
            let bound_by_change = gates.iter().any(|gate| gate.changes);
            let ruled = self.kind.setting(setting).filter(|_| bound_by_change).map(|setting| self.slot(setting, &name));
            let Some(slot) = slots.get(&name).or(ruled.as_ref()) else { continue };
            let standing = self.standing(slot, &Beside::rules(setting, &seals), &BTreeMap::new());
            let outcome = self.outcome(&name, slot, &standing, &gates, withdrawn.get(&name));
            let looked =
                outcome.as_ref().map(|outcome| self.looked_at(setting, outcome)).unwrap_or(Ok(BTreeMap::new()));
            let unproved = |why: &Text| Outcome::None(NoStep::Prerequisite(why.clone()));
            let outcome = outcome.map(|outcome| looked.as_ref().err().map_or(outcome, unproved));
            for gate in gates.iter().filter(|gate| gate.changes) {
                let cause = SettingName::plain(gate.rule.when);
                let Some(first) = settled.get_mut(&cause) else { continue };
                match (&outcome, slot.reading.value()) {
                    (Some(Outcome::Change(_) | Outcome::Stays), Some(value)) => {
                        first.rests_on.insert(name.clone(), value.clone());
                    }
                    _ => return Err((cause, self.prerequisite(&name, gate, &outcome))),
                }
                if outcome != Some(Outcome::Stays) {
                    first.after.insert(name.clone());
                }
            }
            if let Some(outcome) = outcome {
                let rests_on = looked.unwrap_or_default();
                let after = self.freed(setting, &settled);
                settled.insert(name, Settled { rests_on, after, ..Settled::of(outcome, standing, gates) });
            }
        }
        Ok(settled)
    }

    /// Settles the keys of a setting.
    fn keyed(
        &self,
        setting: &str,
        slots: &BTreeMap<SettingName, Slot<'a>>,
        withdrawn: &BTreeMap<SettingName, Text>,
        settled: &mut BTreeMap<SettingName, Settled>,
    ) {
        let (mut below, mut standings) = (BTreeMap::new(), Vec::new());
        // What a key covers follows it: it is settled first.
        for name in keys::of(setting, slots).into_iter().rev() {
            let Some(slot) = slots.get(name) else { continue };
            let beside = Beside::keys(slot, slots);
            let standing = self.standing(slot, &beside, &below);
            below.extend(standing.overruled.clone());
            standings.push((name, slot, beside, standing));
        }
        for (name, slot, beside, standing) in standings {
            let torn = self.torn(&standing, &beside, &below).map(Outcome::Broken);
            let outcome = self.outcome(name, slot, &standing, &[], withdrawn.get(name));
            let outcome =
                outcome.map(|outcome| if outcome == Outcome::Stays { outcome } else { torn.unwrap_or(outcome) });
            settled.extend(outcome.map(|outcome| (name.clone(), Settled::of(outcome, standing, Vec::new()))));
        }
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
        standing: &Standing<'_>,
        gates: &[Gate],
        withdrawn: Option<&Text>,
    ) -> Option<Outcome> {
        let meet = Bound::meet_all(standing.demands.iter().map(|demand| demand.bound));
        let (value, holder) = match &slot.reading {
            Reading::Value(value) => (value, None),
            Reading::Held(value, holder) => (value, Some(holder)),
            Reading::ProviderFixed(_) => {
                let told = || (!standing.overruled.is_empty()).then_some(Outcome::Stays);
                return meet.is_nothing().then(|| Outcome::Broken(self.conflict(&standing.demands))).or_else(told);
            }
            Reading::NotApplicable(_) | Reading::Unknown(_) => return None,
        };
        let ruled =
            |gates: &mut dyn Iterator<Item = &Gate>| gates.fold(meet.clone(), |meet, gate| meet.meet(&gate.bound));
        if ruled(&mut gates.iter().filter(|gate| gate.changes)).admits(value) {
            return Some(Outcome::Stays);
        }
        if meet.is_nothing() {
            return Some(Outcome::Broken(self.conflict(&standing.demands)));
        }
        let full = ruled(&mut gates.iter());
        Some(match (withdrawn, holder) {
            (Some(why), _) => Outcome::None(NoStep::Prerequisite(why.clone())),
            (None, Some(holder)) => Outcome::None(NoStep::Held(holder.clone())),
            (None, None) if slot.setting.class == WriteClass::Manual => Outcome::None(NoStep::Manual),
            (None, None) => self.next(name, (slot, standing), &full, &meet, value, gates),
        })
    }

    /// The value that a field goes to, from everything that binds it.
    fn next(
        &self,
        name: &SettingName,
        (slot, standing): (&Slot<'_>, &Standing<'_>),
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
        let remedies = standing.demands.iter().filter_map(|demand| {
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

    fn origin(&self, (requirement, demand): (usize, usize)) -> &'a std::sync::Arc<Origin> {
        &self.constraints.claims[requirement].demands[demand]
    }
}

impl<'a> Slot<'a> {
    /// Adds a demand that only observes: of equally near values it is given the one that it admits too.
    fn wish(&mut self, demanded: Demanded<'a>) {
        self.also = self.also.meet(demanded.bound);
        self.wished.push(demanded);
    }
}

impl Settled {
    fn of(outcome: Outcome, standing: Standing<'_>, gates: Vec<Gate>) -> Settled {
        let overruled = standing.overruled;
        Settled { outcome, gates, overruled, after: BTreeSet::new(), rests_on: BTreeMap::new() }
    }
}
