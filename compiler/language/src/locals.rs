//! Locals: each after what it uses, whatever order they stand in; a cycle is shown whole.

use crate::check::{Subject, Uses, check};
use crate::context::Context;
use crate::environment::Environment;
use crate::syntax::Attribute;
use ordain_model::Text;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Reported, Severity};
use ordain_model::source::Span;
use std::collections::{BTreeMap, BTreeSet};

/// Sets every local of a module.
pub(crate) fn set(locals: &BTreeMap<Text, &Attribute>, environment: &mut Environment, context: &mut Context<'_>) {
    let mut uses: BTreeMap<Text, Uses> = BTreeMap::new();
    for (name, local) in locals {
        match check(&local.value, &environment.names, Subject::None, context) {
            Ok(checked) => drop(uses.insert(name.clone(), checked.uses)),
            Err(reported) => environment.fail_local(name, reported),
        }
    }
    let order = order(&uses);
    for name in &order {
        environment.set_local(name, &locals[name].value, &uses[name], context);
    }
    let ordered: BTreeSet<&Text> = order.iter().collect();
    let rest: BTreeMap<&Text, &Uses> = uses.iter().filter(|(name, _)| !ordered.contains(name)).collect();
    if let Some(reported) = report_cycles(&rest, context) {
        rest.keys().for_each(|name| environment.fail_local(name, reported));
    }
}

/// Locals after what they use, as far as no cycle is in the way; among those that could be next, the first name.
fn order(uses: &BTreeMap<Text, Uses>) -> Vec<Text> {
    let mut users: BTreeMap<&Text, Vec<&Text>> = BTreeMap::new();
    let mut waiting: BTreeMap<&Text, usize> = BTreeMap::new();
    for (name, used) in uses {
        let known = used.locals.keys().filter(|used| uses.contains_key(*used));
        waiting.insert(name, known.map(|used| users.entry(used).or_default().push(name)).count());
    }
    let mut ready: BTreeSet<&Text> = waiting.iter().filter(|(_, count)| **count == 0).map(|(name, _)| *name).collect();
    let mut order = Vec::with_capacity(uses.len());
    while let Some(name) = ready.pop_first() {
        order.push(name.clone());
        for user in users.get(name).into_iter().flatten() {
            if let Some(count) = waiting.get_mut(user) {
                *count -= 1;
                ready.extend((*count == 0).then_some(*user));
            }
        }
    }
    order
}

/// Reports each cycle that is met on the way from the first names; every one of `rest` is in a cycle or uses one.
fn report_cycles(rest: &BTreeMap<&Text, &Uses>, context: &mut Context<'_>) -> Option<Reported> {
    let mut visited: BTreeSet<&Text> = BTreeSet::new();
    let mut reported = None;
    for start in rest.keys() {
        let mut walk: Vec<(&Text, Span)> = Vec::new();
        let mut places: BTreeMap<&Text, usize> = BTreeMap::new();
        let mut at: &Text = start;
        while visited.insert(at) {
            let Some((next, span)) = rest[at].locals.iter().find(|(used, _)| rest.contains_key(used)) else { break };
            places.insert(at, walk.len());
            walk.push((at, *span));
            at = next;
        }
        if let Some(first) = places.get(at) {
            reported = Some(report(&walk[*first..], context));
        }
    }
    reported
}

/// One cycle: each local with the place where it uses the next.
fn report(cycle: &[(&Text, Span)], context: &mut Context<'_>) -> Reported {
    let steps = cycle.iter().map(|(name, span)| format!("local.{name} ({})", context.sources.place(*span)));
    let steps: Vec<String> = steps.chain(cycle.first().map(|(name, _)| format!("local.{name}"))).collect();
    let detail = format!("each of these needs the next one's value first: {}", steps.join(" -> "));
    let next = |at: usize| cycle.get(at + 1).or(cycle.first()).map_or("", |(name, _)| name);
    let labels =
        cycle.iter().enumerate().map(|(at, (name, span))| (*span, format!("`local.{name}` uses `local.{}`", next(at))));
    let start = Diagnostic::new(code::REFERENCE_CYCLE, Severity::Error, detail);
    let diagnostic = labels.fold(start, |diagnostic, (span, text)| diagnostic.label(span, text));
    context.push(diagnostic)
}
