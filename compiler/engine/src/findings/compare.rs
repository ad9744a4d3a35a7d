//! [`compare`]: constraints and what was read become findings.

use super::brakes::{brakes, stray};
use super::chosen::{Choice, Chosen, Covering, choose, covering};
use super::in_force::InForce;
use super::judge::Judge;
use super::slots::Target;
use super::views::{Pulls, pull};
use super::{Field, Findings, assertion, groups};
use crate::constraints::Constraints;
use crate::graph::Graph;
use crate::observed::{Observed, Record, TargetObserved};
use ordain_model::Text;
use ordain_model::address::{Cell, ObjectAddress};
use ordain_model::observation::Reason;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Judges every obligation. As many verdicts come out as obligations go in: a target or list that is not known is one too.
///
/// What the baseline lists is cured only where `cure` names it: by the address of its setting, object, requirement or
/// group, or by its id.
#[must_use]
pub fn compare(constraints: &Constraints, graph: &Graph, observed: &Observed, cure: &BTreeSet<Text>) -> Findings {
    let covering = covering(constraints, observed);
    let mut in_force = InForce::new(constraints, observed, cure);
    let chosen = choose(constraints, observed, &covering, &mut in_force);
    let pulls = pull(constraints, observed, &chosen, &in_force);
    let fields = fields(constraints, graph, observed, &chosen, &pulls, &in_force);
    let place = fields.iter().zip(0..).map(|(field, at)| (&field.address, at)).collect();
    let judge = Judge { constraints, observed, chosen: &chosen, fields: &fields, place, in_force: &in_force };
    let mut findings = Vec::new();
    (0..constraints.claims.len()).for_each(|claim| judge.requirement(claim, &mut findings));
    let assertions = constraints.config.assertions.iter().zip(constraints.claims.len()..);
    findings.extend(assertions.map(|(of, claim)| judge.listed(assertion::judge(constraints, observed, of, claim))));
    let mut exceptions = in_force.exceptions;
    for finding in findings.iter().filter(|finding| finding.judgement.excepted()) {
        finding.exception.iter().for_each(|at| exceptions[*at as usize].excepted += 1);
    }
    let reasons = |of: fn(&TargetObserved) -> &Option<Reason>| {
        let given = observed.targets.iter().filter_map(|(target, seen)| Some((target.clone(), of(seen).clone()?)));
        given.collect()
    };
    Findings {
        groups: groups::groups(constraints, &covering, &chosen, &findings),
        population: chosen.iter().map(|list| list.population()).collect(),
        uncovered: uncovered(observed, &covering),
        uncovered_incomplete: reasons(|seen| &seen.uncovered_incomplete),
        unresolved: reasons(|seen| &seen.unresolved),
        covering: shared(observed, &covering),
        owners: owners(constraints),
        kinds: constraints.kinds.clone(),
        brakes: brakes(constraints, observed, &covering),
        stray_canaries: stray(constraints, observed),
        world: observed.world,
        envelope: observed.envelope,
        claims: constraints.claims.iter().chain(&constraints.assertions).cloned().collect(),
        findings,
        fields,
        exceptions,
    }
}

/// A record's list and its place there.
type Row<'a> = (&'a Chosen<'a>, usize);

/// The fields that do not stay as they are, in the order of addresses.
fn fields(
    constraints: &Constraints,
    graph: &Graph,
    observed: &Observed,
    chosen: &[Chosen<'_>],
    pulls: &Pulls,
    in_force: &InForce<'_>,
) -> Vec<Field> {
    let mut open: BTreeMap<ObjectAddress, (&Record, Option<Row<'_>>)> = BTreeMap::new();
    for list in chosen {
        let rows = list.records.iter().enumerate().filter(|(row, record)| !at_rest(constraints, list, *row, record));
        open.extend(rows.map(|(row, record)| (list.address(record), (record, Some((list, row))))));
    }
    // One look-up per owner: there are as many owners as objects, and a list per cell and kind.
    let lists: BTreeMap<(&Cell, &str), &Chosen<'_>> =
        chosen.iter().map(|list| ((&*list.cell, &*list.name), list)).collect();
    for owner in pulls.keys().filter(|owner| !owner.id.is_empty()) {
        let list = lists.get(&(&*owner.cell, &*owner.kind)).copied();
        let row =
            list.and_then(|list| Some((list, list.records.binary_search_by(|record| record.id.cmp(&owner.id)).ok()?)));
        let record = row.map(|(list, row)| &list.records[row]);
        let record = record.or_else(|| observed.list(&owner.cell, &owner.kind)?.get(&owner.id));
        open.extend(record.map(|record| (owner.clone(), (record, row))));
    }
    let mut fields = Vec::new();
    for (address, (record, list)) in open {
        let Some(kind) = constraints.kinds.get(&*address.kind) else { continue };
        let pulls = pulls.get(&address);
        let target = Target { constraints, graph, kind, address, record, in_force };
        fields.extend(target.fields(list, pulls, fields.len()));
    }
    fields
}

/// Whether every enforced demand of its own, each alone, admits what an object has: then their meet does. Not known of
/// keyed settings, where one key may bind another.
fn at_rest(constraints: &Constraints, list: &Chosen<'_>, row: usize, record: &Record) -> bool {
    let chosen =
        list.row(row).zip(&list.enforced).filter(|((_, choice), enforced)| *choice == Choice::Yes && **enforced);
    chosen.map(|((at, _), _)| at).all(|at| {
        let demands = constraints.config.requirements[at].demands.iter().zip(&constraints.claims[at].demands);
        let mut own = demands.filter(|(demand, _)| demand.setting.join.is_none());
        own.all(|(demand, origin)| {
            let value = record.reading(&origin.setting).and_then(|reading| reading.value());
            demand.setting.keyed.is_none() && value.is_some_and(|value| demand.bound.admits(value))
        })
    })
}

/// Who answers for each target that says so.
fn owners(constraints: &Constraints) -> BTreeMap<Text, Text> {
    let targets = constraints.config.targets.iter();
    targets.filter_map(|(name, target)| Some((name.clone(), target.owner.clone()?))).collect()
}

/// Cells that some target could list and none covers, nor anything in them.
fn uncovered(observed: &Observed, covering: &Covering<'_>) -> BTreeSet<Cell> {
    let listed = observed.targets.values().flat_map(|seen| &seen.uncovered);
    // What lies in a cell follows it in the order of cells.
    let covered = |outer: &Cell| covering.range::<Cell, _>(outer..).next().is_some_and(|(cell, _)| outer.holds(cell));
    listed.filter(|cell| !covered(cell)).cloned().collect()
}

/// The targets of each cell, under the address that all of its objects share.
fn shared(observed: &Observed, covering: &Covering<'_>) -> BTreeMap<Arc<Cell>, BTreeSet<Text>> {
    let shared = |cell: &Cell| observed.cells.get_key_value(cell).map(|(cell, _)| cell.clone());
    let targets = |targets: &BTreeSet<&Text>| targets.iter().map(|target| Text::clone(target)).collect();
    covering.iter().filter_map(|(cell, of)| Some((shared(cell)?, targets(of)))).collect()
}
