//! Exceptions: the [`Waiver`]s and [`Baseline`]s of a profile, and what a requirement's [`Seal`] says of them.

use super::Located;
use crate::selector::Selector;
use ordain_model::Text;
use ordain_model::address::SettingName;
use ordain_model::duration::Duration;
use ordain_model::instant::Moment;
use ordain_model::source::Span;
use std::collections::{BTreeMap, BTreeSet};

/// `waiver "NAME"`: takes bounds of a requirement out of the enforced meet for the objects that it matches.
#[derive(Clone, Debug)]
pub struct Waiver {
    /// `module.a.waiver.NAME`.
    pub address: Text,
    /// Addresses of the requirements that it names: several where one stands for each item of something.
    pub requirements: BTreeSet<Text>,
    /// Which of their objects.
    pub selector: Selector,
    /// Which of their settings; all where none is named. A name without a key is every key.
    pub settings: Vec<SettingName>,
    /// Why.
    pub reason: Text,
    /// Who answers for it.
    pub owner: Text,
    /// Where it was decided.
    pub ticket: Option<Text>,
    /// In force from the start of this.
    pub granted: Moment,
    /// In force until the end of this.
    pub expires: Moment,
    /// Its block's header.
    pub span: Span,
}

/// `baseline "NAME"`: findings that were there when somebody reviewed them, one group with one owner and one end.
#[derive(Clone, Debug)]
pub struct Baseline {
    /// `baseline.NAME`.
    pub address: Text,
    /// Who answers for them.
    pub owner: Text,
    /// Why they are not cured yet.
    pub reason: Text,
    /// In force until the end of this.
    pub ends: Moment,
    /// By the finding's id.
    pub findings: BTreeMap<Text, Listed>,
    /// Its block's header.
    pub span: Span,
}

/// One entry of a baseline.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The requirement's id, then what the finding is about.
    pub about: Text,
    /// The same as it is written: the requirement may be called by another id that it had.
    pub written: Text,
    /// Where its id stands.
    pub span: Span,
}

/// What a requirement says about those who would rather not meet it.
#[derive(Clone, Debug, Default)]
pub struct Seal {
    /// `sealed = true`: where an unsealed demand contradicts it, it is enforced and the other one is broken.
    pub sealed: bool,
    /// Where `waivable = false` stands: no waiver and no baseline takes its bounds out.
    pub unwaivable: Option<Span>,
    /// `waivable_by`: the owners whose waivers count.
    pub waivable_by: Option<Located<BTreeSet<Text>>>,
    /// `max_waiver`: how long a waiver may last at most.
    pub max_waiver: Option<Located<Duration>>,
}

impl Seal {
    /// Whether a baseline may list its findings: not where nobody may waive, nor where waivers have a longest time, since a
    /// group has no first day.
    #[must_use]
    pub fn lets_baseline(&self) -> bool {
        self.unwaivable.is_none() && self.max_waiver.is_none()
    }

    /// Whether a group of this owner may list its findings.
    #[must_use]
    pub fn lets_list(&self, owner: &Text) -> bool {
        self.lets_baseline() && self.waivable_by.as_ref().is_none_or(|by| by.value.contains(owner))
    }
}

impl Waiver {
    /// Whether it is about a setting.
    #[must_use]
    pub fn covers(&self, setting: &SettingName) -> bool {
        let names =
            |named: &SettingName| named.name == setting.name && (named.key.is_none() || named.key == setting.key);
        self.settings.is_empty() || self.settings.iter().any(names)
    }
}
