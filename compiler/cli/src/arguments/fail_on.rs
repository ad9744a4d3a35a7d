//! [`FailOn`]: `--fail-on`, what else makes a run end with 2.

use clap::ValueEnum;

/// What else makes a run fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Findings that the baseline lists
    Baselined,
    /// Values that moved, objects that came or went (`drift`)
    Moved,
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
