//! [`Estate`]: a world that is a file.

use crate::file::EstateFile;
use crate::json::Whole;
use crate::object::{self, Flaw};
use crate::pending;
use crate::state::{State, Typed};
use ordain_model::Text;
use ordain_model::address::{Cell, ObjectAddress, SettingName};
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Diagnostics, Reported, Severity, nearest};
use ordain_model::observation::{
    Cause, Envelope, KindReads, Listing, Object, ObjectRead, Observation, ReadSet, Reading, Reason,
};
use ordain_model::provider::{Change, Progress, Providers, World};
use ordain_model::schema::Kind;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A world that is a JSON file. Clones share the file, so that two targets on one estate see each other's writes.
#[derive(Clone)]
pub struct Estate {
    name: Text,
    kinds: Arc<BTreeMap<&'static str, &'static Kind>>,
    state: Arc<Mutex<State>>,
}

impl Estate {
    /// Reads an estate. `name` is the file as the user gave it; the kinds are those of every provider.
    ///
    /// # Errors
    /// It cannot be read, or does not fit the schema; `diagnostics` names every place in it.
    pub fn open(
        path: &Path,
        name: &str,
        providers: Providers<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Result<Estate, Reported> {
        let kinds: BTreeMap<&'static str, &'static Kind> = providers.kinds().map(|kind| (kind.name, kind)).collect();
        let report = |what: String| Diagnostic::new(code::ESTATE, Severity::Error, format!("`{name}`: {what}."));
        // A link is followed once: what waits stands beside the file, not beside the link.
        let real = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let left = pending::read(&real).map_err(|error| diagnostics.push(report(error.to_string())))?;
        let file = EstateFile::read(&real).map_err(|error| diagnostics.push(report(error.to_string())))?;
        let mut flaws = Vec::new();
        let content = content(file.text(), &kinds, &mut flaws);
        let content = content.map_err(|error| diagnostics.push(report(error)))?;
        for flaw in flaws {
            diagnostics.push(report(format!("{}: {}", flaw.path, flaw.what)));
        }
        diagnostics.check()?;
        let state = State::new(file, left, content, &kinds).map_err(|error| diagnostics.push(report(error)))?;
        Ok(Estate { name: name.into(), kinds: kinds.into(), state: Arc::new(Mutex::new(state)) })
    }

    /// The file as the user gave it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where the file is, links followed: two names of one file have one.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.state().file.path().to_owned()
    }

    /// The cells that it holds.
    #[must_use]
    pub fn cells(&self) -> Vec<Arc<Cell>> {
        self.state().cells.keys().cloned().collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl World for Estate {
    fn observe(&self, reads: &ReadSet, progress: &dyn Progress) -> Observation {
        let state = self.state();
        let mut observation = Observation::default();
        // A target reaches the cells of its own provider; an estate may hold those of several.
        let of = |name: &str, cell: &Cell| self.kinds.get(name).is_none_or(|kind| *kind.provider() == *cell.provider);
        let reached = |cell: &Cell| reads.kinds.is_empty() || reads.kinds.keys().any(|name| of(name, cell));
        for (cell, kinds) in state.cells.iter().filter(|(cell, _)| reached(cell)) {
            let asked = reads.kinds.iter().filter(|(name, reads)| reads.within(cell) && of(name, cell));
            let listings = asked.map(|(name, reads)| {
                progress.step(&format!("{cell} {name}"));
                (name.clone(), kinds.get(name).map_or_else(|| silent(name), |listing| select(listing, reads)))
            });
            observation.cells.insert(cell.clone(), listings.collect());
        }
        let (taken_at, estate) = (state.taken_at.clone(), Some(self.name.clone()));
        observation.envelope = Envelope { taken_at, estate, ..Envelope::default() };
        observation
    }

    fn read(
        &self,
        object: &ObjectAddress,
        attributes: &BTreeSet<Text>,
        settings: &BTreeSet<SettingName>,
    ) -> Result<ObjectRead, Reason> {
        let state = self.state();
        let found = |object| Ok(ObjectRead { at: state.taken_at.clone(), object });
        let Some(kinds) = state.cells.get(&object.cell) else { return found(None) };
        let Some(listing) = kinds.get(&object.kind) else { return Err(unsaid(&object.kind)) };
        match (listing.objects.get(&object.id), &listing.incomplete) {
            (Some(here), _) => found(Some(part(here, attributes, settings))),
            (None, Some(reason)) => Err(reason.clone()),
            (None, None) => found(None),
        }
    }

    fn write(&self, change: &Change) -> Result<(), Reason> {
        let mut state = self.state();
        let failed = |what: String| Reason::new(Cause::Failed, what);
        let kind = self
            .kinds
            .get(&*change.object.kind)
            .ok_or_else(|| failed(format!("there is no kind `{}`", change.object.kind)))?;
        let listing = state.cells.get(&change.object.cell).and_then(|kinds| kinds.get(&change.object.kind));
        let object = listing.and_then(|listing| listing.objects.get(&change.object.id));
        let object = object.ok_or_else(|| failed(format!("{} is not in the estate", change.object)))?;
        for (name, value) in &change.values {
            let setting = kind.setting(&name.name).ok_or_else(|| failed(format!("there is no setting `{name}`")))?;
            if setting.unit != &*change.unit || !setting.domain.legal(value) {
                return Err(failed(format!("the API accepts no `{value}` for `{name}`")));
            }
            if !matches!(object.settings.get(name), Some(Reading::Value(_)) | None) {
                return Err(failed(format!("`{name}` cannot be written")));
            }
        }
        let mut after = object.clone();
        after.settings.extend(change.values.iter().map(|(name, value)| (name.clone(), Reading::Value(value.clone()))));
        if let Some(flaw) = object::ambiguous(kind, &after) {
            return Err(failed(flaw.what));
        }
        for (name, value) in &change.values {
            state.set(&change.object, name, value);
        }
        Ok(())
    }

    fn commit(&self) -> Result<(), Reason> {
        self.state()
            .commit()
            .map_err(|error| Reason::new(Cause::Failed, format!("`{}` cannot be written: {error}", self.name)))
    }
}

/// The estate's own time and what it holds. Objects are read one by one: the JSON of all of them at once takes several
/// times what they take as values.
///
/// # Errors
/// It is no JSON, or a key stands twice.
fn content(
    text: &str,
    kinds: &BTreeMap<&'static str, &'static Kind>,
    flaws: &mut Vec<Flaw>,
) -> Result<(Text, Typed), String> {
    let whole = Whole(text);
    let parts = whole.entries(text)?.unwrap_or_default();
    let part = |name: &str| parts.iter().find(|(part, _)| part == name).map(|(_, json)| *json);
    let taken_at = as_of(part("as_of").map(|json| whole.value(json)).transpose()?.as_ref(), flaws);
    for (other, _) in parts.iter().filter(|(part, _)| !["as_of", "cells", "incomplete"].contains(&&**part)) {
        flaws.push(Flaw { path: other.to_string(), what: "expected `as_of`, `cells` and `incomplete` only".into() });
    }
    let mut typed = cells(whole, part("cells"), kinds, flaws)?;
    incomplete(part("incomplete").map(|json| whole.value(json)).transpose()?.as_ref(), kinds, &mut typed, flaws);
    Ok((taken_at, typed))
}

fn as_of(said: Option<&Json>, flaws: &mut Vec<Flaw>) -> Text {
    let text = said.and_then(Json::as_str).unwrap_or("");
    if text.parse::<jiff::Timestamp>().is_err() || !text.ends_with('Z') {
        let what = "expected the time of the estate in UTC, for example `\"2026-11-01T00:00:00Z\"`".into();
        flaws.push(Flaw { path: "as_of".into(), what });
    }
    text.into()
}

fn cells(
    whole: Whole<'_>,
    said: Option<&str>,
    kinds: &BTreeMap<&'static str, &'static Kind>,
    flaws: &mut Vec<Flaw>,
) -> Result<Typed, String> {
    let mut typed = Typed::new();
    let Some(cells) = said.map(|said| whole.entries(said)).transpose()?.flatten() else {
        flaws.push(Flaw { path: "cells".into(), what: "expected an object, one entry per cell".into() });
        return Ok(typed);
    };
    for (address, content) in cells {
        let path = format!("cells[{}]", Json::from(&*address));
        let content = whole.entries(content)?;
        let Some(cell) = Cell::parse(&address).filter(|cell| cell.to_string() == *address) else {
            flaws.push(Flaw { path, what: "expected a cell, for example `aws:111111111111/eu-west-1`".into() });
            continue;
        };
        let Some(content) = content else {
            flaws.push(Flaw { path, what: "expected an object, one entry per kind".into() });
            continue;
        };
        let listings = typed.entry(Arc::new(cell)).or_default();
        for (name, objects) in content {
            let path = format!("{path}.{name}");
            match (kinds.get(&*name), whole.entries(objects)?) {
                (None, _) => {
                    let near = nearest(&name, kinds.keys().copied()).map(|near| format!("; the nearest is `{near}`"));
                    flaws.push(Flaw { path, what: format!("there is no kind `{name}`{}", near.unwrap_or_default()) });
                }
                (_, None) => flaws.push(Flaw { path, what: "expected an object, one entry per id".into() }),
                (Some(kind), Some(objects)) => {
                    let objects = objects.into_iter().map(|(id, json)| {
                        let object = below(&path, &id, &whole.value(json)?, kind, flaws);
                        Ok((Text::from(id), object))
                    });
                    let objects = objects.collect::<Result<_, String>>()?;
                    listings.insert(name.into(), Listing { incomplete: None, objects });
                }
            }
        }
    }
    Ok(typed)
}

fn below(path: &str, id: &str, json: &Json, kind: &Kind, flaws: &mut Vec<Flaw>) -> Object {
    let mut own = Vec::new();
    let read = object::read(json, kind, &mut own);
    flaws.extend(own.into_iter().map(|flaw| Flaw { path: format!("{path}[{}]{}", Json::from(id), flaw.path), ..flaw }));
    read
}

/// Applies what the estate says of lists that may lack objects.
fn incomplete(
    said: Option<&Json>,
    kinds: &BTreeMap<&'static str, &'static Kind>,
    typed: &mut Typed,
    flaws: &mut Vec<Flaw>,
) {
    let lists = match said {
        None => return,
        Some(Json::Object(lists)) => lists,
        Some(_) => {
            return flaws
                .push(Flaw { path: "incomplete".into(), what: "expected an object, one entry per list".into() });
        }
    };
    for (address, said) in lists {
        let path = format!("incomplete[{}]", Json::from(address.as_str()));
        let list = address.rsplit_once('/').filter(|(_, kind)| kinds.contains_key(kind));
        let found = list.and_then(|(cell, kind)| Some((typed.get_mut(&Cell::parse(cell)?)?, kind)));
        match (found, said.as_str().map(object::reason)) {
            (None, _) => flaws.push(Flaw { path, what: "expected CELL/KIND, a kind of a cell of this estate".into() }),
            (_, None) => flaws.push(Flaw { path, what: "expected a text".into() }),
            (_, Some(Err(what))) => flaws.push(Flaw { path, what }),
            (Some((kinds, kind)), Some(Ok(reason))) => {
                kinds.entry(kind.into()).or_insert_with(|| silent(kind)).incomplete = Some(reason)
            }
        }
    }
}

/// A kind that a cell does not mention: only `{}` says that there is none.
fn silent(kind: &str) -> Listing {
    Listing { incomplete: Some(unsaid(kind)), objects: BTreeMap::new() }
}

fn unsaid(what: &str) -> Reason {
    Reason::new(Cause::NotCollected, format!("the estate does not say `{what}`"))
}

/// What was asked of a list.
fn select(listing: &Listing, reads: &KindReads) -> Listing {
    let asked = listing.objects.iter().filter(|(id, _)| reads.only.as_ref().is_none_or(|only| only.contains(*id)));
    let objects = asked.map(|(id, object)| (id.clone(), part(object, &reads.attributes, &reads.settings)));
    Listing { incomplete: listing.incomplete.clone(), objects: objects.collect() }
}

/// What was asked of an object. What the estate does not say is not known.
fn part(object: &Object, attributes: &BTreeSet<Text>, settings: &BTreeSet<SettingName>) -> Object {
    let silent = |name: &dyn std::fmt::Display| Reading::Unknown(unsaid(&name.to_string()));
    let attribute = |name: &Text| (name.clone(), object.attributes.get(name).cloned().unwrap_or_else(|| silent(name)));
    let setting =
        |name: &SettingName| (name.clone(), object.settings.get(name).cloned().unwrap_or_else(|| silent(name)));
    Object { attributes: attributes.iter().map(attribute).collect(), settings: settings.iter().map(setting).collect() }
}
