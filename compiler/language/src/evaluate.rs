//! [`evaluate`]: an expression to a [`Value`], given what its names mean ([`Scope`]).
//!
//! Terraform 1.11 decides what an expression means (`tests/oracle` holds its answers), with these differences:
//!
//! | where | here |
//! |---|---|
//! | `&&`, `\|\|`, `?:` | operands that are not needed are not evaluated |
//! | `x / 0`, `x % 0` | an error |
//! | a key twice in one object | an error |
//! | [`Value::Unknown`] | three-valued: `false && unknown` is false, `unknown ? a : a` is a, anything else is unknown |
//! | a tag that is not set | null |
//! | spans of time, retentions, CIDR sets | compare by type; a text or list on the other side becomes one too |

pub(crate) mod budget;
mod comparison;
mod comprehension;
pub(crate) mod convert;
pub(crate) mod frame;
mod invoke;
mod operator;
mod path;
mod span;
mod template;

use crate::files::ModuleFiles;
use crate::syntax::{Entry, Expression, Name, Node};
use budget::Budget;
pub use budget::Pool;
use frame::Frame;
use ordain_model::Text;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, nearest};
use ordain_model::duration::Calendar;
use ordain_model::source::Span;
use ordain_model::value::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the root names of an expression mean. Loop variables come first and are none of its business.
pub trait Scope {
    /// A root name: a value, a namespace, or nothing of that name.
    fn root(&self, name: &str) -> Root;

    /// A member of a namespace: `var.x` is `member("var", "x")`. The name's span is where an error belongs.
    ///
    /// # Errors
    /// What is wrong with the reference; [`unknown_name`] writes the usual message.
    fn member(&self, root: &str, name: &Name) -> Result<Value, Box<Diagnostic>>;

    /// Every root name, for the nearest one in a message.
    fn roots(&self) -> Vec<Text>;

    /// The calendar of the module the expression is written in.
    fn calendar(&self) -> Calendar {
        Calendar::default()
    }

    /// The files that the expression may read: those of its module, where it has its value before any world is read.
    fn files(&self) -> Option<&dyn ModuleFiles> {
        None
    }

    /// What the expression shares its work with: the others of its profile, before any world is read.
    fn pool(&self) -> Option<&Pool> {
        None
    }

    /// Whether the members of a namespace were read of a world: what is large there may take more work.
    fn is_read(&self, root: &str) -> bool {
        let _ = root;
        false
    }

    /// Whether the expression stands in a template that a file holds. Such a one takes no further template.
    fn in_template(&self) -> bool {
        false
    }
}

/// A scope without a name.
#[derive(Clone, Copy, Debug)]
pub struct Nameless;

impl Scope for Nameless {
    fn root(&self, _: &str) -> Root {
        Root::Absent
    }

    fn member(&self, _: &str, name: &Name) -> Result<Value, Box<Diagnostic>> {
        Err(unknown_name(name, "anything", []))
    }

    fn roots(&self) -> Vec<Text> {
        Vec::new()
    }
}

/// What a root name is.
#[derive(Clone, Debug)]
pub enum Root {
    /// A value of its own.
    Value(Value),
    /// Something with members that [`Scope::member`] answers; it is no value itself.
    Namespace {
        /// How many steps below it must exist; deeper, a missing key is null: 1 for `self` (an attribute must exist, a
        /// tag need not), 3 for `all` (kind, object, attribute), [`u32::MAX`] for the others.
        strict: u32,
    },
    /// No such name.
    Absent,
}

/// The message for a name that is nothing here: what it would be (`a variable`), and the names there are.
#[must_use]
pub fn unknown_name<'a>(name: &Name, what: &str, names: impl IntoIterator<Item = &'a str>) -> Box<Diagnostic> {
    let message =
        Diagnostic::error(code::UNKNOWN_NAME, name.span, format!("`{}` is not the name of {what}", name.text));
    Box::new(match nearest(&name.text, names) {
        Some(near) => message.says("no such name").help(format!("The nearest name is `{near}`.")).paste(near),
        None => message.says("no such name"),
    })
}

/// The value of an expression, in bounded time and space.
///
/// # Errors
/// The first error that evaluating meets.
pub fn evaluate(expression: &Expression, scope: &dyn Scope) -> Result<Value, Box<Diagnostic>> {
    let budget = Budget::of(scope.pool());
    let value = Evaluator { scope, budget: &budget }.value(expression, None)?;
    budget.walk(&value, expression.span)?;
    Ok(value)
}

/// A result whose error is a message.
pub(crate) type Evaluated<T = Value> = Result<T, Box<Diagnostic>>;

pub(crate) struct Evaluator<'s> {
    pub(crate) scope: &'s dyn Scope,
    pub(crate) budget: &'s Budget<'s>,
}

impl Evaluator<'_> {
    pub(crate) fn value(&self, expression: &Expression, frame: Option<&Frame<'_>>) -> Evaluated {
        self.budget.spend(1, expression.span)?;
        match &expression.node {
            Node::Error => Err(error(code::SYNTAX, expression.span, "this does not read")),
            Node::Null => Ok(Value::Null),
            Node::Bool(value) => Ok(Value::Bool(*value)),
            Node::Number(number) => Ok(Value::Number(number.clone())),
            Node::String(text) => Ok(Value::String(text.clone())),
            Node::Template(parts) => self.template(parts, expression.span, frame),
            Node::Variable(_) | Node::Path(..) => Ok(self.reference(expression, frame)?.0),
            Node::Call { name, arguments, expand } => self.call(name, arguments, *expand, expression.span, frame),
            Node::Tuple(items) => self.tuple(items, frame),
            Node::Object(entries) => self.object(entries, frame),
            Node::Unary(operator, operand) => self.unary(*operator, operand, frame),
            Node::Chain(first, rest) => self.chain(first, rest, frame),
            Node::Conditional(branches, otherwise) => self.conditional(branches, otherwise, frame),
            Node::For(each) => self.comprehension(each, frame),
            Node::Parentheses(inner) => self.value(inner, frame),
        }
    }

    fn tuple(&self, items: &[Expression], frame: Option<&Frame<'_>>) -> Evaluated {
        let items: Vec<Value> = items.iter().map(|item| self.value(item, frame)).collect::<Evaluated<_>>()?;
        Ok(Value::List(items.into()))
    }

    fn object(&self, entries: &[Entry], frame: Option<&Frame<'_>>) -> Evaluated {
        let mut fields: BTreeMap<Text, (Value, Span)> = BTreeMap::new();
        for entry in entries {
            let key = match self.key(&entry.key, frame)? {
                Ok(key) => key,
                Err(unknown) => return Ok(unknown),
            };
            let value = self.value(&entry.value, frame)?;
            if let Some((_, first)) = fields.insert(key.clone(), (value, entry.key.span)) {
                let message =
                    Diagnostic::error(code::DUPLICATE_KEY, entry.key.span, format!("the key `{key}` stands twice"));
                return Err(Box::new(message.says("again").label(first, "here first").help("Keep one of the two.")));
            }
        }
        Ok(Value::Object(Arc::new(fields.into_iter().map(|(key, (value, _))| (key, value)).collect())))
    }

    /// The text of a key; `Err` holds the value when it is unknown.
    fn key(&self, key: &Expression, frame: Option<&Frame<'_>>) -> Evaluated<Result<Text, Value>> {
        match self.value(key, frame)? {
            unknown @ Value::Unknown(_) => Ok(Err(unknown)),
            Value::Null => Err(error(code::NULL_OPERAND, key.span, "a key is null")),
            value => match convert::text(&value) {
                Some(text) => Ok(Ok(text)),
                None => Err(error(code::WRONG_OPERAND, key.span, format!("a key is a string, not {}", value.sort()))),
            },
        }
    }
}

pub(crate) fn error(code: code::Code, span: Span, detail: impl Into<String>) -> Box<Diagnostic> {
    Box::new(Diagnostic::error(code, span, detail))
}
