//! `aws_ecr_repository`: a private image repository, with what its lifecycle policy keeps.

mod lifecycle;

pub use lifecycle::{Policy, PolicyError, available, retention, rewritten};

use crate::terraform::{by_name, by_repository, capitals, in_words};
use ordain_model::address::SettingName;
use ordain_model::domain::{Days, Domain, Lengths};
use ordain_model::observation::{Cause, Reading, Reason};
use ordain_model::retention::Retention;
use ordain_model::schema::{
    Argument, Attribute, Exposes, Kind, Resource, Setting, Stricter, Unit, WriteClass, WriteToken, as_it_is,
};
use ordain_model::types::Type;
use ordain_model::value::Value;

/// Immutability of tags, from the weakest. An exclusion names tags for which the other rule holds.
pub const TAG_IMMUTABILITY: &[&str] = &["mutable", "mutable_with_exclusion", "immutable_with_exclusion", "immutable"];

/// Values that need filters, which no setting names: a call without them is refused.
/// Source: ECR API, PutImageTagMutability, imageTagMutabilityExclusionFilters.
const WITH_EXCLUSION: &[&str] = &["mutable_with_exclusion", "immutable_with_exclusion"];

/// The kind.
pub static KIND: Kind = Kind {
    name: "aws_ecr_repository",
    summary: "A private repository of container images in Amazon ECR. Its id is its name.",
    page: include_str!("aws_ecr_repository.md"),
    attributes: &[
        Attribute { name: "name", of: Type::String, summary: "Its name, with its namespaces.", actions: &[] },
        Attribute { name: "tags", of: Type::Tags, summary: "Its tags.", actions: &["tag:GetResources"] },
    ],
    settings: &[
        Setting {
            name: "image_retention",
            summary: "How long every image is kept from its push at least, in days, in either storage class. A rule \
                      that counts images guarantees nothing and reads as disabled; without an expiring rule, unlimited.",
            of: Type::Retention,
            domain: Domain::Retention(Lengths {
                days: Days::Range { least: 1, greatest: i32::MAX as u32, step: 1 },
                disabled: false,
                unlimited: true,
            }),
            stricter: Stricter::Greater,
            keyed: None,
            join: None,
            unit: "lifecycle_policy",
            class: WriteClass::DestructiveOnDecrease,
            exposes: Exposes::Nothing,
            read_actions: &["ecr:GetLifecyclePolicy"],
            write_actions: &["ecr:DeleteLifecyclePolicy", "ecr:GetLifecyclePolicy", "ecr:PutLifecyclePolicy"],
            source: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html",
        },
        Setting {
            name: "image_retention_available",
            summary: "How long every image can be pulled from its push at least: as image_retention, but a move to the \
                      archive storage class ends it too.",
            of: Type::Retention,
            domain: Domain::Any,
            stricter: Stricter::Greater,
            keyed: None,
            join: None,
            unit: "lifecycle_policy",
            class: WriteClass::Manual,
            exposes: Exposes::Nothing,
            read_actions: &["ecr:GetLifecyclePolicy"],
            write_actions: &[],
            source: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html",
        },
        Setting {
            name: "scan_on_push",
            summary: "Whether an image is scanned for vulnerabilities when it is pushed: by the repository's own \
                      setting, or because a scanning rule of the registry covers it.",
            of: Type::Bool,
            domain: Domain::Any,
            stricter: Stricter::True,
            keyed: None,
            join: None,
            unit: "scanning",
            class: WriteClass::Safe,
            exposes: Exposes::Nothing,
            read_actions: &["ecr:GetRegistryScanningConfiguration"],
            write_actions: &["ecr:PutImageScanningConfiguration"],
            source: "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetRegistryScanningConfiguration.html",
        },
        Setting {
            name: "tag_immutability",
            summary: "Whether a pushed tag can be moved to another image.",
            of: Type::Enum(TAG_IMMUTABILITY),
            domain: Domain::Except(WITH_EXCLUSION, "its exclusion filters are for a person to write"),
            stricter: Stricter::Later,
            keyed: None,
            join: None,
            unit: "tag_mutability",
            class: WriteClass::Safe,
            exposes: Exposes::Nothing,
            read_actions: &[],
            write_actions: &["ecr:PutImageTagMutability"],
            source: "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutImageTagMutability.html",
        },
    ],
    deprecated: &[],
    rules: &[],
    units: &[
        Unit {
            name: "lifecycle_policy",
            token: WriteToken::None,
            calls: &["ecr:GetLifecyclePolicy", "ecr:PutLifecyclePolicy"],
            waits: &[],
        },
        Unit { name: "scanning", token: WriteToken::None, calls: &["ecr:PutImageScanningConfiguration"], waits: &[] },
        Unit { name: "tag_mutability", token: WriteToken::None, calls: &["ecr:PutImageTagMutability"], waits: &[] },
    ],
    terraform: &[
        Resource {
            name: "aws_ecr_lifecycle_policy",
            object: by_repository,
            arguments: &[Argument { setting: "image_retention", name: "policy", value: in_words }],
        },
        Resource {
            name: "aws_ecr_repository",
            object: by_name,
            arguments: &[
                Argument {
                    setting: "scan_on_push",
                    name: "image_scanning_configuration.scan_on_push",
                    value: as_it_is,
                },
                Argument { setting: "tag_immutability", name: "image_tag_mutability", value: capitals },
            ],
        },
    ],
    list_actions: &["ecr:DescribeRepositories"],
};

/// A repository, as far as it is asked for.
#[derive(Clone, Debug)]
pub struct Repository {
    /// `repositoryName`.
    pub name: String,
    /// `imageTagMutability`, as the API spells it; null in answers of registries older than the field.
    pub tag_mutability: Option<String>,
    /// `imageScanningConfiguration.scanOnPush`.
    pub scan_on_push: bool,
    /// The registry's scanning rules, when asked for.
    pub scanning: Option<Result<Scanning, Reason>>,
    /// The lifecycle policy's text, or none; when asked for.
    pub lifecycle: Option<Result<Option<String>, Reason>>,
    /// Its tags, when asked for.
    pub tags: Option<Reading>,
}

/// How a registry scans: `GetRegistryScanningConfiguration`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scanning {
    /// `scanType` is `ENHANCED`: only the registry's rules decide.
    pub enhanced: bool,
    /// Whether the registry has any rule: then its rules decide in basic scanning too.
    pub ruled: bool,
    /// Wildcard filters of every rule that scans at the push (`SCAN_ON_PUSH`, `CONTINUOUS_SCAN`).
    pub filters: Vec<String>,
}

/// Reads an attribute.
#[must_use]
pub fn attribute(repository: &Repository, name: &str) -> Reading {
    match name {
        "name" => Reading::Value(Value::string(&repository.name)),
        "tags" => repository.tags.clone().unwrap_or_else(|| unread(name)),
        _ => unread(name),
    }
}

/// Reads a setting.
#[must_use]
pub fn setting(repository: &Repository, setting: &SettingName) -> Reading {
    match &*setting.name {
        "image_retention" => lifecycle_reading(repository, retention),
        "image_retention_available" => lifecycle_reading(repository, available),
        "scan_on_push" => scan_on_push(repository),
        "tag_immutability" => tag_immutability(repository.tag_mutability.as_deref()),
        name => unread(name),
    }
}

fn unread(name: &str) -> Reading {
    Reading::Unknown(Reason::new(Cause::NotCollected, format!("`{name}` was not collected")))
}

fn lifecycle_reading(repository: &Repository, of: fn(&Policy) -> Retention) -> Reading {
    let text = match &repository.lifecycle {
        None => return unread("lifecycle policy"),
        Some(Err(reason)) => return Reading::Unknown(reason.clone()),
        Some(Ok(None)) => return Reading::Value(Value::Retention(Retention::Unlimited)),
        Some(Ok(Some(text))) => text,
    };
    match Policy::parse(text) {
        Ok(policy) => Reading::Value(Value::Retention(of(&policy))),
        Err(error) => Reading::Unknown(Reason::new(Cause::Unreadable, format!("lifecycle policy: {error}"))),
    }
}

fn scan_on_push(repository: &Repository) -> Reading {
    let scanning = match &repository.scanning {
        None => return unread("scan_on_push"),
        Some(Err(reason)) => return Reading::Unknown(reason.clone()),
        Some(Ok(scanning)) => scanning,
    };
    let covered = scanning.filters.iter().any(|filter| wildcard(filter, &repository.name));
    match (scanning.enhanced, scanning.ruled, covered) {
        (_, _, true) => Reading::Held(Value::Bool(true), "a scanning rule of the registry".into()),
        (true, _, false) => {
            Reading::Held(Value::Bool(false), "the registry's enhanced scanning, whose rules leave it out".into())
        }
        (false, true, false) => {
            Reading::Held(Value::Bool(false), "the registry's scanning rules, which leave it out".into())
        }
        (false, false, false) => Reading::Value(Value::Bool(repository.scan_on_push)),
    }
}

fn tag_immutability(api: Option<&str>) -> Reading {
    let lower = api.unwrap_or("MUTABLE").to_ascii_lowercase();
    match TAG_IMMUTABILITY.iter().find(|known| **known == lower) {
        // Any other value drops the filters, and nothing here could bring them back.
        Some(known) if known.ends_with("_with_exclusion") => {
            Reading::Held(Value::string(known), "its exclusion filters, which a change would lose".into())
        }
        Some(known) => Reading::Value(Value::string(known)),
        None => {
            Reading::Unknown(Reason::new(Cause::Unreadable, "imageTagMutability has a value that is not documented"))
        }
    }
}

/// Whether a filter matches a name: one with `*` (any characters, none too) the whole name, one without any name that
/// contains it. Linear in filter times name.
#[must_use]
pub fn wildcard(filter: &str, name: &str) -> bool {
    if !filter.contains('*') {
        return name.contains(filter);
    }
    let mut parts = filter.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    let mut last = None;
    for part in parts {
        if let Some(middle) = last.replace(part) {
            match rest.find(middle) {
                Some(at) => rest = rest.get(at + middle.len()..).unwrap_or_default(),
                None => return false,
            }
        }
    }
    last.is_none_or(|last| rest.ends_with(last))
}

#[cfg(test)]
mod tests;
