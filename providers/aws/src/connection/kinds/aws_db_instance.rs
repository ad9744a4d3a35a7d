//! The calls of `aws_db_instance`: a list of instances, and one of clusters where there are members.

use crate::connection::calls::{Ask, KindCalls};
use crate::connection::paging::{Pages, collect};
use crate::connection::reason::{code, reason, refusal};
use crate::connection::scope::Scope;
use crate::connection::wait::{Patience, Waited, under_way};
use crate::kinds::aws_db_instance::{Cluster, Instance, OF_CLUSTER, attribute, immediately, setting};
use aws_sdk_rds::Client;
use aws_sdk_rds::types::{DbInstance, PendingModifiedValues};
use ordain_model::observation::{Cause, Listing, Reason};
use ordain_model::provider::Change;
use ordain_model::retention::Retention;
use ordain_model::value::Value;
use std::collections::BTreeMap;
use std::time::Duration;

const DESCRIBE: &str = "rds:DescribeDBInstances";
const CLUSTERS: &str = "rds:DescribeDBClusters";
const MODIFY: &str = "rds:ModifyDBInstance";

/// How long an instance may take to be modified.
const LONGEST: Duration = Duration::from_secs(30 * 60);

/// The calls of this kind.
pub(crate) struct Calls;

impl KindCalls for Calls {
    async fn list(scope: &Scope, ask: &Ask<'_>) -> Listing {
        let client = scope.clients.rds();
        let pages = described(client, ask.one).await;
        let listed = pages.items.into_iter().filter_map(plain).filter(|instance| ask.includes(&instance.id));
        let mut instances: Vec<Instance> = listed.collect();
        if ask.wants_any(OF_CLUSTER) {
            join_clusters(client, &mut instances).await;
        }
        Pages { items: instances, incomplete: pages.incomplete }.listing(|instance| {
            let object = ask.object(|name| attribute(&instance, name), |name| setting(&instance, name));
            Some((instance.id.as_str().into(), object))
        })
    }

    async fn write(scope: &Scope, change: &Change) -> Result<(), Reason> {
        let (client, id) = (scope.clients.rds(), &*change.object.id);
        let mut request = client.modify_db_instance().db_instance_identifier(id);
        for (setting, value) in &change.values {
            request = match (&*setting.name, value) {
                ("backup_retention", Value::Retention(kept)) => {
                    let days = api_days(*kept)?;
                    let at_once = immediately(&current(client, id).await?, days)?;
                    request.backup_retention_period(days).apply_immediately(at_once)
                }
                ("deletion_protection", Value::Bool(on)) => request.deletion_protection(*on),
                ("publicly_accessible", Value::Bool(on)) => request.publicly_accessible(*on),
                (other, _) => return Err(Reason::new(Cause::Failed, format!("`{other}` cannot be written"))),
            };
        }
        request.send().await.map_err(|error| refusal(MODIFY, &error))?;
        settled(client, change, Patience::new(LONGEST, &scope.stop)).await
    }
}

fn api_days(kept: Retention) -> Result<i32, Reason> {
    match kept {
        Retention::Disabled => Ok(0),
        Retention::Days(days @ 1..=35) => Ok(days.cast_signed()),
        _ => Err(Reason::new(Cause::Failed, format!("backups cannot be kept for `{kept}`: 35 days at most"))),
    }
}

async fn described(client: &Client, one: Option<&str>) -> Pages<DbInstance> {
    let Some(id) = one else {
        let pages = client.describe_db_instances().into_paginator().page_size(100).send();
        return collect(DESCRIBE, pages, |page| (page.db_instances, page.marker)).await;
    };
    match client.describe_db_instances().db_instance_identifier(id).send().await {
        Ok(answer) => Pages::complete(answer.db_instances.unwrap_or_default()),
        Err(error) if matches!(code(&error), Some("DBInstanceNotFound" | "DBInstanceNotFoundFault")) => {
            Pages::complete(Vec::new())
        }
        Err(error) => Pages::failed(reason(DESCRIBE, &error)),
    }
}

fn plain(described: DbInstance) -> Option<Instance> {
    let pending = described.pending_modified_values.as_ref();
    let tag = |tag: &aws_sdk_rds::types::Tag| Some((tag.key()?.to_owned(), tag.value().unwrap_or_default().to_owned()));
    Some(Instance {
        tags: described.tag_list().iter().filter_map(tag).collect(),
        pending_backup_days: pending.and_then(PendingModifiedValues::backup_retention_period),
        pending_others: pending.map(others).unwrap_or_default(),
        id: described.db_instance_identifier?,
        engine: described.engine.unwrap_or_default(),
        engine_version: described.engine_version,
        cluster: described.db_cluster_identifier,
        publicly_accessible: described.publicly_accessible,
        backup_days: described.backup_retention_period,
        deletion_protection: described.deletion_protection,
        of_cluster: None,
    })
}

/// What is pending besides backups, in the API's names where they are known here.
fn others(pending: &PendingModifiedValues) -> Vec<&'static str> {
    let mut rest = pending.clone();
    rest.backup_retention_period = None;
    let named = [
        ("DBInstanceClass", rest.db_instance_class.take().is_some()),
        ("AllocatedStorage", rest.allocated_storage.take().is_some()),
        ("MasterUserPassword", rest.master_user_password.take().is_some()),
        ("Port", rest.port.take().is_some()),
        ("MultiAZ", rest.multi_az.take().is_some()),
        ("EngineVersion", rest.engine_version.take().is_some()),
        ("Iops", rest.iops.take().is_some()),
        ("StorageThroughput", rest.storage_throughput.take().is_some()),
        ("StorageType", rest.storage_type.take().is_some()),
        ("CACertificateIdentifier", rest.ca_certificate_identifier.take().is_some()),
        ("DBSubnetGroupName", rest.db_subnet_group_name.take().is_some()),
    ];
    let unnamed = (rest != PendingModifiedValues::builder().build()).then_some("other values");
    named.into_iter().filter_map(|(name, pending)| pending.then_some(name)).chain(unnamed).collect()
}

/// Gives each member what its cluster decides, from one list.
async fn join_clusters(client: &Client, instances: &mut [Instance]) {
    let members: Vec<&mut Instance> = instances.iter_mut().filter(|instance| instance.cluster.is_some()).collect();
    if members.is_empty() {
        return;
    }
    let pages = client.describe_db_clusters().into_paginator().page_size(100).send();
    let pages = collect(CLUSTERS, pages, |page| (page.db_clusters, page.marker)).await;
    let named = pages.items.into_iter().filter_map(|cluster| {
        let decided =
            Cluster { backup_days: cluster.backup_retention_period, deletion_protection: cluster.deletion_protection };
        Some((cluster.db_cluster_identifier?, decided))
    });
    let clusters: BTreeMap<String, Cluster> = named.collect();
    for member in members {
        let found = member.cluster.as_ref().and_then(|id| clusters.get(id)).cloned();
        let absent = || Reason::new(Cause::Failed, format!("{CLUSTERS}: its cluster is not listed"));
        member.of_cluster = Some(found.ok_or_else(|| pages.incomplete.clone().unwrap_or_else(absent)));
    }
}

/// The instance as it is, without what its cluster decides.
async fn current(client: &Client, id: &str) -> Result<Instance, Reason> {
    let pages = described(client, Some(id)).await;
    if let Some(reason) = pages.incomplete {
        return Err(reason);
    }
    let gone = || Reason::new(Cause::Failed, format!("{MODIFY}: the instance is gone"));
    pages.items.into_iter().find_map(plain).ok_or_else(gone)
}

/// Waits until the instance has every new value and none of them is pending.
async fn settled(client: &Client, change: &Change, mut patience: Patience) -> Result<(), Reason> {
    // Backups that somebody else has queued come in their own time: only our own are waited for.
    let backups = change.values.keys().any(|name| &*name.name == "backup_retention");
    loop {
        let instance = current(client, &change.object.id).await.map_err(under_way)?;
        let has = |(name, value)| setting(&instance, name).value() == Some(value);
        if !(backups && instance.pending_backup_days.is_some()) && change.values.iter().all(has) {
            return Ok(());
        }
        let late = |Waited(when)| Reason::new(Cause::Unreachable, format!("{MODIFY}: still under way {when}"));
        patience.wait().await.map_err(late)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pending_besides_backups_is_named() {
        let pending = PendingModifiedValues::builder().backup_retention_period(7);
        assert!(others(&pending.clone().build()).is_empty());
        let pending = pending.engine_version("17.2").dedicated_log_volume(true);
        assert_eq!(others(&pending.build()), ["EngineVersion", "other values"]);
    }
}
