//! Static satisfiability: demands that bind one setting of some object are met, with the rules and the domain of the API.
//!
//! A setting on which all demands of the profile agree costs one pass of meets. Selectors are compared only where not all do.

use super::contradictions::{Contradictions, Found};
use super::entry::Entry;
use super::{Constraints, Undecided, words};
use ordain_language::config::{Demand, Requirement};
use ordain_model::address::SettingName;
use ordain_model::bound::{Bound, Satisfiability};
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Diagnostics};
use ordain_model::direction::Direction;
use ordain_model::domain::Domain;
use ordain_model::schema::Setting;
use ordain_model::source::Span;
use ordain_model::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Most demands that one message names.
const MOST_LABELS: usize = 12;

/// Reports every contradiction, and gives what could not be decided.
pub(super) fn check(constraints: &Constraints, diagnostics: &mut Diagnostics) -> Vec<Undecided> {
    let mut undecided = BTreeSet::new();
    let mut groups: BTreeMap<(&str, &str), Vec<Entry<'_>>> = BTreeMap::new();
    for (at, requirement) in constraints.config.requirements.iter().enumerate() {
        if let Some(objects) = &requirement.objects {
            let counts = Domain::Integers(0, i64::MAX);
            if objects.value.satisfiable(&counts) == Satisfiability::Empty {
                diagnostics.push(Diagnostic::error(
                    code::NO_LEGAL_VALUE,
                    objects.span,
                    format!("No number of objects satisfies `{}`.", objects.value),
                ));
            }
        }
        for (index, demand) in requirement.demands.iter().enumerate() {
            let alone = single(constraints, (at, index), requirement, demand, &mut undecided, diagnostics);
            if alone && !requirement.enforced.is_empty() {
                let entry = Entry {
                    requirement,
                    place: (at, index),
                    setting: demand.setting,
                    key: demand.key.as_deref(),
                    bound: demand.bound.clone(),
                    rule: None,
                };
                groups.entry((requirement.kind.name, demand.setting.name)).or_default().push(entry);
            }
        }
    }
    add_rules(constraints, &mut groups);
    for entries in groups.values().filter(|entries| entries.len() > 1) {
        group(constraints, entries, &mut undecided, diagnostics);
    }
    joins(constraints, &mut undecided);
    undecided.into_iter().map(|(_, undecided)| undecided).collect()
}

/// Whether a demand can be satisfied at all.
fn single(
    constraints: &Constraints,
    place: (usize, usize),
    requirement: &Requirement,
    demand: &Demand,
    undecided: &mut BTreeSet<Remark>,
    diagnostics: &mut Diagnostics,
) -> bool {
    match demand.bound.satisfiable(&demand.setting.domain) {
        Satisfiability::Inhabited => true,
        Satisfiability::Undecided(why) => {
            undecided.insert(remark(constraints, place, why));
            true
        }
        Satisfiability::Empty => {
            let name = demand.name();
            let (what, help) = match demand.bound.is_nothing() {
                true => (format!("No value of `{name}` satisfies this bound."), None),
                false => (
                    format!("The API accepts no value of `{name}` that `{}` admits.", demand.bound),
                    Some(words::capital(&words::domain(requirement.kind, demand.setting))),
                ),
            };
            let mut diagnostic = Diagnostic::error(code::NO_LEGAL_VALUE, demand.span, what);
            diagnostic.help = help;
            let near = demand.bound.legal_around(&demand.setting.domain);
            let words: Vec<String> = near.iter().map(|value| format!("`{value}`")).collect();
            diagnostics.push(match near.iter().reduce(|one, other| stricter(demand.setting, one, other)) {
                Some(offer) => diagnostic
                    .says(format!("the nearest the API takes: {}", words.join(" and ")))
                    .paste(format!("exactly({offer})")),
                None => diagnostic,
            });
            false
        }
    }
}

/// The stricter one of two values.
fn stricter<'v>(setting: &Setting, one: &'v Value, other: &'v Value) -> &'v Value {
    match Direction::of(one, other, setting.of, setting.stricter) {
        Direction::Tighten => other,
        Direction::Loosen | Direction::Neutral => one,
    }
}

/// Adds what the rules of the API demand of every object that a requirement selects.
fn add_rules<'a>(constraints: &'a Constraints, groups: &mut BTreeMap<(&'a str, &'a str), Vec<Entry<'a>>>) {
    let kinds: BTreeSet<&str> = groups.keys().map(|(kind, _)| *kind).collect();
    for kind in kinds.into_iter().filter_map(|kind| constraints.kinds.get(kind)) {
        // A rule may make another bind; they are acyclic, so that each is seen at most once per rule.
        let mut seen: BTreeSet<(usize, (usize, usize))> = BTreeSet::new();
        for _ in kind.rules {
            for (at, rule) in kind.rules.iter().enumerate() {
                let Some(setting) = kind.setting(rule.then) else { continue };
                let is = (rule.is)();
                let binds = |entry: &&Entry<'_>| entry.key.is_none() && entry.bound.implies(&is);
                let causes: Vec<Entry<'_>> =
                    groups.get(&(kind.name, rule.when)).into_iter().flatten().filter(binds).cloned().collect();
                for cause in causes.into_iter().filter(|cause| seen.insert((at, cause.place))) {
                    let entry = Entry { setting, bound: (rule.must)(), rule: Some(rule), ..cause };
                    groups.entry((kind.name, rule.then)).or_default().push(entry);
                }
            }
        }
    }
}

/// Finds the contradictions among the bounds on one setting of one kind.
fn group(
    constraints: &Constraints,
    entries: &[Entry<'_>],
    undecided: &mut BTreeSet<Remark>,
    diagnostics: &mut Diagnostics,
) {
    let domain = &entries[0].setting.domain;
    match Bound::meet_all(entries.iter().map(|entry| &entry.bound)).satisfiable(domain) {
        Satisfiability::Inhabited => return,
        Satisfiability::Undecided(why) => {
            let patterns =
                entries.iter().filter(|entry| matches!(entry.bound.satisfiable(domain), Satisfiability::Undecided(_)));
            undecided.extend(patterns.map(|entry| remark(constraints, entry.place, why.clone())));
            return;
        }
        Satisfiability::Empty => {}
    }
    let Contradictions { found, left } = Contradictions::among(entries);
    let last = found.len().checked_sub(1);
    for (at, part) in found.iter().enumerate() {
        let diagnostic = message(constraints, entries, part);
        diagnostics.extend(diagnostic.map(|diagnostic| match Some(at) == last && !left.is_empty() {
            true => beyond(diagnostic, left.len()),
            false => diagnostic,
        }));
    }
    if let Some(first) = left.first() {
        let why = format!("{} demands were not compared with all others: too many contradict each other", left.len());
        undecided.insert(remark(constraints, entries[*first].place, why));
    }
}

/// Says of so many demands that they are not named here.
fn beyond(mut diagnostic: Diagnostic, demands: usize) -> Diagnostic {
    let said = format!("{demands} more demands were not compared with all others: mend these first.");
    diagnostic.help = Some(diagnostic.help.map_or(said.clone(), |help| format!("{help}\n{said}")));
    diagnostic
}

/// The message of a contradiction.
fn message(constraints: &Constraints, entries: &[Entry<'_>], found: &Found) -> Option<Diagnostic> {
    let Found { part, certain, domain, without } = found;
    let setting = entries[0].setting;
    let kind = entries[0].requirement.kind;
    let name = named(entries, part);
    let overruled = overruled(entries, part);
    let detail = match *certain {
        _ if overruled => format!(
            "No value of {name} of `{}` satisfies these demands together: what is sealed is enforced, the rest is broken.",
            kind.name
        ),
        true => format!("No value of {name} of `{}` satisfies these demands together.", kind.name),
        false => format!(
            "No value of {name} of `{}` satisfies {these} demands; objects that match {them} will be broken.",
            kind.name,
            these = if part.len() == 2 { "both" } else { "these" },
            them = if part.len() == 2 { "both" } else { "all" },
        ),
    };
    let mut labels = part.iter().take(MOST_LABELS).flat_map(|at| labels(constraints, &entries[*at]));
    let (span, text) = labels.next()?;
    let diagnostic = match *certain {
        _ if overruled => Diagnostic::warning(code::SEALED_CONTRADICTION, span, detail),
        true => Diagnostic::error(code::CONTRADICTION, span, detail),
        false => Diagnostic::warning(code::POSSIBLE_CONTRADICTION, span, detail),
    };
    let mut diagnostic = labels.fold(diagnostic.says(text), |diagnostic, (span, text)| diagnostic.label(span, text));
    let rules = part.iter().filter_map(|at| entries[*at].rule).map(|rule| words::capital(rule.why));
    let domain = domain.then(|| words::capital(&words::domain(kind, setting)));
    let mut third: BTreeSet<String> = rules.chain(domain).collect();
    if part.len() > MOST_LABELS {
        third.insert(format!("{} more demands take part.", part.len() - MOST_LABELS));
    }
    if *without > 0 {
        third.insert(format!(
            "No value satisfies the other {without} demands of the same objects either: mend these first."
        ));
    }
    if !third.is_empty() {
        diagnostic.help = Some(third.into_iter().collect::<Vec<_>>().join("\n"));
    }
    Some(diagnostic)
}

/// What contradicting entries bind together: the setting, under the key that all of them bind, or what their keys share.
fn named(entries: &[Entry<'_>], part: &[usize]) -> String {
    let bound_by_all = part.iter().find(|at| part.iter().all(|other| entries[*other].covers(&entries[**at])));
    let named = |at: &usize| {
        let Entry { setting, key, .. } = &entries[*at];
        format!("`{}`", SettingName { name: setting.name.into(), key: key.map(Into::into) })
    };
    match bound_by_all {
        Some(at) => named(at),
        None => {
            let names: BTreeSet<String> = part.iter().map(named).collect();
            format!("what {} share", names.into_iter().collect::<Vec<_>>().join(" and "))
        }
    }
}

/// Whether the sealed ones of some entries that contradict each other can be satisfied together, and so overrule the others.
fn overruled(entries: &[Entry<'_>], part: &[usize]) -> bool {
    let (sealed, open): (Vec<&Entry<'_>>, Vec<&Entry<'_>>) =
        part.iter().map(|at| &entries[*at]).partition(|entry| entry.requirement.seal.sealed);
    let meet = Bound::meet_all(sealed.iter().map(|entry| &entry.bound));
    !sealed.is_empty() && !open.is_empty() && meet.satisfiable(&entries[0].setting.domain) != Satisfiability::Empty
}

/// Where an entry stands in the profile.
fn labels(constraints: &Constraints, entry: &Entry<'_>) -> Option<(Span, String)> {
    let (requirement, demand) = entry.place;
    let said = words::demand(constraints.claims.get(requirement)?.demands.get(demand)?);
    let said = if entry.requirement.seal.sealed { format!("{said}, sealed") } else { said };
    let span = entry.requirement.demands.get(demand)?.span;
    Some((
        span,
        entry.rule.map_or(said.clone(), |rule| {
            format!("{said}, and so the API demands `{}` of `{}`", entry.bound, rule.then)
        }),
    ))
}

/// Lists views whose field other demands may bind: where the field is, only a world tells.
fn joins(constraints: &Constraints, undecided: &mut BTreeSet<Remark>) {
    let requirements = || {
        constraints.config.requirements.iter().enumerate().filter(|(_, requirement)| !requirement.enforced.is_empty())
    };
    let kinds: BTreeSet<&str> = requirements().map(|(_, requirement)| requirement.kind.name).collect();
    for (at, requirement) in requirements() {
        for (index, demand) in requirement.demands.iter().enumerate() {
            let owners =
                demand.setting.join.iter().flat_map(|join| join.owner_kinds).filter(|owner| kinds.contains(**owner));
            let owners: Vec<String> = owners.map(|owner| format!("`{owner}`")).collect();
            if !owners.is_empty() {
                let why = format!(
                    "it views a field of {}, on which other requirements bear: which objects they are, only a world tells",
                    owners.join(" or ")
                );
                undecided.insert(remark(constraints, (at, index), why));
            }
        }
    }
}

/// Something undecided, ordered by its place.
type Remark = (Span, Undecided);

fn remark(constraints: &Constraints, (requirement, demand): (usize, usize), why: String) -> Remark {
    let origin = &constraints.claims[requirement].demands[demand];
    let about = format!("{}#{}", origin.requirement, origin.setting).into();
    let span = constraints.config.requirements[requirement].demands[demand].span;
    (span, Undecided { place: origin.place.clone(), about, why: why.into() })
}
