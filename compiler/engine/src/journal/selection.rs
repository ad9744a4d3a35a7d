//! [`Selection`]: which lines of a journal a question is about; [`Meant`] answers line by line.

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
    /// These steps only, each by its apply and its place in the plan.
    pub steps: Option<BTreeSet<(Text, usize)>>,
}

/// Whether lines are meant, asked in their order.
#[derive(Debug)]
pub struct Meant<'a> {
    selection: &'a Selection,
    /// By apply, its steps that are meant; none where the question is about others.
    applies: BTreeMap<Text, Option<BTreeSet<usize>>>,
}

impl Selection {
    /// Nothing was asked yet.
    #[must_use]
    pub fn ask(&self) -> Meant<'_> {
        Meant { selection: self, applies: BTreeMap::new() }
    }

    /// The steps of an apply that are meant; none where the question is about others.
    fn steps(&self, apply: &Text, begun: &Begun) -> Option<BTreeSet<usize>> {
        let chosen = |at: &usize| self.steps.as_ref().is_none_or(|steps| steps.contains(&(apply.clone(), *at)));
        let touched = begun.steps.iter().enumerate().filter(|(_, step)| self.touches(step)).map(|(at, _)| at);
        let steps: BTreeSet<usize> = touched.filter(chosen).collect();
        // An apply without steps says what became of earlier ones.
        let narrowed = self.requirement.is_some() || self.object.is_some() || self.steps.is_some();
        (self.about(apply, begun) && (!narrowed || !steps.is_empty())).then_some(steps)
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

impl Meant<'_> {
    /// Whether the next line is meant.
    pub fn take(&mut self, line: &Line) -> bool {
        if let Event::Begun(begun) = &line.event {
            self.applies.insert(line.apply.clone(), self.selection.steps(&line.apply, begun));
        }
        let (apply, step) = match &line.event {
            Event::Begun(_) | Event::Ended => (&line.apply, None),
            Event::Intent { step, .. } | Event::Outcome { step, .. } => (&line.apply, Some(step)),
            Event::Found { of, step, .. } => (of, Some(step)),
        };
        let Selection { since, until, .. } = self.selection;
        let timely = since.is_none_or(|since| line.at >= since) && until.is_none_or(|until| line.at < until);
        let steps = self.applies.get(apply).and_then(Option::as_ref);
        timely && steps.is_some_and(|steps| step.is_none_or(|step| steps.contains(step)))
    }

    /// No later line is about this apply.
    pub fn forget(&mut self, apply: &str) {
        self.applies.remove(apply);
    }
}

/// Whether an address is this one or lies below it.
fn below(address: &str, above: &str) -> bool {
    address.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}
