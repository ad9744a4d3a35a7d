//! [`Conclusion`]: the verdict over everything, and [`Exit`]: the one place that knows exit codes.
//!
//! | code | when |
//! |---|---|
//! | 0 | the rest; what is waived, baselined, fixed by the provider, vacuous or only observed changes nothing |
//! | 1 | an error, something broken, or in apply an outcome other than applied and already |
//! | 3 | something demanded is unknown |
//! | 2 | something enforced is unmet, with or without a step |
//!
//! The first row from the second on that holds decides. `plan` says 0 in place of 2 unless `-detailed-exitcode` is given.
//! `validate` says 0 or 1.

use crate::verdict::Verdict;
use serde::Serialize;

/// The verdict over everything, in the order in which the later one wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Conclusion {
    /// The profile compiles; no world was judged.
    Valid,
    /// What a plan file holds; no world was judged.
    Planned,
    /// Two worlds hold the same; none was judged.
    Same,
    /// Two worlds differ; none was judged.
    Different,
    /// Every step is as planned; the world was not judged.
    Applied,
    /// Every profile test saw what it expects.
    Passed,
    /// Everything demanded is met.
    Met,
    /// Nothing that is demanded applies to anything: never the same as met.
    Vacuous,
    /// Everything demanded is met or waived.
    Waived,
    /// Everything demanded is met, waived or listed in the baseline.
    Baselined,
    /// Something enforced is unmet, with or without a step.
    Unmet,
    /// Something demanded is unknown.
    Unknown,
    /// No value can satisfy what is demanded of something.
    Broken,
    /// A step came to anything but applied or already, or a profile test saw anything but what it expects.
    Failed,
    /// The profile, a file or an argument is wrong: there is no result.
    Error,
}

impl Conclusion {
    /// What enforced obligations come to, of which `any` says whether one has a verdict.
    #[must_use]
    pub fn of(any: impl Fn(Verdict) -> bool) -> Conclusion {
        let order = [
            (Verdict::Broken, Conclusion::Broken),
            (Verdict::Unknown, Conclusion::Unknown),
            (Verdict::Unmet, Conclusion::Unmet),
            (Verdict::Baselined, Conclusion::Baselined),
            (Verdict::Waived, Conclusion::Waived),
        ];
        let worst = order.into_iter().find(|(verdict, _)| any(*verdict)).map(|(_, conclusion)| conclusion);
        let applies = || Verdict::ALL.into_iter().any(|verdict| verdict != Verdict::NotApplicable && any(verdict));
        worst.unwrap_or_else(|| if applies() { Conclusion::Met } else { Conclusion::Vacuous })
    }

    /// The word in every format.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Conclusion::Valid => "valid",
            Conclusion::Planned => "planned",
            Conclusion::Same => "same",
            Conclusion::Different => "different",
            Conclusion::Applied => "applied",
            Conclusion::Passed => "passed",
            Conclusion::Met => "met",
            Conclusion::Vacuous => "vacuous",
            Conclusion::Waived => "waived",
            Conclusion::Baselined => "baselined",
            Conclusion::Unmet => "unmet",
            Conclusion::Unknown => "unknown",
            Conclusion::Broken => "broken",
            Conclusion::Failed => "failed",
            Conclusion::Error => "error",
        }
    }

    /// What a profile can come to once a world was judged, or there is no result.
    pub const OF_A_PROFILE: [Conclusion; 6] = [
        Conclusion::Met,
        Conclusion::Vacuous,
        Conclusion::Unmet,
        Conclusion::Unknown,
        Conclusion::Broken,
        Conclusion::Error,
    ];

    /// How a run with this result ends.
    #[must_use]
    pub fn exit(self) -> Exit {
        match self {
            Conclusion::Valid
            | Conclusion::Planned
            | Conclusion::Same
            | Conclusion::Applied
            | Conclusion::Passed
            | Conclusion::Met
            | Conclusion::Vacuous
            | Conclusion::Waived
            | Conclusion::Baselined => Exit::Fine,
            Conclusion::Unmet | Conclusion::Different => Exit::Unmet,
            Conclusion::Unknown => Exit::Unknown,
            Conclusion::Broken | Conclusion::Failed | Conclusion::Error => Exit::Error,
        }
    }
}

/// How a run ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Nothing to say.
    Fine,
    /// An error, something broken, or a step that did not end as planned.
    Error,
    /// Something enforced is unmet, or two worlds differ.
    Unmet,
    /// Something demanded is unknown, or could not be compared.
    Unknown,
}

impl Exit {
    /// For `plan`: changes to make are no failure unless `-detailed-exitcode` asks.
    #[must_use]
    pub fn brief(self, detailed: bool) -> Exit {
        match self {
            Exit::Unmet if !detailed => Exit::Fine,
            other => other,
        }
    }

    /// The number.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Exit::Fine => 0,
            Exit::Error => 1,
            Exit::Unmet => 2,
            Exit::Unknown => 3,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plan_says_zero_in_place_of_two_and_of_nothing_else() {
        let brief = |conclusion: Conclusion| conclusion.exit().brief(false).code();
        assert_eq!(brief(Conclusion::Unmet), 0);
        assert_eq!(brief(Conclusion::Unknown), 3);
        assert_eq!(brief(Conclusion::Broken), 1);
        assert_eq!(brief(Conclusion::Error), 1);
        assert_eq!(brief(Conclusion::Met), 0);
        assert_eq!(Conclusion::Unmet.exit().brief(true).code(), 2);
        for fine in [Conclusion::Vacuous, Conclusion::Waived, Conclusion::Baselined] {
            assert_eq!(fine.exit().code(), 0);
        }
        assert_eq!(Conclusion::Failed.exit().code(), 1);
    }

    #[test]
    fn broken_wins_over_unknown_and_unknown_over_unmet() {
        let of = |seen: &[Verdict]| Conclusion::of(|verdict| seen.contains(&verdict));
        assert_eq!(of(&[Verdict::Unmet, Verdict::Unknown, Verdict::Broken]), Conclusion::Broken);
        assert_eq!(of(&[Verdict::Unmet, Verdict::Unknown, Verdict::Met]), Conclusion::Unknown);
        assert_eq!(of(&[Verdict::Unmet, Verdict::Waived]), Conclusion::Unmet);
        assert_eq!(of(&[Verdict::Unmet, Verdict::Baselined]), Conclusion::Unmet);
        assert_eq!(of(&[Verdict::Waived, Verdict::Baselined, Verdict::Met]), Conclusion::Baselined);
        assert_eq!(of(&[Verdict::Waived, Verdict::Met]), Conclusion::Waived);
        assert_eq!(of(&[Verdict::Met, Verdict::ProviderFixed]), Conclusion::Met);
        assert_eq!(of(&[Verdict::NotApplicable]), Conclusion::Vacuous);
        assert_eq!(of(&[]), Conclusion::Vacuous);
    }
}
