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
    /// How the changes are made.
    #[command(flatten)]
    pub changing: Changing,
}
