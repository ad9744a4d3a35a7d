//! Operators: logic in three values, arithmetic, and the conditional.

use super::comparison::{Order, Truth};
use super::frame::Frame;
use super::{Evaluated, Evaluator, convert, error};
use crate::syntax::{Binary, Branch, Expression, Unary};
use ordain_model::code;
use ordain_model::diagnostic::Diagnostic;
use ordain_model::number::{Number, NumberError};
use ordain_model::observation::Reason;
use ordain_model::source::Span;
use ordain_model::value::Value;
use std::sync::Arc;

/// A branch whose condition is unknown, and why it is.
type Unsure<'e> = (&'e Branch, Arc<Reason>);

impl Evaluator<'_> {
    pub(super) fn unary(&self, operator: Unary, operand: &Expression, frame: Option<&Frame<'_>>) -> Evaluated {
        match operator {
            Unary::Not => Ok(match self.truth(operand, frame)? {
                Truth::Known(value) => Value::Bool(!value),
                Truth::Unknown(reason) => Value::Unknown(reason),
            }),
            Unary::Negate => match self.value(operand, frame)? {
                unknown @ Value::Unknown(_) => Ok(unknown),
                value => calculated(operand_number(&value, operand.span)?.neg(), operand.span),
            },
        }
    }

    /// A condition: a bool, or a text that reads as one.
    pub(super) fn truth(&self, condition: &Expression, frame: Option<&Frame<'_>>) -> Evaluated<Truth> {
        match self.value(condition, frame)? {
            Value::Unknown(reason) => Ok(Truth::Unknown(reason)),
            Value::Null => Err(null(condition.span)),
            value => match convert::truth(&value) {
                Some(value) => Ok(Truth::Known(value)),
                None => {
                    Err(error(code::WRONG_OPERAND, condition.span, format!("expected a bool, found {}", value.sort())))
                }
            },
        }
    }

    pub(super) fn chain(
        &self,
        first: &Expression,
        rest: &[(Binary, Expression)],
        frame: Option<&Frame<'_>>,
    ) -> Evaluated {
        match rest.first() {
            Some((Binary::And, _)) => self.logic(false, first, rest, frame),
            Some((Binary::Or, _)) => self.logic(true, first, rest, frame),
            _ => {
                let mut left = self.value(first, frame)?;
                let mut span = first.span;
                for (operator, operand) in rest {
                    let right = self.value(operand, frame)?;
                    left = self.binary(left, span, *operator, right, operand.span)?;
                    span = span.to(operand.span);
                }
                Ok(left)
            }
        }
    }

    /// `&&` stops at the first false, `||` at the first true. Behind an unknown operand an error is no error: whether
    /// the operand is needed is not known.
    fn logic(
        &self,
        stop: bool,
        first: &Expression,
        rest: &[(Binary, Expression)],
        frame: Option<&Frame<'_>>,
    ) -> Evaluated {
        let mut unknown = None;
        for operand in std::iter::once(first).chain(rest.iter().map(|(_, operand)| operand)) {
            match self.truth(operand, frame) {
                Ok(Truth::Known(value)) if value == stop => return Ok(Value::Bool(stop)),
                Ok(Truth::Known(_)) => {}
                Ok(Truth::Unknown(reason)) => {
                    unknown.get_or_insert(reason);
                }
                Err(error) if unknown.is_none() || error.code == code::TOO_MUCH_WORK => return Err(error),
                Err(_) => {}
            }
        }
        Ok(unknown.map_or(Value::Bool(!stop), Value::Unknown))
    }

    /// The value of the first condition that holds. Behind an unknown condition every value that may still be taken
    /// has to be the same one, or it is unknown; an error there is no error, for nobody knows whether it is reached.
    pub(super) fn conditional(
        &self,
        branches: &[Branch],
        otherwise: &Expression,
        frame: Option<&Frame<'_>>,
    ) -> Evaluated {
        let mut unsure: Vec<Unsure<'_>> = Vec::new();
        let mut taken = otherwise;
        for branch in branches {
            match self.truth(&branch.condition, frame) {
                Ok(Truth::Known(false)) => {}
                Ok(Truth::Known(true)) => {
                    taken = &branch.then;
                    break;
                }
                Ok(Truth::Unknown(reason)) => unsure.push((branch, reason)),
                Err(error) if unsure.is_empty() => return Err(error),
                Err(error) => return self.narrow(unsure, Err(error), frame),
            }
        }
        let value = self.value(taken, frame);
        self.narrow(unsure, value, frame)
    }

    /// From the last unknown condition to the first: its own value where what follows has the same one.
    fn narrow(&self, unsure: Vec<Unsure<'_>>, last: Evaluated, frame: Option<&Frame<'_>>) -> Evaluated {
        let both = |rest: Evaluated, (branch, reason): Unsure<'_>| match (self.value(&branch.then, frame), rest) {
            (Ok(then), Ok(rest)) => {
                self.budget.walk(&then, branch.condition.span)?;
                Ok(if then == rest { then } else { Value::Unknown(reason) })
            }
            (Err(error), _) | (_, Err(error)) if error.code == code::TOO_MUCH_WORK => Err(error),
            _ => Ok(Value::Unknown(reason)),
        };
        unsure.into_iter().rev().fold(last, both)
    }

    fn binary(&self, left: Value, left_span: Span, operator: Binary, right: Value, right_span: Span) -> Evaluated {
        let span = left_span.to(right_span);
        match operator {
            Binary::Equal => Ok(self.equal(&left, &right, span)?.into()),
            Binary::NotEqual => Ok(self.equal(&left, &right, span)?.not().into()),
            Binary::Less => Ok(self.order(&left, &right, left_span, right_span)?.is(Order::is_less)),
            Binary::LessOrEqual => Ok(self.order(&left, &right, left_span, right_span)?.is(Order::is_less_or_equal)),
            Binary::Greater => Ok(self.order(&right, &left, right_span, left_span)?.is(Order::is_less)),
            Binary::GreaterOrEqual => Ok(self.order(&right, &left, right_span, left_span)?.is(Order::is_less_or_equal)),
            _ => match (&left, &right) {
                (unknown @ Value::Unknown(_), _) | (_, unknown @ Value::Unknown(_)) => Ok(unknown.clone()),
                (Value::Duration(_), _) | (_, Value::Duration(_)) => {
                    self.spans(operator, (left, left_span), (right, right_span))
                }
                _ => {
                    let (left, right) = (operand_number(&left, left_span)?, operand_number(&right, right_span)?);
                    if [&left, &right].iter().any(|number| number.as_i64().is_none()) || operator == Binary::Divide {
                        self.budget.spend(DECIMAL, span)?;
                    }
                    calculated(arithmetic(operator, &left, &right), span)
                }
            },
        }
    }
}

/// Units of a calculation with numbers of many digits.
const DECIMAL: usize = 250;

fn arithmetic(operator: Binary, left: &Number, right: &Number) -> Result<Number, NumberError> {
    match operator {
        Binary::Subtract => left.sub(right),
        Binary::Multiply => left.mul(right),
        Binary::Divide => left.div(right),
        Binary::Remainder => left.rem(right),
        _ => left.add(right),
    }
}

fn calculated(result: Result<Number, NumberError>, span: Span) -> Evaluated {
    result.map(Value::Number).map_err(|why| error(code::ARITHMETIC, span, format!("this is {why}")))
}

/// The number of an operand.
pub(super) fn operand_number(value: &Value, span: Span) -> Evaluated<Number> {
    match convert::number(value) {
        Some(number) => Ok(number),
        None if *value == Value::Null => Err(null(span)),
        None => Err(Box::new(match value {
            Value::String(text) => {
                let shown: String = text.chars().take(40).collect();
                let message = Diagnostic::error(
                    code::WRONG_OPERAND,
                    span,
                    format!("expected a number, found the string `{shown}`"),
                );
                message.help("Texts are joined in a template: `\"${a}${b}\"`.")
            }
            _ => Diagnostic::error(code::WRONG_OPERAND, span, format!("expected a number, found {}", value.sort())),
        })),
    }
}

/// The message for a value that is not set where one is needed.
pub(super) fn null(span: Span) -> Box<Diagnostic> {
    let message = Diagnostic::error(code::NULL_OPERAND, span, "this is null: it is not set");
    Box::new(
        message
            .says("a value is needed here")
            .help("Compare with null first, or give a default with `coalesce(value, default)`."),
    )
}
