//! [`egress`]: the addresses from which a cluster's nodes reach the internet, as far as routes and NAT gateways say.
//!
//! While a cluster has no private endpoint its nodes reach the API over the public one. Whoever narrows the public
//! endpoint has to keep these addresses inside, or nodes cannot join.

use crate::xml::Set;
use ordain_model::cidr::CidrSet;
use serde::Deserialize;
use std::collections::BTreeSet;

/// Networks that are not on the internet. Source: RFC 1918, RFC 6598.
const PRIVATE: [&str; 4] = ["10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16"];

/// One route table. The names are the API's.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase", default)]
pub struct RouteTable {
    /// Its VPC.
    pub vpc_id: String,
    /// The subnets that use it.
    pub association_set: Set<Association>,
    /// Its routes.
    pub route_set: Set<Route>,
}

/// Who uses a route table.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase", default)]
pub struct Association {
    /// Whether it is the VPC's main table, for subnets without one of their own.
    pub main: bool,
    /// The subnet.
    pub subnet_id: Option<String>,
}

/// One route.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase", default)]
pub struct Route {
    /// The IPv4 block that it is for.
    pub destination_cidr_block: Option<String>,
    /// The IPv6 block that it is for.
    pub destination_ipv6_cidr_block: Option<String>,
    /// The prefix list that it is for.
    pub destination_prefix_list_id: Option<String>,
    /// `local`, `igw-...`, `vgw-...`, `vpce-...`.
    pub gateway_id: Option<String>,
    /// `nat-...`.
    pub nat_gateway_id: Option<String>,
    /// `active`, or `blackhole` when nothing is at its end.
    pub state: Option<String>,
}

/// One NAT gateway.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase", default)]
pub struct NatGateway {
    /// `nat-...`.
    pub nat_gateway_id: String,
    /// Its addresses.
    pub nat_gateway_address_set: Set<NatAddress>,
}

/// One address of a NAT gateway.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase", default)]
pub struct NatAddress {
    /// The address on the internet; a private NAT gateway has none.
    pub public_ip: Option<String>,
}

/// The addresses on the internet of a cluster's nodes; `ipv6` says whether nodes may have IPv6 addresses. They may run in other subnets of the VPC than the cluster's own, so
/// every NAT gateway that some route of the VPC leads to counts.
///
/// # Errors
/// Why they are not known: nodes may leave over IPv6, where each has an address of its own; one of the cluster's subnets leads to something else than NAT, or nothing leads anywhere.
pub fn egress(
    vpc: &str,
    subnets: &[String],
    tables: &[RouteTable],
    gateways: &[NatGateway],
    ipv6: bool,
) -> Result<CidrSet, String> {
    let mut routes = tables.iter().filter(|table| table.vpc_id == vpc).flat_map(|table| &table.route_set.item);
    if ipv6 && routes.any(Route::leaves_over_ipv6) {
        return Err("nodes may reach the internet over IPv6, each from an address of its own".into());
    }
    let private = CidrSet::parse(PRIVATE).map_err(|mismatch| mismatch.expected)?;
    for subnet in subnets {
        let table = table(vpc, subnet, tables).ok_or_else(|| format!("subnet {subnet} has no route table"))?;
        if table.route_set.item.iter().any(|route| route.leaves(&private) && route.nat_gateway_id.is_none()) {
            return Err(format!("subnet {subnet} reaches the internet by something else than a NAT gateway"));
        }
    }
    let routes = tables.iter().filter(|table| table.vpc_id == vpc).flat_map(|table| &table.route_set.item);
    let ways = routes.filter(|route| route.leaves(&private)).filter_map(|route| route.nat_gateway_id.as_ref());
    let mut addresses: BTreeSet<String> = BTreeSet::new();
    for id in ways {
        let gateway = gateways.iter().find(|gateway| gateway.nat_gateway_id == *id);
        let all = gateway.iter().flat_map(|gateway| &gateway.nat_gateway_address_set.item);
        let public: Vec<&String> = all.filter_map(|address| address.public_ip.as_ref()).collect();
        if public.is_empty() {
            return Err(format!("the address of NAT gateway {id} is not known"));
        }
        addresses.extend(public.into_iter().map(|address| format!("{address}/32")));
    }
    match addresses.is_empty() {
        true => Err("no NAT gateway of the VPC is known".into()),
        false => CidrSet::parse(addresses.iter().map(String::as_str))
            .map_err(|_| "the address of a NAT gateway does not read as one".into()),
    }
}

/// The route table that a subnet uses: its own, else the VPC's main one.
fn table<'a>(vpc: &str, subnet: &str, tables: &'a [RouteTable]) -> Option<&'a RouteTable> {
    let of = |wanted: &dyn Fn(&Association) -> bool| {
        tables.iter().find(|table| table.vpc_id == vpc && table.association_set.item.iter().any(wanted))
    };
    of(&|association| association.subnet_id.as_deref() == Some(subnet)).or_else(|| of(&|association| association.main))
}

impl Route {
    /// Whether it can carry something out of the VPC over IPv6.
    fn leaves_over_ipv6(&self) -> bool {
        let by = self.gateway_id.as_deref().unwrap_or_default();
        let somewhere = self.destination_ipv6_cidr_block.is_some();
        somewhere && by != "local" && !by.starts_with("vpce-") && self.state.as_deref() != Some("blackhole")
    }

    /// Whether it can carry something to the internet over IPv4.
    fn leaves(&self, private: &CidrSet) -> bool {
        let inside = |block: &str| CidrSet::parse([block]).is_ok_and(|block| block.is_subset(private));
        let by = self.gateway_id.as_deref().unwrap_or_default();
        let somewhere = match (&self.destination_cidr_block, &self.destination_prefix_list_id) {
            (Some(block), _) => !inside(block),
            (None, list) => list.is_some(),
        };
        somewhere && by != "local" && !by.starts_with("vpce-") && self.state.as_deref() != Some("blackhole")
    }
}
