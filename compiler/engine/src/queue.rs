//! [`Queue`]: the open steps of a plan, and which of them may go next. Closing a step costs what depends on it, not all that is open.

use crate::apply::WAVE;
use crate::plan::Plan;
use ordain_model::address::{Cell, ObjectAddress};
use std::collections::{BTreeMap, BTreeSet};

/// The steps of a plan that have no outcome yet.
pub(crate) struct Queue<'a> {
    pub(crate) plan: &'a Plan,
    open: Vec<bool>,
    /// By step, how many of those that come first are open.
    waits_for: Vec<usize>,
    /// By step, those that it comes before.
    followers: Vec<Vec<usize>>,
    /// Steps that may go.
    ready: BTreeSet<usize>,
    /// Steps that narrow access and wait for nothing but the rest of their cell.
    last: BTreeMap<&'a Cell, BTreeSet<usize>>,
    /// By cell, how many open steps do not narrow access.
    others: BTreeMap<&'a Cell, usize>,
}

impl<'a> Queue<'a> {
    /// Every step of a plan.
    pub(crate) fn new(plan: &'a Plan) -> Queue<'a> {
        let mut others: BTreeMap<&Cell, usize> = BTreeMap::new();
        let mut followers = vec![Vec::new(); plan.steps.len()];
        for (at, step) in plan.steps.iter().enumerate() {
            *others.entry(&step.object.cell).or_default() += usize::from(!step.narrows_access);
            step.after.iter().for_each(|first| followers[*first].push(at));
        }
        let waits_for: Vec<usize> = plan.steps.iter().map(|step| step.after.len()).collect();
        let open = vec![true; plan.steps.len()];
        let (ready, last) = (BTreeSet::new(), BTreeMap::new());
        let mut queue = Queue { plan, open, waits_for, followers, ready, last, others };
        (0..plan.steps.len()).filter(|at| plan.steps[*at].after.is_empty()).for_each(|at| queue.offer(at));
        queue
    }

    /// The steps that come after this one.
    pub(crate) fn followers(&self, step: usize) -> &[usize] {
        &self.followers[step]
    }

    /// Takes a step that has its outcome out, and lets go what waited for nothing else.
    pub(crate) fn close(&mut self, step: usize) {
        if !std::mem::take(&mut self.open[step]) {
            return;
        }
        self.ready.remove(&step);
        let cell = &*self.plan.steps[step].object.cell;
        if let Some(waiting) = self.last.get_mut(cell) {
            waiting.remove(&step);
        }
        if !self.plan.steps[step].narrows_access
            && let Some(others) = self.others.get_mut(cell)
        {
            *others -= 1;
            if *others == 0 {
                self.ready.extend(self.last.remove(cell).unwrap_or_default());
            }
        }
        for at in 0..self.followers[step].len() {
            let follower = self.followers[step][at];
            self.waits_for[follower] -= 1;
            if self.waits_for[follower] == 0 && self.open[follower] {
                self.offer(follower);
            }
        }
    }

    /// The next wave: steps that may go, in the plan's order, one per object.
    pub(crate) fn next(&self) -> Vec<usize> {
        let mut objects: BTreeSet<&ObjectAddress> = BTreeSet::new();
        let apart = |step: &usize| objects.insert(&self.plan.steps[*step].object);
        self.ready.iter().copied().filter(apart).take(WAVE).collect()
    }

    /// A step for which nothing that comes first is open. What narrows access waits until nothing else is open in its cell.
    fn offer(&mut self, step: usize) {
        let what = &self.plan.steps[step];
        let cell = &*what.object.cell;
        match what.narrows_access && self.others.get(cell).is_some_and(|others| *others > 0) {
            true => drop(self.last.entry(cell).or_default().insert(step)),
            false => drop(self.ready.insert(step)),
        }
    }
}
