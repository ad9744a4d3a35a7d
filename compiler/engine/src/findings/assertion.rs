//! Assertions: checks across everything that their targets hold.

use super::{Finding, Judgement, NoStep, Subject, views};
use crate::constraints::Constraints;
use crate::joins;
use crate::observed::{Observed, Record};
use ordain_language::config::Assertion;
use ordain_language::selector::{Population, Selection};
use ordain_model::Text;
use ordain_model::address::{Cell, SettingName};
use ordain_model::observation::{Cause, Listing, Reason};
use ordain_model::schema::{Kind, Setting};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The finding of an assertion, under the index of its claim.
pub(super) fn judge(constraints: &Constraints, observed: &Observed, assertion: &Assertion, claim: usize) -> Finding {
    let judgement = match assertion.condition.holds(&population(constraints, observed, assertion)) {
        Selection::Yes => Judgement::Met,
        Selection::No => Judgement::Unmet(Some(NoStep::Check)),
        Selection::Unknown(reason) => Judgement::Unknown(reason),
    };
    let owner_of = |target: &Text| constraints.config.targets.get(target)?.owner.clone();
    Finding {
        claim: claim as u32,
        demand: None,
        subject: Subject::Assertion,
        enforced: true,
        judgement,
        live: None,
        fields: Box::default(),
        owner: assertion.targets.iter().find_map(owner_of),
        exception: None,
    }
}

fn population(constraints: &Constraints, observed: &Observed, assertion: &Assertion) -> Population {
    let mut population = Population::default();
    for (name, names) in &assertion.reads {
        let Some(kind) = constraints.kinds.get(name) else { continue };
        let mut cells = BTreeSet::new();
        for target in &assertion.targets {
            let not_collected = || Reason::new(Cause::NotCollected, format!("the target `{target}` was not collected"));
            let seen = observed.targets.get(target);
            let unresolved = seen.map_or_else(|| Some(not_collected()), |seen| seen.unresolved.clone());
            unresolved.iter().for_each(|reason| population.unresolved(kind, reason));
            cells.extend(seen.into_iter().flat_map(|seen| &seen.cells));
        }
        for cell in cells {
            let shared =
                observed.cells.get_key_value(cell).map_or_else(|| Arc::new(cell.clone()), |(cell, _)| cell.clone());
            population.add(kind, &shared, &listing(observed, &shared, kind, &assertion.targets, names));
        }
    }
    population
}

/// What a cell lists of a kind, with what its views show.
fn listing(observed: &Observed, cell: &Arc<Cell>, kind: &'static Kind, targets: &[Text], names: &[Text]) -> Listing {
    let none = || Reason::new(Cause::NotCollected, format!("`{}` was not collected in {cell}", kind.name));
    let Some(list) = observed.list(cell, kind.name) else {
        return Listing { incomplete: Some(none()), objects: BTreeMap::new() };
    };
    let settings = names.iter().filter_map(|name| kind.setting(name));
    let views: Vec<&Setting> = settings.filter(|setting| setting.join.is_some()).collect();
    let object = |record: &Record| {
        let (address, mut object) = (joins::address(cell, kind, record), record.object.clone());
        for setting in &views {
            let shown = views::whole(observed, setting, targets, &address, &object);
            object.settings.insert(SettingName::plain(setting.name), shown);
        }
        (record.id.clone(), object)
    };
    Listing { incomplete: list.lacks(), objects: list.objects.iter().map(object).collect() }
}
