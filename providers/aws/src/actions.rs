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
    /// The role that is assumed in each account: its ARN with `*` for the account. The partition is that of the target's
    /// regions; of a target that names none it is `aws`.
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
    let mut actions = Actions { role: role.as_deref().map(|name| arguments.role(name, "*")), ..Actions::default() };
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

#[cfg(test)]
mod tests {
    use super::*;
    use ordain_model::address::SettingName;
    use ordain_model::observation::KindReads;
    use ordain_model::value::{Deferred, Value};
    use std::collections::BTreeMap;
    use std::sync::Arc;

    fn reads(kind: &str, attributes: &[&str], settings: &[&str]) -> ReadSet {
        let reads = KindReads {
            attributes: attributes.iter().map(|name| (*name).into()).collect(),
            settings: settings.iter().map(|name| SettingName::plain(name)).collect(),
            ..KindReads::default()
        };
        ReadSet { kinds: BTreeMap::from([(kind.into(), reads)]) }
    }

    fn target(pairs: &[(&str, Value)]) -> Target {
        let arguments = pairs.iter().map(|(name, value)| ((*name).into(), value.clone())).collect();
        Target { name: "t".into(), provider: "aws".into(), arguments }
    }

    #[test]
    fn only_what_is_asked_for() {
        let reads = reads("aws_ecr_repository", &["tags"], &["image_retention"]);
        let read = actions(&reads, &target(&[]), Purpose::Read).unwrap();
        let expected = BTreeSet::from(["ecr:DescribeRepositories", "ecr:GetLifecyclePolicy", "tag:GetResources"]);
        assert_eq!((read.account, read.caller, read.role), (expected, BTreeSet::new(), None));
        let apply = actions(&reads, &target(&[]), Purpose::Apply).unwrap();
        assert!(apply.account.contains("ecr:PutLifecyclePolicy"));
    }

    #[test]
    fn the_organisation_and_the_role_are_the_callers() {
        let call = |function: &str| {
            Value::Deferred(Arc::new(Deferred { function: function.into(), arguments: BTreeMap::new() }))
        };
        let pairs =
            [("accounts", call("organization")), ("regions", call("enabled")), ("read_role", Value::string("audit"))];
        let read = actions(&ReadSet::default(), &target(&pairs), Purpose::Read).unwrap();
        assert_eq!(read.caller, BTreeSet::from(["organizations:ListAccounts", "sts:AssumeRole"]));
        assert_eq!(read.account, BTreeSet::from(["ec2:DescribeRegions"]));
        assert_eq!(read.role.as_deref(), Some("arn:aws:iam::*:role/audit"));
    }

    #[test]
    fn a_role_is_in_the_partition_of_the_regions() {
        let role = |region: &str| {
            let regions = Value::list([Value::string(region)]);
            let target = target(&[("regions", regions), ("read_role", Value::string("/team/audit"))]);
            actions(&ReadSet::default(), &target, Purpose::Read).unwrap().role.unwrap()
        };
        assert_eq!(role("cn-north-1"), "arn:aws-cn:iam::*:role/team/audit");
        assert_eq!(role("us-gov-west-1"), "arn:aws-us-gov:iam::*:role/team/audit");
        assert_eq!(role("eu-west-1"), "arn:aws:iam::*:role/team/audit");
    }
}
