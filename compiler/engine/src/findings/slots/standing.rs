//! [`Standing`]: the demands that make up the enforced meet of a field, once sealed ones have overruled those that
//! contradict them.

use super::{Demanded, Seals, Slot, Target};
use ordain_model::Text;
use ordain_model::address::SettingName;
use ordain_model::bound::{Bound, Satisfiability, contradiction};
use ordain_model::domain::Domain;
use ordain_model::schema::Rule;
use std::collections::BTreeMap;

/// The demands on a field that stand, and those that do not.
pub(super) struct Standing<'s> {
    /// Their meet is the enforced one.
    pub(super) demands: Vec<Demanded<'s>>,
    /// Demands that sealed ones overrule, by their places, and why.
    pub(super) overruled: BTreeMap<(usize, usize), Text>,
}

/// What bears on a field beside the demands on it.
#[derive(Default)]
pub(super) struct Beside<'b> {
    /// Rules that bind it because of sealed demands on other settings.
    ruled: &'b [(Bound, Text)],
    /// Rules that it must not make bind, since sealed demands on other settings contradict what they demand.
    barred: &'b [(&'static Rule, Text)],
    /// The demands under keys that share a part with its own, where neither covers the other.
    near: Vec<Demanded<'b>>,
}

impl<'b> Beside<'b> {
    /// Of a setting without keys.
    pub(super) fn rules(setting: &str, seals: &'b Seals) -> Beside<'b> {
        let ruled = seals.ruled.get(setting).map_or(&[][..], Vec::as_slice);
        Beside { ruled, barred: seals.barred.get(setting).map_or(&[][..], Vec::as_slice), near: Vec::new() }
    }

    /// Of a key.
    pub(super) fn keys(slot: &Slot<'b>, slots: &BTreeMap<SettingName, Slot<'b>>) -> Beside<'b> {
        let near = slot.beside.iter().filter_map(|name| slots.get(name)).flat_map(|slot| &slot.demands);
        Beside { near: near.copied().collect(), ..Beside::default() }
    }
}

impl<'a> Target<'a> {
    /// Whether a demand is sealed.
    pub(super) fn sealed(&self, demand: &Demanded<'_>) -> bool {
        self.constraints.config.requirements[demand.place.0].seal.sealed
    }

    /// What stands on a field. Without a sealed demand that others contradict, everything does; `below` are the demands
    /// under this key that are overruled on a key it covers, and why: to write the whole would write that one too.
    pub(super) fn standing<'s>(
        &self,
        slot: &Slot<'s>,
        beside: &Beside<'_>,
        below: &BTreeMap<(usize, usize), Text>,
    ) -> Standing<'s> {
        let (mut kept, mut open): (Vec<Demanded<'s>>, Vec<Demanded<'s>>) =
            slot.demands.iter().copied().partition(|demand| self.sealed(demand));
        let lost = open.extract_if(.., |demand| below.contains_key(&demand.place));
        let lost = lost.filter_map(|demand| Some((demand.place, below.get(&demand.place)?.clone()))).collect();
        let ruled = beside.ruled.iter().map(|(bound, _)| bound);
        let base = Bound::meet_all(kept.iter().map(|demand| demand.bound).chain(ruled));
        let mut standing = Standing { demands: Vec::new(), overruled: lost };
        let empty = |bound: &Bound| bound.satisfiable(&slot.setting.domain) == Satisfiability::Empty;
        if !empty(&base) {
            // First what contradicts the seals by itself, then what does so only with others that are not sealed.
            open.retain(|demand| match self.seals_against(demand, &base, (&kept, beside), &slot.setting.domain) {
                Some(why) => standing.overruled.insert(demand.place, why).is_some_and(|_| false),
                None => true,
            });
            while base != Bound::Anything
                && empty(&open.iter().fold(base.clone(), |meet, demand| meet.meet(demand.bound)))
            {
                let bounds: Vec<&Bound> =
                    std::iter::once(&base).chain(open.iter().map(|demand| demand.bound)).collect();
                let part = contradiction(&bounds, &slot.setting.domain).map(|found| found.bounds).unwrap_or_default();
                let taking: Vec<Demanded<'s>> =
                    part.iter().filter_map(|at| open.get(at.checked_sub(1)?).copied()).collect();
                let why = self.conflict(&taking);
                open.retain(|demand| !taking.iter().any(|out| out.place == demand.place));
                standing.overruled.extend(taking.iter().map(|out| (out.place, why.clone())));
                if taking.is_empty() {
                    break;
                }
            }
        }
        kept.extend(open);
        kept.sort_by(|a, b| (a.place, a.pull.map(|pull| &pull.view)).cmp(&(b.place, b.pull.map(|pull| &pull.view))));
        Standing { demands: kept, ..standing }
    }

    /// Which sealed demands overrule one that is not, in words, if any do.
    fn seals_against(
        &self,
        demand: &Demanded<'_>,
        base: &Bound,
        (sealed, beside): (&[Demanded<'_>], &Beside<'_>),
        domain: &Domain,
    ) -> Option<Text> {
        let empty = |bound: &Bound| bound.satisfiable(domain) == Satisfiability::Empty;
        let meet = base.meet(demand.bound);
        if empty(&meet) {
            return Some(self.overruling(sealed, beside, demand));
        }
        if let Some(near) = beside.near.iter().find(|near| self.sealed(near) && empty(&near.bound.meet(demand.bound))) {
            return Some(self.said(near));
        }
        beside.barred.iter().find(|(rule, _)| meet.implies(&(rule.is)())).map(|(_, said)| said.clone())
    }

    /// Which sealed demands on the same field overrule one that is not.
    fn overruling(&self, sealed: &[Demanded<'_>], beside: &Beside<'_>, overruled: &Demanded<'_>) -> Text {
        let bounds: Vec<&Bound> = sealed.iter().map(|demand| demand.bound).chain([overruled.bound]).collect();
        let part = contradiction(&bounds, &Domain::Any).map(|found| found.bounds);
        let part = part.unwrap_or_else(|| (0..sealed.len()).collect());
        let said = part.into_iter().filter_map(|at| sealed.get(at)).map(|demand| self.said(demand).to_string());
        let ruled = beside.ruled.iter().map(|(_, said)| said.to_string());
        said.chain(ruled).collect::<Vec<_>>().join(" and ").into()
    }

    /// A sealed demand in words.
    pub(super) fn said(&self, demand: &Demanded<'_>) -> Text {
        let origin = self.origin(demand.place);
        format!("`{}` at {}, which is sealed, demands `{}`", origin.requirement, origin.place, origin.bound).into()
    }

    /// Two demands that contradict each other, one on a key and one on another that shares a part with it, where no seal
    /// decides between them.
    pub(super) fn torn(
        &self,
        standing: &Standing<'_>,
        beside: &Beside<'_>,
        overruled: &BTreeMap<(usize, usize), Text>,
    ) -> Option<Text> {
        let near = || beside.near.iter().filter(|near| !overruled.contains_key(&near.place));
        let against = |demand: &Demanded<'_>| {
            near()
                .find(|near| self.sealed(near) == self.sealed(demand) && near.bound.meet(demand.bound).is_nothing())
                .copied()
        };
        let pair = standing.demands.iter().find_map(|demand| Some([*demand, against(demand)?]))?;
        Some(self.conflict(&pair))
    }

    /// The origins that contradict each other, and none that does not take part.
    pub(super) fn conflict(&self, demands: &[Demanded<'_>]) -> Text {
        let bounds: Vec<&Bound> = demands.iter().map(|demand| demand.bound).collect();
        let all = || (0..demands.len()).collect();
        let part = contradiction(&bounds, &Domain::Any).map_or_else(all, |found| found.bounds);
        let said = part.into_iter().map(|at| {
            let origin = self.origin(demands[at].place);
            format!("`{}` at {} demands `{}`", origin.requirement, origin.place, origin.bound)
        });
        said.collect::<Vec<_>>().join(" and ").into()
    }
}
