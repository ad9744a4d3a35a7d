//! `aws_launch_template`: the default version of a launch template, with the metadata options it gives to instances.

use crate::kinds::aws_account::AccountLevel;
use crate::kinds::aws_instance::metadata::{self, MetadataOptions};
use crate::terraform::by_id;
use crate::xml::{Set, Tag, Tree};
use ordain_model::address::SettingName;
use ordain_model::observation::{Cause, Reading, Reason};
use ordain_model::schema::{Argument, Attribute, Kind, Resource, Unit, WriteToken, as_it_is};
use ordain_model::types::Type;
use ordain_model::value::Value;
use serde::Deserialize;

const SOURCE: &str =
    "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_LaunchTemplateInstanceMetadataOptions.html";

/// The hop limit when neither the template nor the account sets one: images choose 1 or 2; the weaker one counts.
const IMAGE_HOPS: i64 = 2;

/// The kind.
pub static KIND: Kind = Kind {
    name: "aws_launch_template",
    summary: "An EC2 launch template, as its default version has it. Its id is the template's id.",
    page: include_str!("aws_launch_template.md"),
    attributes: &[
        Attribute {
            name: "default_version",
            of: Type::Integer,
            summary: "Number of the default version.",
            actions: &[],
        },
        Attribute { name: "name", of: Type::String, summary: "Its name.", actions: &[] },
        Attribute {
            name: "tags",
            of: Type::Tags,
            summary: "Tags of the template itself, not of what it launches.",
            actions: &["ec2:DescribeLaunchTemplates"],
        },
    ],
    settings: &metadata::settings("default_version", READS, WRITES, SOURCE),
    deprecated: &[],
    rules: &[],
    units: &[Unit {
        name: "default_version",
        token: WriteToken::idempotency("ClientToken"),
        calls: &["ec2:DescribeLaunchTemplateVersions", "ec2:CreateLaunchTemplateVersion", "ec2:ModifyLaunchTemplate"],
        waits: &[],
    }],
    terraform: &[Resource {
        name: "aws_launch_template",
        object: by_id,
        arguments: &[
            Argument {
                setting: "metadata_hop_limit",
                name: "metadata_options.http_put_response_hop_limit",
                value: as_it_is,
            },
            Argument { setting: "metadata_tokens", name: "metadata_options.http_tokens", value: as_it_is },
        ],
    }],
    list_actions: &["ec2:DescribeLaunchTemplateVersions"],
};

/// The field that a change replaces.
const METADATA: &str = "metadataOptions";

const READS: &[&str] = &["ec2:GetInstanceMetadataDefaults"];
const WRITES: &[&str] =
    &["ec2:CreateLaunchTemplateVersion", "ec2:DescribeLaunchTemplateVersions", "ec2:ModifyLaunchTemplate"];

/// `DescribeLaunchTemplateVersions`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct DescribeLaunchTemplateVersions {
    /// The versions.
    pub launch_template_version_set: Set<TemplateVersion>,
    /// Token of the next page.
    pub next_token: Option<String>,
}

/// A version of a launch template.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TemplateVersion {
    /// The template's id.
    pub launch_template_id: String,
    /// The template's name.
    #[serde(default)]
    pub launch_template_name: String,
    /// The version's number.
    pub version_number: i64,
    /// Whether it is the template's default version.
    #[serde(default)]
    pub default_version: bool,
    /// What its maker wrote about it.
    pub version_description: Option<String>,
    /// What it says. Never absent: a version that says nothing has an empty one.
    pub launch_template_data: TemplateData,
}

/// What a version says: all of it, so that a new version can be compared with it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct TemplateData(Tree);

impl TemplateData {
    /// The options of the metadata service, as far as they are set.
    ///
    /// # Errors
    /// When one of them is set and does not read: what is not read is not open to the account's defaults.
    pub fn metadata_options(&self) -> Result<MetadataOptions, Reason> {
        let Some(options) = self.0.child(METADATA) else { return Ok(MetadataOptions::default()) };
        let unreadable =
            |name: &str| Reason::new(Cause::Unreadable, format!("{name} has a value that is not documented"));
        if matches!(options, Tree::Text(_)) {
            return Err(unreadable(METADATA));
        }
        let text = |name: &str| match options.child(name) {
            None => Ok(None),
            Some(Tree::Text(text)) => Ok(Some(text.clone())),
            Some(Tree::Children(_)) => Err(unreadable(name)),
        };
        let hops = text("httpPutResponseHopLimit")?;
        let hops = hops.map(|hops| hops.parse().map_err(|_| unreadable("httpPutResponseHopLimit"))).transpose()?;
        Ok(MetadataOptions {
            state: text("state")?,
            http_tokens: text("httpTokens")?,
            http_put_response_hop_limit: hops,
            http_endpoint: text("httpEndpoint")?,
            http_protocol_ipv6: text("httpProtocolIpv6")?,
            instance_metadata_tags: text("instanceMetadataTags")?,
        })
    }

    /// Whether the options that a launch gets are these; how far a change of them has come does not matter.
    #[must_use]
    pub fn sets(&self, options: &MetadataOptions) -> bool {
        let plain = |options: MetadataOptions| MetadataOptions { state: None, ..options };
        self.metadata_options().map(plain) == Ok(plain(options.clone()))
    }

    /// Fields other than the metadata options in which two versions differ.
    #[must_use]
    pub fn lost_in(&self, new: &TemplateData) -> Vec<String> {
        self.0.differences(&new.0, METADATA)
    }
}

/// `DescribeLaunchTemplates`, for the tags.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct DescribeLaunchTemplates {
    /// The templates.
    pub launch_templates: Set<Template>,
    /// Token of the next page.
    pub next_token: Option<String>,
}

/// A launch template.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Template {
    /// Its id.
    pub launch_template_id: String,
    /// Its tags.
    pub tag_set: Set<Tag>,
}

/// A template, as far as it is asked for.
#[derive(Clone, Debug)]
pub struct LaunchTemplate {
    /// Its default version.
    pub version: TemplateVersion,
    /// The account's defaults, when the version leaves something open.
    pub defaults: Option<Result<AccountLevel, Reason>>,
    /// Its tags, when asked for.
    pub tags: Option<Reading>,
}

impl TemplateVersion {
    /// Whether a reading of this setting depends on what the account sets by default.
    #[must_use]
    pub fn is_open(&self, setting: &str) -> bool {
        let Ok(options) = self.launch_template_data.metadata_options() else { return false };
        let off = options.http_endpoint.as_deref() == Some("disabled");
        match setting {
            // Tokens that are required stay required whether or not the service is on.
            "metadata_tokens" => {
                let endpoint_matters = options.http_tokens.as_deref() != Some("required");
                !off && endpoint_matters && (options.http_tokens.is_none() || options.http_endpoint.is_none())
            }
            "metadata_hop_limit" => {
                !off && (options.http_put_response_hop_limit.is_none() || options.http_endpoint.is_none())
            }
            _ => false,
        }
    }
}

/// Reads an attribute.
#[must_use]
pub fn attribute(template: &LaunchTemplate, name: &str) -> Reading {
    match name {
        "default_version" => Reading::Value(Value::integer(template.version.version_number)),
        "name" => Reading::Value(Value::string(&template.version.launch_template_name)),
        "tags" => template.tags.clone().unwrap_or_else(|| unread(name)),
        _ => unread(name),
    }
}

/// Reads a setting.
#[must_use]
pub fn setting(template: &LaunchTemplate, setting: &SettingName) -> Reading {
    let read = match &*setting.name {
        "metadata_hop_limit" => metadata::read_hop_limit,
        "metadata_tokens" => metadata::read_tokens,
        name => return unread(name),
    };
    let set = match template.version.launch_template_data.metadata_options() {
        Ok(set) => set,
        Err(reason) => return Reading::Unknown(reason),
    };
    if !template.version.is_open(&setting.name) {
        return read(&effective(&set, &AccountLevel::default()));
    }
    match &template.defaults {
        Some(Ok(defaults)) => read(&effective(&set, defaults)),
        Some(Err(reason)) => Reading::Unknown(reason.clone()),
        None => unread(&setting.name),
    }
}

/// What an instance launched from these options gets: what the template sets, else what the account prefers, else the
/// weakest that an image may choose. An option that is not set is not off.
fn effective(set: &MetadataOptions, defaults: &AccountLevel) -> MetadataOptions {
    let preferred =
        |default: &Option<String>| default.clone().filter(|value| !matches!(value.as_str(), "" | "no-preference"));
    let or = |set: &Option<String>, default: &Option<String>, image: &str| {
        Some(set.clone().or_else(|| preferred(default)).unwrap_or_else(|| image.to_owned()))
    };
    let hops = defaults.http_put_response_hop_limit.filter(|hops| *hops > 0);
    MetadataOptions {
        http_tokens: or(&set.http_tokens, &defaults.http_tokens, "optional"),
        http_endpoint: or(&set.http_endpoint, &defaults.http_endpoint, "enabled"),
        http_put_response_hop_limit: set.http_put_response_hop_limit.or(hops).or(Some(IMAGE_HOPS)),
        ..set.clone()
    }
}

fn unread(name: &str) -> Reading {
    Reading::Unknown(Reason::new(Cause::NotCollected, format!("`{name}` was not collected")))
}

#[cfg(test)]
mod tests;
