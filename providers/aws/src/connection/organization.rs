//! The accounts of an organisation, or of some of its units.

use super::gate::Named;
use super::paging::{collect, concurrently};
use aws_config::SdkConfig;
use aws_sdk_organizations::Client;
use aws_sdk_organizations::types::{Account, AccountState};
use ordain_model::Text;
use ordain_model::observation::{Cause, Reason};
use std::collections::BTreeSet;

/// How deep units nest at most. Organizations allows five levels below the root.
const DEPTH: usize = 8;

/// The accounts found.
#[derive(Debug, Default)]
pub(crate) struct Members {
    /// Active accounts that are asked for.
    pub covered: BTreeSet<Text>,
    /// Accounts that can be listed and are not: of other units, or not active.
    pub others: BTreeSet<Text>,
    /// Why more accounts may be covered.
    pub incomplete: Option<Reason>,
    /// Why there may be more others.
    pub others_incomplete: Option<Reason>,
}

/// A unit and its path of names below the root.
struct Unit {
    id: String,
    path: String,
}

/// Lists the accounts of the organisation, or of the units that `ou` names (by id, name or path) and of those below.
pub(crate) async fn members(sdk: &SdkConfig, ou: &[Text]) -> Members {
    let client = Client::from_conf(aws_sdk_organizations::config::Builder::from(sdk).interceptor(Named).build());
    let all = collect("organizations:ListAccounts", client.list_accounts().into_paginator().send(), |page| {
        (page.accounts, page.next_token)
    });
    let named = async { if ou.is_empty() { None } else { Some(of_units(&client, ou).await) } };
    let (all, named) = tokio::join!(all, named);
    let (active, inactive): (Vec<_>, Vec<_>) = all.items.iter().partition(|account| is_active(account));
    let ids = |accounts: Vec<&Account>| accounts.iter().filter_map(|account| account.id()).map(Text::from).collect();
    let (active, mut others): (BTreeSet<Text>, BTreeSet<Text>) = (ids(active), ids(inactive));
    let (covered, incomplete) = match named {
        None => (active, all.incomplete.clone()),
        Some(Ok(covered)) => {
            others.extend(active.difference(&covered).cloned());
            (covered, None)
        }
        Some(Err(reason)) => (BTreeSet::new(), Some(reason)),
    };
    Members { covered, others, incomplete, others_incomplete: all.incomplete }
}

/// Whether an account can be acted in. Answers of older API versions carry `Status` in place of `State`.
fn is_active(account: &Account) -> bool {
    match account.state() {
        Some(state) => *state == AccountState::Active,
        None => account.status().is_none_or(|status| status.as_str() == "ACTIVE"),
    }
}

async fn of_units(client: &Client, ou: &[Text]) -> Result<BTreeSet<Text>, Reason> {
    let mut wanted: Vec<Unit> = Vec::new();
    let mut named: BTreeSet<&Text> = BTreeSet::new();
    let mut level = roots(client).await?;
    for _ in 0..DEPTH {
        let below = concurrently(level, |unit| async { (children(client, &unit).await, unit) }).await;
        level = Vec::new();
        for (children, unit) in below {
            level.extend(children?);
            let by: Vec<&Text> = ou.iter().filter(|name| is_named(&unit, name)).collect();
            named.extend(&by);
            if !by.is_empty() || wanted.iter().any(|above| is_below(&unit, above)) {
                wanted.push(unit);
            }
        }
    }
    match ou.iter().find(|name| !named.contains(name)) {
        Some(missing) => Err(Reason::new(Cause::Failed, format!("organization: there is no unit `{missing}`"))),
        None => accounts(client, &wanted).await,
    }
}

fn is_named(unit: &Unit, name: &str) -> bool {
    let last = unit.path.rsplit('/').next().unwrap_or_default();
    unit.id == name || (!unit.path.is_empty() && (unit.path == name.trim_matches('/') || last == name))
}

fn is_below(unit: &Unit, above: &Unit) -> bool {
    above.path.is_empty() || unit.path.strip_prefix(&above.path).is_some_and(|rest| rest.starts_with('/'))
}

async fn roots(client: &Client) -> Result<Vec<Unit>, Reason> {
    let roots = collect("organizations:ListRoots", client.list_roots().into_paginator().send(), |page| {
        (page.roots, page.next_token)
    })
    .await;
    match roots.incomplete {
        Some(reason) => Err(reason),
        None => Ok(roots
            .items
            .iter()
            .filter_map(|root| Some(Unit { id: root.id()?.to_owned(), path: String::new() }))
            .collect()),
    }
}

async fn children(client: &Client, parent: &Unit) -> Result<Vec<Unit>, Reason> {
    let request = client.list_organizational_units_for_parent().parent_id(&parent.id);
    let units = collect("organizations:ListOrganizationalUnitsForParent", request.into_paginator().send(), |page| {
        (page.organizational_units, page.next_token)
    })
    .await;
    if let Some(reason) = units.incomplete {
        return Err(reason);
    }
    let path = |name: &str| if parent.path.is_empty() { name.to_owned() } else { format!("{}/{name}", parent.path) };
    Ok(units
        .items
        .iter()
        .filter_map(|unit| Some(Unit { id: unit.id()?.to_owned(), path: path(unit.name()?) }))
        .collect())
}

async fn accounts(client: &Client, units: &[Unit]) -> Result<BTreeSet<Text>, Reason> {
    let listed = concurrently(units, |unit| {
        let pages = client.list_accounts_for_parent().parent_id(&unit.id).into_paginator().send();
        collect("organizations:ListAccountsForParent", pages, |page| (page.accounts, page.next_token))
    });
    let mut found = BTreeSet::new();
    for listed in listed.await {
        if let Some(reason) = listed.incomplete {
            return Err(reason);
        }
        found.extend(listed.items.iter().filter(|account| is_active(account)).filter_map(|a| a.id()).map(Text::from));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(path: &str) -> Unit {
        Unit { id: "ou-1-abc".into(), path: path.into() }
    }

    #[test]
    fn a_unit_by_id_name_or_path() {
        let prod = unit("workloads/prod");
        for name in ["ou-1-abc", "prod", "workloads/prod", "/workloads/prod/"] {
            assert!(is_named(&prod, name), "{name}");
        }
        for name in ["workloads", "rod", "other/prod", ""] {
            assert!(!is_named(&prod, name), "{name}");
        }
        assert!(!is_named(&unit(""), ""), "the root has an id and no name");
    }

    #[test]
    fn below_is_below_and_not_beside() {
        assert!(is_below(&unit("workloads/prod"), &unit("workloads")));
        assert!(is_below(&unit("workloads"), &unit("")));
        assert!(!is_below(&unit("workloads-old"), &unit("workloads")));
        assert!(!is_below(&unit("workloads"), &unit("workloads")));
    }
}
