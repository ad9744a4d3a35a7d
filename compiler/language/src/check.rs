//! [`check`]: every name of an expression resolved before anything is evaluated, so that also the branches that no
//! evaluation takes are right, and what the expression depends on and reads is known.

mod imported;
mod subject;

use crate::context::Context;
use crate::functions;
use crate::syntax::{Argument, Binary, Expression, For, Name, Node, Part, Unary};
use ordain_model::Text;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Reported};
use ordain_model::schema::{Kind, Setting};
use ordain_model::source::Span;
use ordain_model::types::Type;
use std::collections::{BTreeMap, BTreeSet};
use std::iter;

/// The names of a module that an expression may use.
#[derive(Debug, Default)]
pub(crate) struct Names {
    pub(crate) variables: BTreeSet<Text>,
    pub(crate) locals: BTreeSet<Text>,
    /// The modules it imports; nothing is known of one that could not be read.
    pub(crate) modules: BTreeMap<Text, Option<Outputs>>,
}

/// What is known of an imported module before it has values.
#[derive(Debug)]
pub(crate) struct Outputs {
    pub(crate) names: BTreeSet<Text>,
    /// Whether it has `for_each`: its outputs then stand under keys.
    pub(crate) keyed: bool,
}

/// The names that an expression may use where it stands.
#[derive(Clone, Copy)]
pub(crate) struct Visible<'a> {
    pub(crate) names: &'a Names,
    /// Whether `each` means something.
    pub(crate) each: bool,
    /// Whether `target` does.
    pub(crate) target: bool,
}

/// What an expression is about, beside the names of its module.
#[derive(Clone, Copy)]
pub(crate) enum Subject {
    /// Nothing: it is known at compile time.
    None,
    /// `self`, an object of this kind, of which it reads attributes.
    Object(&'static Kind),
    /// `all`: every object, attributes and settings.
    All,
}

/// What is known of an expression without evaluating it.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) shape: Shape,
    pub(crate) uses: Uses,
}

/// What an expression depends on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Uses {
    /// Variables, with the first place of each.
    pub(crate) variables: BTreeMap<Text, Span>,
    /// Locals, with the first place of each.
    pub(crate) locals: BTreeMap<Text, Span>,
    /// Outputs of imported modules, with the first place of each. A module that is used as a whole is used with all of
    /// its outputs.
    pub(crate) modules: BTreeMap<Text, BTreeMap<Text, Span>>,
    /// Whether it uses `each`, `target`.
    pub(crate) each: bool,
    pub(crate) target: bool,
    /// What it reads of objects, by kind: attributes, and settings as [`ordain_model::address::SettingName`] writes them.
    pub(crate) reads: BTreeMap<&'static str, BTreeSet<Text>>,
}

impl Uses {
    /// Everything it depends on, as it is written: `var.x`, `local.x`, `module.a.x`.
    pub(crate) fn named(&self) -> impl Iterator<Item = (String, Span)> {
        let variables = self.variables.iter().map(|(name, span)| (format!("var.{name}"), *span));
        let locals = self.locals.iter().map(|(name, span)| (format!("local.{name}"), *span));
        let outputs = self.modules.iter().flat_map(|(module, outputs)| {
            outputs.iter().map(move |(name, span)| (format!("module.{module}.{name}"), *span))
        });
        variables.chain(locals).chain(outputs)
    }
}

/// What is known of a value before it is there.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    /// Nothing.
    Any,
    /// Its type.
    Typed(Type),
    /// One object: `self`, or one of `all`, whose settings are readable too.
    Object(&'static Kind),
    /// A list of objects of `all`.
    Objects(&'static Kind),
    /// `all`.
    All,
    /// A keyed setting of an object of `all`, before its key.
    Keyed(&'static Kind, &'static Setting),
}

/// Functions that give back items of their first argument, a list.
const ITEMS: &[&str] = &["compact", "distinct", "flatten", "reverse", "slice", "tolist"];
/// Functions that give back one item of their first argument, a list.
const ITEM: &[&str] = &["element", "one"];
/// Functions whose result is a bool.
const TESTS: &[&str] = &[
    "alltrue",
    "anytrue",
    "can",
    "cidr_overlaps",
    "cidr_within",
    "contains",
    "endswith",
    "startswith",
    "strcontains",
    "tobool",
    "version_satisfies",
];

/// Resolves every name of an expression.
///
/// # Errors
/// A name that is nothing; every one of them is reported.
pub(crate) fn check(
    expression: &Expression,
    visible: Visible<'_>,
    subject: Subject,
    context: &mut Context<'_>,
) -> Result<Checked, Reported> {
    let mut walk = Walk { visible, subject, context, uses: Uses::default(), loops: Vec::new(), failed: None };
    let shape = walk.expression(expression);
    walk.escape(shape, expression.span);
    match walk.failed {
        Some(reported) => Err(reported),
        None => Ok(Checked { shape, uses: walk.uses }),
    }
}

struct Walk<'a, 'c> {
    visible: Visible<'a>,
    subject: Subject,
    context: &'a mut Context<'c>,
    uses: Uses,
    /// Loop variables, innermost last.
    loops: Vec<(Text, Shape)>,
    failed: Option<Reported>,
}

impl Walk<'_, '_> {
    fn fail(&mut self, diagnostic: Diagnostic) -> Shape {
        self.failed = Some(self.context.push(diagnostic));
        Shape::Any
    }

    /// Fails without another message, because of something that was reported.
    fn silent(&mut self) -> Shape {
        self.failed = self.failed.or(self.context.diagnostics.check().err());
        Shape::Any
    }

    fn expression(&mut self, expression: &Expression) -> Shape {
        match &expression.node {
            Node::Error => {
                // The parser reported it.
                self.silent()
            }
            Node::Null => Shape::Any,
            Node::Bool(_) => Shape::Typed(Type::Bool),
            Node::Number(_) => Shape::Typed(Type::Integer),
            Node::String(_) => Shape::Typed(Type::String),
            Node::Template(parts) => match parts.as_slice() {
                // One interpolation and nothing around it is its value, of whatever type.
                [Part::Interpolation(only)] => self.expression(only),
                parts => {
                    self.template(parts);
                    Shape::Typed(Type::String)
                }
            },
            Node::Variable(name) => self.root(&Name { text: name.clone(), span: expression.span }),
            Node::Path(operand, steps) => self.path(operand, steps),
            Node::Call { name, arguments, .. } => self.call(name, arguments),
            Node::Tuple(items) => self.whole(items),
            Node::Object(entries) => self.whole(entries.iter().flat_map(|entry| [&entry.key, &entry.value])),
            Node::Unary(Unary::Not, inner) => self.typed([&**inner], Type::Bool),
            Node::Unary(Unary::Negate, inner) => self.typed([&**inner], Type::Integer),
            Node::Chain(first, rest) => self.chain(first, rest),
            Node::Conditional(branches, otherwise) => {
                let thens: Vec<Shape> = branches
                    .iter()
                    .map(|branch| {
                        self.whole([&branch.condition]);
                        self.expression(&branch.then)
                    })
                    .collect();
                thens.into_iter().fold(self.expression(otherwise), either)
            }
            Node::For(body) => self.comprehension(body),
            Node::Parentheses(inner) => self.expression(inner),
        }
    }

    /// Expressions whose objects are used as a whole.
    fn whole<'e>(&mut self, parts: impl IntoIterator<Item = &'e Expression>) -> Shape {
        for part in parts {
            let shape = self.expression(part);
            self.escape(shape, part.span);
        }
        Shape::Any
    }

    fn typed<'e>(&mut self, parts: impl IntoIterator<Item = &'e Expression>, of: Type) -> Shape {
        self.whole(parts);
        Shape::Typed(of)
    }

    fn chain(&mut self, first: &Expression, rest: &[(Binary, Expression)]) -> Shape {
        match rest.first() {
            Some((Binary::Add | Binary::Subtract | Binary::Multiply | Binary::Divide | Binary::Remainder, _)) => {
                return self.arithmetic(iter::once(first).chain(rest.iter().map(|(_, operand)| operand)));
            }
            Some((Binary::Equal | Binary::NotEqual, second)) if rest.len() == 1 => self.comparison(first, second),
            _ => drop(self.whole(iter::once(first).chain(rest.iter().map(|(_, operand)| operand)))),
        }
        Shape::Typed(Type::Bool)
    }

    /// Of numbers a number; spans of time are calculated with too.
    fn arithmetic<'e>(&mut self, operands: impl Iterator<Item = &'e Expression>) -> Shape {
        let mut numbers = true;
        for operand in operands {
            let shape = self.expression(operand);
            self.escape(shape, operand.span);
            numbers &= matches!(shape, Shape::Typed(Type::Integer));
        }
        if numbers { Shape::Typed(Type::Integer) } else { Shape::Any }
    }

    fn call(&mut self, name: &Name, arguments: &[Argument]) -> Shape {
        if functions::find(&name.text).is_none() {
            let known: Vec<&str> = functions::all().iter().map(|function| function.name).collect();
            let detail = format!("there is no function `{}`", name.text);
            let unknown = || self.context.unknown_message(code::UNKNOWN_FUNCTION, name, detail, &known);
            let diagnostic = functions::refused::message(name).unwrap_or_else(unknown);
            self.fail(diagnostic);
        }
        if !matches!(self.subject, Subject::None) && functions::reads_files(&name.text) {
            self.reads_late(name, arguments);
        }
        let shapes: Vec<Shape> = arguments.iter().map(|argument| self.expression(&argument.value)).collect();
        let first = shapes.first().copied().unwrap_or(Shape::Any);
        match &*name.text {
            "concat" => return shapes.iter().fold(first, |one, other| either(one, *other)),
            // It looks at no item.
            "length" => return Shape::Typed(Type::Integer),
            name if ITEMS.contains(&name) => return first,
            name if ITEM.contains(&name) => return item(first),
            _ => shapes.iter().zip(arguments).for_each(|(shape, argument)| self.escape(*shape, argument.value.span)),
        }
        if TESTS.contains(&&*name.text) { Shape::Typed(Type::Bool) } else { Shape::Any }
    }

    /// Reports a call that would read a file for each object.
    fn reads_late(&mut self, name: &Name, arguments: &[Argument]) {
        let last = arguments.last().map_or(name.span, |argument| argument.value.span);
        let call = format!("{})", self.context.sources.slice(name.span.to(last)));
        let detail =
            format!("`{}` is not read here: this is judged for each object, when no file is at hand", name.text);
        let help = "Read the file in a local, and name that.";
        self.fail(Diagnostic::error(code::WRONG_CALL, name.span, detail).help(help).paste(format!("content = {call}")));
    }

    fn comprehension(&mut self, body: &For) -> Shape {
        let collection = self.expression(&body.collection);
        let depth = self.enter(body.key.as_ref(), &body.value, collection);
        if let Some(condition) = &body.condition {
            self.whole([condition]);
        }
        if let Some(key) = &body.result_key {
            self.whole([key, &body.result]);
            self.loops.truncate(depth);
            return Shape::Any;
        }
        let result = self.expression(&body.result);
        self.loops.truncate(depth);
        items(result)
    }

    /// Names the loop variables; gives the depth to go back to.
    fn enter(&mut self, key: Option<&Name>, value: &Name, collection: Shape) -> usize {
        let depth = self.loops.len();
        self.loops.extend(key.map(|key| (key.text.clone(), Shape::Any)));
        self.loops.push((value.text.clone(), item(collection)));
        depth
    }

    fn template(&mut self, parts: &[Part]) {
        for part in parts {
            match part {
                Part::Literal(_) => {}
                Part::Interpolation(expression) => drop(self.whole([expression])),
                Part::If(choice) => {
                    self.whole([&choice.condition]);
                    self.template(&choice.then);
                    self.template(&choice.otherwise);
                }
                Part::For(each) => {
                    let collection = self.expression(&each.collection);
                    let depth = self.enter(each.key.as_ref(), &each.value, collection);
                    self.template(&each.body);
                    self.loops.truncate(depth);
                }
            }
        }
    }
}

/// The shape of a list's items.
fn item(list: Shape) -> Shape {
    match list {
        Shape::Objects(kind) => Shape::Object(kind),
        _ => Shape::Any,
    }
}

/// The shape of a list of such items.
fn items(item: Shape) -> Shape {
    match item {
        Shape::Object(kind) | Shape::Objects(kind) => Shape::Objects(kind),
        _ => Shape::Any,
    }
}

/// The shape of what is one or the other.
fn either(one: Shape, other: Shape) -> Shape {
    match (one, other) {
        (Shape::Typed(one), Shape::Typed(other)) if one == other => Shape::Typed(one),
        (Shape::Object(one), Shape::Object(other)) if one.name == other.name => Shape::Object(one),
        (Shape::Objects(one), Shape::Objects(other)) if one.name == other.name => Shape::Objects(one),
        _ => Shape::Any,
    }
}
