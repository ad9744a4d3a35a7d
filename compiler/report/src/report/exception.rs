//! [`Exception`]: a waiver or a group of the baseline, and what it does now.

use ordain_model::Text;
use serde::Serialize;

/// A waiver or a group of the baseline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Exception {
    /// `module.a.waiver.NAME` or `baseline.NAME`: what a finding's `exception` says.
    pub address: Text,
    /// `waiver` or `baseline`.
    pub sort: &'static str,
    /// `in_force`, `ended`, `not_yet`, `no_time` (nothing says when the settings were read).
    pub state: &'static str,
    /// Why the findings are excepted.
    pub reason: Text,
    /// Who answers for that.
    pub owner: Text,
    /// Where it was decided.
    pub ticket: Option<Text>,
    /// Of a waiver, since when; as it is written.
    pub granted: Option<Text>,
    /// Until when; as it is written. A date ends with its day, in UTC.
    pub until: Text,
    /// Whether it is in force and ends within 30 days of when the settings were read.
    pub ends_soon: bool,
    /// Of a waiver the objects that it matches, of a baseline the findings that it lists.
    pub matched: u64,
    /// Findings whose verdict it decides.
    pub excepted: u64,
    /// `file:line`.
    pub place: Text,
}
