//! VPCs: one list of them and one of the region's flow logs.

use crate::connection::calls::{Ask, KindCalls};
use crate::connection::ec2::{Page, Query};
use crate::connection::flow_logs;
use crate::connection::scope::Scope;
use crate::kinds::aws_vpc::Vpc;
use crate::kinds::aws_vpc::amendment::Amendment;
use crate::kinds::aws_vpc::flow_log::{FlowLog, Place};
use crate::xml::Set;
use ordain_model::observation::{Cause, Listing, Reading, Reason};
use ordain_model::provider::Change;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What the list of flow logs is needed for.
const FROM_FLOW_LOGS: &[&str] = &["flow_log_destination", "flow_log_format", "flow_log_paths", "flow_logs"];

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Vpcs {
    vpc_set: Set<Vpc>,
    next_token: Option<String>,
}

impl Page for Vpcs {
    type Item = Vpc;
    const MOST: u32 = 1000;
    fn take(self) -> (Vec<Vpc>, Option<String>) {
        (self.vpc_set.item, self.next_token)
    }
}

pub(crate) struct Calls;

impl KindCalls for Calls {
    async fn list(scope: &Scope, ask: &Ask<'_>) -> Listing {
        let query = match ask.one {
            Some(id) => Query::new().with("Filter.1.Name", "vpc-id").with("Filter.1.Value.1", id),
            None => Query::new(),
        };
        let vpcs = scope.clients.ec2().pages::<Vpcs>("DescribeVpcs", query);
        let (vpcs, logs) = tokio::join!(vpcs, flow_logs_of(scope, ask));
        let mine = |vpc: &Vpc| vpc.owner_id.as_deref().is_none_or(|owner| owner == &*scope.account);
        vpcs.listing(|vpc| {
            let logs = logs.as_ref().map(|logs| of_vpc(logs, &vpc));
            let logs = logs.as_ref().map(Vec::as_slice).map_err(|reason| *reason);
            let absent =
                |what: &str| Reading::Unknown(Reason::new(Cause::NotCollected, format!("`{what}` was not read")));
            let object = ask.object(
                |name| vpc.attribute(name, logs, place(scope)).unwrap_or_else(|| absent(name)),
                |name| vpc.setting(name, logs, place(scope)).unwrap_or_else(|| absent(&name.name)),
            );
            (mine(&vpc) && ask.includes(&vpc.vpc_id)).then(|| (vpc.vpc_id.as_str().into(), object))
        })
    }

    async fn write(scope: &Scope, change: &Change) -> Result<(), Reason> {
        let vpc = &*change.object.id;
        let pages = flow_logs::list(scope, Some(vpc)).await;
        if let Some(reason) = pages.incomplete {
            return Err(reason);
        }
        let amendment = Amendment::new(&pages.items, place(scope), &change.values, &change.kept, &change.token);
        let amendment = amendment.map_err(|why| Reason::new(Cause::Failed, why))?;
        for new in &amendment.create {
            flow_logs::create(scope, vpc, new, &change.token).await?;
        }
        match amendment.delete.as_slice() {
            [] => Ok(()),
            ids => flow_logs::delete(scope, ids).await,
        }
    }
}

/// The flow logs by resource, or why they are not all known. Not listed when nothing asks for them.
async fn flow_logs_of(scope: &Scope, ask: &Ask<'_>) -> Result<BTreeMap<String, Vec<FlowLog>>, Reason> {
    let mut by_resource: BTreeMap<String, Vec<FlowLog>> = BTreeMap::new();
    if !ask.wants_any(FROM_FLOW_LOGS) {
        return Ok(by_resource);
    }
    let pages = flow_logs::list(scope, ask.one).await;
    if let Some(reason) = pages.incomplete {
        return Err(reason);
    }
    for log in pages.items {
        by_resource.entry(log.resource_id.clone()).or_default().push(log);
    }
    Ok(by_resource)
}

fn of_vpc(logs: &BTreeMap<String, Vec<FlowLog>>, vpc: &Vpc) -> Vec<FlowLog> {
    logs.get(&vpc.vpc_id).cloned().unwrap_or_default()
}

fn place(scope: &Scope) -> Place<'_> {
    Place { partition: &scope.partition, account: &scope.account, region: &scope.region }
}
