//! Calls: arguments evaluated, counted and converted to what the function's parameters say, then handed over.

use super::frame::Frame;
use super::{Evaluated, Evaluator, convert, error};
use crate::functions::{self, Code, Failure, Function, Given, Of, Parameter, refused};
use crate::syntax::{Argument, Name};
use ordain_model::bound::BoundTerm;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, nearest};
use ordain_model::observation::Reason;
use ordain_model::source::Span;
use ordain_model::types::Type;
use ordain_model::value::{Deferred, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

impl Evaluator<'_> {
    pub(super) fn call(
        &self,
        name: &Name,
        arguments: &[Argument],
        expand: bool,
        span: Span,
        frame: Option<&Frame<'_>>,
    ) -> Evaluated {
        let function = functions::find(&name.text).ok_or_else(|| unknown_function(name))?;
        if let Code::Deferred = function.code {
            return self.deferred(function, name, arguments, expand, frame);
        }
        if let Some(named) = arguments.iter().find_map(|argument| argument.name.as_ref()) {
            return Err(misused(function, named.span, format!("the arguments of `{}` have no names", function.name)));
        }
        if let Code::Lazy(run) = function.code {
            return match arguments {
                [] => Err(misused(function, span, "there is no argument")),
                _ if expand => Err(misused(function, span, "`...` cannot stand here")),
                _ => run(self, arguments, span, frame),
            };
        }
        let (values, spans) = match self.arguments(arguments, expand, frame)? {
            Ok(values) => values.into_iter().unzip(),
            Err(reason) => return Ok(Value::Unknown(reason)),
        };
        self.apply(function, values, spans, span)
    }

    /// The values of arguments with their places; `Err` inside when a spread list is unknown.
    #[expect(clippy::type_complexity, reason = "a name for it would say no more")]
    fn arguments(
        &self,
        arguments: &[Argument],
        expand: bool,
        frame: Option<&Frame<'_>>,
    ) -> Evaluated<Result<Vec<(Value, Span)>, Arc<Reason>>> {
        let mut values = Vec::with_capacity(arguments.len());
        for (at, argument) in arguments.iter().enumerate() {
            let span = argument.value.span;
            let value = self.value(&argument.value, frame)?;
            if !expand || at + 1 < arguments.len() {
                values.push((value, span));
                continue;
            }
            if let Value::Unknown(reason) = value {
                return Ok(Err(reason));
            }
            let Some(items) = convert::items(&value) else {
                return Err(error(code::WRONG_OPERAND, span, format!("`...` spreads a list, not {}", value.sort())));
            };
            self.budget.spend(items.len(), span)?;
            values.extend(items.iter().map(|item| (item.clone(), span)));
        }
        Ok(Ok(values))
    }

    fn apply(&self, function: &'static Function, values: Vec<Value>, spans: Vec<Span>, span: Span) -> Evaluated {
        let least = function.parameters.iter().filter(|parameter| !parameter.optional).count();
        let most = if function.rest.is_some() { usize::MAX } else { function.parameters.len() };
        if values.len() < least || values.len() > most {
            return Err(misused(function, span, wrong_count(function, values.len(), least, most)));
        }
        if !matches!(function.code, Code::Lenient(_))
            && let Some(reason) =
                self.unknown(&values, matches!(function.code, Code::Strict(_) | Code::Bound(_)), span)?
        {
            return Ok(Value::Unknown(reason));
        }
        self.budget.spend(values.iter().map(looked_through).sum(), span)?;
        let mut converted = Vec::with_capacity(values.len());
        for (at, (value, place)) in values.into_iter().zip(&spans).enumerate() {
            let Some(parameter) = function.parameters.get(at).or(function.rest.as_ref()) else { break };
            converted.push(self.convert(function, parameter, value, *place)?);
        }
        let given = Given { values: converted, evaluator: self, span };
        let result = match function.code {
            Code::Strict(run) | Code::Shallow(run) | Code::Lenient(run) => run(&given),
            Code::Bound(constructor) => {
                let calendar = self.scope.calendar();
                Ok(Value::Bound(Arc::new(BoundTerm { constructor, arguments: given.values, calendar })))
            }
            Code::Lazy(_) | Code::Deferred => Ok(Value::Null),
        };
        let value = result.map_err(|failure| match failure {
            Failure::Message(message) => message,
            Failure::Argument(at, detail) => failed(function, spans.get(at).copied().unwrap_or(span), detail),
            Failure::Call(detail) => failed(function, span, detail),
        })?;
        self.budget.spend(size(&value), span)?;
        Ok(value)
    }

    /// Why an argument is unknown, the first one that is: itself, or with `deep` anything inside of it.
    fn unknown(&self, values: &[Value], deep: bool, span: Span) -> Evaluated<Option<Arc<Reason>>> {
        let mut open: Vec<&Value> = values.iter().rev().collect();
        while let Some(value) = open.pop() {
            self.budget.spend(1, span)?;
            match value {
                Value::Unknown(reason) => return Ok(Some(reason.clone())),
                Value::List(items) if deep => {
                    self.budget.spend(items.len(), span)?;
                    open.extend(items.iter().rev());
                }
                Value::Object(fields) if deep => {
                    self.budget.spend(fields.len(), span)?;
                    open.extend(fields.values().rev());
                }
                _ => {}
            }
        }
        Ok(None)
    }

    fn convert(&self, function: &Function, parameter: &Parameter, value: Value, span: Span) -> Evaluated {
        if matches!(value, Value::Unknown(_)) || matches!(parameter.of, Of::Any) {
            return Ok(value);
        }
        let sort = value.sort();
        if value == Value::Null {
            let message = misused(function, span, format!("`{}` is null", parameter.name));
            return Err(Box::new(message.says(format!("expected {}", parameter.of.name()))));
        }
        let refused =
            |what: String| Box::new(misused(function, span, what).says(format!("expected {}", parameter.of.name())));
        let items = |value: &Value| convert::items(value).map(Value::List);
        if let (Of::Texts, Some(list)) = (parameter.of, convert::items(&value)) {
            return texts(&list).map_err(|sort| refused(format!("an item of `{}` is {sort}", parameter.name)));
        }
        let converted = match parameter.of {
            Of::Any | Of::Some => Some(value),
            Of::Text => convert::text(&value).map(Value::String),
            Of::Number => convert::number(&value).map(Value::Number),
            Of::Whole => convert::number(&value).filter(|number| number.as_i64().is_some()).map(Value::Number),
            Of::List | Of::Texts => items(&value),
            Of::Object => matches!(value, Value::Object(_)).then_some(value),
            Of::Addresses => return self.typed(Type::Cidrs, function, parameter, value, span),
            Of::Duration => return self.typed(Type::Duration, function, parameter, value, span),
        };
        converted.ok_or_else(|| refused(format!("`{}` is {sort}", parameter.name)))
    }

    /// A value in a type that settings have too.
    fn typed(&self, of: Type, function: &Function, parameter: &Parameter, value: Value, span: Span) -> Evaluated {
        let lone = matches!((of, &value), (Type::Cidrs, Value::String(_)));
        let value = if lone { Value::List([value].into()) } else { value };
        of.convert(&value, self.scope.calendar()).map_err(|mismatch| {
            let message =
                misused(function, span, format!("`{}` does not read as {}", parameter.name, parameter.of.name()));
            let message = message.says(format!("expected {}", mismatch.expected));
            Box::new(match mismatch.offer {
                Some(offer) => message.paste(format!("\"{offer}\"")),
                None => message,
            })
        })
    }

    /// A call that a provider resolves: its arguments have names.
    fn deferred(
        &self,
        function: &'static Function,
        name: &Name,
        arguments: &[Argument],
        expand: bool,
        frame: Option<&Frame<'_>>,
    ) -> Evaluated {
        let mut given: BTreeMap<_, Value> = BTreeMap::new();
        for argument in arguments {
            let span = argument.value.span;
            let Some(label) = argument.name.as_ref().filter(|_| !expand) else {
                return Err(misused(function, span, format!("the arguments of `{}` have names", function.name)));
            };
            let known = function.parameters.iter().find(|parameter| parameter.name == &*label.text);
            let Some(parameter) = known else {
                return Err(misused(
                    function,
                    label.span,
                    format!("`{}` has no argument `{}`", function.name, label.text),
                ));
            };
            let value = self.value(&argument.value, frame)?;
            let value = self.convert(function, parameter, value, span)?;
            if given.insert(label.text.clone(), value).is_some() {
                return Err(misused(function, label.span, format!("`{}` is given twice", label.text)));
            }
        }
        Ok(Value::Deferred(Arc::new(Deferred { function: name.text.clone(), arguments: given })))
    }
}

/// A list as one of texts; else the sort of the first item that is none.
fn texts(items: &[Value]) -> Result<Value, &'static str> {
    let text = |item: &Value| match item {
        Value::Unknown(_) => Ok(item.clone()),
        _ => convert::text(item).map(Value::String).ok_or(item.sort()),
    };
    items.iter().map(text).collect::<Result<Arc<[Value]>, _>>().map(Value::List)
}

/// What an argument takes of the budget before the function sees it: texts and sets are looked through as a whole, lists
/// and objects as far as the function goes.
fn looked_through(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len() / 16,
        Value::Set(members) => members.len(),
        Value::Cidrs(cidrs) => cidrs.entries().len(),
        _ => 0,
    }
}

/// What a fresh value takes of the budget.
fn size(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len() / 16,
        Value::List(items) => items.len(),
        Value::Set(members) => members.len(),
        Value::Object(fields) => fields.len(),
        Value::Cidrs(cidrs) => cidrs.entries().len(),
        _ => 1,
    }
}

fn unknown_function(name: &Name) -> Box<Diagnostic> {
    if let Some(message) = refused::message(name) {
        return Box::new(message);
    }
    let message = Diagnostic::error(code::UNKNOWN_FUNCTION, name.span, format!("there is no function `{}`", name.text));
    let names = functions::all().iter().map(|function| function.name);
    Box::new(match nearest(&name.text, names) {
        Some(near) => message.says("no such function").help(format!("The nearest one is `{near}`.")).paste(near),
        None => message.says("no such function"),
    })
}

pub(crate) fn misused(function: &Function, span: Span, detail: impl Into<String>) -> Box<Diagnostic> {
    let message = Diagnostic::error(code::WRONG_CALL, span, detail);
    Box::new(message.help(format!("The signature is `{}`.", function.signature())))
}

fn failed(function: &Function, span: Span, detail: String) -> Box<Diagnostic> {
    let message = Diagnostic::error(code::FUNCTION_FAILED, span, format!("`{}`: {detail}", function.name));
    Box::new(message.help(format!("The signature is `{}`.", function.signature())))
}

/// How many arguments there are and how many there should be; of too few, the first that is missing.
fn wrong_count(function: &Function, given: usize, least: usize, most: usize) -> String {
    let count = |count: usize| if count == 1 { "1 argument".to_owned() } else { format!("{count} arguments") };
    let wanted = match (least, most) {
        (least, usize::MAX) => format!("at least {}", count(least)),
        (least, most) if least == most => count(least),
        (least, most) => format!("{least} to {}", count(most)),
    };
    let missing = function.parameters.get(given).filter(|_| given < least);
    let missing = missing.map_or(String::new(), |parameter| format!(": `{}` is missing", parameter.name));
    format!("`{}` takes {wanted}, {given} {} given{missing}", function.name, if given == 1 { "is" } else { "are" })
}
