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

/// The addresses on the internet of what runs in these subnets of a VPC.
///
/// # Errors
/// Why they are not known: something routes to where addresses are not NAT's.
pub fn egress(
    vpc: &str,
    subnets: &[String],
    tables: &[RouteTable],
    gateways: &[NatGateway],
) -> Result<CidrSet, String> {
    if subnets.is_empty() {
        return Err("the cluster names no subnets".into());
    }
    let private = CidrSet::parse(PRIVATE).map_err(|mismatch| mismatch.expected)?;
    let mut addresses: BTreeSet<String> = BTreeSet::new();
    for subnet in subnets {
        let table = table(vpc, subnet, tables).ok_or_else(|| format!("subnet {subnet} has no route table"))?;
        for route in table.route_set.item.iter().filter(|route| route.leaves(&private)) {
            let id = route.nat_gateway_id.as_ref().ok_or_else(|| {
                format!("subnet {subnet} reaches the internet by something else than a NAT gateway, from addresses that are not known")
            })?;
            let gateway = gateways.iter().find(|gateway| gateway.nat_gateway_id == *id);
            let public: Vec<&String> = gateway
                .iter()
                .flat_map(|it| &it.nat_gateway_address_set.item)
                .filter_map(|it| it.public_ip.as_ref())
                .collect();
            if public.is_empty() {
                return Err(format!("the address of NAT gateway {id} is not known"));
            }
            addresses.extend(public.into_iter().map(|address| format!("{address}/32")));
        }
    }
    CidrSet::parse(addresses.iter().map(String::as_str))
        .map_err(|_| "the address of a NAT gateway does not read as one".into())
}

/// The route table that a subnet uses: its own, else the VPC's main one.
fn table<'a>(vpc: &str, subnet: &str, tables: &'a [RouteTable]) -> Option<&'a RouteTable> {
    let of = |wanted: &dyn Fn(&Association) -> bool| {
        tables.iter().find(|table| table.vpc_id == vpc && table.association_set.item.iter().any(wanted))
    };
    of(&|association| association.subnet_id.as_deref() == Some(subnet)).or_else(|| of(&|association| association.main))
}

impl Route {
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
