//! Our answer to what Terraform was asked.
#![expect(clippy::expect_used, reason = "a test fails by it")]

use crate::recorded::Answer;
use ordain_language::evaluate::{Root, Scope, evaluate, unknown_name};
use ordain_language::parse::{parse, parse_expression};
use ordain_language::syntax::Name;
use ordain_model::Text;
use ordain_model::diagnostic::{Diagnostic, Diagnostics};
use ordain_model::source::Sources;
use ordain_model::value::Value;

/// A scope with one name, `x`, or none.
struct Only(Option<Value>);

impl Scope for Only {
    fn root(&self, name: &str) -> Root {
        match (name, &self.0) {
            ("x", Some(value)) => Root::Value(value.clone()),
            _ => Root::Absent,
        }
    }

    fn member(&self, _: &str, name: &Name) -> Result<Value, Box<Diagnostic>> {
        Err(unknown_name(name, "anything", []))
    }

    fn roots(&self) -> Vec<Text> {
        Vec::new()
    }
}

/// The JSON of the first attribute of the first block of a file, or the code of the error.
pub fn answer(text: &str) -> Answer {
    let mut sources = Sources::default();
    let (file, encode) = (sources.add("main.hcl", text), sources.add("encode", "jsonencode(x)"));
    let mut diagnostics = Diagnostics::default();
    let syntax = parse(&sources, file, &mut diagnostics);
    let encode = parse_expression(&sources, encode, &mut diagnostics);
    if let Some(first) = diagnostics.items().first() {
        return Answer::Error(first.code.name.into());
    }
    let expression = &syntax.body.blocks[0].body.attributes[0].value;
    let json =
        evaluate(expression, &Only(None)).and_then(|value| evaluate(&encode.expect("it reads"), &Only(Some(value))));
    match json {
        Ok(json) => Answer::Value(json.as_str().expect("JSON is text").into()),
        Err(error) => Answer::Error(error.code.name.into()),
    }
}
