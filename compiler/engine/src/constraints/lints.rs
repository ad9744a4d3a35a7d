//! What is odd about demands that can be satisfied: those that ask for nothing, those that another one makes idle,
//! requirements that select nothing, settings that are replaced.

use super::implied::Implied;
use super::{Constraints, words};
use ordain_language::config::{Demand, Requirement};
use ordain_model::Text;
use ordain_model::bound::Bound;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Diagnostics};
use ordain_model::domain::Domain;
use ordain_model::schema::Rule;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Index of a requirement, and of one of its demands.
type Place = (usize, usize);

/// A bound that a requirement has on a setting: by a demand, or by what a rule of the API makes of one.
struct Ask<'a> {
    place: Place,
    key: Option<&'a Text>,
    bound: Cow<'a, Bound>,
    rule: Option<&'static Rule>,
}

/// With how many demands on the same objects each is compared.
const MOST_COMPARED: usize = 256;

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

/// Reports each enforced demand that another one of its module makes idle, by itself or through a rule of the API: that one
/// binds every object that this one binds, in every target, asks for at least as much, and serves every control that this
/// one serves. Between modules that is what layers are for.
fn dead(constraints: &Constraints, diagnostics: &mut Diagnostics) {
    let mut groups: BTreeMap<(&str, &str, &str), Vec<Ask<'_>>> = BTreeMap::new();
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
            let (place, kind) = ((at, index), requirement.kind);
            let own = Ask { place, key: demand.key.as_ref(), bound: Cow::Borrowed(&demand.bound), rule: None };
            groups.entry((module, kind.name, demand.setting.name)).or_default().push(own);
            let caused = |rule: &&Rule| rule.when == demand.setting.name && demand.bound.implies(&(rule.is)());
            for rule in kind.rules.iter().filter(caused).filter(|_| demand.key.is_none()) {
                let ask = Ask { place, key: None, bound: Cow::Owned((rule.must)()), rule: Some(rule) };
                groups.entry((module, kind.name, rule.then)).or_default().push(ask);
            }
        }
    }
    // What is waived for some objects leaves them to the others.
    let waived: BTreeSet<&Text> = constraints.config.waivers.iter().flat_map(|waiver| &waiver.requirements).collect();
    for asks in groups.values() {
        let selectors: Vec<_> = asks.iter().map(|ask| &constraints.config.requirements[ask.place.0].selector).collect();
        let implied = Implied::of(&selectors);
        let mut alike: BTreeMap<(usize, Option<&Text>), Vec<usize>> = BTreeMap::new();
        for (class, (ask, order)) in implied.class_of.iter().zip(asks.iter().zip(0..)) {
            alike.entry((*class, ask.key)).or_default().push(order);
        }
        for ((class, key), own) in &alike {
            let classes = implied.by(*class);
            for order in own.iter().filter(|order| asks[**order].rule.is_none()) {
                let ask = &asks[*order];
                let others = classes.iter().filter_map(|class| alike.get(&(*class, *key))).flatten();
                let other = others.take(MOST_COMPARED).find(|against| {
                    let other = &asks[**against];
                    if waived.contains(&constraints.config.requirements[other.place.0].address) {
                        return false;
                    }
                    // Of two that ask for the same, the later one is idle; what a rule asks for may be said too.
                    let later = other.rule.is_none() && *against < order;
                    idles(constraints, other, ask) && (later || !idles(constraints, ask, other))
                });
                if let Some(other) = other {
                    report(constraints, ask, &asks[*other], diagnostics);
                }
            }
        }
    }
}

/// Whether the first bound makes the second one idle.
fn idles(constraints: &Constraints, first: &Ask<'_>, second: &Ask<'_>) -> bool {
    let requirements = &constraints.config.requirements;
    let (by, of) = (&requirements[first.place.0], &requirements[second.place.0]);
    let apart = first.place.0 != second.place.0 || first.rule.is_some() || second.rule.is_some();
    apart
        && first.key == second.key
        && first.bound.implies(&second.bound)
        && of.targets.iter().all(|target| by.enforced.contains(target))
        && of.selector.implies(&by.selector)
        && of.satisfies.iter().all(|cited| by.satisfies.iter().any(|other| other.control == cited.control))
}

fn report(constraints: &Constraints, idle: &Ask<'_>, by: &Ask<'_>, diagnostics: &mut Diagnostics) {
    let ((idle, line), (at, index)) = (idle.place, by.place);
    let demand = |at: usize, index: usize| &constraints.config.requirements[at].demands[index];
    let claim = |at: usize, index: usize| &constraints.claims[at].demands[index];
    let detail = format!(
        "`{}` of `{}` is demanded as strictly of the same objects by `{}`",
        claim(idle, line).setting,
        constraints.claims[idle].address,
        constraints.claims[at].address
    );
    let said = words::demand(claim(at, index));
    let label = match by.rule {
        None => said,
        Some(rule) => format!("{said}, and so the API demands `{}` of `{}`", by.bound, rule.then),
    };
    let diagnostic = Diagnostic::warning(code::DEAD_DEMAND, demand(idle, line).span, detail)
        .says("idle")
        .label(demand(at, index).span, label)
        .help("Remove the idle one, or let it cite a control that the other does not.");
    diagnostics.push(diagnostic);
}
