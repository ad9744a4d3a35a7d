//! [`Report`]: `ordain report`.

use super::fail_on::Failing;
use super::format::Formats;
use super::outside::Outside;
use clap::Args;
use std::path::PathBuf;

/// `ordain report [DIR]`
#[derive(Args, Debug)]
pub struct Report {
    /// Profile directory
    #[arg(default_value = ".", value_name = "DIR")]
    pub directory: PathBuf,
    /// Judge the settings of a snapshot in place of the world
    #[arg(long, value_name = "FILE")]
    pub snapshot: Option<PathBuf>,
    /// Tell also what is met and what is not applicable, each with its value
    #[arg(long)]
    pub all: bool,
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
