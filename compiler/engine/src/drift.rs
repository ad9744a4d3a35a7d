//! [`Drift`]: what violates the profile, and what moved since a baseline.

use ordain_model::address::{ObjectAddress, SettingAddress};
use ordain_model::observation::Reading;

/// What a drift run found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drift {
    /// Demands that are not met and findings of the baseline that are met now, in the order of findings.
    pub violations: Vec<Violation>,
    /// Values that differ from the baseline's, ordered by address.
    pub moved: Vec<Moved>,
    /// Objects of the baseline that are no more, ordered by address. Only where the list was complete.
    pub gone: Vec<ObjectAddress>,
    /// Objects that the baseline does not have, ordered by address. Only where the baseline's list was complete.
    pub appeared: Vec<ObjectAddress>,
}

/// A demand that is not met, or was not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Index into the findings of the live world; for a resolved one too.
    pub finding: usize,
    /// Since when.
    pub since: Since,
}

/// How a violation compares with the baseline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Since {
    /// There is no baseline, or it does not tell.
    Unknown,
    /// The baseline met it, or did not have it.
    New,
    /// The baseline violated it too.
    Recurring,
    /// The baseline violated it; it was read now and is met.
    Resolved,
}

/// A value that differs from the baseline's.
#[derive(Clone, Debug, PartialEq)]
pub struct Moved {
    /// The setting.
    pub address: SettingAddress,
    /// The baseline's reading.
    pub before: Reading,
    /// The live reading.
    pub after: Reading,
    /// Whether every demand on it is still met.
    pub met: bool,
}
