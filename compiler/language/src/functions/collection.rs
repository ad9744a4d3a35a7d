//! Lists.

use super::{Code, Failure, Function, Given, Of, Outcome, optional, parameter};
use crate::evaluate::convert;
use ordain_model::number::Number;
use ordain_model::value::Value;
use std::collections::BTreeSet;
use unicode_segmentation::UnicodeSegmentation;

const LIST: &[super::Parameter] = &[parameter("list", Of::List)];

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "compact",
        parameters: LIST,
        rest: None,
        summary: "The list without nulls and empty strings.",
        examples: &[("compact([\"a\", \"\", null, \"b\"])", "[\"a\", \"b\"]")],
        errors: &[("compact([[\"a\"]])", "`compact`: an item is a list, not a string")],
        code: Code::Strict(|given| {
            let kept = given.list(0).iter().filter(|item| **item != Value::Null).map(text_item);
            let kept: Vec<Value> = kept.collect::<Result<_, _>>()?;
            Ok(Value::list(kept.into_iter().filter(|item| item.as_str() != Some(""))))
        }),
    },
    Function {
        name: "concat",
        parameters: &[parameter("list", Of::List)],
        rest: Some(parameter("lists", Of::List)),
        summary: "The items of several lists, one list behind the other.",
        examples: &[("concat([\"a\"], [\"b\", \"c\"])", "[\"a\", \"b\", \"c\"]")],
        errors: &[("concat([\"a\"], \"b\")", "`lists` is a string: expected a list")],
        code: Code::Shallow(|given| {
            let mut items = Vec::new();
            for at in 0..given.values.len() {
                given.spend(given.list(at).len())?;
                items.extend_from_slice(given.list(at));
            }
            Ok(Value::List(items.into()))
        }),
    },
    Function {
        name: "distinct",
        parameters: LIST,
        rest: None,
        summary: "The list without repetitions, each item where it first stands.",
        examples: &[("distinct([\"b\", \"a\", \"b\"])", "[\"b\", \"a\"]")],
        errors: &[("distinct(\"a\")", "`list` is a string: expected a list")],
        code: Code::Strict(|given| {
            let items = convert::unified(given.list(0));
            let mut seen = BTreeSet::new();
            Ok(Value::list(items.iter().filter(|item| seen.insert(*item)).cloned()))
        }),
    },
    Function {
        name: "element",
        parameters: &[parameter("list", Of::List), parameter("index", Of::Whole)],
        rest: None,
        summary: "The item at an index, beginning again behind the last item.",
        examples: &[("element([\"a\", \"b\"], 3)", "\"b\"")],
        errors: &[
            ("element([], 0)", "`element`: the list is empty"),
            ("element([\"a\"], -1)", "`element`: an index counts from 0"),
        ],
        code: Code::Shallow(|given| match (given.list(0), usize::try_from(given.whole(1))) {
            ([], _) => Err(Failure::Argument(0, "the list is empty".into())),
            (_, Err(_)) => Err(Failure::Argument(1, "an index counts from 0".into())),
            (items, Ok(at)) => Ok(items.get(at % items.len()).cloned().unwrap_or(Value::Null)),
        }),
    },
    Function {
        name: "flatten",
        parameters: LIST,
        rest: None,
        summary: "The items of all lists inside of a list, however deep, as one list.",
        examples: &[("flatten([[\"a\"], [[\"b\"], \"c\"]])", "[\"a\", \"b\", \"c\"]")],
        errors: &[("flatten(\"a\")", "`list` is a string: expected a list")],
        code: Code::Strict(|given| {
            let mut flat = Vec::new();
            let mut open: Vec<Value> = given.list(0).iter().rev().cloned().collect();
            while let Some(item) = open.pop() {
                given.spend(1)?;
                match convert::items(&item) {
                    Some(items) => {
                        given.spend(items.len())?;
                        open.extend(items.iter().rev().cloned());
                    }
                    None => flat.push(item),
                }
            }
            Ok(Value::List(flat.into()))
        }),
    },
    Function {
        name: "index",
        parameters: &[parameter("list", Of::List), parameter("value", Of::Some)],
        rest: None,
        summary: "The index of the first item that is equal to a value.",
        examples: &[("index([\"a\", \"b\"], \"b\")", "1")],
        errors: &[("index([\"a\"], \"b\")", "`index`: the list has no such item")],
        code: Code::Strict(|given| {
            for (at, item) in given.list(0).iter().enumerate() {
                if given.equal(item, &given.value(1))? {
                    return Ok(Value::integer(at as i64));
                }
            }
            Err(Failure::Argument(1, "the list has no such item".into()))
        }),
    },
    Function {
        name: "length",
        parameters: &[parameter("value", Of::Some)],
        rest: None,
        summary: "How many items a list, set or object has, or characters a text.",
        examples: &[("length([\"a\", \"b\"])", "2"), ("length(\"abc\")", "3")],
        errors: &[("length(5)", "`length`: expected a list, an object or a string, found a number")],
        code: Code::Shallow(|given| {
            let length = match &given.value(0) {
                Value::Object(fields) => fields.len(),
                Value::String(text) => {
                    given.spend(text.len() / 4)?;
                    text.graphemes(true).count()
                }
                value => match convert::items(value) {
                    Some(items) => items.len(),
                    None => {
                        return Err(Failure::Argument(
                            0,
                            format!("expected a list, an object or a string, found {}", value.sort()),
                        ));
                    }
                },
            };
            Ok(Value::integer(length as i64))
        }),
    },
    Function {
        name: "range",
        parameters: &[parameter("first", Of::Number), optional("second", Of::Number), optional("step", Of::Number)],
        rest: None,
        summary: "Numbers from 0 to below the first, or from the first to before the second; at most 1,024 of them.",
        examples: &[("range(3)", "[0, 1, 2]"), ("range(1, 8, 3)", "[1, 4, 7]"), ("range(3, 0)", "[3, 2, 1]")],
        errors: &[
            ("range(2000)", "`range`: these are more than 1,024 numbers"),
            ("range(0, 3, -1)", "`range`: the step leads away from the end"),
        ],
        code: Code::Strict(range),
    },
    Function {
        name: "reverse",
        parameters: LIST,
        rest: None,
        summary: "The list from its last item to its first.",
        examples: &[("reverse([1, 2])", "[2, 1]")],
        errors: &[("reverse(\"abc\")", "`list` is a string: expected a list")],
        code: Code::Shallow(|given| Ok(Value::list(given.list(0).iter().rev().cloned()))),
    },
    Function {
        name: "slice",
        parameters: &[parameter("list", Of::List), parameter("start", Of::Whole), parameter("end", Of::Whole)],
        rest: None,
        summary: "The items from one index to before another.",
        examples: &[("slice([\"a\", \"b\", \"c\"], 1, 3)", "[\"b\", \"c\"]")],
        errors: &[("slice([\"a\"], 0, 2)", "`slice`: 0 to 2 is no part of a list of length 1")],
        code: Code::Shallow(|given| {
            let (items, start, end) = (given.list(0), given.whole(1), given.whole(2));
            let part = usize::try_from(start)
                .ok()
                .zip(usize::try_from(end).ok())
                .and_then(|(start, end)| items.get(start..end));
            let part = part.ok_or_else(|| {
                Failure::Call(format!("{start} to {end} is no part of a list of length {}", items.len()))
            })?;
            Ok(Value::List(part.into()))
        }),
    },
    Function {
        name: "sort",
        parameters: &[parameter("list", Of::Texts)],
        rest: None,
        summary: "The texts of a list in the order of their characters' code points.",
        examples: &[("sort([\"b\", \"a\"])", "[\"a\", \"b\"]")],
        errors: &[("sort([[\"a\"]])", "an item of `list` is a list: expected a list of strings")],
        code: Code::Strict(|given| {
            let mut items = given.list(0).to_vec();
            items.sort();
            Ok(Value::List(items.into()))
        }),
    },
];

fn text_item(item: &Value) -> Result<Value, Failure> {
    let text = convert::text(item).map(Value::String);
    text.ok_or_else(|| Failure::Argument(0, format!("an item is {}, not a string", item.sort())))
}

fn range(given: &Given<'_>) -> Outcome {
    let zero = Number::from(0);
    let (start, end) = if given.has(1) { (given.number(0), given.number(1)) } else { (zero.clone(), given.number(0)) };
    let up = start <= end;
    let step = if given.has(2) { given.number(2) } else { Number::from(if up { 1 } else { -1 }) };
    if start != end && step != zero && (step > zero) != up {
        return Err(Failure::Argument(2, "the step leads away from the end".into()));
    }
    let mut numbers = Vec::new();
    let mut next = start;
    while if up { next < end } else { next > end } {
        if numbers.len() >= 1024 {
            return Err("these are more than 1,024 numbers".into());
        }
        numbers.push(Value::Number(next.clone()));
        next = next.add(&step).map_err(|why| Failure::Call(why.to_string()))?;
    }
    Ok(Value::List(numbers.into()))
}
