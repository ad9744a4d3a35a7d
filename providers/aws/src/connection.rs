//! The live world: the only part that sees the AWS SDK.

mod account;
mod calls;
mod cells;
mod ec2;
mod flow_logs;
mod gate;
mod kinds;
mod organization;
mod pacer;
mod paging;
mod reason;
mod scope;
mod session;
mod tags;
mod wait;

use crate::Aws;
use crate::arguments::Arguments;
use calls::Ask;
use jiff::Timestamp;
use ordain_model::Text;
use ordain_model::address::{Cell, ObjectAddress, SettingName};
use ordain_model::observation::{Cause, Envelope, KindReads, Listing, ObjectRead, Observation, ReadSet, Reason};
use ordain_model::provider::{Change, Progress, Purpose, Target, World};
use ordain_model::schema::Kind;
use ordain_model::stop::Stop;
use scope::Scope;
use session::Session;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

/// Everything that one target reaches in AWS.
struct Live {
    /// Held here so that reading and writing need no runtime of the caller's.
    runtime: Runtime,
    session: Arc<Session>,
}

/// A connection that has asked nothing yet.
///
/// # Errors
/// What the target's arguments say and cannot be.
pub(crate) fn connect(aws: &Aws, target: &Target, purpose: Purpose, stop: &Stop) -> Result<Box<dyn World>, Reason> {
    let session = Arc::new(Session::new(aws, Arguments::read(target)?, purpose, stop)?);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Reason::new(Cause::Failed, format!("no threads for calls: {error}")))?;
    Ok(Box::new(Live { runtime, session }))
}

impl World for Live {
    fn observe(&self, reads: &ReadSet, progress: &dyn Progress) -> Observation {
        let taken_at = now();
        self.session.tally.take_calls();
        let mut observation = self.runtime.block_on(async {
            tokio::select! {
                observation = observe(&self.session, reads, progress) => observation,
                () = wait::stopped(&self.session.stop) => Observation {
                    unresolved: Some(Reason::new(Cause::NotCollected, "reading was stopped")),
                    ..Observation::default()
                },
            }
        });
        observation.envelope = Envelope {
            taken_at,
            read_until: now(),
            estate: None,
            callers: self.session.callers(),
            endpoints: self.session.tally.endpoints(),
            calls: self.session.tally.take_calls(),
            ..Envelope::default()
        };
        observation
    }

    fn read(
        &self,
        object: &ObjectAddress,
        attributes: &BTreeSet<Text>,
        settings: &BTreeSet<SettingName>,
    ) -> Result<ObjectRead, Reason> {
        let kind = kind(&object.kind)?;
        let reads = KindReads { attributes: attributes.clone(), settings: settings.clone(), ..KindReads::default() };
        let tagged = tagged(kind, &reads).into_iter().collect();
        let listing = self.runtime.block_on(async {
            let scope = self.session.scope(&object.cell, tagged).await?;
            Ok(kinds::list(&scope, &Ask { kind, one: Some(&object.id), reads: &reads }).await)
        })?;
        let Listing { incomplete, mut objects } = listing;
        match (objects.remove(&object.id), incomplete) {
            (None, Some(reason)) => Err(reason),
            (object, _) => Ok(ObjectRead { at: now(), object }),
        }
    }

    fn write(&self, change: &Change) -> Result<(), Reason> {
        self.runtime.block_on(async {
            let scope = self.session.scope(&change.object.cell, BTreeSet::new()).await?;
            kinds::write(&scope, change).await
        })
    }

    fn linger(&self, looks: u32) -> bool {
        self.runtime.block_on(wait::linger(looks, &self.session.stop))
    }
}

/// The time of this machine, to the second.
fn now() -> Text {
    Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string().into()
}

fn kind(name: &str) -> Result<&'static Kind, Reason> {
    let found = crate::kinds::KINDS.iter().copied().find(|kind| kind.name == name);
    found.ok_or_else(|| Reason::new(Cause::Failed, format!("`{name}` is not a kind of this provider")))
}

/// The resource type to list tags of, when a kind's tags are asked for and its own list has none.
fn tagged(kind: &Kind, reads: &KindReads) -> Option<&'static str> {
    kinds::tagged_as(kind.name).filter(|_| reads.attributes.contains("tags"))
}

/// Reads every kind in every cell, each in a task of its own.
async fn observe(session: &Arc<Session>, reads: &ReadSet, progress: &dyn Progress) -> Observation {
    let found = session.cells().await;
    let asked: Vec<(&'static Kind, Arc<KindReads>)> =
        reads.kinds.iter().filter_map(|(name, reads)| Some((kind(name).ok()?, Arc::new(reads.clone())))).collect();
    let mut tasks = JoinSet::new();
    let mut cells: BTreeMap<Arc<Cell>, BTreeMap<Text, Listing>> = BTreeMap::new();
    for (cell, scope) in scopes(session, &found.covered, &asked).await {
        let listings = cells.entry(Arc::clone(&cell)).or_default();
        // What no task replaces was not read: a list that nobody finished must not look like an empty one.
        let reason = scope.as_ref().err().cloned().unwrap_or_else(|| Reason::new(Cause::Failed, "reading broke off"));
        let here = || asked.iter().filter(|(_, reads)| reads.within(&cell));
        listings.extend(here().map(|(kind, _)| (kind.name.into(), nothing(reason.clone()))));
        let Ok(scope) = scope else { continue };
        for (kind, reads) in here() {
            tasks.spawn(list(Arc::clone(&scope), kind, Arc::clone(reads)));
        }
    }
    while let Some(done) = tasks.join_next().await {
        let Ok((cell, kind, listing)) = done else { continue };
        progress.step(&format!("{} {}", cell.scope.join(" "), kind.name));
        cells.entry(cell).or_default().insert(kind.name.into(), listing);
    }
    let cells::Cells { unresolved, uncovered, uncovered_incomplete, .. } = found;
    Observation { cells, unresolved, uncovered, uncovered_incomplete, envelope: Envelope::default() }
}

/// A scope per cell, or why there is none.
async fn scopes(
    session: &Session,
    covered: &BTreeMap<Arc<Cell>, Option<Reason>>,
    asked: &[(&'static Kind, Arc<KindReads>)],
) -> Vec<(Arc<Cell>, Result<Arc<Scope>, Reason>)> {
    let mut scopes = Vec::new();
    for (cell, failure) in covered {
        let here = asked.iter().filter(|(_, reads)| reads.within(cell));
        let types: BTreeSet<&'static str> = here.filter_map(|(kind, reads)| tagged(kind, reads)).collect();
        let scope = match failure {
            Some(reason) => Err(reason.clone()),
            None => session.scope(cell, types).await.map(Arc::new),
        };
        scopes.push((Arc::clone(cell), scope));
    }
    scopes
}

async fn list(scope: Arc<Scope>, kind: &'static Kind, reads: Arc<KindReads>) -> (Arc<Cell>, &'static Kind, Listing) {
    let ask = Ask { kind, one: None, reads: &reads };
    let tags = async {
        if tagged(kind, &reads).is_some() {
            scope.tag_list().await;
        }
    };
    let (mut listing, ()) = tokio::join!(kinds::list(&scope, &ask), tags);
    listing.incomplete = listing.incomplete.map(|reason| reason::in_region(reason, &scope.region));
    (Arc::clone(&scope.cell), kind, listing)
}

fn nothing(reason: Reason) -> Listing {
    Listing { incomplete: Some(reason), objects: BTreeMap::new() }
}
