//! [`apply`]: carries out a plan and writes its [`Journal`](crate::journal).
//!
//! 1. Every precondition of every step is read, in batches. The way back undoes the steps that are then to be written.
//! 2. Both plans and an empty journal are durable before the first write.
//! 3. Steps run in waves of at most [`WAVE`] that do not depend on each other, one step per object, what narrows access
//!    last in its cell. A wave's intents are durable before its first write, its outcomes before the next wave.
//! 4. A step's preconditions are read again immediately before its write, and what it wrote is read back.

use crate::journal::{Chain, Entry, Event, FORMAT, Ledger, Outcome};
use crate::observed::Worlds;
use crate::plan::{Plan, Step};
use crate::wave;
use ordain_model::address::{Cell, ObjectAddress};
use ordain_model::journal::JournalStore;
use ordain_model::provider::{Progress, Providers};
use std::collections::BTreeSet;

/// Most steps of a wave: after a kill, at most this many are in doubt.
pub const WAVE: usize = 64;

/// Carries out a plan. Everything that can be done is done: a step that fails stops only what depends on it.
///
/// # Errors
/// The journal could not be begun. Nothing was written.
pub fn apply(
    plan: &Plan,
    providers: Providers<'_>,
    worlds: &Worlds,
    journal: &mut dyn JournalStore,
    progress: &dyn Progress,
) -> Result<Ledger, String> {
    let hands = wave::Hands::new(plan, providers, worlds, progress);
    let mut outcomes = hands.check_all();
    let revert = plan.undoing(providers, |step| outcomes[step].is_none());
    journal.begin(&plan.text(), &revert.text())?;
    let mut chain = Chain::new(plan.digest, journal);
    let begun =
        Event::Begun { format: FORMAT.into(), plan: plan.digest, revert: revert.digest, anchor: plan.inputs.anchor };
    chain.append([begun])?;
    chain.append(outcomes.iter().enumerate().filter_map(|(step, outcome)| ended(step, outcome.as_ref()?)))?;
    let error = run(&hands, &mut chain, &mut outcomes).err();
    if let Some(error) = &error {
        let left = outcomes.iter_mut().filter(|outcome| outcome.is_none());
        left.for_each(|outcome| *outcome = Some(Outcome::NotReached(error.as_str().into())));
    }
    let entries = plan.steps.iter().zip(outcomes).map(|(step, outcome)| entry(step, outcome));
    let entries = entries.collect();
    Ok(Ledger { plan: plan.digest, revert: revert.digest, entries, error: error.map(Into::into) })
}

/// Runs waves until every step has its outcome.
fn run(hands: &wave::Hands<'_>, chain: &mut Chain<'_>, outcomes: &mut [Option<Outcome>]) -> Result<(), String> {
    loop {
        let skipped = skip(hands.plan, outcomes);
        chain.append(skipped.into_iter().filter_map(|step| ended(step, outcomes[step].as_ref()?)))?;
        let wave = next(hands.plan, outcomes);
        if wave.is_empty() {
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

/// What was sent and stands nowhere: the journal has its intent only.
fn doubt(outcome: &mut Outcome, error: &str) {
    if outcome.sent() {
        let known = outcome.detail().map(|why| format!(" ({why})")).unwrap_or_default();
        *outcome = Outcome::InDoubt(format!("{error}; read back as {}{known}", outcome.word()).into());
    }
}

/// Gives every step that depends on one that did not happen its outcome. Steps come after what they depend on.
fn skip(plan: &Plan, outcomes: &mut [Option<Outcome>]) -> Vec<usize> {
    let mut skipped = Vec::new();
    for (at, step) in plan.steps.iter().enumerate() {
        let missing = step.after.iter().find(|first| outcomes[**first].as_ref().is_some_and(|outcome| !outcome.done()));
        if let (None, Some(first)) = (&outcomes[at], missing) {
            let name = &plan.steps[*first];
            let why = format!("`{}` of {} comes first and was not done", name.unit, name.object);
            outcomes[at] = Some(Outcome::Skipped(why.into()));
            skipped.push(at);
        }
    }
    skipped
}

/// The next wave: open steps whose prerequisites are done, one per object. What narrows access waits until nothing else is open in its cell.
fn next(plan: &Plan, outcomes: &[Option<Outcome>]) -> Vec<usize> {
    let open = |at: usize| outcomes[at].is_none();
    let other = plan.steps.iter().enumerate().filter(|(at, step)| open(*at) && !step.narrows_access);
    let busy: BTreeSet<&Cell> = other.map(|(_, step)| &*step.object.cell).collect();
    let mut objects: BTreeSet<&ObjectAddress> = BTreeSet::new();
    let mut wave = Vec::new();
    for (at, step) in plan.steps.iter().enumerate().filter(|(at, _)| open(*at)) {
        let waits =
            step.after.iter().any(|first| open(*first)) || (step.narrows_access && busy.contains(&*step.object.cell));
        if wave.len() < WAVE && !waits && objects.insert(&step.object) {
            wave.push(at);
        }
    }
    wave
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
