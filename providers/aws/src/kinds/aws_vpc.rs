//! `aws_vpc`: which traffic its flow logs deliver, where to, and how long that is kept.

pub mod amendment;
pub mod flow_log;

use super::aws_cloudwatch_log_group::{LENGTHS, retention_of};
use crate::terraform::{by_vpc, in_words, only, traffic};
use crate::xml::{Set, Tag};
use flow_log::{FlowLog, Place};
use ordain_model::Text;
use ordain_model::address::{ObjectAddress, SettingName};
use ordain_model::bound::Bound;
use ordain_model::domain::Domain;
use ordain_model::observation::{Cause, Object, Reading, Reason};
use ordain_model::retention::Retention;
use ordain_model::schema::{
    Argument, Attribute, Exposes, Join, Kind, OwnerField, OwnerPlace, Owners, Resource, Rule, Setting, Stricter, Unit,
    WriteClass, WriteToken,
};
use ordain_model::types::Type;
use ordain_model::value::Value;
use serde::Deserialize;
use std::collections::BTreeSet;

/// One list holds every flow log of the region.
const LIST: &[&str] = &["ec2:DescribeFlowLogs"];

/// A flow log is made, or deleted; never changed.
const WRITE: &[&str] = &[
    "ec2:CreateFlowLogs",
    "ec2:CreateTags",
    "ec2:DeleteFlowLogs",
    "iam:PassRole",
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
];

/// A setting that the VPC's flow logs decide together: a bound asks for more, and one write changes all of them.
const fn of_flow_logs(name: &'static str, summary: &'static str, of: Type, source: &'static str) -> Setting {
    Setting {
        name,
        summary,
        of,
        domain: Domain::Any,
        stricter: Stricter::Superset,
        keyed: None,
        join: None,
        unit: "flow_logs",
        class: WriteClass::Safe,
        exposes: Exposes::Nothing,
        read_actions: LIST,
        write_actions: WRITE,
        source,
    }
}

/// The kind.
pub static KIND: Kind = Kind {
    name: "aws_vpc",
    summary: "A VPC that the account owns, with the flow logs on the VPC itself.",
    page: include_str!("aws_vpc.md"),
    attributes: &[
        Attribute { name: "cidr_block", of: Type::String, summary: "Its first IPv4 block.", actions: &[] },
        Attribute {
            name: "flow_log_paths",
            of: Type::Strings(None),
            summary: "Where the delivering flow logs write: `s3://BUCKET/PREFIX`, or the ARN of a log group or stream.",
            actions: LIST,
        },
        Attribute { name: "id", of: Type::String, summary: "`vpc-...`.", actions: &[] },
        Attribute {
            name: "is_default",
            of: Type::Bool,
            summary: "Whether it is the region's default VPC.",
            actions: &[],
        },
        Attribute { name: "owner", of: Type::String, summary: "Number of the account.", actions: &[] },
        Attribute { name: "tags", of: Type::Tags, summary: "Tags.", actions: &[] },
    ],
    settings: &[
        of_flow_logs(
            "flow_log_destination",
            "ARNs to which flow logs deliver; empty while none does.",
            Type::Strings(None),
            "EC2 API: FlowLog.logDestination, CreateFlowLogs",
        ),
        of_flow_logs(
            "flow_log_format",
            "Fields that every delivering flow log records; empty while none delivers.",
            Type::Strings(None),
            "EC2 API: FlowLog.logFormat, CreateFlowLogs; VPC User Guide: flow log records",
        ),
        Setting {
            name: "flow_log_retention",
            summary: "How long flow logs are kept: the retention at every destination that receives traffic.",
            of: Type::Retention,
            domain: LENGTHS,
            stricter: Stricter::Greater,
            keyed: None,
            join: Some(Join {
                owner_kinds: &["aws_cloudwatch_log_group", "aws_s3_bucket"],
                needs: &["flow_log_paths"],
                owners: keepers,
            }),
            unit: "flow_log_retention",
            class: WriteClass::DestructiveOnDecrease,
            exposes: Exposes::Nothing,
            read_actions: &[],
            write_actions: &[],
            source: "VPC User Guide: flow log files (the path in a bucket)",
        },
        of_flow_logs(
            "flow_logs",
            "The traffic that the VPC's flow logs deliver: accepted, rejected, or both.",
            Type::Strings(Some(&["accept", "reject"])),
            "EC2 API: FlowLog.trafficType, flowLogStatus, deliverLogsStatus; CreateFlowLogs",
        ),
    ],
    deprecated: &[],
    rules: &[Rule {
        when: "flow_log_destination",
        is: || Bound::exactly(&Value::set([])),
        then: "flow_logs",
        must: || Bound::exactly(&Value::set([])),
        local: None,
        why: "Nothing is delivered where no destination is known (EC2 API, CreateFlowLogs): demand `flow_log_destination` too",
    }],
    units: &[Unit {
        name: "flow_logs",
        token: WriteToken::idempotency("ClientToken"),
        calls: &["ec2:DescribeFlowLogs", "ec2:CreateFlowLogs", "ec2:DeleteFlowLogs"],
        waits: &["ec2:DescribeFlowLogs"],
    }],
    terraform: &[Resource {
        name: "aws_flow_log",
        object: by_vpc,
        arguments: &[
            Argument { setting: "flow_log_destination", name: "log_destination", value: only },
            Argument { setting: "flow_log_format", name: "log_format", value: in_words },
            Argument { setting: "flow_logs", name: "traffic_type", value: traffic },
        ],
    }],
    list_actions: &["ec2:DescribeVpcs"],
};

/// What DescribeVpcs says of one VPC. The names are the API's.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase", default)]
pub struct Vpc {
    /// `vpc-...`.
    pub vpc_id: String,
    /// Its first IPv4 block.
    pub cidr_block: Option<String>,
    /// Whether it is the region's default VPC.
    pub is_default: bool,
    /// Number of the account that owns it.
    pub owner_id: Option<String>,
    /// Tags.
    pub tag_set: Set<Tag>,
}

impl Vpc {
    /// An attribute. `logs` are the flow logs of the region, or why they could not be listed to the end.
    #[must_use]
    pub fn attribute(&self, name: &str, logs: Result<&[FlowLog], &Reason>, place: Place<'_>) -> Option<Reading> {
        let text = |text: &Option<String>| Reading::Value(text.as_deref().map_or(Value::Null, Value::string));
        match name {
            "cidr_block" => Some(text(&self.cidr_block)),
            "flow_log_paths" => Some(self.paths(logs, place)),
            "id" => Some(Reading::Value(Value::string(&self.vpc_id))),
            "is_default" => Some(Reading::Value(Value::Bool(self.is_default))),
            "owner" => Some(text(&self.owner_id)),
            "tags" => Some(Reading::Value(self.tag_set.tags())),
            _ => None,
        }
    }

    /// A setting that is no view.
    #[must_use]
    pub fn setting(
        &self,
        setting: &SettingName,
        logs: Result<&[FlowLog], &Reason>,
        place: Place<'_>,
    ) -> Option<Reading> {
        let read: fn(&[&FlowLog], Place<'_>) -> Reading = match &*setting.name {
            "flow_log_destination" => {
                |logs, place| Reading::Value(Value::set(destinations(logs, place).iter().map(String::as_str)))
            }
            "flow_log_format" => |logs, _| format(logs),
            "flow_logs" => |logs, _| Reading::Value(Value::set(carried(logs))),
            _ => return None,
        };
        Some(match logs {
            Ok(logs) => read(&self.delivering(logs), place),
            Err(reason) => Reading::Unknown(reason.clone()),
        })
    }

    /// The flow logs on the VPC itself that deliver. Those on subnets and interfaces do not count: they say nothing
    /// about the subnet that is made tomorrow.
    fn delivering<'a>(&self, logs: &'a [FlowLog]) -> Vec<&'a FlowLog> {
        logs.iter()
            .filter(|log| log.resource_id == self.vpc_id && log.delivers() && !log.traffic().is_empty())
            .collect()
    }

    fn paths(&self, logs: Result<&[FlowLog], &Reason>, place: Place<'_>) -> Reading {
        let logs = match logs {
            Ok(logs) => self.delivering(logs),
            Err(reason) => return Reading::Unknown(reason.clone()),
        };
        let paths: Option<BTreeSet<String>> = logs.iter().map(|log| log.path(place)).collect();
        match paths {
            Some(paths) => Reading::Value(Value::set(paths.iter().map(String::as_str))),
            None => {
                let detail = "ec2:DescribeFlowLogs: a flow log has neither a destination nor a log group";
                Reading::Unknown(Reason::new(Cause::Unreadable, detail))
            }
        }
    }
}

/// The traffic that flow logs carry together.
fn carried<'a>(logs: &[&'a FlowLog]) -> BTreeSet<&'a str> {
    logs.iter().flat_map(|log| log.traffic()).copied().collect()
}

/// The ARNs to which flow logs deliver.
fn destinations(logs: &[&FlowLog], place: Place<'_>) -> BTreeSet<String> {
    logs.iter().filter_map(|log| log.destination(place)).collect()
}

/// The fields that every one of these records. A flow log cannot be changed, so what one says is held by it.
fn format(logs: &[&FlowLog]) -> Reading {
    let Some((first, rest)) = logs.split_first() else { return Reading::Value(Value::set([])) };
    let common = rest.iter().fold(first.fields(), |common, log| &common & &log.fields());
    let ids: Vec<&str> = logs.iter().map(|log| log.flow_log_id.as_str()).collect();
    let holder = format!("flow logs cannot be changed, only replaced: {}", ids.join(", "));
    Reading::Held(Value::set(common), holder.into())
}

/// The fields that decide how long what the flow logs deliver is kept: one for each place they write to.
fn keepers(vpc: &ObjectAddress, object: &Object) -> Owners {
    let reading = object.attribute("flow_log_paths");
    let paths = match (&reading, reading.value()) {
        (_, Some(Value::Set(paths))) => paths,
        (Reading::Unknown(reason), _) => return Owners::Unknown(reason.clone()),
        _ => return Owners::Unknown(Reason::new(Cause::Unreadable, "`flow_log_paths` is no set of strings")),
    };
    if paths.is_empty() {
        return Owners::Value(Value::Retention(Retention::Disabled));
    }
    match paths.iter().map(|path| keeper(vpc, path)).collect() {
        Ok(fields) => Owners::Fields(fields),
        Err(reason) => Owners::Unknown(reason),
    }
}

/// The field that decides how long what lies under a path is kept.
fn keeper(vpc: &ObjectAddress, path: &str) -> Result<OwnerField, Reason> {
    if let Some((bucket, prefix)) = path.strip_prefix("s3://").and_then(|path| path.split_once('/')) {
        return Ok(OwnerField {
            kind: "aws_s3_bucket",
            id: bucket.into(),
            setting: SettingName::keyed("retention", prefix),
            place: OwnerPlace::AnyCell,
            missing: Value::Null,
        });
    }
    let outside = |why: &str| Reason::new(Cause::OutOfScope, format!("`{path}`: {why}"));
    let parts: Vec<&str> = path.splitn(7, ':').collect();
    let [_, _, "logs", region, account, "log-group", group] = parts.as_slice() else {
        return Err(outside("what a delivery stream does with records cannot be followed"));
    };
    match vpc.cell.scope.as_slice() {
        [here, region_here] if **here == **account && **region_here == **region => {
            Ok(retention_of(&Text::from(*group)))
        }
        _ => Err(outside("the log group is in another account or region than the VPC")),
    }
}

#[cfg(test)]
mod tests;
