//! [`apply`]: carries out a plan and writes its [`Journal`](crate::journal).
//!
//! 1. The caller holds the leases of every cell that is written to. Every precondition of every step is read, in batches. The
//!    way back undoes the steps that are then to be written.
//! 2. Both plans and the beginning of the apply are durable before the first write, with what became of earlier writes
//!    that were in doubt.
//! 3. Steps run in waves of at most [`WAVE`] that do not depend on each other, one step per object, what narrows access
//!    last in its cell. A wave's intents are durable before its first write, its outcomes before the next wave. The
//!    canary's steps run first; the others begin once all of these are as planned and read once more.
//! 4. Between two steps the apply may be asked to stop: then what was sent is read back and recorded, and the rest is not reached.
//! 5. A step's preconditions are read again immediately before its write, and what it wrote is read back.

use crate::approval::Consent;
use crate::hold::{canary, canary_first};
use crate::journal::{
    Begun, Doubt, Entry, Event, FORMAT, Journal, Ledger, Outcome, Planned, Stood, Who, call::call, found,
};
use crate::observed::Worlds;
use crate::plan::{Plan, Step};
use crate::queue::Queue;
use crate::wave;
use ordain_model::Text;
use ordain_model::address::Cell;
use ordain_model::digest::Digest;
use ordain_model::instant::Clock;
use ordain_model::lease::Leases;
use ordain_model::provider::{Progress, Providers};
use ordain_model::stop::Stop;
use std::collections::{BTreeMap, BTreeSet};

/// Most steps of a wave: after a kill, at most this many are in doubt.
pub const WAVE: usize = 64;

/// Why a step was not reached when somebody asked to stop.
pub(crate) const STOPPED: &str = "the apply was stopped before it";

/// Who applies, when, and by what right.
pub struct Runner<'a> {
    /// Who.
    pub who: Who,
    /// When.
    pub clock: &'a dyn Clock,
    /// The leases of every cell that the plan writes to, and of others in which earlier writes are in doubt: they are looked
    /// up in all of these cells.
    pub leases: &'a dyn Leases,
    /// The target that reaches each of them.
    pub reaches: BTreeMap<Cell, Text>,
    /// Whether somebody asks it to stop.
    pub stop: &'a Stop,
    /// By what right, where the plan needs approvals.
    pub consent: &'a Consent,
}

/// Carries out a plan. Everything that can be done is done: a step that fails stops only what depends on it. Once the
/// runner's `stop` is asked, what was sent is read back, nothing more is sent, and the journal ends with an outcome for every step.
///
/// # Errors
/// The journal could not be read or begun. Nothing was written.
pub fn apply(
    plan: &Plan,
    providers: Providers<'_>,
    worlds: &Worlds,
    runner: &Runner<'_>,
    journal: &mut Journal<'_>,
    progress: &dyn Progress,
) -> Result<Ledger, String> {
    // What was appended before the leases were ours: the writes of whoever held them are done.
    journal.refresh()?;
    let hands = wave::Hands::new(plan, providers, worlds, runner, progress);
    let (mut outcomes, targets) = hands.check_all();
    if runner.stop.asked() {
        // Reading broke off: what it says of a step was not the world's doing.
        outcomes.iter_mut().filter(|outcome| outcome.as_ref().is_some_and(|it| !it.done())).for_each(|it| *it = None);
        leave(&mut outcomes, &Outcome::NotReached(STOPPED.into()));
    }
    let revert = plan.undoing(providers, |step| outcomes[step].is_none());
    let found = resolve(runner, providers, worlds, journal);
    let leases = runner.leases.tokens();
    journal.begin(&plan.text(), &revert.text(), leases.clone())?;
    let begun = Begun {
        format: FORMAT.into(),
        version: plan.inputs.version.clone(),
        plan: plan.digest,
        revert: revert.digest,
        anchor: plan.inputs.anchor,
        consent: Some(runner.consent.clone()).filter(|consent| !consent.approved.is_empty()),
        emergency: plan.inputs.emergency.clone(),
        commit: plan.inputs.commit.clone(),
        who: runner.who.clone(),
        targets,
        reaches: runner
            .reaches
            .iter()
            .filter(|(cell, _)| leases.contains_key(*cell))
            .map(|(cell, target)| (cell.clone(), target.clone()))
            .collect(),
        leases,
        steps: plan.steps.iter().map(Planned::of).collect(),
        // The journal says it where the line is appended.
        stood: Stood::default(),
    };
    let checked = outcomes.iter().enumerate().filter_map(|(step, outcome)| ended(step, outcome.as_ref()?, None));
    journal.append(runner.clock, std::iter::once(Event::Begun(Box::new(begun))).chain(found).chain(checked))?;
    let error = run(&hands, runner.clock, journal, &mut outcomes).err();
    if let Some(error) = &error {
        leave(&mut outcomes, &Outcome::NotReached(error.as_str().into()));
    }
    let entries = plan.steps.iter().zip(outcomes).map(|(step, outcome)| entry(step, outcome));
    let entries = entries.collect();
    Ok(Ledger { plan: plan.digest, revert: revert.digest, entries, error: error.map(Into::into) })
}

/// What earlier writes that are in doubt turned out to be, in the cells whose leases are held: there nobody writes any more.
fn resolve(runner: &Runner<'_>, providers: Providers<'_>, worlds: &Worlds, journal: &Journal<'_>) -> Vec<Event> {
    let leases = runner.leases.tokens();
    let doubts = journal.doubts().filter(|doubt| leases.contains_key(&*doubt.planned.object.cell));
    let event = |doubt: Doubt| {
        let world = worlds.get(runner.reaches.get(&*doubt.planned.object.cell)?)?.as_deref();
        let settings = doubt.planned.changes.keys().cloned().collect();
        let object = match world {
            Ok(world) => world.read(&doubt.planned.object, &BTreeSet::new(), &settings).map(|read| read.object),
            Err(reason) => Err(reason.clone()),
        };
        let found = found(&doubt, object.as_ref().map(Option::as_ref), providers);
        Some(Event::Found { of: doubt.apply, step: doubt.step, found })
    };
    doubts.filter_map(event).collect()
}

/// Runs waves until every step has its outcome, or somebody asks to stop.
fn run(
    hands: &wave::Hands<'_>,
    clock: &dyn Clock,
    journal: &mut Journal<'_>,
    outcomes: &mut [Option<Outcome>],
) -> Result<(), String> {
    let mut queue = Queue::new(hands.plan);
    let mut wave: Vec<usize> = (0..outcomes.len()).filter(|step| outcomes[*step].is_some()).collect();
    let mut canary_stands = hands.plan.canary.is_empty();
    loop {
        let skipped = skip(&mut queue, &wave, outcomes);
        journal.append(clock, skipped.into_iter().filter_map(|step| ended(step, outcomes[step].as_ref()?, None)))?;
        wave = queue.next();
        let failed = hold_for_canary(hands, &mut canary_stands, &mut wave, outcomes);
        if wave.is_empty() || hands.stop.asked() {
            let left = leave(outcomes, &Outcome::NotReached(STOPPED.into()));
            let left = left.into_iter().filter_map(|step| ended(step, outcomes[step].as_ref()?, None));
            return journal.append(clock, left.chain([Event::Ended]));
        }
        if let Some(why) = failed {
            wave = leave(outcomes, &Outcome::Blocked(why.into()));
            journal.append(clock, wave.iter().filter_map(|step| ended(*step, outcomes[*step].as_ref()?, None)))?;
            continue;
        }
        journal.append(clock, wave.iter().map(|step| Event::Intent { step: *step, call: call(hands.plan, *step) }))?;
        let settled = hands.run(&wave);
        let events = wave.iter().zip(&settled).filter_map(|(step, done)| ended(*step, &done.outcome, done.answer));
        let record = journal.append(clock, events);
        for (step, done) in wave.iter().zip(settled) {
            outcomes[*step] = Some(done.outcome);
        }
        if let Err(error) = record {
            wave.iter().for_each(|step| outcomes[*step].iter_mut().for_each(|outcome| doubt(outcome, &error)));
            return Err(error);
        }
    }
}

/// Keeps of a wave the canary's steps while there are any, and then looks whether it stands: why it does not.
fn hold_for_canary(
    hands: &wave::Hands<'_>,
    stands: &mut bool,
    wave: &mut Vec<usize>,
    outcomes: &[Option<Outcome>],
) -> Option<String> {
    if *stands || wave.is_empty() {
        return None;
    }
    let first = canary_first(hands.plan, wave);
    if first.is_empty() {
        *stands = true;
        return canary(hands, outcomes);
    }
    *wave = first;
    None
}

/// Gives every step that has no outcome this one. Those steps.
fn leave(outcomes: &mut [Option<Outcome>], why: &Outcome) -> Vec<usize> {
    let left: Vec<usize> = (0..outcomes.len()).filter(|step| outcomes[*step].is_none()).collect();
    left.iter().for_each(|step| outcomes[*step] = Some(why.clone()));
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

fn ended(step: usize, outcome: &Outcome, answer: Option<Digest>) -> Option<Event> {
    Some(Event::Outcome { step, outcome: outcome.clone(), answer })
}

fn entry(step: &Step, outcome: Option<Outcome>) -> Entry {
    let outcome = outcome.unwrap_or_else(|| Outcome::NotReached("the apply ended before it".into()));
    Entry { object: step.object.clone(), unit: step.unit.clone(), outcome }
}
