//! [`Actions`]: the IAM actions that a run takes, no more and no fewer.

use crate::arguments::{Accounts, Arguments, Regions};
use crate::kinds::KINDS;
use ordain_model::observation::{ReadSet, Reason};
use ordain_model::provider::{Purpose, Target};
use std::collections::BTreeSet;

/// The actions of a run, by who takes them. Without a role both are the same principal's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Actions {
    /// What the principal of the credentials takes before any role: the organisation, and assuming the role.
    pub caller: BTreeSet<&'static str>,
    /// What is taken in each account, by the assumed role where the target names one.
    pub account: BTreeSet<&'static str>,
    /// The role that is assumed in each account, by name.
    pub role: Option<String>,
}

/// The actions that reading this set from a target takes, or applying changes to the settings in it.
/// `sts:GetCallerIdentity` is not among them: it needs no permission.
///
/// # Errors
/// What the target's arguments say and cannot be.
pub fn actions(reads: &ReadSet, target: &Target, purpose: Purpose) -> Result<Actions, Reason> {
    let arguments = Arguments::read(target)?;
    let role = match purpose {
        Purpose::Read => &arguments.read_role,
        Purpose::Apply => &arguments.apply_role,
    };
    let mut actions = Actions { role: role.as_deref().map(str::to_owned), ..Actions::default() };
    if let Accounts::Organization(units) = &arguments.accounts {
        actions.caller.insert("organizations:ListAccounts");
        if !units.is_empty() {
            actions.caller.extend([
                "organizations:ListAccountsForParent",
                "organizations:ListOrganizationalUnitsForParent",
                "organizations:ListRoots",
            ]);
        }
    }
    if role.is_some() {
        actions.caller.insert("sts:AssumeRole");
    }
    if arguments.regions == Regions::Enabled {
        actions.account.insert("ec2:DescribeRegions");
    }
    for (kind, reads) in &reads.kinds {
        let Some(kind) = KINDS.iter().find(|known| known.name == &**kind) else { continue };
        actions.account.extend(kind.list_actions);
        let attributes = reads.attributes.iter().filter_map(|name| kind.attribute(name));
        actions.account.extend(attributes.flat_map(|attribute| attribute.actions));
        for setting in reads.settings.iter().filter_map(|name| kind.setting(&name.name)) {
            actions.account.extend(setting.read_actions);
            if purpose == Purpose::Apply {
                actions.account.extend(setting.write_actions);
            }
        }
    }
    Ok(actions)
}
