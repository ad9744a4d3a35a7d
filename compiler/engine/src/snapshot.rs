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
use ordain_model::address::{Cell, print_id};
use ordain_model::digest::Digest;
use ordain_model::observation::{Reading, Reason};
use ordain_model::types::encode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use std::borrow::Cow;
use std::collections::BTreeMap;

mod line;
mod parse;
mod rows;
pub use parse::parse;
pub use rows::{Row, Rows};

use line::line;

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
            entries.extend(
                list.objects.iter().map(|record| (format!("{prefix}/{}", print_id(&record.id)), list, Some(record))),
            );
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

/// Written part by part: a snapshot has a million of these lines, and each is made twice.
fn object_line(address: &str, record: &Record) -> String {
    let (mut attributes, mut settings, mut other) = (Vec::new(), Vec::new(), Map::new());
    for (name, reading) in &record.object.attributes {
        match reading {
            Reading::Value(value) => attributes.push((Cow::Borrowed(&**name), value)),
            reading => drop(other.insert(format!("attributes.{name}"), json!(Other::of(reading)))),
        }
    }
    for (name, reading) in &record.object.settings {
        match (reading, &name.key) {
            (Reading::Value(value), None) => settings.push((Cow::Borrowed(&*name.name), value)),
            (Reading::Value(value), Some(_)) => settings.push((name.to_string().into(), value)),
            (reading, _) => drop(other.insert(format!("settings.{name}"), json!(Other::of(reading)))),
        }
    }
    let mut text = "{".to_owned();
    if !attributes.is_empty() {
        text.push_str("\"attributes\":");
        line::members(&mut text, attributes);
        text.push(',');
    }
    text.push_str("\"object\":");
    line::string(&mut text, address);
    if !other.is_empty() {
        text.push_str(",\"other\":");
        text.push_str(&line(&other));
    }
    if !settings.is_empty() {
        text.push_str(",\"settings\":");
        line::members(&mut text, settings);
    }
    text.push('}');
    text
}

impl Other {
    fn of(reading: &Reading) -> Option<Other> {
        Some(match reading {
            Reading::Value(_) => return None,
            Reading::Held(value, by) => Other::Held { value: encode(value), by: by.clone() },
            Reading::NotApplicable(why) => Other::NotApplicable(why.clone()),
            Reading::ProviderFixed(why) => Other::ProviderFixed(why.clone()),
            Reading::Unknown(reason) => Other::Unknown(reason.clone()),
        })
    }
}
