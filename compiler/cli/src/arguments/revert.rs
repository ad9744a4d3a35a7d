//! `ordain revert PLAN`

use super::changing::Changing;
use clap::Args;
use std::path::PathBuf;

/// `ordain revert PLAN`
#[derive(Args, Debug)]
pub struct Revert {
    /// Plan file, as it was applied
    #[arg(value_name = "PLAN")]
    pub plan: PathBuf,
    /// Write the plan that undoes to a file, to be approved and applied, and change nothing
    #[arg(long, value_name = "FILE", conflicts_with = "auto_approve")]
    pub out: Option<PathBuf>,
    /// How the changes are made.
    #[command(flatten)]
    pub changing: Changing,
}
