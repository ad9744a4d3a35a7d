//! `yamldecode`: the events of the parser become values on a stack of their own, so that depth is no recursion and an
//! alias costs what it stands for.

use crate::evaluate::convert;
use crate::functions::{Failure, Given, Outcome};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ordain_model::Text;
use ordain_model::number::Number;
use ordain_model::value::Value;
use saphyr_parser::{Event, Parser, ScalarStyle, Tag};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// How deep lists and objects may nest.
const DEEPEST: usize = 100;

/// A value and what its parts cost.
#[derive(Clone)]
struct Built {
    value: Value,
    size: usize,
}

/// A list or object that is not closed yet.
struct Open {
    anchor: usize,
    size: usize,
    items: Vec<Value>,
    fields: BTreeMap<Text, Value>,
    /// What it is: a list, or an object and the key whose value comes next.
    object: Option<Option<Text>>,
}

struct Builder<'g> {
    given: &'g Given<'g>,
    open: Vec<Open>,
    anchors: BTreeMap<usize, Built>,
    root: Option<Value>,
    documents: usize,
}

pub(super) fn decode(given: &Given<'_>) -> Outcome {
    given.spend(given.text(0).len() / 4)?;
    if let Some(control) = given.text(0).chars().find(|letter| !printable(*letter)) {
        return Err(wrong(format!("this is not YAML: it has the control character {:#04x}", u32::from(control))));
    }
    let mut builder = Builder { given, open: Vec::new(), anchors: BTreeMap::new(), root: None, documents: 0 };
    for event in Parser::new_from_str(given.text(0)) {
        let (event, _) = event.map_err(|why| wrong(format!("this is not YAML: {why}")))?;
        builder.take(event)?;
    }
    builder.root.ok_or_else(|| wrong("there is no document"))
}

fn wrong(detail: impl Into<String>) -> Failure {
    Failure::Argument(0, detail.into())
}

/// YAML 1.2, section 5.1; the parser takes any.
fn printable(letter: char) -> bool {
    matches!(letter, '\t' | '\n' | '\r' | '\u{85}')
        || !(letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}'))
}

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>) -> Result<(), Failure> {
        self.given.spend(1)?;
        match event {
            Event::DocumentStart(_) if self.documents == 1 => Err(wrong("there is a second document")),
            Event::DocumentStart(_) => {
                self.documents += 1;
                Ok(())
            }
            Event::Scalar(text, style, anchor, tag) => {
                let value = scalar(&text, style, tag.as_deref())?;
                self.built(Built { value, size: 1 + text.len() / 16 }, anchor)
            }
            Event::SequenceStart(anchor, tag) => self.enter(anchor, tag, "seq", None),
            Event::MappingStart(anchor, tag) => self.enter(anchor, tag, "map", Some(None)),
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(Open { anchor, size, items, object: None, .. }) => {
                    self.built(Built { value: Value::List(items.into()), size }, anchor)
                }
                Some(Open { anchor, size, fields, .. }) => {
                    self.built(Built { value: Value::object(fields), size }, anchor)
                }
                None => Ok(()),
            },
            Event::Alias(anchor) => match self.anchors.get(&anchor).cloned() {
                Some(built) => {
                    self.given.spend(built.size)?;
                    self.built(built, 0)
                }
                None => Err(wrong("an alias stands inside of what it is an alias of")),
            },
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
        }
    }

    fn enter(
        &mut self,
        anchor: usize,
        tag: Option<Cow<'_, Tag>>,
        known: &str,
        object: Option<Option<Text>>,
    ) -> Result<(), Failure> {
        if tag.is_some_and(|tag| !tag.is_yaml_core_schema() || tag.suffix != known) {
            return Err(wrong(format!("expected no tag on it but `!!{known}`")));
        }
        if self.open.len() >= DEEPEST {
            return Err(wrong(format!("more than {DEEPEST} levels stand inside each other")));
        }
        self.open.push(Open { anchor, size: 1, items: Vec::new(), fields: BTreeMap::new(), object });
        Ok(())
    }

    /// A whole value: the document, an item, a key or what stands under one.
    fn built(&mut self, built: Built, anchor: usize) -> Result<(), Failure> {
        if anchor > 0 {
            let _ = self.anchors.insert(anchor, built.clone());
        }
        let Some(open) = self.open.last_mut() else {
            self.root = Some(built.value);
            return Ok(());
        };
        open.size = open.size.saturating_add(built.size);
        match &mut open.object {
            None => open.items.push(built.value),
            Some(key @ None) => *key = Some(name(&built.value)?),
            Some(key) => match (key.take().unwrap_or_default(), built.value) {
                (key, Value::Object(merged)) if &*key == "<<" => {
                    self.given.spend(merged.len())?;
                    open.fields.extend(merged.iter().map(|(key, value)| (key.clone(), value.clone())));
                }
                (key, _) if &*key == "<<" => return Err(wrong("`<<` takes an object")),
                (key, value) => drop(open.fields.insert(key, value)),
            },
        }
        Ok(())
    }
}

fn name(key: &Value) -> Result<Text, Failure> {
    convert::text(key).ok_or_else(|| wrong(format!("a key is a string, not {}", key.sort())))
}

/// A tag of the core schema decides, also for a text in quotes; what it says must be so.
fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Outcome {
    let Some(tag) = tag else {
        return if style == ScalarStyle::Plain { plain(text) } else { Ok(Value::string(text)) };
    };
    let value = match (tag.is_yaml_core_schema(), tag.suffix.as_str()) {
        (true, "str") => Some(Value::string(text)),
        (true, "binary") => STANDARD.decode(text).is_ok().then(|| Value::string(text)),
        (true, "null") => Some(plain(text)?).filter(|value| *value == Value::Null),
        (true, "bool") => Some(plain(text)?).filter(|value| matches!(value, Value::Bool(_))),
        (true, "int" | "float") => Some(plain(text)?).filter(|value| matches!(value, Value::Number(_))),
        _ => None,
    };
    value.ok_or_else(|| wrong(format!("`{}` is not read as `{tag}`", text.chars().take(20).collect::<String>())))
}

/// The words of YAML 1.1 for bools are still read, as in Terraform; its dates and its numbers with `_` and `:` are not.
fn plain(text: &str) -> Outcome {
    Ok(match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" | "true" | "True" | "TRUE" => Value::Bool(true),
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" | "false" | "False" | "FALSE" => Value::Bool(false),
        _ => match text.strip_prefix(['+', '-']).unwrap_or(text) {
            ".inf" | ".Inf" | ".INF" | ".nan" | ".NaN" | ".NAN" => {
                return Err(wrong(format!("`{text}` is no number that has digits")));
            }
            _ => number(text)?.map_or_else(|| Value::string(text), Value::Number),
        },
    })
}

fn number(text: &str) -> Result<Option<Number>, Failure> {
    let based = |digits: &str, base: u32| {
        let all = !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(base));
        all.then(|| u128::from_str_radix(digits, base).map(|number| number.to_string()))
    };
    let based = match (text.strip_prefix("0x"), text.strip_prefix("0o")) {
        (Some(digits), _) => based(digits, 16),
        (_, Some(digits)) => based(digits, 8),
        _ => None,
    };
    let written = match based {
        Some(Ok(written)) => written,
        Some(Err(_)) => return Err(wrong(format!("`{text}` has more than 128 bits"))),
        None => match decimal(text) {
            Some(written) => written,
            None => return Ok(None),
        },
    };
    Number::parse(&written).map(Some).map_err(|why| wrong(format!("a number is {why}")))
}

/// A decimal as [`Number`] reads it: YAML lets a sign, and nothing on one side of the point, stand.
fn decimal(text: &str) -> Option<String> {
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(unsigned) => ("-", unsigned),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = unsigned.find(['e', 'E']).map_or((unsigned, ""), |at| unsigned.split_at(at));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let padded = |digits: &str| if digits.is_empty() { "0".to_owned() } else { digits.to_owned() };
    let starts = unsigned.starts_with(|first: char| first.is_ascii_digit() || first == '.');
    (starts && !(whole.is_empty() && fraction.is_empty()))
        .then(|| format!("{sign}{}.{}{exponent}", padded(whole), padded(fraction)))
        .filter(|written| Number::parse(written) != Err(ordain_model::number::NumberError::NotANumber))
}
