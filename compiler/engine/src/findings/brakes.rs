//! [`CellBrakes`]: what the targets that cover a cell say about how far and when changes may go there.

use super::Findings;
use super::chosen::Covering;
use crate::constraints::Constraints;
use crate::observed::Observed;
use ordain_language::anchor::Anchor;
use ordain_language::config::{Brakes, DeclaredBrakes, TargetDeclaration};
use ordain_model::Text;
use ordain_model::address::Cell;
use ordain_model::change_window::ChangeWindow;
use ordain_model::cidr::CidrSet;
use ordain_model::source::Span;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What holds the changes of one cell: of each brake the strictest, over all targets that cover the cell.
#[derive(Clone, Debug, Default)]
pub struct CellBrakes {
    /// Addresses that must keep access; none where no target says any.
    pub keep_access: Option<CidrSet>,
    /// The most steps, where a target says a number.
    pub max_changes: Option<u64>,
    /// The most of the selected objects in percent, where a target says a number.
    pub max_percent: Option<u64>,
    /// Whether a target names the cell as the one that is changed first.
    pub canary: bool,
    /// All of them have to be open.
    pub change_windows: Vec<ChangeWindow>,
}

/// A canary that its target does not cover: the target, the cell and where it is named.
#[derive(Clone, Debug)]
pub struct StrayCanary {
    /// The target.
    pub target: Text,
    /// The cell that it names.
    pub cell: Cell,
    /// Where it is named.
    pub span: Span,
}

/// The brakes of every cell that some target covers.
pub(super) fn brakes(
    constraints: &Constraints,
    observed: &Observed,
    covering: &Covering<'_>,
) -> BTreeMap<Arc<Cell>, CellBrakes> {
    let of = |(cell, targets): (&&Cell, &BTreeSet<&Text>)| {
        let shared = observed.cells.get_key_value(*cell).map(|(cell, _)| cell.clone())?;
        let own =
            targets.iter().filter_map(|target| constraints.config.targets.get(*target)).map(|target| &target.brakes);
        let about = |declared: &&DeclaredBrakes| declared.targets.iter().any(|target| targets.contains(target));
        let declared = constraints.config.brakes.iter().filter(about).map(|declared| &declared.brakes);
        let mut brakes = CellBrakes::default();
        own.chain(declared).for_each(|said| brakes.tighten(cell, said));
        Some((shared, brakes))
    };
    covering.iter().filter_map(of).collect()
}

impl Findings {
    /// Holds changes as an anchor says too, whatever the profile does.
    pub fn hold(&mut self, anchor: &Anchor) {
        for (cell, brakes) in &mut self.brakes {
            let floors = anchor.brakes.iter().filter(|floor| floor.concerns(cell));
            floors.for_each(|floor| brakes.tighten(cell, &floor.brakes));
        }
    }
}

/// The canaries that their targets do not cover, where it is known what these cover.
pub(super) fn stray(constraints: &Constraints, observed: &Observed) -> Vec<StrayCanary> {
    let stray = |(name, target): (&Text, &TargetDeclaration)| {
        let (canary, seen) = (target.brakes.canary.as_ref()?, observed.targets.get(name)?);
        let known = seen.unresolved.is_none() && !seen.cells.contains(&canary.value);
        known.then(|| StrayCanary { target: name.clone(), cell: canary.value.clone(), span: canary.span })
    };
    constraints.config.targets.iter().filter_map(stray).collect()
}

impl CellBrakes {
    /// Holds what is said too.
    fn tighten(&mut self, cell: &Cell, said: &Brakes) {
        let least = |one: Option<u64>, other: Option<u64>| one.into_iter().chain(other).min();
        let keep = CidrSet::parse(said.keep_access.iter().map(|entry| &**entry)).ok().filter(|keep| !keep.is_empty());
        self.keep_access = match (self.keep_access.take(), keep) {
            (Some(one), Some(other)) => Some(one.union(&other)),
            (one, other) => one.or(other),
        };
        self.max_changes = least(self.max_changes, said.max_changes);
        self.max_percent = least(self.max_percent, said.max_percent);
        self.canary |= said.canary.as_ref().is_some_and(|canary| canary.value == *cell);
        self.change_windows.extend(said.change_window.clone().filter(|window| !self.change_windows.contains(window)));
    }
}
