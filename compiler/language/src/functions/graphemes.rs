//! Texts by what people count as characters.

use super::{Code, Failure, Function, Of, parameter};
use ordain_model::value::Value;
use unicode_segmentation::UnicodeSegmentation;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "strrev",
        parameters: &[parameter("text", Of::Text)],
        rest: None,
        summary: "The text from its last character to its first.",
        examples: &[("strrev(\"abc\")", "\"cba\"")],
        errors: &[("strrev([\"a\"])", "`text` is a list: expected a string")],
        code: Code::Strict(|given| Ok(Value::string(&given.text(0).graphemes(true).rev().collect::<String>()))),
    },
    Function {
        name: "substr",
        parameters: &[parameter("text", Of::Text), parameter("offset", Of::Whole), parameter("length", Of::Whole)],
        rest: None,
        summary: "A part of a text; a negative offset counts from the end, a length of -1 goes to the end.",
        examples: &[("substr(\"hello\", 1, 3)", "\"ell\""), ("substr(\"hello\", -3, -1)", "\"llo\"")],
        errors: &[("substr(\"abc\", 0, -2)", "`substr`: a length is -1 or not negative")],
        code: Code::Strict(|given| {
            let (text, offset, length) = (given.text(0), given.whole(1), given.whole(2));
            if length < -1 {
                return Err(Failure::Argument(2, "a length is -1 or not negative".into()));
            }
            given.spend(text.len() / 4)?;
            let characters: Vec<&str> = text.graphemes(true).collect();
            let start = if offset < 0 { offset.saturating_add(characters.len() as i64).max(0) } else { offset };
            let start = usize::try_from(start).unwrap_or(usize::MAX).min(characters.len());
            let rest = characters.get(start..).unwrap_or(&[]);
            let count = usize::try_from(length).unwrap_or(rest.len()).min(rest.len());
            Ok(Value::string(&rest.get(..count).unwrap_or(&[]).concat()))
        }),
    },
];
