//! [`Environment`]: what the names of an expression mean where it stands, and the evaluation of expressions there.

use crate::bindings::{Bindings, Known, Origin, Values};
use crate::check::{Checked, Names, Subject, Visible, check};
use crate::context::Context;
use crate::evaluate::evaluate;
use crate::syntax::Expression;
use ordain_model::diagnostic::Reported;
use ordain_model::duration::Calendar;
use ordain_model::value::Value;
use std::rc::Rc;
use std::sync::Arc;

/// Names that mean something in one block, or in one instance of it, only.
#[derive(Clone, Debug, Default)]
pub(crate) struct Own {
    /// `each`: the key and the value of an instance of a block with `for_each`.
    pub(crate) each: Option<Value>,
    /// `target`: the target that `enforce` is asked about.
    pub(crate) target: Option<Value>,
}

/// The names of a module, and what a block adds to them.
#[derive(Clone, Copy)]
pub(crate) struct Environment<'a> {
    pub(crate) module: &'a Bindings,
    pub(crate) own: &'a Own,
}

/// Who may hold the value of an ephemeral variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holder {
    /// The connection arguments of a target, and the locals they are made from.
    Connection,
    /// Everything else: what it holds may be printed.
    Public,
}

impl Own {
    /// A block without names of its own.
    pub(crate) const NONE: &Own = &Own { each: None, target: None };

    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        match name {
            "each" => self.each.as_ref(),
            "target" => self.target.as_ref(),
            _ => None,
        }
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> {
        ["each", "target"].into_iter().filter(|name| self.get(name).is_some())
    }
}

impl<'a> Environment<'a> {
    /// The names of a module alone.
    pub(crate) fn of(module: &'a Bindings) -> Environment<'a> {
        Environment { module, own: Own::NONE }
    }

    /// The calendar of the module.
    pub(crate) fn calendar(&self) -> Calendar {
        self.module.calendar()
    }

    /// The names that an expression may use here.
    pub(crate) fn visible(&self) -> Visible<'a> {
        Visible { names: &self.module.names, each: self.own.each.is_some(), target: self.own.target.is_some() }
    }

    /// The public values that selectors capture.
    pub(crate) fn captured(&self) -> (Arc<Values>, Own) {
        (self.module.public(), self.own.clone())
    }

    /// The value of an expression that is known at compile time, and what it came from.
    ///
    /// # Errors
    /// It has none; why was reported, here or where a name it uses was declared.
    pub(crate) fn evaluate(
        &self,
        expression: &Expression,
        holder: Holder,
        context: &mut Context<'_>,
    ) -> Result<(Value, Origin), Reported> {
        let Checked { uses, .. } = check(expression, self.visible(), Subject::None, context)?;
        if holder == Holder::Public {
            self.module.refuse_ephemeral(&uses, context)?;
        }
        Ok((self.module.value(expression, &uses, self.own, context)?, self.module.origin(&uses)))
    }
}

/// The value of an expression that names nothing: a default, a value from outside.
///
/// # Errors
/// It names something, or has no value.
pub(crate) fn constant(
    expression: &Expression,
    calendar: Calendar,
    context: &mut Context<'_>,
) -> Result<Value, Reported> {
    let names = Names::default();
    check(expression, Visible { names: &names, each: false, target: false }, Subject::None, context)?;
    let values = Values { calendar, ..Values::default() };
    let pool = Rc::clone(&context.pool);
    evaluate(expression, &Known { values: &values, own: Own::NONE, files: None, pool: Some(&pool) })
        .map_err(|diagnostic| context.push(*diagnostic))
}
