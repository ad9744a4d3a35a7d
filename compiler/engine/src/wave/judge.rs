//! Whether a step may be written as the world is: that what it changes and what decided it are as planned, and that no brake
//! holds it. Everything that is not known holds it too.

use super::{Hands, Look, State};
use crate::hold::{held, latest, outdated};
use crate::journal::Outcome;
use crate::plan::{Brakes, Change, Lockout, Precondition, Step, lockout};
use ordain_model::Text;
use ordain_model::address::{ObjectAddress, SettingName};
use ordain_model::observation::{ObjectRead, Reading};
use ordain_model::schema::Exposes;
use ordain_model::types::{Type, encode};
use serde_json::Value as Json;
use std::collections::BTreeSet;

impl Hands<'_> {
    /// The outcome of a step that is not to be written as the world is; `None` when it is. `now`: it is about to be written, and
    /// what comes first was done.
    pub(super) fn judge(&self, step: &Step, look: Look<'_>, now: bool) -> Option<Outcome> {
        let mut times = Vec::new();
        let (at, object) = match look(&step.object) {
            Ok(ObjectRead { at, object: Some(object) }) => {
                times.push(at.clone());
                (at, object)
            }
            Ok(_) => return Some(Outcome::Refused("the object is no more".into())),
            Err(reason) => return Some(Outcome::Refused(format!("it could not be read: {}", reason.detail).into())),
        };
        let mut open = false;
        let mut refused = None;
        let mut blocked = None;
        for (name, change) in &step.changes {
            match self.state(&step.object, name, change, &object.setting(name)) {
                State::After => {}
                State::Before => {
                    open = true;
                    blocked = blocked.or_else(|| self.shuts_out(&step.object, name, change));
                }
                State::Moved(now) | State::Unreadable(now) => refused = refused.or(Some(now)),
            }
        }
        // One look at an object serves both what the step changes and what decided it.
        let look = |other: &ObjectAddress| match *other == step.object {
            true => Ok(ObjectRead { at: at.clone(), object: Some(object.clone()) }),
            false => look(other),
        };
        let refused = refused.or_else(|| match open {
            true => {
                let first = if now { &step.after } else { &BTreeSet::new() };
                let moved = |(object, values)| self.moved((object, values), first, &look, &mut times);
                step.preconditions.iter().find_map(moved)
            }
            false => None,
        });
        match (refused, open) {
            (Some(why), _) => Some(Outcome::Refused(why.into())),
            (None, false) => Some(Outcome::Already),
            (None, true) => {
                let now = latest(&times);
                let blocked = blocked.map(Text::from).or_else(|| held(self.plan, step, now));
                blocked.map(Outcome::Blocked).or_else(|| outdated(step, now))
            }
        }
    }

    /// Why a change is not known to shut out nobody who must keep access, in words. What undoes takes nothing that was not
    /// given: it needs no `keep_access`, and takes access from none of those who are in it.
    fn shuts_out(&self, object: &ObjectAddress, name: &SettingName, change: &Change) -> Option<String> {
        let Some(setting) = self.providers.kind(&object.kind).and_then(|kind| kind.setting(&name.name)) else {
            return Some(format!("nothing says whom `{name}` lets in"));
        };
        if setting.exposes == Exposes::Nothing {
            return None;
        }
        let decode = |json| setting.of.decode(json).ok();
        let (Some(before), Some(after)) = (decode(&change.before), decode(&change.after)) else {
            return Some(format!("whom `{name}` lets in cannot be weighed: its values do not read"));
        };
        let keep = self.plan.inputs.brakes.get(&*object.cell).and_then(Brakes::keep_access);
        match lockout(keep.as_ref(), setting, &before, &after)? {
            Lockout::ShutsOut(who) => {
                Some(format!("{who} must keep access (keep_access) and would lose it by `{name}`"))
            }
            Lockout::NoKeepAccess if self.plan.inputs.reverts.is_some() => None,
            Lockout::NoKeepAccess => {
                Some(format!("`{name}` narrows who gets in, and nothing says who must keep access: add keep_access"))
            }
        }
    }

    /// What no longer holds of a precondition, in words. What the steps of `first` change has to be as they left it.
    fn moved(
        &self,
        (address, values): (&ObjectAddress, &Precondition),
        first: &BTreeSet<usize>,
        look: Look<'_>,
        times: &mut Vec<Text>,
    ) -> Option<String> {
        let object = match look(address) {
            Ok(ObjectRead { at, object: Some(object) }) => {
                times.push(at);
                object
            }
            Ok(_) => return Some(format!("{address}, on which it rests, is no more")),
            Err(reason) => return Some(format!("{address}, on which it rests, could not be read: {}", reason.detail)),
        };
        let kind = self.providers.kind(&address.kind);
        // What nobody knows how to read holds no more than what moved.
        let strange =
            |name: &str| Some(format!("`{name}` of {address}, on which it rests, is not known to this version"));
        let attributes = values.attributes.iter().find_map(|(name, json)| {
            let Some(of) = kind.and_then(|kind| kind.attribute(name)) else { return strange(name) };
            same(of.of, &[json], &object.attribute(name)).err().map(|now| format!("`{name}` of {address} {now}"))
        });
        let read = |name: &&Text| !matches!(object.attribute(name), Reading::Unknown(_));
        let attributes = attributes.or_else(|| {
            let name = values.unread.iter().find(read)?;
            Some(format!(
                "`{name}` of {address} can be read now, and decides whether a waiver matches: make the plan again"
            ))
        });
        attributes.or_else(|| {
            values.settings.iter().find_map(|(name, json)| {
                let Some(of) = kind.and_then(|kind| kind.setting(&name.name)) else { return strange(&name.name) };
                let first = first.iter().map(|at| &self.plan.steps[*at]).filter(|step| step.object == *address);
                let done: Vec<&Json> = first.filter_map(|step| Some(&step.changes.get(name)?.after)).collect();
                // What another step of this plan changes may be as it was or as that step leaves it.
                let steps = self.steps.get(address).into_iter().flatten();
                let ours = steps.filter_map(|step| step.changes.get(name)).map(|change| &change.after);
                let either = || std::iter::once(json).chain(ours).collect();
                let accepted: Vec<&Json> = if done.is_empty() { either() } else { done };
                same(of.of, &accepted, &object.setting(name)).err().map(|now| format!("{address}#{name} {now}"))
            })
        })
    }
}

/// Whether a reading is one of the accepted values; in words what it is when it is not.
fn same(of: Type, accepted: &[&Json], reading: &Reading) -> Result<(), String> {
    let value = match reading {
        Reading::Value(value) | Reading::Held(value, _) => value,
        Reading::Unknown(reason) => return Err(format!("could not be read: {}", reason.detail)),
        Reading::NotApplicable(why) | Reading::ProviderFixed(why) => return Err(format!("is no more: {why}")),
    };
    match accepted.iter().any(|json| of.decode(json).is_ok_and(|planned| planned == *value)) {
        true => Ok(()),
        false => Err(format!("is {} now, and decided the plan", encode(value))),
    }
}
