//! [`Gate`]s: the rules of the API that bind a setting as things are planned, and what decides whether they do.

use super::{Gate, Settled, Target};
use crate::findings::Outcome;
use ordain_model::Text;
use ordain_model::address::SettingName;
use ordain_model::observation::{Object, Reading};
use ordain_model::schema::Rule;
use ordain_model::value::Value;
use std::collections::{BTreeMap, BTreeSet};

impl Target<'_> {
    /// The rules that bind a setting as things are planned.
    pub(super) fn gates(&self, setting: &str, settled: &BTreeMap<SettingName, Settled>) -> Vec<Gate> {
        let rules = self.kind.rules.iter().filter(|rule| rule.then == setting);
        let gate = |rule: &'static Rule| {
            let when = SettingName::plain(rule.when);
            let changed = match settled.get(&when) {
                Some(Settled { outcome: Outcome::Change(value), .. }) => Some(value),
                _ => None,
            };
            let live = self.record.setting(&when);
            let binds = (rule.is)().admits(changed.or(live.value())?);
            binds.then(|| Gate { rule, bound: rule.demands(&self.local(rule)), changes: changed.is_some() })
        };
        rules.filter_map(gate).collect()
    }

    /// What has to be changed before a setting, because a rule binds it until then.
    pub(super) fn freed(&self, setting: &str, settled: &BTreeMap<SettingName, Settled>) -> BTreeSet<SettingName> {
        let rules = self.kind.rules.iter().filter(|rule| rule.then == setting);
        let frees = |rule: &Rule| {
            let when = SettingName::plain(rule.when);
            let Some(Settled { outcome: Outcome::Change(value), .. }) = settled.get(&when) else { return None };
            let live = self.record.setting(&when);
            let bound = live.value().is_some_and(|live| (rule.is)().admits(live));
            (bound && !(rule.is)().admits(value)).then_some(when)
        };
        rules.filter_map(frees).collect()
    }

    /// What of the object a rule looks at.
    pub(super) fn local(&self, rule: &Rule) -> Object {
        let needs = rule.local.iter().flat_map(|local| local.needs);
        let attributes = needs.map(|name| (Text::from(*name), self.record.attribute(name))).collect();
        Object { attributes, ..Object::default() }
    }

    /// The live values that decide whether rules bind a setting, also of rules that do not: they bind once one of these moves.
    ///
    /// # Errors
    /// One of them could not be read, and if its rule binds it forbids the change: which, and why.
    pub(super) fn looked_at(&self, setting: &str, outcome: &Outcome) -> Result<BTreeMap<SettingName, Value>, Text> {
        let mut values = BTreeMap::new();
        for rule in self.kind.rules.iter().filter(|rule| rule.then == setting) {
            let when = SettingName::plain(rule.when);
            match self.record.setting(&when) {
                Reading::Value(value) | Reading::Held(value, _) => drop(values.insert(when, value)),
                Reading::Unknown(reason) if self.forbids(rule, outcome) => {
                    let why =
                        format!("`{when}` decides what it may be ({}), and is not known: {}", rule.why, reason.detail);
                    return Err(why.into());
                }
                Reading::NotApplicable(_) | Reading::ProviderFixed(_) | Reading::Unknown(_) => {}
            }
        }
        Ok(values)
    }

    /// Whether a rule, if it binds, does not let a change be made.
    fn forbids(&self, rule: &Rule, outcome: &Outcome) -> bool {
        matches!(outcome, Outcome::Change(after) if !rule.demands(&self.local(rule)).admits(after))
    }
}
