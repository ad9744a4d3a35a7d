//! Values of the language as values of a setting's type.

use super::{Mismatch, Type, encode};
use crate::Text;
use crate::cidr::CidrSet;
use crate::diagnostic::nearest;
use crate::duration::{Calendar, Duration};
use crate::instant::{Instant, Moment};
use crate::ratio::Ratio;
use crate::retention::Retention;
use crate::size::Size;
use crate::value::Value;
use crate::version::Version;
use std::sync::Arc;

impl Type {
    /// The value as one of this type: untyped text with a unit becomes a span of time, a list a set. `null` stays.
    ///
    /// # Errors
    /// What was expected instead; a bare number where a span of time belongs is offered a unit.
    pub fn convert(&self, value: &Value, calendar: Calendar) -> Result<Value, Mismatch> {
        match (self, value) {
            (_, Value::Null) => Ok(Value::Null),
            (Type::Bool, Value::Bool(_)) | (Type::String, Value::String(_)) => Ok(value.clone()),
            (Type::Integer, Value::Number(number)) if number.as_i64().is_some() => Ok(value.clone()),
            (Type::Ratio, Value::Number(number)) if Ratio::of(number).is_some() => Ok(value.clone()),
            (Type::Ratio, Value::String(text)) => {
                Ratio::parse(text).map(|ratio| Value::Number(ratio.number())).ok_or_else(|| self.expected())
            }
            (Type::Size, Value::Size(_)) => Ok(value.clone()),
            (Type::Size, Value::String(text)) => Ok(Value::Size(Size::parse(text)?)),
            (Type::Size, Value::Number(number)) => {
                Err(Size::parse(&number.to_string()).err().unwrap_or_else(|| self.expected()))
            }
            (Type::Enum(_), Value::String(text)) => self.member(text).map(Value::String),
            (Type::Duration, Value::Duration(_)) | (Type::Retention, Value::Retention(_)) => Ok(value.clone()),
            (Type::Duration, Value::String(text)) => Ok(Value::Duration(Duration::parse(text, calendar)?)),
            (Type::Retention, Value::Duration(span)) => Ok(Value::Retention(Retention::exactly(span)?)),
            (Type::Retention, Value::String(text)) => match Duration::parse(text, calendar) {
                Ok(span) => Ok(Value::Retention(Retention::exactly(&span)?)),
                Err(_) => Ok(Value::Retention(Retention::parse(text)?)),
            },
            (Type::Instant, Value::Instant(_)) | (Type::Version, Value::Version(_)) => Ok(value.clone()),
            (Type::Instant, Value::String(text)) => self.instant(text),
            (Type::Version, Value::String(text)) => {
                Version::parse(text).map(Value::Version).ok_or_else(|| self.expected())
            }
            (Type::Version, Value::Number(number)) => Err(self.expected().offer(number.to_string())),
            (Type::Duration | Type::Retention, Value::Number(number)) if number.is_whole() => {
                Err(self.expected().offer(format!("{number}d")))
            }
            (Type::Cidrs, Value::Cidrs(_)) => Ok(value.clone()),
            (Type::Tags, Value::Object(tags)) if tags.values().all(|tag| tag.as_str().is_some()) => Ok(value.clone()),
            (Type::Cidrs, Value::List(items)) => {
                let texts: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
                Ok(Value::Cidrs(CidrSet::parse(texts.ok_or_else(|| self.expected())?)?))
            }
            (Type::Cidrs, Value::Set(members)) => Ok(Value::Cidrs(CidrSet::parse(members.iter().map(|text| &**text))?)),
            (Type::Strings(_), Value::Set(members)) => self.members(members.iter().map(|text| Some(&**text))),
            (Type::Strings(_), Value::List(items)) => self.members(items.iter().map(Value::as_str)),
            _ => Err(self.expected()),
        }
    }

    /// Whether a value is one of this type as its JSON form would be read back.
    ///
    /// # Errors
    /// What was expected instead.
    pub fn check(&self, value: &Value) -> Result<(), Mismatch> {
        let plain = match (self, value) {
            (_, Value::Null) | (Type::Bool, Value::Bool(_)) | (Type::String, Value::String(_)) => true,
            (Type::Enum(members), Value::String(text)) => members.contains(&&**text),
            (Type::Retention, Value::Retention(retention)) => *retention != Retention::Days(0),
            (Type::Strings(None), Value::Set(_)) => true,
            (Type::Tags, Value::Object(tags)) => tags.values().all(|tag| tag.as_str().is_some()),
            // These have limits of their own, which reading knows.
            _ => false,
        };
        if plain { Ok(()) } else { self.decode(&encode(value)).map(drop) }
    }

    /// The moment that a text names; of a date its first.
    fn instant(&self, text: &str) -> Result<Value, Mismatch> {
        Instant::parse(text).map(Value::Instant).ok_or_else(|| match Moment::parse(text) {
            Some(day) => self.expected().offer(day.start.to_string()),
            None => self.expected(),
        })
    }

    /// The text as a member of an enum or of a set of strings.
    pub(super) fn member(&self, text: &str) -> Result<Text, Mismatch> {
        let members = match self {
            Type::Enum(members) | Type::Strings(Some(members)) if !members.contains(&text) => members,
            _ => return Ok(text.into()),
        };
        let expected = Mismatch::new(format!("one of {}", quoted(members)));
        match nearest(text, members.iter().copied()) {
            Some(near) => Err(expected.offer(near)),
            None => Err(expected),
        }
    }

    fn members<'a>(&self, texts: impl Iterator<Item = Option<&'a str>>) -> Result<Value, Mismatch> {
        let member = |text: Option<&str>| {
            let text = text.ok_or_else(|| self.expected())?;
            self.member(text).map_err(|mismatch| mismatch.part(text))
        };
        Ok(Value::Set(Arc::new(texts.map(member).collect::<Result<_, _>>()?)))
    }

    /// The mismatch of a value that is nothing like this type.
    pub(crate) fn expected(&self) -> Mismatch {
        Mismatch::new(match self {
            Type::Bool => "`true` or `false`".to_owned(),
            Type::String => "a string".to_owned(),
            Type::Integer => "a whole number that fits 64 bits".to_owned(),
            Type::Ratio => Ratio::EXPECTED.to_owned(),
            Type::Size => Size::EXPECTED.to_owned(),
            Type::Duration => "a span of time with a unit such as `365d` or `24h`".to_owned(),
            Type::Enum(members) => format!("one of {}", quoted(members)),
            Type::Retention => "a span of time with a unit such as `365d`, or `disabled` or `unlimited`".to_owned(),
            Type::Instant => "a moment such as `2027-01-31T00:00:00Z`".to_owned(),
            Type::Version => "a version of at most three numbers such as `1.29.3`".to_owned(),
            Type::Cidrs => "a list of CIDR blocks such as `[\"10.0.0.0/8\"]`".to_owned(),
            Type::Strings(None) => "a list of strings".to_owned(),
            Type::Strings(Some(members)) => format!("a list of some of {}", quoted(members)),
            Type::Tags => "an object of strings".to_owned(),
        })
    }
}

fn quoted(members: &[&str]) -> String {
    members.iter().map(|member| format!("`{member}`")).collect::<Vec<_>>().join(", ")
}
