//! [`Type`]: what the values of a setting or attribute are, and their JSON form in snapshots, estates and plans.
//!
//! | type | JSON |
//! |---|---|
//! | bool | `true` |
//! | string, enum | `"required"` |
//! | integer | `35` |
//! | ratio | `"0.25"`, `1`: exact, never a binary fraction |
//! | size | `"10GiB"`, in the greatest unit that it is a whole number of |
//! | duration | `"90d"` |
//! | retention | `"disabled"`, `"365d"`, `"unlimited"` |
//! | instant | `"2027-01-31T00:00:00Z"`, in UTC to the second |
//! | version | `"1.30"`, in the spelling that was read |
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
    /// A part of a whole: a number of at least 0 with at most nine decimal places.
    Ratio,
    /// A span of time.
    Duration,
    /// A number of bytes.
    Size,
    /// One of these, from the weakest to the strictest.
    Enum(&'static [&'static str]),
    /// How long something is kept: `disabled < finite(days) < unlimited`.
    Retention,
    /// A moment in UTC, to the second.
    Instant,
    /// A version of at most three numbers: `1.9 < 1.30.0-rc.1 < 1.30`.
    Version,
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
    /// The member of a list that is wrong, when it is not the whole value; the offer stands for it.
    pub part: Option<String>,
}

impl Mismatch {
    /// A mismatch that offers nothing.
    #[must_use]
    pub fn new(expected: impl Into<String>) -> Mismatch {
        Mismatch { expected: expected.into(), offer: None, part: None }
    }

    /// Offers a value that may be meant.
    #[must_use]
    pub fn offer(self, offer: impl Into<String>) -> Mismatch {
        Mismatch { offer: Some(offer.into()), ..self }
    }

    /// Names the member of a list that is wrong.
    #[must_use]
    pub fn part(self, part: impl Into<String>) -> Mismatch {
        Mismatch { part: Some(part.into()), ..self }
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
            Type::Ratio => "ratio",
            Type::Duration => "duration",
            Type::Size => "size",
            Type::Enum(_) => "enum",
            Type::Retention => "retention",
            Type::Instant => "instant",
            Type::Version => "version",
            Type::Cidrs => "CIDR set",
            Type::Strings(_) => "set of strings",
            Type::Tags => "tags",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::duration::Calendar;
    use crate::retention::Retention;
    use crate::value::Value;
    use serde_json::json;

    const TOKENS: Type = Type::Enum(&["optional", "required"]);
    const LOGS: Type = Type::Strings(Some(&["api", "audit"]));

    #[test]
    fn what_is_encoded_decodes_as_the_same() {
        for (of, json) in [
            (Type::Bool, json!(true)),
            (Type::String, json!("x")),
            (Type::Integer, json!(-35)),
            (Type::Integer, json!("9007199254740992")),
            (Type::Integer, json!("-9223372036854775808")),
            (Type::Ratio, json!("0.25")),
            (Type::Ratio, json!(1)),
            (Type::Size, json!("10GiB")),
            (Type::Size, json!("1500B")),
            (Type::Duration, json!("1y6mo")),
            (TOKENS, json!("required")),
            (Type::Retention, json!("365d")),
            (Type::Retention, json!("unlimited")),
            (Type::Instant, json!("2027-01-31T00:00:00Z")),
            (Type::Version, json!("1.30")),
            (Type::Version, json!("v1.30.1-rc.2+build")),
            (Type::Cidrs, json!(["203.0.113.0/24", "10.0.0.0/8"])),
            (Type::Cidrs, json!([])),
            (LOGS, json!(["api", "audit"])),
            (Type::Strings(None), json!(["a", "b"])),
            (Type::Tags, json!({"team": "platform"})),
            (Type::Cidrs, json!(null)),
        ] {
            let value = of.decode(&json).unwrap();
            assert_eq!(encode(&value), json, "{of:?}");
            assert_eq!((of.read(&json.to_string()), of.check(&value)), (Ok(value), Ok(())), "{of:?}");
        }
    }

    #[test]
    fn what_is_not_of_the_type_is_refused() {
        for (of, json) in [
            (Type::Bool, json!("true")),
            (Type::String, json!(1)),
            (Type::Integer, json!(1.5)),
            (Type::Integer, json!("35")),
            (Type::Integer, json!("09007199254740993")),
            (Type::Integer, json!(9_007_199_254_740_993_i64)),
            (Type::Integer, json!(18_446_744_073_709_551_615_u64)),
            (TOKENS, json!("Required")),
            (Type::Ratio, json!(0.25)),
            (Type::Ratio, json!("25%")),
            (Type::Ratio, json!("0.250")),
            (Type::Ratio, json!(-1)),
            (Type::Size, json!(1024)),
            (Type::Size, json!("1024B")),
            (Type::Size, json!("10G")),
            (Type::Duration, json!("90")),
            (Type::Retention, json!(365)),
            (Type::Retention, json!("0d")),
            (Type::Retention, json!("12mo")),
            (Type::Instant, json!("2027-01-31")),
            (Type::Instant, json!("2027-01-31T01:00:00+01:00")),
            (Type::Instant, json!("2027-01-31T00:00:00.5Z")),
            (Type::Version, json!("1.x")),
            (Type::Version, json!(1.5)),
            (Type::Cidrs, json!("10.0.0.0/8")),
            (Type::Cidrs, json!(["10.0.0.1/8"])),
            (LOGS, json!(["scheduler"])),
            (LOGS, json!([1])),
            (Type::Tags, json!({"team": 1})),
            (Type::Tags, json!([])),
        ] {
            assert!(of.decode(&json).is_err(), "{of:?} reads {json}");
            assert_eq!(of.read(&json.to_string()), of.decode(&json), "{of:?} reads {json}");
        }
        assert_eq!(TOKENS.decode(&json!("requird")).unwrap_err().offer.as_deref(), Some("required"));
    }

    #[test]
    fn the_text_of_a_value_reads_as_the_value() {
        assert_eq!(Type::String.read("\"a\\u0041\""), Ok(Value::string("aA")));
        assert!(Type::String.read("\"\\ud800\"").is_err());
        let tags = Type::Tags.read("{\"b\": \"1\", \"a\": \"\\n\", \"b\": \"2\"}");
        let twice = [("a", "\n"), ("b", "2")].map(|(name, text)| (name.into(), Value::string(text)));
        assert_eq!(tags, Ok(Value::object(twice)));
    }

    #[test]
    fn what_would_not_read_back_is_not_of_the_type() {
        for (of, value) in [
            (Type::Bool, Value::string("true")),
            (Type::Integer, Value::string("1")),
            (TOKENS, Value::string("Required")),
            (Type::Retention, Value::Retention(Retention::Days(0))),
            (LOGS, Value::set(["scheduler"])),
            (Type::Tags, Value::object([("team".into(), Value::integer(1))])),
            (Type::Cidrs, Value::set(["10.0.0.1/8"])),
        ] {
            assert!(of.check(&value).is_err(), "{of:?} holds {value}");
        }
    }

    #[test]
    fn language_values_take_the_type_of_the_setting() {
        let convert = |of: Type, value: Value| of.convert(&value, Calendar::Nominal);
        let listed = Value::list([Value::string("audit"), Value::string("api"), Value::string("api")]);
        assert_eq!(convert(LOGS, listed.clone()), Ok(Value::set(["api", "audit"])));
        assert!(convert(Type::Cidrs, listed).is_err());
        assert_eq!(convert(Type::Retention, Value::string("1y")), Ok(Value::Retention(Retention::Days(365))));
        assert_eq!(convert(Type::Retention, Value::string("unlimited")), Ok(Value::Retention(Retention::Unlimited)));
        assert_eq!(convert(Type::Retention, Value::integer(365)).unwrap_err().offer.as_deref(), Some("365d"));
        assert_eq!(convert(Type::Duration, Value::string("365")).unwrap_err().offer.as_deref(), Some("365d"));
        assert_eq!(convert(Type::Version, Value::string("1.30")), convert(Type::Version, Value::string("1.30.0")));
        let moment = |text| convert(Type::Instant, Value::string(text));
        assert_eq!(moment("2027-01-31T01:00:00.5+01:00"), moment("2027-01-31T00:00:00Z"));
        assert_eq!(moment("2027-01-31").unwrap_err().offer.as_deref(), Some("2027-01-31T00:00:00Z"));
        assert_eq!(convert(Type::Version, Value::Number(1.into())).unwrap_err().offer.as_deref(), Some("1"));
        assert_eq!(convert(Type::Integer, Value::integer(3)), Ok(Value::integer(3)));
        assert!(convert(Type::Integer, Value::string("3")).is_err());
        let number = |text| Value::Number(crate::number::Number::parse(text).unwrap());
        assert_eq!(convert(Type::Ratio, Value::string("12.5%")), Ok(number("0.125")));
        assert_eq!(convert(Type::Ratio, number("0.25")), Ok(number("0.25")));
        assert!(convert(Type::Ratio, Value::integer(-1)).is_err());
        assert_eq!(convert(Type::Size, Value::string("1024MiB")), convert(Type::Size, Value::string("1GiB")));
        assert_eq!(convert(Type::Size, Value::integer(10)).unwrap_err().offer.as_deref(), Some("10GiB"));
        assert_eq!(convert(TOKENS, Value::Null), Ok(Value::Null));
    }
}
