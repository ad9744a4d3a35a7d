//! Objects.

use super::{Code, Failure, Function, Of, optional, parameter};
use crate::evaluate::convert;
use ordain_model::Text;
use ordain_model::diagnostic::nearest;
use ordain_model::value::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "keys",
        parameters: &[parameter("object", Of::Object)],
        rest: None,
        summary: "The keys of an object, sorted.",
        examples: &[("keys({ b = 1, a = 2 })", "[\"a\", \"b\"]")],
        errors: &[("keys([\"a\"])", "`object` is a list: expected an object")],
        code: Code::Shallow(|given| Ok(Value::list(given.object(0).keys().map(|key| Value::String(key.clone()))))),
    },
    Function {
        name: "lookup",
        parameters: &[parameter("object", Of::Object), parameter("key", Of::Text), optional("default", Of::Any)],
        rest: None,
        summary: "The value under a key, or a default where the object has no such key.",
        examples: &[
            ("lookup({ team = \"a\" }, \"team\", \"none\")", "\"a\""),
            ("lookup({}, \"team\", \"none\")", "\"none\""),
        ],
        errors: &[("lookup({ a = 1 }, \"b\")", "`lookup`: the object has no key `b`")],
        code: Code::Lenient(|given| {
            if let Some(unknown) = given.values.iter().take(2).find(|value| matches!(value, Value::Unknown(_))) {
                return Ok(unknown.clone());
            }
            let (fields, key) = (given.object(0), given.text(1));
            match fields.get(key) {
                Some(value) => Ok(value.clone()),
                None if given.has(2) => Ok(given.value(2)),
                None => Err(Failure::Argument(
                    1,
                    match nearest(key, fields.keys().map(|key| &**key)) {
                        Some(near) => format!("the object has no key `{key}`; the nearest is `{near}`"),
                        None => format!("the object has no key `{key}`"),
                    },
                )),
            }
        }),
    },
    Function {
        name: "merge",
        parameters: &[],
        rest: Some(parameter("objects", Of::Any)),
        summary: "One object of the keys of several; of equal keys the last counts.",
        examples: &[("merge({ a = 1, b = 1 }, { b = 2 })", "{ a = 1, b = 2 }")],
        errors: &[("merge({ a = 1 }, [\"b\"])", "`merge`: expected an object, found a list")],
        code: Code::Shallow(|given| {
            let mut merged: BTreeMap<Text, Value> = BTreeMap::new();
            for (at, value) in given.values.iter().enumerate() {
                match value {
                    Value::Null => {}
                    Value::Object(fields) => {
                        given.spend(fields.len())?;
                        merged.extend(fields.iter().map(|(key, value)| (key.clone(), value.clone())));
                    }
                    other => return Err(Failure::Argument(at, format!("expected an object, found {}", other.sort()))),
                }
            }
            Ok(Value::object(merged))
        }),
    },
    Function {
        name: "values",
        parameters: &[parameter("object", Of::Object)],
        rest: None,
        summary: "The values of an object, in the order of its keys.",
        examples: &[("values({ b = 1, a = 2 })", "[2, 1]")],
        errors: &[("values([\"a\"])", "`object` is a list: expected an object")],
        code: Code::Shallow(|given| Ok(Value::list(given.object(0).values().cloned()))),
    },
    Function {
        name: "zipmap",
        parameters: &[parameter("keys", Of::Texts), parameter("values", Of::List)],
        rest: None,
        summary: "An object of keys and as many values.",
        examples: &[("zipmap([\"a\", \"b\"], [1, 2])", "{ a = 1, b = 2 }")],
        errors: &[("zipmap([\"a\", \"b\"], [1])", "`zipmap`: keys and values differ in number: 2 and 1")],
        code: Code::Strict(|given| {
            let (keys, values) = (given.list(0), given.list(1));
            if keys.len() != values.len() {
                return Err(Failure::Call(format!(
                    "keys and values differ in number: {} and {}",
                    keys.len(),
                    values.len()
                )));
            }
            let key = |key: &Value| convert::text(key).unwrap_or_default();
            Ok(Value::Object(Arc::new(keys.iter().map(key).zip(values.iter().cloned()).collect())))
        }),
    },
];
