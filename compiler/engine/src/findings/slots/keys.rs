//! Keys of one setting that have a part in common: what is demanded under a key binds the keys that it covers, and stands
//! beside what is demanded under those that it shares only a part with.

use super::{Demanded, Slot};
use ordain_model::address::SettingName;
use ordain_model::schema::Keyed;
use std::collections::{BTreeMap, BTreeSet};

/// What one key does to another: its demands with what takes each out, and the waivers that may.
struct Covered<'a> {
    name: SettingName,
    demands: Vec<(Demanded<'a>, Option<u32>)>,
    upcoming: BTreeSet<u32>,
}

/// Lets the demands under a key bind the keys that it covers, and notes which keys share only a part.
pub(super) fn join<'a>(slots: &mut BTreeMap<SettingName, Slot<'a>>) {
    let mut covered: Vec<Covered<'a>> = Vec::new();
    let mut beside: Vec<(SettingName, SettingName)> = Vec::new();
    for (keyed, names) in settings(slots) {
        for (at, name) in names.iter().enumerate() {
            let Some((key, slot)) = name.key.as_ref().zip(slots.get(*name)) else { continue };
            let later = names[at + 1..].iter().filter_map(|other| Some((*other, other.key.as_ref()?)));
            // What a key overlaps with follows it directly, which keeps this linear in the keys and what they share.
            for (other, of) in later.take_while(|(_, of)| (keyed.overlaps)(key, of)) {
                match (keyed.covers)(key, of) {
                    true => covered.push(Covered::of(other, slot)),
                    false => beside.extend([((*name).clone(), other.clone()), (other.clone(), (*name).clone())]),
                }
            }
        }
    }
    for Covered { name, demands, upcoming } in covered {
        let Some(slot) = slots.get_mut(&name) else { continue };
        for (demand, exception) in demands {
            match exception {
                Some(exception) => slot.excepted.push((demand, exception)),
                None => slot.demands.push(demand),
            }
        }
        slot.upcoming.extend(upcoming);
    }
    for (name, other) in beside {
        slots.entry(name).and_modify(|slot| slot.beside.push(other));
    }
}

/// The keys of a setting, what covers others before them.
pub(super) fn of<'s>(setting: &str, slots: &'s BTreeMap<SettingName, Slot<'_>>) -> Vec<&'s SettingName> {
    let all = settings(slots).into_iter();
    all.filter(|(_, names)| names.first().is_some_and(|name| &*name.name == setting))
        .flat_map(|(_, names)| names)
        .collect()
}

/// The keyed settings with their keys, each in its own order.
fn settings<'s>(slots: &'s BTreeMap<SettingName, Slot<'_>>) -> Vec<(&'static Keyed, Vec<&'s SettingName>)> {
    let mut settings: BTreeMap<&str, (&'static Keyed, Vec<&SettingName>)> = BTreeMap::new();
    for (name, slot) in slots {
        if let (Some(_), Some(keyed)) = (&name.key, &slot.setting.keyed) {
            settings.entry(slot.setting.name).or_insert((keyed, Vec::new())).1.push(name);
        }
    }
    let ordered = settings.into_values().map(|(keyed, mut names)| {
        let key = |name: &'s SettingName| name.key.as_deref().unwrap_or_default();
        names.sort_by(|one, other| (keyed.order)(key(one), key(other)));
        (keyed, names)
    });
    ordered.collect()
}

impl<'a> Covered<'a> {
    fn of(name: &SettingName, by: &Slot<'a>) -> Covered<'a> {
        let demands = by.demands.iter().map(|demand| (*demand, None));
        let excepted = by.excepted.iter().map(|(demand, exception)| (*demand, Some(*exception)));
        Covered { name: name.clone(), demands: demands.chain(excepted).collect(), upcoming: by.upcoming.clone() }
    }
}
