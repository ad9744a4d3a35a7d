//! [`Outside`]: what the runner gives from outside the profile that is judged. Every command that compiles one takes it.

use super::variables::Variables;
use clap::Args;
use std::path::PathBuf;

/// What the runner gives from outside the profile. A pipeline sets `ORDAIN_ANCHOR` and `ORDAIN_SIGNERS`, which no change of a profile can.
#[derive(Args, Clone, Debug, Default)]
pub struct Outside {
    /// File from outside the profile that says which modules must be part of it; its signature stands beside it, in FILE.sig
    #[arg(long, value_name = "FILE", env = "ORDAIN_ANCHOR", hide_env_values = true)]
    pub anchor: Option<PathBuf>,
    /// Who may sign: an `allowed_signers` file from outside the profile, as `ssh-keygen` and Git read it
    #[arg(long, value_name = "FILE", env = "ORDAIN_SIGNERS", hide_env_values = true)]
    pub signers: Option<PathBuf>,
    /// Values of variables. Of a plan file only ephemeral ones: the others are in it; a test's own win.
    #[command(flatten)]
    pub variables: Variables,
}
