//! A world for tests: objects in memory, a log of what was written, and faults on request.

use ordain_model::Text;
use ordain_model::address::{Cell, ObjectAddress, SettingName};
use ordain_model::observation::{Cause, Envelope, Listing, Object, ObjectRead, Observation, ReadSet, Reading, Reason};
use ordain_model::provider::{Change, Progress, Provider, Providers, World};
use ordain_model::schema::Kind;
use ordain_model::stop::Stop;
use ordain_model::value::Value;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use crate::lab::Lab;

pub const PROVIDERS: Providers<'static> = Providers(&[&Lab]);

#[derive(Clone, Default)]
pub struct Bench(pub Arc<Mutex<State>>);

#[derive(Default)]
pub struct State {
    pub objects: BTreeMap<ObjectAddress, Object>,
    pub cells: BTreeSet<Cell>,
    /// Lists that may lack objects, by kind.
    pub incomplete: BTreeMap<String, Reason>,
    pub unresolved: Option<Reason>,
    pub uncovered: BTreeSet<Cell>,
    pub uncovered_incomplete: Option<Reason>,
    /// What was written and when, in order.
    pub events: Vec<String>,
    /// What happens to the next write of an object, by address and unit.
    pub faults: BTreeMap<String, Fault>,
    pub reads: usize,
    /// How often one object was looked at.
    pub looks: usize,
    /// When it is read; the first of November where nothing is said.
    pub time: Option<String>,
    /// When reading ends, where that is later.
    pub until: Option<String>,
    /// The time after so many writes, where it is another one.
    pub later: Option<(usize, String)>,
    /// What was accepted and is not shown yet.
    pub late: Vec<(ObjectAddress, SettingName, Value)>,
    /// Whom [`Fault::Stop`] asks.
    pub stop: Stop,
}

impl State {
    fn now(&self) -> Text {
        let later = self.later.as_ref().filter(|(writes, _)| self.events.len() >= *writes).map(|(_, time)| time);
        later.or(self.time.as_ref()).map_or("2026-11-01T00:00:00Z", |time| time).into()
    }
}

#[derive(Clone, Copy, PartialEq)]
pub enum Fault {
    /// The API refuses.
    Refuse,
    /// The change is made and the answer is lost.
    LoseAnswer,
    /// The change is accepted and not made.
    Ignore,
    /// Somebody else writes in the same moment.
    Race,
    /// The change is made, the answer is lost, and nothing can be read any more.
    GoDark,
    /// Nothing can be read any more.
    Unreadable,
    /// Somebody else takes the object's tags away at the same time.
    Retag,
    /// The change is accepted, and shown only to who reads it back a second time.
    Late,
    /// Nobody answers, and nothing is changed.
    Silence,
    /// Somebody asks to stop while it is written.
    Stop,
}

pub struct Silent;

impl Progress for Silent {
    fn step(&self, _: &str) {}
}

fn kind(name: &str) -> &'static Kind {
    Lab.kinds().iter().find(|kind| kind.name == name).unwrap()
}

/// An object from the JSON of its attributes and settings; `"?denied"` is a value that could not be read, `"!who"` after it is held.
pub fn object(kind_name: &str, json: &Json) -> Object {
    let kind = kind(kind_name);
    let mut object = Object::default();
    for (name, value) in json.as_object().unwrap() {
        let reading = |of: ordain_model::types::Type| match value.as_str().and_then(|text| text.strip_prefix('?')) {
            Some(why) => Reading::Unknown(Reason::new(Cause::Denied, why)),
            None => match value.as_array().map(Vec::as_slice) {
                Some([held, Json::String(who)]) if who.starts_with('!') => {
                    Reading::Held(of.decode(held).unwrap(), who[1..].into())
                }
                Some([Json::String(sort), Json::String(why)]) if sort == "n/a" => {
                    Reading::NotApplicable(why.as_str().into())
                }
                Some([Json::String(sort), Json::String(why)]) if sort == "fixed" => {
                    Reading::ProviderFixed(why.as_str().into())
                }
                _ => Reading::Value(of.decode(value).unwrap_or_else(|wrong| panic!("{name}: {wrong:?}"))),
            },
        };
        if let Some(attribute) = kind.attribute(name) {
            object.attributes.insert(attribute.name.into(), reading(attribute.of));
        } else {
            let name = SettingName::parse(name).unwrap();
            let of = kind.setting(&name.name).unwrap().of;
            object.settings.insert(name, reading(of));
        }
    }
    object
}

impl Bench {
    /// Puts an object in place: `CELL/KIND/ID` and its JSON.
    pub fn put(&self, address: &str, json: Json) -> &Bench {
        let address = ObjectAddress::parse(address).unwrap();
        let mut state = self.0.lock().unwrap();
        state.cells.insert((*address.cell).clone());
        let object = object(&address.kind, &json);
        state.objects.insert(address, object);
        self
    }

    /// What a setting is now, as text.
    pub fn get(&self, address: &str) -> String {
        let (object, setting) = address.split_once('#').unwrap();
        let state = self.0.lock().unwrap();
        let object = &state.objects[&ObjectAddress::parse(object).unwrap()];
        match object.setting(&SettingName::parse(setting).unwrap()) {
            Reading::Value(value) => ordain_model::types::encode(&value).to_string(),
            other => format!("{other:?}"),
        }
    }

    pub fn fault(&self, place: &str, fault: Fault) {
        self.0.lock().unwrap().faults.insert(place.into(), fault);
    }

    pub fn events(&self) -> Vec<String> {
        self.0.lock().unwrap().events.clone()
    }
}

fn asked(object: &Object, attributes: &BTreeSet<Text>, settings: &BTreeSet<SettingName>) -> Object {
    let mut object = object.clone();
    object.attributes.retain(|name, _| attributes.contains(name));
    object.settings.retain(|name, _| settings.contains(name));
    object
}

impl World for Bench {
    fn observe(&self, reads: &ReadSet, _: &dyn Progress) -> Observation {
        let mut state = self.0.lock().unwrap();
        state.reads += 1;
        let mut observation = Observation {
            unresolved: state.unresolved.clone(),
            uncovered: state.uncovered.clone(),
            uncovered_incomplete: state.uncovered_incomplete.clone(),
            ..Observation::default()
        };
        for cell in &state.cells {
            let listings = observation.cells.entry(Arc::new(cell.clone())).or_default();
            for (name, reads) in reads.kinds.iter().filter(|(_, reads)| reads.within(cell)) {
                let incomplete = state.incomplete.get(&**name).cloned();
                let mut listing = Listing { incomplete, objects: BTreeMap::new() };
                let here = state.objects.iter().filter(|(address, _)| *address.cell == *cell && address.kind == *name);
                for (address, object) in
                    here.filter(|(address, _)| reads.only.as_ref().is_none_or(|only| only.contains(&address.id)))
                {
                    listing.objects.insert(address.id.clone(), asked(object, &reads.attributes, &reads.settings));
                }
                listings.insert(name.clone(), listing);
            }
        }
        let read_until = state.until.as_deref().unwrap_or_default().into();
        observation.envelope = Envelope { taken_at: state.now(), read_until, ..Envelope::default() };
        observation
    }

    fn read(
        &self,
        object: &ObjectAddress,
        attributes: &BTreeSet<Text>,
        settings: &BTreeSet<SettingName>,
    ) -> Result<ObjectRead, Reason> {
        let mut state = self.0.lock().unwrap();
        state.looks += 1;
        if state.faults.get(&object.to_string()) == Some(&Fault::Unreadable) {
            return Err(Reason::new(Cause::Unreachable, "nobody answers"));
        }
        let object = state.objects.get(object).map(|object| asked(object, attributes, settings));
        Ok(ObjectRead { at: state.now(), object })
    }

    fn write(&self, change: &Change) -> Result<(), Reason> {
        let mut state = self.0.lock().unwrap();
        let place = format!("{}:{}", change.object, change.unit);
        state.events.push(format!("write {place}"));
        let fault = state.faults.get(&place).copied();
        match fault {
            Some(Fault::Silence) => return Err(Reason::new(Cause::Unreachable, "the connection broke")),
            Some(Fault::Stop) => state.stop.ask(),
            Some(Fault::Late) => {
                let late =
                    change.values.iter().map(|(name, value)| (change.object.clone(), name.clone(), value.clone()));
                state.late.extend(late);
                return Ok(());
            }
            _ => {}
        }
        if fault == Some(Fault::Refuse) {
            return Err(Reason::new(Cause::Failed, "the API refuses"));
        }
        if fault == Some(Fault::GoDark) {
            state.faults.insert(change.object.to_string(), Fault::Unreadable);
        }
        let object = state.objects.get_mut(&change.object).unwrap();
        if fault == Some(Fault::Retag) {
            object.attributes.insert("tags".into(), Reading::Value(Value::Object(Default::default())));
        }
        for (name, value) in &change.values {
            let value = match fault {
                Some(Fault::Ignore) => continue,
                Some(Fault::Race) => Reading::Value(
                    kind(&change.object.kind).setting(&name.name).unwrap().of.decode(&"7d".into()).unwrap(),
                ),
                _ => Reading::Value(value.clone()),
            };
            object.settings.insert(name.clone(), value);
        }
        match fault {
            Some(Fault::LoseAnswer | Fault::GoDark) => Err(Reason::new(Cause::Unreachable, "the connection broke")),
            _ => Ok(()),
        }
    }

    fn linger(&self, _: u32) -> bool {
        let mut state = self.0.lock().unwrap();
        let late = std::mem::take(&mut state.late);
        let came = !late.is_empty();
        for (object, name, value) in late {
            state.objects.get_mut(&object).unwrap().settings.insert(name, Reading::Value(value));
        }
        came
    }
}
