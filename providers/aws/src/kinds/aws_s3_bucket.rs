//! `aws_s3_bucket`: how long objects are kept, how they are encrypted, and whether the public is locked out.

pub mod amendment;
pub mod lifecycle;

use crate::terraform::{by_bucket, in_words};
use lifecycle::{Rule, Versioning, gone, kept};
use ordain_model::Text;
use ordain_model::address::SettingName;
use ordain_model::domain::{Days, Domain, Lengths};
use ordain_model::observation::{Reading, Reason};
use ordain_model::retention::Retention;
use ordain_model::schema::{
    Argument, Attribute, Exposes, Keyed, Kind, Resource, Setting, Stricter, Unit, WriteClass, WriteToken,
};
use ordain_model::types::Type;
use ordain_model::value::Value;
use serde_json::Value as Json;
use std::collections::BTreeSet;

/// Default encryption, from the weakest to the strictest: none, keys of S3, a KMS key, two layers under a KMS key.
pub const ENCRYPTION: &[&str] = &["none", "aes256", "aws_kms", "aws_kms_dsse"];

/// The four flags of a public access block.
pub const PUBLIC_ACCESS: &[&str] =
    &["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"];

/// The longest key, and so the longest prefix, in bytes. Source: S3 User Guide, object key names.
const LONGEST_KEY: usize = 1024;

/// The retentions that a lifecycle rule can say: any number of days, or no rule.
const LENGTHS: Domain = Domain::Retention(Lengths {
    days: Days::Range { least: 1, greatest: i32::MAX as u32, step: 1 },
    disabled: false,
    unlimited: true,
});

/// What a key of `retention` and `retention_limit` is. What binds a prefix binds every longer one.
const PREFIX: Keyed = Keyed {
    what: "key prefix",
    covers: |a, b| b.starts_with(a),
    overlaps: lifecycle::overlap,
    order: str::cmp,
    sums: |_| false,
    check: prefix,
};

/// The kind.
pub static KIND: Kind = Kind {
    name: "aws_s3_bucket",
    summary: "A general purpose S3 bucket, in the cell of the region where it lies.",
    page: include_str!("aws_s3_bucket.md"),
    attributes: &[
        Attribute { name: "arn", of: Type::String, summary: "ARN.", actions: &[] },
        Attribute { name: "name", of: Type::String, summary: "Name, which is also the id.", actions: &[] },
        Attribute { name: "region", of: Type::String, summary: "Region where it lies.", actions: &[] },
        Attribute { name: "tags", of: Type::Tags, summary: "Tags.", actions: &["tag:GetResources"] },
        Attribute {
            name: "versioning",
            of: Type::String,
            summary: "`enabled`, `suspended` or `never`.",
            actions: &["s3:GetBucketVersioning"],
        },
    ],
    settings: &[
        Setting {
            name: "encryption",
            summary: "How new objects are encrypted unless their writer says otherwise.",
            of: Type::Enum(ENCRYPTION),
            domain: Domain::Any,
            stricter: Stricter::Later,
            keyed: None,
            join: None,
            unit: "encryption",
            class: WriteClass::Restarts,
            exposes: Exposes::Nothing,
            read_actions: &["s3:GetEncryptionConfiguration"],
            write_actions: &["s3:PutEncryptionConfiguration"],
            source: "S3 API: GetBucketEncryption, PutBucketEncryption, ServerSideEncryptionByDefault.SSEAlgorithm",
        },
        Setting {
            name: "public_access_block",
            summary: "The flags of the bucket's own public access block that are on; the account's block is not counted.",
            of: Type::Strings(Some(PUBLIC_ACCESS)),
            domain: Domain::Any,
            stricter: Stricter::Superset,
            keyed: None,
            join: None,
            unit: "public_access_block",
            class: WriteClass::Restarts,
            exposes: Exposes::Nothing,
            read_actions: &["s3:GetBucketPublicAccessBlock"],
            write_actions: &["s3:PutBucketPublicAccessBlock"],
            source: "S3 API: GetPublicAccessBlock, PutPublicAccessBlock",
        },
        Setting {
            name: "retention",
            summary: "How long lifecycle rules leave objects under a prefix at least, in days; unlimited where none deletes them.",
            of: Type::Retention,
            domain: LENGTHS,
            stricter: Stricter::Greater,
            keyed: Some(PREFIX),
            join: None,
            unit: "lifecycle",
            class: WriteClass::DestructiveOnDecrease,
            exposes: Exposes::Nothing,
            read_actions: &["s3:GetBucketVersioning", "s3:GetLifecycleConfiguration"],
            write_actions: &["s3:PutLifecycleConfiguration"],
            source: "S3 API: LifecycleRule; S3 User Guide: lifecycle configuration elements, conflicts",
        },
        Setting {
            name: "retention_limit",
            summary: "How long lifecycle rules leave objects under a prefix at most, in days; unlimited where some stay for good.",
            of: Type::Retention,
            domain: LENGTHS,
            stricter: Stricter::Lesser,
            keyed: Some(PREFIX),
            join: None,
            unit: "lifecycle",
            class: WriteClass::DestructiveOnDecrease,
            exposes: Exposes::Nothing,
            read_actions: &["s3:GetBucketVersioning", "s3:GetLifecycleConfiguration"],
            write_actions: &["s3:PutLifecycleConfiguration"],
            source: "S3 API: LifecycleRule; S3 User Guide: lifecycle configuration elements, conflicts",
        },
    ],
    deprecated: &[],
    rules: &[],
    units: &[
        Unit {
            name: "encryption",
            token: WriteToken::None,
            calls: &["s3:GetBucketEncryption", "s3:PutBucketEncryption"],
            waits: &[],
        },
        Unit {
            name: "lifecycle",
            token: WriteToken::None,
            calls: &["s3:GetBucketLifecycleConfiguration", "s3:PutBucketLifecycleConfiguration"],
            waits: &[],
        },
        Unit { name: "public_access_block", token: WriteToken::None, calls: &["s3:PutPublicAccessBlock"], waits: &[] },
    ],
    terraform: &[
        Resource {
            name: "aws_s3_bucket_lifecycle_configuration",
            object: by_bucket,
            arguments: &[
                Argument { setting: "retention", name: "rule", value: in_words },
                Argument { setting: "retention_limit", name: "rule", value: in_words },
            ],
        },
        Resource {
            name: "aws_s3_bucket_public_access_block",
            object: by_bucket,
            arguments: &[
                Argument {
                    setting: "public_access_block",
                    name: "block_public_acls",
                    value: |on| flag(on, "block_public_acls"),
                },
                Argument {
                    setting: "public_access_block",
                    name: "block_public_policy",
                    value: |on| flag(on, "block_public_policy"),
                },
                Argument {
                    setting: "public_access_block",
                    name: "ignore_public_acls",
                    value: |on| flag(on, "ignore_public_acls"),
                },
                Argument {
                    setting: "public_access_block",
                    name: "restrict_public_buckets",
                    value: |on| flag(on, "restrict_public_buckets"),
                },
            ],
        },
        Resource {
            name: "aws_s3_bucket_server_side_encryption_configuration",
            object: by_bucket,
            arguments: &[Argument {
                setting: "encryption",
                name: "rule.apply_server_side_encryption_by_default.sse_algorithm",
                value: algorithm,
            }],
        },
    ],
    list_actions: &["s3:ListAllMyBuckets"],
};

/// The default algorithm as Terraform has it.
fn algorithm(value: &Value) -> Option<Json> {
    match value.as_str()? {
        "aes256" => Some("AES256".into()),
        "aws_kms" => Some("aws:kms".into()),
        "aws_kms_dsse" => Some("aws:kms:dsse".into()),
        _ => None,
    }
}

/// Whether a flag of the public access block is on.
fn flag(on: &Value, name: &str) -> Option<Json> {
    match on {
        Value::Set(on) => Some(on.contains(name).into()),
        _ => None,
    }
}

/// The normal form of a prefix: itself.
fn prefix(prefix: &str) -> Result<Text, String> {
    if prefix.len() > LONGEST_KEY {
        return Err(format!("a key has at most {LONGEST_KEY} bytes; expected a prefix such as `AWSLogs/`"));
    }
    if prefix.chars().any(char::is_control) {
        return Err("a lifecycle rule cannot name control characters; expected a prefix such as `AWSLogs/`".into());
    }
    match prefix.strip_prefix("s3://") {
        Some(rest) => {
            let key = rest.split_once('/').map_or("", |(_, key)| key);
            Err(format!("a prefix begins behind the bucket's name: `{key}`"))
        }
        None => Ok(prefix.into()),
    }
}

/// What was asked of one bucket, and what came of it. A field that was not asked for is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// `Name`.
    pub name: String,
    /// `BucketRegion`.
    pub region: String,
    /// ARN.
    pub arn: String,
    /// `GetBucketEncryption`: the default algorithm as a word of [`ENCRYPTION`].
    pub encryption: Option<Result<&'static str, Reason>>,
    /// `GetPublicAccessBlock`: the flags that are on, as words of [`PUBLIC_ACCESS`].
    pub public_access_block: Option<Result<BTreeSet<&'static str>, Reason>>,
    /// `GetBucketLifecycleConfiguration`; no configuration is no rules.
    pub rules: Option<Result<Vec<Rule>, Reason>>,
    /// `GetBucketVersioning`.
    pub versioning: Option<Result<Versioning, Reason>>,
}

impl Bucket {
    /// An attribute other than tags.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<Reading> {
        match name {
            "arn" => Some(Reading::Value(Value::string(&self.arn))),
            "name" => Some(Reading::Value(Value::string(&self.name))),
            "region" => Some(Reading::Value(Value::string(&self.region))),
            "versioning" => self.versioning.as_ref().map(|answer| read(answer, |it| Value::string(it.word()))),
            _ => None,
        }
    }

    /// A setting.
    #[must_use]
    pub fn setting(&self, setting: &SettingName) -> Option<Reading> {
        match (&*setting.name, setting.key.as_deref()) {
            ("encryption", _) => self.encryption.as_ref().map(|answer| read(answer, |word| Value::string(word))),
            ("public_access_block", _) => {
                self.public_access_block.as_ref().map(|answer| read(answer, |flags| Value::set(flags.iter().copied())))
            }
            ("retention", Some(prefix)) => self.retention(prefix),
            ("retention_limit", Some(prefix)) => self.of_rules(|rules, versioning| gone(rules, versioning, prefix)),
            _ => None,
        }
    }

    /// Versioning is needed, and a denial of it hides something, only where a rule expires objects under the prefix.
    fn of_rules(&self, read_rules: impl Fn(&[Rule], Option<Versioning>) -> Option<Retention>) -> Option<Reading> {
        let rules = match self.rules.as_ref()? {
            Ok(rules) => rules,
            Err(reason) => return Some(Reading::Unknown(reason.clone())),
        };
        let versioning = self.versioning.as_ref().and_then(|answer| answer.as_ref().ok().copied());
        match (read_rules(rules, versioning), &self.versioning) {
            (Some(retention), _) => Some(Reading::Value(Value::Retention(retention))),
            (None, Some(Err(reason))) => Some(Reading::Unknown(reason.clone())),
            (None, _) => None,
        }
    }

    fn retention(&self, prefix: &str) -> Option<Reading> {
        let reading = self.of_rules(|rules, versioning| kept(rules, versioning, prefix))?;
        let rules = self.rules.iter().flatten().flatten();
        match (reading, rules.clone().find(|rule| rule.reaches(prefix) && rule.days() == Some(0))) {
            (Reading::Value(value), Some(rule)) => {
                let id = rule.id.as_deref().unwrap_or("without an id");
                Some(Reading::Held(value, format!("lifecycle rule `{id}` expires objects on a date").into()))
            }
            (reading, _) => Some(reading),
        }
    }

    /// Whether what is asked under any of these prefixes needs the bucket's versioning.
    #[must_use]
    pub fn needs_versioning<'a>(rules: &[Rule], mut prefixes: impl Iterator<Item = &'a str>) -> bool {
        prefixes.any(|prefix| kept(rules, None, prefix).is_none() || gone(rules, None, prefix).is_none())
    }
}

fn read<T>(answer: &Result<T, Reason>, value: impl FnOnce(&T) -> Value) -> Reading {
    match answer {
        Ok(answer) => Reading::Value(value(answer)),
        Err(reason) => Reading::Unknown(reason.clone()),
    }
}

#[cfg(test)]
mod tests;
