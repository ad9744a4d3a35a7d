//! The functions of the language. A function is one item of its family's list: its signature, a sentence, examples and
//! errors that run as tests, and its code. Its page is made of the item.
//!
//! What Terraform 1.11 has under the same name does the same; `tests/oracle` holds its answers.

mod address;
mod attempt;
mod bound;
mod choice;
mod collection;
mod combination;
mod conversion;
mod csv;
mod decimal;
mod deferred;
mod digest;
mod encoding;
mod family;
mod file;
mod fileset;
mod format;
mod graphemes;
mod instant;
mod json;
mod measure;
mod number;
mod object;
mod page;
mod path;
mod pattern;
mod power;
pub(crate) mod refused;
mod set;
mod span;
mod subnet;
mod template;
#[cfg(test)]
mod tests;
mod text;
mod version;
mod yaml;

pub use family::{EXAMPLE_FILES, FAMILIES, Family};
pub(crate) use file::reads as reads_files;
pub use refused::{REFUSED, Refused};

use crate::evaluate::frame::Frame;
use crate::evaluate::{Evaluated, Evaluator};
use crate::syntax::Argument;
use ordain_model::bound::Constructor;
use ordain_model::cidr::CidrSet;
use ordain_model::diagnostic::Diagnostic;
use ordain_model::duration::Duration;
use ordain_model::number::Number;
use ordain_model::source::Span;
use ordain_model::value::{Fields, Value};
use std::sync::{Arc, LazyLock};

/// A function.
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// Its parameters, in order; the optional ones last.
    pub parameters: &'static [Parameter],
    /// What any number of further arguments are.
    pub rest: Option<Parameter>,
    /// One sentence.
    pub summary: &'static str,
    /// Expressions and their results; they run as tests.
    pub examples: &'static [(&'static str, &'static str)],
    /// Calls that have no result, and what is said of them; they run as tests. Between them they show each of its limits.
    pub errors: &'static [(&'static str, &'static str)],
    pub(crate) code: Code,
}

/// A parameter.
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What its arguments are converted to.
    pub of: Of,
    /// Whether it may be left out.
    pub optional: bool,
}

/// What arguments are converted to. Only [`Of::Any`] takes null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// Any value, null too.
    Any,
    /// Any value but null.
    Some,
    /// A string; numbers, bools and spans of time become one.
    Text,
    /// A number; a string that reads as one becomes one.
    Number,
    /// A whole number that fits 64 bits.
    Whole,
    /// A list; sets become one.
    List,
    /// A list of strings.
    Texts,
    /// An object.
    Object,
    /// Address blocks: a string or a list of strings.
    Addresses,
    /// A span of time; a string that reads as one becomes one.
    Duration,
}

impl Of {
    /// What messages call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Of::Any => "any value",
            Of::Some => "a value",
            Of::Text => "a string",
            Of::Number => "a number",
            Of::Whole => "a whole number",
            Of::List => "a list",
            Of::Texts => "a list of strings",
            Of::Object => "an object",
            Of::Addresses => "address blocks",
            Of::Duration => "a span of time",
        }
    }

    /// The word for it in a signature.
    fn word(self) -> &'static str {
        match self {
            Of::Any | Of::Some => "any",
            Of::Text => "string",
            Of::Number => "number",
            Of::Whole => "integer",
            Of::List => "list",
            Of::Texts => "list of strings",
            Of::Object => "object",
            Of::Addresses => "addresses",
            Of::Duration => "duration",
        }
    }
}

/// How a function runs, and what it makes of unknown arguments.
#[derive(Clone, Copy)]
pub(crate) enum Code {
    /// Unknown when anything inside an argument is.
    Strict(fn(&Given<'_>) -> Outcome),
    /// Unknown when an argument itself is; what is inside of lists and objects is the function's matter.
    Shallow(fn(&Given<'_>) -> Outcome),
    /// Takes unknown arguments.
    Lenient(fn(&Given<'_>) -> Outcome),
    /// Evaluates its arguments itself.
    Lazy(fn(&Evaluator<'_>, &[Argument], Span, Option<&Frame<'_>>) -> Evaluated),
    /// Makes a bound.
    Bound(Constructor),
    /// Is resolved by a provider; its arguments have names.
    Deferred,
}

/// What a function gives.
pub(crate) type Outcome = Result<Value, Failure>;

/// Why a function has no result.
pub(crate) enum Failure {
    /// Because of one argument.
    Argument(usize, String),
    /// Because of the arguments together.
    Call(String),
    /// As the message says.
    Message(Box<Diagnostic>),
}

impl From<Box<Diagnostic>> for Failure {
    fn from(message: Box<Diagnostic>) -> Failure {
        Failure::Message(message)
    }
}

impl From<&str> for Failure {
    fn from(detail: &str) -> Failure {
        Failure::Call(detail.into())
    }
}

/// The arguments of a call, converted to what the parameters say.
pub(crate) struct Given<'a> {
    pub(crate) values: Vec<Value>,
    pub(crate) evaluator: &'a Evaluator<'a>,
    pub(crate) span: Span,
}

impl Given<'_> {
    /// Whether there is such an argument.
    fn has(&self, at: usize) -> bool {
        at < self.values.len()
    }

    fn value(&self, at: usize) -> Value {
        self.values.get(at).cloned().unwrap_or(Value::Null)
    }

    /// The argument of an [`Of::Text`] parameter.
    fn text(&self, at: usize) -> &str {
        self.values.get(at).and_then(Value::as_str).unwrap_or("")
    }

    /// The beginning of an [`Of::Text`] argument, for a message.
    fn shown(&self, at: usize) -> String {
        self.text(at).chars().take(40).collect()
    }

    /// The argument of an [`Of::Number`] or [`Of::Whole`] parameter.
    fn number(&self, at: usize) -> Number {
        match self.values.get(at) {
            Some(Value::Number(number)) => number.clone(),
            _ => Number::from(0),
        }
    }

    /// The argument of an [`Of::Whole`] parameter.
    fn whole(&self, at: usize) -> i64 {
        self.number(at).as_i64().unwrap_or(0)
    }

    /// The argument of an [`Of::List`] or [`Of::Texts`] parameter.
    fn list(&self, at: usize) -> &[Value] {
        match self.values.get(at) {
            Some(Value::List(items)) => items,
            _ => &[],
        }
    }

    /// The argument of an [`Of::Object`] parameter.
    fn object(&self, at: usize) -> Arc<Fields> {
        match self.values.get(at) {
            Some(Value::Object(fields)) => fields.clone(),
            _ => Arc::default(),
        }
    }

    /// The argument of an [`Of::Addresses`] parameter.
    fn addresses(&self, at: usize) -> CidrSet {
        match self.values.get(at) {
            Some(Value::Cidrs(cidrs)) => cidrs.clone(),
            _ => CidrSet::nobody(),
        }
    }

    /// The argument of an [`Of::Duration`] parameter.
    fn span(&self, at: usize) -> Duration {
        match self.values.get(at) {
            Some(Value::Duration(span)) => *span,
            _ => Duration::of_seconds(0),
        }
    }

    /// Takes units of work.
    fn spend(&self, units: usize) -> Evaluated<()> {
        self.evaluator.budget.spend(units, self.span)
    }

    /// Takes the units of a text that is about to be made.
    fn spend_text(&self, bytes: usize) -> Evaluated<()> {
        self.evaluator.budget.text(bytes, self.span)
    }

    /// Whether two values are equal; unknown ones are not compared by functions that ask this.
    fn equal(&self, left: &Value, right: &Value) -> Evaluated<bool> {
        Ok(Value::from(self.evaluator.equal(left, right, self.span)?) == Value::Bool(true))
    }
}

const fn parameter(name: &'static str, of: Of) -> Parameter {
    Parameter { name, of, optional: false }
}

const fn optional(name: &'static str, of: Of) -> Parameter {
    Parameter { name, of, optional: true }
}

static SORTED: LazyLock<Vec<&'static Function>> = LazyLock::new(|| {
    let mut all: Vec<&'static Function> = FAMILIES.iter().flat_map(Family::functions).collect();
    all.sort_by_key(|function| function.name);
    all
});

/// Every function, sorted by name.
#[must_use]
pub fn all() -> &'static [&'static Function] {
    &SORTED
}

/// The function of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Function> {
    let at = SORTED.binary_search_by(|function| function.name.cmp(name)).ok()?;
    SORTED.get(at).copied()
}

impl Function {
    /// For example `lookup(object: object, key: string, default?: any)`.
    #[must_use]
    pub fn signature(&self) -> String {
        let sign = match self.code {
            Code::Deferred => " = ",
            _ => ": ",
        };
        let one = |parameter: &Parameter| {
            let mark = if parameter.optional && sign == ": " { "?" } else { "" };
            format!("{}{mark}{sign}{}", parameter.name, parameter.of.word())
        };
        let rest = self.rest.iter().map(|rest| format!("{}...", one(rest)));
        let parameters: Vec<String> = self.parameters.iter().map(one).chain(rest).collect();
        format!("{}({})", self.name, parameters.join(", "))
    }
}
