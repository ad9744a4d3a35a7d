//! What Terraform 1.11.4 answered to some 800 expressions decides what they mean here. `terraform.rs` asks it again.
#![expect(clippy::expect_used, reason = "a test fails by it")]

mod recorded;

use ordain_language::evaluate::{Root, Scope, evaluate, unknown_name};
use ordain_language::parse::{parse, parse_expression};
use ordain_language::syntax::Name;
use ordain_model::Text;
use ordain_model::diagnostic::{Diagnostic, Diagnostics};
use ordain_model::source::Sources;
use ordain_model::value::Value;
use recorded::{Answer, files};

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

fn answer(text: &str) -> Answer {
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

#[test]
fn answers_are_terraforms() {
    let mut wrong = Vec::new();
    for (name, cases) in files() {
        for case in cases {
            let ours = answer(&case.file());
            let right = match (&ours, &case.terraform, &case.here) {
                (ours, _, Some((here, _))) => ours == here,
                (Answer::Error(_), Answer::Error(_), None) => true,
                (ours, terraform, None) => ours == terraform,
            };
            if !right {
                wrong.push(format!(
                    "{name}\n> {}\n{}\nhere {ours}",
                    case.expression.replace('\n', "\n> "),
                    case.terraform
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} answers differ:\n\n{}\n", wrong.len(), wrong.join("\n\n"));
}

#[test]
fn recorded_differences_are_differences() {
    for (name, cases) in files() {
        for case in cases {
            if let Some((here, reason)) = &case.here {
                let both_refuse = matches!((here, &case.terraform), (Answer::Error(_), Answer::Error(_)));
                assert!(
                    *here != case.terraform && !both_refuse,
                    "{name}: {} is no difference ({reason})",
                    case.expression
                );
            }
        }
    }
}

#[test]
fn a_byte_order_mark_and_carriage_returns_are_accepted() {
    // Terraform 1.11.4 gives `"a\r\nb\r\n"` and `2` for these files.
    assert_eq!(
        answer("\u{feff}locals {\r\n  x = <<EOT\r\na\r\nb\r\nEOT\r\n}\r\n"),
        Answer::Value("\"a\\r\\nb\\r\\n\"".into())
    );
    assert_eq!(answer("\u{feff}locals {\r\n  x = 1 + 1 # one\r\n}\r\n"), Answer::Value("2".into()));
}
