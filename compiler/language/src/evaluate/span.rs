//! Arithmetic with spans of time: they add and subtract, numbers multiply and divide them. A text on the other side of
//! `+`, `-` and of `/` becomes a span too where it reads as one.

use super::operator::{null, operand_number};
use super::{Evaluated, Evaluator, convert, error};
use crate::syntax::Binary;
use ordain_model::code;
use ordain_model::diagnostic::Diagnostic;
use ordain_model::duration::Duration;
use ordain_model::source::Span;
use ordain_model::types::Type;
use ordain_model::value::Value;

impl Evaluator<'_> {
    /// One of the two is a span of time.
    pub(super) fn spans(&self, operator: Binary, left: (Value, Span), right: (Value, Span)) -> Evaluated {
        let whole = left.1.to(right.1);
        let result = match operator {
            Binary::Add => self.span(&left)?.plus(&self.span(&right)?),
            Binary::Subtract => self.span(&left)?.minus(&self.span(&right)?),
            Binary::Multiply => match (&left.0, &right.0) {
                (Value::Duration(_), Value::Duration(_)) => {
                    return Err(no_operation(whole, "spans of time multiply with numbers"));
                }
                (Value::Duration(span), number) => span.times(&operand_number(number, right.1)?),
                (number, _) => self.span(&right)?.times(&operand_number(number, left.1)?),
            },
            Binary::Divide => match convert::number(&right.0) {
                Some(number) => self.span(&left)?.divided(&number),
                None => {
                    let ratio = self.span(&left)?.ratio(&self.span(&right)?);
                    return ratio
                        .map(Value::Number)
                        .map_err(|why| error(code::ARITHMETIC, whole, format!("this is {why}")));
                }
            },
            _ => return Err(no_operation(whole, "spans of time have no remainder")),
        };
        result.map(Value::Duration).map_err(|why| error(code::ARITHMETIC, whole, format!("this is {why}")))
    }

    fn span(&self, (value, place): &(Value, Span)) -> Evaluated<Duration> {
        if *value == Value::Null {
            return Err(null(*place));
        }
        match Type::Duration.convert(value, self.scope.calendar()) {
            Ok(Value::Duration(span)) => Ok(span),
            Ok(other) => {
                Err(error(code::WRONG_OPERAND, *place, format!("expected a span of time, found {}", other.sort())))
            }
            Err(mismatch) => {
                let detail = format!("{value} stands beside a span of time");
                let message = Diagnostic::error(code::WRONG_OPERAND, *place, detail)
                    .says(format!("expected {}", mismatch.expected));
                Err(Box::new(match mismatch.offer {
                    Some(offer) => message.paste(format!("\"{offer}\"")),
                    None => message,
                }))
            }
        }
    }
}

fn no_operation(span: Span, detail: &str) -> Box<Diagnostic> {
    error(code::WRONG_OPERAND, span, detail)
}
