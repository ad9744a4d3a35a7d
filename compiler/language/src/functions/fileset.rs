//! Names of the module's files by a pattern: that of the library `doublestar`, which Terraform uses.

use super::file::{files, named};
use super::{Code, Failure, Function, Given, Of, Outcome, parameter};
use crate::files::ContentProblem;
use crate::path;
use ordain_model::package::{DEEPEST_PATH, inside};
use ordain_model::value::Value;
use regex::Regex;
use std::iter::Peekable;
use std::str::Chars;

pub(super) const FUNCTIONS: &[Function] = &[Function {
    name: "fileset",
    parameters: &[parameter("path", Of::Text), parameter("pattern", Of::Text)],
    rest: None,
    summary: "The plain files below a directory whose paths a pattern matches, relative to it: `*` and `?` within a name, `[a-z]` and `[^a-z]` one letter, `{a,b}` one of several, `**` any directories. Links to directories are not followed.",
    examples: &[
        ("fileset(path.module, \"*.json\")", "toset([\"limits.json\"])"),
        ("fileset(\"notes\", \"**/*.{md,txt}\")", "toset([\"office.txt\"])"),
    ],
    errors: &[(
        "fileset(\".\", \"../*\")",
        "`fileset`: the path `../*` leads out of the module by `..`; a module reads its own files only",
    )],
    code: Code::Strict(fileset),
}];

fn fileset(given: &Given<'_>) -> Outcome {
    let (directory, pattern) = (named(given, 0)?, path::join(".", given.text(1)));
    if pattern == "." {
        return Ok(Value::set([]));
    }
    if pattern.split('/').any(|part| part == "..") || pattern.starts_with('/') {
        let refusal = inside(&pattern).err().map_or_else(String::new, |refusal| refusal.to_string());
        return Err(Failure::Argument(1, format!("{refusal}; a module reads its own files only")));
    }
    let wrong = || Failure::Argument(1, format!("`{}` is no pattern", given.shown(1).escape_debug()));
    let matcher = expression(&pattern).and_then(|expression| Regex::new(&expression).ok()).ok_or_else(wrong)?;
    // A pattern that begins with plain names looks only there.
    let plain = pattern.split('/').take_while(|part| !part.contains(['*', '?', '[', '{', '\\'])).count();
    let plain = plain.min(pattern.split('/').count() - 1);
    let prefix: String = pattern.split('/').take(plain).map(|part| format!("{part}/")).collect();
    let deep = if pattern.contains("**") { DEEPEST_PATH } else { pattern.split('/').count() - plain - 1 };
    let below = path::join(&directory, &prefix);
    let below = if below == "." { String::new() } else { below };
    let names = match files(given)?.names(&below, deep) {
        Ok(names) => names,
        Err(ContentProblem::Missing) => return Ok(Value::set([])),
        Err(problem) => return Err(Failure::Argument(0, format!("`{below}` {problem}"))),
    };
    given.spend(names.iter().map(|name| name.len() / 16 + 1).sum())?;
    let paths = names.iter().map(|name| format!("{prefix}{name}"));
    let found: Vec<String> = paths.filter(|path| matcher.is_match(path)).collect();
    Ok(Value::set(found.iter().map(String::as_str)))
}

/// The regular expression of a pattern.
fn expression(pattern: &str) -> Option<String> {
    let parts: Vec<&str> = pattern.split('/').collect();
    let (last, directories) = parts.split_last()?;
    let mut expression = String::from("^");
    for part in directories {
        match *part {
            "**" => expression.push_str("(?:[^/]+/)*"),
            part => {
                expression.push_str(&one(part)?);
                expression.push('/');
            }
        }
    }
    match *last {
        "**" => expression.push_str("(?:[^/]+/)*[^/]+"),
        part => expression.push_str(&one(part)?),
    }
    Some(expression + "$")
}

/// The regular expression of one name.
fn one(part: &str) -> Option<String> {
    let mut letters = part.chars().peekable();
    let mut expression = String::new();
    let mut open = 0_usize;
    while let Some(letter) = letters.next() {
        match letter {
            '*' => expression.push_str("[^/]*"),
            '?' => expression.push_str("[^/]"),
            '[' => expression.push_str(&class(&mut letters)?),
            '{' => {
                open += 1;
                expression.push_str("(?:");
            }
            ',' if open > 0 => expression.push('|'),
            '}' if open > 0 => {
                open -= 1;
                expression.push(')');
            }
            '\\' => expression.push_str(&plain(letters.next()?)),
            letter => expression.push_str(&plain(letter)),
        }
    }
    (open == 0).then_some(expression)
}

/// `[a-z]` or `[^a-z]`, from behind its bracket.
fn class(letters: &mut Peekable<Chars<'_>>) -> Option<String> {
    let negated = letters.next_if_eq(&'^').is_some();
    let mut expression = String::from(if negated { "[^/" } else { "[" });
    let mut empty = true;
    loop {
        let first = match letters.next()? {
            ']' if !empty => return Some(expression + "]"),
            ']' => return None,
            '\\' => letters.next()?,
            letter => letter,
        };
        empty = false;
        let last = match letters.next_if_eq(&'-') {
            None => first,
            Some(_) => match letters.next()? {
                '\\' => letters.next()?,
                ']' => return None,
                letter => letter,
            },
        };
        if last < first {
            return None;
        }
        expression.push_str(&format!("{}-{}", plain(first), plain(last)));
    }
}

/// A letter that stands for itself.
fn plain(letter: char) -> String {
    format!("\\x{{{:x}}}", u32::from(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, path: &str) -> Option<bool> {
        Some(Regex::new(&expression(pattern)?).expect("it compiles").is_match(path))
    }

    #[test]
    fn patterns_match_within_names_and_across_directories() {
        for (pattern, yes, no) in [
            ("*.txt", "a.txt", "sub/a.txt"),
            ("**/*.txt", "sub/deep/a.txt", "a.json"),
            ("**/*.txt", "a.txt", "txt"),
            ("**.txt", "a.txt", "sub/a.txt"),
            ("sub/**", "sub/deep/a", "sub"),
            ("**", ".hidden", ""),
            ("a/**/b", "a/b", "a/bb"),
            ("?.txt", "a.txt", "ab.txt"),
            ("[a-c].txt", "b.txt", "d.txt"),
            ("[^a-c].txt", "d.txt", "b.txt"),
            ("[!a]", "!", "b"),
            ("{a,b[1-2]}.txt", "b2.txt", "b3.txt"),
            ("\\*", "*", "a"),
            ("a.c", "a.c", "abc"),
            ("é?", "éé", "é"),
        ] {
            assert_eq!((matches(pattern, yes), matches(pattern, no)), (Some(true), Some(false)), "{pattern}");
        }
    }

    #[test]
    fn what_is_no_pattern_is_none() {
        for pattern in ["[", "[]", "[a", "[b-a]", "[a-", "[a-]", "{a", "{a/b}", "a\\"] {
            assert_eq!(matches(pattern, "a"), None, "{pattern}");
        }
    }
}
