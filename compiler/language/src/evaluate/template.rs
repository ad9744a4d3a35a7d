//! Templates: text with interpolations and directives.

use super::comparison::Truth;
use super::comprehension::pairs;
use super::frame::Frame;
use super::operator::null;
use super::path::below;
use super::{Evaluated, Evaluator, convert, error};
use crate::syntax::{Each, Part};
use ordain_model::code;
use ordain_model::diagnostic::Diagnostic;
use ordain_model::observation::Reason;
use ordain_model::source::Span;
use ordain_model::value::Value;
use std::sync::Arc;

/// `Err` inside: an unknown part, which makes the whole text unknown.
type Written = Evaluated<Result<(), Arc<Reason>>>;

impl Evaluator<'_> {
    /// A template of nothing but one interpolation is that value, of whatever type.
    pub(super) fn template(&self, parts: &[Part], span: Span, frame: Option<&Frame<'_>>) -> Evaluated {
        if let [Part::Interpolation(only)] = parts {
            return self.value(only, frame);
        }
        let mut text = String::new();
        match self.write(parts, &mut text, span, frame)? {
            Ok(()) => Ok(Value::String(text.into())),
            Err(reason) => Ok(Value::Unknown(reason)),
        }
    }

    fn write(&self, parts: &[Part], text: &mut String, span: Span, frame: Option<&Frame<'_>>) -> Written {
        for part in parts {
            let written = match part {
                Part::Literal(literal) => {
                    self.budget.spend(1 + literal.len() / 16, span)?;
                    text.push_str(literal);
                    Ok(())
                }
                Part::Interpolation(expression) => {
                    let value = self.value(expression, frame)?;
                    self.interpolate(&value, text, expression.span)?
                }
                Part::If(choice) => match self.truth(&choice.condition, frame)? {
                    Truth::Known(true) => self.write(&choice.then, text, span, frame)?,
                    Truth::Known(false) => self.write(&choice.otherwise, text, span, frame)?,
                    Truth::Unknown(reason) => Err(reason),
                },
                Part::For(each) => self.write_each(each, text, frame)?,
            };
            if written.is_err() {
                return Ok(written);
            }
        }
        Ok(Ok(()))
    }

    fn write_each(&self, each: &Each, text: &mut String, frame: Option<&Frame<'_>>) -> Written {
        let span = each.collection.span;
        let (over, strict) = self.found(&each.collection, frame)?;
        let (key, value) = (each.key.as_ref().map(|name| &*name.text), &*each.value.text);
        let pairs = match pairs(&over, span)? {
            Ok(pairs) => pairs,
            Err(reason) => return Ok(Err(reason)),
        };
        for (name, item) in pairs {
            self.budget.spend(1, span)?;
            let outer = Frame { around: frame, name: key.unwrap_or(""), value: name, strict: u32::MAX };
            let inner = Frame { around: Some(&outer), name: value, value: item, strict: below(strict) };
            let written = self.write(&each.body, text, span, Some(&inner))?;
            if written.is_err() {
                return Ok(written);
            }
        }
        Ok(Ok(()))
    }

    fn interpolate(&self, value: &Value, text: &mut String, span: Span) -> Written {
        if let Value::Unknown(reason) = value {
            return Ok(Err(reason.clone()));
        }
        match convert::text(value) {
            Some(piece) => {
                self.budget.text(piece.len(), span)?;
                text.push_str(&piece);
                Ok(Ok(()))
            }
            None if *value == Value::Null => Err(null(span)),
            None => {
                let message =
                    Diagnostic::error(code::WRONG_OPERAND, span, format!("{} does not stand in a text", value.sort()));
                Err(match value {
                    Value::List(_) | Value::Set(_) => {
                        Box::new(message.help("`join(\", \", list)` makes a text of a list."))
                    }
                    Value::Object(_) => Box::new(message.help("`jsonencode(object)` makes a text of an object.")),
                    _ => error(code::WRONG_OPERAND, span, message.detail),
                })
            }
        }
    }
}
