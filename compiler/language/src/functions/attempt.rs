//! Whether an expression has a result. An unknown result is none of a failure's: it is passed on.

use super::{Code, Function, Of, parameter};
use crate::evaluate::Evaluated;
use ordain_model::code;
use ordain_model::diagnostic::Diagnostic;
use ordain_model::value::Value;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "can",
        parameters: &[parameter("expression", Of::Any)],
        rest: None,
        summary: "Whether an expression has a result; unknown when its result is unknown.",
        examples: &[("can(tonumber(\"5\"))", "true"), ("can(tonumber(\"five\"))", "false")],
        errors: &[("can(1, 2)", "2 arguments are given")],
        code: Code::Lazy(|evaluator, arguments, span, frame| match arguments {
            [only] => Ok(match caught(evaluator.value(&only.value, frame))? {
                Ok(unknown @ Value::Unknown(_)) => unknown,
                result => Value::Bool(result.is_ok()),
            }),
            _ => {
                let message =
                    Diagnostic::error(code::WRONG_CALL, span, format!("{} arguments are given", arguments.len()));
                Err(Box::new(message.help("The signature is `can(expression: any)`.")))
            }
        }),
    },
    Function {
        name: "try",
        parameters: &[],
        rest: Some(parameter("expressions", Of::Any)),
        summary: "The first of its expressions that has a result, also when that result is unknown.",
        examples: &[("try({ a = 1 }.b, \"none\")", "\"none\""), ("try(tonumber(\"7\"), 0)", "7")],
        errors: &[(
            "try(tonumber(\"five\"))",
            "`try`: none of the expressions has a result: `tonumber`: expected a number, found \"five\"",
        )],
        code: Code::Lazy(|evaluator, arguments, span, frame| {
            let mut failures = Vec::new();
            for argument in arguments {
                match caught(evaluator.value(&argument.value, frame))? {
                    Ok(value) => return Ok(value),
                    Err(failure) => failures.push(failure),
                }
            }
            let message = Diagnostic::error(code::FUNCTION_FAILED, span, "`try`: none of the expressions has a result");
            Err(Box::new(failures.into_iter().fold(message, |message, failure| {
                match failure.labels.first().map(|label| label.span) {
                    Some(place) => message.label(place, failure.detail),
                    None => message,
                }
            })))
        }),
    },
];

/// A failure as a value; running out of the budget stays a failure.
fn caught(result: Evaluated) -> Evaluated<Result<Value, Box<Diagnostic>>> {
    match result {
        Err(failure) if failure.code == code::TOO_MUCH_WORK => Err(failure),
        other => Ok(other),
    }
}
