//! [`take`]: leases in an object store. One object per cell says who holds it and until when; its holder renews it, and it
//! lapses by itself where nobody does.
//!
//! Two machines' clocks agree on nothing but how long a minute is. A lease that looks lapsed is therefore watched for as
//! long as a lease lasts, and taken only when nobody renewed it meanwhile; and a holder counts from before it sent its last
//! renewal, so that it gives up before anybody can take over.

use super::Objects;
use crate::journal::held;
use object_store::ObjectStore as _;
use object_store::path::Path;
use object_store::{Error, ObjectStoreExt, PutMode, PutOptions, PutPayload, UpdateVersion};
use ordain_model::address::Cell;
use ordain_model::digest::canonical;
use ordain_model::instant::Instant;
use ordain_model::lease::{Holder, Leases, REQUEST};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant as Steady};
use tokio::task::JoinHandle;

/// How leases live.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// How long a lease lasts after it was renewed.
    pub lapse: Duration,
    /// How often it is renewed.
    pub renew: Duration,
    /// How much of it must be left before a write.
    pub request: Duration,
}

impl Default for Pace {
    fn default() -> Pace {
        Pace { lapse: Duration::from_secs(120), renew: Duration::from_secs(20), request: REQUEST }
    }
}

/// What a lease's object says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Record {
    #[serde(flatten)]
    pub(super) holder: Holder,
    /// Until when, by its holder's clock; none where it was given back.
    pub(super) until: Option<Instant>,
    /// Random, of whoever took it: two who say the same of themselves in the same second are still two.
    pub(super) taker: String,
}

/// Leases that this process holds and renews.
#[derive(Debug)]
pub(super) struct Held {
    objects: Objects,
    cells: Arc<BTreeMap<Cell, Mutex<State>>>,
    renewing: JoinHandle<()>,
}

#[derive(Debug)]
struct State {
    holder: Holder,
    taker: String,
    version: UpdateVersion,
    /// Before its last renewal was sent.
    renewed: Steady,
    /// What became of it, when it is held no more.
    lost: Option<String>,
}

/// The time by the clock of who took the leases, without asking it again.
#[derive(Clone, Copy, Debug)]
struct Clock {
    then: Instant,
    since: Steady,
}

impl Clock {
    fn now(self) -> Instant {
        self.then.plus(i64::try_from(self.since.elapsed().as_secs()).unwrap_or(i64::MAX))
    }

    fn until(self, lapse: Duration) -> Instant {
        self.now().plus(i64::try_from(lapse.as_secs().max(1)).unwrap_or(i64::MAX))
    }
}

/// Takes the leases of cells, all or none, and begins to renew them.
pub(super) fn take(objects: &Objects, cells: &BTreeSet<Cell>, who: &str, now: Instant) -> Result<Held, String> {
    let clock = Clock { then: now, since: Steady::now() };
    let mut taken = BTreeMap::new();
    for cell in cells {
        match objects.runtime.block_on(one(objects, cell, who, clock)) {
            Ok(state) => drop(taken.insert(cell.clone(), Mutex::new(state))),
            Err(error) => {
                objects.runtime.block_on(give_back(objects, &taken));
                return Err(error);
            }
        }
    }
    let cells = Arc::new(taken);
    let renewing = objects.runtime.spawn(renew(objects.clone(), cells.clone(), clock));
    Ok(Held { objects: objects.clone(), cells, renewing })
}

/// What an object says, and its version.
pub(super) async fn read(objects: &Objects, path: &Path) -> Result<Option<(Record, UpdateVersion)>, String> {
    let found = match objects.store.get(path).await {
        Ok(found) => found,
        Err(Error::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(objects.failed(&error)),
    };
    let version = UpdateVersion { e_tag: found.meta.e_tag.clone(), version: found.meta.version.clone() };
    let bytes = found.bytes().await.map_err(|error| objects.failed(&error))?;
    let record = serde_json::from_slice(&bytes).map_err(|error| format!("`{path}` is no lease: {error}"))?;
    Ok(Some((record, version)))
}

/// Takes one lease.
async fn one(objects: &Objects, cell: &Cell, who: &str, clock: Clock) -> Result<State, String> {
    let path = objects.lease_path(cell);
    let mut watched: Option<(Record, Steady)> = None;
    loop {
        let there = read(objects, &path).await?;
        let (token, mode) = match &there {
            None => (1, PutMode::Create),
            Some((record, version)) => {
                if let Some(until) = record.until {
                    let moved = watched.as_ref().is_some_and(|(first, _)| first != record);
                    // What lasts longer than a lease can is of a clock that is ahead, and says nothing.
                    let believable = until < clock.until(objects.pace.lapse * 2);
                    if moved || clock.now() < until && believable {
                        return Err(held(cell, Some(&record.holder)));
                    }
                    let (_, since) = watched.get_or_insert_with(|| (record.clone(), Steady::now()));
                    if since.elapsed() <= objects.pace.lapse {
                        tokio::time::sleep(objects.pace.renew / 4).await;
                        continue;
                    }
                }
                (record.holder.token + 1, PutMode::Update(version.clone()))
            }
        };
        let renewed = Steady::now();
        let holder = Holder { token, who: who.into(), since: clock.now() };
        let taker = random()?;
        let until = Some(clock.until(objects.pace.lapse));
        let record = Record { holder: holder.clone(), until, taker: taker.clone() };
        match write(objects, &path, &record, mode).await? {
            Some(version) => return Ok(State { holder, taker, version, renewed, lost: None }),
            // Somebody else was first: they are told of.
            None => watched = None,
        }
    }
}

/// Writes a lease under a condition. None where the condition does not hold, or may not.
async fn write(
    objects: &Objects,
    path: &Path,
    record: &Record,
    mode: PutMode,
) -> Result<Option<UpdateVersion>, String> {
    let text = canonical(record).map_err(|error| error.to_string())?;
    let options = PutOptions { mode, ..PutOptions::default() };
    let error = match objects.store.put_opts(path, PutPayload::from(text), options).await {
        Ok(done) => return Ok(Some(done.into())),
        Err(error) => error,
    };
    // The answer to a write that happened may be lost; repeated, it then meets itself.
    match (read(objects, path).await?, error) {
        (Some((there, version)), _) if there == *record => Ok(Some(version)),
        (_, Error::AlreadyExists { .. } | Error::Precondition { .. } | Error::NotFound { .. }) => Ok(None),
        (_, error) => Err(objects.failed(&error)),
    }
}

/// Renews every lease for as long as it runs. One that could not be renewed is tried again; one that somebody took is lost.
async fn renew(objects: Objects, cells: Arc<BTreeMap<Cell, Mutex<State>>>, clock: Clock) {
    loop {
        tokio::time::sleep(objects.pace.renew).await;
        for (cell, state) in &*cells {
            let (holder, taker, version) = {
                let state = lock(state);
                if state.lost.is_some() || state.renewed.elapsed() >= objects.pace.lapse {
                    continue;
                }
                (state.holder.clone(), state.taker.clone(), state.version.clone())
            };
            let path = objects.lease_path(cell);
            let sent = Steady::now();
            let record = Record { holder, until: Some(clock.until(objects.pace.lapse)), taker };
            let written = write(&objects, &path, &record, PutMode::Update(version)).await;
            let lost = match &written {
                Ok(None) => Some(taken(&objects, cell, &path).await),
                Ok(Some(_)) | Err(_) => None,
            };
            let mut state = lock(state);
            if let Ok(Some(version)) = written {
                (state.version, state.renewed) = (version, sent);
            }
            state.lost = lost;
        }
    }
}

/// Who took a lease.
async fn taken(objects: &Objects, cell: &Cell, path: &Path) -> String {
    match read(objects, path).await {
        Ok(Some((record, _))) => held(cell, Some(&record.holder)),
        Ok(None) => format!("the lease of {cell} was removed"),
        Err(error) => format!("the lease of {cell} was lost: {error}"),
    }
}

async fn give_back(objects: &Objects, cells: &BTreeMap<Cell, Mutex<State>>) {
    for (cell, state) in cells {
        let (record, version, lost) = {
            let state = lock(state);
            let record = Record { holder: state.holder.clone(), until: None, taker: state.taker.clone() };
            (record, state.version.clone(), state.lost.is_some())
        };
        if !lost {
            // Where it cannot be given back it lapses.
            let _ = write(objects, &objects.lease_path(cell), &record, PutMode::Update(version)).await;
        }
    }
}

/// Sixteen random bytes in hexadecimal.
fn random() -> Result<String, String> {
    let mut bytes = [0; 16];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| "the system gives no random numbers".to_owned())?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// A thread that panicked while it held the lock left whole values.
fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Leases for Held {
    fn tokens(&self) -> BTreeMap<Cell, u64> {
        self.cells.iter().map(|(cell, state)| (cell.clone(), lock(state).holder.token)).collect()
    }

    fn owned(&self, cell: &Cell) -> Result<(), String> {
        let state = self.cells.get(cell).map(lock).ok_or_else(|| format!("nobody took the lease of {cell}"))?;
        if let Some(lost) = &state.lost {
            return Err(lost.clone());
        }
        let age = state.renewed.elapsed();
        match age + self.objects.pace.request < self.objects.pace.lapse {
            true => Ok(()),
            false => Err(format!(
                "the lease of {cell} was not renewed for {} s, and less of it is left than a request may take",
                age.as_secs()
            )),
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.renewing.abort();
        self.objects.runtime.block_on(async {
            // Whatever it was in the middle of is over before the leases are given back.
            let _ = (&mut self.renewing).await;
            give_back(&self.objects, &self.cells).await;
        });
    }
}
