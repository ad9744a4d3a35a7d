//! The calls of `aws_ecr_repository`: one list, one call per region for scanning, one per repository for lifecycles.

use crate::connection::calls::{Ask, KindCalls};
use crate::connection::paging::{Pages, collect, concurrently};
use crate::connection::reason::{code, reason, refusal};
use crate::connection::scope::Scope;
use crate::kinds::aws_ecr_repository::{Policy, Repository, Scanning, attribute, rewritten, setting};
use aws_sdk_ecr::Client;
use aws_sdk_ecr::types::{
    ImageScanningConfiguration, ImageTagMutability, RegistryScanningConfiguration, Repository as Described,
    ScanFrequency, ScanType,
};
use ordain_model::observation::{Cause, Listing, Reason};
use ordain_model::provider::Change;
use ordain_model::retention::Retention;
use ordain_model::value::Value;

const NO_POLICY: &str = "LifecyclePolicyNotFoundException";

/// The calls of this kind.
pub(crate) struct Calls;

impl KindCalls for Calls {
    const TAGGED_AS: Option<&'static str> = Some("ecr:repository");

    async fn list(scope: &Scope, ask: &Ask<'_>) -> Listing {
        let client = scope.clients.ecr();
        let scanned = async { if ask.wants("scan_on_push") { Some(scanning(client).await) } else { None } };
        let (pages, scanning) = tokio::join!(described(client, ask.one), scanned);
        let asked =
            pages.items.into_iter().filter(|described| ask.includes(described.repository_name().unwrap_or_default()));
        let repositories = concurrently(asked, |described| read(scope, ask, described, scanning.clone())).await;
        Pages { items: repositories, incomplete: pages.incomplete }.listing(|repository| {
            let object = ask.object(|name| attribute(&repository, name), |name| setting(&repository, name));
            Some((repository.name.as_str().into(), object))
        })
    }

    async fn write(scope: &Scope, change: &Change) -> Result<(), Reason> {
        let (client, name) = (scope.clients.ecr(), &*change.object.id);
        for (setting, value) in &change.values {
            match (&*setting.name, value) {
                ("image_retention", Value::Retention(target)) => put_retention(client, name, *target).await?,
                ("scan_on_push", Value::Bool(on)) => put_scanning(client, name, *on).await?,
                ("tag_immutability", Value::String(to)) => put_mutability(client, name, to).await?,
                (other, _) => return Err(Reason::new(Cause::Failed, format!("`{other}` cannot be written"))),
            }
        }
        Ok(())
    }
}

async fn described(client: &Client, one: Option<&str>) -> Pages<Described> {
    let action = "ecr:DescribeRepositories";
    let Some(name) = one else {
        // The page size is the API's greatest; it may not be given together with names.
        let pages = client.describe_repositories().into_paginator().page_size(1000).send();
        return collect(action, pages, |page| (page.repositories, page.next_token)).await;
    };
    match client.describe_repositories().repository_names(name).send().await {
        Ok(answer) => Pages::complete(answer.repositories.unwrap_or_default()),
        Err(error) if code(&error) == Some("RepositoryNotFoundException") => Pages::complete(Vec::new()),
        Err(error) => Pages::failed(reason(action, &error)),
    }
}

async fn read(
    scope: &Scope,
    ask: &Ask<'_>,
    described: Described,
    scanning: Option<Result<Scanning, Reason>>,
) -> Repository {
    let name = described.repository_name().unwrap_or_default().to_owned();
    let lifecycle = match ask.wants_any(&["image_retention", "image_retention_available"]) {
        true => Some(lifecycle(scope.clients.ecr(), &name).await),
        false => None,
    };
    let tags = match ask.wants("tags") {
        true => Some(scope.tags(described.repository_arn().unwrap_or_default()).await),
        false => None,
    };
    Repository {
        name,
        tag_mutability: described.image_tag_mutability().map(|value| value.as_str().to_owned()),
        scan_on_push: described.image_scanning_configuration().is_some_and(ImageScanningConfiguration::scan_on_push),
        scanning,
        lifecycle,
        tags,
    }
}

/// The text of a repository's lifecycle policy; `None` when it has none.
async fn lifecycle(client: &Client, name: &str) -> Result<Option<String>, Reason> {
    match client.get_lifecycle_policy().repository_name(name).send().await {
        Ok(answer) => match answer.lifecycle_policy_text {
            Some(text) => Ok(Some(text)),
            None => Err(Reason::new(Cause::Unreadable, "ecr:GetLifecyclePolicy: the answer holds no policy")),
        },
        Err(error) if code(&error) == Some(NO_POLICY) => Ok(None),
        Err(error) => Err(reason("ecr:GetLifecyclePolicy", &error)),
    }
}

async fn scanning(client: &Client) -> Result<Scanning, Reason> {
    let answer = client.get_registry_scanning_configuration().send().await;
    let answer = answer.map_err(|error| reason("ecr:GetRegistryScanningConfiguration", &error))?;
    scanned(answer.scanning_configuration())
}

/// How a registry scans. One whose configuration is not answered does not scan by its repositories' settings.
fn scanned(configuration: Option<&RegistryScanningConfiguration>) -> Result<Scanning, Reason> {
    let missing = "ecr:GetRegistryScanningConfiguration: the answer has no scanningConfiguration";
    let configuration = configuration.ok_or_else(|| Reason::new(Cause::Unreadable, missing))?;
    let at_push = [ScanFrequency::ScanOnPush, ScanFrequency::ContinuousScan];
    let rules = configuration.rules().iter().filter(|rule| at_push.contains(rule.scan_frequency()));
    let filters = rules.flat_map(|rule| rule.repository_filters()).map(|filter| filter.filter().to_owned());
    Ok(Scanning {
        enhanced: configuration.scan_type() == Some(&ScanType::Enhanced),
        ruled: !configuration.rules().is_empty(),
        filters: filters.collect(),
    })
}

/// Reads the policy, changes it and puts it back. The API has no condition: what changes in between is overwritten,
/// and the caller's reading back notices.
async fn put_retention(client: &Client, name: &str, target: Retention) -> Result<(), Reason> {
    let unreadable = |error: crate::kinds::aws_ecr_repository::PolicyError| {
        Reason::new(Cause::Unreadable, format!("lifecycle policy: {error}"))
    };
    let text = lifecycle(client, name).await?;
    let policy = text.as_deref().map(Policy::parse).transpose().map_err(unreadable)?;
    match rewritten(policy.as_ref(), target).map_err(unreadable)? {
        Some(text) => {
            let request = client.put_lifecycle_policy().repository_name(name).lifecycle_policy_text(text);
            request.send().await.map(drop).map_err(|error| refusal("ecr:PutLifecyclePolicy", &error))
        }
        None if policy.is_none() => Ok(()),
        None => {
            let request = client.delete_lifecycle_policy().repository_name(name);
            match request.send().await {
                // A retry after an answer that got lost finds nothing to delete.
                Err(error) if code(&error) == Some(NO_POLICY) => Ok(()),
                answer => answer.map(drop).map_err(|error| refusal("ecr:DeleteLifecyclePolicy", &error)),
            }
        }
    }
}

async fn put_scanning(client: &Client, name: &str, on: bool) -> Result<(), Reason> {
    let configuration = ImageScanningConfiguration::builder().scan_on_push(on).build();
    let request =
        client.put_image_scanning_configuration().repository_name(name).image_scanning_configuration(configuration);
    request.send().await.map(drop).map_err(|error| refusal("ecr:PutImageScanningConfiguration", &error))
}

async fn put_mutability(client: &Client, name: &str, to: &str) -> Result<(), Reason> {
    let to = ImageTagMutability::from(to.to_ascii_uppercase().as_str());
    let request = client.put_image_tag_mutability().repository_name(name).image_tag_mutability(to);
    request.send().await.map(drop).map_err(|error| refusal("ecr:PutImageTagMutability", &error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_ecr::types::{RegistryScanningRule, ScanningRepositoryFilter, ScanningRepositoryFilterType};

    #[test]
    fn a_configuration_that_is_not_answered_is_not_one_without_rules() {
        assert_eq!(scanned(None).unwrap_err().cause, Cause::Unreadable);
        let none = RegistryScanningConfiguration::builder().scan_type(ScanType::Basic).build();
        assert_eq!(scanned(Some(&none)), Ok(Scanning::default()));
    }

    #[test]
    fn rules_that_scan_later_are_rules_and_cover_nothing() {
        let filter =
            ScanningRepositoryFilter::builder().filter("*").filter_type(ScanningRepositoryFilterType::Wildcard);
        let rule = RegistryScanningRule::builder().scan_frequency(ScanFrequency::Manual);
        let rule = rule.repository_filters(filter.build().unwrap()).build().unwrap();
        let manual = RegistryScanningConfiguration::builder().scan_type(ScanType::Basic).rules(rule).build();
        assert_eq!(scanned(Some(&manual)), Ok(Scanning { ruled: true, ..Scanning::default() }));
    }
}
