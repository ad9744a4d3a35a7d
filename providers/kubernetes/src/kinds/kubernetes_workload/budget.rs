//! What the disruption budgets of a namespace do for each of its workloads.

use super::View;
use crate::label_selector::Index;
use crate::listed::DisruptionBudget;
use ordain_model::observation::{Cause, Reading, Reason};
use ordain_model::value::Value;
use std::collections::BTreeMap;

/// What budgets do for a workload, from the worst. The eviction API answers an error where two are about one pod.
pub(super) const STATES: &[&str] = &["none", "ineffective", "conflicting", "blocking", "effective"];

/// Those of them that no step brings about.
pub(super) const OTHERS: &[&str] = &["ineffective", "conflicting", "blocking"];

/// The budgets that are about each of these workloads, in their order. `{}` selects every pod of the namespace, a missing
/// selector none (`policy/v1`).
pub(super) fn covering<'a>(views: &[View<'_>], budgets: &'a [DisruptionBudget]) -> Vec<Vec<&'a DisruptionBudget>> {
    let mut of_namespace: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, view) in views.iter().enumerate() {
        of_namespace.entry(&view.metadata.namespace).or_default().push(at);
    }
    let indexed: BTreeMap<&str, (Index<'_>, &Vec<usize>)> = of_namespace
        .iter()
        .map(|(namespace, places)| (*namespace, (Index::of(places.iter().map(|at| views[*at].labels)), places)))
        .collect();
    let mut covering = vec![Vec::new(); views.len()];
    for budget in budgets {
        let of = indexed.get(&*budget.metadata.namespace).zip(budget.spec.selector.as_ref());
        for at in of
            .into_iter()
            .flat_map(|((index, places), selector)| index.select(selector).into_iter().map(|at| places[at]))
        {
            covering[at].push(budget);
        }
    }
    covering
}

/// What the budgets that are about a workload do for it.
pub(super) fn state(view: &View<'_>, budgets: &[&DisruptionBudget]) -> Reading {
    let Some(replicas) = view.replicas else {
        return Reading::NotApplicable(format!("evicting pods does not lessen a {}", view.kind).into());
    };
    let state = match budgets {
        [] => STATES[0],
        [budget] => match budget.allows(replicas) {
            None => {
                let why = format!(
                    "PodDisruptionBudget `{}`: it says neither a number nor a percentage",
                    budget.metadata.name
                );
                return Reading::Unknown(Reason::new(Cause::Unreadable, why));
            }
            Some(away) if away >= replicas => STATES[1],
            Some(away) if away <= 0 => STATES[3],
            Some(_) => STATES[4],
        },
        _ => STATES[2],
    };
    let value = Value::string(state);
    let names = || budgets.iter().map(|budget| format!("`{}`", budget.metadata.name)).collect::<Vec<_>>().join(", ");
    match budgets.iter().all(|budget| budget.metadata.is_marked()) {
        true if replicas < 2 => Reading::Held(value, format!("its number of replicas, {replicas}").into()),
        true => Reading::Value(value),
        false => Reading::Held(value, format!("PodDisruptionBudget {}", names()).into()),
    }
}
