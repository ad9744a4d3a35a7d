//! Views: bounds on joined settings go to the fields that the views show, before anything is met.

use super::Decisive;
use super::chosen::{Choice, Chosen, Waivers};
use super::in_force::InForce;
use crate::constraints::Constraints;
use crate::joins::{Owner, locate};
use crate::observed::{Observed, Record};
use ordain_model::Text;
use ordain_model::address::{Cell, ObjectAddress, SettingAddress, SettingName};
use ordain_model::direction::Direction;
use ordain_model::observation::{Cause, Object, Reading, Reason};
use ordain_model::schema::{Join, Kind, OwnerField, Owners, Setting};
use ordain_model::value::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A demand that reaches a field through a view.
pub(super) struct Pull {
    /// The requirement and its demand.
    pub(super) place: (usize, usize),
    /// The view.
    pub(super) view: SettingAddress,
    /// The waivers that bear on the demand.
    pub(super) waivers: Waivers,
    /// What led from the viewing object to the field, and what selected the viewing object.
    pub(super) decisive: Decisive,
}

/// By owner and field, the demands that reach it.
pub(super) type Pulls = BTreeMap<ObjectAddress, BTreeMap<SettingName, Vec<Pull>>>;

/// Sends every enforced demand on a view to its fields.
pub(super) fn pull(
    constraints: &Constraints,
    observed: &Observed,
    chosen: &[Chosen<'_>],
    in_force: &InForce<'_>,
) -> Pulls {
    let mut pulls = Pulls::new();
    for list in chosen {
        for (column, at) in list.requirements.iter().enumerate() {
            let requirement = &constraints.config.requirements[*at];
            let joined = requirement
                .demands
                .iter()
                .enumerate()
                .filter_map(|(demand, of)| Some((demand, of.setting.join.as_ref()?)));
            let joined: Vec<(usize, &Join)> = joined.filter(|_| list.enforced[column]).collect();
            for (row, record) in list.records.iter().enumerate().filter(|_| !joined.is_empty()) {
                if list.choice(row, column) != Choice::Yes {
                    continue;
                }
                let viewer = list.address(record);
                for (demand, join) in &joined {
                    let Owners::Fields(fields) = (join.owners)(&viewer, &record.object) else { continue };
                    for field in &fields {
                        let Owner::Found(cell, _) = locate(observed, &requirement.targets, &list.cell, field) else {
                            continue;
                        };
                        if !enforced_in(observed, &requirement.enforced, &cell) {
                            continue;
                        }
                        let owner = ObjectAddress { cell, kind: field.kind.into(), id: field.id.clone() };
                        let name = &constraints.claims[*at].demands[*demand].setting;
                        let (view, waivers) = (viewer.setting(name.clone()), list.waivers(row, *at, name));
                        let read = requirement.selector.attributes().iter().chain(in_force.attributes(*at, Some(name)));
                        let mut decisive = Decisive::of(record, read.map(|name| &**name), list.kind);
                        decisive.extend(Decisive::of(record, join.needs.iter().copied(), list.kind));
                        decisive.unread = in_force.unread(*at, name, record, &viewer);
                        let pull = Pull { place: (*at, *demand), view, waivers, decisive };
                        pulls.entry(owner).or_default().entry(field.setting.clone()).or_default().push(pull);
                    }
                }
            }
        }
    }
    pulls
}

/// Whether one of these targets covers a cell: what is only observed there is not changed through a view from elsewhere.
pub(super) fn enforced_in(observed: &Observed, enforced: &[Text], cell: &Cell) -> bool {
    enforced.iter().filter_map(|target| observed.targets.get(target)).any(|seen| seen.cells.contains(cell))
}

/// What a view shows of one field, and the field where its owner exists.
pub(super) fn shown(
    observed: &Observed,
    targets: &[Text],
    cell: &Arc<Cell>,
    field: &OwnerField,
) -> (Reading, Option<SettingAddress>) {
    match locate(observed, targets, cell, field) {
        Owner::Found(cell, record) => {
            let owner = ObjectAddress { cell, kind: field.kind.into(), id: field.id.clone() };
            (record.setting(&field.setting), Some(owner.setting(field.setting.clone())))
        }
        Owner::Missing if field.missing == Value::Null => {
            let why = format!("{} `{}`, which it shows, does not exist in {cell}", field.kind, field.id);
            (Reading::Unknown(Reason::new(Cause::OutOfScope, why)), None)
        }
        Owner::Missing => (Reading::Value(field.missing.clone()), None),
        Owner::Unknown(reason) => (Reading::Unknown(reason), None),
    }
}

/// What a view shows as a whole: unknown when any of its fields is, else the weakest value.
pub(super) fn whole(
    observed: &Observed,
    setting: &Setting,
    targets: &[Text],
    viewer: &ObjectAddress,
    object: &Object,
) -> Reading {
    let Some(join) = &setting.join else { return object.setting(&SettingName::plain(setting.name)) };
    let fields = match (join.owners)(viewer, object) {
        Owners::NotApplicable(why) => return Reading::NotApplicable(why),
        Owners::Unknown(reason) => return Reading::Unknown(reason),
        Owners::Value(value) => return Reading::Value(value),
        Owners::Fields(fields) => fields,
    };
    let shown: Vec<Reading> = fields.iter().map(|field| shown(observed, targets, &viewer.cell, field).0).collect();
    let unknown = shown.iter().find(|reading| matches!(reading, Reading::Unknown(_)));
    let value = || weakest(setting, shown.iter().filter_map(Reading::value)).map(|value| Reading::Value(value.clone()));
    let other = || shown.first().cloned().unwrap_or_else(|| Reading::NotApplicable("it shows no field".into()));
    unknown.cloned().or_else(value).unwrap_or_else(other)
}

/// The least strict of some values: the first of those that no other one is weaker than.
pub(super) fn weakest<'v>(setting: &Setting, values: impl Iterator<Item = &'v Value>) -> Option<&'v Value> {
    values.reduce(|least, value| match Direction::of(value, least, setting.of, setting.stricter) {
        Direction::Tighten => value,
        Direction::Neutral | Direction::Loosen => least,
    })
}

impl Decisive {
    /// The values of an object's attributes and settings of these names, as far as they are known.
    pub(super) fn of<'n>(record: &Record, names: impl Iterator<Item = &'n str>, kind: &Kind) -> Decisive {
        let mut decisive = Decisive::default();
        for name in names {
            match kind.attribute(name) {
                Some(attribute) => {
                    let value = record.attribute(name).value().cloned();
                    decisive.attributes.extend(value.map(|value| (attribute.name.into(), value)));
                }
                None => {
                    let name = SettingName::plain(name);
                    let value = record.setting(&name).value().cloned();
                    decisive.settings.extend(value.map(|value| (name, value)));
                }
            }
        }
        decisive
    }

    /// Adds other values of the same object.
    pub(super) fn extend(&mut self, more: Decisive) {
        self.attributes.extend(more.attributes);
        self.settings.extend(more.settings);
        self.unread.extend(more.unread);
    }
}
