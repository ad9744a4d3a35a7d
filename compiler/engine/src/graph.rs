//! [`Graph`]: what is read before what, and what is changed before what. Without a cycle.

use crate::constraints::Constraints;
use ordain_language::config::{Requirement, Waiver};
use ordain_model::Text;
use ordain_model::address::SettingName;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Diagnostics, Reported, Severity};
use ordain_model::observation::{KindReads, ReadSet};
use ordain_model::schema::{Kind, Setting};
use petgraph::Direction;
use petgraph::algo::{tarjan_scc, toposort};
use petgraph::graphmap::DiGraphMap;
use std::collections::{BTreeMap, BTreeSet};

/// The order of reading and of changing.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// What to read at first, by target: everything known without a world.
    pub reads: BTreeMap<Text, ReadSet>,
    /// Kinds in rounds of reading: a kind that views fields of another stands in an earlier round than the owner.
    pub rounds: Vec<Vec<&'static str>>,
    /// By kind, its settings in the order of changing: what a rule demands comes before what makes the rule bind.
    pub changes: BTreeMap<&'static str, Vec<&'static str>>,
}

/// Orders reading and changing.
///
/// # Errors
/// A provider's joins or rules form a cycle; `diagnostics` names all of it.
pub fn order(constraints: &Constraints, diagnostics: &mut Diagnostics) -> Result<Graph, Reported> {
    let mut graph = Graph { reads: reads(constraints), ..Graph::default() };
    let mut joins: DiGraphMap<&'static str, ()> = DiGraphMap::new();
    for kind in constraints.kinds.values() {
        joins.add_node(kind.name);
        let owners = kind.settings.iter().filter_map(|setting| setting.join.as_ref()).flat_map(|join| join.owner_kinds);
        // A view of another object of its own kind orders objects, not kinds.
        for owner in owners.filter(|owner| **owner != kind.name) {
            joins.add_edge(kind.name, *owner, ());
        }
    }
    match sorted(&joins) {
        Ok(order) => graph.rounds = rounds(&joins, order),
        Err(cycle) => report("joins of the kinds", &cycle, diagnostics),
    }
    for kind in constraints.kinds.values() {
        let mut rules: DiGraphMap<&'static str, ()> = DiGraphMap::new();
        for setting in kind.settings {
            rules.add_node(setting.name);
        }
        for rule in kind.rules {
            rules.add_edge(rule.then, rule.when, ());
        }
        match sorted(&rules) {
            Ok(order) => drop(graph.changes.insert(kind.name, order)),
            Err(cycle) => report(&format!("rules of `{}`", kind.name), &cycle, diagnostics),
        }
    }
    diagnostics.check().map(|()| graph)
}

/// What reading a setting takes: itself, or for a view what leads to its owner; what rules tie to it; and what shares its
/// write unit, for calls that must repeat it.
pub fn setting_reads(kind: &'static Kind, setting: &'static Setting, key: Option<&Text>, into: &mut KindReads) {
    if let Some(join) = &setting.join {
        for need in join.needs {
            match kind.attribute(need) {
                Some(attribute) => drop(into.attributes.insert(attribute.name.into())),
                None => drop(into.settings.insert(SettingName::plain(need))),
            }
        }
        return;
    }
    into.settings.insert(SettingName { name: setting.name.into(), key: key.cloned() });
    let mut tied = BTreeSet::from([setting.name]);
    for _ in kind.rules {
        for rule in kind.rules {
            if tied.contains(rule.when) || tied.contains(rule.then) {
                tied.extend([rule.when, rule.then]);
            }
        }
    }
    let local = kind.rules.iter().filter(|rule| tied.contains(rule.then)).flat_map(|rule| &rule.local);
    into.attributes.extend(local.flat_map(|local| local.needs).map(|name| Text::from(*name)));
    let units: BTreeSet<&str> =
        kind.settings.iter().filter(|other| tied.contains(other.name)).map(|other| other.unit).collect();
    let plain = kind.settings.iter().filter(|other| other.keyed.is_none() && other.join.is_none());
    let read = plain.filter(|other| tied.contains(other.name) || units.contains(other.unit));
    into.settings.extend(read.map(|other| SettingName::plain(other.name)));
}

/// Everything that can be asked before anything is known.
fn reads(constraints: &Constraints) -> BTreeMap<Text, ReadSet> {
    let config = &constraints.config;
    let mut reads: BTreeMap<Text, ReadSet> =
        config.targets.keys().map(|name| (name.clone(), ReadSet::default())).collect();
    let mut add = |target: &Text, kind: &str, more: KindReads| {
        let into = reads.entry(target.clone()).or_default().kinds.entry(kind.into()).or_default();
        into.attributes.extend(more.attributes);
        into.settings.extend(more.settings);
    };
    for requirement in &config.requirements {
        requirement
            .targets
            .iter()
            .for_each(|target| add(target, requirement.kind.name, requirement_reads(requirement, &config.waivers)));
    }
    for assertion in &config.assertions {
        for (kind, names) in &assertion.reads {
            let Some(kind) = constraints.kinds.get(kind) else { continue };
            let mut more = KindReads::default();
            for name in names {
                let setting = SettingName::parse(name).and_then(|name| Some((kind.setting(&name.name)?, name.key)));
                match setting {
                    Some((setting, key)) => setting_reads(kind, setting, key.as_ref(), &mut more),
                    None => drop(more.attributes.insert(name.clone())),
                }
            }
            assertion.targets.iter().for_each(|target| add(target, kind.name, more.clone()));
        }
    }
    reads
}

fn requirement_reads(requirement: &Requirement, waivers: &[Waiver]) -> KindReads {
    let mut reads = KindReads { attributes: requirement.selector.attributes().clone(), ..KindReads::default() };
    reads.attributes.extend(requirement.owner.iter().flat_map(|owner| owner.attributes().iter().cloned()));
    let waivers = waivers.iter().filter(|waiver| waiver.requirements.contains(&requirement.address));
    reads.attributes.extend(waivers.flat_map(|waiver| waiver.selector.attributes().iter().cloned()));
    for demand in &requirement.demands {
        setting_reads(requirement.kind, demand.setting, demand.key.as_ref(), &mut reads);
    }
    reads
}

/// Splits kinds, sorted so that every edge points forward, into rounds: each stands one after the last that views it.
fn rounds(joins: &DiGraphMap<&'static str, ()>, order: Vec<&'static str>) -> Vec<Vec<&'static str>> {
    let mut levels: BTreeMap<&str, usize> = BTreeMap::new();
    let mut rounds: Vec<Vec<&'static str>> = Vec::new();
    for kind in order {
        let viewers = joins.neighbors_directed(kind, Direction::Incoming);
        let level = viewers.filter_map(|viewer| levels.get(viewer)).max().map_or(0, |last| last + 1);
        levels.insert(kind, level);
        rounds.resize_with(rounds.len().max(level + 1), Vec::new);
        rounds[level].push(kind);
    }
    rounds.iter_mut().for_each(|round| round.sort_unstable());
    rounds
}

/// The nodes with every edge pointing forward, or a cycle.
fn sorted(graph: &DiGraphMap<&'static str, ()>) -> Result<Vec<&'static str>, Vec<&'static str>> {
    toposort(graph, None).map_err(|_| {
        let mut cycle = tarjan_scc(graph).into_iter().find(|part| part.len() > 1).unwrap_or_default();
        cycle.sort_unstable();
        cycle
    })
}

fn report(what: &str, cycle: &[&str], diagnostics: &mut Diagnostics) {
    let detail = format!("The {what} form a cycle: `{}`.", cycle.join("`, `"));
    diagnostics.push(Diagnostic::new(code::KIND_CYCLE, Severity::Error, detail));
}
