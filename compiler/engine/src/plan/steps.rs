//! [`plan`]: the fields that have to change become ordered steps, one per write unit of an object.

use super::lost::{direction, lost};
use super::selection::selected;
use super::{
    BlastRadius, Calls, Change, FORMAT, Inputs, Plan, Precondition, Step, Why, WhyWithheld, Withheld, narrows,
};
use crate::findings::{Exception, Field, Findings, Outcome, State};
use ordain_model::Text;
use ordain_model::address::{Cell, ObjectAddress};
use ordain_model::cidr::CidrSet;
use ordain_model::digest::Digest;
use ordain_model::schema::WriteToken;
use ordain_model::types::encode;
use ordain_model::value::Value;
use petgraph::algo::{tarjan_scc, toposort};
use petgraph::graphmap::DiGraphMap;
use std::collections::{BTreeMap, BTreeSet};

/// The fields of one step, by what makes them one: the object, the write unit, and the setting where a unit is split.
type Units<'a> = BTreeMap<(&'a ObjectAddress, &'static str, Option<&'a str>), Vec<usize>>;

/// Makes the plan: prerequisites first, what narrows access last in its cell, nothing that no requirement demands.
#[must_use]
pub fn plan(findings: &Findings, mut inputs: Inputs) -> Plan {
    let mut withheld: BTreeMap<usize, WhyWithheld> = BTreeMap::new();
    let mut open: BTreeSet<usize> = BTreeSet::new();
    let selected = selected(findings, &inputs);
    for (at, field) in findings.fields.iter().enumerate() {
        let Outcome::Change(after) = &field.outcome else { continue };
        match brake(findings, field, after, selected.contains(&at), &inputs.allow) {
            Some(why) => drop(withheld.insert(at, why)),
            None => drop(open.insert(at)),
        }
    }
    settle(findings, &mut open, &mut withheld);
    let steps = ordered(findings, &open);
    let held = withheld.into_iter().map(|(at, why)| hold(&findings.fields[at], why)).collect();
    let cells = steps.iter().flat_map(|step| std::iter::once(&step.object).chain(step.preconditions.keys()));
    let reach = |object: &ObjectAddress| {
        Some((Cell::clone(&object.cell), findings.covering.get(&object.cell)?.first()?.clone()))
    };
    let reaches: BTreeMap<Cell, Text> = cells.filter_map(reach).collect();
    let relied_on =
        findings.exceptions.iter().filter(|exception| exception.state == State::InForce && exception.excepted > 0);
    let relied_on = relied_on.map(|exception| (exception.address.clone(), exception.until.end));
    inputs.exceptions = relied_on.chain(steps.iter().flat_map(|step| step.exceptions.clone())).collect();
    let keep = findings.keep_access.iter().filter(|(cell, _)| reaches.contains_key(&***cell));
    inputs.keep_access = keep.map(|(cell, set)| (Cell::clone(cell), encode(&Value::Cidrs(set.clone())))).collect();
    Plan { format: FORMAT.into(), inputs, reaches, steps, withheld: held, digest: Digest::of(b"") }.sealed()
}

/// Why a change gets no step, if it gets none.
fn brake(
    findings: &Findings,
    field: &Field,
    after: &Value,
    selected: bool,
    allow: &BTreeSet<Text>,
) -> Option<WhyWithheld> {
    if !selected {
        return Some(WhyWithheld::NotSelected);
    }
    let keep = findings.keep_access.get(&field.address.object.cell);
    if let Some(shut_out) = keep.and_then(|keep| shut_out(keep, &field.before, after)) {
        return Some(WhyWithheld::LocksOut(shut_out));
    }
    if !field.managers.is_empty() && !allow.contains(&*field.address.to_string()) {
        return Some(WhyWithheld::Managed(field.managers.clone()));
    }
    let lost = lost(field.setting, &field.before, after)?;
    (!allow.contains(&*field.address.to_string())).then_some(WhyWithheld::NotAllowed(lost))
}

/// Addresses that must keep access, have it, and would lose it.
pub(crate) fn shut_out(keep: &CidrSet, before: &Value, after: &Value) -> Option<Text> {
    let (Value::Cidrs(before), Value::Cidrs(after)) = (before, after) else { return None };
    let lost = keep.intersection(before).difference(after);
    let entries = || lost.entries().iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    (!lost.is_empty()).then(|| entries().into())
}

/// Withholds what rests on something withheld, and drops what only served it: a rule alone demands nothing.
fn settle(findings: &Findings, open: &mut BTreeSet<usize>, withheld: &mut BTreeMap<usize, WhyWithheld>) {
    loop {
        let missing =
            |at: &usize| findings.fields[*at].after.iter().find(|first| withheld.contains_key(&(**first as usize)));
        let stopped: Vec<(usize, u32)> = open.iter().filter_map(|at| Some((*at, *missing(at)?))).collect();
        for (at, first) in &stopped {
            open.remove(at);
            withheld.insert(*at, WhyWithheld::Prerequisite(findings.fields[*first as usize].address.clone()));
        }
        let needed: BTreeSet<usize> =
            open.iter().flat_map(|at| &findings.fields[*at].after).map(|at| *at as usize).collect();
        let idle =
            |at: &usize| !needed.contains(at) && !findings.fields[*at].origins.iter().any(|origin| origin.demanded);
        let idle: Vec<usize> = open.iter().copied().filter(idle).collect();
        for at in &idle {
            open.remove(at);
        }
        if stopped.is_empty() && idle.is_empty() {
            return;
        }
    }
}

/// Groups fields by unit and puts the steps in order.
fn ordered(findings: &Findings, open: &BTreeSet<usize>) -> Vec<Step> {
    let mut units = Units::new();
    for at in open {
        let field = &findings.fields[*at];
        units.entry((&field.address.object, field.setting.unit, None)).or_default().push(*at);
    }
    let tangled: BTreeSet<&ObjectAddress> = match depths(findings, &units) {
        Ok(_) => BTreeSet::new(),
        Err(objects) => objects,
    };
    // Two units of an object that wait for each other are split: rules between settings have no cycle.
    let mut split = Units::new();
    for ((object, unit, _), fields) in units {
        match tangled.contains(object) {
            false => drop(split.insert((object, unit, None), fields)),
            true => fields.into_iter().for_each(|at| {
                split.entry((object, unit, Some(findings.fields[at].setting.name))).or_default().push(at)
            }),
        }
    }
    let depths = depths(findings, &split).unwrap_or_else(|_| vec![0; split.len()]);
    let mut drafts: Vec<Draft> =
        split.into_values().zip(depths).map(|(fields, depth)| Draft::new(findings, fields, depth)).collect();
    free(findings, &mut drafts);
    drafts.sort_by(|a, b| a.order(findings).cmp(&b.order(findings)));
    let place: BTreeMap<usize, usize> =
        drafts.iter().enumerate().flat_map(|(step, draft)| draft.fields.iter().map(move |at| (*at, step))).collect();
    drafts.iter().enumerate().map(|(at, draft)| draft.step(at, findings, &place)).collect()
}

/// How many steps must come before each unit, in a chain; or the objects whose units wait for each other.
fn depths<'a>(findings: &'a Findings, units: &Units<'a>) -> Result<Vec<usize>, BTreeSet<&'a ObjectAddress>> {
    let fields = || units.values().enumerate().flat_map(|(unit, fields)| fields.iter().map(move |at| (*at, unit)));
    let place: BTreeMap<usize, usize> = fields().collect();
    let mut waits: DiGraphMap<usize, ()> = DiGraphMap::new();
    for unit in 0..units.len() {
        waits.add_node(unit);
    }
    for (at, unit) in fields() {
        let first = findings.fields[at].after.iter().filter_map(|first| place.get(&(*first as usize)));
        for first in first.filter(|first| **first != unit) {
            waits.add_edge(*first, unit, ());
        }
    }
    let Ok(order) = toposort(&waits, None) else {
        let tangled: BTreeSet<usize> = tarjan_scc(&waits).into_iter().filter(|part| part.len() > 1).flatten().collect();
        let objects = units.keys().enumerate().filter(|(unit, _)| tangled.contains(unit));
        return Err(objects.map(|(_, (object, _, _))| *object).collect());
    };
    let mut depths = vec![0; units.len()];
    for unit in order {
        let first = waits.neighbors_directed(unit, petgraph::Direction::Incoming);
        depths[unit] = first.map(|first| depths[first] + 1).max().unwrap_or(0);
    }
    Ok(depths)
}

/// A step in the making.
struct Draft {
    fields: Vec<usize>,
    narrows: bool,
    depth: usize,
}

/// What others need first cannot come last.
fn free(findings: &Findings, drafts: &mut [Draft]) {
    loop {
        let wide = drafts.iter().filter(|draft| !draft.narrows).flat_map(|draft| &draft.fields);
        let needed: BTreeSet<usize> = wide.flat_map(|at| &findings.fields[*at].after).map(|at| *at as usize).collect();
        let mut freed = false;
        for draft in
            drafts.iter_mut().filter(|draft| draft.narrows && draft.fields.iter().any(|at| needed.contains(at)))
        {
            draft.narrows = false;
            freed = true;
        }
        if !freed {
            return;
        }
    }
}

impl Draft {
    fn new(findings: &Findings, fields: Vec<usize>, depth: usize) -> Draft {
        let narrowing = |at: &usize| {
            let field = &findings.fields[*at];
            matches!(&field.outcome, Outcome::Change(after) if narrows(field.setting, direction(field.setting, &field.before, after)))
        };
        let narrows = fields.iter().any(narrowing);
        Draft { fields, narrows, depth }
    }

    fn order<'a>(&self, findings: &'a Findings) -> (&'a Cell, bool, &'a ObjectAddress, usize, &'static str) {
        let field = &findings.fields[self.fields[0]];
        (&field.address.object.cell, self.narrows, &field.address.object, self.depth, field.setting.unit)
    }

    fn step(&self, at: usize, findings: &Findings, place: &BTreeMap<usize, usize>) -> Step {
        let fields = || self.fields.iter().map(|at| &findings.fields[*at]);
        let first = &findings.fields[self.fields[0]];
        let changes: BTreeMap<_, _> =
            fields().filter_map(|field| Some((field.address.setting.clone(), change(field)?))).collect();
        let kept = fields().flat_map(|field| &field.kept).filter(|(name, _)| !changes.contains_key(*name));
        let kept = kept.map(|(name, value)| (name.clone(), encode(value))).collect();
        let mut preconditions: BTreeMap<ObjectAddress, Precondition> = BTreeMap::new();
        for (object, decisive) in fields().flat_map(|field| &field.decided_by) {
            let into = preconditions.entry(object.clone()).or_default();
            into.attributes.extend(decisive.attributes.iter().map(|(name, value)| (name.clone(), encode(value))));
            let settings = decisive
                .settings
                .iter()
                .filter(|(name, _)| *object != first.address.object || !changes.contains_key(*name));
            into.settings.extend(settings.map(|(name, value)| (name.clone(), encode(value))));
        }
        preconditions.retain(|_, values| !values.attributes.is_empty() || !values.settings.is_empty());
        let before = fields().flat_map(|field| &field.after).filter_map(|first| place.get(&(*first as usize)).copied());
        let exceptions = fields().flat_map(|field| &field.exceptions).map(|at| &findings.exceptions[*at as usize]);
        let upcoming = fields().flat_map(|field| &field.upcoming).map(|at| &findings.exceptions[*at as usize]);
        let begins = |exception: &Exception| Some((exception.address.clone(), exception.granted.as_ref()?.start));
        let class = fields().map(|field| field.setting.class).max().unwrap_or(first.setting.class);
        let step = Step {
            object: first.address.object.clone(),
            unit: first.setting.unit.into(),
            class,
            changes,
            kept,
            preconditions,
            after: before.filter(|first| *first != at).collect(),
            narrows_access: self.narrows,
            token: WriteToken::None,
            blast_radius: BlastRadius::default(),
            calls: Calls::default(),
            exceptions: exceptions.map(|exception| (exception.address.clone(), exception.until.end)).collect(),
            upcoming: upcoming.filter_map(begins).collect(),
        };
        step.complete(&|name| findings.kinds.get(name).copied())
    }
}

fn change(field: &Field) -> Option<Change> {
    let Outcome::Change(after) = &field.outcome else { return None };
    Some(Change::of(field.setting, &field.before, after, why(field)))
}

fn why(field: &Field) -> Vec<Why> {
    let one = |from: &crate::findings::FieldOrigin| Why {
        origin: (*from.origin).clone(),
        view: from.view.clone(),
        demanded: from.demanded,
    };
    field.origins.iter().map(one).collect()
}

fn hold(field: &Field, why_withheld: WhyWithheld) -> Withheld {
    let change = change(field);
    let (before, after) = change.map_or_else(Default::default, |change| (change.before, change.after));
    Withheld { address: field.address.clone(), before, after, why: why_withheld, origins: why(field) }
}
