//! `ordain log [DIR]`

use super::outside::Outside;
use super::signing::Signing;
use clap::{Args, ValueEnum};
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
    /// Only steps of which this became; may be given several times
    #[arg(long, value_name = "WORD")]
    pub outcome: Vec<Word>,
    /// Only from this date or moment on
    #[arg(long, value_name = "TIME")]
    pub since: Option<String>,
    /// Only up to this date with its whole day, or up to this moment
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
    /// Print the journal's lines as they are kept, one JSON object each, and a last one about the whole journal
    #[arg(long)]
    pub json: bool,
    /// Print the journal's head, to be kept elsewhere
    #[arg(long, conflicts_with = "json")]
    pub head: bool,
    /// Whether its head is signed.
    #[command(flatten)]
    pub signing: Signing,
    /// Write the signed head to this file and its signature to FILE.sig, in place of beside the journal
    #[arg(long, value_name = "FILE", requires = "sign_head")]
    pub out: Option<PathBuf>,
    /// Refuse a journal that does not hold what this head says; may be given several times
    #[arg(long, value_name = "FILE")]
    pub expect_head: Vec<PathBuf>,
    /// Refuse a journal without a head that one of -signers signed
    #[arg(long)]
    pub signed: bool,
    /// Print the plan of this apply as it was applied, for `ordain revert`
    #[arg(long, value_name = "APPLY", conflicts_with_all = ["json", "head", "sign_head"])]
    pub applied: Option<String>,
    /// What the runner gives.
    #[command(flatten)]
    pub outside: Outside,
}

/// What became of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum Word {
    /// Written, and read back as planned
    Applied,
    /// It was as planned already
    Already,
    /// Written, but reading back gave something else or nothing
    Unverified,
    /// The API refused it
    Failed,
    /// A precondition moved since the plan
    Refused,
    /// A brake held it
    Blocked,
    /// A step that comes first did not happen
    Skipped,
    /// Written, but somebody else wrote in the same moment
    Raced,
    /// Nothing says what became of it
    InDoubt,
    /// It was in doubt, and a later apply found what became of it
    WasInDoubt,
    /// The apply stopped before it
    NotReached,
}

impl Word {
    /// As journals have it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Word::Applied => "applied",
            Word::Already => "already",
            Word::Unverified => "unverified",
            Word::Failed => "failed",
            Word::Refused => "refused",
            Word::Blocked => "blocked",
            Word::Skipped => "skipped",
            Word::Raced => "raced",
            Word::InDoubt => "in_doubt",
            Word::WasInDoubt => "was_in_doubt",
            Word::NotReached => "not_reached",
        }
    }
}
