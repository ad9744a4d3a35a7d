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

mod convert;
mod json;

pub use json::encode;

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

/// Why a value is not of a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// What was expected, in words, for example "one of `optional`, `required`".
    pub expected: String,
    /// A value that would do and may be meant, for example `365d` for `365`.
    pub offer: Option<String>,
}

impl Mismatch {
    /// A mismatch that offers nothing.
    #[must_use]
    pub fn new(expected: impl Into<String>) -> Mismatch {
        Mismatch { expected: expected.into(), offer: None }
    }

    /// Offers a value that may be meant.
    #[must_use]
    pub fn offer(self, offer: impl Into<String>) -> Mismatch {
        Mismatch { offer: Some(offer.into()), ..self }
    }
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
}
