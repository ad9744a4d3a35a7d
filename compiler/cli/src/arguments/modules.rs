//! [`Modules`]: `ordain modules`.

use clap::{Args, Subcommand};
use semver::Version;
use std::path::PathBuf;

/// `ordain modules COMMAND`
#[derive(Args, Debug)]
pub struct Modules {
    /// Profile directory
    #[arg(long, global = true, value_name = "DIR", default_value = ".")]
    pub directory: PathBuf,
    /// Print the result as one JSON document
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do with them.
    #[command(subcommand)]
    pub action: Action,
}

/// What to do with modules.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// List every module, what it is locked to and where its files are; fetches nothing
    List,
    /// Publish the module in the directory to an OCI registry
    Push(Push),
    /// Choose the newest content that each module's constraint admits, and write the lock file
    Update(Update),
    /// Copy every locked module beside the profile, where it is used in place of the cache
    Vendor,
}

/// `ordain modules push oci://HOST/NAME -version VERSION`
#[derive(Args, Debug)]
pub struct Push {
    /// Where to, such as oci://registry.example.com/platform/baseline
    #[arg(value_name = "oci://HOST/NAME")]
    pub repository: String,
    /// The version it is published as
    #[arg(long, value_name = "VERSION")]
    pub version: Version,
}

/// `ordain modules update [NAME...]`
#[derive(Args, Debug)]
pub struct Update {
    /// Update these modules and what they import, and keep the others as they are locked
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,
}
