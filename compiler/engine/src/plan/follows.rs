//! [`Plan::follows`]: whether a plan is what a profile makes of the values that it names itself. A digest says that nobody
//! changed a plan by accident, not who made it; and what decided a step stands in it. So it can be decided once more: with
//! these values in place of a world, each step has to come out as it is. What the plan says of the world needs no belief,
//! since `apply` compares it with the world.
//!
//! What stays the word of whoever made a plan: which of the steps there are (`--only`, `--except`, what Terraform sets), what
//! was allowed, and how many objects are selected in a cell, of which `max_percent` is a part.

use super::brakes::{Brakes, canary};
use super::file::{decode, find_setting};
use super::selection::selected;
use super::steps::why;
use super::{Plan, Precondition, Step};
use crate::constraints::Constraints;
use crate::findings::{Decisive, Field, Findings, Outcome, compare};
use crate::graph::Graph;
use crate::observed::{List, Observed, Record, TargetObserved};
use ordain_language::anchor::Anchor;
use ordain_model::Text;
use ordain_model::address::{Cell, ObjectAddress, SettingAddress, SettingName};
use ordain_model::observation::{Envelope, Object, Reading};
use ordain_model::provider::Providers;
use ordain_model::schema::Kind;
use ordain_model::types::encode;
use ordain_model::value::Value;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

impl Plan {
    /// Decides each step once more, from the values that the plan names, and what holds it.
    ///
    /// # Errors
    /// What does not follow from the profile: half a sentence.
    pub fn follows(
        &self,
        constraints: &Constraints,
        graph: &Graph,
        anchor: Option<&Anchor>,
        providers: Providers<'_>,
    ) -> Result<(), String> {
        self.covers(constraints, providers)?;
        let observed = self.told(constraints)?;
        let mut findings = compare(constraints, graph, &observed, &self.inputs.baselined);
        anchor.into_iter().for_each(|anchor| findings.hold(anchor));
        self.held_as(&findings)?;
        let selected = selected(&findings, &self.inputs);
        let fields = findings.fields.iter().enumerate().map(|(at, field)| (&field.address, (at, field))).collect();
        let steps = self.steps.iter().enumerate();
        let place =
            steps.flat_map(|(at, step)| step.changes.keys().map(move |name| (step.object.setting(name.clone()), at)));
        let again = Again { findings: &findings, fields, selected, place: place.collect() };
        for (at, step) in self.steps.iter().enumerate() {
            again.decides(at, step).map_err(|what| format!("step {} ({}): {what}", at + 1, step.object))?;
        }
        Ok(())
    }

    /// Every target that says itself that it covers a cell is among those that the plan knows.
    fn covers(&self, constraints: &Constraints, providers: Providers<'_>) -> Result<(), String> {
        let live = constraints.config.targets.iter().filter(|(_, target)| target.estate.is_none());
        for (name, declared) in live {
            let reach = providers.get(&declared.target.provider).and_then(|of| of.reaches(&declared.target));
            let reaches = |cell: &&Cell| reach.iter().flatten().any(|part| part == *cell || part.holds(cell));
            if let Some(cell) = self.reaches.keys().filter(reaches).find(|cell| !self.covering(cell).contains(name)) {
                return Err(format!("`target.{name}` covers {cell} too, and the plan leaves it out"));
            }
        }
        Ok(())
    }

    /// The targets that cover a cell.
    fn covering(&self, cell: &Cell) -> BTreeSet<&Text> {
        self.reaches.get(cell).into_iter().chain(self.inputs.covered.get(cell).into_iter().flatten()).collect()
    }

    /// The world that the plan tells of. What no step changes is held as it is: whatever would have to change and has no step
    /// was left out, and decides nothing by what it might become.
    fn told(&self, constraints: &Constraints) -> Result<Observed, String> {
        let mut objects: BTreeMap<&ObjectAddress, Object> = BTreeMap::new();
        for step in &self.steps {
            let kind = kind(constraints, &step.object)?;
            let object = objects.entry(&step.object).or_default();
            for (name, change) in &step.changes {
                let before = decode(find_setting(kind, name)?, name, &change.before)?;
                object.settings.insert(name.clone(), Reading::Value(before));
            }
        }
        for step in &self.steps {
            keep(objects.entry(&step.object).or_default(), kind(constraints, &step.object)?, &step.kept)?;
            for (address, Precondition { attributes, settings, .. }) in &step.preconditions {
                let kind = kind(constraints, address)?;
                let object = objects.entry(address).or_default();
                keep(object, kind, settings)?;
                for (name, json) in attributes {
                    let attribute = kind.attribute(name).and_then(|attribute| attribute.of.decode(json).ok());
                    let value = attribute.ok_or_else(|| format!("`{name}` of {address} does not read"))?;
                    object.attributes.insert(name.clone(), Reading::Value(value));
                }
            }
        }
        let mut observed = Observed::empty();
        for (address, object) in objects {
            let list = observed.cells.entry(address.cell.clone()).or_default().entry(address.kind.clone()).or_default();
            list.only.get_or_insert_default().insert(address.id.clone());
            list.objects.push(Record { id: address.id.clone(), object });
        }
        let none = || List { only: Some(BTreeSet::new()), ..List::default() };
        for kinds in observed.cells.values_mut() {
            for kind in constraints.kinds.keys() {
                kinds.entry((*kind).into()).or_insert_with(none);
            }
        }
        observed.targets =
            constraints.config.targets.iter().map(|(name, of)| (name.clone(), self.target(name, &of.estate))).collect();
        Ok(observed)
    }

    fn target(&self, name: &Text, estate: &Option<Text>) -> TargetObserved {
        let cells = self.reaches.keys().filter(|cell| self.covering(cell).contains(name)).cloned().collect();
        let envelope =
            Envelope { taken_at: self.inputs.taken_at.clone(), estate: estate.clone(), ..Envelope::default() };
        TargetObserved { cells, envelope, ..TargetObserved::default() }
    }

    /// The brakes and the canary are those of the targets.
    fn held_as(&self, findings: &Findings) -> Result<(), String> {
        for (cell, said) in &findings.brakes {
            let told = self.inputs.brakes.get(&**cell);
            let selected = told.map_or(0, |told| told.selected);
            if told != Some(&Brakes::of(said, selected)) {
                return Err(format!("its brakes for {cell} are not those of the profile and the anchor"));
            }
        }
        let open = self.steps.iter().map(|step| &*step.object.cell).filter(|cell| !self.blocked.contains_key(cell));
        let first = canary(open, |cell| findings.brakes.get(cell).is_some_and(|brakes| brakes.canary));
        match self.canary == first {
            true => Ok(()),
            false => Err("its canary is not the cell that goes first".to_owned()),
        }
    }
}

/// What was decided once more.
struct Again<'a> {
    findings: &'a Findings,
    /// By address, with the index.
    fields: BTreeMap<&'a SettingAddress, (usize, &'a Field)>,
    selected: BTreeSet<usize>,
    /// The step that changes each setting.
    place: BTreeMap<SettingAddress, usize>,
}

impl Again<'_> {
    /// Whether a step comes out as it is.
    fn decides(&self, at: usize, step: &Step) -> Result<(), String> {
        let mut first: BTreeSet<usize> = BTreeSet::new();
        for (name, change) in &step.changes {
            let found = self.fields.get(&step.object.setting(name.clone()));
            let (index, field) =
                found.ok_or_else(|| format!("nothing in the profile asks for a change of `{name}`"))?;
            let Outcome::Change(after) = &field.outcome else {
                return Err(format!("the profile makes no change of `{name}`"));
            };
            if encode(after) != change.after || why(field) != change.why {
                return Err(format!("the profile makes {} of `{name}`, for reasons of its own", encode(after)));
            }
            if !self.selected.contains(index) {
                return Err(format!("`{name}` is not among what was selected"));
            }
            self.rests(step, field)?;
            first.extend(
                field.after.iter().filter_map(|first| self.place.get(&self.findings.fields[*first as usize].address)),
            );
        }
        first.remove(&at);
        if first == step.after { Ok(()) } else { Err("it comes after other steps than it has to".to_owned()) }
    }

    /// Whether a step names all that decided one of its fields, and the exceptions on which that rests.
    fn rests(&self, step: &Step, field: &Field) -> Result<(), String> {
        for (object, decisive) in &field.decided_by {
            if let Some(name) = left_out(step, object, decisive) {
                return Err(format!("`{name}` of {object} decided it, and is no precondition"));
            }
        }
        let told = |of: &BTreeMap<Text, _>, at: u32, moment: &dyn Fn(&crate::findings::Exception) -> Option<_>| {
            let exception = &self.findings.exceptions[at as usize];
            moment(exception).is_some_and(|moment| of.get(&exception.address) == Some(&moment))
        };
        let ends = |exception: &crate::findings::Exception| Some(exception.until.end);
        let begins = |exception: &crate::findings::Exception| Some(exception.granted.as_ref()?.start);
        let named = field.exceptions.iter().all(|at| told(&step.exceptions, *at, &ends))
            && field.upcoming.iter().all(|at| told(&step.upcoming, *at, &begins));
        if named { Ok(()) } else { Err("it does not name the waivers on which it rests, as they are".to_owned()) }
    }
}

/// What decided a field and is no precondition of its step.
fn left_out(step: &Step, object: &ObjectAddress, decisive: &Decisive) -> Option<Text> {
    let nothing = Precondition::default();
    let told = step.preconditions.get(object).unwrap_or(&nothing);
    let own = |name: &SettingName| *object == step.object && step.changes.contains_key(name);
    let same = |told: Option<&Json>, value: &Value| told == Some(&encode(value));
    let attributes = decisive.attributes.iter().find(|(name, value)| !same(told.attributes.get(*name), value));
    let settings =
        || decisive.settings.iter().find(|(name, value)| !own(name) && !same(told.settings.get(*name), value));
    let unread = || decisive.unread.iter().find(|name| !told.unread.contains(*name));
    let attribute = attributes.map(|(name, _)| name.clone());
    attribute.or_else(|| Some(settings()?.0.to_string().into())).or_else(|| unread().cloned())
}

fn kind(constraints: &Constraints, object: &ObjectAddress) -> Result<&'static Kind, String> {
    constraints.kinds.get(&*object.kind).copied().ok_or_else(|| format!("no provider has the kind `{}`", object.kind))
}

/// Adds settings that stay as they are.
fn keep(object: &mut Object, kind: &'static Kind, settings: &BTreeMap<SettingName, Json>) -> Result<(), String> {
    for (name, json) in settings.iter() {
        let value = decode(find_setting(kind, name)?, name, json)?;
        if !object.settings.contains_key(name) {
            object.settings.insert(name.clone(), Reading::Held(value, "it".into()));
        }
    }
    Ok(())
}
