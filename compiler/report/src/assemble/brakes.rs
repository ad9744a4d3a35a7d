//! The brakes of a plan as reports show them.

use crate::report::brake::Brake;
use ordain_engine::plan::Plan;
use ordain_model::Text;
use ordain_model::address::Cell;
use std::collections::{BTreeMap, BTreeSet};

/// What holds the steps of a plan, in the order in which people have to know it.
pub(super) fn brakes(plan: &Plan) -> Vec<Brake> {
    let cells = |cells: &mut dyn Iterator<Item = &Cell>| cells.map(ToString::to_string).collect::<Vec<_>>();
    let emergency =
        plan.inputs.emergency.iter().map(|why| Brake { what: "emergency", text: why.clone(), cells: Vec::new() });
    let blocked = plan.blocked.iter().map(|(cell, why)| Brake {
        what: "blocked",
        text: why.clone(),
        cells: cells(&mut std::iter::once(cell)),
    });
    let canary = (!plan.canary.is_empty()).then(|| Brake {
        what: "canary",
        text: "goes first; the others begin once everything there is as planned and was read once more".into(),
        cells: cells(&mut plan.canary.iter()),
    });
    emergency.chain(blocked).chain(canary).chain(windows(plan)).collect()
}

/// Each change window with the cells whose steps it holds.
fn windows(plan: &Plan) -> Vec<Brake> {
    let changed: BTreeSet<&Cell> = plan.steps.iter().map(|step| &*step.object.cell).collect();
    let mut windows: BTreeMap<Text, Vec<String>> = BTreeMap::new();
    for (cell, brakes) in plan.inputs.brakes.iter().filter(|(cell, _)| changed.contains(cell)) {
        for window in &brakes.change_windows {
            windows.entry(window.to_string().into()).or_default().push(cell.to_string());
        }
    }
    windows.into_iter().map(|(text, cells)| Brake { what: "change_window", text, cells }).collect()
}
