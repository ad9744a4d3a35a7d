//! [`Chosen`]: which objects of a kind in a cell each requirement selects.

use super::in_force::InForce;
use super::{Population, State};
use crate::constraints::Constraints;
use crate::observed::{List, Observed, Record};
use ordain_language::config::Waiver;
use ordain_language::selector::Selection;
use ordain_model::Text;
use ordain_model::address::{Cell, ObjectAddress, SettingName};
use ordain_model::observation::{Cause, Reason};
use ordain_model::schema::Kind;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The objects of one kind in one cell, and who selects them.
pub(super) struct Chosen<'a> {
    pub(super) cell: Arc<Cell>,
    pub(super) kind: &'static Kind,
    /// The kind's name, shared by every address.
    pub(super) name: Text,
    pub(super) records: &'a [Record],
    /// Why the list may lack objects, when it may.
    pub(super) lacks: Option<Reason>,
    /// The requirements that bind the kind here, ascending.
    pub(super) requirements: Vec<usize>,
    /// Whether each of them is enforced here: a target that covers the cell enforces it.
    pub(super) enforced: Vec<bool>,
    /// Row by row: each record, and in it each of the requirements.
    choices: Vec<Choice>,
    reasons: Vec<Reason>,
    /// By requirement, the waivers that match some record here.
    waived: BTreeMap<usize, Vec<Waived<'a>>>,
}

/// A waiver with the records that it matches.
struct Waived<'a> {
    /// Its place among the exceptions.
    place: u32,
    waiver: &'a Waiver,
    /// Whether it is in force; else it may come to be.
    in_force: bool,
    /// Of one that is not in force also the records that it may match.
    rows: BTreeSet<usize>,
}

/// The waivers that bear on one demand on one object: their places among the exceptions.
#[derive(Clone, Debug, Default)]
pub(super) struct Waivers {
    /// The first that takes the demand out of the enforced meet.
    pub(super) in_force: Option<u32>,
    /// Those that are not in force, and match or may match.
    pub(super) upcoming: Vec<u32>,
}

/// Whether a requirement selects an object.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Choice {
    No,
    Yes,
    /// Not known: index of the reason.
    Unknown(u32),
}

/// Which targets cover each cell.
pub(super) type Covering<'a> = BTreeMap<&'a Cell, BTreeSet<&'a Text>>;

/// Which targets cover each cell.
pub(super) fn covering<'a>(constraints: &'a Constraints, observed: &'a Observed) -> Covering<'a> {
    let mut covering = Covering::new();
    for target in constraints.config.targets.keys() {
        for cell in observed.targets.get(target).into_iter().flat_map(|seen| &seen.cells) {
            covering.entry(cell).or_default().insert(target);
        }
    }
    covering
}

/// Judges every selector on every object, in the order of cells and kinds.
pub(super) fn choose<'a>(
    constraints: &'a Constraints,
    observed: &'a Observed,
    covering: &Covering<'a>,
    in_force: &mut InForce<'a>,
) -> Vec<Chosen<'a>> {
    let mut chosen = Vec::new();
    for (cell, targets) in covering {
        let mut kinds: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, requirement) in constraints.config.requirements.iter().enumerate() {
            if requirement.targets.iter().any(|target| targets.contains(target)) {
                kinds.entry(requirement.kind.name).or_default().push(at);
            }
        }
        let shared =
            observed.cells.get_key_value(*cell).map_or_else(|| Arc::new((*cell).clone()), |(cell, _)| cell.clone());
        for requirements in kinds.into_values() {
            let Some(first) = requirements.first() else { continue };
            let kind = constraints.config.requirements[*first].kind;
            let enforced = |at: &usize| {
                constraints.config.requirements[*at].enforced.iter().any(|target| targets.contains(target))
            };
            let bound = (requirements.iter().map(enforced).collect(), requirements);
            chosen.push(Chosen::new(constraints, observed.list(cell, kind.name), &shared, kind, bound, in_force));
        }
    }
    chosen
}

impl<'a> Chosen<'a> {
    fn new(
        constraints: &Constraints,
        list: Option<&'a List>,
        cell: &Arc<Cell>,
        kind: &'static Kind,
        (enforced, requirements): (Vec<bool>, Vec<usize>),
        in_force: &mut InForce<'a>,
    ) -> Chosen<'a> {
        let none = || Some(Reason::new(Cause::NotCollected, format!("`{}` was not collected in {cell}", kind.name)));
        let records = list.map_or(&[][..], |list| &list.objects);
        let lacks = list.map_or_else(none, List::lacks);
        let (choices, reasons) = (Vec::with_capacity(records.len() * requirements.len()), Vec::new());
        let mut chosen = Chosen {
            cell: cell.clone(),
            kind,
            name: kind.name.into(),
            records,
            lacks,
            requirements,
            enforced,
            choices,
            reasons,
            waived: BTreeMap::new(),
        };
        let selectors: Vec<_> =
            chosen.requirements.iter().map(|at| &constraints.config.requirements[*at].selector).collect();
        for record in chosen.records {
            let address = chosen.address(record);
            for selector in &selectors {
                let choice = match selector.select(&record.object, &address) {
                    Selection::Yes => Choice::Yes,
                    Selection::No => Choice::No,
                    Selection::Unknown(reason) => {
                        chosen.reasons.push(reason);
                        Choice::Unknown(chosen.reasons.len() as u32 - 1)
                    }
                };
                chosen.choices.push(choice);
            }
        }
        chosen.waive(in_force);
        chosen
    }

    /// Asks each waiver that has not ended about each record that its requirement selects. One in force that is not known to
    /// match does not.
    fn waive(&mut self, in_force: &mut InForce<'a>) {
        for (column, at) in self.requirements.iter().enumerate() {
            for (place, waiver) in in_force.waivers(*at).to_vec() {
                let exception = &mut in_force.exceptions[place as usize];
                let current = exception.state == State::InForce;
                let mut rows = BTreeSet::new();
                for (row, record) in self.records.iter().enumerate() {
                    if self.choice(row, column) != Choice::Yes {
                        continue;
                    }
                    match waiver.selector.select(&record.object, &self.address(record)) {
                        Selection::Yes => drop(rows.insert(row)),
                        Selection::No => {}
                        Selection::Unknown(reason) if current => drop(exception.undecided.get_or_insert(reason)),
                        Selection::Unknown(_) => drop(rows.insert(row)),
                    }
                }
                exception.matched += if current { rows.len() as u64 } else { 0 };
                if !rows.is_empty() {
                    self.waived.entry(*at).or_default().push(Waived { place, waiver, in_force: current, rows });
                }
            }
        }
    }

    /// The waivers that bear on a requirement's demand on a setting: which takes it out of the enforced meet, and which may
    /// once they are in force.
    pub(super) fn waivers(&self, record: usize, requirement: usize, setting: &SettingName) -> Waivers {
        let all = || self.waived.get(&requirement).into_iter().flatten();
        let on = || all().filter(|waived| waived.rows.contains(&record) && waived.waiver.covers(setting));
        Waivers {
            in_force: on().find(|waived| waived.in_force).map(|waived| waived.place),
            upcoming: on().filter(|waived| !waived.in_force).map(|waived| waived.place).collect(),
        }
    }

    /// What a requirement (by its place in `requirements`) says of a record.
    pub(super) fn choice(&self, record: usize, requirement: usize) -> Choice {
        self.choices[record * self.requirements.len() + requirement]
    }

    /// What every requirement says of a record, with its index.
    pub(super) fn row(&self, record: usize) -> impl Iterator<Item = (usize, Choice)> {
        let start = record * self.requirements.len();
        let row = &self.choices[start..start + self.requirements.len()];
        self.requirements.iter().copied().zip(row.iter().copied())
    }

    /// Why it is not known whether a requirement selects an object.
    pub(super) fn reason(&self, at: u32) -> Reason {
        self.reasons[at as usize].clone()
    }

    /// The address of a record.
    pub(super) fn address(&self, record: &Record) -> ObjectAddress {
        ObjectAddress { cell: self.cell.clone(), kind: self.name.clone(), id: record.id.clone() }
    }

    /// How many objects there are, and how many of them anybody selects.
    pub(super) fn population(&self) -> Population {
        let (mut enforced, mut observed, mut unknown) = (0, 0, 0);
        for record in 0..self.records.len() {
            let selected = |enforce: bool| {
                self.row(record)
                    .zip(&self.enforced)
                    .any(|((_, choice), enforced)| choice == Choice::Yes && *enforced == enforce)
            };
            match (selected(true), selected(false)) {
                (true, _) => enforced += 1,
                (false, true) => observed += 1,
                (false, false) => unknown += u64::from(self.row(record).any(|(_, choice)| choice != Choice::No)),
            }
        }
        let listed = self.records.len() as u64;
        let unselected = listed - enforced - observed - unknown;
        let incomplete = self.lacks.clone();
        Population {
            cell: self.cell.clone(),
            kind: self.name.clone(),
            listed,
            enforced,
            observed,
            unknown,
            unselected,
            incomplete,
        }
    }
}
