//! The plan that undoes a plan: the values it overwrites, in the opposite order.

use super::brakes::{blocked, canary};
use super::lockout::narrows;
use super::{BlastRadius, Calls, Change, Plan, Step, Undo, WhyWithheld, Withheld};
use ordain_model::address::{ObjectAddress, SettingName};
use ordain_model::provider::Providers;
use ordain_model::schema::{Kind, Setting, WriteToken};
use std::collections::{BTreeMap, BTreeSet};

impl Plan {
    /// The plan that goes back to what was read. It rests on the planned values only: undoing asks no `where`.
    #[must_use]
    pub fn revert(&self, providers: Providers<'_>) -> Plan {
        self.undoing(providers, |_| true)
    }

    /// Whether this is the plan that goes back on steps of another one, and nothing else.
    #[must_use]
    pub fn undoes(&self, done: &Plan, providers: Providers<'_>) -> bool {
        let changes = self.steps.iter().flat_map(|step| step.changes.keys().map(|name| (&step.object, name)));
        let withheld = self.withheld.iter().map(|held| (&held.address.object, &held.address.setting));
        let named: BTreeSet<(&ObjectAddress, &SettingName)> = changes.chain(withheld).collect();
        let of = |step: &Step| step.changes.keys().any(|name| named.contains(&(&step.object, name)));
        done.undoing(providers, |at| of(&done.steps[at])).digest == self.digest
    }

    /// The plan that goes back on some of the steps: those of these indexes. A change from which there is no way back is
    /// withheld from it.
    #[must_use]
    pub fn undoing(&self, providers: Providers<'_>, which: impl Fn(usize) -> bool) -> Plan {
        let mut withheld = Vec::new();
        let mut chosen: Vec<(usize, &Step, BTreeMap<SettingName, Change>)> = Vec::new();
        for (at, step) in self.steps.iter().enumerate().rev().filter(|(at, _)| which(*at)) {
            let changes = providers.kind(&step.object.kind).map(|kind| back(kind, step, &mut withheld));
            chosen.extend(changes.filter(|changes| !changes.is_empty()).map(|changes| (at, step, changes)));
        }
        let place: BTreeMap<usize, usize> = chosen.iter().zip(0..).map(|((was, ..), now)| (*was, now)).collect();
        let needed = |step: &Step| step.after.iter().any(|first| place.contains_key(first));
        let undone = chosen.into_iter().map(|(_, step, changes)| undo(step, changes, needed(step), providers));
        let mut steps: Vec<Step> = undone.collect();
        for (was, now) in &place {
            for first in self.steps[*was].after.iter().filter_map(|first| place.get(first)) {
                steps[*first].after.insert(*now);
            }
        }
        withheld.sort_by(|a, b| a.address.cmp(&b.address));
        let mut inputs = self.inputs.clone();
        inputs.reverts = Some(self.digest);
        let blocked = blocked(steps.iter().map(|step| &step.object), &inputs.brakes);
        let cells = steps.iter().map(|step| &*step.object.cell).filter(|cell| !blocked.contains_key(cell));
        let canary = canary(cells, |cell| self.canary.contains(cell));
        Plan {
            format: self.format.clone(),
            inputs,
            reaches: self.reaches.clone(),
            canary,
            blocked,
            steps,
            withheld,
            digest: self.digest,
        }
        .sealed()
    }
}

/// The changes of a step backwards; those from which there is no way back are withheld.
fn back(kind: &Kind, step: &Step, withheld: &mut Vec<Withheld>) -> BTreeMap<SettingName, Change> {
    let mut changes = BTreeMap::new();
    for (name, change) in &step.changes {
        let Some(setting) = kind.setting(&name.name) else { continue };
        match (&change.undo, setting.of.decode(&change.after), setting.of.decode(&change.before)) {
            (Undo::Possible(_), Ok(from), Ok(to)) => {
                changes.insert(name.clone(), Change::of(setting, name.key.as_ref(), (&from, &to), change.why.clone()));
            }
            (Undo::Impossible(why), ..) => withheld.push(Withheld {
                address: step.object.setting(name.clone()),
                before: change.after.clone(),
                after: change.before.clone(),
                why: WhyWithheld::NoWayBack(why.clone()),
                origins: change.why.clone(),
            }),
            // A plan whose values are not those of its settings does not read.
            _ => {}
        }
    }
    changes
}

/// A step backwards. One that others need first cannot come last.
fn undo(step: &Step, changes: BTreeMap<SettingName, Change>, needed: bool, providers: Providers<'_>) -> Step {
    let kind = |name: &str| providers.kind(name);
    let settings = || {
        let of = kind(&step.object.kind);
        changes.iter().filter_map(move |(name, change)| Some((of?.setting(&name.name)?, change)))
    };
    let narrowing = |(setting, change): (&Setting, &Change)| {
        let value = |json| setting.of.decode(json).ok();
        Some(narrows(setting, &value(&change.before)?, &value(&change.after)?))
    };
    let narrows_access = !needed && settings().filter_map(narrowing).any(|narrows| narrows);
    let class = settings().map(|(setting, _)| setting.class).max().unwrap_or(step.class);
    let undone = Step {
        class,
        changes,
        preconditions: BTreeMap::new(),
        after: BTreeSet::new(),
        narrows_access,
        token: WriteToken::None,
        blast_radius: BlastRadius::default(),
        calls: Calls::default(),
        exceptions: BTreeMap::new(),
        upcoming: BTreeMap::new(),
        ..step.clone()
    };
    undone.complete(&kind)
}
