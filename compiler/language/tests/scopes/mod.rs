//! A scope like that of a profile: variables, an object, and all objects of a kind.

use ordain_language::evaluate::{Root, Scope, unknown_name};
use ordain_language::syntax::Name;
use ordain_model::Text;
use ordain_model::cidr::CidrSet;
use ordain_model::diagnostic::Diagnostic;
use ordain_model::duration::{Calendar, Duration};
use ordain_model::observation::{Cause, Reason};
use ordain_model::retention::Retention;
use ordain_model::value::Value;
use std::collections::BTreeMap;

/// `var`, `self` and `all`.
pub struct Sample;

/// An unknown value whose reason is this text.
pub fn unknown(why: &str) -> Value {
    Value::unknown(Reason::new(Cause::Denied, why))
}

pub fn object<'a>(fields: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
    Value::object(fields.into_iter().map(|(name, value)| (Text::from(name), value)))
}

fn days(text: &str) -> Value {
    Duration::parse(text, Calendar::Strict).map_or(Value::Null, Value::Duration)
}

fn variables() -> BTreeMap<&'static str, Value> {
    BTreeMap::from([
        ("denied", unknown("denied")),
        ("failed", unknown("failed")),
        ("empty", Value::Null),
        ("log_retention", days("365d")),
        ("month", days("1mo")),
        ("names", Value::list([Value::string("a"), Value::string("b")])),
        ("some", Value::list([Value::Bool(true), unknown("item")])),
        ("none", Value::list([Value::Bool(false), unknown("item")])),
        ("settings", object([("mode", Value::string("x")), ("nested", object([("deep", Value::integer(5))]))])),
    ])
}

fn attributes(name: &str) -> BTreeMap<&'static str, Value> {
    let office = CidrSet::parse(["0.0.0.0/1", "128.0.0.0/1"]).map_or(Value::Null, Value::Cidrs);
    BTreeMap::from([
        ("name", Value::string(name)),
        ("tags", object([("team", Value::string("platform"))])),
        ("untagged", Value::Null),
        ("unread", unknown("denied")),
        ("retention", Value::Retention(Retention::Days(365))),
        ("forever", Value::Retention(Retention::Unlimited)),
        ("logging", Value::set(["api", "audit"])),
        ("reach", office),
    ])
}

impl Scope for Sample {
    fn root(&self, name: &str) -> Root {
        match name {
            "var" => Root::Namespace { strict: u32::MAX },
            "self" => Root::Namespace { strict: 1 },
            "all" => Root::Namespace { strict: 3 },
            "x" => Root::Value(Value::integer(7)),
            _ => Root::Absent,
        }
    }

    fn member(&self, root: &str, name: &Name) -> Result<Value, Box<Diagnostic>> {
        if root == "all" {
            return Ok(Value::list(["one", "two"].map(|name| object(attributes(name)))));
        }
        let (members, what) = if root == "var" {
            (variables(), "a variable")
        } else {
            (attributes("/aws/eks/a"), "an attribute of `sample`")
        };
        members.get(&*name.text).cloned().ok_or_else(|| unknown_name(name, what, members.keys().copied()))
    }

    fn roots(&self) -> Vec<Text> {
        ["all", "self", "var", "x"].map(Text::from).into()
    }
}
