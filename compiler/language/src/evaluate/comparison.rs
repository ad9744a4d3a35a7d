//! Equality and order. Values of different types are not equal, as in Terraform; but a text or a list beside a span of
//! time, a retention, an instant, a version, an address set or a set becomes one too.

use super::operator::{null, operand_number};
use super::{Evaluated, Evaluator, convert, error};
use ordain_model::code;
use ordain_model::diagnostic::Diagnostic;
use ordain_model::duration::Duration;
use ordain_model::observation::Reason;
use ordain_model::source::Span;
use ordain_model::types::{Mismatch, Type};
use ordain_model::value::Value;
use std::cmp::Ordering;
use std::sync::Arc;

/// A condition's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Truth {
    Known(bool),
    Unknown(Arc<Reason>),
}

impl Truth {
    pub(super) fn not(self) -> Truth {
        match self {
            Truth::Known(value) => Truth::Known(!value),
            unknown => unknown,
        }
    }
}

impl From<Truth> for Value {
    fn from(truth: Truth) -> Value {
        match truth {
            Truth::Known(value) => Value::Bool(value),
            Truth::Unknown(reason) => Value::Unknown(reason),
        }
    }
}

/// Which of two values comes first, if that is known.
pub(super) enum Order {
    Known(Ordering),
    Unknown(Arc<Reason>),
}

impl Order {
    pub(super) fn is_less(order: Ordering) -> bool {
        order == Ordering::Less
    }

    pub(super) fn is_less_or_equal(order: Ordering) -> bool {
        order != Ordering::Greater
    }

    pub(super) fn is(self, test: fn(Ordering) -> bool) -> Value {
        match self {
            Order::Known(order) => Value::Bool(test(order)),
            Order::Unknown(reason) => Value::Unknown(reason),
        }
    }
}

impl Evaluator<'_> {
    /// Whether two values are equal. A part that is unknown decides nothing unless another part differs.
    pub(crate) fn equal(&self, left: &Value, right: &Value, span: Span) -> Evaluated<Truth> {
        self.budget.spend(1, span)?;
        match (left, right) {
            (Value::Unknown(reason), _) | (_, Value::Unknown(reason)) => Ok(Truth::Unknown(reason.clone())),
            (Value::Bound(_) | Value::Deferred(_), _) | (_, Value::Bound(_) | Value::Deferred(_)) => {
                let sort =
                    if matches!(left, Value::Bound(_) | Value::Deferred(_)) { left.sort() } else { right.sort() };
                Err(error(code::WRONG_OPERAND, span, format!("{sort} cannot be compared")))
            }
            (Value::List(left), Value::List(right)) if left.len() == right.len() => {
                self.all_equal(left.iter().zip(right.iter()), span)
            }
            (Value::Object(left), Value::Object(right)) if left.keys().eq(right.keys()) => {
                self.all_equal(left.values().zip(right.values()), span)
            }
            _ => Ok(Truth::Known(match self.alike(left, right, span)? {
                Some((Value::Duration(left), Value::Duration(right))) => left.compare(&right) == Some(Ordering::Equal),
                Some((left, right)) => left == right,
                None => left == right,
            })),
        }
    }

    fn all_equal<'v>(&self, pairs: impl Iterator<Item = (&'v Value, &'v Value)>, span: Span) -> Evaluated<Truth> {
        let mut answer = Truth::Known(true);
        for (left, right) in pairs {
            match self.equal(left, right, span)? {
                Truth::Known(true) => {}
                Truth::Known(false) => return Ok(Truth::Known(false)),
                unknown if answer == Truth::Known(true) => answer = unknown,
                Truth::Unknown(_) => {}
            }
        }
        Ok(answer)
    }

    /// Both values in the type of the one that has a type of this language's own; `None` where neither has, or the
    /// other is of a type that never converts. An untyped value that does not read as one is an error: that the two
    /// differ is not what was asked.
    fn alike(&self, left: &Value, right: &Value, span: Span) -> Evaluated<Option<(Value, Value)>> {
        let of = match (left, right) {
            (Value::Retention(_), _) | (_, Value::Retention(_)) => Type::Retention,
            (Value::Duration(_), _) | (_, Value::Duration(_)) => Type::Duration,
            (Value::Size(_), _) | (_, Value::Size(_)) => Type::Size,
            (Value::Instant(_), _) | (_, Value::Instant(_)) => Type::Instant,
            (Value::Version(_), _) | (_, Value::Version(_)) => Type::Version,
            (Value::Cidrs(_), _) | (_, Value::Cidrs(_)) => Type::Cidrs,
            (Value::Set(_), _) | (_, Value::Set(_)) => Type::Strings(None),
            _ => return Ok(None),
        };
        let calendar = self.scope.calendar();
        match (of.convert(left, calendar), of.convert(right, calendar)) {
            (Ok(left), Ok(right)) => Ok(Some((left, right))),
            (Err(mismatch), _) => mismatched(left, of, mismatch, span),
            (_, Err(mismatch)) => mismatched(right, of, mismatch, span),
        }
    }

    pub(super) fn order(&self, left: &Value, right: &Value, left_span: Span, right_span: Span) -> Evaluated<Order> {
        let span =
            Span { start: left_span.start.min(right_span.start), end: left_span.end.max(right_span.end), ..left_span };
        match (left, right) {
            (Value::Unknown(reason), _) | (_, Value::Unknown(reason)) => return Ok(Order::Unknown(reason.clone())),
            (Value::Null, _) => return Err(null(left_span)),
            (_, Value::Null) => return Err(null(right_span)),
            _ => {}
        }
        match self.alike(left, right, span)? {
            Some((Value::Retention(left), Value::Retention(right))) => Ok(Order::Known(left.cmp(&right))),
            Some((Value::Duration(left), Value::Duration(right))) => match left.compare(&right) {
                Some(order) => Ok(Order::Known(order)),
                None => Err(undecided(&left, &right, span)),
            },
            Some((Value::Size(left), Value::Size(right))) => Ok(Order::Known(left.cmp(&right))),
            Some((Value::Instant(left), Value::Instant(right))) => Ok(Order::Known(left.cmp(&right))),
            Some((Value::Version(left), Value::Version(right))) => Ok(Order::Known(left.cmp(&right))),
            _ => {
                self.not_spans(left, right, span)?;
                let (left, right) = (operand_number(left, left_span)?, operand_number(right, right_span)?);
                Ok(Order::Known(left.cmp(&right)))
            }
        }
    }

    /// Two texts with units have no order as texts: somebody meant spans of time.
    fn not_spans(&self, left: &Value, right: &Value, span: Span) -> Evaluated<()> {
        let (Value::String(left), Value::String(right)) = (left, right) else { return Ok(()) };
        let is_span = |text: &str| Duration::parse(text, self.scope.calendar()).is_ok();
        if convert::number(&Value::String(left.clone())).is_some() || !is_span(left) || !is_span(right) {
            return Ok(());
        }
        let message =
            Diagnostic::error(code::UNTYPED_COMPARISON, span, format!("`{left}` and `{right}` are plain texts here"));
        let message = message
            .says("texts have no order")
            .help("Say that one of them is a duration; the other then reads as one too.");
        Err(Box::new(message.paste(format!("duration(\"{left}\")"))))
    }
}

/// The answer for a value that does not read as the other side's type.
fn mismatched(value: &Value, of: Type, mismatch: Mismatch, span: Span) -> Evaluated<Option<(Value, Value)>> {
    let untyped = match of {
        Type::Cidrs => matches!(value, Value::String(_) | Value::List(_)),
        Type::Size | Type::Duration | Type::Retention | Type::Instant | Type::Version => {
            matches!(value, Value::String(_) | Value::Number(_))
        }
        _ => false,
    };
    if !untyped {
        return Ok(None);
    }
    let message = Diagnostic::error(code::WRONG_OPERAND, span, format!("{value} is compared with a {}", of.name()));
    let message = message.says(format!("expected {}", mismatch.expected));
    Err(Box::new(match mismatch.offer {
        Some(offer) => message.paste(format!("\"{offer}\"")),
        None => message,
    }))
}

fn undecided(left: &Duration, right: &Duration, span: Span) -> Box<Diagnostic> {
    let detail = format!("whether {left} is shorter than {right} depends on the months they fall in");
    Box::new(Diagnostic::error(code::WRONG_OPERAND, span, detail).help("Write one of them in days."))
}
