//! [`Conjunction`]: what an expression over `self` is known to ask, so that two can be compared without any object.

use crate::bindings::Known;
use crate::evaluate::evaluate;
use crate::names::names;
use crate::syntax::{Binary, Expression, Node};
use ordain_model::Text;
use ordain_model::duration::Calendar;
use ordain_model::schema::Kind;
use ordain_model::types::Type;
use ordain_model::value::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The values that an expression uses, by name, and the calendar of its module.
pub(super) type Captured = Arc<(BTreeMap<String, Value>, Calendar)>;

/// Most pairs of tests that are compared: a condition of more parts is compared with nothing.
const MOST_PAIRS: usize = 4_096;

/// Tests that exactly the selected objects pass, all of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Conjunction {
    tests: Vec<Test>,
}

/// One test that every selected object passes. Ordered for indexes; the order means nothing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Test {
    /// The attribute, and the tag where the attribute is tags; empty for a test that is not taken apart.
    path: Vec<Text>,
    asks: Asks,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Asks {
    /// `self.path == "text"`
    Equal(Text),
    /// `startswith(self.path, "text")`
    Prefix(Text),
    /// An expression and the values it captured: whatever it asks, the same text over the same values asks it too.
    Same(Text, Captured),
}

impl Conjunction {
    /// What an expression asks: its `&&` taken apart. `same` gives the text of a part and what the whole captured.
    pub(super) fn of(
        expression: &Expression,
        kind: Option<&Kind>,
        known: Known<'_>,
        same: &dyn Fn(&Expression) -> (Text, Captured),
    ) -> Conjunction {
        let mut tests = Vec::new();
        let mut parts = vec![expression];
        while let Some(part) = parts.pop() {
            match &part.node {
                Node::Parentheses(inner) => parts.push(inner),
                Node::Chain(first, rest) if rest.iter().all(|(operator, _)| *operator == Binary::And) => {
                    parts.push(first);
                    parts.extend(rest.iter().map(|(_, operand)| operand));
                }
                Node::Bool(true) => {}
                _ => {
                    let whole = || {
                        let (text, captured) = same(part);
                        Test { path: Vec::new(), asks: Asks::Same(text, captured) }
                    };
                    tests.push(kind.and_then(|kind| test(part, kind, known)).unwrap_or_else(whole));
                }
            }
        }
        Conjunction { tests }
    }

    pub(super) fn tests(&self) -> &[Test] {
        &self.tests
    }

    /// What the tests of texts compare, and with what.
    pub(super) fn texts(&self) -> impl Iterator<Item = (&[Text], &Text)> {
        self.tests.iter().filter_map(|test| match &test.asks {
            Asks::Equal(text) | Asks::Prefix(text) => Some((test.path.as_slice(), text)),
            Asks::Same(..) => None,
        })
    }

    pub(super) fn disjoint(&self, other: &Conjunction) -> bool {
        self.comparable(other) && self.tests.iter().any(|test| other.tests.iter().any(|against| test.excludes(against)))
    }

    pub(super) fn implies(&self, other: &Conjunction) -> bool {
        self.comparable(other) && other.tests.iter().all(|wanted| self.tests.iter().any(|test| test.implies(wanted)))
    }

    fn comparable(&self, other: &Conjunction) -> bool {
        self.tests.len().saturating_mul(other.tests.len()) <= MOST_PAIRS
    }
}

impl Test {
    /// How long the text is that it wants at the beginning of another; none for other tests.
    #[must_use]
    pub fn prefix(&self) -> Option<usize> {
        match &self.asks {
            Asks::Prefix(text) => Some(text.len()),
            _ => None,
        }
    }

    /// Every test that whatever passes this one passes too: itself, and those of the beginnings of its text that are so
    /// many bytes long.
    pub fn weaker<'a>(&'a self, lengths: &'a BTreeSet<usize>) -> impl Iterator<Item = Test> + 'a {
        let text = match &self.asks {
            Asks::Equal(text) | Asks::Prefix(text) => Some(text),
            Asks::Same(..) => None,
        };
        let begins = text.into_iter().flat_map(move |text| {
            lengths.range(..=text.len()).filter_map(move |length| {
                let asks = Asks::Prefix(text.get(..*length)?.into());
                Some(Test { path: self.path.clone(), asks }).filter(|test| test != self)
            })
        });
        std::iter::once(self.clone()).chain(begins)
    }

    fn excludes(&self, other: &Test) -> bool {
        self.path == other.path
            && match (&self.asks, &other.asks) {
                (Asks::Equal(one), Asks::Equal(other)) => one != other,
                (Asks::Equal(text), Asks::Prefix(prefix)) | (Asks::Prefix(prefix), Asks::Equal(text)) => {
                    !text.starts_with(&**prefix)
                }
                (Asks::Prefix(one), Asks::Prefix(other)) => !one.starts_with(&**other) && !other.starts_with(&**one),
                (Asks::Same(..), _) | (_, Asks::Same(..)) => false,
            }
    }

    fn implies(&self, wanted: &Test) -> bool {
        self.path == wanted.path
            && match (&self.asks, &wanted.asks) {
                (Asks::Equal(text) | Asks::Prefix(text), Asks::Prefix(prefix)) => text.starts_with(&**prefix),
                (one, other) => one == other,
            }
    }
}

fn test(expression: &Expression, kind: &Kind, known: Known<'_>) -> Option<Test> {
    let (subject, asks) = match &expression.node {
        Node::Chain(left, rest) => {
            let [(Binary::Equal, right)] = &**rest else { return None };
            let sides = subject(left, kind, known).zip(text(right, known));
            let (subject, text) = sides.or_else(|| subject(right, kind, known).zip(text(left, known)))?;
            (subject, Asks::Equal(text))
        }
        Node::Call { name, arguments, .. } if &*name.text == "startswith" => {
            let [of, prefix] = &**arguments else { return None };
            (subject(&of.value, kind, known)?, Asks::Prefix(text(&prefix.value, known)?))
        }
        _ => return None,
    };
    let missing_passes = subject.missing.is_some_and(|text| asks.admits(&text));
    if missing_passes { None } else { Some(Test { path: subject.path, asks }) }
}

impl Asks {
    fn admits(&self, text: &str) -> bool {
        match self {
            Asks::Equal(wanted) => &**wanted == text,
            Asks::Prefix(prefix) => text.starts_with(&**prefix),
            Asks::Same(..) => true,
        }
    }
}

/// A text of `self`, and what stands for it when the tag is not set.
struct Subject {
    path: Vec<Text>,
    missing: Option<Text>,
}

/// `self.name`, `self.tags.team`, and `lookup(self.tags, "team", "nobody")`.
fn subject(expression: &Expression, kind: &Kind, known: Known<'_>) -> Option<Subject> {
    let Node::Call { name, arguments, .. } = &expression.node else {
        return Some(Subject { path: path(expression, kind)?, missing: None });
    };
    let ("lookup", [tags, key, missing]) = (&*name.text, &**arguments) else { return None };
    let (root, mut path) = names(&tags.value)?;
    let tags = path.len() == 1 && kind.attribute(&path[0]).is_some_and(|attribute| attribute.of == Type::Tags);
    if &**root != "self" || !tags {
        return None;
    }
    path.push(text(&key.value, known)?);
    Some(Subject { path, missing: Some(text(&missing.value, known)?) })
}

/// A text of `self`: `self.name`, `self.tags.team`, `self.tags["team"]`. Only what is compared as text: a number that is
/// written in two ways is one number.
fn path(expression: &Expression, kind: &Kind) -> Option<Vec<Text>> {
    let (root, steps) = names(expression)?;
    if &**root != "self" {
        return None;
    }
    let of = steps.first().map(|first| kind.attribute(first).map_or(Type::String, |attribute| attribute.of))?;
    let text = match of {
        Type::String | Type::Enum(_) => steps.len() == 1,
        Type::Tags => steps.len() == 2,
        _ => false,
    };
    text.then_some(steps)
}

/// The text of an expression that reads nothing of `self`.
fn text(expression: &Expression, known: Known<'_>) -> Option<Text> {
    match evaluate(expression, &known).ok()? {
        Value::String(text) => Some(text),
        _ => None,
    }
}
