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
        let last = self.steps.len().saturating_sub(1);
        let mut steps: Vec<Step> = self.steps.iter().rev().map(|step| undo(step, providers)).collect();
        for (at, step) in self.steps.iter().enumerate() {
            for first in &step.after {
                steps[last - first].after.insert(last - at);
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

fn undo(step: &Step, providers: Providers<'_>) -> Step {
    let back = |(name, change): (&SettingName, &Change)| {
        (name.clone(), reverse(setting(&step.object, name, providers), change))
    };
    let changes: BTreeMap<SettingName, Change> = step.changes.iter().map(back).collect();
    let narrows = |(name, change): (&SettingName, &Change)| {
        setting(&step.object, name, providers).is_some_and(|setting| super::narrows(setting, change.direction))
    };
    let narrows_access = step.after.is_empty() && changes.iter().any(narrows);
    Step { changes, preconditions: BTreeMap::new(), after: BTreeSet::new(), narrows_access, ..step.clone() }
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
