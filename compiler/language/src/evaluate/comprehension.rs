//! `for` expressions.

use super::comparison::Truth;
use super::frame::Frame;
use super::operator::null;
use super::path::below;
use super::{Evaluated, Evaluator, convert, error};
use crate::syntax::{Expression, For};
use ordain_model::Text;
use ordain_model::code;
use ordain_model::diagnostic::Diagnostic;
use ordain_model::observation::Reason;
use ordain_model::source::Span;
use ordain_model::value::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Keys with their items, in order.
pub(super) type Pairs = Vec<(Value, Value)>;

/// The keys and items of a collection: a list counts from 0, an object goes by its keys, a set's items are their own
/// keys. `Err` inside when the collection is unknown.
pub(super) fn pairs(collection: &Value, span: Span) -> Evaluated<Result<Pairs, Arc<Reason>>> {
    Ok(Ok(match collection {
        Value::Unknown(reason) => return Ok(Err(reason.clone())),
        Value::Null => return Err(null(span)),
        Value::Object(fields) => {
            fields.iter().map(|(key, value)| (Value::String(key.clone()), value.clone())).collect()
        }
        Value::List(items) => {
            items.iter().enumerate().map(|(at, item)| (Value::integer(at as i64), item.clone())).collect()
        }
        other => match convert::items(other) {
            Some(items) => items.iter().map(|item| (item.clone(), item.clone())).collect(),
            None => {
                return Err(error(
                    code::WRONG_OPERAND,
                    span,
                    format!("expected a list or an object, found {}", other.sort()),
                ));
            }
        },
    }))
}

/// What one turn of the loop gave.
enum Turn {
    /// The condition left the item out.
    Skipped,
    Item(Option<Text>, Value),
    Unknown(Value),
}

impl Evaluator<'_> {
    /// Whether an item is in the result must be known for each of them, or the result is unknown.
    pub(super) fn comprehension(&self, each: &For, frame: Option<&Frame<'_>>) -> Evaluated {
        let (over, strict) = self.found(&each.collection, frame)?;
        let pairs = match pairs(&over, each.collection.span)? {
            Ok(pairs) => pairs,
            Err(reason) => return Ok(Value::Unknown(reason)),
        };
        let mut items = Vec::new();
        let mut fields: BTreeMap<Text, Vec<Value>> = BTreeMap::new();
        for (name, item) in pairs {
            self.budget.spend(1, each.collection.span)?;
            let key = each.key.as_ref().map_or("", |key| &*key.text);
            let outer = Frame { around: frame, name: key, value: name, strict: u32::MAX };
            let inner = Frame { around: Some(&outer), name: &each.value.text, value: item, strict: below(strict) };
            match self.turn(each, &inner)? {
                Turn::Skipped => {}
                Turn::Unknown(unknown) => return Ok(unknown),
                Turn::Item(None, value) => items.push(value),
                Turn::Item(Some(key), value) => {
                    let group = fields.entry(key.clone()).or_default();
                    if !group.is_empty() && !each.group {
                        return Err(duplicate(&key, each.result_key.as_ref().unwrap_or(&each.result)));
                    }
                    group.push(value);
                }
            }
        }
        Ok(match (&each.result_key, each.group) {
            (None, _) => Value::List(items.into()),
            (Some(_), true) => object(fields, |group| Some(Value::List(group.into()))),
            (Some(_), false) => object(fields, |group| group.into_iter().next()),
        })
    }

    fn turn(&self, each: &For, frame: &Frame<'_>) -> Evaluated<Turn> {
        if let Some(condition) = &each.condition {
            match self.truth(condition, Some(frame))? {
                Truth::Known(true) => {}
                Truth::Known(false) => return Ok(Turn::Skipped),
                Truth::Unknown(reason) => return Ok(Turn::Unknown(Value::Unknown(reason))),
            }
        }
        let key = match &each.result_key {
            Some(key) => match self.key(key, Some(frame))? {
                Ok(key) => Some(key),
                Err(unknown) => return Ok(Turn::Unknown(unknown)),
            },
            None => None,
        };
        Ok(Turn::Item(key, self.value(&each.result, Some(frame))?))
    }
}

fn object(fields: BTreeMap<Text, Vec<Value>>, field: impl Fn(Vec<Value>) -> Option<Value>) -> Value {
    Value::Object(Arc::new(fields.into_iter().filter_map(|(key, group)| Some((key, field(group)?))).collect()))
}

fn duplicate(key: &str, expression: &Expression) -> Box<Diagnostic> {
    let message = Diagnostic::error(code::DUPLICATE_KEY, expression.span, format!("two items give the key `{key}`"));
    Box::new(message.help("Write `...` behind the value to collect the values of equal keys in lists."))
}
