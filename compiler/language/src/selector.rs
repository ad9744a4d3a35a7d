//! [`Selector`]: an expression over `self` or `all` that is judged against a world, with the values it captured.

mod conjunction;
mod population;

pub use conjunction::Test;
pub use population::Population;

use crate::bindings::{Known, Values};
use crate::check::{Shape, Subject, Uses, check};
use crate::config::SharedExpression;
use crate::context::Context;
use crate::environment::{Environment, Own};
use crate::evaluate::{Pool, Root, Scope, evaluate, unknown_name};
use crate::syntax::{Expression, Name};
use crate::variable_type::unfit;
use conjunction::{Captured, Conjunction};
use ordain_model::Text;
use ordain_model::address::ObjectAddress;
use ordain_model::diagnostic::{Diagnostic, Reported};
use ordain_model::duration::Calendar;
use ordain_model::observation::{Cause, Object, Reason};
use ordain_model::schema::Kind;
use ordain_model::source::Span;
use ordain_model::types::{Mismatch, Type};
use ordain_model::value::Value;
use population::value_of;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

/// An expression over `self` (or `all`) with the variables and locals of the module it is written in.
#[derive(Clone, Debug)]
pub struct Selector {
    expression: SharedExpression,
    /// `var`, `local` and `module` of its module; none of them depends on an ephemeral variable.
    values: Arc<Values>,
    /// `each` of its block.
    own: Own,
    /// The kind of `self`; none for a condition over `all`.
    kind: Option<&'static Kind>,
    /// What it reads, by kind: of `self` attributes only.
    reads: BTreeMap<&'static str, BTreeSet<Text>>,
    /// Its value when that does not depend on what is read.
    constant: Option<Value>,
    /// What it is known to ask of `self`.
    conjunction: Conjunction,
    /// The variables that it depends on, through locals too.
    depends_on: BTreeSet<Text>,
}

/// What a selector answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// The object is selected; the condition holds.
    Yes,
    /// It is not; it does not.
    No,
    /// Something it reads could not be read, or the expression has no value for what was read.
    Unknown(Reason),
}

impl Selector {
    /// Checks and captures an expression whose value is to be of a type: bool, or string where null is a value too.
    pub(crate) fn new(
        expression: &Expression,
        subject: Subject,
        of: Type,
        environment: &Environment,
        context: &mut Context<'_>,
    ) -> Result<Selector, Reported> {
        let checked = check(expression, environment.visible(), subject, context)?;
        environment.module.refuse_ephemeral(&checked.uses, context)?;
        environment.module.known(&checked.uses)?;
        let fits = |shape| match shape {
            Shape::Any => true,
            Shape::Typed(Type::Enum(_)) => of == Type::String,
            Shape::Typed(shape) => shape == of,
            _ => false,
        };
        let expected = || Mismatch::new(if of == Type::Bool { "a condition: `true` or `false`" } else { "a text" });
        if !fits(checked.shape) {
            return Err(unfit(expression, &expected(), context));
        }
        let (values, own) = environment.captured();
        let pool = Rc::clone(&context.pool);
        let known = Known { values: &values, own: &own, files: None, pool: Some(&pool) };
        let kind = if let Subject::Object(kind) = subject { Some(kind) } else { None };
        let captured = captured(&checked.uses, known);
        let same = |part: &Expression| (Text::from(context.text(part)), Arc::clone(&captured));
        let conjunction = Conjunction::of(expression, kind, known, &same);
        let depends_on = environment.module.origin(&checked.uses).variables;
        let (expression, reads) = (Arc::new(expression.clone()), checked.uses.reads);
        let mut selector = Selector { expression, values, own, kind, reads, constant: None, conjunction, depends_on };
        // What is wrong whatever is read, and what does not depend on it.
        let value = evaluate(&selector.expression, &About { selector: &selector, world: World::Unread(&pool) });
        match value.map_err(|diagnostic| context.push(*diagnostic))? {
            Value::Unknown(_) => {}
            value if is(&value, of) => selector.constant = Some(value),
            _ => return Err(unfit(&selector.expression, &expected(), context)),
        }
        Ok(selector)
    }

    /// The attributes that judging one object reads, sorted: what the read set must hold.
    #[must_use]
    pub fn attributes(&self) -> &BTreeSet<Text> {
        static NONE: BTreeSet<Text> = BTreeSet::new();
        self.kind.and_then(|kind| self.reads.get(kind.name)).unwrap_or(&NONE)
    }

    /// The variables that it depends on, through locals too.
    pub(crate) fn depends_on(&self) -> &BTreeSet<Text> {
        &self.depends_on
    }

    /// What a condition over `all` reads, by kind: attributes, and settings as
    /// [`ordain_model::address::SettingName`] writes them.
    pub(crate) fn reads(&self) -> &BTreeMap<&'static str, BTreeSet<Text>> {
        &self.reads
    }

    /// Whether an object is selected. Anything but true or false is unknown, never no.
    #[must_use]
    pub fn select(&self, object: &Object, address: &ObjectAddress) -> Selection {
        selection(self.value(&About { selector: self, world: World::Object(object, address) }))
    }

    /// The text that the expression gives for an object; `None` when it is null.
    ///
    /// # Errors
    /// What could not be read, or why there is no text.
    pub fn text(&self, object: &Object, address: &ObjectAddress) -> Result<Option<Text>, Reason> {
        match self.value(&About { selector: self, world: World::Object(object, address) })? {
            Value::String(text) => Ok(Some(text)),
            Value::Null => Ok(None),
            Value::Unknown(reason) => Err((*reason).clone()),
            other => Err(not(&other, "a text")),
        }
    }

    /// Whether a condition over `all` holds.
    #[must_use]
    pub fn holds(&self, population: &Population) -> Selection {
        selection(self.value(&About { selector: self, world: World::All(population) }))
    }

    /// Whether no object can be selected by both: proved from equality and prefix tests. False when it is not proved.
    #[must_use]
    pub fn disjoint(&self, other: &Selector) -> bool {
        let same_kind = self.kind.map(|kind| kind.name) == other.kind.map(|kind| kind.name);
        let never = |selector: &Selector| selector.constant == Some(Value::Bool(false));
        !same_kind || never(self) || never(other) || self.conjunction.disjoint(&other.conjunction)
    }

    /// Whether no object can be selected: it is false, or two of its tests exclude each other. False when that is not proved.
    #[must_use]
    pub fn selects_nothing(&self) -> bool {
        self.disjoint(self)
    }

    /// Where the expression stands.
    #[must_use]
    pub fn span(&self) -> Span {
        self.expression.span
    }

    /// Whether every object that `self` selects is selected by `other`: proved from equality and prefix tests, `true`,
    /// and the same expression over the same values. False when it is not proved.
    #[must_use]
    pub fn implies(&self, other: &Selector) -> bool {
        let same_kind = self.kind.map(|kind| kind.name) == other.kind.map(|kind| kind.name);
        let trivial = other.constant == Some(Value::Bool(true)) || self.constant == Some(Value::Bool(false));
        same_kind && (trivial || self.conjunction.implies(&other.conjunction))
    }

    /// What it is known to ask of every object that it selects: exactly those that pass all of these. One selector implies
    /// another of its kind where each test of that one is a [`Test::weaker`] one of its own. Nothing where it selects every
    /// object.
    #[must_use]
    pub fn tests(&self) -> &[Test] {
        if self.constant == Some(Value::Bool(true)) { &[] } else { self.conjunction.tests() }
    }

    /// The texts that it asks some text of every object to be or to begin with, by what they are compared with: an
    /// attribute, or an attribute and a tag of it. Two selectors never select one object where they compare the same with
    /// two texts of which neither begins with the other.
    pub fn texts(&self) -> impl Iterator<Item = (&[Text], &Text)> {
        self.conjunction.texts()
    }

    fn value(&self, about: &About<'_>) -> Result<Value, Reason> {
        if let Some(value) = &self.constant {
            return Ok(value.clone());
        }
        evaluate(&self.expression, about).map_err(|diagnostic| Reason::new(Cause::Unevaluated, diagnostic.detail))
    }
}

/// The values that an expression uses, by name.
fn captured(uses: &Uses, known: Known<'_>) -> Captured {
    let values = known.values;
    let variables = uses.variables.keys().map(|name| (format!("var.{name}"), values.variables.get(name)));
    let locals = uses.locals.keys().map(|name| (format!("local.{name}"), values.locals.get(name)));
    let modules = uses.modules.keys().map(|name| (format!("module.{name}"), values.modules.get(name)));
    let own = known.own.names().map(|name| (name.to_owned(), known.own.get(name)));
    let named = variables.chain(locals).chain(modules).chain(own.filter(|_| uses.each || uses.target));
    let named = named.map(|(name, value)| (name, value.cloned().unwrap_or(Value::Null)));
    Arc::new((named.collect(), values.calendar))
}

fn is(value: &Value, of: Type) -> bool {
    matches!((value, of), (Value::Bool(_), Type::Bool) | (Value::String(_) | Value::Null, Type::String))
}

fn not(value: &Value, expected: &str) -> Reason {
    Reason::new(Cause::Unevaluated, format!("the expression gives {}, not {expected}", value.sort()))
}

fn selection(value: Result<Value, Reason>) -> Selection {
    match value {
        Ok(Value::Bool(true)) => Selection::Yes,
        Ok(Value::Bool(false)) => Selection::No,
        Ok(Value::Unknown(reason)) => Selection::Unknown((*reason).clone()),
        Ok(other) => Selection::Unknown(not(&other, "true or false")),
        Err(reason) => Selection::Unknown(reason),
    }
}

/// What the names of a selector mean for one object, or for all.
struct About<'a> {
    selector: &'a Selector,
    world: World<'a>,
}

enum World<'a> {
    Object(&'a Object, &'a ObjectAddress),
    All(&'a Population),
    /// Nothing was read yet: `self` and `all` are unknown.
    Unread(&'a Pool),
}

impl About<'_> {
    fn known(&self) -> Known<'_> {
        let pool = if let World::Unread(pool) = self.world { Some(pool) } else { None };
        Known { values: &self.selector.values, own: &self.selector.own, files: None, pool }
    }
}

impl Scope for About<'_> {
    fn root(&self, name: &str) -> Root {
        match (name, &self.world) {
            ("self", World::Object(..) | World::Unread(_)) => Root::Namespace { strict: 1 },
            ("all", World::All(_) | World::Unread(_)) => Root::Namespace { strict: 3 },
            _ => self.known().root(name),
        }
    }

    fn member(&self, root: &str, name: &Name) -> Result<Value, Box<Diagnostic>> {
        match (root, &self.world) {
            ("self", World::Object(object, address)) => {
                let declared = self.selector.kind.is_some_and(|kind| kind.attribute(&name.text).is_some());
                match (&*name.text, declared) {
                    // Every object has an id, whether its kind lists it among the attributes or not.
                    ("id", false) => Ok(Value::String(address.id.clone())),
                    (_, true) => Ok(value_of(&object.attribute(&name.text))),
                    (_, false) => Err(unknown_name(name, "an attribute", [])),
                }
            }
            ("all", World::All(population)) => Ok(population.objects(&name.text)),
            ("self" | "all", World::Unread(_)) => {
                Ok(Value::unknown(Reason::new(Cause::NotCollected, "nothing was read yet")))
            }
            _ => self.known().member(root, name),
        }
    }

    fn roots(&self) -> Vec<Text> {
        self.known().roots()
    }

    fn calendar(&self) -> Calendar {
        self.selector.values.calendar
    }

    fn pool(&self) -> Option<&Pool> {
        self.known().pool
    }

    fn is_read(&self, root: &str) -> bool {
        matches!((root, &self.world), ("self", World::Object(..)) | ("all", World::All(_)))
    }
}
