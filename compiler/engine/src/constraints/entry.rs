//! [`Entry`]: a bound that every object selected by a requirement has on a setting.

use ordain_language::config::Requirement;
use ordain_model::bound::Bound;
use ordain_model::schema::{Rule, Setting};

/// A bound that every object selected by a requirement has on a setting.
#[derive(Clone)]
pub(super) struct Entry<'a> {
    pub(super) requirement: &'a Requirement,
    /// Index of the requirement, and of its demand that is, or through a rule causes, the bound.
    pub(super) place: (usize, usize),
    pub(super) setting: &'static Setting,
    pub(super) key: Option<&'a str>,
    pub(super) bound: Bound,
    /// The rule that demands it because of the requirement's demand.
    pub(super) rule: Option<&'static Rule>,
}

impl Entry<'_> {
    /// Whether both may bind the same object and a part of a key.
    pub(super) fn may_bind_with(&self, other: &Entry<'_>) -> bool {
        self.overlaps(other)
            && self.shares_target(other)
            && !self.requirement.selector.disjoint(&other.requirement.selector)
    }

    /// Whether the keys have a part in common.
    pub(super) fn overlaps(&self, other: &Entry<'_>) -> bool {
        match (self.key, other.key, &self.setting.keyed) {
            (Some(own), Some(key), Some(keyed)) => (keyed.overlaps)(own, key),
            (None, None, _) => true,
            _ => false,
        }
    }

    /// Whether what binds this key binds the other one's.
    pub(super) fn covers(&self, other: &Entry<'_>) -> bool {
        match (self.key, other.key, &self.setting.keyed) {
            (Some(own), Some(key), Some(keyed)) => own == key || (keyed.covers)(own, key),
            (None, None, _) => true,
            _ => false,
        }
    }

    /// Whether both are enforced in some target.
    fn shares_target(&self, other: &Entry<'_>) -> bool {
        self.requirement.enforced.iter().any(|target| other.requirement.enforced.contains(target))
    }
}
