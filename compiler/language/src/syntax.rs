//! [`Syntax`]: one file as a tree. Every node has a span; what did not parse is a node too, so nothing is dropped.

mod walk;

use ordain_model::Text;
use ordain_model::number::Number;
use ordain_model::source::{SourceId, Span};

/// A parsed file.
#[derive(Clone, Debug)]
pub struct Syntax {
    /// The file.
    pub source: SourceId,
    /// Its top-level body.
    pub body: Body,
    /// Its comments, in order, each from its marker to its end without the line break.
    pub comments: Vec<Span>,
}

/// Attributes and blocks in the order they stand.
#[derive(Clone, Debug)]
pub struct Body {
    /// The attributes, in order; a name that stands twice was reported and is kept twice.
    pub attributes: Vec<Attribute>,
    /// The blocks, in order.
    pub blocks: Vec<Block>,
    /// From the first to the last byte between the braces.
    pub span: Span,
}

/// An identifier and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The identifier.
    pub text: Text,
    /// Where it stands.
    pub span: Span,
}

/// `name = value`.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// Its name.
    pub name: Name,
    /// Its value.
    pub value: Expression,
}

/// `kind "label" { ... }`.
#[derive(Clone, Debug)]
pub struct Block {
    /// Its kind, for example `require`.
    pub kind: Name,
    /// Its labels, quoted or bare.
    pub labels: Vec<Name>,
    /// What stands between its braces.
    pub body: Body,
    /// From the kind to the closing brace.
    pub span: Span,
}

impl Block {
    /// The kind and the labels, without the body: what a message underlines.
    #[must_use]
    pub fn header(&self) -> Span {
        self.labels.last().map_or(self.kind.span, |last| self.kind.span.to(last.span))
    }
}

/// An expression and where it stands.
#[derive(Clone, Debug)]
pub struct Expression {
    /// What it is.
    pub node: Node,
    /// Where it stands.
    pub span: Span,
}

/// The sorts of expression.
#[derive(Clone, Debug)]
pub enum Node {
    /// Did not parse; the error was reported. Evaluates to nothing.
    Error,
    /// `null`.
    Null,
    /// `true`, `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string or heredoc without interpolation, escapes resolved.
    String(Text),
    /// A string or heredoc with interpolations or directives.
    Template(Vec<Part>),
    /// A root name: `var`, `local`, `self`, a loop variable.
    Variable(Text),
    /// `value.name["key"][*].name`: an operand and at least one step. Flat, so that a path of any length is no depth.
    Path(Box<Expression>, Box<[Step]>),
    /// `name(arguments...)`; `expand` is true when the last argument ends in `...`.
    Call {
        /// The function, `::` included where it is namespaced.
        name: Box<Name>,
        /// Its arguments.
        arguments: Box<[Argument]>,
        /// The last argument is spread.
        expand: bool,
    },
    /// `[a, b]`.
    Tuple(Vec<Expression>),
    /// `{ key = value }`.
    Object(Vec<Entry>),
    /// `!a`, `-a`.
    Unary(Unary, Box<Expression>),
    /// `a + b - c`: a first operand, then at least one operator with its operand, all of one precedence, applied from
    /// left to right. `a && b && c` is one node with three operands; `a == b` has one pair. Flat, so that a chain of any
    /// length is no depth.
    Chain(Box<Expression>, Box<[(Binary, Expression)]>),
    /// `a ? b : c ? d : e`: conditions in order, each with its value, and the value where none holds. Flat, so that a
    /// choice of any length is no depth.
    Conditional(Box<[Branch]>, Box<Expression>),
    /// `[for ...]` or `{for ...}`.
    For(Box<For>),
    /// `(a)`.
    Parentheses(Box<Expression>),
}

/// One step of a [`Node::Path`].
#[derive(Clone, Debug)]
pub enum Step {
    /// `.name`
    Member(Name),
    /// `[key]`, and the legacy `.0`
    Index(Expression),
    /// `[*]` or `.*`: each item, with these steps applied to it.
    Each(Vec<Step>, Span),
}

impl Step {
    /// Where it stands.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Step::Member(name) => name.span,
            Step::Index(key) => key.span,
            Step::Each(_, span) => *span,
        }
    }
}

/// One `condition ? value :` of a [`Node::Conditional`].
#[derive(Clone, Debug)]
pub struct Branch {
    /// The condition.
    pub condition: Expression,
    /// The value when it holds.
    pub then: Expression,
}

/// An argument of a call.
#[derive(Clone, Debug)]
pub struct Argument {
    /// `name =` before it. Only deferred calls such as `organization(ou = [...])` take named arguments.
    pub name: Option<Box<Name>>,
    /// Its value.
    pub value: Expression,
}

/// One `key = value` of an object.
#[derive(Clone, Debug)]
pub struct Entry {
    /// A bare identifier stands as [`Node::String`]; everything else, also `(expression)`, is evaluated.
    pub key: Expression,
    /// The value.
    pub value: Expression,
}

/// A piece of a template.
#[derive(Clone, Debug)]
pub enum Part {
    /// Text, escapes resolved, indentation and `~` trimming applied.
    Literal(Text),
    /// `${expression}`.
    Interpolation(Expression),
    /// `%{ if }`.
    If(Box<If>),
    /// `%{ for }`.
    For(Box<Each>),
}

/// `%{ if condition }then%{ else }otherwise%{ endif }`.
#[derive(Clone, Debug)]
pub struct If {
    /// The condition.
    pub condition: Expression,
    /// When it holds.
    pub then: Vec<Part>,
    /// When it does not.
    pub otherwise: Vec<Part>,
}

/// `%{ for key, value in collection }body%{ endfor }`.
#[derive(Clone, Debug)]
pub struct Each {
    /// The key's name, where there are two names.
    pub key: Option<Name>,
    /// The value's name.
    pub value: Name,
    /// What is looped over.
    pub collection: Expression,
    /// What stands between `for` and `endfor`.
    pub body: Vec<Part>,
}

/// `for key, value in collection : [key =>] value [...] [if condition]`.
#[derive(Clone, Debug)]
pub struct For {
    /// The first of two names.
    pub key: Option<Name>,
    /// The only or second name.
    pub value: Name,
    /// What is looped over.
    pub collection: Expression,
    /// The result's key; present in `{for ...}` only.
    pub result_key: Option<Expression>,
    /// The result's value.
    pub result: Expression,
    /// `...` after the value: values of equal keys are collected in lists.
    pub group: bool,
    /// `if condition`.
    pub condition: Option<Expression>,
}

/// Unary operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unary {
    /// `!`
    Not,
    /// `-`
    Negate,
}

/// Binary operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binary {
    /// `||`
    Or,
    /// `&&`
    And,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
}

/// A file without anything in it.
#[must_use]
pub fn empty(source: SourceId) -> Syntax {
    let span = Span { source, start: 0, end: 0 };
    Syntax { source, body: Body { attributes: Vec::new(), blocks: Vec::new(), span }, comments: Vec::new() }
}
