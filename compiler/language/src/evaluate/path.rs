//! References: root names, members, indexes and splats, without building or cloning the objects they lead through.

use super::frame::Frame;
use super::operator::null;
use super::{Evaluated, Evaluator, Root, convert, error, unknown_name};
use crate::syntax::{Expression, Name, Node, Step};
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, nearest};
use ordain_model::number::Number;
use ordain_model::source::Span;
use ordain_model::value::Value;

/// A value, and how many steps below it must exist (see [`Root::Namespace`]).
pub(super) type Found = (Value, u32);

impl Evaluator<'_> {
    /// Any expression, with how far below it keys must exist.
    pub(super) fn found(&self, expression: &Expression, frame: Option<&Frame<'_>>) -> Evaluated<Found> {
        match &expression.node {
            Node::Variable(_) | Node::Path(..) => self.reference(expression, frame),
            Node::Parentheses(inner) => self.found(inner, frame),
            _ => Ok((self.value(expression, frame)?, u32::MAX)),
        }
    }

    pub(super) fn reference(&self, expression: &Expression, frame: Option<&Frame<'_>>) -> Evaluated<Found> {
        let (operand, steps) = match &expression.node {
            Node::Path(operand, steps) => (&**operand, &**steps),
            _ => (expression, [].as_slice()),
        };
        let Node::Variable(root) = &operand.node else {
            let found = self.found(operand, frame)?;
            return self.steps(found, steps, frame);
        };
        if let Some(variable) = Frame::find(frame, root) {
            return self.steps((variable.value.clone(), variable.strict), steps, frame);
        }
        match self.scope.root(root) {
            Root::Value(value) => self.steps((value, u32::MAX), steps, frame),
            Root::Namespace { strict } => match self.first_step(root, operand.span, steps, frame)? {
                Ok(name) => {
                    let value = self.scope.member(root, &name)?;
                    if self.scope.is_read(root) {
                        self.budget.given(&value);
                    }
                    self.steps((value, below(strict)), &steps[1..], frame)
                }
                Err(unknown) => Ok((unknown, u32::MAX)),
            },
            Root::Absent => {
                let name = Name { text: root.clone(), span: operand.span };
                let roots = self.scope.roots();
                Err(unknown_name(
                    &name,
                    "anything here",
                    Frame::names(frame).into_iter().chain(roots.iter().map(|root| &**root)),
                ))
            }
        }
    }

    /// The name of the member that the first step asks of a namespace; `Err` holds the key when it is unknown.
    fn first_step(
        &self,
        root: &str,
        span: Span,
        steps: &[Step],
        frame: Option<&Frame<'_>>,
    ) -> Evaluated<Result<Name, Value>> {
        match steps.first() {
            Some(Step::Member(name)) => Ok(Ok(name.clone())),
            Some(Step::Index(key)) => Ok(self.key(key, frame)?.map(|text| Name { text, span: key.span })),
            _ => {
                let message = Diagnostic::error(code::WRONG_OPERAND, span, format!("`{root}` is no value by itself"));
                Err(Box::new(message.help(format!("Name a member of it: `{root}.name`."))))
            }
        }
    }

    fn steps(&self, found: Found, steps: &[Step], frame: Option<&Frame<'_>>) -> Evaluated<Found> {
        let (mut value, mut strict) = found;
        for (at, step) in steps.iter().enumerate() {
            self.budget.spend(1, step.span())?;
            if matches!(value, Value::Unknown(_)) {
                return Ok((value, strict));
            }
            value = match step {
                Step::Member(name) => member(&value, name, strict)?,
                Step::Index(key) => self.index(&value, key, strict, frame)?,
                Step::Each(inner, span) => {
                    let value = self.each(&value, inner, *span, strict, frame)?;
                    return self.steps((value, below(strict)), &steps[at + 1..], frame);
                }
            };
            strict = below(strict);
        }
        Ok((value, strict))
    }

    /// `[*]`: null has no items, and what is no list is one item.
    fn each(&self, value: &Value, inner: &[Step], span: Span, strict: u32, frame: Option<&Frame<'_>>) -> Evaluated {
        let items = match value {
            Value::Null => return Ok(Value::List([].into())),
            value => convert::items(value).unwrap_or_else(|| [value.clone()].into()),
        };
        self.budget.spend(items.len(), span)?;
        let each = |item: &Value| Ok(self.steps((item.clone(), below(strict)), inner, frame)?.0);
        let items: Vec<Value> = items.iter().map(each).collect::<Evaluated<_>>()?;
        Ok(Value::List(items.into()))
    }

    fn index(&self, value: &Value, key: &Expression, strict: u32, frame: Option<&Frame<'_>>) -> Evaluated {
        let index = self.value(key, frame)?;
        match (value, &index) {
            (_, Value::Unknown(_)) => Ok(index),
            (Value::Null, _) if strict == 0 => Ok(Value::Null),
            (Value::Null, _) | (_, Value::Null) => Err(null(key.span)),
            (Value::List(items), _) => item(items, &index, key.span),
            (Value::Object(_), _) => match convert::text(&index) {
                Some(text) => member(value, &Name { text, span: key.span }, strict),
                None => Err(error(code::WRONG_OPERAND, key.span, format!("a key is a string, not {}", index.sort()))),
            },
            (Value::Set(_) | Value::Cidrs(_), _) => {
                let message =
                    Diagnostic::error(code::WRONG_OPERAND, key.span, format!("{} has no order", value.sort()));
                Err(Box::new(message.help("`tolist(...)` makes a list of it, whose items have indexes.")))
            }
            _ => Err(error(code::WRONG_OPERAND, key.span, format!("{} has no items", value.sort()))),
        }
    }
}

/// One step further down.
pub(super) fn below(strict: u32) -> u32 {
    if strict == u32::MAX { strict } else { strict.saturating_sub(1) }
}

fn member(value: &Value, name: &Name, strict: u32) -> Evaluated {
    match value {
        Value::Object(fields) => match fields.get(&name.text) {
            Some(field) => Ok(field.clone()),
            None if strict == 0 => Ok(Value::Null),
            None => {
                let message =
                    Diagnostic::error(code::NO_SUCH_ITEM, name.span, format!("the object has no key `{}`", name.text));
                Err(Box::new(match nearest(&name.text, fields.keys().map(|key| &**key)) {
                    Some(near) => message.says("no such key").help(format!("The nearest key is `{near}`.")).paste(near),
                    None => message.says("no such key").help("`lookup(object, key, default)` gives a default."),
                }))
            }
        },
        Value::Null if strict == 0 => Ok(Value::Null),
        Value::Null => Err(null(name.span)),
        Value::List(_) => {
            let message = Diagnostic::error(code::WRONG_OPERAND, name.span, "a list has no members");
            Err(Box::new(message.help(format!("`[*].{}` takes it of every item.", name.text))))
        }
        _ => Err(error(code::WRONG_OPERAND, name.span, format!("{} has no members", value.sort()))),
    }
}

fn item(items: &[Value], index: &Value, span: Span) -> Evaluated {
    let Some(number) = convert::number(index) else {
        return Err(error(code::WRONG_OPERAND, span, format!("an index is a number, not {}", index.sort())));
    };
    if !number.is_whole() {
        return Err(error(code::NO_SUCH_ITEM, span, "an index is a whole number"));
    }
    let position = number.as_i64().and_then(|at| usize::try_from(at).ok());
    position.and_then(|at| items.get(at)).cloned().ok_or_else(|| match number < Number::from(0) {
        true => error(code::NO_SUCH_ITEM, span, "an index counts from 0"),
        false => error(
            code::NO_SUCH_ITEM,
            span,
            format!("the list has {} items, counted from 0; there is none at {number}", items.len()),
        ),
    })
}
