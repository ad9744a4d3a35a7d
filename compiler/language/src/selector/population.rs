//! [`Population`]: what `all` stands for.

use ordain_model::Text;
use ordain_model::address::Cell;
use ordain_model::observation::{Cause, Listing, Object, Reading, Reason};
use ordain_model::schema::Kind;
use ordain_model::value::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// What `all` stands for: by kind, the objects in the order they were added, or why the list is not complete.
#[derive(Clone, Debug, Default)]
pub struct Population {
    kinds: BTreeMap<Text, Members>,
}

#[derive(Clone, Debug, Default)]
struct Members {
    objects: Vec<Value>,
    incomplete: Option<Reason>,
    /// The objects as a value, made when they are first asked for.
    list: OnceLock<Value>,
}

impl Population {
    /// Adds what one cell lists of a kind. Add every cell, in order, of every target the assertion sees; a kind that
    /// was never added is unknown.
    pub fn add(&mut self, kind: &'static Kind, cell: &Arc<Cell>, listing: &Listing) {
        let members = self.kinds.entry(kind.name.into()).or_default();
        members.list = OnceLock::new();
        members.objects.extend(listing.objects.iter().map(|(id, object)| object_value(kind, cell, id, object)));
        if let Some(reason) = &listing.incomplete {
            members.incomplete.get_or_insert_with(|| reason.clone());
        }
    }

    /// Says that some cells of a target are not known: then the list is unknown.
    pub fn unresolved(&mut self, kind: &'static Kind, reason: &Reason) {
        self.kinds.entry(kind.name.into()).or_default().incomplete.get_or_insert_with(|| reason.clone());
    }

    /// The list of a kind's objects.
    pub(super) fn objects(&self, kind: &str) -> Value {
        match self.kinds.get(kind) {
            None => Value::unknown(Reason::new(Cause::NotCollected, format!("`{kind}` was not collected"))),
            Some(Members { incomplete: Some(reason), .. }) => Value::unknown(reason.clone()),
            Some(members) => members.list.get_or_init(|| Value::list(members.objects.iter().cloned())).clone(),
        }
    }
}

/// An object with every attribute and setting of its kind: what was not read is unknown, not missing. Its `id` is
/// that of its address, and `cell` names where it is, unless the kind has attributes of these names.
fn object_value(kind: &'static Kind, cell: &Arc<Cell>, id: &Text, object: &Object) -> Value {
    let mut members: BTreeMap<Text, Value> = BTreeMap::new();
    members.insert("id".into(), Value::String(id.clone()));
    members.insert("cell".into(), Value::string(&cell.to_string()));
    members.extend(
        kind.attributes.iter().map(|attribute| (attribute.name.into(), value_of(&object.attribute(attribute.name)))),
    );
    let mut keyed: BTreeMap<&Text, BTreeMap<Text, Value>> = BTreeMap::new();
    for (name, reading) in &object.settings {
        match &name.key {
            Some(key) => drop(keyed.entry(&name.name).or_default().insert(key.clone(), value_of(reading))),
            None => drop(members.insert(name.name.clone(), value_of(reading))),
        }
    }
    members.extend(keyed.into_iter().map(|(name, keys)| (name.clone(), Value::object(keys))));
    for setting in kind.settings {
        let missing =
            || Value::unknown(Reason::new(Cause::NotCollected, format!("`{}` was not collected", setting.name)));
        members.entry(setting.name.into()).or_insert_with(missing);
    }
    Value::object(members)
}

/// A reading as a value: null for what an object does not have, unknown for what nobody can read.
pub(super) fn value_of(reading: &Reading) -> Value {
    match reading {
        Reading::Value(value) | Reading::Held(value, _) => value.clone(),
        Reading::NotApplicable(_) => Value::Null,
        Reading::ProviderFixed(evidence) => Value::unknown(Reason::new(
            Cause::NotCollected,
            format!("the platform fixes it and lets nobody read it: {evidence}"),
        )),
        Reading::Unknown(reason) => Value::unknown(reason.clone()),
    }
}
