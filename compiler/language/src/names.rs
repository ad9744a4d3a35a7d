//! Paths of plain names, as in `target.aws.production` and `control.soc2["CC7.2"]`, and names with a key.

use crate::syntax::{Expression, Node, Step};
use ordain_model::Text;

/// A root name and the members below it, each written as a name or as a text in brackets.
///
/// Nothing for an expression of another form.
pub(crate) fn names(expression: &Expression) -> Option<(&Text, Vec<Text>)> {
    match &expression.node {
        Node::Parentheses(inner) => names(inner),
        Node::Path(root, steps) => {
            let Node::Variable(root) = &root.node else { return None };
            Some((root, steps.iter().map(|step| name(step).cloned()).collect::<Option<_>>()?))
        }
        _ => None,
    }
}

/// The name that a step says, where it says one.
pub(crate) fn name(step: &Step) -> Option<&Text> {
    match step {
        Step::Member(name) => Some(&name.text),
        Step::Index(Expression { node: Node::String(text), .. }) => Some(text),
        Step::Index(_) | Step::Each(..) => None,
    }
}

/// A name with the key of an instance, where its block has `for_each`: `aws.production["k"]`.
pub(crate) fn keyed(name: &str, key: Option<&Text>) -> Text {
    match key {
        Some(key) => format!("{name}[{}]", serde_json::Value::from(&**key)).into(),
        None => name.into(),
    }
}
