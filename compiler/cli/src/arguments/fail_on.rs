//! [`FailOn`]: `-fail-on` and `-fail-on-unknown`, what makes a run end with 2 and 3.

use clap::{ArgAction, Args, ValueEnum};
use ordain_language::config::Gravity;

/// What makes a run fail.
#[derive(Args, Clone, Debug)]
pub struct Failing {
    /// Exit with 2 also for these, several with commas. `new` and severities say which violations count: with `new` those that
    /// the baseline is not known to have had, with a severity those that are as grave or graver
    #[arg(long, value_name = "WHAT", value_delimiter = ',')]
    pub fail_on: Vec<FailOn>,
    /// Exit with 3 when something demanded is unknown; -fail-on-unknown=false prints it and goes on to what else there is
    #[arg(long, value_name = "BOOL", action = ArgAction::Set, num_args = 0..=1, require_equals = true, default_value = "true", default_missing_value = "true")]
    pub fail_on_unknown: bool,
}

/// What else makes a run fail, or which violations do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Findings that the baseline lists
    Baselined,
    /// Only violations that are critical
    Critical,
    /// Only violations that are high or critical
    High,
    /// All violations, of whatever severity
    Low,
    /// Only violations that are medium or graver
    Medium,
    /// Values that moved, objects that came or went (`drift`)
    Moved,
    /// Only violations that the baseline is not known to have had (`drift`)
    New,
    /// Unmet or unknown findings of requirements that only observe
    Observed,
    /// Findings whose evidence only the provider has
    #[value(name = "provider_fixed")]
    ProviderFixed,
    /// Requirements that match nothing
    Vacuous,
    /// Findings that are waived
    Waived,
}

impl FailOn {
    /// The least severity of the violations that count, where it is one.
    #[must_use]
    pub fn severity(self) -> Option<Gravity> {
        match self {
            FailOn::Critical => Some(Gravity::Critical),
            FailOn::High => Some(Gravity::High),
            FailOn::Medium => Some(Gravity::Medium),
            FailOn::Low => Some(Gravity::Low),
            _ => None,
        }
    }
}
