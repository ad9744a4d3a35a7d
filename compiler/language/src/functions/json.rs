//! JSON.

use super::{Code, Failure, Function, Given, Of, Outcome, parameter};
use crate::evaluate::Evaluated;
use ordain_model::Text;
use ordain_model::number::Number;
use ordain_model::value::Value;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

/// How deep JSON may nest.
const DEEPEST: usize = 100;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "jsondecode",
        parameters: &[parameter("text", Of::Text)],
        rest: None,
        summary: "The value that a JSON text stands for, numbers exact.",
        examples: &[("jsondecode(\"[1, 2.50]\")", "[1, 2.5]")],
        errors: &[(
            "jsondecode(\"{days: 365}\")",
            "`jsondecode`: this is not JSON: key must be a string at line 1 column 2",
        )],
        code: Code::Strict(|given| {
            given.spend(given.text(0).len() / 4)?;
            let raw: &RawValue = serde_json::from_str(given.text(0)).map_err(|why| not_json(&why))?;
            decode(given, raw, DEEPEST)
        }),
    },
    Function {
        name: "jsonencode",
        parameters: &[parameter("value", Of::Any)],
        rest: None,
        summary: "A value as JSON on one line.",
        examples: &[("jsonencode({ a = [1, null] })", "\"{\\\"a\\\":[1,null]}\"")],
        errors: &[("jsonencode(at_least(1))", "`jsonencode`: a bound has no JSON form")],
        code: Code::Strict(|given| {
            let mut json = String::new();
            encode(given, &given.value(0), &mut json)?;
            Ok(Value::String(json.into()))
        }),
    },
];

fn not_json(why: &serde_json::Error) -> Failure {
    Failure::Argument(0, format!("this is not JSON: {why}"))
}

fn decode(given: &Given<'_>, raw: &RawValue, depth: usize) -> Outcome {
    let text = raw.get();
    given.spend(1 + text.len() / 16)?;
    let deeper = depth
        .checked_sub(1)
        .ok_or_else(|| Failure::Argument(0, format!("more than {DEEPEST} levels stand inside each other")))?;
    Ok(match text.as_bytes().first() {
        Some(b'{') => {
            let fields: BTreeMap<String, &RawValue> = serde_json::from_str(text).map_err(|why| not_json(&why))?;
            let decoded = fields.into_iter().map(|(key, value)| Ok((Text::from(key), decode(given, value, deeper)?)));
            Value::Object(Arc::new(decoded.collect::<Result<_, Failure>>()?))
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(text).map_err(|why| not_json(&why))?;
            let decoded: Vec<Value> =
                items.into_iter().map(|item| decode(given, item, deeper)).collect::<Result<_, _>>()?;
            Value::List(decoded.into())
        }
        Some(b'"') => Value::String(serde_json::from_str::<String>(text).map_err(|why| not_json(&why))?.into()),
        Some(b't') => Value::Bool(true),
        Some(b'f') => Value::Bool(false),
        Some(b'n') => Value::Null,
        _ => Value::Number(
            Number::parse(text).map_err(|why| Failure::Argument(0, format!("`{}` is {why}", short(text))))?,
        ),
    })
}

fn short(text: &str) -> String {
    text.chars().take(20).collect()
}

/// JSON as Terraform writes it: keys sorted, `<`, `>` and `&` escaped.
pub(super) fn encode(given: &Given<'_>, value: &Value, json: &mut String) -> Result<(), Failure> {
    given.spend(1)?;
    match value {
        Value::Null => json.push_str("null"),
        Value::Bool(value) => json.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) => json.push_str(&number.to_string()),
        Value::String(text) => quote(given, text, json)?,
        Value::Duration(span) => quote(given, &span.to_string(), json)?,
        Value::Retention(retention) => quote(given, &retention.to_string(), json)?,
        Value::Size(size) => quote(given, &size.to_string(), json)?,
        Value::Instant(instant) => quote(given, &instant.to_string(), json)?,
        Value::Version(version) => quote(given, &version.to_string(), json)?,
        Value::Object(fields) => {
            json.push('{');
            for (at, (key, value)) in fields.iter().enumerate() {
                json.push_str(if at > 0 { "," } else { "" });
                quote(given, key, json)?;
                json.push(':');
                encode(given, value, json)?;
            }
            json.push('}');
        }
        value => match crate::evaluate::convert::items(value) {
            Some(items) => {
                json.push('[');
                for (at, item) in items.iter().enumerate() {
                    json.push_str(if at > 0 { "," } else { "" });
                    encode(given, item, json)?;
                }
                json.push(']');
            }
            None => return Err(Failure::Argument(0, format!("{} has no JSON form", value.sort()))),
        },
    }
    Ok(())
}

fn quote(given: &Given<'_>, text: &str, json: &mut String) -> Evaluated<()> {
    given.spend_text(text.len())?;
    json.push('"');
    for character in text.chars() {
        match character {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            '\u{8}' => json.push_str("\\b"),
            '\u{c}' => json.push_str("\\f"),
            '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                // Writing to a string cannot fail.
                let _ = write!(json, "\\u{:04x}", u32::from(character));
            }
            other => json.push(other),
        }
    }
    json.push('"');
    Ok(())
}
