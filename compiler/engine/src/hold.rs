//! What holds steps while a plan is carried out, beside the values and the proof of [`wave`](crate::wave): limits, change
//! windows and waivers, which stand in the plan, and the canary, whose cells are changed and checked before all others.

use crate::journal::Outcome;
use crate::plan::{Plan, Step};
use crate::wave::Hands;
use ordain_model::Text;
use ordain_model::change_window::opens;
use ordain_model::instant::Instant;

/// Why nothing is written by a step now: its cell is over a limit, or a change window is closed. What undoes is not held by
/// windows: undoing must be possible at any time.
pub(crate) fn held(plan: &Plan, step: &Step, now: Option<Instant>) -> Option<Text> {
    let over = plan.blocked.get(&*step.object.cell).cloned();
    over.or_else(|| closed(plan, step, now).map(Into::into))
}

fn closed(plan: &Plan, step: &Step, now: Option<Instant>) -> Option<String> {
    let windows = &plan.inputs.brakes.get(&*step.object.cell)?.change_windows;
    let last = windows.last()?;
    if plan.inputs.emergency.is_some() || plan.inputs.reverts.is_some() {
        return None;
    }
    let way = "to change it now: `ordain plan --emergency REASON`";
    let Some(now) = now else {
        return Some(format!("it has a change window, and nothing says when the settings were read; {way}"));
    };
    match opens(windows, now) {
        Some(next) if next == now => None,
        Some(next) => Some(format!("next window {next} ({}), and it is {now}; {way}", last.local(next))),
        None => Some(format!("its change windows are not open together within two years; {way}")),
    }
}

/// The outcome of a step that would be another one by now: an exception on which it rests has ended, or one that excepts
/// it has begun, at the latest of the times at which what it rests on was read.
pub(crate) fn outdated(step: &Step, now: Option<Instant>) -> Option<Outcome> {
    let ends = step.exceptions.iter().map(|(address, until)| (until, address, "on which it rests, ended"));
    let begins = step.upcoming.iter().map(|(address, from)| (from, address, "which excepts it, began"));
    let (when, address, what) = ends.chain(begins).min()?;
    let why = match now {
        Some(now) if now < *when => return None,
        Some(now) => format!("`{address}`, {what} {when}, and it is {now}: make the plan again"),
        None => format!("`{address}` decides whether it is to be done, and nothing says when the settings were read"),
    };
    Some(Outcome::Refused(why.into()))
}

/// When the last of what was read was read; none where a part of it does not say.
pub(crate) fn latest(times: &[Text]) -> Option<Instant> {
    times.iter().map(|at| Instant::parse(at)).collect::<Option<Vec<_>>>()?.into_iter().max()
}

/// The steps of a wave that may go: only those of the canary while there are any.
pub(crate) fn canary_first(plan: &Plan, wave: &[usize]) -> Vec<usize> {
    wave.iter().copied().filter(|step| plan.canary.contains(&*plan.steps[*step].object.cell)).collect()
}

/// Why the canary does not stand: a step of it is not done, or no longer as it was read back. Its settings are read once
/// more.
pub(crate) fn canary(hands: &Hands<'_>, outcomes: &[Option<Outcome>]) -> Option<String> {
    let plan = hands.plan;
    let all = plan.steps.iter().zip(outcomes);
    let (steps, done): (Vec<&Step>, Vec<_>) = all.filter(|(step, _)| plan.canary.contains(&*step.object.cell)).unzip();
    let first = |step: &Step| {
        format!("{} is the canary and went first, and `{}` of {}", step.object.cell, step.unit, step.object)
    };
    let failed = |outcome: &&&Option<Outcome>| outcome.as_ref().is_some_and(|outcome| !outcome.done());
    if let Some((step, Some(outcome))) = steps.iter().zip(&done).find(|(_, outcome)| failed(outcome)) {
        let why = outcome.detail().map(|why| format!(": {why}")).unwrap_or_default();
        return Some(format!("{} is {}{why}", first(step), outcome.word()));
    }
    let (now, _) = hands.check(steps.iter().copied());
    let moved = steps.iter().zip(&now).find(|(_, now)| **now != Some(Outcome::Already))?;
    let why = moved.1.as_ref().and_then(Outcome::detail).map_or("it is as it was before", |why| &**why);
    Some(format!("{} did not stay: {why}", first(moved.0)))
}
