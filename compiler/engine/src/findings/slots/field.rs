//! [`Field`]s: what is told of a settled field: its bound, the origins of it, and everything that decided it.

use super::{Demanded, Settled, Slot, Target};
use crate::constraints::Origin;
use crate::findings::{Decisive, Field, FieldOrigin};
use ordain_model::address::{ObjectAddress, SettingAddress, SettingName};
use ordain_model::bound::Bound;
use ordain_model::value::Value;
use std::collections::{BTreeMap, BTreeSet};

impl<'a> Target<'a> {
    /// The field of a slot that does not stay as it is. `place` has the indexes of the others.
    pub(super) fn field(
        &self,
        name: &SettingName,
        slot: Option<&Slot<'a>>,
        settled: &Settled,
        place: &BTreeMap<&SettingName, u32>,
    ) -> Option<Field> {
        let setting = self.kind.setting(&name.name)?;
        let all = slot.map_or(&[][..], |slot| &slot.demands).iter();
        let demands: Vec<&Demanded<'_>> = all.filter(|demand| !settled.overruled.contains_key(&demand.place)).collect();
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
        let unit = |other: &SettingName| self.kind.setting(&other.name).is_some_and(|other| other.unit == setting.unit);
        let kept = self.record.object.settings.iter().filter(|(other, _)| *other != name && unit(other));
        let place_of = |(requirement, demand): (usize, usize)| (requirement as u32, demand as u32);
        Some(Field {
            address: SettingAddress { object: self.address.clone(), setting: name.clone() },
            kind: self.kind,
            setting,
            before: self.record.setting(name).value().cloned().unwrap_or(Value::Null),
            bound: bound.to_string().into(),
            origins: demanded.chain(ruled).collect(),
            outcome: settled.outcome.clone(),
            overruled: settled.overruled.iter().map(|(place, why)| (place_of(*place), why.clone())).collect(),
            exceptions: BTreeSet::new(),
            upcoming: BTreeSet::new(),
            decided_by: BTreeMap::new(),
            kept: kept.filter_map(|(name, reading)| Some((name.clone(), reading.value()?.clone()))).collect(),
            after: settled.after.iter().filter_map(|name| place.get(name).copied()).collect(),
            managers: Vec::new(),
        })
    }

    /// The values that decided a field: what selectors and waivers read, also of what is waived of the fields that are tied
    /// to it; what led from views to it; what rules look at.
    pub(super) fn decided_by(
        &self,
        slot: Option<&Slot<'a>>,
        tied: &[&Slot<'a>],
        settled: &Settled,
    ) -> BTreeMap<ObjectAddress, Decisive> {
        let own = slot.into_iter().flat_map(|slot| slot.demands.iter().chain(&slot.wished));
        let excepted = tied.iter().flat_map(|slot| &slot.excepted).map(|(demand, _)| demand);
        let mut decided_by: BTreeMap<ObjectAddress, Decisive> = BTreeMap::new();
        for demand in own.chain(excepted) {
            let (object, decisive) = match demand.pull {
                Some(pull) => (&pull.view.object, pull.decisive.clone()),
                None => {
                    let (at, index) = demand.place;
                    let names = self.constraints.config.requirements[at].selector.attributes().iter();
                    let setting = &self.constraints.claims[at].demands[index].setting;
                    let names = names.chain(self.in_force.attributes(at, Some(setting)));
                    let decisive = Decisive::of(self.record, names.map(|name| &**name), self.kind);
                    let unread = self.in_force.unread(at, setting, self.record, &self.address);
                    (&self.address, Decisive { unread, ..decisive })
                }
            };
            decided_by.entry(object.clone()).or_default().extend(decisive);
        }
        let own = decided_by.entry(self.address.clone()).or_default();
        own.settings.extend(settled.rests_on.clone());
        let local = settled.gates.iter().flat_map(|gate| &gate.rule.local).flat_map(|local| local.needs);
        own.extend(Decisive::of(self.record, local.copied(), self.kind));
        decided_by
    }
}
