//! [`Type`]: what the values of a setting or attribute are, and their JSON form in snapshots, estates and plans.
//!
//! | type | JSON |
//! |---|---|
//! | bool | `true` |
//! | string, enum | `"required"` |
//! | integer | `35` |
//! | duration | `"90d"` |
//! | retention | `"disabled"`, `"365d"`, `"unlimited"` |
//! | set of strings | `["api", "audit"]`, sorted |
//! | CIDR set | `["10.0.0.0/8"]`, in the spelling that was read |
//! | tags | `{"team": "platform"}` |
//!
//! `null` stands for "not set" in every type.

use crate::value::Value;

/// The type of a setting or attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// `true` or `false`.
    Bool,
    /// Any text.
    String,
    /// A whole number that fits 64 bits.
    Integer,
    /// A span of time.
    Duration,
    /// One of these, from the weakest to the strictest.
    Enum(&'static [&'static str]),
    /// How long something is kept: `disabled < finite(days) < unlimited`.
    Retention,
    /// A set of addresses, compared by coverage.
    Cidrs,
    /// A set of strings; with members, a set of some of these.
    Strings(Option<&'static [&'static str]>),
    /// Names to texts. Attributes only.
    Tags,
}

/// Why a JSON value is not of a type: what was expected, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// For example "one of `optional`, `required`".
    pub expected: String,
}

impl Type {
    /// What messages call it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Type::Bool => "bool",
            Type::String => "string",
            Type::Integer => "integer",
            Type::Duration => "duration",
            Type::Enum(_) => "enum",
            Type::Retention => "retention",
            Type::Cidrs => "CIDR set",
            Type::Strings(_) => "set of strings",
            Type::Tags => "tags",
        }
    }

    /// Reads the JSON form.
    ///
    /// # Errors
    /// What was expected instead.
    pub fn decode(&self, json: &serde_json::Value) -> Result<Value, Mismatch> {
        let _ = json;
        Err(Mismatch { expected: self.name().into() })
    }
}

/// The JSON form of a setting's or attribute's value.
#[must_use]
pub fn encode(value: &Value) -> serde_json::Value {
    let _ = value;
    serde_json::Value::Null
}
