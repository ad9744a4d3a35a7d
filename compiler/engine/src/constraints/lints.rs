//! What is odd about demands that can be satisfied: those that ask for nothing, those that another one makes idle,
//! requirements that select nothing, settings that are replaced.

use super::parts::divide;
use super::{Constraints, words};
use ordain_language::config::{Demand, Requirement};
use ordain_model::bound::Bound;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Diagnostics};
use ordain_model::domain::Domain;
use std::collections::BTreeMap;

/// Index of a requirement, and of one of its demands.
type Place = (usize, usize);

/// Reports every oddity as a lint.
pub(super) fn check(constraints: &Constraints, diagnostics: &mut Diagnostics) {
    for (at, requirement) in constraints.config.requirements.iter().enumerate() {
        if requirement.selector.selects_nothing() {
            let detail = "no object satisfies this `where`: the requirement demands nothing of anything";
            let help = "Two tests of it exclude each other, or it is false: correct it, or remove the requirement.";
            let place = requirement.selector.span();
            diagnostics.push(Diagnostic::warning(code::EMPTY_SELECTOR, place, detail).help(help));
        }
        for (index, demand) in requirement.demands.iter().enumerate() {
            vacuous(constraints, (at, index), requirement, demand, diagnostics);
            deprecated(requirement, demand, diagnostics);
            long(requirement, demand, diagnostics);
        }
    }
    dead(constraints, diagnostics);
}

fn vacuous(
    constraints: &Constraints,
    (at, index): Place,
    requirement: &Requirement,
    demand: &Demand,
    diagnostics: &mut Diagnostics,
) {
    if demand.bound.is_vacuous(&demand.setting.domain, demand.setting.of) {
        let said = &constraints.claims[at].demands[index].bound;
        let detail = format!("`{said}` admits every value that `{}` can have", demand.name());
        let help = words::capital(&words::domain(requirement.kind, demand.setting));
        diagnostics.push(Diagnostic::warning(code::VACUOUS_DEMAND, demand.span, detail).help(help));
    }
}

fn deprecated(requirement: &Requirement, demand: &Demand, diagnostics: &mut Diagnostics) {
    let named = |old: &&ordain_model::schema::Deprecated| old.setting == demand.setting.name;
    if let Some(old) = requirement.kind.deprecated.iter().find(named) {
        let detail = format!("`{}` of `{}` is deprecated: {}", old.setting, requirement.kind.name, old.why);
        let diagnostic = Diagnostic::warning(code::DEPRECATED_SETTING, demand.span, detail);
        let help = format!("`{}` replaces it.", old.instead);
        diagnostics.push(diagnostic.help(help).paste(format!("{} = ...", old.instead)));
    }
}

/// A list whose parts the API can say, and not the whole: whoever is open to all of it has no value to go to. An error
/// unless its level says otherwise.
fn long(requirement: &Requirement, demand: &Demand, diagnostics: &mut Diagnostics) {
    let (Bound::Cidrs(bounds), Domain::Cidrs { most, .. }) = (&demand.bound, demand.setting.domain) else { return };
    let (written, fewest) = (bounds.upper.entries().len(), bounds.upper.fewest().entries().len());
    // Where no part can be said either, the demand has no legal value, which is an error.
    if fewest > most && bounds.lower.is_empty() {
        let name = demand.name();
        let merged =
            if fewest < written { format!("{fewest} when merged exactly") } else { "none can be merged".into() };
        let detail = format!("`{name}` takes at most {most} CIDR blocks; here are {written}, {merged}");
        let help = words::capital(&words::domain(requirement.kind, demand.setting));
        diagnostics.push(Diagnostic::error(code::LONG_ALLOWLIST, demand.span, detail).help(help));
    }
}

/// Reports each enforced demand that another one of its module makes idle: that one binds every object that this one
/// binds, in every target, asks for at least as much, and serves every control that this one serves. Between modules
/// that is what layers are for.
fn dead(constraints: &Constraints, diagnostics: &mut Diagnostics) {
    let mut groups: BTreeMap<(&str, &str, &str), Vec<Place>> = BTreeMap::new();
    for (at, requirement) in
        constraints.config.requirements.iter().enumerate().filter(|(_, one)| !one.enforced.is_empty())
    {
        let module = &*constraints.claims[at].module;
        // What selects or asks nothing is said already.
        if requirement.selector.selects_nothing() {
            continue;
        }
        let asks = |demand: &&Demand| !demand.bound.is_vacuous(&demand.setting.domain, demand.setting.of);
        for (index, demand) in requirement.demands.iter().enumerate().filter(|(_, demand)| asks(demand)) {
            groups.entry((module, requirement.kind.name, demand.setting.name)).or_default().push((at, index));
        }
    }
    for places in groups.values() {
        let selectors: Vec<_> = places.iter().map(|(at, _)| &constraints.config.requirements[*at].selector).collect();
        let parts = divide(&selectors);
        // What selects by no such text is never within what selects by one.
        let everywhere = (&parts.everywhere, parts.everywhere.clone());
        for (part, others) in parts.parts.iter().map(|part| (part, parts.whole(part))).chain([everywhere]) {
            for order in part {
                let place = places[*order];
                let other = others.iter().find(|against| {
                    let other = places[**against];
                    // Of two that ask for the same, the later one is idle.
                    idles(constraints, other, place) && (*against < order || !idles(constraints, place, other))
                });
                if let Some(other) = other {
                    report(constraints, place, places[*other], diagnostics);
                }
            }
        }
    }
}

/// Whether the first demand makes the second one idle.
fn idles(constraints: &Constraints, (at, index): Place, (idle, line): Place) -> bool {
    let requirements = &constraints.config.requirements;
    let (by, of) = (&requirements[at], &requirements[idle]);
    let (demand, asked) = (&by.demands[index], &of.demands[line]);
    at != idle
        && demand.key == asked.key
        && demand.bound.implies(&asked.bound)
        && of.targets.iter().all(|target| by.enforced.contains(target))
        && of.selector.implies(&by.selector)
        && of.satisfies.iter().all(|cited| by.satisfies.iter().any(|other| other.control == cited.control))
}

fn report(constraints: &Constraints, (idle, line): Place, (at, index): Place, diagnostics: &mut Diagnostics) {
    let demand = |at: usize, index: usize| &constraints.config.requirements[at].demands[index];
    let claim = |at: usize, index: usize| &constraints.claims[at].demands[index];
    let detail = format!(
        "`{}` of `{}` is demanded as strictly of the same objects by `{}`",
        claim(idle, line).setting,
        constraints.claims[idle].address,
        constraints.claims[at].address
    );
    let label = words::demand(claim(at, index));
    let diagnostic = Diagnostic::warning(code::DEAD_DEMAND, demand(idle, line).span, detail)
        .says("idle")
        .label(demand(at, index).span, label)
        .help("Remove the idle one, or let it cite a control that the other does not.");
    diagnostics.push(diagnostic);
}
