//! [`Seals`]: what the sealed demands on an object mean for its other settings, through rules of the API. It follows from the
//! demands alone, so that a verdict does not depend on where the live values happen to be.

use super::{Slot, Target};
use ordain_model::Text;
use ordain_model::address::SettingName;
use ordain_model::bound::{Bound, Satisfiability};
use ordain_model::schema::Rule;
use std::collections::BTreeMap;

/// What sealed demands mean through rules, by setting.
#[derive(Default)]
pub(super) struct Seals {
    /// What sealed demands on a setting come to, with the rules that bind it because of sealed demands on others.
    pub(super) bounds: BTreeMap<&'static str, Bound>,
    /// What rules demand of a setting because of sealed demands on another one, and which these are, in words.
    pub(super) ruled: BTreeMap<&'static str, Vec<(Bound, Text)>>,
    /// The rules that a setting must not make bind, since what they demand contradicts sealed demands on another one; and
    /// which these are, in words.
    pub(super) barred: BTreeMap<&'static str, Vec<(&'static Rule, Text)>>,
    /// Sealed demands in words, by setting: its own, and what rules demand because of others.
    said: BTreeMap<&'static str, Text>,
}

impl<'a> Target<'a> {
    /// What the sealed demands on an object mean for its settings.
    pub(super) fn seals(&self, slots: &BTreeMap<SettingName, Slot<'a>>) -> Seals {
        let (mut seals, mut barred) = (Seals::default(), BTreeMap::new());
        if !slots.values().flat_map(|slot| &slot.demands).any(|demand| self.sealed(demand)) {
            return seals;
        }
        for setting in self.graph.changes.get(self.kind.name).into_iter().flatten().rev() {
            let rules = self.kind.rules.iter().filter(|rule| rule.then == *setting);
            let binds = rules.filter(|rule| seals.makes_bind(rule));
            let ruled: Vec<_> =
                binds.map(|rule| (rule.demands(&self.local(rule)), seals.because(rule.when, rule))).collect();
            let demands = slots.get(&SettingName::plain(setting)).map_or(&[][..], |slot| &slot.demands);
            let own = || demands.iter().filter(|demand| self.sealed(demand));
            let bounds = own().map(|demand| demand.bound).chain(ruled.iter().map(|(bound, _)| bound));
            seals.bounds.insert(setting, Bound::meet_all(bounds));
            let said = own().map(|demand| self.said(demand)).chain(ruled.iter().map(|(_, said)| said.clone()));
            seals.said.insert(setting, said.collect::<Vec<Text>>().join(" and ").into());
            seals.ruled.insert(setting, ruled);
        }
        for rule in self.kind.rules.iter().filter(|rule| self.bars(rule, &seals)) {
            barred.entry(rule.when).or_insert_with(Vec::new).push((rule, seals.because(rule.then, rule)));
        }
        Seals { barred, ..seals }
    }

    /// Whether what a rule demands contradicts what is sealed, and nothing that is sealed makes it bind.
    fn bars(&self, rule: &Rule, seals: &Seals) -> bool {
        let sealed = seals.bounds.get(rule.then).zip(self.kind.setting(rule.then));
        let Some((bound, setting)) = sealed.filter(|_| !seals.makes_bind(rule)) else { return false };
        let empty = |bound: &Bound| bound.satisfiable(&setting.domain) == Satisfiability::Empty;
        !empty(bound) && empty(&bound.meet(&rule.demands(&self.local(rule))))
    }
}

impl Seals {
    /// Sealed demands on a setting in words, and the rule that makes them matter for another one.
    fn because(&self, setting: &str, rule: &Rule) -> Text {
        let said = self.said.get(setting).map(|said| &**said).unwrap_or_default();
        format!("{said} of `{setting}` ({})", rule.why).into()
    }

    /// Whether sealed demands leave a setting no value but those under which a rule binds.
    fn makes_bind(&self, rule: &Rule) -> bool {
        self.bounds.get(rule.when).is_some_and(|bound| !bound.is_nothing() && bound.implies(&(rule.is)()))
    }
}
