//! [`Environment`]: what the names of one module mean, and the evaluation of its expressions.

use crate::check::{Checked, Names, Subject, Uses, check};
use crate::context::Context;
use crate::evaluate::{Root, Scope, evaluate, unknown_name};
use crate::syntax::{Expression, Name};
use ordain_model::Text;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Reported};
use ordain_model::duration::Calendar;
use ordain_model::source::Span;
use ordain_model::value::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The values of a module's variables and locals.
#[derive(Clone, Debug, Default)]
pub(crate) struct Values {
    pub(crate) variables: BTreeMap<Text, Value>,
    pub(crate) locals: BTreeMap<Text, Value>,
    pub(crate) calendar: Calendar,
}

impl Scope for Values {
    fn root(&self, name: &str) -> Root {
        match name {
            "var" | "local" => Root::Namespace { strict: u32::MAX },
            _ => Root::Absent,
        }
    }

    fn member(&self, root: &str, name: &Name) -> Result<Value, Box<Diagnostic>> {
        let (values, what) = if root == "var" { (&self.variables, "a variable") } else { (&self.locals, "a local") };
        let value = values.get(&name.text).cloned();
        value.ok_or_else(|| unknown_name(name, what, values.keys().map(|name| &**name)))
    }

    fn roots(&self) -> Vec<Text> {
        vec!["local".into(), "var".into()]
    }

    fn calendar(&self) -> Calendar {
        self.calendar
    }
}

/// What a value came from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Origin {
    /// The variables it depends on, through locals too.
    pub(crate) variables: BTreeSet<Text>,
}

/// What the names of one module mean.
#[derive(Default)]
pub(crate) struct Environment {
    pub(crate) names: Names,
    /// The module's path and directory.
    pub(crate) path: Text,
    pub(crate) directory: Text,
    /// Variables whose values only a target may hold.
    pub(crate) ephemeral: BTreeSet<Text>,
    /// Variables whose values are not their defaults.
    pub(crate) moved: BTreeSet<Text>,
    /// Every value that is known.
    values: Values,
    /// What each local depends on, through other locals too.
    origins: BTreeMap<Text, Origin>,
    /// Names whose values failed: the message was given, what depends on them gives none.
    failed: BTreeMap<Text, Reported>,
    /// `values` without what depends on an ephemeral variable, shared by every selector of the module.
    public: Arc<Values>,
}

/// Who may hold the value of an ephemeral variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holder {
    /// The connection arguments of a target, and the locals they are made from.
    Connection,
    /// Everything else: what it holds may be printed.
    Public,
}

impl Environment {
    /// An environment without values yet.
    pub(crate) fn new(path: &Text, directory: &Text, names: Names, calendar: Calendar) -> Environment {
        let values = Values { calendar, ..Values::default() };
        Environment { names, path: path.clone(), directory: directory.clone(), values, ..Environment::default() }
    }

    /// Sets a variable.
    pub(crate) fn set_variable(&mut self, name: &Text, value: Result<Value, Reported>) {
        match value {
            Ok(value) => drop(self.values.variables.insert(name.clone(), value)),
            Err(reported) => drop(self.failed.insert(format!("var.{name}").into(), reported)),
        }
    }

    /// Sets a local to the value of an expression whose names are checked; what it uses must be set already.
    pub(crate) fn set_local(&mut self, name: &Text, expression: &Expression, uses: &Uses, context: &mut Context<'_>) {
        let origin = self.origin(uses);
        match self.value(expression, uses, context) {
            Ok(value) => drop(self.values.locals.insert(name.clone(), value)),
            Err(reported) => self.fail_local(name, reported),
        }
        self.origins.insert(name.clone(), origin);
    }

    /// Leaves a local without a value: why was reported.
    pub(crate) fn fail_local(&mut self, name: &Text, reported: Reported) {
        self.failed.insert(format!("local.{name}").into(), reported);
    }

    /// Every variable and local is set.
    pub(crate) fn close(&mut self) {
        let secret = |origin: &Origin| !origin.variables.is_disjoint(&self.ephemeral);
        let mut public = self.values.clone();
        public.variables.retain(|name, _| !self.ephemeral.contains(name));
        public.locals.retain(|name, _| !self.origins.get(name).is_some_and(secret));
        self.public = Arc::new(public);
    }

    /// The calendar of the module.
    pub(crate) fn calendar(&self) -> Calendar {
        self.values.calendar
    }

    /// The values that selectors capture.
    pub(crate) fn public(&self) -> Arc<Values> {
        Arc::clone(&self.public)
    }

    /// The public variables with their values.
    pub(crate) fn variables(&self) -> &BTreeMap<Text, Value> {
        &self.public.variables
    }

    /// What an expression with these uses depends on.
    pub(crate) fn origin(&self, uses: &Uses) -> Origin {
        let direct = uses.variables.keys().cloned();
        let through = uses
            .locals
            .keys()
            .filter_map(|name| self.origins.get(name))
            .flat_map(|origin| origin.variables.iter().cloned());
        Origin { variables: direct.chain(through).collect() }
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
        let Checked { uses, .. } = check(expression, &self.names, Subject::None, context)?;
        if holder == Holder::Public {
            self.refuse_ephemeral(&uses, context)?;
        }
        Ok((self.value(expression, &uses, context)?, self.origin(&uses)))
    }

    /// # Errors
    /// Something these uses name has no value, which was reported.
    pub(crate) fn known(&self, uses: &Uses) -> Result<(), Reported> {
        let variables = uses.variables.keys().map(|name| format!("var.{name}"));
        let mut names = variables.chain(uses.locals.keys().map(|name| format!("local.{name}")));
        names.find_map(|name| self.failed.get(&*name)).map_or(Ok(()), |reported| Err(*reported))
    }

    /// # Errors
    /// These uses name something that depends on an ephemeral variable.
    pub(crate) fn refuse_ephemeral(&self, uses: &Uses, context: &mut Context<'_>) -> Result<(), Reported> {
        let secret = |name: &Text| {
            self.origins.get(name).and_then(|origin| origin.variables.intersection(&self.ephemeral).next())
        };
        let direct =
            uses.variables.iter().filter(|(name, _)| self.ephemeral.contains(*name)).map(|(name, span)| (name, *span));
        let through = uses.locals.iter().filter_map(|(name, span)| secret(name).map(|variable| (variable, *span)));
        let mut refused = Ok(());
        for (name, span) in direct.chain(through).collect::<Vec<(&Text, Span)>>() {
            let detail = format!(
                "the value of the ephemeral variable `{name}` flows into connection arguments of a target only: everything else can be printed"
            );
            refused = Err(context.error(code::EPHEMERAL_VALUE, span, detail));
        }
        refused
    }

    fn value(&self, expression: &Expression, uses: &Uses, context: &mut Context<'_>) -> Result<Value, Reported> {
        self.known(uses)?;
        evaluate(expression, &self.values).map_err(|diagnostic| {
            let secret = !self.origin(uses).variables.is_disjoint(&self.ephemeral);
            context.push(if secret { concealed(&diagnostic, expression.span) } else { *diagnostic })
        })
    }
}

/// An error without the words of its case, which may quote a secret.
fn concealed(diagnostic: &Diagnostic, span: Span) -> Diagnostic {
    let detail = "this has no value; why is not shown, because it depends on an ephemeral variable";
    Diagnostic::error(diagnostic.code, span, detail)
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
    let environment = Environment::new(&"".into(), &"".into(), Names::default(), calendar);
    environment.evaluate(expression, Holder::Public, context).map(|(value, _)| value)
}
