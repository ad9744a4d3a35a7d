//! The calls of `aws_launch_template`: the default version of every template in one list.

use crate::connection::calls::{Ask, KindCalls};
use crate::connection::ec2::{Ec2, Page, Query};
use crate::connection::paging::Pages;
use crate::connection::reason::{code, reason, refusal};
use crate::connection::scope::Scope;
use crate::kinds::aws_instance::metadata::MetadataOptions;
use crate::kinds::aws_launch_template::{
    DescribeLaunchTemplateVersions, DescribeLaunchTemplates, LaunchTemplate, Template, TemplateVersion, attribute,
    setting,
};
use ordain_model::observation::{Cause, Listing, Reading, Reason};
use ordain_model::provider::Change;
use ordain_model::value::Value;
use serde::Deserialize;
use std::collections::BTreeMap;

const VERSIONS: &str = "DescribeLaunchTemplateVersions";

/// Longest idempotency token that every EC2 call takes.
const TOKEN: usize = 64;

/// The calls of this kind.
pub(crate) struct Calls;

impl Page for DescribeLaunchTemplateVersions {
    type Item = TemplateVersion;
    const MOST: u32 = 200;

    fn take(self) -> (Vec<TemplateVersion>, Option<String>) {
        (self.launch_template_version_set.item, self.next_token)
    }
}

impl Page for DescribeLaunchTemplates {
    type Item = Template;
    const MOST: u32 = 200;

    fn take(self) -> (Vec<Template>, Option<String>) {
        (self.launch_templates.item, self.next_token)
    }
}

impl KindCalls for Calls {
    async fn list(scope: &Scope, ask: &Ask<'_>) -> Listing {
        let client = scope.clients.ec2();
        let tagged = async {
            match ask.wants("tags") {
                true => Some(tags(client, ask.one).await),
                false => None,
            }
        };
        let (pages, tags) = tokio::join!(versions(client, ask.one), tagged);
        let open = |version: &TemplateVersion| ask.reads.settings.iter().any(|setting| version.is_open(&setting.name));
        let defaults =
            match pages.items.iter().any(|version| ask.includes(&version.launch_template_id) && open(version)) {
                true => Some(scope.metadata_defaults().await),
                false => None,
            };
        pages.listing(|version| {
            let id = version.launch_template_id.clone();
            let tags = tags.as_ref().map(|tags| tags.of(&id));
            let template = LaunchTemplate { version, defaults: defaults.clone(), tags };
            let object = || ask.object(|name| attribute(&template, name), |name| setting(&template, name));
            ask.includes(&id).then(|| (id.as_str().into(), object()))
        })
    }

    async fn write(scope: &Scope, change: &Change) -> Result<(), Reason> {
        let (client, id) = (scope.clients.ec2(), &*change.object.id);
        let (source, latest) = default_and_latest(client, id).await?;
        let options = changed(source.launch_template_data.metadata_options()?, change)?;
        let token: String = change.token.chars().take(TOKEN).collect();
        // A run that was killed between the two calls has left the version that is wanted.
        let left = latest.filter(|latest| {
            let ours = latest.version_description.as_deref().is_some_and(|text| text.starts_with(MARK));
            ours && latest.launch_template_data.sets(&options) && lost(&source, latest).is_empty()
        });
        let version = match left {
            Some(version) => version,
            None => create(client, &source, &options, &token).await?,
        };
        let number = version.version_number.to_string();
        let query =
            Query::new().with("LaunchTemplateId", id).with("SetDefaultVersion", number).with("ClientToken", token);
        let done = client.call::<serde::de::IgnoredAny>("ModifyLaunchTemplate", query).await;
        done.map(drop).map_err(|error| {
            let Reason { cause, detail } = refusal("ec2:ModifyLaunchTemplate", &error);
            let made = version.version_number;
            Reason::new(cause, format!("{detail}; version {made} was made and is not the default yet"))
        })
    }
}

/// How the description of a version that Ordain made begins.
const MARK: &str = "ordain ";

/// The default version of a template, and its latest one when that is another.
async fn default_and_latest(client: &Ec2, id: &str) -> Result<(TemplateVersion, Option<TemplateVersion>), Reason> {
    let query = Query::new().with("LaunchTemplateId", id);
    let query = query.with("LaunchTemplateVersion.1", "$Default").with("LaunchTemplateVersion.2", "$Latest");
    let answer = client.call::<DescribeLaunchTemplateVersions>(VERSIONS, query).await;
    let answer = answer.map_err(|error| reason(&format!("ec2:{VERSIONS}"), &error))?;
    let (mut default, latest): (Vec<_>, Vec<_>) =
        answer.take().0.into_iter().partition(|version| version.default_version);
    match default.pop() {
        Some(default) => Ok((default, latest.into_iter().next())),
        None => Err(Reason::new(Cause::Unreadable, format!("ec2:{VERSIONS}: no version is the default one"))),
    }
}

/// What a version does not keep of another.
fn lost(source: &TemplateVersion, made: &TemplateVersion) -> Vec<String> {
    source.launch_template_data.lost_in(&made.launch_template_data)
}

/// Makes a version from another one with other options, and makes sure that nothing else is different.
async fn create(
    client: &Ec2,
    source: &TemplateVersion,
    options: &MetadataOptions,
    token: &str,
) -> Result<TemplateVersion, Reason> {
    let query = Query::new()
        .with("LaunchTemplateId", source.launch_template_id.as_str())
        .with("SourceVersion", source.version_number.to_string())
        .with("VersionDescription", format!("{MARK}{token}"))
        .with("ClientToken", token);
    let made = client.call::<Created>("CreateLaunchTemplateVersion", with_options(query, options)).await;
    let made = made.map_err(|error| refusal("ec2:CreateLaunchTemplateVersion", &error))?.launch_template_version;
    let lost = lost(source, &made);
    match lost.is_empty() {
        true => Ok(made),
        false => {
            let (number, lost) = (made.version_number, lost.join(", "));
            let detail = format!("version {number} was made and is not the default: it does not keep {lost}");
            Err(Reason::new(Cause::Failed, detail))
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Created {
    launch_template_version: TemplateVersion,
}

/// The default version of every template, or of one.
async fn versions(client: &Ec2, one: Option<&str>) -> Pages<TemplateVersion> {
    let query = Query::new().with("LaunchTemplateVersion.1", "$Default");
    let Some(id) = one else {
        return client.pages::<DescribeLaunchTemplateVersions>(VERSIONS, query).await;
    };
    match client.call::<DescribeLaunchTemplateVersions>(VERSIONS, query.with("LaunchTemplateId", id)).await {
        Ok(answer) => Pages::complete(answer.take().0),
        Err(error) if code(&error).is_some_and(|code| code.starts_with("InvalidLaunchTemplateId")) => {
            Pages::complete(Vec::new())
        }
        Err(error) => Pages::failed(reason(&format!("ec2:{VERSIONS}"), &error)),
    }
}

/// Tags by template, as far as they could be listed.
struct Tags {
    by_id: BTreeMap<String, Value>,
    incomplete: Option<Reason>,
}

impl Tags {
    fn of(&self, id: &str) -> Reading {
        match (self.by_id.get(id), &self.incomplete) {
            (Some(tags), _) => Reading::Value(tags.clone()),
            (None, Some(reason)) => Reading::Unknown(reason.clone()),
            (None, None) => {
                Reading::Unknown(Reason::new(Cause::Failed, "ec2:DescribeLaunchTemplates: it is not listed"))
            }
        }
    }
}

async fn tags(client: &Ec2, one: Option<&str>) -> Tags {
    const ACTION: &str = "DescribeLaunchTemplates";
    let pages = match one {
        // Ids and a page size exclude each other.
        Some(id) => {
            match client.call::<DescribeLaunchTemplates>(ACTION, Query::new().with("LaunchTemplateId.1", id)).await {
                Ok(answer) => Pages::complete(answer.take().0),
                Err(error) => Pages::failed(reason(&format!("ec2:{ACTION}"), &error)),
            }
        }
        None => client.pages::<DescribeLaunchTemplates>(ACTION, Query::new()).await,
    };
    let by_id = pages.items.into_iter().map(|template| (template.launch_template_id, template.tag_set.tags()));
    Tags { by_id: by_id.collect(), incomplete: pages.incomplete }
}

fn changed(mut options: MetadataOptions, change: &Change) -> Result<MetadataOptions, Reason> {
    for (setting, value) in &change.values {
        match (&*setting.name, value) {
            ("metadata_hop_limit", Value::Number(hops)) => options.http_put_response_hop_limit = hops.as_i64(),
            ("metadata_tokens", Value::String(tokens)) => options.http_tokens = Some(tokens.to_string()),
            (other, _) => return Err(Reason::new(Cause::Failed, format!("`{other}` cannot be written"))),
        }
    }
    Ok(options)
}

/// All of the options: a version that names one of them may not inherit the others.
fn with_options(query: Query, options: &MetadataOptions) -> Query {
    let name = |field: &str| format!("LaunchTemplateData.MetadataOptions.{field}");
    let hops = options.http_put_response_hop_limit.map(|hops| hops.to_string());
    query
        .with_some(name("HttpEndpoint"), options.http_endpoint.as_deref())
        .with_some(name("HttpProtocolIpv6"), options.http_protocol_ipv6.as_deref())
        .with_some(name("HttpPutResponseHopLimit"), hops)
        .with_some(name("HttpTokens"), options.http_tokens.as_deref())
        .with_some(name("InstanceMetadataTags"), options.instance_metadata_tags.as_deref())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_option_of_the_source_is_repeated() {
        let options = MetadataOptions {
            http_tokens: Some("required".into()),
            http_endpoint: Some("enabled".into()),
            http_put_response_hop_limit: Some(2),
            instance_metadata_tags: Some("enabled".into()),
            ..MetadataOptions::default()
        };
        let at = "LaunchTemplateData.MetadataOptions";
        let expected = Query::new()
            .with(format!("{at}.HttpEndpoint"), "enabled")
            .with(format!("{at}.HttpPutResponseHopLimit"), "2")
            .with(format!("{at}.HttpTokens"), "required")
            .with(format!("{at}.InstanceMetadataTags"), "enabled");
        assert_eq!(with_options(Query::new(), &options), expected);
    }
}
