//! [`References`]: every value of a profile after what it uses, across modules, whatever order they stand in. A cycle is
//! shown whole.

use crate::check::{Subject, Uses, Visible, check};
use crate::context::Context;
use crate::grammar::{argument, required};
use crate::load::member;
use crate::syntax::Expression;
use crate::unit::Unit;
use crate::variable::description;
use ordain_model::Text;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Reported, Severity};
use ordain_model::source::Span;
use std::collections::{BTreeMap, BTreeSet};

/// Every value of a profile, and the order in which they are evaluated.
pub(crate) struct References<'t> {
    pub(crate) nodes: Vec<Node<'t>>,
    /// Places in `nodes`, each after everything that it uses.
    pub(crate) order: Vec<usize>,
    /// What uses itself in the end, and what uses that.
    pub(crate) cyclic: Vec<(usize, Reported)>,
}

/// A value of a module, one for each of its instances.
pub(crate) struct Node<'t> {
    /// The module's place in the tree.
    pub(crate) module: usize,
    pub(crate) what: What,
    pub(crate) name: Text,
    /// What gives it, where something does: of a variable what the importer gives, in whose module it stands; of an
    /// import its `for_each`.
    pub(crate) expression: Option<&'t Expression>,
    /// What that uses, in the module in which it stands.
    pub(crate) uses: Result<Uses, Reported>,
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum What {
    /// The instances of a module that this one imports.
    Import,
    Variable,
    Local,
    Output,
}

impl What {
    /// The root name under which expressions read it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            What::Import => "module",
            What::Variable => "var",
            What::Local => "local",
            What::Output => "output",
        }
    }
}

/// Checks every expression that gives a value, and orders the values.
pub(crate) fn references<'t>(units: &[Unit<'t>], context: &mut Context<'_>) -> References<'t> {
    let mut nodes = Vec::new();
    for (module, unit) in units.iter().enumerate() {
        collect(units, module, unit, &mut nodes, context);
    }
    let edges = edges(units, &nodes);
    let order = order(&edges);
    let ordered: BTreeSet<usize> = order.iter().copied().collect();
    let rest: BTreeSet<usize> = (0..nodes.len()).filter(|at| !ordered.contains(at)).collect();
    let reported = cycles(units, &nodes, &edges, &rest, context);
    let cyclic = reported.map_or_else(Vec::new, |reported| rest.iter().map(|at| (*at, reported)).collect());
    References { nodes, order, cyclic }
}

/// What gives a value, where something does.
type Given<'t> = Result<Option<&'t Expression>, Reported>;

fn collect<'t>(
    units: &[Unit<'t>],
    module: usize,
    unit: &Unit<'t>,
    nodes: &mut Vec<Node<'t>>,
    context: &mut Context<'_>,
) {
    let own = Visible { names: &unit.names, each: false, target: false };
    let mut add = |what: What, name: &Text, expression: Given<'t>, visible: Visible<'_>, context: &mut Context<'_>| {
        let uses = match expression {
            Ok(Some(expression)) => check(expression, visible, Subject::None, context).map(|checked| checked.uses),
            Ok(None) => Ok(Uses::default()),
            Err(reported) => Err(reported),
        };
        nodes.push(Node { module, what, name: name.clone(), expression: expression.ok().flatten(), uses });
    };
    for (name, block) in unit.declarations.of("module") {
        add(What::Import, name, Ok(argument(&block.body, "for_each")), own, context);
    }
    for name in unit.variables.keys() {
        match unit.importer {
            Some((importer, block)) => {
                let each = argument(&block.body, "for_each").is_some();
                let visible = Visible { names: &units[importer].names, each, target: false };
                add(What::Variable, name, Ok(argument(&block.body, name)), visible, context);
            }
            None => add(What::Variable, name, Ok(None), own, context),
        }
    }
    for (name, local) in &unit.declarations.locals {
        add(What::Local, name, Ok(Some(&local.value)), own, context);
    }
    for (name, block) in unit.declarations.of("output") {
        let value = required(block, "value", "value = local.NAME", context);
        description(block, context);
        add(What::Output, name, value.map(Some), own, context);
    }
}

/// What each value uses, and where.
type Edges = Vec<Vec<(usize, Span)>>;

fn edges(units: &[Unit<'_>], nodes: &[Node<'_>]) -> Edges {
    let places: BTreeMap<(usize, What, &str), usize> =
        nodes.iter().enumerate().map(|(at, node)| ((node.module, node.what, &*node.name), at)).collect();
    let edges = |node: &Node<'_>| {
        let importer = units[node.module].importer;
        let written_in = match (node.what, importer) {
            (What::Variable, Some((importer, _))) => importer,
            _ => node.module,
        };
        let mut edges: Vec<(usize, Span)> = Vec::new();
        if let Ok(uses) = &node.uses {
            let mut edge = |module: usize, what: What, name: &Text, span: Span| {
                edges.extend(places.get(&(module, what, &**name)).map(|at| (*at, span)));
            };
            uses.variables.iter().for_each(|(name, span)| edge(written_in, What::Variable, name, *span));
            uses.locals.iter().for_each(|(name, span)| edge(written_in, What::Local, name, *span));
            for (module, outputs) in &uses.modules {
                if let Some(child) = units[written_in].loaded.children.get(module) {
                    outputs.iter().for_each(|(name, span)| edge(*child, What::Output, name, *span));
                }
            }
        }
        // Which instances there are is known before any value of one.
        if let Some((importer, block)) = importer {
            let name = block.labels.first().map_or("", |label| &label.text);
            let span = argument(&block.body, "for_each").map_or(block.header(), |each| each.span);
            edges.extend(places.get(&(importer, What::Import, name)).map(|at| (*at, span)));
        }
        edges
    };
    nodes.iter().map(edges).collect()
}

/// Values after what they use, as far as no cycle is in the way; among those that could be next, the first.
fn order(edges: &Edges) -> Vec<usize> {
    let mut users: Vec<Vec<usize>> = vec![Vec::new(); edges.len()];
    for (user, used) in edges.iter().enumerate() {
        used.iter().for_each(|(used, _)| users[*used].push(user));
    }
    let mut waiting: Vec<usize> = edges.iter().map(Vec::len).collect();
    let mut ready: BTreeSet<usize> = (0..edges.len()).filter(|at| waiting[*at] == 0).collect();
    let mut order = Vec::with_capacity(edges.len());
    while let Some(at) = ready.pop_first() {
        order.push(at);
        for user in &users[at] {
            waiting[*user] -= 1;
            if waiting[*user] == 0 {
                ready.insert(*user);
            }
        }
    }
    order
}

/// Reports each cycle that is met on the way from the first values; every one of `rest` is in a cycle or uses one.
fn cycles(
    units: &[Unit<'_>],
    nodes: &[Node<'_>],
    edges: &Edges,
    rest: &BTreeSet<usize>,
    context: &mut Context<'_>,
) -> Option<Reported> {
    let mut visited: BTreeSet<usize> = BTreeSet::new();
    let mut reported = None;
    for start in rest {
        let mut walk: Vec<(String, Span)> = Vec::new();
        let mut places: BTreeMap<usize, usize> = BTreeMap::new();
        let mut at = *start;
        while visited.insert(at) {
            let Some((next, span)) = edges[at].iter().find(|(used, _)| rest.contains(used)) else { break };
            places.insert(at, walk.len());
            let node = &nodes[at];
            walk.push((member(&units[node.module].loaded.path, node.what.word(), &node.name).to_string(), *span));
            at = *next;
        }
        if let Some(first) = places.get(&at) {
            reported = Some(report(&walk[*first..], context));
        }
    }
    reported
}

/// One cycle: each value with the place where it uses the next.
fn report(cycle: &[(String, Span)], context: &mut Context<'_>) -> Reported {
    let steps = cycle.iter().map(|(name, span)| format!("{name} ({})", context.sources.place(*span)));
    let steps: Vec<String> = steps.chain(cycle.first().map(|(name, _)| name.clone())).collect();
    let detail = format!("each of these needs the next one's value first: {}", steps.join(" -> "));
    let next = |at: usize| cycle.get(at + 1).or(cycle.first()).map_or("", |(name, _)| name);
    let labels = cycle.iter().enumerate().map(|(at, (name, span))| (*span, format!("`{name}` uses `{}`", next(at))));
    let start = Diagnostic::new(code::REFERENCE_CYCLE, Severity::Error, detail);
    let diagnostic = labels.fold(start, |diagnostic, (span, text)| diagnostic.label(span, text));
    context.push(diagnostic)
}
