//! Every message of the parser and the evaluator, word for word.

mod rendered;
mod scopes;

use ordain_language::evaluate::evaluate;
use ordain_language::parse::{parse, parse_expression};
use ordain_model::diagnostic::Diagnostics;
use ordain_model::source::Sources;
use rendered::{check, render};
use scopes::Sample;

#[test]
fn of_the_parser() {
    check(include_str!("messages/syntax.txt"), |text| {
        let mut sources = Sources::default();
        let id = sources.add("main.hcl", &text.replace('␍', "\r"));
        let mut diagnostics = Diagnostics::default();
        parse(&sources, id, &mut diagnostics);
        let messages: Vec<String> = diagnostics.into_sorted().iter().map(|item| render(&sources, item)).collect();
        if messages.is_empty() { "nothing".into() } else { messages.join("\n") }
    });
}

#[test]
fn of_the_evaluator() {
    check(include_str!("messages/evaluation.txt"), |text| {
        let mut sources = Sources::default();
        let id = sources.add("main.hcl", text);
        let mut diagnostics = Diagnostics::default();
        match parse_expression(&sources, id, &mut diagnostics).map(|expression| evaluate(&expression, &Sample)) {
            Some(Ok(value)) => value.to_string(),
            Some(Err(message)) => render(&sources, &message),
            None => "does not read".into(),
        }
    });
}
