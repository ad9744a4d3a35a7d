//! `formatdate`: runs of one letter stand for parts of a moment, everything else that is no letter for itself.

use super::{Instant, zone};
use crate::functions::{Failure, Given, Outcome};
use ordain_model::value::Value;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const PARTS: &str = "`YYYY`, `YY`, `MMMM`, `MMM`, `MM`, `M`, `DD`, `D`, `EEEE`, `EEE`, `hh`, `h`, `HH`, `H`, `AA`, `aa`, `mm`, `m`, `ss`, `s`, `ZZZZZ`, `ZZZZ`, `ZZZ`, `Z`";

pub(super) fn write(given: &Given<'_>, instant: &Instant) -> Outcome {
    let mut text = String::new();
    let mut rest = given.text(0);
    while let Some(first) = rest.chars().next() {
        given.spend(1)?;
        let run;
        match first {
            '\'' => {
                let inside = quoted(rest)?;
                // Two quotes with nothing between them are one.
                text.push_str(if inside.is_empty() { "'" } else { "" });
                text.push_str(&inside.replace("''", "'"));
                run = inside.len() + 2;
            }
            letter if letter.is_ascii_alphabetic() => {
                run = rest.len() - rest.trim_start_matches(letter).len();
                let part = part(letter, run, instant);
                text.push_str(&part.ok_or_else(|| {
                    let shown: String = rest.chars().take(run.min(20)).collect();
                    Failure::Argument(0, format!("`{shown}` is no part of a moment; there is {PARTS}, and `'text'`"))
                })?);
            }
            other => {
                text.push(other);
                run = other.len_utf8();
            }
        }
        rest = rest.get(run..).unwrap_or("");
    }
    Ok(Value::String(text.into()))
}

/// What stands in quotes at the start of a text, two quotes inside still two.
fn quoted(text: &str) -> Result<&str, Failure> {
    let inside = text.get(1..).unwrap_or("");
    let mut at = 0;
    while let Some(quote) = inside.get(at..).and_then(|rest| rest.find('\'')) {
        let end = at + quote;
        // Of an empty quotation the second quote closes it.
        if end == 0 || !inside.get(end + 1..).is_some_and(|behind| behind.starts_with('\'')) {
            return Ok(inside.get(..end).unwrap_or(""));
        }
        at = end + 2;
    }
    Err(Failure::Argument(0, "a quote `'` is not closed".into()))
}

fn part(letter: char, run: usize, instant: &Instant) -> Option<String> {
    let local = &instant.local;
    let month = MONTHS[usize::try_from(local.month() - 1).unwrap_or(0) % 12];
    let day = DAYS[usize::try_from(local.weekday().to_monday_zero_offset()).unwrap_or(0) % 7];
    let of_twelve = match local.hour() % 12 {
        0 => 12,
        hour => hour,
    };
    let half = if local.hour() < 12 { "am" } else { "pm" };
    let numbers = |number: i8| match run {
        1 => Some(number.to_string()),
        2 => Some(format!("{number:02}")),
        _ => None,
    };
    let plain = zone(instant.ahead).replace('Z', "+00:00");
    match (letter, run) {
        ('Y', 4) => Some(format!("{:04}", local.year())),
        ('Y', 2) => Some(format!("{:02}", local.year() % 100)),
        ('M', 4) => Some(month.into()),
        ('M', 3) => month.get(..3).map(String::from),
        ('M', _) => numbers(local.month()),
        ('D', _) => numbers(local.day()),
        ('E', 4) => Some(day.into()),
        ('E', 3) => day.get(..3).map(String::from),
        ('h', _) => numbers(local.hour()),
        ('H', _) => numbers(of_twelve),
        ('A', 2) => Some(half.to_uppercase()),
        ('a', 2) => Some(half.into()),
        ('m', _) => numbers(local.minute()),
        ('s', _) => numbers(local.second()),
        ('Z', 1) => Some(zone(instant.ahead)),
        ('Z', 3) if instant.ahead == 0 => Some("UTC".into()),
        ('Z', 3 | 4) => Some(plain.replace(':', "")),
        ('Z', 5) => Some(plain),
        _ => None,
    }
}
