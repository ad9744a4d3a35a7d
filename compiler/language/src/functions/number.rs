//! Numbers.

use super::span::found;
use super::{Code, Failure, Function, Given, Of, Outcome, parameter};
use crate::evaluate::convert;
use ordain_model::number::{Number, NumberError};
use ordain_model::types::Type;
use ordain_model::value::Value;
use std::cmp::Ordering;

const NUMBER: &[super::Parameter] = &[parameter("number", Of::Number)];
const ORDERED: &[super::Parameter] = &[parameter("first", Of::Some)];
const FURTHER: Option<super::Parameter> = Some(parameter("further", Of::Some));

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "abs",
        parameters: NUMBER,
        rest: None,
        summary: "The number without its sign.",
        examples: &[("abs(-2.5)", "2.5")],
        errors: &[("abs(\"minus two\")", "`number` is a string: expected a number")],
        code: Code::Strict(|given| {
            let number = given.number(0);
            if number < Number::from(0) { result(number.neg()) } else { Ok(Value::Number(number)) }
        }),
    },
    Function {
        name: "ceil",
        parameters: NUMBER,
        rest: None,
        summary: "The least whole number that is not less.",
        examples: &[("ceil(1.2)", "2")],
        errors: &[("ceil(\"a\")", "`number` is a string: expected a number")],
        code: Code::Strict(|given| Ok(Value::Number(given.number(0).ceil()))),
    },
    Function {
        name: "floor",
        parameters: NUMBER,
        rest: None,
        summary: "The greatest whole number that is not greater.",
        examples: &[("floor(-1.2)", "-2")],
        errors: &[("floor([1])", "`number` is a list: expected a number")],
        code: Code::Strict(|given| Ok(Value::Number(given.number(0).floor()))),
    },
    Function {
        name: "max",
        parameters: ORDERED,
        rest: FURTHER,
        summary: "The greatest of several numbers, sizes, spans of time or retentions.",
        examples: &[("max(1, 5, 3)", "5"), ("max(duration(\"90d\"), \"1y\")", "duration(\"1y\")")],
        errors: &[
            ("max(\"a\", \"b\")", "`max`: expected a number, found a string"),
            ("max(1, \"1d\")", "`max`: expected a number, found a string; perhaps `duration(\"1d\")`"),
            (
                "max(\"1mo\", duration(\"30d\"))",
                "`max`: whether 30d is shorter than 1mo depends on the months they fall in",
            ),
        ],
        code: Code::Strict(|given| extreme(given, Ordering::Greater)),
    },
    Function {
        name: "min",
        parameters: ORDERED,
        rest: FURTHER,
        summary: "The least of several numbers, sizes, spans of time or retentions.",
        examples: &[("min(4, 2)", "2"), ("min(retention(\"unlimited\"), \"90d\")", "retention(\"90d\")")],
        errors: &[
            ("min(\"a\", \"b\")", "`min`: expected a number, found a string"),
            ("min(1, \"1d\")", "`min`: expected a number, found a string; perhaps `duration(\"1d\")`"),
        ],
        code: Code::Strict(|given| extreme(given, Ordering::Less)),
    },
    Function {
        name: "parseint",
        parameters: &[parameter("text", Of::Text), parameter("base", Of::Whole)],
        rest: None,
        summary: "The whole number that a text is in a base from 2 to 62.",
        examples: &[("parseint(\"ff\", 16)", "255"), ("parseint(\"-10\", 2)", "-2")],
        errors: &[
            ("parseint(\"fg\", 16)", "`parseint`: expected a whole number in base 16 of at most 1,000 digits"),
            ("parseint(\"1\", 63)", "`parseint`: expected a base from 2 to 62, found 63"),
        ],
        code: Code::Strict(parse),
    },
    Function {
        name: "signum",
        parameters: NUMBER,
        rest: None,
        summary: "-1 for a negative number, 0 for zero, 1 for any other.",
        examples: &[("signum(-0.5)", "-1")],
        errors: &[("signum(\"a\")", "`number` is a string: expected a number")],
        code: Code::Strict(|given| Ok(Value::integer(given.number(0).cmp(&Number::from(0)) as i64))),
    },
    Function {
        name: "sum",
        parameters: &[parameter("list", Of::List)],
        rest: None,
        summary: "The sum of a list of at least one number.",
        examples: &[("sum([1, 2.5])", "3.5")],
        errors: &[
            ("sum([])", "`sum`: the list is empty"),
            ("sum([\"a\"])", "`sum`: an item is a string, not a number"),
        ],
        code: Code::Strict(|given| {
            let mut sum = None;
            for item in given.list(0) {
                let number = convert::number(item)
                    .ok_or_else(|| Failure::Argument(0, format!("an item is {}, not a number", item.sort())))?;
                given.spend(if number.as_i64().is_some() { 1 } else { 50 })?;
                sum = Some(match sum {
                    None => number,
                    Some(sum) => number.add(&sum).map_err(|why| Failure::Call(why.to_string()))?,
                });
            }
            sum.map(Value::Number).ok_or_else(|| Failure::Argument(0, "the list is empty".into()))
        }),
    },
];

fn result(number: Result<Number, NumberError>) -> Outcome {
    number.map(Value::Number).map_err(|why| Failure::Call(why.to_string()))
}

/// The type that all of them have is that of the first which is no plain number or text.
fn extreme(given: &Given<'_>, wanted: Ordering) -> Outcome {
    let of = given.values.iter().find_map(|value| match value {
        Value::Duration(_) => Some(Type::Duration),
        Value::Retention(_) => Some(Type::Retention),
        Value::Size(_) => Some(Type::Size),
        Value::Instant(_) => Some(Type::Instant),
        Value::Version(_) => Some(Type::Version),
        _ => None,
    });
    let mut best = None;
    for (at, value) in given.values.iter().enumerate() {
        let value = ordered(given, value, of).map_err(|detail| Failure::Argument(at, detail))?;
        best = match best {
            Some(best) if compare(&value, &best)? != wanted => Some(best),
            _ => Some(value),
        };
    }
    Ok(best.unwrap_or(Value::Null))
}

fn ordered(given: &Given<'_>, value: &Value, of: Option<Type>) -> Result<Value, String> {
    match of {
        Some(of) => of.convert(value, given.evaluator.scope.calendar()).map_err(|mismatch| found(&mismatch, value)),
        None => match convert::number(value) {
            Some(number) => Ok(Value::Number(number)),
            None => {
                let span = Type::Duration.convert(value, given.evaluator.scope.calendar()).is_ok();
                let offer = if span { format!("; perhaps `duration({value})`") } else { String::new() };
                Err(format!("expected a number, found {}{offer}", value.sort()))
            }
        },
    }
}

fn compare(one: &Value, other: &Value) -> Result<Ordering, Failure> {
    match (one, other) {
        (Value::Duration(one), Value::Duration(other)) => one.compare(other).ok_or_else(|| {
            Failure::Call(format!("whether {one} is shorter than {other} depends on the months they fall in"))
        }),
        _ => Ok(one.cmp(other)),
    }
}

fn parse(given: &Given<'_>) -> Outcome {
    let (text, base) = (given.text(0), given.whole(1));
    if !(2..=62).contains(&base) {
        return Err(Failure::Argument(1, format!("expected a base from 2 to 62, found {base}")));
    }
    let wrong = || Failure::Argument(0, format!("expected a whole number in base {base} of at most 1,000 digits"));
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if digits.is_empty() || digits.len() > 1_000 {
        return Err(wrong());
    }
    let mut number = Number::from(0);
    for digit in digits.bytes() {
        let value = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'z' => digit - b'a' + 10,
            b'A'..=b'Z' if base <= 36 => digit - b'A' + 10,
            b'A'..=b'Z' => digit - b'A' + 36,
            _ => return Err(wrong()),
        };
        if i64::from(value) >= base {
            return Err(wrong());
        }
        let shifted = number.mul(&Number::from(base)).and_then(|shifted| shifted.add(&Number::from(i64::from(value))));
        number = shifted.map_err(|_| wrong())?;
    }
    result(if negative { number.neg() } else { Ok(number) })
}
