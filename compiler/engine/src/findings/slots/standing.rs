//! [`Standing`]: the demands that make up the enforced meet of a field, once sealed ones have overruled those that
//! contradict them.

use super::{Demanded, Gate, Slot, Target};
use ordain_model::Text;
use ordain_model::bound::{Bound, Satisfiability, contradiction};
use ordain_model::domain::Domain;
use std::collections::BTreeMap;

/// The demands on a field that stand, and those that do not.
pub(super) struct Standing<'s> {
    /// Their meet is the enforced one.
    pub(super) demands: Vec<Demanded<'s>>,
    /// Demands that sealed ones overrule, by their places, and why.
    pub(super) overruled: BTreeMap<(usize, usize), Text>,
    /// Whether a sealed demand, or a rule of the API because of one, asks for another value than the live one.
    pub(super) sealed: bool,
}

impl<'a> Target<'a> {
    /// What stands on a field. Without a sealed demand that others contradict, everything does; `below` are the demands
    /// under this key that are overruled on a key it covers, and why: to write the whole would write that one too.
    pub(super) fn standing<'s>(
        &self,
        slot: &Slot<'s>,
        gates: &[Gate],
        below: &BTreeMap<(usize, usize), Text>,
    ) -> Standing<'s> {
        let sealed = |demand: &Demanded<'_>| self.constraints.config.requirements[demand.place.0].seal.sealed;
        let (mut kept, mut open): (Vec<Demanded<'s>>, Vec<Demanded<'s>>) =
            slot.demands.iter().copied().partition(|demand| sealed(demand));
        let lost = open.extract_if(.., |demand| below.contains_key(&demand.place));
        let lost = lost.filter_map(|demand| Some((demand.place, below.get(&demand.place)?.clone()))).collect();
        let ruled = || gates.iter().filter(|gate| gate.sealed).map(|gate| &gate.bound);
        let base = Bound::meet_all(kept.iter().map(|demand| demand.bound).chain(ruled()));
        let live = slot.reading.value();
        let mut standing =
            Standing { demands: Vec::new(), overruled: lost, sealed: live.is_some_and(|live| !base.admits(live)) };
        let empty = |bound: &Bound| bound.satisfiable(&slot.setting.domain) == Satisfiability::Empty;
        if base != Bound::Anything && !empty(&base) {
            // First what contradicts the seals by itself, then what does so only with others that are not sealed.
            let (mut stands, out): (Vec<_>, Vec<_>) =
                open.into_iter().partition(|demand| !empty(&base.meet(demand.bound)));
            out.iter()
                .for_each(|demand| drop(standing.overruled.insert(demand.place, self.seals(&kept, gates, demand))));
            while empty(&stands.iter().fold(base.clone(), |meet, demand| meet.meet(demand.bound))) {
                let bounds: Vec<&Bound> =
                    std::iter::once(&base).chain(stands.iter().map(|demand| demand.bound)).collect();
                let part = contradiction(&bounds, &slot.setting.domain).map(|found| found.bounds).unwrap_or_default();
                let taking: Vec<Demanded<'s>> =
                    part.iter().filter_map(|at| stands.get(at.checked_sub(1)?).copied()).collect();
                let why = self.conflict(&taking);
                stands.retain(|demand| !taking.iter().any(|out| out.place == demand.place));
                standing.overruled.extend(taking.iter().map(|out| (out.place, why.clone())));
                if taking.is_empty() {
                    break;
                }
            }
            open = stands;
        }
        kept.extend(open);
        kept.sort_by(|a, b| (a.place, a.pull.map(|pull| &pull.view)).cmp(&(b.place, b.pull.map(|pull| &pull.view))));
        Standing { demands: kept, ..standing }
    }

    /// Which sealed demands overrule one that is not.
    fn seals(&self, sealed: &[Demanded<'_>], gates: &[Gate], overruled: &Demanded<'_>) -> Text {
        let bounds: Vec<&Bound> = sealed.iter().map(|demand| demand.bound).chain([overruled.bound]).collect();
        let part = contradiction(&bounds, &Domain::Any).map(|found| found.bounds);
        let part = part.unwrap_or_else(|| (0..sealed.len()).collect());
        let said = part.into_iter().filter_map(|at| sealed.get(at)).map(|demand| {
            let origin = self.origin(demand.place);
            format!("`{}` at {}, which is sealed, demands `{}`", origin.requirement, origin.place, origin.bound)
        });
        let ruled = gates.iter().filter(|gate| gate.sealed).map(|gate| gate.rule.why.to_owned());
        said.chain(ruled).collect::<Vec<_>>().join(" and ").into()
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
