//! [`Signing`]: whether the head of the journal is signed, and with which key.

use clap::Args;
use std::path::PathBuf;

/// Whether the head of the journal is signed, and with which key.
#[derive(Args, Clone, Debug, Default)]
pub struct Signing {
    /// Sign the journal's head as it is at the end, and keep it beside the journal
    #[arg(long)]
    pub sign_head: bool,
    /// Your SSH key: the file of the private one, or of the public one where an agent has the other. Left out: the one with which Git signs
    #[arg(long, value_name = "FILE", requires = "sign_head")]
    pub key: Option<PathBuf>,
}
