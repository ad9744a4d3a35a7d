//! [`plan`]: the fields that have to change become ordered steps, one per write unit of an object.

use super::brakes::{Brakes, blocked, canary};
use super::lockout::{Lockout, lockout, narrows};
use super::lost::lost;
use super::selection::selected;
use super::{BlastRadius, Calls, Change, FORMAT, Inputs, Plan, Precondition, Step, Why, WhyWithheld, Withheld};
use crate::findings::{Exception, Field, Findings, Outcome, State};
use ordain_model::Text;
use ordain_model::address::{Cell, ObjectAddress};
use ordain_model::digest::Digest;
use ordain_model::schema::WriteToken;
use ordain_model::types::encode;
use ordain_model::value::Value;
use petgraph::algo::{tarjan_scc, toposort};
use petgraph::graphmap::DiGraphMap;
use std::collections::{BTreeMap, BTreeSet};

/// The fields of one step, by what makes them one: the object, the write unit, and the part of it.
type Units<'a> = BTreeMap<(&'a ObjectAddress, &'static str, Part), Vec<usize>>;

/// Which changes of a write unit are one step.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// All of them, or all but those of another part.
    Whole,
    /// Those that narrow access, where another one of the unit has to be done before.
    Narrowing,
    /// Those of one setting, where units of an object wait for each other.
    Setting(&'static str),
}

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
    let brakes = cell_brakes(findings);
    let (steps, canary) = ordered(findings, &open, &brakes);
    let blocked = blocked(steps.iter().map(|step| &step.object), &brakes);
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
    inputs.brakes = brakes.into_iter().filter(|(cell, _)| reaches.contains_key(cell)).collect();
    inputs.covered = covered(findings, &reaches);
    let format = FORMAT.into();
    Plan { format, inputs, reaches, canary, blocked, steps, withheld: held, digest: Digest::of(b"") }.sealed()
}

/// The targets that cover the cells of a plan beside those that reach them.
fn covered(findings: &Findings, reaches: &BTreeMap<Cell, Text>) -> BTreeMap<Cell, BTreeSet<Text>> {
    let others = |(cell, first): (&Cell, &Text)| {
        let all = findings.covering.get(cell)?;
        let others: BTreeSet<Text> = all.iter().filter(|target| *target != first).cloned().collect();
        (!others.is_empty()).then(|| (cell.clone(), others))
    };
    reaches.iter().filter_map(others).collect()
}

/// What holds each cell, with the number of objects that enforced requirements select there.
fn cell_brakes(findings: &Findings) -> BTreeMap<Cell, Brakes> {
    let mut selected: BTreeMap<&Cell, u64> = BTreeMap::new();
    findings.population.iter().for_each(|of| *selected.entry(&of.cell).or_default() += of.enforced);
    let of = |cell: &Cell| selected.get(cell).copied().unwrap_or(0);
    findings.brakes.iter().map(|(cell, said)| (Cell::clone(cell), Brakes::of(said, of(cell)))).collect()
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
    let cell = &field.address.object.cell;
    let keep = findings.brakes.get(cell).and_then(|brakes| brakes.keep_access.as_ref());
    match lockout(keep, field.setting, &field.before, after) {
        Some(Lockout::ShutsOut(who)) => return Some(WhyWithheld::LocksOut(who)),
        Some(Lockout::NoKeepAccess) => {
            let target = findings.covering.get(cell).and_then(|targets| targets.first());
            return Some(WhyWithheld::NoKeepAccess(target.cloned().unwrap_or_default()));
        }
        None => {}
    }
    if !field.managers.is_empty() && !allow.contains(&*field.address.to_string()) {
        return Some(WhyWithheld::Managed(field.managers.clone()));
    }
    let lost = lost(field.setting, &field.before, after)?;
    (!allow.contains(&*field.address.to_string())).then_some(WhyWithheld::NotAllowed(lost))
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

/// Groups fields by unit and puts the steps in order, those of the canary first.
fn ordered(
    findings: &Findings,
    open: &BTreeSet<usize>,
    brakes: &BTreeMap<Cell, Brakes>,
) -> (Vec<Step>, BTreeSet<Cell>) {
    let mut units = Units::new();
    for at in open {
        let field = &findings.fields[*at];
        let part = if follows_in_unit(findings, open, *at) { Part::Narrowing } else { Part::Whole };
        units.entry((&field.address.object, field.setting.unit, part)).or_default().push(*at);
    }
    let tangled: BTreeSet<&ObjectAddress> = match depths(findings, &units) {
        Ok(_) => BTreeSet::new(),
        Err(objects) => objects,
    };
    // Two units of an object that wait for each other are split: rules between settings have no cycle.
    let mut split = Units::new();
    for ((object, unit, part), fields) in units {
        match tangled.contains(object) {
            false => drop(split.insert((object, unit, part), fields)),
            true => fields.into_iter().for_each(|at| {
                split.entry((object, unit, Part::Setting(findings.fields[at].setting.name))).or_default().push(at)
            }),
        }
    }
    let depths = depths(findings, &split).unwrap_or_else(|_| vec![0; split.len()]);
    let mut drafts: Vec<Draft> =
        split.into_values().zip(depths).map(|(fields, depth)| Draft::new(findings, fields, depth)).collect();
    free(findings, &mut drafts);
    let objects = || drafts.iter().map(|draft| draft.object(findings));
    let blocked = blocked(objects(), brakes);
    let cells = objects().map(|object| &*object.cell).filter(|cell| !blocked.contains_key(cell));
    let canary = canary(cells, |cell| findings.brakes.get(cell).is_some_and(|brakes| brakes.canary));
    drafts.sort_by_cached_key(|draft| draft.order(findings, &canary));
    let place: BTreeMap<usize, usize> =
        drafts.iter().enumerate().flat_map(|(step, draft)| draft.fields.iter().map(move |at| (*at, step))).collect();
    (drafts.iter().enumerate().map(|(at, draft)| draft.step(at, findings, &place)).collect(), canary)
}

/// Whether a change narrows access after another one of its write unit that does not: whoever gets in by the other way has to
/// be in before this one is closed, so that they are two steps.
fn follows_in_unit(findings: &Findings, open: &BTreeSet<usize>, at: usize) -> bool {
    let narrow = |field: &Field| matches!(&field.outcome, Outcome::Change(after) if narrows(field.setting, &field.before, after));
    let (field, mut seen) = (&findings.fields[at], BTreeSet::new());
    let mut waiting: Vec<usize> = field.after.iter().map(|first| *first as usize).collect();
    while let Some(first) = waiting.pop().filter(|_| narrow(field)) {
        let other = &findings.fields[first];
        if !open.contains(&first) || !seen.insert(first) {
            continue;
        }
        if other.address.object == field.address.object && other.setting.unit == field.setting.unit && !narrow(other) {
            return true;
        }
        waiting.extend(other.after.iter().map(|first| *first as usize));
    }
    false
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
            matches!(&field.outcome, Outcome::Change(after) if narrows(field.setting, &field.before, after))
        };
        let narrows = fields.iter().any(narrowing);
        Draft { fields, narrows, depth }
    }

    fn object<'a>(&self, findings: &'a Findings) -> &'a ObjectAddress {
        &findings.fields[self.fields[0]].address.object
    }

    fn order<'a>(
        &self,
        findings: &'a Findings,
        canary: &BTreeSet<Cell>,
    ) -> (bool, &'a Cell, bool, &'a ObjectAddress, usize, &'static str) {
        let object = self.object(findings);
        let unit = findings.fields[self.fields[0]].setting.unit;
        (!canary.contains(&object.cell), &object.cell, self.narrows, object, self.depth, unit)
    }

    fn step(&self, at: usize, findings: &Findings, place: &BTreeMap<usize, usize>) -> Step {
        let fields = || self.fields.iter().map(|at| &findings.fields[*at]);
        let first = &findings.fields[self.fields[0]];
        let changes: BTreeMap<_, _> =
            fields().filter_map(|field| Some((field.address.setting.clone(), change(field)?))).collect();
        let kept = fields().flat_map(|field| &field.kept).filter(|(name, _)| !changes.contains_key(*name));
        let mut kept: BTreeMap<_, _> = kept.map(|(name, value)| (name.clone(), encode(value))).collect();
        // What an earlier step changed in the same unit is repeated as that step leaves it.
        for earlier in fields().flat_map(|field| &field.after).map(|at| &findings.fields[*at as usize]) {
            let (name, same) = (&earlier.address.setting, earlier.address.object == first.address.object);
            if let (Outcome::Change(value), Some(kept)) = (&earlier.outcome, kept.get_mut(name).filter(|_| same)) {
                *kept = encode(value);
            }
        }
        let mut preconditions: BTreeMap<ObjectAddress, Precondition> = BTreeMap::new();
        for (object, decisive) in fields().flat_map(|field| &field.decided_by) {
            let into = preconditions.entry(object.clone()).or_default();
            into.attributes.extend(decisive.attributes.iter().map(|(name, value)| (name.clone(), encode(value))));
            let settings = decisive
                .settings
                .iter()
                .filter(|(name, _)| *object != first.address.object || !changes.contains_key(*name));
            into.settings.extend(settings.map(|(name, value)| (name.clone(), encode(value))));
            into.unread.extend(decisive.unread.iter().cloned());
        }
        preconditions.retain(|_, values| *values != Precondition::default());
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
    Some(Change::of(field.setting, field.address.setting.key.as_ref(), (&field.before, after), why(field)))
}

pub(super) fn why(field: &Field) -> Vec<Why> {
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
