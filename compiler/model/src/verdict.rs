//! [`Verdict`]: what became of one obligation, and the order in which a group is judged by its worst.

use serde::{Deserialize, Serialize};

/// The verdict on one obligation. Ordered so that a group's verdict is its greatest:
/// broken, unmet, unknown, baselined, waived, provider_fixed, met. `NotApplicable` never decides a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The object has no such setting.
    NotApplicable,
    /// The requirement's own bound admits the live value.
    Met,
    /// The platform fixes it; the evidence lies elsewhere.
    ProviderFixed,
    /// Unmet, and a waiver in force covers it.
    Waived,
    /// Unmet, and the reviewed baseline lists it.
    Baselined,
    /// It could not be read, or it is not known whether the requirement selects the object.
    Unknown,
    /// The live value is outside the bound.
    Unmet,
    /// No value can satisfy what is demanded of this setting.
    Broken,
}

impl Verdict {
    /// Every verdict, weakest first.
    pub const ALL: [Verdict; 8] = [
        Verdict::NotApplicable,
        Verdict::Met,
        Verdict::ProviderFixed,
        Verdict::Waived,
        Verdict::Baselined,
        Verdict::Unknown,
        Verdict::Unmet,
        Verdict::Broken,
    ];

    /// The word in every report, the same as its JSON form.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Verdict::NotApplicable => "not_applicable",
            Verdict::Met => "met",
            Verdict::ProviderFixed => "provider_fixed",
            Verdict::Waived => "waived",
            Verdict::Baselined => "baselined",
            Verdict::Unknown => "unknown",
            Verdict::Unmet => "unmet",
            Verdict::Broken => "broken",
        }
    }

    /// The verdict of a group: its worst; `None` (vacuous) when nothing in it applies.
    #[must_use]
    pub fn of_group(verdicts: impl IntoIterator<Item = Verdict>) -> Option<Verdict> {
        verdicts.into_iter().max().filter(|worst| *worst != Verdict::NotApplicable)
    }
}
