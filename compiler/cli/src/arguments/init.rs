//! [`Init`]: `ordain init`.

use super::baseline::Groups;
use clap::{ArgGroup, Args};
use std::path::PathBuf;

/// `ordain init [DIR]`
#[derive(Args, Debug)]
#[command(group = ArgGroup::new("from"))]
pub struct Init {
    /// Directory, created when it is missing; nothing in it is overwritten
    #[arg(default_value = ".", value_name = "DIR")]
    pub directory: PathBuf,
    /// Write the strictest profile that the live settings satisfy
    #[arg(long, group = "from")]
    pub from_live: bool,
    /// Write the strictest profile that the settings in a snapshot satisfy
    #[arg(long, group = "from", value_name = "FILE")]
    pub from_snapshot: Option<PathBuf>,
    /// An argument of the target, as a profile writes it, such as 'regions = ["eu-west-1"]'; may be given several times
    #[arg(long, requires = "from", value_name = "ARGUMENT = VALUE")]
    pub target: Vec<String>,
    /// Import this built-in profile too, and list in a baseline what of it is unmet
    #[arg(long, requires = "from", value_name = "NAME")]
    pub profile: Option<String>,
    /// Print the result as one JSON document
    #[arg(long)]
    pub json: bool,
    /// What the groups of the baseline say.
    #[command(flatten)]
    pub groups: Groups,
}
