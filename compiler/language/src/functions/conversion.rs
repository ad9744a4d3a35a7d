//! Conversions between types.

use super::{Code, Failure, Function, Of, parameter};
use crate::evaluate::convert;
use ordain_model::value::Value;
use std::sync::Arc;

const VALUE: &[super::Parameter] = &[parameter("value", Of::Any)];

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "tobool",
        parameters: VALUE,
        rest: None,
        summary: "A bool of `true`, `false` or one of the texts.",
        examples: &[("tobool(\"true\")", "true")],
        errors: &[("tobool(\"yes\")", "`tobool`: expected `true` or `false`, found \"yes\"")],
        code: Code::Strict(|given| match given.value(0) {
            Value::Null => Ok(Value::Null),
            value => convert::truth(&value)
                .map(Value::Bool)
                .ok_or_else(|| Failure::Argument(0, format!("expected `true` or `false`, found {value}"))),
        }),
    },
    Function {
        name: "tolist",
        parameters: VALUE,
        rest: None,
        summary: "The items of a list or set as a list of one type.",
        examples: &[("tolist(toset([\"b\", \"a\"]))", "[\"a\", \"b\"]")],
        errors: &[("tolist(\"a\")", "`tolist`: expected a list or a set, found a string")],
        code: Code::Strict(|given| match given.value(0) {
            Value::Null => Ok(Value::Null),
            value => match convert::items(&value) {
                Some(items) => Ok(Value::List(convert::unified(&items))),
                None => Err(Failure::Argument(0, format!("expected a list or a set, found {}", value.sort()))),
            },
        }),
    },
    Function {
        name: "tomap",
        parameters: VALUE,
        rest: None,
        summary: "An object whose values are of one type.",
        examples: &[("tomap({ a = 1, b = \"x\" })", "{ a = \"1\", b = \"x\" }")],
        errors: &[("tomap([\"a\"])", "`tomap`: expected an object, found a list")],
        code: Code::Strict(|given| match given.value(0) {
            Value::Null => Ok(Value::Null),
            Value::Object(fields) => {
                let values: Vec<Value> = fields.values().cloned().collect();
                let values = convert::unified(&values);
                Ok(Value::Object(Arc::new(fields.keys().cloned().zip(values.iter().cloned()).collect())))
            }
            value => Err(Failure::Argument(0, format!("expected an object, found {}", value.sort()))),
        }),
    },
    Function {
        name: "tonumber",
        parameters: VALUE,
        rest: None,
        summary: "The number that a text reads as.",
        examples: &[("tonumber(\"1.5\")", "1.5")],
        errors: &[("tonumber(\"five\")", "`tonumber`: expected a number, found \"five\"")],
        code: Code::Strict(|given| match given.value(0) {
            Value::Null => Ok(Value::Null),
            value => convert::number(&value)
                .map(Value::Number)
                .ok_or_else(|| Failure::Argument(0, format!("expected a number, found {value}"))),
        }),
    },
    Function {
        name: "tostring",
        parameters: VALUE,
        rest: None,
        summary: "The text of a number, a bool or a span of time.",
        examples: &[("tostring(1.50)", "\"1.5\"")],
        errors: &[("tostring([\"a\"])", "`tostring`: expected a string, a number or a bool, found a list")],
        code: Code::Strict(|given| match given.value(0) {
            Value::Null => Ok(Value::Null),
            value => {
                let text = convert::text(&value).map(Value::String);
                text.ok_or_else(|| {
                    Failure::Argument(0, format!("expected a string, a number or a bool, found {}", value.sort()))
                })
            }
        }),
    },
];
