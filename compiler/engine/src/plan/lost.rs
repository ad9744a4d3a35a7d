//! [`lost`]: what a change loses, so that nobody allows it without knowing.

use ordain_model::Text;
use ordain_model::direction::{Direction, loss};
use ordain_model::schema::{Setting, Stricter, WriteClass};
use ordain_model::types::encode;
use ordain_model::value::Value;
use serde_json::Value as Json;

/// What a loosening, destructive or irreversible change loses, in words without a full stop: its address must be given
/// with `--allow`. Nothing for a change that needs no leave.
pub(crate) fn lost(setting: &Setting, before: &Value, after: &Value) -> Option<Text> {
    let direction = direction(setting, before, after);
    let text = match setting.class {
        WriteClass::Irreversible => "it cannot be undone".to_owned(),
        WriteClass::Replaces => "the object is replaced, with everything in it".to_owned(),
        WriteClass::DestructiveOnDecrease if decreases(before, after) => loss(before, after)
            .unwrap_or_else(|| format!("what `{before}` keeps and `{after}` does not becomes deletable")),
        _ if direction == Direction::Loosen => looser(setting, before, after),
        _ => return None,
    };
    Some(text.into())
}

/// For an allowlist, the addresses that lose access: in it before, and not after.
pub(crate) fn shuts_out(setting: &Setting, before: &Value, after: &Value) -> Option<Json> {
    let (Value::Cidrs(before), Value::Cidrs(after)) = (before, after) else { return None };
    let lost = before.difference(after);
    (setting.stricter == Stricter::Subset && !lost.is_empty()).then(|| encode(&Value::Cidrs(lost)))
}

/// Which way a change of a setting goes.
pub(crate) fn direction(setting: &Setting, before: &Value, after: &Value) -> Direction {
    Direction::of(before, after, setting.of, setting.stricter)
}

fn decreases(before: &Value, after: &Value) -> bool {
    match (before, after) {
        (Value::Number(before), Value::Number(after)) => after < before,
        (Value::Size(before), Value::Size(after)) => after < before,
        (Value::Duration(before), Value::Duration(after)) => !before.never_longer_than(after),
        (Value::Retention(before), Value::Retention(after)) => after < before,
        (Value::Instant(before), Value::Instant(after)) => after < before,
        (Value::Version(before), Value::Version(after)) => after < before,
        (Value::Set(before), Value::Set(after)) => !before.is_subset(after),
        _ => false,
    }
}

fn looser(setting: &Setting, before: &Value, after: &Value) -> String {
    match (before, after) {
        (Value::Cidrs(before), Value::Cidrs(after)) if setting.stricter == Stricter::Subset => {
            let gained: Vec<String> = after.difference(before).entries().iter().map(ToString::to_string).collect();
            format!("these addresses gain access: {}", gained.join(", "))
        }
        (Value::Set(before), Value::Set(after)) if setting.stricter == Stricter::Superset => {
            let gone: Vec<&str> = before.difference(after).map(|member| &**member).collect();
            format!("these are given up: {}", gone.join(", "))
        }
        _ => loss(before, after).unwrap_or_else(|| format!("`{after}` is not stricter than `{before}`")),
    }
}
