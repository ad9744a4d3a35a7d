//! [`Fmt`]: which files `ordain fmt` formats, and what becomes of them.

use clap::{ArgAction, Args};
use std::path::PathBuf;

/// `ordain fmt [PATH...]`
#[derive(Args, Debug)]
pub struct Fmt {
    /// Files, and directories whose `.hcl` files are meant; `-` is standard input
    #[arg(default_value = ".", value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Change no file, and exit with 2 where one would change
    #[arg(long)]
    pub check: bool,
    /// Print what changes
    #[arg(long, conflicts_with = "json")]
    pub diff: bool,
    /// Print the files and what became of them as one JSON document
    #[arg(long)]
    pub json: bool,
    /// Print the names of the files that change
    #[arg(long, value_name = "BOOL", default_value_t = true, action = ArgAction::Set, num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub list: bool,
    /// Also the directories below
    #[arg(long)]
    pub recursive: bool,
    /// Write the files
    #[arg(long, value_name = "BOOL", default_value_t = true, action = ArgAction::Set, num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub write: bool,
}
