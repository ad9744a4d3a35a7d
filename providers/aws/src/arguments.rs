//! [`Arguments`]: what a `target "aws"` block may say beyond what every target may.

use crate::region;
use ordain_model::Text;
use ordain_model::address::Cell;
use ordain_model::observation::{Cause, Reason};
use ordain_model::provider::{Argument, ArgumentType, Target};
use ordain_model::types::Type;
use ordain_model::value::Value;
use std::collections::BTreeSet;

/// The arguments, sorted by name.
pub const ARGUMENTS: &[Argument] = &[
    Argument {
        name: "accounts",
        of: ArgumentType::Names { function: "organization", arguments: &["ou"] },
        summary: "Account numbers, or `organization()` for every active account of the organisation, or of the units \
                  that `ou` names (by name, path or id) and those below them. Left out: the caller's own account.",
    },
    Argument {
        name: "apply_role",
        of: ArgumentType::Plain(Type::String),
        summary: "Name of the role that `apply` assumes in each account. Reading never assumes it.",
    },
    Argument {
        name: "external_id",
        of: ArgumentType::Plain(Type::String),
        summary: "External id for assuming the roles.",
    },
    Argument {
        name: "profile",
        of: ArgumentType::Plain(Type::String),
        summary: "Profile of the shared configuration files. Left out: `AWS_PROFILE`, else `default`.",
    },
    Argument {
        name: "read_role",
        of: ArgumentType::Plain(Type::String),
        summary: "Name of the role that reading assumes in each account.",
    },
    Argument {
        name: "regions",
        of: ArgumentType::Names { function: "enabled", arguments: &[] },
        summary: "Region names, or `enabled()` for every region that is enabled in an account. Left out: the region \
                  of the environment or profile.",
    },
];

/// The arguments of one target, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arguments {
    /// Which accounts.
    pub accounts: Accounts,
    /// Which regions of each.
    pub regions: Regions,
    /// Role that reading assumes.
    pub read_role: Option<Text>,
    /// Role that apply assumes.
    pub apply_role: Option<Text>,
    /// External id for both.
    pub external_id: Option<Text>,
    /// Profile of the shared configuration files.
    pub profile: Option<Text>,
}

/// Which accounts a target covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Accounts {
    /// The one that the credentials belong to.
    Own,
    /// These.
    Listed(Vec<Text>),
    /// Those of the organisation, or of these units of it.
    Organization(Vec<Text>),
}

/// Which regions a target covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Regions {
    /// The one of the environment or profile.
    Own,
    /// These.
    Listed(Vec<Text>),
    /// Those enabled in each account.
    Enabled,
}

impl Arguments {
    /// Reads a target's arguments.
    ///
    /// # Errors
    /// Which argument says something that cannot be.
    pub fn read(target: &Target) -> Result<Arguments, Reason> {
        let text = |name: &str| target.arguments.get(name).and_then(Value::as_str).map(Text::from);
        let arguments = Arguments {
            accounts: accounts(target.arguments.get("accounts"))?,
            regions: regions(target.arguments.get("regions"))?,
            read_role: text("read_role"),
            apply_role: text("apply_role"),
            external_id: text("external_id"),
            profile: text("profile"),
        };
        [&arguments.read_role, &arguments.apply_role].into_iter().flatten().try_for_each(|role| check_role(role))?;
        Ok(arguments)
    }

    /// How these accounts and regions differ from those of the cells; `all` when the cells are all that was covered.
    #[must_use]
    pub fn differ(&self, cells: &BTreeSet<Cell>, all: bool) -> Option<String> {
        let accounts = match &self.accounts {
            Accounts::Listed(listed) => Some(("account", 0, listed)),
            Accounts::Own | Accounts::Organization(_) => None,
        };
        let regions = match &self.regions {
            Regions::Listed(listed) => Some(("region", 1, listed)),
            Regions::Own | Regions::Enabled => None,
        };
        [accounts, regions].into_iter().flatten().find_map(|(what, part, listed)| {
            let seen: BTreeSet<&Text> = cells.iter().filter_map(|cell| cell.scope.get(part)).collect();
            let other = seen.iter().find(|name| !listed.contains(name));
            let missing = listed.iter().find(|name| all && !seen.contains(name));
            let other = other.map(|name| format!("{what} {name} was covered and is not declared"));
            other.or_else(|| missing.map(|name| format!("{what} {name} is declared and was not covered")))
        })
    }

    /// The accounts, in these regions where they are listed too; none where somebody has to be asked for the accounts.
    #[must_use]
    pub fn reaches(&self) -> Option<BTreeSet<Cell>> {
        let Accounts::Listed(accounts) = &self.accounts else { return None };
        let cell = |account: &Text, region: Option<&Text>| Cell {
            provider: "aws".into(),
            scope: std::iter::once(account).chain(region).cloned().collect(),
        };
        Some(match &self.regions {
            Regions::Listed(regions) => accounts
                .iter()
                .flat_map(|account| regions.iter().map(move |region| cell(account, Some(region))))
                .collect(),
            Regions::Own | Regions::Enabled => accounts.iter().map(|account| cell(account, None)).collect(),
        })
    }

    /// The ARN of a role of this name in an account, in the partition of the regions: `aws` where none is named.
    #[must_use]
    pub fn role(&self, name: &str, account: &str) -> String {
        let first = match &self.regions {
            Regions::Listed(listed) => listed.first(),
            Regions::Own | Regions::Enabled => None,
        };
        region::role(region::partition(first.map_or("", |region| region)).name, name, account)
    }

    /// Whether either of the roles is named, so that the credentials must be allowed to assume it.
    #[must_use]
    pub fn assumes(&self) -> bool {
        self.read_role.is_some() || self.apply_role.is_some()
    }
}

fn wrong(detail: String) -> Reason {
    Reason::new(Cause::Failed, detail)
}

fn accounts(value: Option<&Value>) -> Result<Accounts, Reason> {
    match value {
        None | Some(Value::Null) => Ok(Accounts::Own),
        Some(Value::Deferred(call)) => Ok(Accounts::Organization(names("ou", call.arguments.get("ou"))?)),
        listed => {
            let listed = names("accounts", listed)?;
            match listed.iter().find(|id| id.len() != 12 || !id.bytes().all(|byte| byte.is_ascii_digit())) {
                Some(id) => Err(wrong(format!("accounts: `{id}` is not an account number: those have 12 digits"))),
                None => Ok(Accounts::Listed(listed)),
            }
        }
    }
}

fn regions(value: Option<&Value>) -> Result<Regions, Reason> {
    match value {
        None | Some(Value::Null) => Ok(Regions::Own),
        Some(Value::Deferred(_)) => Ok(Regions::Enabled),
        listed => {
            let listed = names("regions", listed)?;
            if let Some(mistake) = listed.iter().find_map(|region| region::mistake(region)) {
                return Err(wrong(format!("regions: {mistake}")));
            }
            one_partition(&listed)?;
            Ok(Regions::Listed(listed))
        }
    }
}

/// Accounts and credentials belong to one partition: regions of two are two targets.
fn one_partition(regions: &[Text]) -> Result<(), Reason> {
    let of = |region: &Text| region::partition(region).name;
    let other = regions.first().and_then(|first| Some((first, regions.iter().find(|region| of(region) != of(first))?)));
    match other {
        None => Ok(()),
        Some((one, two)) => Err(wrong(format!(
            "regions: `{one}` lies in the partition `{}` and `{two}` in `{}`, and no account reaches into both: write a \
             target for each",
            of(one),
            of(two)
        ))),
    }
}

/// A list of strings, sorted, each once.
fn names(argument: &str, value: Option<&Value>) -> Result<Vec<Text>, Reason> {
    let text = |value: &Value| value.as_str().map(Text::from);
    let listed = match value {
        None | Some(Value::Null) => Some(Vec::new()),
        Some(Value::List(items)) => items.iter().map(text).collect(),
        Some(Value::Set(items)) => Some(items.iter().cloned().collect()),
        Some(_) => None,
    };
    let mut listed: Vec<Text> = listed.ok_or_else(|| wrong(format!("{argument}: expected a list of strings")))?;
    listed.sort();
    listed.dedup();
    Ok(listed)
}

/// A role's name with its path, as IAM spells them.
fn check_role(role: &str) -> Result<(), Reason> {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"+=,.@_-/".contains(&byte);
    if role.starts_with("arn:") {
        let name = role.rsplit_once(":role/").map_or("", |(_, name)| name);
        return Err(wrong(format!("`{role}`: give the role's name (`{name}`): each account has a role of its own")));
    }
    match !role.is_empty() && role.len() <= 512 && role.bytes().all(legal) {
        true => Ok(()),
        false => Err(wrong(format!("`{role}` is not a role's name"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ordain_model::value::Deferred;
    use std::collections::BTreeMap;
    use std::sync::Arc;

    fn target(pairs: &[(&str, Value)]) -> Target {
        let arguments = pairs.iter().map(|(name, value)| ((*name).into(), value.clone())).collect();
        Target { name: "prod".into(), provider: "aws".into(), arguments }
    }

    fn list(items: &[&str]) -> Value {
        Value::list(items.iter().map(|item| Value::string(item)))
    }

    #[test]
    fn nothing_said_is_the_callers_own() {
        let arguments = Arguments::read(&target(&[])).unwrap();
        assert_eq!((arguments.accounts, arguments.regions), (Accounts::Own, Regions::Own));
    }

    #[test]
    fn lists_and_calls() {
        let ou = BTreeMap::from([("ou".into(), list(&["workloads/prod"]))]);
        let organization = Deferred { function: "organization".into(), arguments: ou };
        let enabled = Deferred { function: "enabled".into(), arguments: BTreeMap::new() };
        let deferred = |call| Value::Deferred(Arc::new(call));
        let pairs = [("accounts", deferred(organization)), ("regions", deferred(enabled))];
        let arguments = Arguments::read(&target(&pairs)).unwrap();
        assert_eq!(arguments.accounts, Accounts::Organization(vec!["workloads/prod".into()]));
        assert_eq!(arguments.regions, Regions::Enabled);
        let pairs = [("accounts", list(&["222222222222", "111111111111", "111111111111"]))];
        let arguments = Arguments::read(&target(&pairs)).unwrap();
        assert_eq!(arguments.accounts, Accounts::Listed(vec!["111111111111".into(), "222222222222".into()]));
    }

    #[test]
    fn cells_of_other_accounts_or_regions_are_another_target() {
        let said = |accounts: &[&str], cells: &[&str], all| {
            let pairs = [("accounts", list(accounts)), ("regions", list(&["eu-west-1"]))];
            let cells = cells.iter().filter_map(|cell| Cell::parse(cell)).collect();
            Arguments::read(&target(&pairs)).unwrap().differ(&cells, all)
        };
        let (one, two) = ("111111111111", "222222222222");
        assert_eq!(said(&[one], &["aws:111111111111/eu-west-1"], true), None);
        let other = said(&[one], &["aws:222222222222/eu-west-1"], true).unwrap();
        assert_eq!(other, "account 222222222222 was covered and is not declared");
        let missing = said(&[one, two], &["aws:111111111111/eu-west-1"], true).unwrap();
        assert_eq!(missing, "account 222222222222 is declared and was not covered");
        assert_eq!(said(&[one, two], &["aws:111111111111/eu-west-1"], false), None);
        assert!(said(&[one], &["aws:111111111111/us-east-1"], true).unwrap().starts_with("region us-east-1"));
    }

    #[test]
    fn what_cannot_be_is_named() {
        let detail = |pairs: &[(&str, Value)]| Arguments::read(&target(pairs)).unwrap_err().detail;
        assert!(detail(&[("accounts", list(&["1234"]))]).contains("12 digits"));
        assert!(detail(&[("regions", list(&["eu-wst1"]))]).contains("did you mean `eu-west-1`"));
        assert!(
            detail(&[("regions", list(&["eu-west-1", "cn-north-1"]))]).contains("`aws-cn` and `eu-west-1` in `aws`")
        );
        assert!(detail(&[("read_role", Value::string("arn:aws:iam::1:role/audit"))]).contains("(`audit`)"));
        assert!(detail(&[("apply_role", Value::string("a b"))]).contains("not a role's name"));
    }
}
