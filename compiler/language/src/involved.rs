//! The values of the names that a failing expression reads, shown where it reads them.

use crate::bindings::Values;
use crate::syntax::{Expression, Node, Step};
use ordain_model::diagnostic::Diagnostic;
use ordain_model::source::Span;
use ordain_model::value::Value;
use std::fmt::{self, Write};

/// Most names whose values are shown.
const MOST_NAMES: usize = 4;
/// Most bytes of a value that are shown.
const MOST_BYTES: usize = 60;

/// The message with a label at each `var.NAME` and `local.NAME` of the expression: what it is. None of them may depend on
/// a secret.
pub(crate) fn involved(mut diagnostic: Diagnostic, expression: &Expression, values: &Values) -> Diagnostic {
    let mut read: Vec<(Span, String)> = Vec::new();
    expression.each(&mut |expression| {
        if let Node::Path(operand, steps) = &expression.node
            && let (Node::Variable(root), Some(Step::Member(name))) = (&operand.node, steps.first())
        {
            let value = match &**root {
                "var" => values.variables.get(&name.text),
                "local" => values.locals.get(&name.text),
                _ => None,
            };
            read.extend(value.map(|value| (operand.span.to(name.span), said(root, &name.text, value))));
        }
    });
    read.sort();
    for (span, said) in read.into_iter().take(MOST_NAMES) {
        match diagnostic.labels.iter_mut().find(|label| label.span == span) {
            Some(label) if label.text.is_empty() => label.text = said,
            Some(_) => {}
            None => diagnostic = diagnostic.label(span, said),
        }
    }
    diagnostic
}

fn said(root: &str, name: &str, value: &Value) -> String {
    let mut text = Start(String::new());
    let whole = write!(text, "{value}").is_ok();
    format!("`{root}.{name}` is {}{}", text.0, if whole { "" } else { "..." })
}

/// The start of a text: writing ends, with an error, where it is long enough.
struct Start(String);

impl Write for Start {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for letter in text.chars() {
            if self.0.len() >= MOST_BYTES {
                return Err(fmt::Error);
            }
            self.0.push(letter);
        }
        Ok(())
    }
}
