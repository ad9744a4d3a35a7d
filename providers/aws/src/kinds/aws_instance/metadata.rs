//! The instance metadata service's options, which instances, launch templates and account defaults share.
//!
//! <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html>

use ordain_model::domain::Domain;
use ordain_model::observation::{Cause, Reading, Reason};
use ordain_model::schema::{Exposes, Setting, Stricter, WriteClass};
use ordain_model::types::Type;
use ordain_model::value::Value;
use serde::Deserialize;

/// Whether requests to the metadata service must carry a session token, from the weakest.
pub const TOKENS: &[&str] = &["optional", "required"];

/// Why there is no hop limit to judge.
pub const OFF: &str = "the metadata service is switched off";

/// Options as instances and launch templates carry them; what is absent is not set.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(default, rename_all = "camelCase")]
pub struct MetadataOptions {
    /// `pending` while a change is on its way to the instance, else `applied`.
    pub state: Option<String>,
    /// `optional` or `required`.
    pub http_tokens: Option<String>,
    /// 1 to 64.
    pub http_put_response_hop_limit: Option<i64>,
    /// `enabled` or `disabled`: whether the service answers at all.
    pub http_endpoint: Option<String>,
    /// Whether the service answers over IPv6.
    pub http_protocol_ipv6: Option<String>,
    /// Whether the service gives out the instance's tags.
    pub instance_metadata_tags: Option<String>,
}

/// The settings of a kind that carries these options: both are read and written together.
#[must_use]
pub const fn settings(
    unit: &'static str,
    read_actions: &'static [&'static str],
    write_actions: &'static [&'static str],
    source: &'static str,
) -> [Setting; 2] {
    let tokens = Setting {
        name: "metadata_tokens",
        summary: "Whether the metadata service answers only requests with a session token (IMDSv2). A service that is \
                  switched off answers nobody and reads as required.",
        of: Type::Enum(TOKENS),
        domain: Domain::Any,
        stricter: Stricter::Later,
        keyed: None,
        join: None,
        unit,
        class: WriteClass::Safe,
        exposes: Exposes::Nothing,
        read_actions,
        write_actions,
        source,
    };
    let hop_limit = Setting {
        name: "metadata_hop_limit",
        summary: "Network hops that an answer with a session token may travel, 1 to 64. Containers on the instance \
                  need 2.",
        of: Type::Integer,
        domain: Domain::Integers(1, 64),
        stricter: Stricter::Lesser,
        keyed: None,
        join: None,
        ..tokens
    };
    [hop_limit, tokens]
}

impl MetadataOptions {
    fn is_off(&self) -> bool {
        self.http_endpoint.as_deref() == Some("disabled")
    }
}

/// What `metadata_tokens` is under these options.
#[must_use]
pub fn read_tokens(options: &MetadataOptions) -> Reading {
    match options.http_tokens.as_deref() {
        _ if options.is_off() => Reading::Value(Value::string("required")),
        Some(known) if TOKENS.contains(&known) => Reading::Value(Value::string(known)),
        _ => unreadable("httpTokens"),
    }
}

/// What `metadata_hop_limit` is under these options.
#[must_use]
pub fn read_hop_limit(options: &MetadataOptions) -> Reading {
    match options.http_put_response_hop_limit {
        _ if options.is_off() => Reading::NotApplicable(OFF.into()),
        Some(hops @ 1..=64) => Reading::Value(Value::integer(hops)),
        _ => unreadable("httpPutResponseHopLimit"),
    }
}

fn unreadable(field: &str) -> Reading {
    Reading::Unknown(Reason::new(Cause::Unreadable, format!("{field} has a value that is not documented")))
}
