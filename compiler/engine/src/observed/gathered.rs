//! [`Gathered`]: answers of several targets and rounds become one [`Observed`].

use super::{List, Observed, Record, TargetObserved};
use ordain_model::Text;
use ordain_model::address::SettingName;
use ordain_model::instant::Instant;
use ordain_model::observation::{Cause, Envelope, KindReads, Listing, Object, Observation, ReadSet, Reading, Reason};
use ordain_model::schema::Kind;
use ordain_model::types::Type;
use std::collections::{BTreeMap, BTreeSet};

/// What has been read so far.
pub(super) struct Gathered<'a> {
    pub(super) observed: Observed,
    kinds: &'a BTreeMap<&'static str, &'static Kind>,
    names: Names,
}

impl<'a> Gathered<'a> {
    /// Nothing yet.
    pub(super) fn new(kinds: &'a BTreeMap<&'static str, &'static Kind>) -> Gathered<'a> {
        Gathered { observed: Observed::empty(), kinds, names: Names::default() }
    }

    /// Adds what the targets answered to what they were asked. What nobody asked for is left out.
    pub(super) fn add(&mut self, reads: &BTreeMap<Text, ReadSet>, answers: BTreeMap<Text, Observation>) {
        for (target, answer) in answers {
            let cells = answer.cells.keys().map(|cell| (**cell).clone()).collect();
            for (cell, kinds) in answer.cells {
                for (kind, listing) in kinds {
                    let asked = reads.get(&target).and_then(|reads| reads.kinds.get(&kind));
                    let (Some(asked), Some(schema)) = (asked, self.kinds.get(&*kind)) else { continue };
                    let list = self.names.list(listing, asked, schema);
                    let known = self.observed.cells.entry(cell.clone()).or_default();
                    match known.get_mut(&kind) {
                        Some(known) => known.merge(list),
                        None => drop(known.insert(self.names.share(&kind), list)),
                    }
                }
            }
            let answer = TargetObserved {
                cells,
                unresolved: answer.unresolved,
                uncovered: answer.uncovered,
                uncovered_incomplete: answer.uncovered_incomplete,
                reads: reads.get(&target).cloned().unwrap_or_default(),
                envelope: answer.envelope,
            };
            match self.observed.targets.get_mut(&target) {
                Some(known) => known.add(answer),
                None => drop(self.observed.targets.insert(target, answer)),
            }
        }
    }
}

impl TargetObserved {
    fn add(&mut self, answer: TargetObserved) {
        let (first, nothing) = (self.cells.is_empty(), answer.cells.is_empty());
        self.cells.extend(answer.cells);
        self.unresolved = self.unresolved.take().or(answer.unresolved);
        self.uncovered.extend(answer.uncovered);
        self.uncovered_incomplete = self.uncovered_incomplete.take().or(answer.uncovered_incomplete);
        for (kind, more) in answer.reads.kinds {
            match self.reads.kinds.get_mut(&kind) {
                None => drop(self.reads.kinds.insert(kind, more)),
                Some(known) => {
                    known.cells = known.cells.take().zip(more.cells).map(|(mut cells, more)| {
                        cells.extend(more);
                        cells
                    });
                    known.attributes.extend(more.attributes);
                    known.settings.extend(more.settings);
                    known.only = known.only.take().zip(more.only).map(|(mut only, more)| {
                        only.extend(more);
                        only
                    });
                }
            }
        }
        let envelope = answer.envelope;
        match (first, nothing) {
            (_, true) => {}
            (true, false) => {
                (self.envelope.taken_at, self.envelope.read_until) = (envelope.taken_at, envelope.read_until)
            }
            (false, false) => (self.envelope.taken_at, self.envelope.read_until) = spanned(&self.envelope, &envelope),
        }
        self.envelope.estate = self.envelope.estate.take().or(envelope.estate);
        self.envelope.callers.extend(envelope.callers);
        self.envelope.endpoints.extend(envelope.endpoints);
        self.envelope.lists.extend(envelope.lists);
        for (operation, calls) in envelope.calls {
            *self.envelope.calls.entry(operation).or_default() += calls;
        }
    }
}

/// The first and the last moment of two readings; none where one of them has none.
fn spanned(one: &Envelope, other: &Envelope) -> (Text, Text) {
    let moment = |at: &Text| Instant::parse(at).map(|moment| (moment, at.clone()));
    let both = |one: &Text, other: &Text| Some([moment(one)?, moment(other)?]);
    let first = both(&one.taken_at, &other.taken_at).and_then(|both| both.into_iter().min());
    let last = both(one.last(), other.last()).and_then(|both| both.into_iter().max());
    match first.zip(last) {
        Some(((from, first), (until, last))) => (first, if from == until { "".into() } else { last }),
        None => Default::default(),
    }
}

/// Names that occur once per object, kept once.
#[derive(Debug, Default)]
pub(crate) struct Names {
    texts: BTreeSet<Text>,
    settings: BTreeSet<SettingName>,
}

impl Names {
    /// The shared copy of a name.
    pub(crate) fn share(&mut self, name: &str) -> Text {
        if let Some(known) = self.texts.get(name) {
            return known.clone();
        }
        let new: Text = name.into();
        self.texts.insert(new.clone());
        new
    }

    fn setting(&mut self, name: &SettingName) -> SettingName {
        match self.settings.get(name) {
            Some(known) => known.clone(),
            None => {
                self.settings.insert(name.clone());
                name.clone()
            }
        }
    }

    fn list(&mut self, listing: Listing, asked: &KindReads, kind: &Kind) -> List {
        let objects = listing.objects.into_iter().map(|(id, object)| {
            let attributes = object.attributes.into_iter().filter(|(name, _)| asked.attributes.contains(name));
            let settings = object.settings.into_iter().filter(|(name, _)| asked.settings.contains(name));
            let attribute = |name: &str| kind.attribute(name).map(|attribute| attribute.of);
            let setting = |name: &str| kind.setting(name).map(|setting| setting.of);
            let attributes = attributes.map(|(name, reading)| (self.share(&name), typed(reading, attribute(&name))));
            let attributes = attributes.collect();
            let settings = settings.map(|(name, reading)| (self.setting(&name), typed(reading, setting(&name.name))));
            Record { id, object: Object { attributes, settings: settings.collect() } }
        });
        List { incomplete: listing.incomplete, only: asked.only.clone(), objects: objects.collect() }
    }
}

/// A reading as it is, unless its value is not of its type: then it does not read as its API documents it, and would not
/// read back from a snapshot either.
fn typed(reading: Reading, of: Option<Type>) -> Reading {
    match reading.value().zip(of).map(|(value, of)| (value, of.check(value))) {
        Some((value, Err(mismatch))) => {
            let why = format!("expected {}, and the API said `{value}`", mismatch.expected);
            Reading::Unknown(Reason::new(Cause::Unreadable, why))
        }
        _ => reading,
    }
}
