//! Buckets: one list per region, and one call per bucket for each thing that is asked for.

mod lifecycle;
mod protection;

use crate::connection::calls::{Ask, KindCalls};
use crate::connection::paging::{Pages, collect, concurrently};
use crate::connection::reason::reason;
use crate::connection::scope::Scope;
use crate::kinds::aws_s3_bucket::Bucket;
use crate::kinds::aws_s3_bucket::lifecycle::Versioning;
use aws_sdk_s3::types::BucketVersioningStatus;
use ordain_model::Text;
use ordain_model::address::SettingName;
use ordain_model::observation::{Cause, Listing, Object, Reading, Reason};
use ordain_model::provider::Change;
use std::collections::BTreeMap;

const LIST: &str = "s3:ListAllMyBuckets";

/// The settings that the lifecycle document decides.
const RETENTIONS: &[&str] = &["retention", "retention_limit"];

pub(crate) struct Calls;

impl KindCalls for Calls {
    const TAGGED_AS: Option<&'static str> = Some("s3");

    async fn list(scope: &Scope, ask: &Ask<'_>) -> Listing {
        let pages = names(scope, ask.prefix()).await;
        let asked = pages.items.into_iter().filter(|name| ask.includes(name));
        let objects = concurrently(asked, |name| async move {
            let bucket = read(scope, ask, &name).await;
            (Text::from(name), object(scope, ask, &bucket).await)
        });
        Listing { incomplete: pages.incomplete, objects: objects.await.into_iter().collect() }
    }

    async fn write(scope: &Scope, change: &Change) -> Result<(), Reason> {
        match &*change.unit {
            "lifecycle" => lifecycle::write(scope, change).await,
            "encryption" => protection::write_encryption(scope, change).await,
            "public_access_block" => protection::write_public_access_block(scope, change).await,
            other => Err(Reason::new(Cause::Failed, format!("no call sets `{other}`"))),
        }
    }
}

/// The names of the account's buckets in this region; or of those that begin like this.
async fn names(scope: &Scope, prefix: Option<&str>) -> Pages<String> {
    let request = scope.clients.s3().list_buckets().bucket_region(&*scope.region);
    let pages = request.set_prefix(prefix.map(str::to_owned)).into_paginator().send();
    let pages = collect(LIST, pages, |page| (page.buckets, page.continuation_token)).await;
    let names = pages.items.into_iter().filter_map(|bucket| bucket.name);
    Pages { items: names.collect(), incomplete: pages.incomplete }
}

/// Asks of a bucket what is asked for and nothing else.
async fn read(scope: &Scope, ask: &Ask<'_>, name: &str) -> Bucket {
    let encryption =
        async { if ask.wants("encryption") { Some(protection::encryption(scope, name).await) } else { None } };
    let block = async {
        if ask.wants("public_access_block") { Some(protection::public_access_block(scope, name).await) } else { None }
    };
    let (encryption, public_access_block, (rules, versioning)) =
        tokio::join!(encryption, block, lifetimes(scope, ask, name));
    Bucket {
        name: name.into(),
        region: scope.region.to_string(),
        arn: format!("arn:{}:s3:::{name}", scope.partition),
        encryption,
        public_access_block,
        rules,
        versioning,
    }
}

type Answer<T> = Option<Result<T, Reason>>;

/// Lifecycle rules and versioning; versioning only where it is asked for or decides a retention that is.
async fn lifetimes(
    scope: &Scope,
    ask: &Ask<'_>,
    name: &str,
) -> (Answer<Vec<crate::kinds::aws_s3_bucket::lifecycle::Rule>>, Answer<Versioning>) {
    let rules = async { if ask.wants_any(RETENTIONS) { Some(lifecycle::rules(scope, name).await) } else { None } };
    if ask.wants("versioning") {
        let (rules, versioning) = tokio::join!(rules, versioning(scope, name));
        return (rules, Some(versioning));
    }
    let rules = rules.await;
    let prefixes =
        ask.reads.settings.iter().filter(|it| RETENTIONS.contains(&&*it.name)).filter_map(|it| it.key.as_deref());
    let decides = matches!(&rules, Some(Ok(rules)) if Bucket::needs_versioning(rules, prefixes));
    let versioning = if decides { Some(versioning(scope, name).await) } else { None };
    (rules, versioning)
}

async fn versioning(scope: &Scope, name: &str) -> Result<Versioning, Reason> {
    const ACTION: &str = "s3:GetBucketVersioning";
    let answer = scope.clients.s3().get_bucket_versioning().bucket(name).send().await;
    match answer.map_err(|error| reason(ACTION, &error))?.status {
        None => Ok(Versioning::Never),
        Some(BucketVersioningStatus::Enabled) => Ok(Versioning::Enabled),
        Some(BucketVersioningStatus::Suspended) => Ok(Versioning::Suspended),
        Some(_) => Err(Reason::new(Cause::Unreadable, format!("{ACTION}: a status that is not documented"))),
    }
}

async fn object(scope: &Scope, ask: &Ask<'_>, bucket: &Bucket) -> Object {
    let tags = match ask.wants("tags") {
        true => scope.tags(&bucket.arn).await,
        false => absent("tags"),
    };
    ask.object(
        |name| bucket.attribute(name).unwrap_or_else(|| if name == "tags" { tags.clone() } else { absent(name) }),
        |name: &SettingName| bucket.setting(name).unwrap_or_else(|| absent(&name.name)),
    )
}

fn absent(what: &str) -> Reading {
    Reading::Unknown(Reason::new(Cause::NotCollected, format!("`{what}` was not read")))
}

/// The new values of a change, by setting.
fn value<'a>(
    values: &'a BTreeMap<SettingName, ordain_model::value::Value>,
    name: &str,
) -> Option<&'a ordain_model::value::Value> {
    values.get(&SettingName::plain(name))
}
