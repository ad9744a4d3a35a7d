//! [`Baseline`]: `ordain baseline`.

use super::outside::Outside;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// `ordain baseline COMMAND`
#[derive(Args, Debug)]
pub struct Baseline {
    /// What to do with it.
    #[command(subcommand)]
    pub action: Action,
}

impl Action {
    /// Whether the result is JSON.
    #[must_use]
    pub fn json(&self) -> bool {
        match self {
            Action::Check(arguments) => arguments.json,
            Action::Write(arguments) => arguments.json,
        }
    }
}

/// What to do with a baseline.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// Refuse a baseline that lists more than an earlier one; reads no world
    Check(Check),
    /// List today's unmet findings, or remove from the list what is resolved
    Write(Write),
}

/// `ordain baseline check [DIR] -against PATH`
#[derive(Args, Debug)]
pub struct Check {
    /// Profile directory
    #[arg(default_value = ".", value_name = "DIR")]
    pub directory: PathBuf,
    /// The earlier baseline: a file of `baseline` blocks, or the directory of an earlier profile
    #[arg(long, value_name = "PATH")]
    pub against: PathBuf,
    /// Print the result as one JSON document
    #[arg(long)]
    pub json: bool,
    /// What the runner gives.
    #[command(flatten)]
    pub outside: Outside,
}

/// `ordain baseline write [DIR]`
#[derive(Args, Debug)]
pub struct Write {
    /// Profile directory; new groups are written to its file `baseline.hcl`
    #[arg(default_value = ".", value_name = "DIR")]
    pub directory: PathBuf,
    /// Read settings from a snapshot in place of the world
    #[arg(long, value_name = "FILE")]
    pub snapshot: Option<PathBuf>,
    /// List also what is new, in groups of its own, when there is a baseline already
    #[arg(long)]
    pub add: bool,
    /// Print the result as one JSON document
    #[arg(long)]
    pub json: bool,
    /// What new groups say.
    #[command(flatten)]
    pub groups: Groups,
    /// What the runner gives.
    #[command(flatten)]
    pub outside: Outside,
}

/// What new groups of a baseline say.
#[derive(Args, Clone, Debug)]
pub struct Groups {
    /// When new groups end: a date; 90 days after the settings were read where none is given
    #[arg(long, value_name = "DATE")]
    pub ends: Option<String>,
    /// Why the findings of new groups are not cured yet
    #[arg(long, value_name = "TEXT", default_value = "Found when the baseline was begun")]
    pub reason: String,
    /// Who answers for what has no owner
    #[arg(long, value_name = "NAME")]
    pub owner: Option<String>,
}
