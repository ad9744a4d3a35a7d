//! `yamlencode`: blocks two spaces deep, every text and key in quotes, texts of several lines as they are.

use crate::evaluate::convert;
use crate::functions::{Failure, Given, Outcome};
use ordain_model::value::Value;
use std::fmt::Write as _;

pub(super) fn encode(given: &Given<'_>) -> Outcome {
    let mut yaml = String::new();
    let value = given.value(0);
    write(given, &value, 0, &mut yaml)?;
    // The parser of a stream could not tell where a bare scalar ends.
    yaml.push_str(match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => "...\n",
        _ => "",
    });
    Ok(Value::String(yaml.into()))
}

/// A value where a line has begun, `depth` levels deep; ends the line.
fn write(given: &Given<'_>, value: &Value, depth: usize, yaml: &mut String) -> Result<(), Failure> {
    given.spend(1)?;
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            for (at, (key, value)) in fields.iter().enumerate() {
                begin(given, at, depth, yaml)?;
                quote(given, key, yaml)?;
                yaml.push(':');
                under(given, value, depth, yaml)?;
            }
        }
        Value::Object(_) => yaml.push_str("{}\n"),
        Value::Null => yaml.push_str("null\n"),
        Value::Bool(value) => yaml.push_str(if *value { "true\n" } else { "false\n" }),
        Value::Number(number) => drop(writeln!(yaml, "{number}")),
        value => match (convert::text(value), convert::items(value)) {
            (Some(text), _) => scalar(given, &text, depth, yaml)?,
            (None, Some(items)) if !items.is_empty() => {
                for (at, item) in items.iter().enumerate() {
                    begin(given, at, depth, yaml)?;
                    yaml.push_str("- ");
                    write(given, item, depth + 1, yaml)?;
                }
            }
            (None, Some(_)) => yaml.push_str("[]\n"),
            (None, None) => return Err(Failure::Argument(0, format!("{} has no YAML form", value.sort()))),
        },
    }
    Ok(())
}

/// What stands behind `key:`. A list stands as deep as its key.
fn under(given: &Given<'_>, value: &Value, depth: usize, yaml: &mut String) -> Result<(), Failure> {
    let empty = match value {
        Value::Object(fields) => fields.is_empty(),
        value => convert::items(value).is_none_or(|items| items.is_empty()),
    };
    if empty {
        yaml.push(' ');
        return write(given, value, depth + 1, yaml);
    }
    let deeper = if matches!(value, Value::Object(_)) { depth + 1 } else { depth };
    yaml.push('\n');
    begin(given, 1, deeper, yaml)?;
    // The first entry stands where the indentation of the line already is.
    write(given, value, deeper, yaml)
}

/// Begins the line of an entry; the first one's line has begun.
fn begin(given: &Given<'_>, entry: usize, depth: usize, yaml: &mut String) -> Result<(), Failure> {
    if entry > 0 {
        given.spend_text(2 * depth)?;
        yaml.extend(std::iter::repeat_n("  ", depth));
    }
    Ok(())
}

fn scalar(given: &Given<'_>, text: &str, depth: usize, yaml: &mut String) -> Result<(), Failure> {
    let printable = |letter: char| {
        letter == '\n'
            || matches!(letter, ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}')
                && !matches!(letter, '\u{2028}' | '\u{2029}')
    };
    if !text.contains('\n') || text.contains(" \n") || text.ends_with(' ') || !text.chars().all(printable) {
        quote(given, text, yaml)?;
        yaml.push('\n');
        return Ok(());
    }
    // A text that begins with space says how deep it stands; what is behind the last line end is said too.
    let indicator = if text.starts_with([' ', '\n']) { "2" } else { "" };
    let chomping = match text.strip_suffix('\n') {
        None => "-",
        Some("") => "+",
        Some(inner) if inner.ends_with('\n') => "+",
        Some(_) => "",
    };
    let _ = writeln!(yaml, "|{indicator}{chomping}");
    for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
        given.spend_text(2 * depth + line.len())?;
        if !line.is_empty() {
            yaml.extend(std::iter::repeat_n("  ", depth.max(1)));
        }
        yaml.push_str(line);
        yaml.push('\n');
    }
    Ok(())
}

fn quote(given: &Given<'_>, text: &str, yaml: &mut String) -> Result<(), Failure> {
    given.spend_text(text.len())?;
    yaml.push('"');
    for letter in text.chars() {
        let escape = match letter {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\0' => "\\0",
            '\u{7}' => "\\a",
            '\u{8}' => "\\b",
            '\t' => "\\t",
            '\n' => "\\n",
            '\u{b}' => "\\v",
            '\u{c}' => "\\f",
            '\r' => "\\r",
            '\u{1b}' => "\\e",
            '\u{85}' => "\\N",
            '\u{2028}' => "\\L",
            '\u{2029}' => "\\P",
            _ => "",
        };
        let code = u32::from(letter);
        let _ = match (escape, letter) {
            ("", '\u{1}'..='\u{1f}' | '\u{7f}'..='\u{9f}') => write!(yaml, "\\x{code:02X}"),
            ("", '\u{feff}' | '\u{fffe}' | '\u{ffff}') => write!(yaml, "\\u{code:04X}"),
            ("", '\u{10000}'..) => write!(yaml, "\\U{code:08X}"),
            ("", letter) => write!(yaml, "{letter}"),
            (escape, _) => write!(yaml, "{escape}"),
        };
    }
    yaml.push('"');
    Ok(())
}
