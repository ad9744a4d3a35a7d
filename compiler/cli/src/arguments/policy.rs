//! [`Policy`]: which policy `ordain policy` prints.

use super::outside::Outside;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// `ordain policy [DIR]`
#[derive(Args, Debug)]
pub struct Policy {
    /// Profile directory
    #[arg(default_value = ".", value_name = "DIR")]
    pub directory: PathBuf,
    /// What the policy allows: reading (plan, drift, snapshot), or reading and changing
    #[arg(long = "for", value_name = "PURPOSE", default_value = "read")]
    pub purpose: PolicyPurpose,
    /// Whose policy: who acts in the accounts, or who assumes roles there
    #[arg(long, value_name = "WHO", default_value = "account")]
    pub principal: PolicyPrincipal,
    /// Form of the policy; left out, `json` for a profile with accounts, `cluster-role` for one with clusters only
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<PolicyFormat>,
    /// Print the policy with its name as one JSON document
    #[arg(long, conflicts_with = "format")]
    pub json: bool,
    /// What the runner gives.
    #[command(flatten)]
    pub outside: Outside,
}

/// What a policy is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PolicyPurpose {
    /// What plan, drift and snapshot need
    Read,
    /// What apply needs
    Apply,
}

/// Whose policy it is. They differ only where targets name roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PolicyPrincipal {
    /// Who acts in each account: the role, where a target names one
    Account,
    /// Who the run starts as: assumes the roles, reads the organisation
    Caller,
}

/// The form of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PolicyFormat {
    /// An `AWS::IAM::ManagedPolicy` template
    Cloudformation,
    /// A `ClusterRole`, as a manifest
    ClusterRole,
    /// The policy document
    Json,
    /// An `aws_iam_policy` resource
    Terraform,
}
