//! Numbers.

use super::{Code, Failure, Function, Given, Of, Outcome, parameter};
use crate::evaluate::convert;
use ordain_model::number::{Number, NumberError};
use ordain_model::value::Value;
use std::cmp::Ordering;

const NUMBER: &[super::Parameter] = &[parameter("number", Of::Number)];
const NUMBERS: Option<super::Parameter> = Some(parameter("numbers", Of::Number));

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "abs",
        parameters: NUMBER,
        rest: None,
        summary: "The number without its sign.",
        examples: &[("abs(-2.5)", "2.5")],
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
        code: Code::Strict(|given| Ok(Value::Number(given.number(0).ceil()))),
    },
    Function {
        name: "floor",
        parameters: NUMBER,
        rest: None,
        summary: "The greatest whole number that is not greater.",
        examples: &[("floor(-1.2)", "-2")],
        code: Code::Strict(|given| Ok(Value::Number(given.number(0).floor()))),
    },
    Function {
        name: "max",
        parameters: NUMBER,
        rest: NUMBERS,
        summary: "The greatest of several numbers.",
        examples: &[("max(1, 5, 3)", "5")],
        code: Code::Strict(|given| Ok(extreme(given, Ordering::Greater))),
    },
    Function {
        name: "min",
        parameters: NUMBER,
        rest: NUMBERS,
        summary: "The least of several numbers.",
        examples: &[("min(4, 2)", "2")],
        code: Code::Strict(|given| Ok(extreme(given, Ordering::Less))),
    },
    Function {
        name: "parseint",
        parameters: &[parameter("text", Of::Text), parameter("base", Of::Whole)],
        rest: None,
        summary: "The whole number that a text is in a base from 2 to 62.",
        examples: &[("parseint(\"ff\", 16)", "255"), ("parseint(\"-10\", 2)", "-2")],
        code: Code::Strict(parse),
    },
    Function {
        name: "sum",
        parameters: &[parameter("list", Of::List)],
        rest: None,
        summary: "The sum of a list of at least one number.",
        examples: &[("sum([1, 2.5])", "3.5")],
        code: Code::Strict(|given| {
            let mut sum = None;
            for item in given.list(0) {
                let number = convert::number(item)
                    .ok_or_else(|| Failure::Argument(0, format!("an item is {}, not a number", item.sort())))?;
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

fn extreme(given: &Given<'_>, wanted: Ordering) -> Value {
    let mut best = given.number(0);
    for at in 1..given.values.len() {
        let number = given.number(at);
        if number.cmp(&best) == wanted {
            best = number;
        }
    }
    Value::Number(best)
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
