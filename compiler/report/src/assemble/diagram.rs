//! Diagrams of a profile, and of a plan.

use super::words;
use crate::diagram::{Builder, Diagram, Sort};
use ordain_engine::constraints::{Claim, Constraints, Origin};
use ordain_engine::plan::{Plan, Why};
use ordain_model::schema::Kind;
use std::collections::BTreeMap;

/// What a profile demands: requirements lead to the settings that they bind, assertions to what they read, a view to the
/// kinds that may own its field, a setting to the one that a rule of the API binds with it.
#[must_use]
pub fn graph(constraints: &Constraints) -> Diagram {
    let mut diagram = Builder::default();
    let mut bound: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for claim in &constraints.claims {
        let Some(kind) = &claim.kind else { continue };
        let from = diagram.node(Sort::Requirement, &claim.address, of_claim(claim));
        for origin in &claim.demands {
            let name = format!("{kind}#{}", origin.setting);
            let to = diagram.node(Sort::Setting, &name, vec![name.clone()]);
            diagram.edge(&from, &to, &*origin.bound);
            bound.entry(kind).or_default().push(&origin.setting.name);
        }
    }
    for (assertion, claim) in constraints.config.assertions.iter().zip(&constraints.assertions) {
        let from = diagram.node(Sort::Assertion, &claim.address, of_claim(claim));
        for (kind, names) in &assertion.reads {
            for name in names {
                let name = format!("{kind}#{name}");
                let to = diagram.node(Sort::Setting, &name, vec![name.clone()]);
                diagram.edge(&from, &to, "reads");
            }
        }
    }
    for (kind, settings) in bound {
        if let Some(kind) = constraints.kinds.get(kind) {
            ties(kind, &settings, &mut diagram);
        }
    }
    diagram.finish()
}

/// What ties settings of a kind to others.
fn ties(kind: &Kind, bound: &[&str], diagram: &mut Builder) {
    let mut of = |kind: &str, setting: &str| {
        let name = format!("{kind}#{setting}");
        diagram.node(Sort::Setting, &name, vec![name.clone()])
    };
    let mut edges = Vec::new();
    for setting in kind.settings.iter().filter(|setting| bound.contains(&setting.name)) {
        for owner in setting.join.iter().flat_map(|join| join.owner_kinds) {
            // Which field of which object it is, only a world tells.
            edges.push((of(kind.name, setting.name), of(owner, "..."), "is a view of"));
        }
    }
    for rule in kind.rules.iter().filter(|rule| bound.contains(&rule.when)) {
        edges.push((of(kind.name, rule.when), of(kind.name, rule.then), "rule of the API"));
    }
    edges.iter().for_each(|(from, to, label)| diagram.edge(from, to, *label));
}

fn of_claim(claim: &Claim) -> Vec<String> {
    let observed = (!claim.is_enforced()).then(|| "observed only".to_owned());
    let title = (claim.title != claim.address).then(|| claim.title.to_string());
    [Some(claim.address.to_string()), title, observed].into_iter().flatten().collect()
}

/// What a plan does: requirements and rules lead to the settings that they move, those to the steps that write them, a
/// step to those that come after it.
#[must_use]
pub fn graph_of_plan(plan: &Plan) -> Diagram {
    let mut diagram = Builder::default();
    let mut steps = Vec::new();
    for (at, step) in plan.steps.iter().enumerate() {
        let number = at + 1;
        let label = vec![format!("step {number}: {}", step.unit), step.object.to_string()];
        let node = diagram.numbered(Sort::Step, number, "", label);
        for (setting, change) in &step.changes {
            let address = step.object.setting(setting.clone()).to_string();
            let values = format!("{} -> {}", words::json(&change.before), words::json(&change.after));
            let field = diagram.node(Sort::Setting, &address, vec![address.clone(), values]);
            diagram.edge(&field, &node, "");
            change.why.iter().for_each(|why| demanded(why, &field, &mut diagram));
        }
        for before in &step.after {
            if let Some(first) = steps.get(*before) {
                diagram.edge(first, &node, "before");
            }
        }
        steps.push(node);
    }
    for held in &plan.withheld {
        let address = held.address.to_string();
        let values = format!("{} -> {}", words::json(&held.before), words::json(&held.after));
        let field = diagram.node(Sort::Setting, &address, vec![address.clone(), values, "withheld".to_owned()]);
        held.origins.iter().for_each(|why| demanded(why, &field, &mut diagram));
    }
    diagram.finish()
}

fn demanded(why: &Why, field: &(Sort, usize, String), diagram: &mut Builder) {
    let Origin { requirement, title, bound, .. } = &why.origin;
    let named = if why.demanded { vec![requirement.to_string()] } else { vec![format!("rule of {requirement}")] };
    let title = (title != requirement).then(|| title.to_string());
    let key = if why.demanded { requirement.to_string() } else { format!("{requirement}: {}", why.origin.title) };
    let from = diagram.node(Sort::Requirement, &key, named.into_iter().chain(title).collect());
    let label = match &why.view {
        Some(view) => format!("{bound} on {view}"),
        None => bound.to_string(),
    };
    diagram.edge(&from, field, label);
}
