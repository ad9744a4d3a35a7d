//! [`Scope`]: one cell during one reading or writing: its clients, and what several kinds of it share.

use super::ec2::{Ec2, Query};
use super::gate::Named;
use super::paging::Pages;
use super::reason::reason;
use super::tags;
use crate::kinds::aws_account::{AccountLevel, GetInstanceMetadataDefaults};
use aws_config::SdkConfig;
use ordain_model::Text;
use ordain_model::address::Cell;
use ordain_model::observation::{Reading, Reason};
use ordain_model::stop::Stop;
use ordain_model::value::Value;
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};
use tokio::sync::OnceCell;

/// The clients of one account and region. They share one HTTP client, and one gate that paces and counts their calls.
#[derive(Debug)]
pub(crate) struct Clients {
    sdk: SdkConfig,
    ecr: OnceLock<aws_sdk_ecr::Client>,
    ec2: OnceLock<Ec2>,
    eks: OnceLock<aws_sdk_eks::Client>,
    logs: OnceLock<aws_sdk_cloudwatchlogs::Client>,
    rds: OnceLock<aws_sdk_rds::Client>,
    s3: OnceLock<aws_sdk_s3::Client>,
    tagging: OnceLock<aws_sdk_resourcegroupstagging::Client>,
}

/// A client of the SDK, made at its first use: its own configuration plus the name of each operation on its requests.
macro_rules! client {
    ($name:ident, $sdk:ident) => {
        #[doc = concat!("The `", stringify!($name), "` client.")]
        pub(crate) fn $name(&self) -> &$sdk::Client {
            self.$name.get_or_init(|| {
                let config = $sdk::config::Builder::from(&self.sdk).interceptor(Named);
                $sdk::Client::from_conf(config.build())
            })
        }
    };
}

impl Clients {
    /// Clients over a configuration that holds the account's credentials, the region and the gate.
    pub(crate) fn new(sdk: SdkConfig) -> Clients {
        Clients {
            sdk,
            ecr: OnceLock::new(),
            ec2: OnceLock::new(),
            eks: OnceLock::new(),
            logs: OnceLock::new(),
            rds: OnceLock::new(),
            s3: OnceLock::new(),
            tagging: OnceLock::new(),
        }
    }

    client!(ecr, aws_sdk_ecr);
    client!(eks, aws_sdk_eks);
    client!(logs, aws_sdk_cloudwatchlogs);
    client!(rds, aws_sdk_rds);
    client!(s3, aws_sdk_s3);
    client!(tagging, aws_sdk_resourcegroupstagging);

    /// The EC2 client, which is our own.
    pub(crate) fn ec2(&self) -> &Ec2 {
        self.ec2.get_or_init(|| Ec2::new(&self.sdk))
    }
}

/// One cell while one observation, reading or write runs.
#[derive(Debug)]
pub(crate) struct Scope {
    /// The cell.
    pub cell: Arc<Cell>,
    /// The account's number.
    pub account: Text,
    /// `aws`, `aws-cn`, `aws-us-gov`, ...: the second part of every ARN.
    pub partition: Text,
    /// The region's name.
    pub region: Text,
    /// The clients.
    pub clients: Arc<Clients>,
    /// Whether somebody asked the run to stop.
    pub stop: Stop,
    /// Resource types whose tags are asked for and that no list returns.
    pub tagged: BTreeSet<&'static str>,
    /// The tags of those, listed once.
    pub tags: OnceCell<Pages<(Text, Value)>>,
    /// The account's defaults for the metadata service, read once.
    pub metadata_defaults: OnceCell<Result<AccountLevel, Reason>>,
}

impl Scope {
    /// The tags of an object that is tagged under this ARN: from one list per cell, shared by every kind that asks.
    pub(crate) async fn tags(&self, arn: &str) -> Reading {
        let list = self.tag_list().await;
        match (tags::find(&list.items, arn), &list.incomplete) {
            (Some(tags), _) => Reading::Value(tags),
            (None, Some(reason)) => Reading::Unknown(Reason::clone(reason)),
            (None, None) => Reading::Value(tags::of([])),
        }
    }

    /// The tags that are asked for: one list, which need not wait for the objects that carry them.
    pub(crate) async fn tag_list(&self) -> &Pages<(Text, Value)> {
        self.tags.get_or_init(|| tags::list(self.clients.tagging(), &self.tagged)).await
    }

    /// The account's defaults for the metadata service: of use to the account and to its launch templates.
    pub(crate) async fn metadata_defaults(&self) -> Result<AccountLevel, Reason> {
        let read = async || {
            let client = self.clients.ec2();
            let answer = client.call::<GetInstanceMetadataDefaults>("GetInstanceMetadataDefaults", Query::new()).await;
            answer.map(|answer| answer.account_level).map_err(|error| reason("ec2:GetInstanceMetadataDefaults", &error))
        };
        self.metadata_defaults.get_or_init(read).await.clone()
    }

    /// `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`.
    pub(crate) fn arn(&self, service: &str, resource: &str) -> String {
        format!("arn:{}:{service}:{}:{}:{resource}", self.partition, self.region, self.account)
    }
}
