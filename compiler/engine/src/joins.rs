//! Joins: where the field behind a view is, and what to read to see it.

use crate::constraints::Constraints;
use crate::graph::setting_reads;
use crate::observed::{Observed, Record};
use ordain_language::selector::{Selection, Selector};
use ordain_model::Text;
use ordain_model::address::{Cell, ObjectAddress};
use ordain_model::observation::{Cause, KindReads, ReadSet, Reason};
use ordain_model::schema::{Kind, OwnerField, OwnerPlace, Owners, Setting};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The owner of a field behind a view.
pub(crate) enum Owner<'a> {
    /// There it is.
    Found(Arc<Cell>, &'a Record),
    /// Its cell has no such object.
    Missing,
    /// It is not known.
    Unknown(Reason),
}

/// What is left to read so that the views of these kinds can be judged, by target.
pub(crate) fn reads(constraints: &Constraints, kinds: &[&str], observed: &Observed) -> BTreeMap<Text, ReadSet> {
    let mut reads: BTreeMap<Text, ReadSet> = BTreeMap::new();
    let config = &constraints.config;
    for requirement in config.requirements.iter().filter(|requirement| kinds.contains(&requirement.kind.name)) {
        let views: Vec<_> = requirement.demands.iter().map(|demand| demand.setting).collect();
        collect(
            constraints,
            requirement.kind,
            &views,
            &requirement.targets,
            Some(&requirement.selector),
            observed,
            &mut reads,
        );
    }
    for assertion in &config.assertions {
        for (kind, names) in assertion.reads.iter().filter(|(kind, _)| kinds.contains(kind)) {
            let Some(kind) = constraints.kinds.get(kind) else { continue };
            let views: Vec<_> = names.iter().filter_map(|name| kind.setting(name)).collect();
            collect(constraints, kind, &views, &assertion.targets, None, observed, &mut reads);
        }
    }
    reads
}

/// Adds what one requirement's (or assertion's) views need.
fn collect(
    constraints: &Constraints,
    kind: &'static Kind,
    settings: &[&'static Setting],
    targets: &[Text],
    selector: Option<&Selector>,
    observed: &Observed,
    reads: &mut BTreeMap<Text, ReadSet>,
) {
    let joins: Vec<_> = settings.iter().filter_map(|setting| setting.join.as_ref()).collect();
    for target in targets.iter().filter(|_| !joins.is_empty()) {
        for (cell, record) in records(observed, target, kind.name) {
            let (address, object) = (address(&cell, kind, record), &record.object);
            if selector.is_some_and(|selector| selector.select(object, &address) == Selection::No) {
                continue;
            }
            for join in &joins {
                let Owners::Fields(fields) = (join.owners)(&address, object) else { continue };
                for field in fields.iter().filter(|field| open(observed, targets, &cell, field)) {
                    let (asked, cell) = match field.place {
                        OwnerPlace::SameCell => (std::slice::from_ref(target), Some(&*cell)),
                        OwnerPlace::AnyCell => (targets, None),
                    };
                    for target in asked {
                        want(constraints, field, cell, reads.entry(target.clone()).or_default());
                    }
                }
            }
        }
    }
}

/// Every object of a kind in the cells of a target.
fn records<'a>(observed: &'a Observed, target: &str, kind: &'a str) -> impl Iterator<Item = (Arc<Cell>, &'a Record)> {
    let cells = observed.targets.get(target).into_iter().flat_map(|seen| &seen.cells);
    let lists = cells
        .filter_map(move |cell| observed.cells.get_key_value(cell))
        .filter_map(move |(cell, kinds)| Some((cell, kinds.get(kind)?)));
    lists.flat_map(|(cell, list)| list.objects.iter().map(|record| (cell.clone(), record)))
}

/// Adds a field, in a cell or wherever it may be.
fn want(constraints: &Constraints, field: &OwnerField, cell: Option<&Cell>, reads: &mut ReadSet) {
    let Some((kind, setting)) =
        constraints.kinds.get(field.kind).and_then(|kind| Some((kind, kind.setting(&field.setting.name)?)))
    else {
        return;
    };
    let new = || KindReads { cells: Some(BTreeSet::new()), ..KindReads::default() };
    let into = reads.kinds.entry(field.kind.into()).or_insert_with(new);
    into.cells = into.cells.take().zip(cell).map(|(mut cells, cell)| {
        cells.insert(cell.clone());
        cells
    });
    setting_reads(kind, setting, field.setting.key.as_ref(), into);
    into.only.get_or_insert_default().insert(field.id.clone());
}

/// Whether a field has not been read and could be.
fn open(observed: &Observed, targets: &[Text], cell: &Arc<Cell>, field: &OwnerField) -> bool {
    match locate(observed, targets, cell, field) {
        Owner::Found(_, record) => record.reading(&field.setting).is_none(),
        Owner::Missing => false,
        // Listed in full or in vain: asking again tells nothing more.
        Owner::Unknown(_) => places(observed, targets, cell, field)
            .any(|cell| observed.list(&cell, field.kind).is_none_or(|list| list.only.is_some())),
    }
}

/// The cells in which the owner may live.
fn places(
    observed: &Observed,
    targets: &[Text],
    cell: &Arc<Cell>,
    field: &OwnerField,
) -> impl Iterator<Item = Arc<Cell>> {
    let any = field.place == OwnerPlace::AnyCell;
    let here = (!any).then(|| cell.clone());
    let cells = targets
        .iter()
        .filter(move |_| any)
        .filter_map(|target| observed.targets.get(target))
        .flat_map(|seen| &seen.cells);
    here.into_iter().chain(cells.filter_map(|cell| observed.cells.get_key_value(cell)).map(|(cell, _)| cell.clone()))
}

/// Finds the owner of a field among the cells of the targets.
pub(crate) fn locate<'a>(observed: &'a Observed, targets: &[Text], cell: &Arc<Cell>, field: &OwnerField) -> Owner<'a> {
    let mut unknown = None;
    for cell in places(observed, targets, cell, field) {
        match observed.list(&cell, field.kind) {
            None => unknown = unknown.or(Some(not_collected(field))),
            Some(list) => match list.get(&field.id) {
                Some(record) => return Owner::Found(cell, record),
                None if list.tells(&field.id) => {}
                None => unknown = unknown.or(list.incomplete.clone()).or(Some(not_collected(field))),
            },
        }
    }
    let outside =
        || Reason::new(Cause::OutOfScope, format!("{} `{}` is in no cell of the targets", field.kind, field.id));
    match (unknown, field.place) {
        (Some(reason), _) => Owner::Unknown(reason),
        (None, OwnerPlace::SameCell) => Owner::Missing,
        (None, OwnerPlace::AnyCell) => Owner::Unknown(outside()),
    }
}

/// The address of a record.
pub(crate) fn address(cell: &Arc<Cell>, kind: &'static Kind, record: &Record) -> ObjectAddress {
    ObjectAddress { cell: cell.clone(), kind: kind.name.into(), id: record.id.clone() }
}

fn not_collected(field: &OwnerField) -> Reason {
    Reason::new(Cause::NotCollected, format!("{} `{}` was not collected", field.kind, field.id))
}
