//! Log groups: one paged list returns everything but tags.

use crate::connection::calls::{Ask, KindCalls};
use crate::connection::paging::{Pages, collect};
use crate::connection::reason::{reason, refusal};
use crate::connection::scope::Scope;
use crate::kinds::aws_cloudwatch_log_group::{LogGroup, RetentionCall};
use aws_sdk_cloudwatchlogs::types;
use ordain_model::address::SettingName;
use ordain_model::observation::{Cause, Listing, Reading, Reason};
use ordain_model::provider::Change;
use ordain_model::value::Value;
use std::collections::BTreeMap;

pub(crate) struct Calls;

impl KindCalls for Calls {
    const TAGGED_AS: Option<&'static str> = Some("logs");

    async fn list(scope: &Scope, ask: &Ask<'_>) -> Listing {
        let pages = groups(scope, ask).await;
        let mut listing = Listing { incomplete: pages.incomplete, objects: BTreeMap::new() };
        for group in pages.items.into_iter().map(|group| read(scope, group)).filter(|group| ask.includes(&group.name)) {
            let tags = match (ask.wants("tags"), &group.arn) {
                (true, Some(arn)) => scope.tags(arn).await,
                _ => absent("tags"),
            };
            let attribute = |name: &str| group.attribute(name).unwrap_or_else(|| tags.clone());
            let setting = |name: &SettingName| group.setting(name).unwrap_or_else(|| absent(&name.name));
            listing.objects.insert(group.name.as_str().into(), ask.object(attribute, setting));
        }
        listing
    }

    async fn write(scope: &Scope, change: &Change) -> Result<(), Reason> {
        for (setting, value) in &change.values {
            match &*setting.name {
                "kms_key" => set_key(scope, &change.object.id, value.as_str()).await?,
                "retention" => set_retention(scope, &change.object.id, value).await?,
                other => return Err(Reason::new(Cause::Failed, format!("no call sets `{other}`"))),
            }
        }
        Ok(())
    }
}

/// The groups that are asked for. One that is asked for by name comes first among those that begin with it.
async fn groups(scope: &Scope, ask: &Ask<'_>) -> Pages<types::LogGroup> {
    const ACTION: &str = "logs:DescribeLogGroups";
    let request = scope.clients.logs().describe_log_groups();
    let request = request.set_log_group_name_prefix(ask.prefix().map(str::to_owned));
    if ask.one.is_none() {
        return collect(ACTION, request.into_paginator().send(), |page| (page.log_groups, page.next_token)).await;
    }
    match request.limit(1).send().await {
        Ok(answer) => Pages::complete(answer.log_groups.unwrap_or_default()),
        Err(error) => Pages::failed(reason(ACTION, &error)),
    }
}

fn read(scope: &Scope, group: types::LogGroup) -> LogGroup {
    let name = group.log_group_name.unwrap_or_default();
    let arn = group.log_group_arn.unwrap_or_else(|| scope.arn("logs", &format!("log-group:{name}")));
    LogGroup {
        arn: Some(arn),
        class: group.log_group_class.map(|class| class.as_str().to_owned()),
        retention_in_days: group.retention_in_days,
        retention_policy: group.retention_policy_name,
        kms_key: group.kms_key_id,
        name,
    }
}

fn absent(name: &str) -> Reading {
    Reading::Unknown(Reason::new(Cause::NotCollected, format!("`{name}` was not read")))
}

async fn set_retention(scope: &Scope, group: &str, value: &Value) -> Result<(), Reason> {
    let logs = scope.clients.logs();
    match RetentionCall::for_value(value) {
        Some(RetentionCall::Put(days)) => {
            let sent = logs.put_retention_policy().log_group_name(group).retention_in_days(days).send().await;
            sent.map(drop).map_err(|error| refusal("logs:PutRetentionPolicy", &error))
        }
        Some(RetentionCall::Delete) => {
            let sent = logs.delete_retention_policy().log_group_name(group).send().await;
            sent.map(drop).map_err(|error| refusal("logs:DeleteRetentionPolicy", &error))
        }
        None => Err(Reason::new(Cause::Failed, "a log group cannot be told to keep nothing")),
    }
}

async fn set_key(scope: &Scope, group: &str, key: Option<&str>) -> Result<(), Reason> {
    let logs = scope.clients.logs();
    match key {
        Some(key) => {
            let sent = logs.associate_kms_key().log_group_name(group).kms_key_id(key).send().await;
            sent.map(drop).map_err(|error| refusal("logs:AssociateKmsKey", &error))
        }
        None => {
            let sent = logs.disassociate_kms_key().log_group_name(group).send().await;
            sent.map(drop).map_err(|error| refusal("logs:DisassociateKmsKey", &error))
        }
    }
}
