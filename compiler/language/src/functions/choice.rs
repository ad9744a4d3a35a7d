//! Choosing among values, and conditions over lists in three values.

use super::{Code, Failure, Function, Given, Of, Outcome, parameter};
use crate::evaluate::convert;
use ordain_model::value::Value;
use std::sync::Arc;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "alltrue",
        parameters: &[parameter("list", Of::List)],
        rest: None,
        summary: "Whether every item is true; unknown when none is false and one is unknown.",
        examples: &[("alltrue([true, true])", "true"), ("alltrue([])", "true")],
        errors: &[("alltrue([true, \"perhaps\"])", "`alltrue`: an item is a string, not a bool")],
        code: Code::Shallow(|given| all_or_any(given, false)),
    },
    Function {
        name: "anytrue",
        parameters: &[parameter("list", Of::List)],
        rest: None,
        summary: "Whether an item is true; unknown when none is true and one is unknown.",
        examples: &[("anytrue([false, true])", "true"), ("anytrue([])", "false")],
        errors: &[("anytrue([1])", "`anytrue`: an item is a number, not a bool")],
        code: Code::Shallow(|given| all_or_any(given, true)),
    },
    Function {
        name: "coalesce",
        parameters: &[],
        rest: Some(parameter("values", Of::Any)),
        summary: "The first value that is neither null nor an empty string; unknown when an unknown one comes first.",
        examples: &[("coalesce(null, \"a\")", "\"a\""), ("coalesce(\"\", \"b\", \"c\")", "\"b\"")],
        errors: &[("coalesce(null, \"\")", "`coalesce`: every argument is null or an empty string")],
        code: Code::Lenient(|given| {
            let empty = |value: &&Value| **value == Value::Null || value.as_str() == Some("");
            match convert::unified(&given.values).iter().find(|value| !empty(value)) {
                Some(value) => Ok(value.clone()),
                None => Err("every argument is null or an empty string".into()),
            }
        }),
    },
    Function {
        name: "coalescelist",
        parameters: &[],
        rest: Some(parameter("lists", Of::List)),
        summary: "The first list that has items.",
        examples: &[("coalescelist([], [1])", "[1]")],
        errors: &[("coalescelist([], [])", "`coalescelist`: every list is empty")],
        code: Code::Lenient(|given| {
            let empty = |value: &&Value| matches!(value, Value::List(items) if items.is_empty());
            given.values.iter().find(|value| !empty(value)).cloned().ok_or_else(|| "every list is empty".into())
        }),
    },
    Function {
        name: "contains",
        parameters: &[parameter("list", Of::List), parameter("value", Of::Some)],
        rest: None,
        summary: "Whether a list or set has an item; unknown when it is not found and an item is unknown.",
        examples: &[("contains([\"api\", \"audit\"], \"audit\")", "true"), ("contains([1], \"1\")", "false")],
        errors: &[("contains(\"abc\", \"b\")", "`list` is a string: expected a list")],
        code: Code::Shallow(|given| {
            let wanted = given.value(1);
            let mut answer = Value::Bool(false);
            for item in given.list(0) {
                match Value::from(given.evaluator.equal(item, &wanted, given.span)?) {
                    Value::Bool(false) => {}
                    Value::Bool(true) => return Ok(Value::Bool(true)),
                    unknown if answer == Value::Bool(false) => answer = unknown,
                    _ => {}
                }
            }
            Ok(answer)
        }),
    },
    Function {
        name: "one",
        parameters: &[parameter("list", Of::List)],
        rest: None,
        summary: "The only item of a list, or null where there is none.",
        examples: &[("one([5])", "5"), ("one([])", "null")],
        errors: &[("one([\"a\", \"b\"])", "`one`: expected at most one item, found 2")],
        code: Code::Shallow(|given| match given.list(0) {
            [] => Ok(Value::Null),
            [only] => Ok(only.clone()),
            many => Err(Failure::Argument(0, format!("expected at most one item, found {}", many.len()))),
        }),
    },
];

/// `wanted` decides at once; an unknown item only where nothing does. Null is not true.
fn all_or_any(given: &Given<'_>, wanted: bool) -> Outcome {
    let mut unknown = None;
    for item in given.list(0) {
        given.spend(1)?;
        let value = match item {
            Value::Unknown(reason) => {
                unknown.get_or_insert_with(|| Arc::clone(reason));
                continue;
            }
            Value::Null => false,
            item => convert::truth(item)
                .ok_or_else(|| Failure::Argument(0, format!("an item is {}, not a bool", item.sort())))?,
        };
        if value == wanted {
            return Ok(Value::Bool(wanted));
        }
    }
    Ok(unknown.map_or(Value::Bool(!wanted), Value::Unknown))
}
