//! [`Misfit`]: a value of another type, somewhere inside a value.

use crate::context::Context;
use crate::syntax::{Expression, Node};
use ordain_model::Text;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Reported};
use ordain_model::types::Mismatch;
use ordain_model::value::Value;

/// A value of another type, and where it lies inside of the one that was given.
#[derive(Debug)]
pub(crate) struct Misfit {
    pub(crate) mismatch: Mismatch,
    /// From the outermost step to the innermost.
    path: Vec<Inside>,
}

/// One step into a value.
#[derive(Clone, Debug)]
pub(super) enum Inside {
    Item(usize),
    Member(Text),
}

impl From<Mismatch> for Misfit {
    fn from(mismatch: Mismatch) -> Misfit {
        Misfit { mismatch, path: Vec::new() }
    }
}

/// The result for something inside, as that of what it is in.
pub(super) fn within(result: Result<Value, Misfit>, at: Inside) -> Result<Value, Misfit> {
    result.map_err(|mut misfit| {
        misfit.path.insert(0, at);
        misfit
    })
}

impl Misfit {
    /// Where it lies, below a name: `var.rules[2].cidr`; nothing where it is the whole value.
    pub(crate) fn place(&self, name: &str) -> Option<String> {
        let step = |step: &Inside| match step {
            Inside::Item(at) => format!("[{at}]"),
            Inside::Member(member) if is_plain(member) => format!(".{member}"),
            Inside::Member(member) => format!("[{}]", Value::String(member.clone())),
        };
        (!self.path.is_empty()).then(|| self.path.iter().map(step).fold(name.to_owned(), |place, step| place + &step))
    }

    /// What lies there in the value that was given.
    pub(crate) fn seen<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        self.path.iter().try_fold(value, |value, step| match (step, value) {
            (Inside::Item(at), Value::List(items)) => items.get(*at),
            (Inside::Member(member), Value::Object(members)) => members.get(member),
            _ => None,
        })
    }

    /// Reports it at the innermost part of the expression that gives the value.
    pub(crate) fn report(&self, expression: &Expression, name: &str, context: &mut Context<'_>) -> Reported {
        match self.place(name) {
            Some(place) => refuse(self.part(expression), &format!("`{place}` takes"), &self.mismatch, context),
            None => unfit(expression, &self.mismatch, context),
        }
    }

    /// The part of an expression that gives what lies there, as far as it is written out.
    fn part<'e>(&self, expression: &'e Expression) -> &'e Expression {
        self.path.iter().fold(expression, |expression, step| {
            let inner = match (step, &expression.node) {
                (Inside::Item(at), Node::Tuple(items)) => items.get(*at),
                (Inside::Member(member), Node::Object(entries)) => {
                    let named = |key: &Expression| matches!(&key.node, Node::String(text) if text == member);
                    entries.iter().find(|entry| named(&entry.key)).map(|entry| &entry.value)
                }
                _ => None,
            };
            inner.unwrap_or(expression)
        })
    }
}

/// Whether a member's name needs no quotes.
fn is_plain(name: &str) -> bool {
    name.starts_with(|first: char| first.is_alphabetic() || first == '_')
        && name.chars().all(|letter| letter.is_alphanumeric() || letter == '_' || letter == '-')
}

/// Reports an expression whose value is of another type.
pub(crate) fn unfit(expression: &Expression, mismatch: &Mismatch, context: &mut Context<'_>) -> Reported {
    refuse(expression, "expected", mismatch, context)
}

fn refuse(expression: &Expression, begins: &str, mismatch: &Mismatch, context: &mut Context<'_>) -> Reported {
    let detail = format!("{begins} {}; seen `{}`", mismatch.expected, context.seen(expression));
    let diagnostic = Diagnostic::error(code::WRONG_TYPE, expression.span, detail);
    let offer = mismatch.offer.as_ref().map(|offer| Value::string(offer).to_string());
    context.push(match (offer, &expression.node) {
        (Some(offer), Node::String(_) | Node::Number(_)) => diagnostic.paste(offer),
        (Some(offer), _) => diagnostic.help(format!("Write `{offer}`.")),
        (None, _) => diagnostic,
    })
}
