//! Paths as texts. Nothing is looked up.

use super::{Code, Function, Of, parameter};
use ordain_model::value::Value;

const PATH: &[super::Parameter] = &[parameter("path", Of::Text)];

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "basename",
        parameters: PATH,
        rest: None,
        summary: "The last part of a path.",
        examples: &[("basename(\"policies/logs.json\")", "\"logs.json\"")],
        errors: &[("basename([\"a\"])", "`path` is a list: expected a string")],
        code: Code::Strict(|given| {
            let path = given.text(0).trim_end_matches('/');
            Ok(Value::string(match path.rsplit('/').next() {
                Some(last) if !last.is_empty() => last,
                _ if given.text(0).is_empty() => ".",
                _ => "/",
            }))
        }),
    },
    Function {
        name: "dirname",
        parameters: PATH,
        rest: None,
        summary: "A path without its last part.",
        examples: &[("dirname(\"policies/logs.json\")", "\"policies\""), ("dirname(\"logs.json\")", "\".\"")],
        errors: &[("dirname([\"a\"])", "`path` is a list: expected a string")],
        code: Code::Strict(|given| {
            let directory = given.text(0).rsplit_once('/').map_or("", |(directory, _)| directory);
            let root = if given.text(0).starts_with('/') { "/" } else { "." };
            Ok(Value::string(&crate::path::join(root, directory)))
        }),
    },
];
