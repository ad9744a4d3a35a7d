//! [`FlowLog`]: one flow log as DescribeFlowLogs answers it, what it delivers and where.

use crate::xml::{Set, Tag};
use serde::Deserialize;
use std::collections::BTreeSet;

/// Key of the tag on every flow log that Ordain made; its value names the step of the plan. What lacks it is never deleted.
pub const MARKER: &str = "ordain:plan";

/// Fields of the format that a flow log has when none is given.
/// Source: VPC User Guide, flow log records, version 2.
pub const DEFAULT_FORMAT: &[&str] = &[
    "version",
    "account-id",
    "interface-id",
    "srcaddr",
    "dstaddr",
    "srcport",
    "dstport",
    "protocol",
    "packets",
    "bytes",
    "start",
    "end",
    "action",
    "log-status",
];

/// One flow log. The names are the API's.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase", default)]
pub struct FlowLog {
    /// `fl-...`.
    pub flow_log_id: String,
    /// The VPC, subnet or network interface.
    pub resource_id: String,
    /// `ACTIVE`.
    pub flow_log_status: Option<String>,
    /// `SUCCESS` or `FAILED`.
    pub deliver_logs_status: Option<String>,
    /// Why delivery fails: `Rate limited`, `Access error`, `Unknown error`.
    pub deliver_logs_error_message: Option<String>,
    /// The role that delivers to a log group.
    pub deliver_logs_permission_arn: Option<String>,
    /// `ACCEPT`, `REJECT` or `ALL`.
    pub traffic_type: Option<String>,
    /// `cloud-watch-logs`, `s3` or `kinesis-data-firehose`.
    pub log_destination_type: Option<String>,
    /// ARN of the bucket (with a folder, perhaps), log group or delivery stream.
    pub log_destination: Option<String>,
    /// The log group's name, for flow logs that were made with one.
    pub log_group_name: Option<String>,
    /// The format of its records; absent: the default one.
    pub log_format: Option<String>,
    /// How objects are laid out in a bucket.
    pub destination_options: Layout,
    /// Tags.
    pub tag_set: Set<Tag>,
}

/// How objects are laid out in a bucket.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase", default)]
pub struct Layout {
    /// Whether the folders are named as Hive wants them.
    pub hive_compatible_partitions: bool,
}

/// Where a VPC lives: what its flow logs' paths and ARNs are made of.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// `aws`, `aws-cn`, ...
    pub partition: &'a str,
    /// Number of the account.
    pub account: &'a str,
    /// Name of the region.
    pub region: &'a str,
}

impl FlowLog {
    /// Whether it delivers: active, and its last delivery succeeded. A flow log whose delivery fails keeps nothing.
    #[must_use]
    pub fn delivers(&self) -> bool {
        self.flow_log_status.as_deref() == Some("ACTIVE") && self.deliver_logs_status.as_deref() == Some("SUCCESS")
    }

    /// The traffic it is told to log, as members of the setting `flow_logs`.
    #[must_use]
    pub fn traffic(&self) -> &'static [&'static str] {
        match self.traffic_type.as_deref() {
            Some("ALL") => &["accept", "reject"],
            Some("ACCEPT") => &["accept"],
            Some("REJECT") => &["reject"],
            _ => &[],
        }
    }

    /// The step that made it, when Ordain did.
    #[must_use]
    pub fn made_by(&self) -> Option<&str> {
        self.tag_set.item.iter().find(|tag| tag.key == MARKER).map(|tag| tag.value.as_str())
    }

    /// The ARN of its destination, in one spelling: without the `:*` that some APIs add to a log group's.
    #[must_use]
    pub fn destination(&self, place: Place<'_>) -> Option<String> {
        let of_group = |name: &String| {
            let Place { partition, account, region } = place;
            format!("arn:{partition}:logs:{region}:{account}:log-group:{name}")
        };
        let arn = self.log_destination.clone().filter(|arn| !arn.is_empty());
        let arn = arn.or_else(|| self.log_group_name.as_ref().map(of_group))?;
        Some(arn.strip_suffix(":*").map_or(arn.clone(), str::to_owned))
    }

    /// Where its records land: `s3://BUCKET/PREFIX` with the prefix of every object's key, else the destination's ARN.
    /// Source: VPC User Guide, flow log files: `AWSLogs/ACCOUNT/vpcflowlogs/REGION/...`.
    #[must_use]
    pub fn path(&self, place: Place<'_>) -> Option<String> {
        let arn = self.destination(place)?;
        let Some((_, bucket)) = arn.split_once(":s3:::") else { return Some(arn) };
        let (bucket, folder) = bucket.split_once('/').unwrap_or((bucket, ""));
        let folder = folder.trim_end_matches('/');
        let slash = if folder.is_empty() { "" } else { "/" };
        let Place { account, region, .. } = place;
        let layout = match self.destination_options.hive_compatible_partitions {
            false => format!("AWSLogs/{account}/vpcflowlogs/{region}/"),
            true => format!("AWSLogs/aws-account-id={account}/aws-service=vpcflowlogs/aws-region={region}/"),
        };
        Some(format!("s3://{bucket}/{folder}{slash}{layout}"))
    }

    /// The fields of its records.
    #[must_use]
    pub fn fields(&self) -> BTreeSet<&str> {
        match self.log_format.as_deref().filter(|format| !format.trim().is_empty()) {
            None => DEFAULT_FORMAT.iter().copied().collect(),
            Some(format) => {
                let names = format.split("${").skip(1).filter_map(|rest| rest.split_once('}'));
                names.map(|(name, _)| name).collect()
            }
        }
    }
}

/// A format with these fields: the default order where it is the default format, else that order first.
#[must_use]
pub fn format_of(fields: &BTreeSet<&str>) -> String {
    let known = DEFAULT_FORMAT.iter().copied().filter(|name| fields.contains(name));
    let more = fields.iter().copied().filter(|name| !DEFAULT_FORMAT.contains(name));
    known.chain(more).map(|name| format!("${{{name}}}")).collect::<Vec<_>>().join(" ")
}
