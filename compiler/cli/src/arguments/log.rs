//! `ordain log [DIR]`

use super::outside::Outside;
use clap::Args;
use std::path::PathBuf;

/// `ordain log [DIR]`
#[derive(Args, Debug)]
pub struct Log {
    /// Profile directory
    #[arg(default_value = ".", value_name = "DIR")]
    pub directory: PathBuf,
    /// Where the journal is kept; then no profile is read
    #[arg(long, value_name = "DIR or URL")]
    pub journal: Option<String>,
    /// Only steps that this requirement demands, or one of this module
    #[arg(long, value_name = "ADDRESS")]
    pub requirement: Option<String>,
    /// Only steps on this object, in this cell, or that change this setting
    #[arg(long, value_name = "ADDRESS")]
    pub object: Option<String>,
    /// Only this apply, or those of the plan whose digest begins so
    #[arg(long, value_name = "APPLY or DIGEST")]
    pub plan: Option<String>,
    /// Only what was applied by this user, machine, CI run or caller, or a part of its name
    #[arg(long, value_name = "TEXT")]
    pub who: Option<String>,
    /// Only from this date or moment on
    #[arg(long, value_name = "TIME")]
    pub since: Option<String>,
    /// Only up to this date with its whole day, or up to this moment
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
    /// Print the journal's lines as they are kept, one JSON object each
    #[arg(long)]
    pub json: bool,
    /// Print the journal's head, to be signed and kept elsewhere
    #[arg(long, conflicts_with = "json")]
    pub head: bool,
    /// Refuse a journal that does not hold what this head says; may be given several times
    #[arg(long, value_name = "FILE")]
    pub expect_head: Vec<PathBuf>,
    /// Print the plan of this apply as it was applied, for `ordain revert`
    #[arg(long, value_name = "APPLY", conflicts_with_all = ["json", "head"])]
    pub applied: Option<String>,
    /// What the runner gives.
    #[command(flatten)]
    pub outside: Outside,
}
