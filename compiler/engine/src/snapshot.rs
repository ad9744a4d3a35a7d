//! Snapshots: [`Observed`] as lines. A header, then the world: one RFC 8785 object per line, sorted by address.
//!
//! ```text
//! {"envelope":"sha256:...","format":"ordain.snapshot/1","targets":{...},"world":"sha256:..."}
//! {"list":"aws:111111111111/eu-west-1/aws_vpc"}
//! {"attributes":{...},"object":"aws:111111111111/eu-west-1/aws_vpc/vpc-0a","other":{...},"settings":{...}}
//! ```
//! A kind's list stands before its objects and says what it lacks. `other` holds the readings that are no plain values, by
//! `attributes.NAME` or `settings.NAME`. The header's `world` is the Merkle root over the lines that follow it.

use crate::observed::{List, Observed, Record, TargetObserved};
use ordain_model::Text;
use ordain_model::address::{Cell, ObjectAddress};
use ordain_model::digest::{Digest, canonical};
use ordain_model::observation::{Reading, Reason};
use ordain_model::types::encode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;
use std::sync::Arc;

mod parse;
pub use parse::parse;

/// Name and version of the format.
pub const FORMAT: &str = "ordain.snapshot/1";

/// The first line.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    format: Text,
    targets: BTreeMap<Text, TargetObserved>,
    envelope: Digest,
    world: Digest,
}

/// A reading that is no plain value.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Other {
    Held { value: Json, by: Text },
    NotApplicable(Text),
    ProviderFixed(Text),
    Unknown(Reason),
}

/// The lines of a snapshot, without line breaks, the header first.
pub fn lines(observed: &Observed) -> impl Iterator<Item = String> {
    let targets = observed.targets.clone();
    let header = Header { format: FORMAT.into(), targets, envelope: observed.envelope, world: observed.world };
    std::iter::once(line(&header)).chain(world_lines(observed))
}

/// The lines of the world, which its digest covers.
pub(crate) fn world_lines(observed: &Observed) -> impl Iterator<Item = String> {
    let mut entries: Vec<(String, &List, Option<&Record>)> = Vec::new();
    for (cell, kinds) in &observed.cells {
        for (kind, list) in kinds {
            let prefix = prefix(cell, kind);
            entries.extend(list.objects.iter().map(|record| (object_text(cell, kind, record), list, Some(record))));
            entries.push((prefix, list, None));
        }
    }
    entries.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    entries.into_iter().map(|(address, list, record)| match record {
        Some(record) => object_line(&address, record),
        None => list_line(&address, list),
    })
}

/// Digest of what answered.
pub(crate) fn envelope(targets: &BTreeMap<Text, TargetObserved>) -> Digest {
    Digest::of(line(targets).as_bytes())
}

/// `CELL/KIND`, the address of a list.
fn prefix(cell: &Cell, kind: &str) -> String {
    format!("{cell}/{kind}")
}

fn object_text(cell: &Arc<Cell>, kind: &Text, record: &Record) -> String {
    ObjectAddress { cell: cell.clone(), kind: kind.clone(), id: record.id.clone() }.to_string()
}

fn list_line(address: &str, list: &List) -> String {
    let mut json = json!({ "list": address });
    if let Some(reason) = &list.incomplete {
        json["incomplete"] = json!(reason);
    }
    if let Some(only) = &list.only {
        json["only"] = json!(only);
    }
    line(&json)
}

fn object_line(address: &str, record: &Record) -> String {
    let (mut attributes, mut settings, mut other) = (Map::new(), Map::new(), Map::new());
    for (name, reading) in &record.object.attributes {
        put(&mut attributes, &mut other, "attributes.", name.to_string(), reading);
    }
    for (name, reading) in &record.object.settings {
        put(&mut settings, &mut other, "settings.", name.to_string(), reading);
    }
    let mut json = json!({ "object": address });
    for (name, part) in [("attributes", attributes), ("settings", settings), ("other", other)] {
        if !part.is_empty() {
            json[name] = Json::Object(part);
        }
    }
    line(&json)
}

fn put(values: &mut Map<String, Json>, other: &mut Map<String, Json>, sort: &str, name: String, reading: &Reading) {
    let reading = match reading {
        Reading::Value(value) => return drop(values.insert(name, encode(value))),
        Reading::Held(value, by) => Other::Held { value: encode(value), by: by.clone() },
        Reading::NotApplicable(why) => Other::NotApplicable(why.clone()),
        Reading::ProviderFixed(why) => Other::ProviderFixed(why.clone()),
        Reading::Unknown(reason) => Other::Unknown(reason.clone()),
    };
    other.insert(format!("{sort}{name}"), json!(reading));
}

/// Canonical JSON is valid for every value made here: no map has keys that are not text, no number is infinite.
fn line(value: &impl Serialize) -> String {
    canonical(value).ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}
