//! Conversions between values, as Terraform makes them: `"5"` is a number where one is needed, `5` a text.

use ordain_model::Text;
use ordain_model::number::Number;
use ordain_model::value::Value;
use std::sync::Arc;

/// The text of a primitive value, a size, a span of time, a retention, an instant or a version.
pub(crate) fn text(value: &Value) -> Option<Text> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string().into()),
        Value::Bool(value) => Some(value.to_string().into()),
        Value::Duration(span) => Some(span.to_string().into()),
        Value::Retention(retention) => Some(retention.to_string().into()),
        Value::Size(size) => Some(size.to_string().into()),
        Value::Instant(instant) => Some(instant.to_string().into()),
        Value::Version(version) => Some(version.to_string().into()),
        _ => None,
    }
}

/// The number that a value is or that its text reads as.
pub(crate) fn number(value: &Value) -> Option<Number> {
    match value {
        Value::Number(number) => Some(number.clone()),
        Value::String(text) => Number::parse(text).ok(),
        _ => None,
    }
}

/// The bool that a value is or that its text reads as.
pub(crate) fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        Value::String(text) => match &**text {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// The items of a list or set; the entries of a CIDR set as texts.
pub(crate) fn items(value: &Value) -> Option<Arc<[Value]>> {
    match value {
        Value::List(items) => Some(items.clone()),
        Value::Set(members) => Some(members.iter().map(|text| Value::String(text.clone())).collect()),
        Value::Cidrs(cidrs) => Some(cidrs.entries().iter().map(|block| Value::string(&block.to_string())).collect()),
        _ => None,
    }
}

/// Items of one type: where texts stand beside numbers or bools, all of them become texts.
pub(crate) fn unified(items: &[Value]) -> Arc<[Value]> {
    let primitive = |item: &Value| matches!(item, Value::String(_) | Value::Number(_) | Value::Bool(_) | Value::Null);
    let texts = items.iter().any(|item| matches!(item, Value::String(_)));
    if !texts || !items.iter().all(primitive) {
        return items.into();
    }
    items.iter().map(|item| text(item).map_or(Value::Null, Value::String)).collect()
}
