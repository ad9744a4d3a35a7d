//! [`Approve`]: `ordain approve`.

use clap::Args;
use std::path::PathBuf;

/// `ordain approve PLAN`
#[derive(Args, Debug)]
pub struct Approve {
    /// Plan file; the approval is kept beside it, in PLAN.approvals
    #[arg(value_name = "PLAN")]
    pub plan: PathBuf,
    /// Your SSH key: the file of the private one, or of the public one where an agent has the other. Left out: the one with which Git signs
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// Print the result as one JSON document
    #[arg(long)]
    pub json: bool,
}
