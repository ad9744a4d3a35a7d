//! Powers and logarithms. A power with a whole exponent is exact; what has no end is rounded to a double, by code that
//! gives the same digits on every machine.

use super::{Code, Failure, Function, Given, Of, Outcome, parameter};
use ordain_model::number::{Number, NumberError};
use ordain_model::value::Value;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "log",
        parameters: &[parameter("number", Of::Number), parameter("base", Of::Number)],
        rest: None,
        summary: "The logarithm of a number in a base: exact where it is a whole number, else to 16 digits.",
        examples: &[("log(1000, 10)", "3"), ("ceil(log(20, 2))", "5")],
        errors: &[
            ("log(0, 10)", "`log`: expected a number above 0"),
            ("log(8, 1)", "`log`: expected a base above 0 that is not 1"),
        ],
        code: Code::Strict(logarithm),
    },
    Function {
        name: "pow",
        parameters: &[parameter("number", Of::Number), parameter("exponent", Of::Number)],
        rest: None,
        summary: "A number to a power: exact where the exponent is a whole number, else to 16 digits.",
        examples: &[("pow(2, 64)", "18446744073709551616"), ("pow(2, -2)", "0.25"), ("pow(9, 0.5)", "3")],
        errors: &[
            ("pow(-8, 0.5)", "`pow`: there is no such number"),
            ("pow(10, 2000)", "`pow`: this is a number of more than 1,000 digits"),
        ],
        code: Code::Strict(power),
    },
];

fn power(given: &Given<'_>) -> Outcome {
    let (number, exponent) = (given.number(0), given.number(1));
    let Some(whole) = exponent.as_i64() else { return double(libm::pow(float(given, 0)?, float(given, 1)?)) };
    let one = Number::from(1);
    let power = whole_power(&number, whole.unsigned_abs());
    let power = if whole < 0 { power.and_then(|power| one.div(&power)) } else { power };
    power.map(Value::Number).map_err(|why| Failure::Call(format!("this is {why}")))
}

/// By squaring: 64 steps at most.
fn whole_power(number: &Number, mut exponent: u64) -> Result<Number, NumberError> {
    let (mut power, mut square) = (Number::from(1), number.clone());
    while exponent > 0 {
        if exponent % 2 == 1 {
            power = power.mul(&square)?;
        }
        exponent /= 2;
        if exponent > 0 {
            square = square.mul(&square)?;
        }
    }
    Ok(power)
}

fn logarithm(given: &Given<'_>) -> Outcome {
    let (number, base) = (given.number(0), given.number(1));
    let zero = Number::from(0);
    if number <= zero {
        return Err(Failure::Argument(0, "expected a number above 0".into()));
    }
    if base <= zero || base == Number::from(1) {
        return Err(Failure::Argument(1, "expected a base above 0 that is not 1".into()));
    }
    let estimate = libm::log(float(given, 0)?) / libm::log(float(given, 1)?);
    let whole = libm::rint(estimate);
    // A power that is not the number's neighbour is never computed: the estimate is good to 15 digits.
    if whole.abs() < 10_000.0 {
        let power = whole_power(&base, whole.abs() as u64);
        let power = if whole < 0.0 { power.and_then(|power| Number::from(1).div(&power)) } else { power };
        if power.is_ok_and(|power| power == number) {
            return Ok(Value::integer(whole as i64));
        }
    }
    double(estimate)
}

/// The double nearest to a number, of those that have all their digits.
fn float(given: &Given<'_>, at: usize) -> Result<f64, Failure> {
    let float: f64 = given.number(at).to_string().parse().unwrap_or(f64::NAN);
    let exact = float.is_normal() || given.number(at) == Number::from(0);
    exact.then_some(float).ok_or_else(|| Failure::Argument(at, "the number is too large or too small for this".into()))
}

fn double(result: f64) -> Outcome {
    match result.is_finite() {
        true => {
            Number::parse(&result.to_string()).map(Value::Number).map_err(|why| Failure::Call(format!("this is {why}")))
        }
        false => Err("there is no such number".into()),
    }
}
