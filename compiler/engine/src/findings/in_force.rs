//! [`InForce`]: which demands waivers and the baseline take out of the enforced meet, and which they may take out later.

use super::exception::{Exception, State, exceptions};
use crate::constraints::{Claim, Constraints};
use crate::observed::{Observed, Record};
use ordain_language::config::Waiver;
use ordain_language::selector::Selection;
use ordain_model::Text;
use ordain_model::address::{ObjectAddress, SettingAddress, SettingName};
use ordain_model::finding;
use ordain_model::observation::Reading;
use std::collections::{BTreeMap, BTreeSet};

/// The exceptions of a profile as of when a world was read.
pub(super) struct InForce<'a> {
    constraints: &'a Constraints,
    /// Every exception, in force or not, as findings name them.
    pub(super) exceptions: Vec<Exception>,
    /// By requirement, the waivers of it that have not ended: their places among the exceptions.
    waivers: BTreeMap<usize, Vec<(u32, &'a Waiver)>>,
    /// By a finding's id, the group that lists it: its place among the exceptions.
    listed: BTreeMap<&'a str, u32>,
    /// What is baselined and to be cured all the same: addresses, or ids of findings.
    named: &'a BTreeSet<Text>,
}

impl<'a> InForce<'a> {
    /// Judges every exception by the time of what was read.
    pub(super) fn new(constraints: &'a Constraints, observed: &Observed, named: &'a BTreeSet<Text>) -> InForce<'a> {
        let (config, exceptions) = (&constraints.config, exceptions(constraints, observed));
        let places: BTreeMap<&Text, usize> =
            config.requirements.iter().enumerate().map(|(at, requirement)| (&requirement.address, at)).collect();
        let mut waivers: BTreeMap<usize, Vec<(u32, &Waiver)>> = BTreeMap::new();
        for (at, waiver) in config.waivers.iter().enumerate().filter(|(at, _)| exceptions[*at].state != State::Ended) {
            for place in waiver.requirements.iter().filter_map(|address| places.get(address)) {
                waivers.entry(*place).or_default().push((at as u32, waiver));
            }
        }
        let groups = (config.waivers.len()..).zip(&config.baselines);
        let groups = groups.filter(|(at, _)| exceptions[*at].state == State::InForce);
        let listed = groups.flat_map(|(at, group)| group.findings.keys().map(move |id| (&**id, at as u32))).collect();
        InForce { constraints, exceptions, waivers, listed, named }
    }

    /// The waivers of a requirement that have not ended.
    pub(super) fn waivers(&self, requirement: usize) -> &[(u32, &'a Waiver)] {
        self.waivers.get(&requirement).map_or(&[], Vec::as_slice)
    }

    /// What those waivers read of an object to know whether they match, for one setting or for any.
    pub(super) fn attributes(
        &self,
        requirement: usize,
        setting: Option<&SettingName>,
    ) -> impl Iterator<Item = &'a Text> {
        let about = self.waivers(requirement).iter().map(|(_, waiver)| *waiver);
        let about = about.filter(move |waiver| setting.is_none_or(|setting| waiver.covers(setting)));
        about.collect::<Vec<_>>().into_iter().flat_map(|waiver| waiver.selector.attributes())
    }

    /// What could not be read of an object and keeps it open whether a waiver in force matches it: that waives nothing until
    /// it is known.
    pub(super) fn unread(
        &self,
        requirement: usize,
        setting: &SettingName,
        record: &Record,
        address: &ObjectAddress,
    ) -> BTreeSet<Text> {
        let current = self.waivers(requirement).iter().filter(|(place, waiver)| {
            self.exceptions[*place as usize].state == State::InForce && waiver.covers(setting)
        });
        let open = current
            .filter(|(_, waiver)| matches!(waiver.selector.select(&record.object, address), Selection::Unknown(_)));
        let names = open.flat_map(|(_, waiver)| waiver.selector.attributes());
        names.filter(|name| matches!(record.attribute(name), Reading::Unknown(_))).cloned().collect()
    }

    /// The group of the baseline that lists an unmet finding of a claim. What the requirement's seal does not let this owner
    /// list is not baselined: a seal has no second door.
    pub(super) fn listed(&self, claim: usize, about: impl FnOnce() -> String) -> Option<u32> {
        let requirement = self.constraints.config.requirements.get(claim);
        if self.listed.is_empty() || requirement.is_some_and(|requirement| !requirement.seal.lets_baseline()) {
            return None;
        }
        let group = self.listed.get(&*finding::id(&self.claim(claim).id, &about())).copied()?;
        let owner = &self.exceptions[group as usize].owner;
        requirement.is_none_or(|requirement| requirement.seal.lets_list(owner)).then_some(group)
    }

    /// Whether something baselined is to be cured: its own address is named, its object's, its requirement's, its
    /// group's, or its id.
    pub(super) fn named(&self, claim: usize, address: &SettingAddress, group: u32) -> bool {
        let claim = self.claim(claim);
        let subject = address.to_string();
        !self.named.is_empty()
            && (self.named.contains(&*subject)
                || self.named.contains(&*address.object.to_string())
                || self.named.contains(&claim.address)
                || self.named.contains(&self.exceptions[group as usize].address)
                || self.named.contains(&finding::id(&claim.id, &subject)))
    }

    /// The group of the baseline whose listing takes an unmet demand out of the meet.
    pub(super) fn baselined(&self, claim: usize, address: &SettingAddress) -> Option<u32> {
        self.listed(claim, || address.to_string()).filter(|group| !self.named(claim, address, *group))
    }

    fn claim(&self, claim: usize) -> &Claim {
        let requirements = self.constraints.claims.len();
        match claim < requirements {
            true => &self.constraints.claims[claim],
            false => &self.constraints.assertions[claim - requirements],
        }
    }
}
