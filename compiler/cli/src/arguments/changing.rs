//! [`Changing`]: how changes are made, as `ordain apply` and `ordain revert` take it.

use super::outside::Outside;
use super::signing::Signing;
use clap::Args;

/// How changes are made.
#[derive(Args, Clone, Debug, Default)]
pub struct Changing {
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
    /// Whether the head of the journal is signed.
    #[command(flatten)]
    pub signing: Signing,
}
