//! [`Needs`]: everything that a profile may read of a target and may write there, before anything is read.

use crate::profile::Profile;
use ordain_engine::graph::setting_reads;
use ordain_model::Text;
use ordain_model::address::SettingName;
use ordain_model::observation::ReadSet;
use ordain_model::schema::{Kind, Setting};
use std::collections::BTreeSet;

/// What a run on one target may read, and what apply may write.
#[derive(Debug, Default)]
pub struct Needs {
    /// Read.
    pub reads: ReadSet,
    /// Written by apply.
    pub writes: ReadSet,
}

/// What a profile needs of a target.
pub fn of(profile: &Profile, target: &Text) -> Needs {
    let mut needs = Needs { reads: profile.graph.reads.get(target).cloned().unwrap_or_default(), ..Needs::default() };
    let views = asked(profile, target).into_iter().filter(|(_, setting)| setting.join.is_some());
    for (owner, field) in views.flat_map(|(_, view)| behind(profile, view)) {
        let reads = needs.reads.kinds.entry(owner.name.into()).or_default();
        setting_reads(owner, field, None, reads);
    }
    for (kind, setting) in changed(profile, target) {
        let fields = if setting.join.is_some() { behind(profile, setting) } else { vec![(kind, setting)] };
        for (kind, field) in fields {
            needs.writes.kinds.entry(kind.name.into()).or_default().settings.insert(SettingName::plain(field.name));
        }
    }
    needs
}

type Field = (&'static Kind, &'static Setting);

/// Every setting that a requirement or an assertion reads in a target.
fn asked(profile: &Profile, target: &Text) -> Vec<Field> {
    let config = &profile.constraints.config;
    let required = config.requirements.iter().filter(|requirement| requirement.targets.contains(target));
    let required =
        required.flat_map(|requirement| requirement.demands.iter().map(|demand| (requirement.kind, demand.setting)));
    let asserted = config.assertions.iter().filter(|assertion| assertion.targets.contains(target));
    let asserted = asserted
        .flat_map(|assertion| &assertion.reads)
        .filter_map(|(kind, names)| Some((*profile.constraints.kinds.get(kind)?, names)));
    let asserted =
        asserted.flat_map(|(kind, names)| names.iter().filter_map(move |name| Some((kind, kind.setting(name)?))));
    required.chain(asserted).collect()
}

/// Every setting that a step may change in a target: what is demanded, and what the API's rules demand with it.
fn changed(profile: &Profile, target: &Text) -> Vec<Field> {
    let config = &profile.constraints.config;
    let mut fields = Vec::new();
    for requirement in config.requirements.iter().filter(|requirement| requirement.enforced.contains(target)) {
        let mut names: BTreeSet<&str> = requirement.demands.iter().map(|demand| demand.setting.name).collect();
        // Rules are acyclic: as many rounds as there are rules reach everything.
        for _ in requirement.kind.rules {
            names.extend(
                requirement
                    .kind
                    .rules
                    .iter()
                    .filter(|rule| names.contains(rule.when))
                    .map(|rule| rule.then)
                    .collect::<Vec<_>>(),
            );
        }
        fields.extend(names.into_iter().filter_map(|name| Some((requirement.kind, requirement.kind.setting(name)?))));
    }
    fields
}

/// The fields that a view may show: the settings of its type on each kind of owner. Which one it is shows only when
/// the world is read.
fn behind(profile: &Profile, view: &Setting) -> Vec<Field> {
    let owners =
        view.join.iter().flat_map(|join| join.owner_kinds).filter_map(|name| profile.constraints.kinds.get(name));
    let fields = owners.flat_map(|kind| kind.settings.iter().map(|setting| (*kind, setting)));
    fields.filter(|(_, setting)| setting.of == view.of && setting.join.is_none()).collect()
}
