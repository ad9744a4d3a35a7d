//! `ordain revert PLAN`

use super::outside::Outside;
use super::variables::Variables;
use clap::Args;
use std::path::PathBuf;

/// `ordain revert PLAN`
#[derive(Args, Debug)]
pub struct Revert {
    /// Plan file, as it was applied
    #[arg(value_name = "PLAN")]
    pub plan: PathBuf,
    /// Make the changes without asking
    #[arg(long)]
    pub auto_approve: bool,
    /// Where the journal is kept, in place of what the profile says: a directory, or an address such as s3://BUCKET/PREFIX
    #[arg(long, value_name = "DIR or URL")]
    pub journal: Option<String>,
    /// Print the result as one JSON document
    #[arg(long)]
    pub json: bool,
    /// What the runner gives.
    #[command(flatten)]
    pub outside: Outside,
    /// Values of ephemeral variables; the others are in the plan.
    #[command(flatten)]
    pub variables: Variables,
}
