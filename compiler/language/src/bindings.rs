//! [`Bindings`]: what the names of one module have for values, in one of its instances.

use crate::beside::Beside;
use crate::check::{Names, Uses};
use crate::context::Context;
use crate::environment::Own;
use crate::evaluate::{Pool, Root, Scope, evaluate, unknown_name};
use crate::files::ModuleFiles;
use crate::involved::involved;
use crate::syntax::{Expression, Name};
use ordain_model::Text;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Reported};
use ordain_model::duration::Calendar;
use ordain_model::sorted::Sorted;
use ordain_model::source::Span;
use ordain_model::value::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

/// The values of a module's variables and locals, and of the modules it imports.
#[derive(Clone, Debug, Default)]
pub(crate) struct Values {
    pub(crate) variables: BTreeMap<Text, Value>,
    pub(crate) locals: BTreeMap<Text, Value>,
    /// By imported module its outputs as an object; of one with `for_each` an object of these by key.
    pub(crate) modules: BTreeMap<Text, Value>,
    pub(crate) calendar: Calendar,
}

/// The values that one expression may use.
#[derive(Clone, Copy)]
pub(crate) struct Known<'a> {
    pub(crate) values: &'a Values,
    pub(crate) own: &'a Own,
    /// The files that it may read, where it may.
    pub(crate) files: Option<&'a dyn ModuleFiles>,
    /// What the profile's expressions share, before any world is read.
    pub(crate) pool: Option<&'a Pool>,
}

impl Scope for Known<'_> {
    fn root(&self, name: &str) -> Root {
        let own = self.own.get(name).cloned().map(Root::Value);
        own.unwrap_or(match name {
            "local" | "module" | "path" | "var" => Root::Namespace { strict: u32::MAX },
            _ => Root::Absent,
        })
    }

    fn member(&self, root: &str, name: &Name) -> Result<Value, Box<Diagnostic>> {
        let (values, what) = match root {
            "path" if &*name.text == "module" => return Ok(Value::string(".")),
            "path" => return Err(unknown_name(name, "a path", ["module"])),
            "var" => (&self.values.variables, "a variable"),
            "module" => (&self.values.modules, "an imported module"),
            _ => (&self.values.locals, "a local"),
        };
        let value = values.get(&name.text).cloned();
        value.ok_or_else(|| unknown_name(name, what, values.keys().map(|name| &**name)))
    }

    fn roots(&self) -> Vec<Text> {
        let names = ["local", "module", "path", "var"].into_iter().chain(self.own.names());
        names.map(Text::from).collect()
    }

    fn calendar(&self) -> Calendar {
        self.values.calendar
    }

    fn files(&self) -> Option<&dyn ModuleFiles> {
        self.files
    }

    fn pool(&self) -> Option<&Pool> {
        self.pool
    }
}

/// What a value came from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Origin {
    /// The variables it depends on, through locals too; those of an imported module as `module.a.name`.
    pub(crate) variables: BTreeSet<Text>,
}

/// What the names of one module have for values. Names are set after everything that they use, then it is closed.
#[derive(Debug, Default)]
pub(crate) struct Bindings {
    pub(crate) names: Arc<Names>,
    /// The address of the module, empty for the root, and where its files are.
    pub(crate) path: Text,
    pub(crate) beside: Arc<Beside>,
    /// Variables whose values only a target may hold.
    pub(crate) ephemeral: BTreeSet<Text>,
    /// Variables whose values are not their defaults.
    pub(crate) moved: BTreeSet<Text>,
    /// Variables whose every value satisfies a `bound`.
    pub(crate) bounded: BTreeSet<Text>,
    /// Where each variable is declared.
    pub(crate) declared: BTreeMap<Text, Span>,
    /// Every value that is known.
    values: Values,
    /// What each `local.name` and `module.a.output` depends on, through other locals too; and which instances each `module.a` has.
    origins: BTreeMap<Text, Origin>,
    /// Names whose values failed: the message was given, what depends on them gives none.
    failed: BTreeMap<Text, Reported>,
    /// `values` without what depends on an ephemeral variable, shared by every selector of the module.
    public: Arc<Values>,
}

impl Bindings {
    /// Bindings without values yet.
    pub(crate) fn new(path: Text, beside: &Arc<Beside>, names: Arc<Names>, calendar: Calendar) -> Bindings {
        let values = Values { calendar, ..Values::default() };
        Bindings { names, path, beside: Arc::clone(beside), values, ..Bindings::default() }
    }

    /// Sets a variable.
    pub(crate) fn set_variable(&mut self, name: &Text, value: Result<Value, Reported>) {
        match value {
            Ok(value) => drop(self.values.variables.insert(name.clone(), value)),
            Err(reported) => self.fail("var", name, reported),
        }
    }

    /// Sets a local to the value of an expression with these uses.
    pub(crate) fn set_local(&mut self, name: &Text, value: Result<Value, Reported>, uses: &Uses) {
        match value {
            Ok(value) => drop(self.values.locals.insert(name.clone(), value)),
            Err(reported) => self.fail("local", name, reported),
        }
        self.origins.insert(format!("local.{name}").into(), self.origin(uses));
    }

    /// Sets an imported module to its instances, whose outputs are null until they have a value: nothing reads them
    /// before. The uses are those of its `for_each`.
    pub(crate) fn set_module(&mut self, name: &Text, instances: Value, uses: &Uses) {
        self.values.modules.insert(name.clone(), instances);
        self.origins.insert(format!("module.{name}").into(), self.origin(uses));
    }

    /// Sets an output of an imported module's instance. `moved` are the module's variables on which it depends and
    /// whose values are not their defaults.
    pub(crate) fn set_output(
        &mut self,
        (module, key): (&Text, Option<&Text>),
        output: &Text,
        value: Result<Value, Reported>,
        moved: BTreeSet<Text>,
    ) {
        let name: Text = format!("{module}.{output}").into();
        match value {
            Ok(value) => {
                let instances = self.values.modules.get_mut(module).and_then(members);
                let instance = match key {
                    Some(key) => instances.and_then(|instances| instances.get_mut(key)).and_then(members),
                    None => instances,
                };
                instance.map(|outputs| outputs.insert(output.clone(), value));
            }
            Err(reported) => self.fail("module", &name, reported),
        }
        let moved: BTreeSet<Text> = moved.iter().map(|variable| format!("module.{module}.{variable}").into()).collect();
        self.moved.extend(moved.iter().cloned());
        self.origins.entry(format!("module.{name}").into()).or_default().variables.extend(moved);
    }

    /// Leaves a name without a value: why was reported.
    pub(crate) fn fail(&mut self, root: &str, name: &str, reported: Reported) {
        self.failed.insert(format!("{root}.{name}").into(), reported);
    }

    /// Every name is set.
    pub(crate) fn close(&mut self) {
        let secret = |origin: &Origin| !origin.variables.is_disjoint(&self.ephemeral);
        let mut public = self.values.clone();
        public.variables.retain(|name, _| !self.ephemeral.contains(name));
        if !self.ephemeral.is_empty() {
            public.locals.retain(|name, _| !self.origins.get(&*format!("local.{name}")).is_some_and(secret));
        }
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
        let imports = uses.modules.keys().map(|module| format!("module.{module}"));
        let names = uses.named().map(|(name, _)| name).chain(imports);
        let through = names.filter_map(|name| self.origins.get(&*name));
        let through = through.flat_map(|origin| origin.variables.iter().cloned());
        Origin { variables: uses.variables.keys().cloned().chain(through).collect() }
    }

    /// # Errors
    /// Something these uses name has no value, which was reported.
    pub(crate) fn known(&self, uses: &Uses) -> Result<(), Reported> {
        if self.failed.is_empty() {
            return Ok(());
        }
        let imports = uses.modules.keys().map(|module| format!("module.{module}"));
        let mut names = uses.named().map(|(name, _)| name).chain(imports);
        names.find_map(|name| self.failed.get(&*name)).map_or(Ok(()), |reported| Err(*reported))
    }

    /// # Errors
    /// These uses name something that depends on an ephemeral variable.
    pub(crate) fn refuse_ephemeral(&self, uses: &Uses, context: &mut Context<'_>) -> Result<(), Reported> {
        if self.ephemeral.is_empty() {
            return Ok(());
        }
        let secret = |name: &str| {
            self.origins.get(name).and_then(|origin| origin.variables.intersection(&self.ephemeral).next())
        };
        let direct =
            uses.variables.iter().filter(|(name, _)| self.ephemeral.contains(*name)).map(|(name, span)| (name, *span));
        let through = uses.named().filter_map(|(name, span)| secret(&name).map(|variable| (variable, span)));
        let mut refused = Ok(());
        for (name, span) in direct.chain(through).collect::<Vec<(&Text, Span)>>() {
            let detail = format!(
                "the value of the ephemeral variable `{name}` flows into connection arguments of a target only: everything else can be printed"
            );
            refused = Err(context.error(code::EPHEMERAL_VALUE, span, detail));
        }
        refused
    }

    /// The value of an expression whose names are checked; what it uses must be set already.
    ///
    /// # Errors
    /// It has none; why was reported.
    pub(crate) fn value(
        &self,
        expression: &Expression,
        uses: &Uses,
        own: &Own,
        context: &mut Context<'_>,
    ) -> Result<Value, Reported> {
        self.known(uses)?;
        let pool = Rc::clone(&context.pool);
        let reader = context.reader(&self.beside);
        let known = Known { values: &self.values, own, files: Some(&reader), pool: Some(&pool) };
        let result = evaluate(expression, &known);
        result.map_err(|diagnostic| {
            if !self.origin(uses).variables.is_disjoint(&self.ephemeral) {
                return context.push(concealed(&diagnostic, expression.span));
            }
            for further in context.reads.further(&diagnostic) {
                context.push(further);
            }
            context.push(involved(*diagnostic, expression, &self.values))
        })
    }
}

/// The members of an object that nobody else holds while its module is evaluated.
fn members(value: &mut Value) -> Option<&mut Sorted<Text, Value>> {
    match value {
        Value::Object(members) => Some(Arc::make_mut(members)),
        _ => None,
    }
}

/// An error without the words of its case, which may quote a secret.
fn concealed(diagnostic: &Diagnostic, span: Span) -> Diagnostic {
    let detail = "this has no value; why is not shown, because it depends on an ephemeral variable";
    Diagnostic::error(diagnostic.code, span, detail)
}
