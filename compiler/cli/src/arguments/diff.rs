//! `ordain diff`.

use clap::Args;
use std::path::PathBuf;

/// `ordain diff SNAPSHOT SNAPSHOT`
#[derive(Args, Debug)]
pub struct Diff {
    /// The earlier snapshot
    #[arg(value_name = "BEFORE")]
    pub before: PathBuf,
    /// The later snapshot
    #[arg(value_name = "AFTER")]
    pub after: PathBuf,
    /// Exit with 2, not 0, when something differs, and with 3 when something cannot be compared
    #[arg(long)]
    pub detailed_exitcode: bool,
    /// Print the result as one JSON document
    #[arg(long)]
    pub json: bool,
}
