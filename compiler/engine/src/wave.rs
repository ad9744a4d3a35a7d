//! [`Hands`]: checks steps against the world, writes them, and reads back what they wrote.

use crate::apply::{Runner, STOPPED};
use crate::journal::{Answered, Outcome, call};
use crate::observed::{Worlds, ask};
use crate::parallel::parallel;
use crate::plan::{Change, Plan, Step};
use ordain_model::Text;
use ordain_model::address::{ObjectAddress, SettingName};
use ordain_model::digest::Digest;
use ordain_model::lease::Leases;
use ordain_model::observation::{Cause, Object, ObjectRead, Observation, ReadSet, Reading, Reason};
use ordain_model::provider::{self, Progress, Providers, World};
use ordain_model::stop::Stop;
use ordain_model::types::encode;
use ordain_model::value::Value;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

mod judge;

/// What it takes to carry out the steps of a plan.
pub(crate) struct Hands<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) providers: Providers<'a>,
    pub(crate) worlds: &'a Worlds,
    leases: &'a dyn Leases,
    pub(crate) progress: &'a dyn Progress,
    pub(crate) stop: &'a Stop,
    /// The steps of each object.
    steps: BTreeMap<&'a ObjectAddress, Vec<&'a Step>>,
}

/// What became of a step of a wave.
pub(crate) struct Settled {
    pub(crate) outcome: Outcome,
    /// Digest of what the provider answered and of what was read back; none where nothing was sent.
    pub(crate) answer: Option<Digest>,
}

/// How a setting stands to its planned change.
enum State {
    Before,
    After,
    /// Neither: what it is now.
    Moved(String),
    /// It has no value that a write would decide: why.
    Unreadable(String),
}

/// Answers what an object is, and when that was read.
type Look<'a> = &'a dyn Fn(&ObjectAddress) -> Result<ObjectRead, Reason>;

impl<'a> Hands<'a> {
    /// Hands that have done nothing yet.
    pub(crate) fn new(
        plan: &'a Plan,
        providers: Providers<'a>,
        worlds: &'a Worlds,
        runner: &Runner<'a>,
        progress: &'a dyn Progress,
    ) -> Hands<'a> {
        let mut steps: BTreeMap<&ObjectAddress, Vec<&Step>> = BTreeMap::new();
        plan.steps.iter().for_each(|step| steps.entry(&step.object).or_default().push(step));
        Hands { plan, providers, worlds, leases: runner.leases, progress, stop: runner.stop, steps }
    }

    /// Reads everything that any step rests on, in batches, and gives an outcome to each step that will not be written; and
    /// says what answered in each target.
    pub(crate) fn check_all(&self) -> (Vec<Option<Outcome>>, BTreeMap<Text, Answered>) {
        let (outcomes, seen) = self.check(&self.plan.steps);
        (outcomes, seen.iter().map(|(target, seen)| (target.clone(), Answered::of(&seen.envelope))).collect())
    }

    /// Reads everything that some steps rest on, in batches: the outcome of each that is not to be written as things are, and
    /// what was seen.
    pub(crate) fn check<'s>(
        &self,
        steps: impl IntoIterator<Item = &'s Step> + Clone,
    ) -> (Vec<Option<Outcome>>, BTreeMap<Text, Observation>) {
        let mut reads: BTreeMap<Text, ReadSet> = BTreeMap::new();
        for step in steps.clone() {
            for (object, needed) in step.reads() {
                let Some(target) = self.plan.reaches.get(&*object.cell) else { continue };
                let kind = reads.entry(target.clone()).or_default().kinds.entry(object.kind.clone()).or_default();
                kind.attributes.extend(needed.attributes);
                kind.settings.extend(needed.settings);
                kind.only.get_or_insert_default().insert(object.id.clone());
                kind.cells.get_or_insert_default().insert((*object.cell).clone());
            }
        }
        let seen = ask(self.worlds, &reads, self.progress);
        let look = |object: &ObjectAddress| self.find(&seen, object);
        let outcomes = steps.into_iter().map(|step| self.judge(step, &look, false)).collect();
        (outcomes, seen)
    }

    /// Writes the steps of a wave, each after a last look, and reads them back. One outcome per step.
    pub(crate) fn run(&self, wave: &[usize]) -> Vec<Settled> {
        let sent = parallel(wave, |at| self.send(*at));
        let steps = wave.iter().map(|at| &self.plan.steps[*at]);
        let written = steps.clone().zip(&sent).filter(|(_, sent)| sent.is_ok());
        let targets: BTreeSet<&Text> =
            written.filter_map(|(step, _)| self.plan.reaches.get(&*step.object.cell)).collect();
        let targets = Vec::from_iter(targets);
        let commits = parallel(&targets, |target| self.world(target).and_then(World::commit));
        let commits: BTreeMap<&Text, Result<(), Reason>> = targets.into_iter().zip(commits).collect();
        let steps: Vec<_> = steps.zip(sent).collect();
        parallel(&steps, |(step, sent)| {
            self.progress.step(&format!("{} {}", step.object, step.unit));
            let commit = self.plan.reaches.get(&*step.object.cell).and_then(|target| commits.get(target));
            match (sent, commit) {
                (Err(outcome), _) => Settled { outcome: outcome.clone(), answer: None },
                (Ok(_), Some(Err(reason))) => {
                    let answer = call::answer(Some(&reason.detail), None);
                    Settled { outcome: Outcome::Failed(reason.detail.clone()), answer }
                }
                (Ok(said), _) => self.settle(step, said.as_ref()),
            }
        })
    }

    /// Looks once more and writes, unless somebody asked to stop. `Ok` holds the error the API answered, if it did: the
    /// change may have happened all the same.
    fn send(&self, at: usize) -> Result<Option<Reason>, Outcome> {
        let step = &self.plan.steps[at];
        let look = |object: &ObjectAddress| self.read(object, step);
        let judged = if self.stop.asked() { None } else { self.judge(step, &look, true) };
        if self.stop.asked() {
            return Err(Outcome::NotReached(STOPPED.into()));
        }
        if let Some(outcome) = judged {
            return Err(outcome);
        }
        let decoded = |values: Vec<(&SettingName, &Json)>| -> Result<BTreeMap<SettingName, Value>, String> {
            let decode =
                |(name, json): (&SettingName, &Json)| Ok((name.clone(), self.decode(&step.object, name, json)?));
            values.into_iter().map(decode).collect()
        };
        let values = decoded(step.changes.iter().map(|(name, change)| (name, &change.after)).collect());
        let kept = decoded(step.kept.iter().collect());
        let (values, kept) = match (values, kept) {
            (Ok(values), Ok(kept)) => (values, kept),
            (Err(error), _) | (_, Err(error)) => return Err(Outcome::Failed(error.into())),
        };
        let token = call::token(self.plan, at);
        let change = provider::Change { object: step.object.clone(), unit: step.unit.clone(), values, kept, token };
        let world = self.reach(&step.object).map_err(|reason| Outcome::Failed(reason.detail))?;
        self.leases.owned(&step.object.cell).map_err(|why| Outcome::NotReached(why.into()))?;
        Ok(world.write(&change).err())
    }

    /// Reads back a step that was sent, again for a while as long as the old value is there and nobody said no: an API may
    /// be slow to show what it accepted.
    fn settle(&self, step: &Step, error: Option<&Reason>) -> Settled {
        let mut looks = 0;
        loop {
            looks += 1;
            let object = self.read(&step.object, step).map(|read| read.object);
            let answer = call::answer(error.map(|error| &error.detail), object.as_ref().ok());
            let lingers = || !self.stop.asked() && self.reach(&step.object).is_ok_and(|world| world.linger(looks));
            match self.look_back(step, error, object) {
                Err(_) if lingers() => {}
                Ok(outcome) | Err(outcome) => return Settled { outcome, answer },
            }
        }
    }

    /// What became of a step that was sent, as the world is now. An error is what to say if the old value stays.
    fn look_back(
        &self,
        step: &Step,
        error: Option<&Reason>,
        object: Result<Option<Object>, Reason>,
    ) -> Result<Outcome, Outcome> {
        let said = error.map(|reason| reason.detail.to_string());
        let refused = error.is_some_and(|reason| reason.cause != Cause::Unreachable);
        let object = match object {
            Ok(Some(object)) => object,
            Ok(None) => return Ok(unverified(said, "the object is no more".into())),
            Err(reason) => return Ok(unverified(said, format!("it could not be read back: {}", reason.detail))),
        };
        let (mut before, mut after) = (0, 0);
        let mut moved = None;
        for (name, change) in &step.changes {
            match self.state(&step.object, name, change, &object.setting(name)) {
                State::Before => before += 1,
                State::After => after += 1,
                State::Moved(now) => moved = Some(now),
                State::Unreadable(why) => return Ok(unverified(said, why)),
            }
        }
        match (said, moved) {
            (None, Some(now)) => Ok(Outcome::Raced(now.into())),
            // A part of the change, or somebody else's: no old value is there, whoever said no.
            (Some(said), Some(now)) if refused => Ok(Outcome::Unverified(format!("{said}; {now}").into())),
            (Some(said), Some(now)) => Ok(Outcome::InDoubt(format!("{said}; {now}").into())),
            (_, None) if before == 0 => Ok(Outcome::Applied),
            (None, None) => {
                Err(Outcome::Unverified("the API accepted the change and the old value is still there".into()))
            }
            (Some(said), None) if after > 0 => {
                Ok(Outcome::Unverified(format!("{said}; a part of the change was made").into()))
            }
            (Some(said), None) if refused => Ok(Outcome::Failed(said.into())),
            // Nobody said no: it may still come.
            (Some(said), None) => Err(Outcome::InDoubt(format!("{said}; the old value is still there").into())),
        }
    }

    fn state(&self, object: &ObjectAddress, name: &SettingName, change: &Change, reading: &Reading) -> State {
        let value = match reading {
            Reading::Value(value) => value,
            Reading::Held(_, holder) => return State::Unreadable(format!("`{name}` is held by {holder}")),
            Reading::NotApplicable(why) => return State::Unreadable(format!("`{name}` does not apply: {why}")),
            Reading::ProviderFixed(why) => {
                return State::Unreadable(format!("`{name}` is fixed by the platform: {why}"));
            }
            Reading::Unknown(reason) => {
                return State::Unreadable(format!("`{name}` could not be read: {}", reason.detail));
            }
        };
        let is = |json: &Json| self.decode(object, name, json).is_ok_and(|planned| planned == *value);
        match (is(&change.before), is(&change.after)) {
            (_, true) => State::After,
            (true, false) => State::Before,
            (false, false) => State::Moved(format!(
                "`{name}` is {} now, and was {} when the plan was made",
                encode(value),
                change.before
            )),
        }
    }

    fn decode(&self, object: &ObjectAddress, name: &SettingName, json: &Json) -> Result<Value, String> {
        let setting = self.providers.kind(&object.kind).and_then(|kind| kind.setting(&name.name));
        let setting = setting.ok_or_else(|| format!("`{}` has no setting `{name}`", object.kind))?;
        setting.of.decode(json).map_err(|mismatch| format!("`{name}` is no {}", mismatch.expected))
    }

    /// Reads what a step needs of one object, now.
    fn read(&self, object: &ObjectAddress, step: &Step) -> Result<ObjectRead, Reason> {
        let needed = step.reads().remove(object).unwrap_or_default();
        self.reach(object)?.read(object, &needed.attributes, &needed.settings)
    }

    fn reach(&self, object: &ObjectAddress) -> Result<&dyn World, Reason> {
        let none = || Reason::new(Cause::OutOfScope, format!("no target of the plan reaches {}", object.cell));
        self.world(self.plan.reaches.get(&*object.cell).ok_or_else(none)?)
    }

    fn world(&self, target: &str) -> Result<&dyn World, Reason> {
        let none = || Reason::new(Cause::OutOfScope, format!("the target `{target}` is not given"));
        self.worlds.get(target).ok_or_else(none)?.as_deref().map_err(Reason::clone)
    }

    /// An object among what was read in a batch.
    fn find(&self, seen: &BTreeMap<Text, Observation>, address: &ObjectAddress) -> Result<ObjectRead, Reason> {
        self.reach(address)?;
        let target = self.plan.reaches.get(&*address.cell);
        let observation = target.and_then(|target| seen.get(target));
        let listing = observation.and_then(|seen| seen.cells.get(&address.cell)?.get(&address.kind));
        let unresolved = || observation.and_then(|seen| seen.unresolved.clone());
        let none =
            || Reason::new(Cause::NotCollected, format!("{} did not answer for `{}`", address.cell, address.kind));
        let listing = listing.ok_or_else(|| unresolved().unwrap_or_else(none))?;
        match (listing.objects.get(&address.id), &listing.incomplete) {
            (None, Some(reason)) => Err(reason.clone()),
            (object, _) => {
                let at = observation.map(|seen| seen.envelope.last().clone()).unwrap_or_default();
                Ok(ObjectRead { at, object: object.cloned() })
            }
        }
    }
}

fn unverified(said: Option<String>, why: String) -> Outcome {
    match said {
        None => Outcome::Unverified(why.into()),
        Some(said) => Outcome::InDoubt(format!("{said}; {why}").into()),
    }
}
