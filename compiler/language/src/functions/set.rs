//! Sets. A set of texts is [`Value::Set`]; of other values, a sorted list without repetitions.

use super::{Code, Failure, Function, Given, Of, Outcome, parameter};
use crate::evaluate::convert;
use ordain_model::Text;
use ordain_model::value::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

const FIRST: &[super::Parameter] = &[parameter("set", Of::List)];
const REST: Option<super::Parameter> = Some(parameter("sets", Of::List));

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "setintersection",
        parameters: FIRST,
        rest: REST,
        summary: "The items that are in all of several sets.",
        examples: &[("setintersection([\"a\", \"b\"], [\"b\", \"c\"])", "[\"b\"]")],
        errors: &[("setintersection([\"a\"], \"a\")", "`sets` is a string: expected a list")],
        code: Code::Strict(|given| combine(given, |members, other| members.retain(|item| other.contains(item)))),
    },
    Function {
        name: "setsubtract",
        parameters: &[parameter("set", Of::List), parameter("without", Of::List)],
        rest: None,
        summary: "The items of a set that are not in another.",
        examples: &[("setsubtract([\"a\", \"b\"], [\"b\"])", "[\"a\"]")],
        errors: &[("setsubtract([\"a\"], \"a\")", "`without` is a string: expected a list")],
        code: Code::Strict(|given| combine(given, |members, other| members.retain(|item| !other.contains(item)))),
    },
    Function {
        name: "setunion",
        parameters: FIRST,
        rest: REST,
        summary: "The items that are in any of several sets.",
        examples: &[("setunion([\"a\"], [\"b\"], [\"a\"])", "[\"a\", \"b\"]")],
        errors: &[("setunion([\"a\"], \"a\")", "`sets` is a string: expected a list")],
        code: Code::Strict(|given| combine(given, |members, other| members.extend(other))),
    },
    Function {
        name: "toset",
        parameters: &[parameter("list", Of::Any)],
        rest: None,
        summary: "The items of a list, sorted and without repetitions.",
        examples: &[("toset([\"b\", \"a\", \"b\"])", "[\"a\", \"b\"]")],
        errors: &[("toset(\"a\")", "`toset`: expected a list or a set, found a string")],
        code: Code::Strict(|given| match given.value(0) {
            Value::Null => Ok(Value::Null),
            value => match convert::items(&value) {
                Some(items) => Ok(set(convert::unified(&items).iter().cloned().collect())),
                None => Err(Failure::Argument(0, format!("expected a list or a set, found {}", value.sort()))),
            },
        }),
    },
];

fn combine(given: &Given<'_>, apply: fn(&mut BTreeSet<Value>, BTreeSet<Value>)) -> Outcome {
    let all: Vec<Value> = (0..given.values.len()).flat_map(|at| given.list(at).iter().cloned()).collect();
    let all = convert::unified(&all);
    let mut rest = all.iter().cloned();
    let mut sets =
        (0..given.values.len()).map(|at| rest.by_ref().take(given.list(at).len()).collect::<BTreeSet<Value>>());
    let mut members = sets.next().unwrap_or_default();
    sets.for_each(|other| apply(&mut members, other));
    Ok(set(members))
}

fn set(members: BTreeSet<Value>) -> Value {
    let texts: Option<BTreeSet<Text>> = members.iter().map(|item| item.as_str().map(Text::from)).collect();
    match texts {
        Some(texts) => Value::Set(Arc::new(texts)),
        None => Value::list(members),
    }
}
