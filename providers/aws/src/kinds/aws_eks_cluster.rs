//! `aws_eks_cluster`: what the control plane logs, how long that is kept, and who reaches the Kubernetes API.

pub mod egress;
mod endpoints;

pub use endpoints::Endpoints;

use super::aws_cloudwatch_log_group::{LENGTHS, retention_of};
use crate::terraform::by_name;
use egress::{NatGateway, RouteTable, egress};
use ordain_model::Text;
use ordain_model::address::{ObjectAddress, SettingName};
use ordain_model::bound::Bound;
use ordain_model::cidr::CidrSet;
use ordain_model::domain::Domain;
use ordain_model::observation::{Cause, Object, Reading, Reason};
use ordain_model::retention::Retention;
use ordain_model::schema::{
    Argument, Attribute, Exposes, Join, Kind, Local, Owners, Resource, Rule, Setting, Stricter, Unit, WriteClass,
    WriteToken, as_it_is,
};
use ordain_model::types::Type;
use ordain_model::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The logs that a control plane can write.
pub const LOG_TYPES: &[&str] = &["api", "audit", "authenticator", "controllerManager", "scheduler"];

/// What DescribeCluster alone returns.
const DESCRIBE: &[&str] = &["eks:DescribeCluster"];

/// One update at a time, and its outcome has to be asked for.
const UPDATE: &[&str] = &["eks:DescribeUpdate", "eks:UpdateClusterConfig"];

/// The kind.
pub static KIND: Kind = Kind {
    name: "aws_eks_cluster",
    summary: "An EKS cluster's control plane.",
    page: include_str!("aws_eks_cluster.md"),
    attributes: &[
        Attribute { name: "arn", of: Type::String, summary: "ARN.", actions: DESCRIBE },
        Attribute {
            name: "ip_family",
            of: Type::String,
            summary: "`ipv4` or `ipv6`: the family of service and pod addresses.",
            actions: DESCRIBE,
        },
        Attribute { name: "name", of: Type::String, summary: "Name, which is also the id.", actions: &[] },
        Attribute {
            name: "node_egress",
            of: Type::Cidrs,
            summary: "Addresses from which nodes reach the public endpoint, while there is no private one.",
            actions: &["ec2:DescribeNatGateways", "ec2:DescribeRouteTables", "eks:DescribeCluster"],
        },
        Attribute { name: "role_arn", of: Type::String, summary: "Role of the control plane.", actions: DESCRIBE },
        Attribute { name: "tags", of: Type::Tags, summary: "Tags.", actions: DESCRIBE },
        Attribute {
            name: "version",
            of: Type::Version,
            summary: "Kubernetes version, for example `1.34`.",
            actions: DESCRIBE,
        },
        Attribute { name: "vpc_id", of: Type::String, summary: "Its VPC.", actions: DESCRIBE },
    ],
    settings: &[
        Setting {
            name: "endpoint_private_access",
            summary: "Whether the API is reachable inside the VPC without leaving it.",
            of: Type::Bool,
            domain: Domain::Any,
            stricter: Stricter::True,
            keyed: None,
            join: None,
            unit: "vpc_config",
            class: WriteClass::Restarts,
            exposes: Exposes::Nothing,
            read_actions: DESCRIBE,
            write_actions: UPDATE,
            source: "EKS API: VpcConfigRequest.endpointPrivateAccess; default false",
        },
        Setting {
            name: "endpoint_public_access",
            summary: "Whether the API has an endpoint on the internet.",
            of: Type::Bool,
            domain: Domain::Any,
            stricter: Stricter::False,
            keyed: None,
            join: None,
            unit: "vpc_config",
            class: WriteClass::Restarts,
            exposes: Exposes::Somebody,
            read_actions: DESCRIBE,
            write_actions: UPDATE,
            source: "EKS API: VpcConfigRequest.endpointPublicAccess; default true",
        },
        Setting {
            name: "log_retention",
            summary: "How long control-plane logs are kept: the retention of log group `/aws/eks/NAME/cluster`.",
            of: Type::Retention,
            domain: LENGTHS,
            stricter: Stricter::Greater,
            keyed: None,
            join: Some(Join { owner_kinds: &["aws_cloudwatch_log_group"], needs: &["logging"], owners: log_group }),
            unit: "log_retention",
            class: WriteClass::DestructiveOnDecrease,
            exposes: Exposes::Nothing,
            read_actions: &[],
            write_actions: &[],
            source: "EKS User Guide: control plane logs; CloudWatch Logs API: PutRetentionPolicy",
        },
        Setting {
            name: "logging",
            summary: "The control-plane logs that are exported to CloudWatch Logs.",
            of: Type::Strings(Some(LOG_TYPES)),
            domain: Domain::Any,
            stricter: Stricter::Superset,
            keyed: None,
            join: None,
            unit: "logging",
            class: WriteClass::Safe,
            exposes: Exposes::Nothing,
            read_actions: DESCRIBE,
            write_actions: UPDATE,
            source: "EKS API: LogSetup.types; default none",
        },
        Setting {
            name: "public_access_cidrs",
            summary: "Addresses from which the public endpoint answers; nobody where it is switched off.",
            of: Type::Cidrs,
            domain: Domain::Cidrs { most: 40, ipv6: true },
            stricter: Stricter::Subset,
            keyed: None,
            join: None,
            unit: "vpc_config",
            class: WriteClass::Restarts,
            exposes: Exposes::InternetAddresses,
            read_actions: DESCRIBE,
            write_actions: UPDATE,
            source: "EKS API: VpcConfigRequest.publicAccessCidrs; Service Quotas L-93A74D60 (40 per cluster)",
        },
    ],
    deprecated: &[],
    rules: &[
        Rule {
            when: "endpoint_public_access",
            is: || Bound::exactly(&Value::Bool(false)),
            then: "endpoint_private_access",
            must: || Bound::exactly(&Value::Bool(true)),
            local: None,
            why: "A cluster needs one endpoint: the public one can be switched off only while the private one is on (EKS API, VpcConfigRequest)",
        },
        Rule {
            when: "endpoint_public_access",
            is: || Bound::exactly(&Value::Bool(false)),
            then: "public_access_cidrs",
            must: Bound::nobody,
            local: None,
            why: "Nobody reaches a public endpoint that is switched off",
        },
        Rule {
            when: "endpoint_private_access",
            is: || Bound::exactly(&Value::Bool(false)),
            then: "public_access_cidrs",
            must: || Bound::Present,
            local: Some(Local { needs: &["node_egress"], must: keeps_nodes }),
            why: "Without a private endpoint nodes reach the API over the public one, from addresses that have to stay inside and have to be known (EKS User Guide, cluster endpoint): demand `endpoint_private_access = true` too",
        },
    ],
    units: &[
        Unit {
            name: "logging",
            token: WriteToken::idempotency("clientRequestToken"),
            calls: &["eks:DescribeCluster", "eks:UpdateClusterConfig"],
            waits: &["eks:DescribeUpdate"],
        },
        Unit {
            name: "vpc_config",
            token: WriteToken::idempotency("clientRequestToken"),
            calls: &["eks:DescribeCluster", "eks:UpdateClusterConfig"],
            waits: &["eks:DescribeUpdate"],
        },
    ],
    terraform: &[Resource {
        name: "aws_eks_cluster",
        object: by_name,
        arguments: &[
            Argument {
                setting: "endpoint_private_access",
                name: "vpc_config.endpoint_private_access",
                value: as_it_is,
            },
            Argument { setting: "endpoint_public_access", name: "vpc_config.endpoint_public_access", value: as_it_is },
            Argument { setting: "logging", name: "enabled_cluster_log_types", value: as_it_is },
            Argument { setting: "public_access_cidrs", name: "vpc_config.public_access_cidrs", value: as_it_is },
        ],
    }],
    list_actions: &["eks:ListClusters"],
};

/// What DescribeCluster says of one cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cluster {
    /// `arn`.
    pub arn: Option<String>,
    /// `kubernetesNetworkConfig.ipFamily`.
    pub ip_family: Option<String>,
    /// `roleArn`.
    pub role_arn: Option<String>,
    /// `tags`.
    pub tags: BTreeMap<String, String>,
    /// `version`.
    pub version: Option<String>,
    /// The types of `logging.clusterLogging` that are enabled.
    pub logging: BTreeSet<String>,
    /// `resourcesVpcConfig`.
    pub network: Option<Network>,
}

/// `resourcesVpcConfig`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Network {
    /// `vpcId`.
    pub vpc_id: Option<String>,
    /// `subnetIds`.
    pub subnets: Vec<String>,
    /// `endpointPublicAccess`.
    pub public: bool,
    /// `endpointPrivateAccess`.
    pub private: bool,
    /// `publicAccessCidrs`, as declared.
    pub cidrs: Vec<String>,
}

impl Network {
    /// Itself, unless both endpoints are off. No cluster is without one: then the answer did not say, and a field that is
    /// absent reads as off.
    ///
    /// # Errors
    /// That the answer does not say which endpoints are on.
    pub fn answered(&self) -> Result<&Network, Reason> {
        match self.public || self.private {
            true => Ok(self),
            false => {
                Err(Reason::new(Cause::Unreadable, "eks:DescribeCluster: the answer says of no endpoint that it is on"))
            }
        }
    }
}

impl Cluster {
    /// An attribute other than the name, which the list returns.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<Reading> {
        let text = |text: &Option<String>| Reading::Value(text.as_deref().map_or(Value::Null, Value::string));
        match name {
            "arn" => Some(text(&self.arn)),
            "ip_family" => Some(text(&self.ip_family)),
            "role_arn" => Some(text(&self.role_arn)),
            "tags" => {
                let tags = self.tags.iter().map(|(key, value)| (Text::from(&**key), Value::string(value)));
                Some(Reading::Value(Value::object(tags)))
            }
            "version" => {
                let unread = || Reason::new(Cause::Unreadable, "eks:DescribeCluster: the version does not read");
                let read = |text| ordain_model::version::Version::parse(text).map(Value::Version).ok_or_else(unread);
                let value = self.version.as_deref().map_or(Ok(Value::Null), read);
                Some(value.map_or_else(Reading::Unknown, Reading::Value))
            }
            "vpc_id" => {
                Some(self.of_network(|network| Ok(network.vpc_id.as_deref().map_or(Value::Null, Value::string))))
            }
            _ => None,
        }
    }

    /// Where nodes come from. While there is a private endpoint they do not use the public one.
    #[must_use]
    pub fn node_egress(&self, tables: &[RouteTable], gateways: &[NatGateway]) -> Reading {
        match &self.network {
            Some(network) if network.private => Reading::NotApplicable("nodes use the private endpoint".into()),
            _ => self.of_network(|network| {
                let vpc = network.vpc_id.as_deref().unwrap_or_default();
                let ipv6 = self.ip_family.as_deref() != Some("ipv4");
                let unreadable = |why| Reason::new(Cause::Unreadable, format!("addresses of nodes: {why}"));
                egress(vpc, &network.subnets, tables, gateways, ipv6).map(Value::Cidrs).map_err(unreadable)
            }),
        }
    }

    /// A setting that is no view.
    #[must_use]
    pub fn setting(&self, setting: &SettingName) -> Option<Reading> {
        match &*setting.name {
            "endpoint_private_access" => Some(self.of_network(|network| Ok(Value::Bool(network.private)))),
            "endpoint_public_access" => Some(self.of_network(|network| Ok(Value::Bool(network.public)))),
            "logging" => {
                let known = LOG_TYPES.iter().copied().filter(|name| self.logging.contains(*name));
                Some(Reading::Value(Value::set(known)))
            }
            "public_access_cidrs" => Some(self.of_network(|network| self.reachable_from(network))),
            _ => None,
        }
    }

    fn of_network(&self, read: impl FnOnce(&Network) -> Result<Value, Reason>) -> Reading {
        let missing = || Reason::new(Cause::Unreadable, "eks:DescribeCluster: the answer has no resourcesVpcConfig");
        let network = self.network.as_ref().ok_or_else(missing);
        match network.and_then(|network| network.answered().and_then(read)) {
            Ok(value) => Reading::Value(value),
            Err(reason) => Reading::Unknown(reason),
        }
    }

    /// Who reaches the public endpoint. An empty list means everybody, not nobody; the endpoint answers on IPv6 too
    /// unless the cluster says that it is an IPv4 one.
    fn reachable_from(&self, network: &Network) -> Result<Value, Reason> {
        let everybody: &[&str] = match self.ip_family.as_deref() {
            Some("ipv4") => &["0.0.0.0/0"],
            _ => &["0.0.0.0/0", "::/0"],
        };
        let blocks: Vec<&str> = match (network.public, network.cidrs.is_empty()) {
            (false, _) => Vec::new(),
            (true, true) => everybody.to_vec(),
            (true, false) => network.cidrs.iter().map(String::as_str).collect(),
        };
        let unreadable = || "eks:DescribeCluster: publicAccessCidrs holds something that is no CIDR block";
        let addresses = CidrSet::parse(blocks).map_err(|_| Reason::new(Cause::Unreadable, unreadable()))?;
        Ok(Value::Cidrs(addresses))
    }
}

/// The log types to switch on and off for a value of `logging`; types this version does not know are left alone.
#[must_use]
pub fn log_switches(value: &Value) -> Option<(Vec<&'static str>, Vec<&'static str>)> {
    let Value::Set(wanted) = value else { return None };
    Some(LOG_TYPES.iter().copied().partition(|name| wanted.contains(*name)))
}

/// The log group that keeps the control-plane logs. With logging off nothing is kept, whatever an old group says.
fn log_group(cluster: &ObjectAddress, object: &Object) -> Owners {
    match object.setting(&SettingName::plain("logging")) {
        Reading::Unknown(reason) => Owners::Unknown(reason),
        reading if reading.value() == Some(&Value::set([])) => Owners::Value(Value::Retention(Retention::Disabled)),
        _ => Owners::Fields(vec![retention_of(&format!("/aws/eks/{}/cluster", cluster.id).into())]),
    }
}

/// The addresses of nodes, where they are known; nothing less than everybody where they are not.
fn keeps_nodes(object: &Object) -> Bound {
    match object.attribute("node_egress") {
        Reading::Value(Value::Cidrs(addresses)) => Bound::covering(addresses),
        _ => Bound::covering(CidrSet::everything()),
    }
}

#[cfg(test)]
mod tests;
