//! [`apply`]: carries out a plan and writes its [`Journal`](crate::journal).
//!
//! 1. Every precondition of every step is read, in batches. The way back undoes the steps that are then to be written.
//! 2. Both plans and an empty journal are durable before the first write.
//! 3. Steps run in waves of at most [`WAVE`] that do not depend on each other, one step per object, what narrows access
//!    last in its cell. A wave's intents are durable before its first write, its outcomes before the next wave.
//! 4. Between two steps the apply may be asked to stop: then what was sent is read back and recorded, and the rest is not reached.
//! 5. A step's preconditions are read again immediately before its write, and what it wrote is read back.

use crate::journal::{Chain, Entry, Event, FORMAT, Ledger, Outcome};
use crate::observed::Worlds;
use crate::plan::{Plan, Step};
use crate::queue::Queue;
use crate::wave;
use ordain_model::journal::JournalStore;
use ordain_model::provider::{Progress, Providers};
use ordain_model::stop::Stop;
use std::collections::BTreeSet;

/// Most steps of a wave: after a kill, at most this many are in doubt.
pub const WAVE: usize = 64;

/// Why a step was not reached when somebody asked to stop.
pub(crate) const STOPPED: &str = "the apply was stopped before it";

/// Carries out a plan. Everything that can be done is done: a step that fails stops only what depends on it. Once `stop`
/// is asked, what was sent is read back, nothing more is sent, and the journal ends with an outcome for every step.
///
/// # Errors
/// The journal could not be begun. Nothing was written.
pub fn apply(
    plan: &Plan,
    providers: Providers<'_>,
    worlds: &Worlds,
    journal: &mut dyn JournalStore,
    progress: &dyn Progress,
    stop: &Stop,
) -> Result<Ledger, String> {
    let hands = wave::Hands::new(plan, providers, worlds, progress, stop);
    let mut outcomes = hands.check_all();
    if stop.asked() {
        // Reading broke off: what it says of a step was not the world's doing.
        outcomes.iter_mut().filter(|outcome| outcome.as_ref().is_some_and(|it| !it.done())).for_each(|it| *it = None);
        leave(&mut outcomes, STOPPED);
    }
    let revert = plan.undoing(providers, |step| outcomes[step].is_none());
    journal.begin(&plan.text(), &revert.text())?;
    let mut chain = Chain::new(plan.digest, journal);
    let begun =
        Event::Begun { format: FORMAT.into(), plan: plan.digest, revert: revert.digest, anchor: plan.inputs.anchor };
    chain.append([begun])?;
    chain.append(outcomes.iter().enumerate().filter_map(|(step, outcome)| ended(step, outcome.as_ref()?)))?;
    let error = run(&hands, &mut chain, &mut outcomes).err();
    if let Some(error) = &error {
        leave(&mut outcomes, error);
    }
    let entries = plan.steps.iter().zip(outcomes).map(|(step, outcome)| entry(step, outcome));
    let entries = entries.collect();
    Ok(Ledger { plan: plan.digest, revert: revert.digest, entries, error: error.map(Into::into) })
}

/// Runs waves until every step has its outcome, or somebody asks to stop.
fn run(hands: &wave::Hands<'_>, chain: &mut Chain<'_>, outcomes: &mut [Option<Outcome>]) -> Result<(), String> {
    let mut queue = Queue::new(hands.plan);
    let mut wave: Vec<usize> = (0..outcomes.len()).filter(|step| outcomes[*step].is_some()).collect();
    loop {
        let skipped = skip(&mut queue, &wave, outcomes);
        chain.append(skipped.into_iter().filter_map(|step| ended(step, outcomes[step].as_ref()?)))?;
        wave = queue.next();
        if wave.is_empty() || hands.stop.asked() {
            let left = leave(outcomes, STOPPED);
            chain.append(left.into_iter().filter_map(|step| ended(step, outcomes[step].as_ref()?)))?;
            return chain.append([Event::Ended]);
        }
        chain.append(wave.iter().map(|step| intent(*step, &hands.plan.steps[*step])))?;
        for (step, outcome) in wave.iter().zip(hands.run(&wave)) {
            outcomes[*step] = Some(outcome);
        }
        let record = chain.append(wave.iter().filter_map(|step| ended(*step, outcomes[*step].as_ref()?)));
        if let Err(error) = record {
            wave.iter().for_each(|step| outcomes[*step].iter_mut().for_each(|outcome| doubt(outcome, &error)));
            return Err(error);
        }
    }
}

/// Gives every step that has no outcome the one that it was not reached. Those steps.
fn leave(outcomes: &mut [Option<Outcome>], why: &str) -> Vec<usize> {
    let left: Vec<usize> = (0..outcomes.len()).filter(|step| outcomes[*step].is_none()).collect();
    left.iter().for_each(|step| outcomes[*step] = Some(Outcome::NotReached(why.into())));
    left
}

/// What was sent and stands nowhere: the journal has its intent only.
fn doubt(outcome: &mut Outcome, error: &str) {
    if outcome.sent() {
        let known = outcome.detail().map(|why| format!(" ({why})")).unwrap_or_default();
        *outcome = Outcome::InDoubt(format!("{error}; read back as {}{known}", outcome.word()).into());
    }
}

/// Takes steps that have their outcome out of the queue, and with them every step that depends on one that did not happen.
/// The latter get their outcome; each comes after all that it depends on.
fn skip(queue: &mut Queue<'_>, closed: &[usize], outcomes: &mut [Option<Outcome>]) -> Vec<usize> {
    let plan = queue.plan;
    closed.iter().for_each(|step| queue.close(*step));
    let done = |outcomes: &[Option<Outcome>], step: usize| outcomes[step].as_ref().is_none_or(Outcome::done);
    let mut missing: BTreeSet<usize> = closed.iter().copied().filter(|step| !done(outcomes, *step)).collect();
    let mut skipped = Vec::new();
    while let Some(first) = missing.pop_first() {
        for step in queue.followers(first).to_vec() {
            if outcomes[step].is_some() {
                continue;
            }
            let first = plan.steps[step].after.iter().find(|first| !done(outcomes, **first)).unwrap_or(&first);
            let name = &plan.steps[*first];
            let why = format!("`{}` of {} comes first and was not done", name.unit, name.object);
            outcomes[step] = Some(Outcome::Skipped(why.into()));
            queue.close(step);
            missing.insert(step);
            skipped.push(step);
        }
    }
    skipped.sort_unstable();
    skipped
}

fn intent(step: usize, what: &Step) -> Event {
    Event::Intent { step, object: what.object.clone(), unit: what.unit.clone() }
}

fn ended(step: usize, outcome: &Outcome) -> Option<Event> {
    Some(Event::Outcome { step, outcome: outcome.clone() })
}

fn entry(step: &Step, outcome: Option<Outcome>) -> Entry {
    let outcome = outcome.unwrap_or_else(|| Outcome::NotReached("the apply ended before it".into()));
    Entry { object: step.object.clone(), unit: step.unit.clone(), outcome }
}
