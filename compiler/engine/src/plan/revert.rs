//! The plan that undoes a plan: the values it overwrites, in the opposite order.

use super::lost::{direction, lost};
use super::{Change, Direction, Plan, Step};
use ordain_model::address::{ObjectAddress, SettingName};
use ordain_model::provider::Providers;
use ordain_model::schema::Setting;
use std::collections::{BTreeMap, BTreeSet};

impl Plan {
    /// The plan that goes back to what was read. It rests on the planned values only: undoing asks no `where`.
    #[must_use]
    pub fn revert(&self, providers: Providers<'_>) -> Plan {
        self.undoing(providers, |_| true)
    }

    /// The plan that goes back on some of the steps: those of these indexes.
    pub(crate) fn undoing(&self, providers: Providers<'_>, which: impl Fn(usize) -> bool) -> Plan {
        let chosen: Vec<usize> = (0..self.steps.len()).rev().filter(|at| which(*at)).collect();
        let place: BTreeMap<usize, usize> = chosen.iter().enumerate().map(|(now, was)| (*was, now)).collect();
        let needed = |step: &Step| step.after.iter().any(|first| place.contains_key(first));
        let undo = |at: &usize| undo(&self.steps[*at], needed(&self.steps[*at]), providers);
        let mut steps: Vec<Step> = chosen.iter().map(undo).collect();
        for (was, now) in &place {
            for first in self.steps[*was].after.iter().filter_map(|first| place.get(first)) {
                steps[*first].after.insert(*now);
            }
        }
        let mut inputs = self.inputs.clone();
        inputs.reverts = Some(self.digest);
        Plan {
            format: self.format.clone(),
            inputs,
            reaches: self.reaches.clone(),
            steps,
            withheld: Vec::new(),
            digest: self.digest,
        }
        .sealed()
    }
}

/// A step backwards. One that others need first cannot come last.
fn undo(step: &Step, needed: bool, providers: Providers<'_>) -> Step {
    let back = |(name, change): (&SettingName, &Change)| {
        (name.clone(), reverse(setting(&step.object, name, providers), change))
    };
    let changes: BTreeMap<SettingName, Change> = step.changes.iter().map(back).collect();
    let narrows = |(name, change): (&SettingName, &Change)| {
        setting(&step.object, name, providers).is_some_and(|setting| super::narrows(setting, change.direction))
    };
    let narrows_access = !needed && changes.iter().any(narrows);
    Step {
        changes,
        preconditions: BTreeMap::new(),
        after: BTreeSet::new(),
        narrows_access,
        exceptions: BTreeMap::new(),
        upcoming: BTreeMap::new(),
        ..step.clone()
    }
}

fn setting(object: &ObjectAddress, name: &SettingName, providers: Providers<'_>) -> Option<&'static Setting> {
    providers.kind(&object.kind)?.setting(&name.name)
}

fn reverse(setting: Option<&'static Setting>, change: &Change) -> Change {
    let values = setting.and_then(|setting| {
        let decode = |json| setting.of.decode(json).ok();
        Some((setting, decode(&change.after)?, decode(&change.before)?))
    });
    let (direction, lost) = match values {
        Some((setting, from, to)) => (direction(setting, &from, &to), lost(setting, &from, &to)),
        None => (Direction::Loosen, None),
    };
    Change { before: change.after.clone(), after: change.before.clone(), direction, lost, why: change.why.clone() }
}
