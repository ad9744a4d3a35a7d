//! [`Exit`]: the one place that knows exit codes.
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

use ordain_report::report::Conclusion;
use std::process::ExitCode;

/// How a run ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Nothing to say.
    Fine,
    /// An error, something broken, or a step that did not end as planned.
    Error,
    /// Something enforced is unmet.
    Unmet,
    /// Something demanded is unknown.
    Unknown,
}

impl Exit {
    /// What a result says.
    #[must_use]
    pub fn of(conclusion: Conclusion) -> Exit {
        match conclusion {
            Conclusion::Valid | Conclusion::Planned | Conclusion::Applied | Conclusion::Met | Conclusion::Vacuous => {
                Exit::Fine
            }
            Conclusion::Unmet => Exit::Unmet,
            Conclusion::Unknown => Exit::Unknown,
            Conclusion::Broken | Conclusion::Failed | Conclusion::Error => Exit::Error,
        }
    }

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

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plan_says_zero_in_place_of_two_and_of_nothing_else() {
        let brief = |conclusion| Exit::of(conclusion).brief(false).code();
        assert_eq!(brief(Conclusion::Unmet), 0);
        assert_eq!(brief(Conclusion::Unknown), 3);
        assert_eq!(brief(Conclusion::Broken), 1);
        assert_eq!(brief(Conclusion::Error), 1);
        assert_eq!(brief(Conclusion::Met), 0);
        assert_eq!(Exit::of(Conclusion::Unmet).brief(true).code(), 2);
        assert_eq!(Exit::of(Conclusion::Vacuous).code(), 0);
        assert_eq!(Exit::of(Conclusion::Failed).code(), 1);
    }
}
