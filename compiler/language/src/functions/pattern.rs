//! Regular expressions: those of RE2 and of the `regex` crate, which match in linear time.

use super::{Code, Failure, Function, Given, Of, Outcome, parameter};
use ordain_model::Text;
use ordain_model::value::Value;
use regex::{Captures, Regex, RegexBuilder};
use std::collections::BTreeMap;

/// Most bytes that a compiled pattern may take: repetitions of repetitions grow fast.
const MOST_SIZE: usize = 1 << 20;

const PARAMETERS: &[super::Parameter] = &[parameter("pattern", Of::Text), parameter("text", Of::Text)];

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "regex",
        parameters: PARAMETERS,
        rest: None,
        summary: "The first match of a pattern: its text, a list of its groups, or an object of its named groups.",
        examples: &[
            ("regex(\"[a-z]+\", \"12abc\")", "\"abc\""),
            ("regex(\"(\\\\d)(\\\\w)\", \"1a\")", "[\"1\", \"a\"]"),
        ],
        errors: &[
            ("regex(\"([a-z]+)-(?P<n>[0-9]+)\", \"a-1\")", "`regex`: the pattern has groups with and without names"),
            ("regex(\"^arn:\", \"arm:\")", "`regex`: the pattern is not found in the text"),
        ],
        code: Code::Strict(|given| {
            let pattern = compile(given, given.text(0))?;
            let first = pattern.captures(given.text(1));
            first
                .map(|found| groups(&pattern, &found))
                .ok_or_else(|| Failure::Argument(1, "the pattern is not found in the text".into()))
        }),
    },
    Function {
        name: "regexall",
        parameters: PARAMETERS,
        rest: None,
        summary: "Every match of a pattern, each as `regex` gives it.",
        examples: &[("regexall(\"[a-z]\", \"a1b\")", "[\"a\", \"b\"]")],
        errors: &[("regexall(\"(\", \"a\")", "`regexall`: the pattern does not read: unclosed group")],
        code: Code::Strict(|given| {
            let pattern = compile(given, given.text(0))?;
            let mut found = Vec::new();
            for captures in pattern.captures_iter(given.text(1)) {
                given.spend(captures.len())?;
                found.push(groups(&pattern, &captures));
            }
            Ok(Value::List(found.into()))
        }),
    },
    Function {
        name: "replace",
        parameters: &[parameter("text", Of::Text), parameter("search", Of::Text), parameter("replacement", Of::Text)],
        rest: None,
        summary: "The text with every place of another replaced; a search in slashes is a pattern, `$1` its first group.",
        examples: &[
            ("replace(\"a.b\", \".\", \"-\")", "\"a-b\""),
            ("replace(\"abc\", \"/b(.)/\", \"[$1]\")", "\"a[c]\""),
        ],
        errors: &[("replace(\"a\", \"/(/\", \"b\")", "`replace`: the pattern does not read: unclosed group")],
        code: Code::Strict(replace),
    },
];

/// Why a pattern cannot be used. The crate draws it over several lines, the last of which says what is wrong.
fn unread(error: &regex::Error) -> String {
    match error {
        regex::Error::CompiledTooBig(_) => "the pattern is too large".to_owned(),
        error => {
            let lines = error.to_string();
            let last = lines.lines().last().unwrap_or("");
            format!("the pattern does not read: {}", last.trim_start_matches("error: "))
        }
    }
}

fn compile(given: &Given<'_>, pattern: &str) -> Result<Regex, Failure> {
    given
        .spend(100 + pattern.len() + given.values.iter().filter_map(Value::as_str).map(str::len).sum::<usize>() / 16)?;
    let built = RegexBuilder::new(pattern).size_limit(MOST_SIZE).build();
    let pattern = built.map_err(|error| Failure::Argument(0, unread(&error)))?;
    let named = pattern.capture_names().flatten().count();
    match named > 0 && named + 1 < pattern.captures_len() {
        true => Err(Failure::Argument(0, "the pattern has groups with and without names".into())),
        false => Ok(pattern),
    }
}

fn groups(pattern: &Regex, found: &Captures<'_>) -> Value {
    let text = |at: usize| found.get(at).map_or(Value::Null, |group| Value::string(group.as_str()));
    if found.len() == 1 {
        return text(0);
    }
    let names: BTreeMap<Text, Value> =
        pattern.capture_names().enumerate().filter_map(|(at, name)| Some((Text::from(name?), text(at)))).collect();
    match names.is_empty() {
        true => Value::list((1..found.len()).map(text)),
        false => Value::object(names),
    }
}

fn replace(given: &Given<'_>) -> Outcome {
    let (text, search, with) = (given.text(0), given.text(1), given.text(2));
    let inner = search.strip_prefix('/').and_then(|rest| rest.strip_suffix('/'));
    if let Some(pattern) = inner {
        let pattern = RegexBuilder::new(pattern).size_limit(MOST_SIZE).build();
        let pattern = pattern.map_err(|error| Failure::Argument(1, unread(&error)))?;
        given.spend(100 + search.len())?;
        let mut replaced = String::new();
        let mut end = 0;
        for found in pattern.captures_iter(text) {
            let Some(whole) = found.get(0) else { continue };
            replaced.push_str(&text[end..whole.start()]);
            let before = replaced.len();
            given.spend_text(with.len().saturating_mul(1 + whole.len()))?;
            found.expand(with, &mut replaced);
            given.spend(1 + (replaced.len() - before) / 16)?;
            end = whole.end();
        }
        replaced.push_str(&text[end..]);
        return Ok(Value::String(replaced.into()));
    }
    let count = if search.is_empty() { text.chars().count() + 1 } else { text.matches(search).count() };
    given.spend_text(text.len().saturating_add(count.saturating_mul(with.len())))?;
    Ok(Value::string(&text.replace(search, with)))
}
