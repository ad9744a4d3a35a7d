//! `aws_security_group`: who may reach which ports through a security group.

mod change;
mod ports;

pub use change::{Changes, changes};
pub use ports::Ports;

use crate::terraform::{by_group, by_id, in_words};
use crate::xml::{Set, Tag};
use ordain_model::Text;
use ordain_model::address::SettingName;
use ordain_model::cidr::CidrSet;
use ordain_model::domain::Domain;
use ordain_model::observation::{Cause, Reading, Reason};
use ordain_model::schema::{
    Argument, Attribute, Exposes, Keyed, Kind, Resource, Setting, Stricter, Unit, WriteClass, WriteToken,
};
use ordain_model::types::Type;
use ordain_model::value::Value;
use serde::Deserialize;
use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet};

/// The most ingress rules that a group can ever have. The quota of an account is lower: 60 by default.
const MOST_RULES: usize = 1000;

/// The kind.
pub static KIND: Kind = Kind {
    name: "aws_security_group",
    summary: "A security group of a VPC. Its id is the group's id.",
    page: include_str!("aws_security_group.md"),
    attributes: &[
        Attribute { name: "description", of: Type::String, summary: "Its description.", actions: &[] },
        Attribute { name: "name", of: Type::String, summary: "Its name.", actions: &[] },
        Attribute { name: "tags", of: Type::Tags, summary: "Its tags.", actions: &[] },
        Attribute { name: "vpc", of: Type::String, summary: "Id of its VPC.", actions: &[] },
    ],
    settings: &[Setting {
        name: "ingress_from",
        summary: "Addresses from which the group lets traffic in on a port: the union over every rule that covers the \
                  port, whatever its range or protocol. Other security groups are no addresses and do not count.",
        of: Type::Cidrs,
        domain: Domain::Cidrs { most: MOST_RULES, ipv6: true },
        stricter: Stricter::Subset,
        keyed: Some(Keyed { what: "protocol and port, for example `tcp/5432`", covers, overlaps, order, sums, check }),
        join: None,
        unit: "ingress",
        class: WriteClass::Restarts,
        exposes: Exposes::Addresses,
        read_actions: &["ec2:GetManagedPrefixListEntries"],
        write_actions: &[
            "ec2:AuthorizeSecurityGroupIngress",
            "ec2:DescribeSecurityGroups",
            "ec2:RevokeSecurityGroupIngress",
        ],
        source: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html",
    }],
    deprecated: &[],
    rules: &[],
    units: &[Unit {
        name: "ingress",
        token: WriteToken::None,
        calls: &[
            "ec2:DescribeSecurityGroups",
            "ec2:AuthorizeSecurityGroupIngress",
            "ec2:RevokeSecurityGroupIngress",
            "ec2:AuthorizeSecurityGroupIngress",
        ],
        waits: &[],
    }],
    terraform: &[
        Resource {
            name: "aws_security_group",
            object: by_id,
            arguments: &[Argument { setting: "ingress_from", name: "ingress", value: in_words }],
        },
        Resource {
            name: "aws_security_group_rule",
            object: by_group,
            arguments: &[Argument { setting: "ingress_from", name: "cidr_blocks", value: in_words }],
        },
        Resource {
            name: "aws_vpc_security_group_ingress_rule",
            object: by_group,
            arguments: &[Argument { setting: "ingress_from", name: "cidr_ipv4", value: in_words }],
        },
    ],
    list_actions: &["ec2:DescribeSecurityGroups"],
};

fn covers(one: &str, other: &str) -> bool {
    matches!((Ports::parse(one), Ports::parse(other)), (Ok(one), Ok(other)) if one.contains(&other))
}

fn overlaps(one: &str, other: &str) -> bool {
    matches!((Ports::parse(one), Ports::parse(other)), (Ok(one), Ok(other)) if one.overlaps(&other))
}

fn order(one: &str, other: &str) -> Ordering {
    let place = |key: &str| Ports::parse(key).ok().map(|ports| (ports.protocol, ports.from, Reverse(ports.to)));
    place(one).cmp(&place(other))
}

fn sums(key: &str) -> bool {
    Ports::parse(key).is_ok_and(|ports| ports.from != ports.to)
}

fn check(key: &str) -> Result<Text, String> {
    Ports::parse(key).map(|ports| ports.to_string().into())
}

/// `DescribeSecurityGroups`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct DescribeSecurityGroups {
    /// The groups.
    pub security_group_info: Set<Group>,
    /// Token of the next page.
    pub next_token: Option<String>,
}

/// A security group.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Group {
    /// Its id.
    pub group_id: String,
    /// Its name.
    pub group_name: String,
    /// Its description.
    pub group_description: String,
    /// Its VPC.
    pub vpc_id: Option<String>,
    /// Its tags.
    pub tag_set: Set<Tag>,
    /// What it lets in.
    pub ip_permissions: Set<Permission>,
}

/// Sources that share a protocol and a range of ports.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Permission {
    /// `tcp`, `udp`, `icmp`, a protocol's number, or `-1` for all. Never absent: without it no port would be reached.
    pub ip_protocol: String,
    /// First port; absent or -1 is every port.
    pub from_port: Option<i32>,
    /// Last port.
    pub to_port: Option<i32>,
    /// IPv4 blocks.
    #[serde(default)]
    pub ip_ranges: Set<Range>,
    /// IPv6 blocks.
    #[serde(default)]
    pub ipv6_ranges: Set<Range6>,
    /// Prefix lists.
    #[serde(default)]
    pub prefix_list_ids: Set<PrefixList>,
}

/// An IPv4 block.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Range {
    /// The block.
    pub cidr_ip: String,
    /// What people wrote about the rule.
    pub description: Option<String>,
}

/// An IPv6 block.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Range6 {
    /// The block.
    pub cidr_ipv6: String,
    /// What people wrote about the rule.
    pub description: Option<String>,
}

/// A prefix list.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct PrefixList {
    /// Its id.
    pub prefix_list_id: String,
    /// What people wrote about the rule.
    pub description: Option<String>,
}

/// The blocks of prefix lists, by id, or why they could not be read.
pub type PrefixLists = BTreeMap<String, Result<Vec<String>, Reason>>;

/// One rule: a source and the ports that it may reach.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rule {
    /// `tcp`, `udp`, or as the API spells it.
    pub protocol: String,
    /// First and last port; `None` is every port.
    pub ports: Option<(u16, u16)>,
    /// Who.
    pub source: Source,
    /// What people wrote about it.
    pub description: Option<String>,
}

/// A source of traffic.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// An IPv4 or IPv6 block.
    Block(String),
    /// A prefix list, by id.
    PrefixList(String),
}

impl Group {
    /// Its ingress rules whose source is addresses, one by one.
    #[must_use]
    pub fn rules(&self) -> Vec<Rule> {
        self.ip_permissions.item.iter().flat_map(Permission::rules).collect()
    }

    /// The prefix lists that rules on any of these ports name.
    #[must_use]
    pub fn prefix_lists(&self, keys: &[Ports]) -> BTreeSet<String> {
        let named = self.rules().into_iter().filter(|rule| keys.iter().any(|key| rule.reaches(key)));
        named.filter_map(|rule| if let Source::PrefixList(id) = rule.source { Some(id) } else { None }).collect()
    }
}

impl Permission {
    fn rules(&self) -> Vec<Rule> {
        let protocol = match self.ip_protocol.as_str() {
            "6" => "tcp",
            "17" => "udp",
            other => other,
        };
        let port = |port: Option<i32>| port.and_then(|port| u16::try_from(port).ok());
        let ports = port(self.from_port).zip(port(self.to_port));
        let rule = |source, description: &Option<String>| Rule {
            protocol: protocol.to_owned(),
            ports,
            source,
            description: description.clone().filter(|text| !text.is_empty()),
        };
        let v4 = self.ip_ranges.item.iter().map(|range| rule(Source::Block(range.cidr_ip.clone()), &range.description));
        let v6 =
            self.ipv6_ranges.item.iter().map(|range| rule(Source::Block(range.cidr_ipv6.clone()), &range.description));
        let lists = self.prefix_list_ids.item.iter();
        let lists = lists.map(|list| rule(Source::PrefixList(list.prefix_list_id.clone()), &list.description));
        v4.chain(v6).chain(lists).collect()
    }
}

impl Rule {
    /// Whether it opens every protocol at once.
    #[must_use]
    pub fn is_every_protocol(&self) -> bool {
        self.protocol == "-1"
    }

    /// Whether it is the same rule, whatever people wrote about it.
    #[must_use]
    pub fn opens_the_same(&self, other: &Rule) -> bool {
        (&self.protocol, self.ports, &self.source) == (&other.protocol, other.ports, &other.source)
    }

    /// Whether it opens any of these ports.
    #[must_use]
    pub fn reaches(&self, key: &Ports) -> bool {
        let (from, to) = self.ports.unwrap_or((0, u16::MAX));
        self.is_every_protocol() || (self.protocol == key.protocol && from <= key.to && key.from <= to)
    }

    /// The addresses of its source.
    ///
    /// # Errors
    /// Why they are not known.
    pub fn addresses(&self, lists: &PrefixLists) -> Result<CidrSet, Reason> {
        let blocks = match &self.source {
            Source::Block(block) => std::slice::from_ref(block),
            Source::PrefixList(id) => match lists.get(id) {
                Some(Ok(blocks)) => blocks.as_slice(),
                Some(Err(reason)) => return Err(reason.clone()),
                None => return Err(Reason::new(Cause::NotCollected, format!("prefix list {id} was not collected"))),
            },
        };
        let parsed = CidrSet::parse(blocks.iter().map(String::as_str));
        parsed.map_err(|error| Reason::new(Cause::Unreadable, format!("a source is not a CIDR block: {error:?}")))
    }
}

/// Reads an attribute.
#[must_use]
pub fn attribute(group: &Group, name: &str) -> Reading {
    match name {
        "description" => Reading::Value(Value::string(&group.group_description)),
        "name" => Reading::Value(Value::string(&group.group_name)),
        "tags" => Reading::Value(group.tag_set.tags()),
        "vpc" => Reading::Value(group.vpc_id.as_deref().map_or(Value::Null, Value::string)),
        _ => unread(name),
    }
}

/// Reads a setting.
#[must_use]
pub fn setting(group: &Group, setting: &SettingName, lists: &PrefixLists) -> Reading {
    let key = match (&*setting.name, setting.key.as_deref().map(Ports::parse)) {
        ("ingress_from", Some(Ok(key))) => key,
        _ => return unread(&setting.to_string()),
    };
    let (mut union, mut every_protocol) = (CidrSet::nobody(), false);
    for rule in group.rules().iter().filter(|rule| rule.reaches(&key)) {
        match rule.addresses(lists) {
            Ok(addresses) => union = union.union(&addresses),
            Err(reason) => return Reading::Unknown(reason),
        }
        every_protocol |= rule.is_every_protocol();
    }
    match every_protocol {
        true => {
            Reading::Held(Value::Cidrs(union), "a rule for all protocols, of which one port cannot be taken out".into())
        }
        false => Reading::Value(Value::Cidrs(union)),
    }
}

fn unread(name: &str) -> Reading {
    Reading::Unknown(Reason::new(Cause::NotCollected, format!("`{name}` was not collected")))
}

#[cfg(test)]
mod tests;
