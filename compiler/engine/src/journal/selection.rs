//! [`Selection`]: which lines of a journal a question is about.

use super::{Begun, Event, Line, Planned};
use ordain_model::Text;
use ordain_model::instant::Instant;
use std::collections::{BTreeMap, BTreeSet};

/// What a line must be to be shown; what is not said admits everything. An apply's begin and end are shown with any of
/// its steps.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Address of a requirement that demands the step, or of a module that holds it.
    pub requirement: Option<Text>,
    /// Address of the step's object, its cell, or a setting of it.
    pub object: Option<Text>,
    /// Name of an apply, or the beginning of its plan's digest.
    pub plan: Option<Text>,
    /// A part of who ran it: user, machine, CI run or caller.
    pub who: Option<Text>,
    /// Not before.
    pub since: Option<Instant>,
    /// Not from here on.
    pub until: Option<Instant>,
}

impl Selection {
    /// Which lines are meant, in their order.
    #[must_use]
    pub fn of(&self, lines: &[Line]) -> Vec<bool> {
        let steps = self.requirement.is_some() || self.object.is_some();
        let mut wanted: BTreeSet<(&str, usize)> = BTreeSet::new();
        let mut applies: BTreeMap<&str, bool> = BTreeMap::new();
        for line in lines {
            let Event::Begun(begun) = &line.event else { continue };
            applies.insert(&line.apply, self.about(&line.apply, begun));
            let steps = begun.steps.iter().enumerate().filter(|(_, step)| self.touches(step));
            wanted.extend(steps.map(|(at, _)| (&*line.apply, at)));
        }
        let meant = |line: &&Line| {
            let (apply, step) = match &line.event {
                Event::Begun(_) | Event::Ended => (&line.apply, None),
                Event::Intent { step, .. } | Event::Outcome { step, .. } => (&line.apply, Some(*step)),
                Event::Found { of, step, .. } => (of, Some(*step)),
            };
            let touched = match step {
                _ if !steps => true,
                Some(step) => wanted.contains(&(&**apply, step)),
                None => wanted.range((&**apply, 0)..).next().is_some_and(|(first, _)| *first == &**apply),
            };
            touched && applies.get(&**apply).copied().unwrap_or(false)
        };
        let timely = |line: &Line| {
            self.since.is_none_or(|since| line.at >= since) && self.until.is_none_or(|until| line.at < until)
        };
        lines.iter().map(|line| timely(line) && meant(&line)).collect()
    }

    fn touches(&self, step: &Planned) -> bool {
        let object = |wanted: &Text| {
            let settings = step.changes.keys().map(|name| step.object.setting(name.clone()).to_string());
            let names = [step.object.to_string(), step.object.cell.to_string()];
            settings.chain(names).any(|name| *name == **wanted)
        };
        let demanded = |wanted: &Text| step.why.iter().any(|one| below(one, wanted));
        self.object.as_ref().is_none_or(object) && self.requirement.as_ref().is_none_or(demanded)
    }

    fn about(&self, apply: &str, begun: &Begun) -> bool {
        let digest = begun.plan.to_string();
        let plan = |wanted: &Text| {
            apply == &**wanted
                || digest.starts_with(&**wanted)
                || digest.trim_start_matches("sha256:").starts_with(&**wanted)
        };
        let callers = || begun.targets.values().flat_map(|target| &target.callers);
        let who = |wanted: &Text| {
            begun.who.to_string().contains(&**wanted) || callers().any(|caller| caller.contains(&**wanted))
        };
        self.plan.as_ref().is_none_or(plan) && self.who.as_ref().is_none_or(who)
    }
}

/// Whether an address is this one or lies below it.
fn below(address: &str, above: &str) -> bool {
    address.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}
