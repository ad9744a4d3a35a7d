//! [`Reference`]: which requirements an expression such as `module.base.require.aws_vpc.logged` names.

use crate::context::Context;
use crate::requirement;
use crate::syntax::{Expression, Name, Node, Step};
use ordain_model::Text;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Reported};
use ordain_model::schema::Kind;

/// The requirements that an expression names: of its own module, or of one that it imports.
#[derive(Clone, Debug)]
pub(crate) struct Reference {
    /// The address as it is written, below the module it is written in.
    written: Text,
    /// Its parts with their keys, the module's own path before it. A part without a key stands for every key.
    parts: Vec<Part>,
    /// The kind of the requirements.
    pub(crate) kind: &'static Kind,
}

/// A part of an address, and its key as it is written there.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    name: Text,
    key: Option<String>,
}

impl Reference {
    /// Reads an expression, seen from the module of this path.
    ///
    /// # Errors
    /// It has another form.
    pub(crate) fn read(
        expression: &Expression,
        module: &str,
        context: &mut Context<'_>,
    ) -> Result<Reference, Reported> {
        let below = written(expression).unwrap_or_default();
        let modules = below.len().saturating_sub(3);
        let form = below.len() % 2 == 1
            && below.len() >= 3
            && below[..modules].chunks(2).all(|pair| &*pair[0].name == "module" && pair[0].key.is_none())
            && &*below[modules].name == "require"
            && below[modules..=modules + 1].iter().all(|part| part.key.is_none());
        if !form {
            let detail = format!(
                "expected a requirement such as `require.aws_vpc.logged` or `module.base.require.aws_vpc.logged`; seen `{}`",
                context.seen(expression)
            );
            return Err(context.push(Diagnostic::error(code::WAIVER_SUBJECT, expression.span, detail)));
        }
        let kind = kind(expression, &below[modules + 1].name, context)?;
        let parts = parts(module).into_iter().chain(below).collect();
        Ok(Reference { written: context.text(expression).into(), parts, kind })
    }

    /// Whether it names a requirement.
    pub(crate) fn names(&self, address: &str) -> bool {
        let parts = parts(address);
        let same =
            |(named, part): (&Part, &Part)| named.name == part.name && (named.key.is_none() || named.key == part.key);
        parts.len() == self.parts.len() && self.parts.iter().zip(&parts).all(same)
    }

    /// The reference to every instance of what has an address, given as it stands below a module.
    pub(crate) fn of_all(&self, below: &str, module: &str) -> Reference {
        let unkeyed = parts(below).into_iter().map(|part| Part { key: None, ..part });
        let unkeyed: Vec<Part> = unkeyed.collect();
        let names: Vec<&str> = unkeyed.iter().map(|part| &*part.name).collect();
        Reference {
            written: names.join(".").into(),
            parts: parts(module).into_iter().chain(unkeyed).collect(),
            kind: self.kind,
        }
    }

    /// The names that every address has that it names: an address without its keys.
    pub(crate) fn unkeyed(&self) -> String {
        joined(&self.parts)
    }

    /// As it is written.
    pub(crate) fn written(&self) -> &Text {
        &self.written
    }
}

/// An address without its keys.
pub(crate) fn unkeyed(address: &str) -> String {
    joined(&parts(address))
}

fn joined(parts: &[Part]) -> String {
    parts.iter().map(|part| &*part.name).collect::<Vec<_>>().join(".")
}

/// The kind that a reference names; its message marks the name alone.
fn kind(expression: &Expression, label: &Text, context: &mut Context<'_>) -> Result<&'static Kind, Reported> {
    let steps = if let Node::Path(_, steps) = &expression.node { &steps[..] } else { &[] };
    let span = steps.iter().rev().find_map(|step| match step {
        Step::Member(name) if name.text == *label => Some(name.span),
        _ => None,
    });
    let name = Name { text: label.clone(), span: span.unwrap_or(expression.span) };
    requirement::kind(&name, context)
}

/// The parts of a path of names, members of modules with keys in brackets; nothing for another form.
fn written(expression: &Expression) -> Option<Vec<Part>> {
    let (root, steps) = match &expression.node {
        Node::Parentheses(inner) => return written(inner),
        Node::Path(root, steps) => (root, steps),
        _ => return None,
    };
    let Node::Variable(root) = &root.node else { return None };
    let mut parts = vec![Part { name: root.clone(), key: None }];
    for step in steps.iter() {
        match step {
            Step::Member(name) => parts.push(Part { name: name.text.clone(), key: None }),
            Step::Index(Expression { node: Node::String(key), .. }) => {
                let last = parts.last_mut().filter(|part| part.key.is_none())?;
                last.key = Some(serde_json::Value::from(&**key).to_string());
            }
            Step::Index(_) | Step::Each(..) => return None,
        }
    }
    Some(parts)
}

/// The parts of an address: `module.a["k"].require.KIND.NAME`. A dot in a key is no border.
fn parts(address: &str) -> Vec<Part> {
    let (mut quoted, mut escaped, mut start, mut parts) = (false, false, 0, Vec::new());
    for (at, byte) in address.bytes().enumerate() {
        match byte {
            b'.' if !quoted => parts.push(part(&address[std::mem::replace(&mut start, at + 1)..at])),
            b'"' if !escaped => quoted = !quoted,
            _ => {}
        }
        escaped = byte == b'\\' && !escaped;
    }
    if start < address.len() {
        parts.push(part(&address[start..]));
    }
    parts
}

fn part(text: &str) -> Part {
    match text.split_once('[') {
        Some((name, key)) => Part { name: name.into(), key: Some(key.trim_end_matches(']').to_owned()) },
        None => Part { name: text.into(), key: None },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dot_in_a_key_is_no_border() {
        let names: Vec<Part> = parts(r#"module.a["x.y\"]"].require.aws_vpc.b"#);
        assert_eq!(names.len(), 5);
        assert_eq!(names[1].key.as_deref(), Some(r#""x.y\"]""#));
        assert_eq!(parts(""), []);
    }
}
