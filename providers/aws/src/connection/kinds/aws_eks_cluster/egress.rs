//! Where the nodes of clusters without a private endpoint come from: two lists of the region, at most.

use crate::connection::ec2::{Page, Query};
use crate::connection::scope::Scope;
use crate::kinds::aws_eks_cluster::egress::{NatGateway, RouteTable};
use crate::xml::Set;
use ordain_model::observation::Reason;
use serde::Deserialize;

/// The route tables and NAT gateways of a region, or of one VPC in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Ways {
    pub(super) tables: Vec<RouteTable>,
    pub(super) gateways: Vec<NatGateway>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct RouteTables {
    route_table_set: Set<RouteTable>,
    next_token: Option<String>,
}

impl Page for RouteTables {
    type Item = RouteTable;
    const MOST: u32 = 100;
    fn take(self) -> (Vec<RouteTable>, Option<String>) {
        (self.route_table_set.item, self.next_token)
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct NatGateways {
    nat_gateway_set: Set<NatGateway>,
    next_token: Option<String>,
}

impl Page for NatGateways {
    type Item = NatGateway;
    const MOST: u32 = 1000;
    fn take(self) -> (Vec<NatGateway>, Option<String>) {
        (self.nat_gateway_set.item, self.next_token)
    }
}

/// Lists both. A list that broke off could lack the one route that matters, so it proves nothing.
pub(super) async fn ways(scope: &Scope, vpc: Option<&str>) -> Result<Ways, Reason> {
    let ec2 = scope.clients.ec2();
    let of_vpc = |query: Query| match vpc {
        Some(vpc) => query.with("Filter.1.Name", "vpc-id").with("Filter.1.Value.1", vpc),
        None => query,
    };
    let tables = ec2.pages::<RouteTables>("DescribeRouteTables", of_vpc(Query::new()));
    let gateways = ec2.pages::<NatGateways>("DescribeNatGateways", of_vpc(Query::new()));
    let (tables, gateways) = tokio::join!(tables, gateways);
    match tables.incomplete.or(gateways.incomplete) {
        Some(reason) => Err(reason),
        None => Ok(Ways { tables: tables.items, gateways: gateways.items }),
    }
}

#[cfg(test)]
mod tests;
