//! `aws_instance`: an EC2 instance, with the options of its metadata service.

pub mod metadata;

use crate::terraform::by_id;
use crate::xml::{Set, Tag};
use metadata::MetadataOptions;
use ordain_model::address::SettingName;
use ordain_model::observation::{Cause, Reading, Reason};
use ordain_model::schema::{Argument, Attribute, Kind, Resource, Unit, WriteToken, as_it_is};
use ordain_model::types::Type;
use ordain_model::value::Value;
use serde::Deserialize;

const SOURCE: &str = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceMetadataOptionsResponse.html";

/// The kind.
pub static KIND: Kind = Kind {
    name: "aws_instance",
    summary: "An EC2 instance that is not terminated. Its id is its instance id.",
    page: include_str!("aws_instance.md"),
    attributes: &[
        Attribute { name: "image", of: Type::String, summary: "Id of the image it was launched from.", actions: &[] },
        Attribute {
            name: "state",
            of: Type::String,
            summary: "`pending`, `running`, `shutting-down`, `stopping` or `stopped`.",
            actions: &[],
        },
        Attribute { name: "tags", of: Type::Tags, summary: "Its tags.", actions: &[] },
        Attribute { name: "type", of: Type::String, summary: "Its type, for example `m7g.large`.", actions: &[] },
        Attribute { name: "vpc", of: Type::String, summary: "Id of its VPC.", actions: &[] },
    ],
    settings: &metadata::settings("metadata_options", &[], WRITES, SOURCE),
    deprecated: &[],
    rules: &[],
    units: &[Unit {
        name: "metadata_options",
        token: WriteToken::None,
        calls: &["ec2:ModifyInstanceMetadataOptions"],
        waits: &["ec2:DescribeInstances"],
    }],
    terraform: &[Resource {
        name: "aws_instance",
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
    list_actions: &["ec2:DescribeInstances"],
};

const WRITES: &[&str] = &["ec2:DescribeInstances", "ec2:ModifyInstanceMetadataOptions"];

/// `DescribeInstances`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct DescribeInstances {
    /// Instances by the request that launched them.
    pub reservation_set: Set<Reservation>,
    /// Token of the next page.
    pub next_token: Option<String>,
}

/// Instances that one request launched.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Reservation {
    /// The instances.
    pub instances_set: Set<Instance>,
}

/// An instance.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Instance {
    /// Its id.
    pub instance_id: String,
    /// The image.
    pub image_id: Option<String>,
    /// The type.
    pub instance_type: Option<String>,
    /// The VPC; absent in EC2-Classic.
    pub vpc_id: Option<String>,
    /// The state.
    pub instance_state: State,
    /// The tags.
    pub tag_set: Set<Tag>,
    /// The options of the metadata service.
    pub metadata_options: Option<MetadataOptions>,
}

/// An instance's state.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct State {
    /// For example `running`.
    pub name: String,
}

impl Instance {
    /// Whether it is gone: the API lists it for about an hour more.
    #[must_use]
    pub fn is_terminated(&self) -> bool {
        self.instance_state.name == "terminated"
    }
}

/// Reads an attribute.
#[must_use]
pub fn attribute(instance: &Instance, name: &str) -> Reading {
    let text = |text: &Option<String>| Reading::Value(text.as_deref().map_or(Value::Null, Value::string));
    match name {
        "image" => text(&instance.image_id),
        "state" => Reading::Value(Value::string(&instance.instance_state.name)),
        "tags" => Reading::Value(instance.tag_set.tags()),
        "type" => text(&instance.instance_type),
        "vpc" => text(&instance.vpc_id),
        _ => unread(name),
    }
}

/// Reads a setting.
#[must_use]
pub fn setting(instance: &Instance, setting: &SettingName) -> Reading {
    let Some(options) = &instance.metadata_options else {
        let detail = "ec2:DescribeInstances: the answer holds no metadata options";
        return Reading::Unknown(Reason::new(Cause::Unreadable, detail));
    };
    if options.state.as_deref() == Some("pending") {
        // The options that are answered are the new ones, and the instance still serves by the old.
        return Reading::Unknown(Reason::new(Cause::Failed, "a change is on its way to the instance"));
    }
    match &*setting.name {
        "metadata_hop_limit" => metadata::read_hop_limit(options),
        "metadata_tokens" => metadata::read_tokens(options),
        name => unread(name),
    }
}

fn unread(name: &str) -> Reading {
    Reading::Unknown(Reason::new(Cause::NotCollected, format!("`{name}` was not collected")))
}

#[cfg(test)]
mod tests;
