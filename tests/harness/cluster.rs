//! [`Cluster`]: a cluster that is a text: API objects as `kubectl get -o json` shows them, one behind the other. What the
//! kinds make of them is what they make of an API server's answers.
//!
//! ```text
//! {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "payments"}}
//! {"version": "v1.33.4"}
//! {"incomplete": {"pods": "denied: list pods"}}
//! ```

use ordain_kubernetes::kinds;
use ordain_kubernetes::listed::{Listed, RESOURCES};
use ordain_kubernetes::resource::Resource;
use ordain_model::Text;
use ordain_model::address::{Cell, ObjectAddress, SettingName};
use ordain_model::observation::{Cause, Envelope, KindReads, ObjectRead, Observation, ReadSet, Reason};
use ordain_model::provider::{Change, Progress, World};
use serde_json::{Deserializer, Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// When it was read.
const READ_AT: &str = "2026-11-20T09:00:00Z";

/// A cluster, by what its lists return.
pub struct Cluster(Listed);

impl Cluster {
    /// Reads one.
    ///
    /// # Errors
    /// What of it is no object that a kind reads.
    pub fn read(text: &str) -> Result<Cluster, String> {
        let mut items: BTreeMap<&str, Vec<Json>> = BTreeMap::new();
        let (mut incomplete, mut listed) = (BTreeMap::new(), Listed::default());
        for object in Deserializer::from_str(text).into_iter::<Json>() {
            let object = object.map_err(|error| error.to_string())?;
            match (object.get("incomplete"), object.get("version")) {
                (Some(Json::Object(lists)), _) => incomplete.extend(lists.clone()),
                (_, Some(Json::String(said))) => listed.version = Some(said.clone()),
                _ => items.entry(resource(&object)?.name).or_default().push(object),
            }
        }
        for resource in RESOURCES {
            let intake = listed.intake(resource.name).ok_or("a resource without a list")?;
            let page = json!({ "items": items.remove(resource.name).unwrap_or_default() });
            let _ = intake.page(resource, page.to_string().as_bytes()).map_err(|why| why.detail.to_string())?;
            if let Some(why) = incomplete.remove(resource.name) {
                intake.broke(reason(why.as_str().unwrap_or_default())?);
            }
        }
        incomplete.keys().next().map_or(Ok(Cluster(listed)), |name| Err(format!("no list is called `{name}`")))
    }
}

fn resource(object: &Json) -> Result<&'static Resource, String> {
    let said = |field: &str| object.get(field).and_then(Json::as_str).unwrap_or_default();
    let group = said("apiVersion").rsplit_once('/').map_or("", |(group, _)| group);
    let found = RESOURCES.iter().find(|resource| resource.group() == group && resource.kind == said("kind"));
    found.ok_or_else(|| format!("no kind reads a `{}` of `{}`", said("kind"), said("apiVersion")))
}

fn reason(text: &str) -> Result<Reason, String> {
    let (cause, detail) = text.split_once(": ").ok_or("expected a cause and a detail")?;
    let cause: Cause = serde_json::from_value(cause.into()).map_err(|error| error.to_string())?;
    Ok(Reason::new(cause, detail))
}

impl World for Cluster {
    fn observe(&self, reads: &ReadSet, _: &dyn Progress) -> Observation {
        let list = |(kind, reads): (&Text, &KindReads)| (kind.clone(), kinds::list(kind, &self.0, reads));
        let cell = Arc::new(Cell { provider: "kubernetes".into(), scope: vec!["production".into()] });
        let envelope = Envelope { taken_at: READ_AT.into(), ..Envelope::default() };
        Observation {
            cells: [(cell, reads.kinds.iter().map(list).collect())].into(),
            envelope,
            ..Observation::default()
        }
    }

    fn read(
        &self,
        object: &ObjectAddress,
        attributes: &BTreeSet<Text>,
        settings: &BTreeSet<SettingName>,
    ) -> Result<ObjectRead, Reason> {
        let only = Some([object.id.clone()].into());
        let reads = KindReads { attributes: attributes.clone(), settings: settings.clone(), only, cells: None };
        let mut listing = kinds::list(&object.kind, &self.0, &reads);
        Ok(ObjectRead { at: READ_AT.into(), object: listing.objects.remove(&object.id) })
    }

    fn write(&self, change: &Change) -> Result<(), Reason> {
        Err(Reason::new(Cause::Failed, format!("a text is not written to: {}", change.object)))
    }
}
