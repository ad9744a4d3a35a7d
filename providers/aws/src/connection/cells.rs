//! [`Cells`]: the accounts and regions that a target covers, and those that it could cover and does not.

use super::ec2::Query;
use super::organization::members;
use super::paging::concurrently;
use super::reason::reason;
use super::session::Session;
use crate::arguments::{Accounts, Regions};
use crate::xml::Set;
use ordain_model::Text;
use ordain_model::address::Cell;
use ordain_model::observation::{Cause, Reason};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The cells of a target.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cells {
    /// Each cell, with the reason why nothing of it can be read, when its account cannot be entered.
    pub covered: BTreeMap<Arc<Cell>, Option<Reason>>,
    /// Why there may be more cells.
    pub unresolved: Option<Reason>,
    /// Accounts (as cells without a region) that can be listed and are not covered.
    pub uncovered: BTreeSet<Cell>,
    /// Why there may be more of those.
    pub uncovered_incomplete: Option<Reason>,
}

impl Cells {
    /// Whether everything was found out: then it need not be asked again.
    pub(crate) fn is_complete(&self) -> bool {
        let known = self.unresolved.is_none() && self.uncovered_incomplete.is_none();
        known && self.covered.values().all(Option::is_none)
    }
}

/// The cell of a region of an account.
pub(crate) fn cell(account: &str, region: &str) -> Cell {
    Cell { provider: "aws".into(), scope: vec![account.into(), region.into()] }
}

/// Finds out the cells of a target. Calls are made only for what the target leaves to AWS.
pub(crate) async fn cells(session: &Session) -> Cells {
    let mut cells = Cells::default();
    let accounts = match accounts(session, &mut cells).await {
        Ok(accounts) => accounts,
        Err(reason) => return Cells { unresolved: Some(reason), ..cells },
    };
    for (account, regions) in concurrently(accounts, |account| regions(session, account)).await {
        match regions {
            Ok((regions, failure)) => {
                let named = |region: Text| (Arc::new(cell(&account, &region)), failure.clone());
                cells.covered.extend(regions.into_iter().map(named));
            }
            Err(reason) => {
                let detail = format!("regions of account {account}: {}", reason.detail);
                cells.unresolved.get_or_insert(Reason::new(reason.cause, detail));
            }
        }
    }
    cells
}

async fn accounts(session: &Session, cells: &mut Cells) -> Result<BTreeSet<Text>, Reason> {
    match &session.arguments.accounts {
        Accounts::Own => Ok(BTreeSet::from([Text::clone(&session.caller().await?.account)])),
        Accounts::Listed(listed) => Ok(listed.iter().cloned().collect()),
        Accounts::Organization(ou) => {
            let members = members(&session.home().await, ou).await;
            cells.unresolved = members.incomplete;
            cells.uncovered_incomplete = members.others_incomplete;
            let account = |id: Text| Cell { provider: "aws".into(), scope: vec![id] };
            cells.uncovered = members.others.into_iter().map(account).collect();
            Ok(members.covered)
        }
    }
}

/// The regions of an account that the target covers, and why the account cannot be entered, when it cannot.
type Found = Result<(Vec<Text>, Option<Reason>), Reason>;

async fn regions(session: &Session, account: Text) -> (Text, Found) {
    let entered = session.account(&account).await;
    let found = match &session.arguments.regions {
        Regions::Listed(listed) => Ok((listed.clone(), entered.err())),
        Regions::Own => match session.own_region().await {
            Some(region) => Ok((vec![region], entered.err())),
            None => Err(Reason::new(Cause::Failed, "nothing names a region: say `regions = [\"...\"]`")),
        },
        Regions::Enabled => match entered {
            Ok(entered) => enabled(&entered.clients(&session.region().await)).await.map(|regions| (regions, None)),
            Err(reason) => Err(reason),
        },
    };
    (account, found)
}

#[derive(Debug, Deserialize)]
struct DescribeRegions {
    #[serde(rename = "regionInfo", default)]
    regions: Set<RegionInfo>,
}

#[derive(Debug, Deserialize)]
struct RegionInfo {
    #[serde(rename = "regionName")]
    name: String,
}

/// The regions enabled in an account: without `AllRegions`, the API lists no other.
async fn enabled(clients: &super::scope::Clients) -> Result<Vec<Text>, Reason> {
    let answer = clients.ec2().call::<DescribeRegions>("DescribeRegions", Query::new()).await;
    let answer = answer.map_err(|error| reason("ec2:DescribeRegions", &error))?;
    named(answer)
}

/// The names of the regions. Every account has some that cannot be switched off: none would be an empty world.
fn named(answer: DescribeRegions) -> Result<Vec<Text>, Reason> {
    match answer.regions.item.is_empty() {
        true => Err(Reason::new(Cause::Unreadable, "ec2:DescribeRegions: the answer has no region")),
        false => Ok(answer.regions.item.into_iter().map(|region| region.name.into()).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_region_is_not_an_empty_world() {
        let read = |inner: &str| {
            let xml = format!("<DescribeRegionsResponse>{inner}</DescribeRegionsResponse>");
            named(quick_xml::de::from_str(&xml).unwrap())
        };
        assert_eq!(read("").unwrap_err().cause, Cause::Unreadable);
        assert_eq!(read("<regionInfo/>").unwrap_err().cause, Cause::Unreadable);
        let one = read("<regionInfo><item><regionName>eu-west-1</regionName></item></regionInfo>");
        assert_eq!(one, Ok(vec!["eu-west-1".into()]));
    }
}
