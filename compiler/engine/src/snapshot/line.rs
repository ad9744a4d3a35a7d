//! Canonical JSON (RFC 8785) of what an object's line holds, without a tree of JSON values between.

use ordain_model::digest::canonical;
use ordain_model::types::encode;
use ordain_model::value::Value;
use serde::Serialize;
use std::borrow::Cow;

/// Canonical JSON is valid for every value made here: no map has keys that are not text, no number is infinite.
pub(super) fn line(value: &impl Serialize) -> String {
    canonical(value).ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

/// An object, its members sorted as RFC 8785 sorts them: by UTF-16 units.
pub(super) fn members(text: &mut String, mut members: Vec<(Cow<'_, str>, &Value)>) {
    members.sort_by(|(one, _), (next, _)| one.encode_utf16().cmp(next.encode_utf16()));
    text.push('{');
    for (at, (name, member)) in members.into_iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        string(text, &name);
        text.push(':');
        value(text, member);
    }
    text.push('}');
}

/// A value as [`encode`] forms it.
fn value(text: &mut String, of: &Value) {
    match of {
        Value::Null => text.push_str("null"),
        Value::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
        Value::String(value) => string(text, value),
        Value::Retention(value) => string(text, &value.to_string()),
        Value::Object(fields) if fields.values().all(|field| field.as_str().is_some()) => {
            members(text, fields.iter().map(|(name, field)| (Cow::Borrowed(&**name), field)).collect());
        }
        other => text.push_str(&line(&encode(other))),
    }
}

/// A text in quotes.
pub(super) fn string(text: &mut String, of: &str) {
    if of.bytes().all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\') {
        text.push('"');
        text.push_str(of);
        text.push('"');
    } else {
        text.push_str(&line(&of));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ordain_model::retention::Retention;

    #[test]
    fn a_value_is_written_as_its_canonical_json() {
        let texts = ["", "plain", "q\"\\ \n\u{1}\u{7f}", "\u{e9}\u{1f600}\u{fb33}", "/aws/\u{20ac}"];
        let tags = texts.map(|text| (text.into(), Value::string(text)));
        let mixed = [("a".into(), Value::integer(1)), ("\u{fb33}".into(), Value::object(tags.clone()))];
        let mut values =
            vec![Value::Null, Value::Bool(true), Value::Bool(false), Value::integer(-3), Value::set(texts)];
        values.extend([Value::Retention(Retention::Days(400)), Value::object(tags), Value::object(mixed)]);
        values.extend(texts.map(Value::string));
        for of in values {
            let mut text = String::new();
            value(&mut text, &of);
            assert_eq!(text, line(&encode(&of)), "{of}");
        }
    }
}
