//! The live world: the only part that sees `kube`.

mod changes;
mod configuration;
mod discovery;
mod lists;
mod proxy;
mod reason;
mod server;

use crate::arguments::{Arguments, cell};
use crate::kinds;
use discovery::Discovery;
use http::Method;
use jiff::Timestamp;
use lists::{Wanted, hidden, lists, resources, unlisted};
use ordain_model::Text;
use ordain_model::address::{ObjectAddress, SettingName};
use ordain_model::observation::{
    Cause, Envelope, KindReads, ListRead, Listing, ObjectRead, Observation, ReadSet, Reason,
};
use ordain_model::provider::{Change, Progress, Purpose, Target, World};
use ordain_model::schema::Kind;
use ordain_model::stop::Stop;
use serde_json::{Value as Json, json};
use server::{Call, Server};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::{Handle, Runtime};

/// How often it is looked whether somebody asked to stop.
const LOOK: Duration = Duration::from_millis(50);

/// One cluster.
struct Live {
    /// Held here so that reading and writing need no runtime of the caller's; taken away when this is dropped.
    runtime: Option<Runtime>,
    handle: Handle,
    server: Server,
    discovery: Discovery,
    stop: Stop,
}

/// A connection that has asked nothing yet.
///
/// # Errors
/// What the target's arguments say and cannot be, or what a kubeconfig lacks.
pub(crate) fn connect(target: &Target, purpose: Purpose, stop: &Stop) -> Result<Box<dyn World>, Reason> {
    let arguments = Arguments::read(target)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.map_err(|error| Reason::new(Cause::Failed, format!("no threads for calls: {error}")))?;
    let reached = runtime.block_on(configuration::reached(&arguments, purpose))?;
    let (server, discovery) = (Server::new(reached), Discovery::default());
    let handle = runtime.handle().clone();
    Ok(Box::new(Live { runtime: Some(runtime), handle, server, discovery, stop: stop.clone() }))
}

impl Drop for Live {
    fn drop(&mut self) {
        // A credential plugin that hangs must not hold up the end of the run.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl World for Live {
    fn observe(&self, reads: &ReadSet, progress: &dyn Progress) -> Observation {
        let taken_at = now();
        self.server.take_calls();
        let mut observation = self.handle.block_on(async {
            tokio::select! {
                observation = self.read_all(reads, progress) => observation,
                () = stopped(&self.stop) => Observation {
                    unresolved: Some(Reason::new(Cause::NotCollected, "reading was stopped")),
                    ..Observation::default()
                },
            }
        });
        let envelope = &mut observation.envelope;
        (envelope.taken_at, envelope.read_until) = (taken_at, now());
        envelope.calls = self.server.take_calls();
        if !self.server.reached.verified {
            envelope
                .endpoints
                .insert(format!("{}, whose certificate was not checked", self.server.reached.address).into());
        }
        observation
    }

    fn read(
        &self,
        object: &ObjectAddress,
        attributes: &BTreeSet<Text>,
        settings: &BTreeSet<SettingName>,
    ) -> Result<ObjectRead, Reason> {
        let kind = kind(&object.kind)?;
        let only = Some(BTreeSet::from([object.id.clone()]));
        let reads = KindReads { attributes: attributes.clone(), settings: settings.clone(), only, cells: None };
        let wanted = Wanted {
            resources: resources(actions(kind, &reads)),
            namespaces: kinds::namespaces(kind.name, &object.id),
        };
        let (listed, _) = self.handle.block_on(self.list(&wanted, |_| ()));
        let Listing { incomplete, mut objects } = kinds::list(kind.name, &listed, &reads);
        match (objects.remove(&object.id), incomplete) {
            (None, Some(reason)) => Err(reason),
            (object, _) => Ok(ObjectRead { at: now(), object }),
        }
    }

    fn write(&self, change: &Change) -> Result<(), Reason> {
        let kind = kind(&change.object.kind)?;
        let calls = kind.unit(&change.unit).map_or(&[][..], |unit| unit.calls).iter().copied();
        let wanted =
            Wanted { resources: resources(calls), namespaces: kinds::namespaces(kind.name, &change.object.id) };
        self.handle.block_on(async {
            let (listed, _) = self.list(&wanted, |_| ()).await;
            let requests = kinds::requests(change, &listed)?;
            changes::send(&self.server, &self.discovery, &requests).await
        })
    }
}

impl Live {
    /// Lists what is wanted; where the server cannot be reached, that is what every list hides.
    async fn list(&self, wanted: &Wanted, step: impl Fn(&str)) -> (crate::listed::Listed, BTreeMap<Text, ListRead>) {
        match self.server.connect().await {
            Ok(_) => lists(&self.server, &self.discovery, wanted, step).await,
            Err(reason) => (hidden(wanted, &reason), BTreeMap::new()),
        }
    }

    async fn read_all(&self, reads: &ReadSet, progress: &dyn Progress) -> Observation {
        let cell = Arc::new(cell(&self.server.reached.cluster));
        let asked: Vec<(&Text, &KindReads)> = reads.kinds.iter().filter(|(_, reads)| reads.within(&cell)).collect();
        let needed = asked.iter().filter_map(|(name, reads)| Some(actions(kind(name).ok()?, reads))).flatten();
        let wanted = Wanted { resources: resources(needed), namespaces: None };
        let cluster = &self.server.reached.cluster;
        let (listed, lists) = self.list(&wanted, |name| progress.step(&format!("{cluster} {name}"))).await;
        let lists = lists.into_iter().map(|(name, of)| (format!("{cell}/{name}").into(), of)).collect();
        let listing = |name: &Text, reads: &KindReads| match kind(name) {
            Ok(kind) => kinds::list(kind.name, &listed, reads),
            Err(_) => Listing { incomplete: Some(unlisted(name)), objects: BTreeMap::new() },
        };
        let listings = asked.iter().map(|(name, reads)| (Text::clone(name), listing(name, reads))).collect();
        let envelope = Envelope { callers: self.caller().await.into_iter().collect(), lists, ..Envelope::default() };
        Observation { cells: BTreeMap::from([(cell, listings)]), envelope, ..Observation::default() }
    }

    /// Who reads, as the server says.
    async fn caller(&self) -> Option<Text> {
        let review = json!({ "apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview" });
        let call = Call {
            action: "create selfsubjectreviews.authentication.k8s.io",
            method: Method::POST,
            path: "/apis/authentication.k8s.io/v1/selfsubjectreviews".to_owned(),
            body: Some(("application/json", &review)),
        };
        let answer = self.server.change(&call).await.ok()?;
        let answer: Json = serde_json::from_slice(&answer).ok()?;
        let user = answer["status"]["userInfo"]["username"].as_str()?;
        let reached = &self.server.reached;
        Some(format!("{user} of {} ({})", reached.address, reached.authority).into())
    }
}

/// The actions that reading this of a kind takes.
fn actions(kind: &'static Kind, reads: &KindReads) -> Vec<&'static str> {
    let attributes = reads.attributes.iter().filter_map(|name| kind.attribute(name)).flat_map(|of| of.actions);
    let settings = reads.settings.iter().filter_map(|name| kind.setting(&name.name)).flat_map(|of| of.read_actions);
    kind.list_actions.iter().chain(attributes).chain(settings).copied().collect()
}

fn kind(name: &str) -> Result<&'static Kind, Reason> {
    kinds::KINDS.iter().copied().find(|kind| kind.name == name).ok_or_else(|| unlisted(name))
}

/// The time of this machine, to the second.
pub(crate) fn now() -> Text {
    Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string().into()
}

/// Returns once somebody asks to stop.
async fn stopped(stop: &Stop) {
    while !stop.asked() {
        tokio::time::sleep(LOOK).await;
    }
}
