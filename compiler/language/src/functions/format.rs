//! `format` and `formatlist`: the verbs of Terraform's.

use super::decimal::Decimal;
use super::{Code, Failure, Function, Given, Of, Outcome, json, parameter};
use crate::evaluate::convert;
use ordain_model::number::Number;
use ordain_model::value::Value;
use unicode_segmentation::UnicodeSegmentation;

/// Widest and most precise that a verb may be.
const WIDEST: usize = 10_000;

const PARAMETERS: &[super::Parameter] = &[parameter("format", Of::Text)];

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "format",
        parameters: PARAMETERS,
        rest: Some(parameter("values", Of::Any)),
        summary: "A text with values in the places of verbs such as `%s`, `%d` and `%5.1f`.",
        examples: &[
            ("format(\"%s has %d\", \"a\", 5)", "\"a has 5\""),
            ("format(\"%05.1f|%-4s|%x\", 2.25, \"b\", 255)", "\"002.2|b   |ff\""),
        ],
        errors: &[
            ("format(\"%d days\", \"many\")", "`format`: `%d` takes a number, not a string"),
            ("format(\"%s and %s\", \"one\")", "`format`: `%s` has no value: the number of values given is 1"),
            ("format(\"%y\", 1)", "`format`: there is no verb `%y`"),
        ],
        code: Code::Strict(|given| Ok(Value::String(format(given, given.values.get(1..).unwrap_or(&[]))?.into()))),
    },
    Function {
        name: "formatlist",
        parameters: PARAMETERS,
        rest: Some(parameter("values", Of::Some)),
        summary: "A list of texts, one for each item of the lists among the values.",
        examples: &[("formatlist(\"%s-%d\", [\"a\", \"b\"], 1)", "[\"a-1\", \"b-1\"]")],
        errors: &[(
            "formatlist(\"%s:%s\", [\"a\", \"b\"], [\"c\"])",
            "`formatlist`: this list's length is 1, that of another one 2",
        )],
        code: Code::Strict(format_list),
    },
];

fn format_list(given: &Given<'_>) -> Outcome {
    let values: Vec<_> = given.values.iter().skip(1).map(|value| (value, convert::items(value))).collect();
    let mut length = None;
    for (at, (_, items)) in values.iter().enumerate() {
        let Some(items) = items else { continue };
        match length {
            Some(length) if length != items.len() => {
                return Err(Failure::Argument(
                    at + 1,
                    format!("this list's length is {}, that of another one {length}", items.len()),
                ));
            }
            _ => length = Some(items.len()),
        }
    }
    let mut texts = Vec::new();
    for at in 0..length.unwrap_or(1) {
        let row = |(value, items): &(&Value, Option<_>)| match items {
            Some(items) => <std::sync::Arc<[Value]>>::as_ref(items).get(at).cloned().unwrap_or(Value::Null),
            None => (*value).clone(),
        };
        let row: Vec<Value> = values.iter().map(row).collect();
        given.spend(1 + row.len())?;
        texts.push(Value::String(format(given, &row)?.into()));
    }
    Ok(Value::List(texts.into()))
}

/// One verb with what stands between it and its `%`.
#[derive(Default)]
struct Verb {
    space: bool,
    plus: bool,
    minus: bool,
    zero: bool,
    sharp: bool,
    width: usize,
    precision: Option<usize>,
    /// From 1.
    argument: Option<usize>,
    letter: char,
}

fn format(given: &Given<'_>, values: &[Value]) -> Result<String, Failure> {
    let mut text = String::new();
    let mut rest = given.text(0);
    let (mut next, mut used) = (0, 0);
    while let Some(at) = rest.find('%') {
        given.spend_text(at)?;
        text.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(behind) = rest.strip_prefix('%') {
            text.push('%');
            rest = behind;
            continue;
        }
        let (verb, behind) = verb(rest)?;
        rest = behind;
        let position = verb.argument.map_or(next, |argument| argument - 1);
        let Some(value) = values.get(position) else {
            return Err(Failure::Call(format!(
                "`%{}` has no value: the number of values given is {}",
                verb.letter,
                values.len()
            )));
        };
        (next, used) = (position + 1, used.max(position + 1));
        given.spend_text(verb.width + verb.precision.unwrap_or(0))?;
        let piece = write(given, &verb, value).map_err(|failure| match failure {
            Failure::Call(detail) => Failure::Argument(position + 1, detail),
            other => other,
        })?;
        given.spend_text(piece.len())?;
        text.push_str(&piece);
    }
    if used < values.len() {
        return Err(Failure::Argument(used + 1, format!("only {used} values are used by the format")));
    }
    given.spend_text(rest.len())?;
    text.push_str(rest);
    Ok(text)
}

fn verb(text: &str) -> Result<(Verb, &str), Failure> {
    let mut verb = Verb::default();
    let mut rest = text;
    while let Some(flag) = rest.chars().next().filter(|flag| " +-0#".contains(*flag)) {
        verb.space |= flag == ' ';
        verb.plus |= flag == '+';
        verb.minus |= flag == '-';
        verb.zero |= flag == '0';
        verb.sharp |= flag == '#';
        rest = &rest[1..];
    }
    (verb.width, rest) = count(rest)?;
    if let Some(behind) = rest.strip_prefix('.') {
        let (precision, behind) = count(behind)?;
        (verb.precision, rest) = (Some(precision), behind);
    }
    if let Some(behind) = rest.strip_prefix('[') {
        let (argument, behind) = count(behind)?;
        rest =
            behind.strip_prefix(']').filter(|_| argument > 0).ok_or("a position is written `[1]`, counted from 1")?;
        verb.argument = Some(argument);
    }
    verb.letter = rest.chars().next().ok_or("the format ends inside of a verb")?;
    match "vtbdoxXeEfgGsq".contains(verb.letter) {
        true => Ok((verb, &rest[1..])),
        false => Err(Failure::Argument(0, format!("there is no verb `%{}`", verb.letter.escape_debug()))),
    }
}

/// A number at the start of a text, 0 where there is none, and what follows it.
fn count(text: &str) -> Result<(usize, &str), Failure> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let number = if end == 0 { Some(0) } else { text[..end].parse().ok().filter(|number| *number <= WIDEST) };
    let number = number.ok_or_else(|| Failure::Argument(0, format!("a width is at most {WIDEST}")))?;
    Ok((number, &text[end..]))
}

fn write(given: &Given<'_>, verb: &Verb, value: &Value) -> Result<String, Failure> {
    let expected = |what: &str| Failure::Call(format!("`%{}` takes {what}, not {}", verb.letter, value.sort()));
    let number = || convert::number(value).ok_or_else(|| expected("a number"));
    Ok(match verb.letter {
        'v' if !verb.sharp && convert::text(value).is_some() => match value {
            Value::Number(number) => pad(verb, &signed(&Decimal::of(number), Decimal::of(number).general(None)), false),
            _ => pad(verb, &convert::text(value).unwrap_or_default(), false),
        },
        'v' => {
            let mut json = String::new();
            json::encode(given, value, &mut json)?;
            pad(verb, &json, false)
        }
        't' => convert::truth(value).ok_or_else(|| expected("a bool"))?.to_string(),
        's' | 'q' => {
            let text = convert::text(value).ok_or_else(|| expected("a string"))?;
            let text: String = text.graphemes(true).take(verb.precision.unwrap_or(usize::MAX)).collect();
            match verb.letter {
                's' => pad(verb, &text, false),
                _ => {
                    let mut json = String::new();
                    json::encode(given, &Value::string(&text), &mut json)?;
                    pad(verb, &json, false)
                }
            }
        }
        'b' | 'o' | 'x' | 'X' | 'd' => whole(verb, &number()?)?,
        _ => float(verb, &number()?),
    })
}

fn whole(verb: &Verb, number: &Number) -> Result<String, Failure> {
    if !number.is_whole() {
        return Err(Failure::Call(format!("`%{}` takes a whole number", verb.letter)));
    }
    let plain = number.to_string();
    let (negative, digits) = plain.strip_prefix('-').map_or((false, plain.as_str()), |digits| (true, digits));
    let body = match (verb.letter, digits.parse::<u128>()) {
        ('d', _) => digits.to_owned(),
        ('b', Ok(number)) => format!("{}{number:b}", if verb.sharp { "0b" } else { "" }),
        ('o', Ok(number)) => format!("{}{number:o}", if verb.sharp { "0" } else { "" }),
        ('x', Ok(number)) => format!("{}{number:x}", if verb.sharp { "0x" } else { "" }),
        ('X', Ok(number)) => format!("{}{number:X}", if verb.sharp { "0X" } else { "" }),
        _ => return Err(Failure::Call(format!("`%{}` takes a whole number of at most 128 bits", verb.letter))),
    };
    Ok(pad(verb, &sign(verb, negative, &body), true))
}

fn float(verb: &Verb, number: &Number) -> String {
    let decimal = Decimal::of(number);
    let negative = decimal.negative;
    let body = match verb.letter {
        'f' => decimal.fixed(verb.precision.unwrap_or(6)),
        'e' | 'E' => decimal.exponential(Some(verb.precision.unwrap_or(6))),
        _ => decimal.general(verb.precision),
    };
    let body = if matches!(verb.letter, 'E' | 'G') { body.to_uppercase() } else { body };
    pad(verb, &sign(verb, negative, &body), true)
}

fn signed(decimal: &Decimal, body: String) -> String {
    if decimal.negative { format!("-{body}") } else { body }
}

fn sign(verb: &Verb, negative: bool, body: &str) -> String {
    let sign = match (negative, verb.plus, verb.space) {
        (true, _, _) => "-",
        (_, true, _) => "+",
        (_, _, true) => " ",
        _ => "",
    };
    format!("{sign}{body}")
}

/// Fills up to the width: spaces on the left, on the right with `-`; with `0` zeros, behind a number's sign.
fn pad(verb: &Verb, text: &str, number: bool) -> String {
    let missing = verb.width.saturating_sub(text.graphemes(true).count());
    if verb.minus {
        return format!("{text}{}", " ".repeat(missing));
    }
    match (verb.zero, text.strip_prefix(['-', '+', ' ']).filter(|_| number)) {
        (true, Some(digits)) => format!("{}{}{digits}", &text[..1], "0".repeat(missing)),
        (true, None) => format!("{}{text}", "0".repeat(missing)),
        (false, _) => format!("{}{text}", " ".repeat(missing)),
    }
}
