//! What aggregating cluster roles come to: the rules of every role that they select, and of those that these select in turn.

use super::power::Powers;
use crate::label_selector::Index;
use crate::listed::Role;
use std::collections::VecDeque;

/// The powers of each cluster role, in their order. What the controller wrote last counts too: it is what the API server
/// enforces until it writes again.
///
/// A fixpoint: powers only grow along the edges from a selected role to those that select it, and there are few of them, so a
/// role is looked at again a bounded number of times, also where roles select each other.
pub(super) fn powers(roles: &[Role]) -> Vec<Powers> {
    let mut powers: Vec<Powers> = roles.iter().map(|role| Powers::of(&role.rules)).collect();
    let selecting = selecting(roles);
    let mut changed: VecDeque<usize> = (0..roles.len()).collect();
    while let Some(selected) = changed.pop_front() {
        for aggregate in &selecting[selected] {
            let with = powers[*aggregate].and(powers[selected]);
            if with != powers[*aggregate] {
                powers[*aggregate] = with;
                changed.push_back(*aggregate);
            }
        }
    }
    powers
}

/// For each role the aggregating ones that select it.
fn selecting(roles: &[Role]) -> Vec<Vec<usize>> {
    let mut selecting = vec![Vec::new(); roles.len()];
    let index = Index::of(roles.iter().map(|role| &role.metadata.labels));
    for (aggregate, role) in roles.iter().enumerate() {
        let selectors = role.aggregation_rule.iter().flat_map(|rule| &rule.cluster_role_selectors);
        for selected in selectors.flat_map(|selector| index.select(selector)) {
            selecting[selected].push(aggregate);
        }
    }
    selecting
}
