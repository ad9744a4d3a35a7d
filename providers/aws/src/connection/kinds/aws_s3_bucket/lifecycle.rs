//! The lifecycle document of a bucket: read, edited, and sent back whole.

use super::versioning;
use crate::connection::reason::{code, reason, refusal};
use crate::connection::scope::Scope;
use crate::kinds::aws_s3_bucket::amendment::{Edit, Wanted, amend};
use crate::kinds::aws_s3_bucket::lifecycle::{Expiration, Rule};
use aws_sdk_s3::types::{
    BucketLifecycleConfiguration, ExpirationStatus, LifecycleExpiration, LifecycleRule, LifecycleRuleFilter,
    TransitionDefaultMinimumObjectSize,
};
use ordain_model::observation::{Cause, Reason};
use ordain_model::provider::Change;
use ordain_model::value::Value;

const GET: &str = "s3:GetLifecycleConfiguration";
const PUT: &str = "s3:PutLifecycleConfiguration";

/// A lifecycle document. The least size of objects that move to another class is sent beside it, and lost if it is not
/// sent back.
#[derive(Default)]
struct Document {
    rules: Vec<LifecycleRule>,
    least_size: Option<TransitionDefaultMinimumObjectSize>,
}

/// The rules of a bucket. No document is no rules.
pub(super) async fn rules(scope: &Scope, bucket: &str) -> Result<Vec<Rule>, Reason> {
    document(scope, bucket).await?.rules.iter().map(read).collect()
}

/// Changes how long prefixes are kept.
pub(super) async fn write(scope: &Scope, change: &Change) -> Result<(), Reason> {
    let bucket = &*change.object.id;
    let document = document(scope, bucket).await?;
    let rules = document.rules.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let mut wanted = Wanted::default();
    for (setting, value) in change.kept.iter().chain(&change.values) {
        let (Some(prefix), Value::Retention(retention)) = (setting.key.as_deref(), value) else { continue };
        match &*setting.name {
            "retention" => wanted.least.insert(prefix, *retention),
            _ => wanted.most.insert(prefix, *retention),
        };
    }
    let edits = amend(&rules, versioning(scope, bucket).await?, &wanted);
    let edits = edits.map_err(|why| Reason::new(Cause::Failed, why))?;
    if edits.is_empty() {
        return Ok(());
    }
    send(scope, bucket, edited(document, edits)?).await
}

async fn document(scope: &Scope, bucket: &str) -> Result<Document, Reason> {
    match scope.clients.s3().get_bucket_lifecycle_configuration().bucket(bucket).send().await {
        Ok(answer) => Ok(Document {
            rules: answer.rules.unwrap_or_default(),
            least_size: answer.transition_default_minimum_object_size,
        }),
        Err(error) if code(&error) == Some("NoSuchLifecycleConfiguration") => Ok(Document::default()),
        Err(error) => Err(reason(GET, &error)),
    }
}

/// PUT wants at least one rule: none is said by deleting the document.
async fn send(scope: &Scope, bucket: &str, document: Document) -> Result<(), Reason> {
    let s3 = scope.clients.s3();
    if document.rules.is_empty() {
        let sent = s3.delete_bucket_lifecycle().bucket(bucket).send().await;
        return sent.map(drop).map_err(|error| refusal(PUT, &error));
    }
    let rules = BucketLifecycleConfiguration::builder().set_rules(Some(document.rules)).build();
    let rules = rules.map_err(|_| Reason::new(Cause::Failed, "the lifecycle document has no rules"))?;
    let request = s3.put_bucket_lifecycle_configuration().bucket(bucket).lifecycle_configuration(rules);
    let sent = request.set_transition_default_minimum_object_size(document.least_size).send().await;
    sent.map(drop).map_err(|error| refusal(PUT, &error))
}

/// A rule, reduced to what deletes data.
fn read(rule: &LifecycleRule) -> Result<Rule, Reason> {
    let days = |days: i32| u32::try_from(days).ok().filter(|days| *days > 0).ok_or_else(unreadable);
    let expiration = rule.expiration.as_ref();
    let expires = match expiration.map(|expiration| (expiration.days, expiration.date)) {
        Some((Some(after), _)) => Some(Expiration::Days(days(after)?)),
        Some((None, Some(_))) => Some(Expiration::Date),
        _ => None,
    };
    let enabled = match &rule.status {
        ExpirationStatus::Enabled => true,
        ExpirationStatus::Disabled => false,
        _ => return Err(Reason::new(Cause::Unreadable, format!("{GET}: a rule is neither enabled nor disabled"))),
    };
    let noncurrent = rule.noncurrent_version_expiration.as_ref();
    Ok(Rule {
        id: rule.id.clone(),
        enabled,
        prefix: prefix(rule).to_owned(),
        filtered: filtered(rule),
        expiration: expires,
        noncurrent_days: noncurrent.map(|expiration| days(expiration.noncurrent_days.unwrap_or(0))).transpose()?,
        spares_versions: noncurrent
            .is_some_and(|expiration| expiration.newer_noncurrent_versions.is_some_and(|it| it > 0)),
        does_more: !rule.transitions().is_empty()
            || !rule.noncurrent_version_transitions().is_empty()
            || rule.abort_incomplete_multipart_upload.is_some()
            || expiration.is_some_and(|expiration| expiration.expired_object_delete_marker == Some(true)),
    })
}

fn unreadable() -> Reason {
    Reason::new(Cause::Unreadable, format!("{GET}: a rule expires objects after no positive number of days"))
}

/// The prefix of a rule: in its filter, in an `And` there, or where documents had it before there were filters.
fn prefix(rule: &LifecycleRule) -> &str {
    #[expect(deprecated, reason = "documents that were made with it still carry it")]
    let before = rule.prefix();
    let filter = rule.filter();
    let own = filter.and_then(LifecycleRuleFilter::prefix);
    let within = || filter.and_then(LifecycleRuleFilter::and).and_then(|and| and.prefix());
    own.or_else(within).or(before).unwrap_or_default()
}

/// Whether a rule is for objects of some tags or sizes only.
fn filtered(rule: &LifecycleRule) -> bool {
    rule.filter().is_some_and(|filter| {
        filter.tag.is_some()
            || filter.object_size_greater_than.is_some()
            || filter.object_size_less_than.is_some()
            || filter.and().is_some_and(|and| {
                !and.tags().is_empty() || and.object_size_greater_than.is_some() || and.object_size_less_than.is_some()
            })
    })
}

/// The document with its edits made; rules keep their places.
fn edited(document: Document, edits: Vec<Edit>) -> Result<Document, Reason> {
    #[expect(deprecated, reason = "a document may say prefixes in one way only")]
    let before_filters = document.rules.iter().any(|rule| rule.prefix().is_some());
    let mut rules: Vec<Option<LifecycleRule>> = document.rules.into_iter().map(Some).collect();
    for edit in edits {
        match edit {
            Edit::Add(rule) => rules.push(Some(made(&rule, before_filters)?)),
            Edit::Remove(at) => rules.get_mut(at).map(Option::take).map_or((), drop),
            Edit::Days(at, days) => with(&mut rules, at, |rule| rule.expiration = Some(after(days))),
            Edit::NoExpiration(at) => with(&mut rules, at, |rule| {
                let marker = rule.expiration.take().and_then(|expiration| expiration.expired_object_delete_marker);
                rule.expiration =
                    marker.map(|on| LifecycleExpiration::builder().expired_object_delete_marker(on).build());
            }),
            Edit::Disable(at) => with(&mut rules, at, |rule| rule.status = ExpirationStatus::Disabled),
        }
    }
    Ok(Document { rules: rules.into_iter().flatten().collect(), least_size: document.least_size })
}

fn with(rules: &mut [Option<LifecycleRule>], at: usize, edit: impl FnOnce(&mut LifecycleRule)) {
    if let Some(rule) = rules.get_mut(at).and_then(Option::as_mut) {
        edit(rule);
    }
}

fn after(days: u32) -> LifecycleExpiration {
    LifecycleExpiration::builder().days(i32::try_from(days).unwrap_or(i32::MAX)).build()
}

fn made(rule: &Rule, before_filters: bool) -> Result<LifecycleRule, Reason> {
    let days = rule.days().ok_or_else(|| Reason::new(Cause::Failed, "a rule of our own expires objects"))?;
    let builder =
        LifecycleRule::builder().set_id(rule.id.clone()).status(ExpirationStatus::Enabled).expiration(after(days));
    let builder = match before_filters {
        #[expect(deprecated, reason = "a document may say prefixes in one way only")]
        true => builder.prefix(&rule.prefix),
        false => builder.filter(LifecycleRuleFilter::builder().prefix(&rule.prefix).build()),
    };
    builder.build().map_err(|error| Reason::new(Cause::Failed, error.to_string()))
}

#[cfg(test)]
mod tests;
