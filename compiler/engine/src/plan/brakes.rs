//! [`Brakes`]: what holds the steps of one cell, as a plan is closed over it; and which cells they hold as a whole.

use crate::findings::CellBrakes;
use ordain_model::Text;
use ordain_model::address::{Cell, ObjectAddress};
use ordain_model::change_window::ChangeWindow;
use ordain_model::cidr::CidrSet;
use ordain_model::types::{Type, encode};
use ordain_model::value::Value;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

/// The most steps of a cell where no target says a number.
pub const MAX_CHANGES: u64 = 50;

/// The most of a cell's selected objects, in percent, where no target says a number.
pub const MAX_PERCENT: u64 = 10;

/// As many objects may change however few are selected, where no target says a percentage: a tenth of a small estate is
/// nothing at all, and ten changes are read by eye.
pub const FEW: u64 = 10;

/// What holds the steps of one cell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Brakes {
    /// Addresses that must keep access, a CIDR set: those that have it never lose it by a step, and without them nothing is
    /// narrowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep_access: Option<Json>,
    /// The most steps; [`MAX_CHANGES`] where no target says a number.
    pub max_changes: u64,
    /// The most of the selected objects in percent; [`MAX_PERCENT`], and never fewer than [`FEW`] objects, where no target
    /// says a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_percent: Option<u64>,
    /// Objects that enforced requirements select there: what the percentage is of.
    pub selected: u64,
    /// When steps may be made: all of them have to be open.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub change_windows: Vec<ChangeWindow>,
}

impl Brakes {
    /// The brakes of a cell in which so many objects are selected.
    pub(super) fn of(said: &CellBrakes, selected: u64) -> Brakes {
        Brakes {
            keep_access: said.keep_access.clone().map(|keep| encode(&Value::Cidrs(keep))),
            max_changes: said.max_changes.unwrap_or(MAX_CHANGES),
            max_percent: said.max_percent,
            selected,
            change_windows: said.change_windows.clone(),
        }
    }

    /// Addresses that must keep access; none where there are none, or they do not read.
    #[must_use]
    pub fn keep_access(&self) -> Option<CidrSet> {
        match Type::Cidrs.decode(self.keep_access.as_ref()?) {
            Ok(Value::Cidrs(keep)) => Some(keep),
            _ => None,
        }
    }

    /// The most objects that may be changed. A percentage that is written holds for any number of objects, and lets one
    /// through: none at all is `max_changes = 0`.
    #[must_use]
    pub fn max_objects(&self) -> u64 {
        let share = |percent: u64| self.selected.saturating_mul(percent) / 100;
        match self.max_percent {
            // Also objects that nothing selects and a view leads to.
            Some(100..) => u64::MAX,
            Some(percent) => share(percent).max(1),
            None => share(MAX_PERCENT).max(FEW),
        }
    }

    /// Why so many steps on so many objects are too much for the cell, and the way to go on; none where they are not.
    fn exceeded(&self, cell: &Cell, steps: u64, objects: u64) -> Option<Text> {
        let part = "plan a part with `--only`, or write the limit that is meant into the target";
        if steps > self.max_changes {
            let most = self.max_changes;
            return Some(
                format!("{steps} steps in {cell}, and `max_changes` is {most}: {part}: `max_changes = {steps}`").into(),
            );
        }
        if objects <= self.max_objects() {
            return None;
        }
        let (most, selected, percent) = (self.max_objects(), self.selected, self.max_percent.unwrap_or(MAX_PERCENT));
        let enough = objects.saturating_mul(100).div_ceil(selected.max(1)).min(100);
        let limit = format!("`max_percent` of {percent} lets {most} of the {selected} selected objects change");
        Some(format!("{objects} objects change in {cell}, and {limit}: {part}: `max_percent = {enough}`").into())
    }
}

/// The cells in which nothing is written because too much would be, and why. One object for each step.
pub(super) fn blocked<'a>(
    steps: impl IntoIterator<Item = &'a ObjectAddress>,
    brakes: &BTreeMap<Cell, Brakes>,
) -> BTreeMap<Cell, Text> {
    let mut changed: BTreeMap<&Cell, (u64, BTreeSet<&ObjectAddress>)> = BTreeMap::new();
    for object in steps {
        let (count, objects) = changed.entry(&object.cell).or_default();
        *count += 1;
        objects.insert(object);
    }
    let none = Brakes { max_changes: MAX_CHANGES, ..Brakes::default() };
    let over = |(cell, (steps, objects)): (&Cell, (u64, BTreeSet<&ObjectAddress>))| {
        let brakes = brakes.get(cell).unwrap_or(&none);
        Some((cell.clone(), brakes.exceeded(cell, steps, objects.len() as u64)?))
    };
    changed.into_iter().filter_map(over).collect()
}

/// The cells that are changed before the others: those that targets name, else the one with the fewest steps, of equals the
/// first by address. None where steps touch one cell only, or no other than these. One cell for each step.
pub(super) fn canary<'a>(steps: impl IntoIterator<Item = &'a Cell>, named: impl Fn(&Cell) -> bool) -> BTreeSet<Cell> {
    let mut counts: BTreeMap<&Cell, u64> = BTreeMap::new();
    steps.into_iter().for_each(|cell| *counts.entry(cell).or_default() += 1);
    let mut first: BTreeSet<Cell> = counts.keys().filter(|cell| named(cell)).map(|cell| (*cell).clone()).collect();
    if first.is_empty() {
        first.extend(counts.iter().min_by_key(|(_, count)| **count).map(|(cell, _)| (*cell).clone()));
    }
    if first.len() < counts.len() { first } else { BTreeSet::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(text: &str) -> Cell {
        Cell::parse(text).unwrap()
    }

    #[test]
    fn a_tenth_of_the_selected_objects_or_a_few_may_change() {
        let most = |selected, max_percent| Brakes { max_percent, selected, ..Brakes::default() }.max_objects();
        for (selected, expected) in [(0, 10), (3, 10), (100, 10), (109, 10), (110, 11), (5000, 500)] {
            assert_eq!(most(selected, None), expected, "{selected}");
        }
        // What is written is meant.
        for (selected, percent, expected) in [(3, 10, 1), (0, 10, 1), (20, 5, 1), (40, 5, 2), (3, 100, u64::MAX)] {
            assert_eq!(most(selected, Some(percent)), expected, "{percent} % of {selected}");
        }
    }

    #[test]
    fn a_limit_that_is_passed_is_named_with_the_one_that_would_do() {
        let here = cell("lab:1/eu");
        let said = |max_changes, max_percent, steps, objects| {
            let brakes = Brakes { max_changes, max_percent, selected: 200, ..Brakes::default() };
            brakes.exceeded(&here, steps, objects).unwrap_or_default().to_string()
        };
        assert_eq!(said(50, None, 50, 20), "");
        assert!(said(50, None, 51, 20).ends_with("`max_changes = 51`"));
        let many = said(50, None, 21, 21);
        assert!(
            many.starts_with("21 objects change in lab:1/eu, and `max_percent` of 10 lets 20 of the 200"),
            "{many}"
        );
        assert!(many.ends_with("`max_percent = 11`"));
        // What is offered is enough.
        assert_eq!(said(50, Some(11), 21, 21), "");
        assert_eq!(said(0, None, 0, 0), "");
        assert!(said(0, None, 1, 1).ends_with("`max_changes = 1`"));
    }

    #[test]
    fn the_named_cells_go_first_or_the_one_with_the_fewest_steps() {
        let [a, b, c] = ["lab:1/eu", "lab:2/eu", "lab:3/eu"].map(cell);
        let steps = [&a, &a, &b, &c];
        let first = |named: &[&Cell]| canary(steps, |cell| named.contains(&cell));
        assert_eq!(first(&[]), BTreeSet::from([b.clone()]));
        assert_eq!(first(&[&a]), BTreeSet::from([a.clone()]));
        assert_eq!(first(&[&a, &c]), BTreeSet::from([a.clone(), c.clone()]));
        assert_eq!(first(&[&a, &b, &c]), BTreeSet::new());
        assert_eq!(canary([&a, &a], |_| true), BTreeSet::new());
        assert_eq!(canary([&a, &c], |cell| *cell == b), BTreeSet::from([a]));
    }
}
