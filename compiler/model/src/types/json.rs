//! The JSON form of values, in snapshots, estates and plans.

use super::{Mismatch, Type};
use crate::Text;
use crate::cidr::CidrSet;
use crate::duration::{Calendar, Duration};
use crate::instant::Instant;
use crate::number::Number;
use crate::ratio::Ratio;
use crate::retention::Retention;
use crate::size::Size;
use crate::value::{Fields, Value};
use crate::version::Version;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value as Json;
use std::sync::Arc;

/// The greatest integer up to which RFC 8785 keeps every one apart: 2^53 - 1.
const MOST_EXACT: i64 = 9_007_199_254_740_991;

impl Type {
    /// Reads the JSON form.
    ///
    /// # Errors
    /// What was expected instead.
    pub fn decode(&self, json: &Json) -> Result<Value, Mismatch> {
        match (self, json) {
            (_, Json::Null) => Ok(Value::Null),
            (Type::Bool, Json::Bool(value)) => Ok(Value::Bool(*value)),
            (Type::Integer, Json::Number(number)) => {
                let integer = number.as_i64().filter(|integer| is_exact(*integer));
                integer.map(Value::integer).ok_or_else(|| self.expected())
            }
            (Type::Integer, Json::String(text)) => {
                let integer =
                    text.parse::<i64>().ok().filter(|integer| !is_exact(*integer) && integer.to_string() == *text);
                integer.map(Value::integer).ok_or_else(|| self.expected())
            }
            (Type::Ratio, Json::Number(_) | Json::String(_)) => {
                let number = match json {
                    Json::String(text) => Number::parse(text).ok(),
                    whole => whole.as_i64().map(Number::from),
                };
                let ratio = number.filter(|number| Ratio::of(number).is_some() && encode_number(number) == *json);
                ratio.map(Value::Number).ok_or_else(|| self.expected())
            }
            (Type::Size, Json::String(text)) => {
                let size = Size::parse(text)?;
                if size.to_string() == *text {
                    Ok(Value::Size(size))
                } else {
                    Err(self.expected().offer(size.to_string()))
                }
            }
            (Type::String, Json::String(text)) => Ok(Value::string(text)),
            (Type::Enum(_), Json::String(text)) => self.member(text).map(Value::String),
            (Type::Duration, Json::String(text)) => Ok(Value::Duration(Duration::parse(text, Calendar::Strict)?)),
            (Type::Retention, Json::String(text)) => Ok(Value::Retention(Retention::parse(text)?)),
            (Type::Instant, Json::String(text)) => {
                let instant = Instant::parse(text).filter(|instant| instant.to_string() == *text);
                instant.map(Value::Instant).ok_or_else(|| self.expected())
            }
            (Type::Version, Json::String(text)) => {
                Version::parse(text).map(Value::Version).ok_or_else(|| self.expected())
            }
            (Type::Cidrs, Json::Array(items)) => Ok(Value::Cidrs(CidrSet::parse(self.texts(items)?)?)),
            (Type::Strings(_), Json::Array(items)) => {
                let members = self.texts(items)?.into_iter().map(|text| self.member(text));
                Ok(Value::Set(Arc::new(members.collect::<Result<_, _>>()?)))
            }
            (Type::Tags, Json::Object(tags)) => {
                let tag = |(name, value): (&String, &Json)| match value.as_str() {
                    Some(text) => Ok((Text::from(name.as_str()), Value::string(text))),
                    None => Err(self.expected()),
                };
                Ok(Value::Object(Arc::new(tags.iter().map(tag).collect::<Result<_, _>>()?)))
            }
            _ => Err(self.expected()),
        }
    }

    /// Reads the text of a JSON value: as [`Type::decode`] reads the value, without making it where it is a text or tags.
    ///
    /// # Errors
    /// What was expected instead.
    pub fn read(&self, text: &str) -> Result<Value, Mismatch> {
        let plain = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        match (self, plain.filter(|text| !text.contains('\\'))) {
            (Type::String, Some(text)) => return Ok(Value::string(text)),
            (Type::Enum(_), Some(text)) => return self.member(text).map(Value::String),
            (Type::Retention, Some(text)) => return Ok(Value::Retention(Retention::parse(text)?)),
            (Type::Tags, None) => {
                if let Ok(Tags(tags)) = serde_json::from_str(text) {
                    return Ok(Value::Object(Arc::new(tags)));
                }
            }
            _ => {}
        }
        serde_json::from_str(text).map_err(|_| self.expected()).and_then(|json| self.decode(&json))
    }

    fn texts<'a>(&self, items: &'a [Json]) -> Result<Vec<&'a str>, Mismatch> {
        items.iter().map(|item| item.as_str().ok_or_else(|| self.expected())).collect()
    }
}

/// An object of texts.
struct Tags(Fields);

impl<'de> Deserialize<'de> for Tags {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Tags, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Tags;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object of strings")
            }
            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Tags, M::Error> {
                let mut tags = Vec::new();
                while let Some((Shared(name), Shared(text))) = map.next_entry()? {
                    tags.push((name, Value::String(text)));
                }
                Ok(Tags(tags.into_iter().collect()))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

/// A text, copied once.
struct Shared(Text);

impl<'de> Deserialize<'de> for Shared {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Shared, D::Error> {
        struct Copied;
        impl Visitor<'_> for Copied {
            type Value = Shared;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a string")
            }
            fn visit_str<E>(self, text: &str) -> Result<Shared, E> {
                Ok(Shared(text.into()))
            }
        }
        deserializer.deserialize_str(Copied)
    }
}

fn is_exact(integer: i64) -> bool {
    (-MOST_EXACT..=MOST_EXACT).contains(&integer)
}

/// The JSON form of a setting's or attribute's value.
///
/// What only a profile's variables hold has a form too: lists and objects are JSON's, numbers that are not 64-bit
/// integers are text, a bound is its spelling, and what is not known is an object that says so.
#[must_use]
pub fn encode(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(number) => encode_number(number),
        Value::String(text) => Json::from(&**text),
        Value::Size(size) => Json::from(size.to_string()),
        Value::Duration(duration) => Json::from(duration.to_string()),
        Value::Retention(retention) => Json::from(retention.to_string()),
        Value::Instant(instant) => Json::from(instant.to_string()),
        Value::Version(version) => Json::from(version.to_string()),
        Value::Cidrs(cidrs) => cidrs.entries().iter().map(|block| Json::from(block.to_string())).collect(),
        Value::Set(members) => members.iter().map(|member| Json::from(&**member)).collect(),
        Value::List(items) => items.iter().map(encode).collect(),
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.to_string(), encode(value))).collect(),
        Value::Bound(term) => Json::from(term.to_string()),
        Value::Deferred(call) => {
            let arguments: Json =
                call.arguments.iter().map(|(name, value)| (name.to_string(), encode(value))).collect();
            serde_json::json!({ "function": &*call.function, "arguments": arguments })
        }
        Value::Unknown(reason) => serde_json::json!({ "unknown": &*reason.detail }),
    }
}

fn encode_number(number: &Number) -> Json {
    match number.as_i64() {
        Some(integer) if is_exact(integer) => Json::from(integer),
        _ => Json::from(number.to_string()),
    }
}
