//! Values as a profile writes them.

use super::Value;
use std::fmt::{self, Write as _};

/// Nesting beyond which a value is only hinted at, so that no input makes the recursion deep.
const MOST_DEPTH: usize = 32;

impl fmt::Display for Value {
    /// The value in the profile's syntax: `"365d"`, `["api", "audit"]`, `{ a = 1 }`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(self, MOST_DEPTH, f)
    }
}

fn write(value: &Value, depth: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match value {
        Value::Null => f.write_str("null"),
        Value::Bool(value) => write!(f, "{value}"),
        Value::Number(number) => write!(f, "{number}"),
        Value::String(text) => f.write_str(&quote(text)),
        Value::Size(size) => write!(f, "\"{size}\""),
        Value::Duration(span) => write!(f, "\"{span}\""),
        Value::Retention(retention) => write!(f, "\"{retention}\""),
        Value::Instant(instant) => write!(f, "\"{instant}\""),
        Value::Version(version) => write!(f, "\"{version}\""),
        Value::Cidrs(cidrs) => write!(f, "{cidrs}"),
        Value::Set(members) => {
            f.write_char('[')?;
            separated(f, members.iter(), |f, member| f.write_str(&quote(member)))?;
            f.write_char(']')
        }
        _ if depth == 0 => f.write_str("..."),
        Value::List(items) => {
            f.write_char('[')?;
            separated(f, items.iter(), |f, item| write(item, depth - 1, f))?;
            f.write_char(']')
        }
        Value::Object(fields) if fields.is_empty() => f.write_str("{}"),
        Value::Object(fields) => {
            f.write_str("{ ")?;
            separated(f, fields.iter(), |f, (name, value)| {
                write!(f, "{} = ", if is_name(name) { name.to_string() } else { quote(name) })?;
                write(value, depth - 1, f)
            })?;
            f.write_str(" }")
        }
        Value::Bound(term) => {
            write!(f, "{}(", term.constructor.name())?;
            separated(f, term.arguments.iter(), |f, argument| write(argument, depth - 1, f))?;
            f.write_char(')')
        }
        Value::Deferred(call) => {
            write!(f, "{}(", call.function)?;
            separated(f, call.arguments.iter(), |f, (name, value)| {
                write!(f, "{name} = ")?;
                write(value, depth - 1, f)
            })?;
            f.write_char(')')
        }
        Value::Unknown(_) => f.write_str("unknown"),
    }
}

fn separated<'f, T>(
    f: &mut fmt::Formatter<'f>,
    items: impl Iterator<Item = T>,
    write: impl Fn(&mut fmt::Formatter<'f>, T) -> fmt::Result,
) -> fmt::Result {
    for (at, item) in items.enumerate() {
        if at > 0 {
            f.write_str(", ")?;
        }
        write(f, item)?;
    }
    Ok(())
}

/// Whether a key reads without quotes: an ASCII identifier that is not `for`, which would begin a `for` expression.
fn is_name(text: &str) -> bool {
    let mut characters = text.chars();
    let starts = characters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_');
    starts && characters.all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-') && text != "for"
}

/// A text as a quoted literal of the profile's syntax, which reads back as the same text.
#[must_use]
pub fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '$' | '%' if characters.peek() == Some(&'{') => quoted.extend([character, character]),
            control if control.is_control() => {
                // Writing to a string cannot fail.
                let _ = write!(quoted, "\\u{:04x}", u32::from(control));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_read_as_a_profile_writes_them() {
        let object = Value::object([("a b".into(), Value::integer(1))]);
        let list = Value::list([Value::string("x\"${y}\u{1}"), Value::Null, Value::Bool(true), object]);
        assert_eq!(list.to_string(), r#"["x\"$${y}\u0001", null, true, { "a b" = 1 }]"#);
    }

    #[test]
    fn deep_values_are_cut_off() {
        let deep = (0..1_000).fold(Value::Null, |value, _| Value::list([value]));
        assert!(deep.to_string().contains("[...]"));
    }
}
