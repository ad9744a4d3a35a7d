//! [`Drift`]: `ordain drift`.

use super::fail_on::Failing;
use super::format::Formats;
use super::outside::Outside;
use clap::Args;
use std::path::PathBuf;

/// `ordain drift [DIR]`
#[derive(Args, Debug)]
pub struct Drift {
    /// Profile directory
    #[arg(default_value = ".", value_name = "DIR")]
    pub directory: PathBuf,
    /// Snapshot to compare with
    #[arg(long, value_name = "SNAPSHOT")]
    pub baseline: Option<PathBuf>,
    /// Read settings from a snapshot in place of the world
    #[arg(long, value_name = "FILE")]
    pub snapshot: Option<PathBuf>,
    /// Refuse settings that were read longer ago, when they come from a snapshot
    #[arg(long, value_name = "DURATION", default_value = "24h")]
    pub max_age: String,
    /// What makes it fail.
    #[command(flatten)]
    pub failing: Failing,
    /// In which forms.
    #[command(flatten)]
    pub formats: Formats,
    /// What the runner gives.
    #[command(flatten)]
    pub outside: Outside,
}
