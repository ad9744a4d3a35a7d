//! The EC2 calls about flow logs.

use super::ec2::{Page, Query};
use super::paging::Pages;
use super::reason::{message, refusal};
use super::scope::Scope;
use super::wait::{Patience, Waited, under_way};
use crate::kinds::aws_vpc::amendment::NewFlowLog;
use crate::kinds::aws_vpc::flow_log::{FlowLog, MARKER};
use crate::xml::Set;
use ordain_model::observation::{Cause, Reason};
use serde::Deserialize;
use std::time::Duration;

/// How long a new flow log may take until it is listed as delivering.
const LONGEST: Duration = Duration::from_secs(60);

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct FlowLogs {
    flow_log_set: Set<FlowLog>,
    next_token: Option<String>,
}

impl Page for FlowLogs {
    type Item = FlowLog;
    const MOST: u32 = 1000;
    fn take(self) -> (Vec<FlowLog>, Option<String>) {
        (self.flow_log_set.item, self.next_token)
    }
}

/// The flow logs of the region, or those on one resource.
pub(crate) async fn list(scope: &Scope, resource: Option<&str>) -> Pages<FlowLog> {
    let query = match resource {
        Some(id) => Query::new().with("Filter.1.Name", "resource-id").with("Filter.1.Value.1", id),
        None => Query::new(),
    };
    let mut pages = scope.clients.ec2().pages::<FlowLogs>("DescribeFlowLogs", query).await;
    pages.items.retain(|log| resource.is_none_or(|id| log.resource_id == id));
    pages
}

/// What CreateFlowLogs and DeleteFlowLogs answer. Both say HTTP 200 and list what they did not do.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Done {
    flow_log_id_set: Set<String>,
    unsuccessful: Set<Unsuccessful>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Unsuccessful {
    error: Problem,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Problem {
    code: String,
    message: String,
}

impl Done {
    fn check(self, action: &str) -> Result<Vec<String>, Reason> {
        match self.unsuccessful.item.first() {
            None => Ok(self.flow_log_id_set.item),
            Some(Unsuccessful { error }) => {
                let said = format!("ec2:{action}: {}: {}", message(&error.code), message(&error.message));
                Err(Reason::new(Cause::Failed, said))
            }
        }
    }
}

/// Makes a flow log on a VPC and waits until it is listed as delivering.
pub(crate) async fn create(scope: &Scope, vpc: &str, new: &NewFlowLog, token: &str) -> Result<(), Reason> {
    const ACTION: &str = "CreateFlowLogs";
    let answer = scope.clients.ec2().call::<Done>(ACTION, creation(vpc, new, token)).await;
    let made = answer.map_err(|error| refusal("ec2:CreateFlowLogs", &error))?.check(ACTION)?;
    let mut patience = Patience::new(LONGEST, &scope.stop);
    loop {
        let listed = list(scope, Some(vpc)).await;
        if let Some(reason) = listed.incomplete {
            return Err(under_way(reason));
        }
        let delivers = |id: &String| listed.items.iter().any(|log| log.flow_log_id == *id && log.delivers());
        if !made.is_empty() && made.iter().all(delivers) {
            return Ok(());
        }
        let ids = made.join(", ");
        let late = |Waited(when)| Reason::new(Cause::Unreachable, format!("flow log {ids} does not deliver {when}"));
        patience.wait().await.map_err(late)?;
    }
}

fn creation(vpc: &str, new: &NewFlowLog, token: &str) -> Query {
    Query::new()
        .with("ClientToken", &new.client_token)
        .with("ResourceType", "VPC")
        .with("ResourceId.1", vpc)
        .with("TrafficType", new.traffic_type)
        .with("LogDestinationType", new.destination_type)
        .with("LogDestination", &new.destination)
        .with_some("LogFormat", new.format.as_deref())
        .with_some("DeliverLogsPermissionArn", new.role.as_deref())
        .with("TagSpecification.1.ResourceType", "vpc-flow-log")
        .with("TagSpecification.1.Tag.1.Key", MARKER)
        .with("TagSpecification.1.Tag.1.Value", token)
}

/// Deletes flow logs.
pub(crate) async fn delete(scope: &Scope, ids: &[String]) -> Result<(), Reason> {
    const ACTION: &str = "DeleteFlowLogs";
    let query =
        ids.iter().enumerate().fold(Query::new(), |query, (at, id)| query.with(format!("FlowLogId.{}", at + 1), id));
    let answer = scope.clients.ec2().call::<Done>(ACTION, query).await;
    answer.map_err(|error| refusal("ec2:DeleteFlowLogs", &error))?.check(ACTION).map(drop)
}

#[cfg(test)]
mod tests;
