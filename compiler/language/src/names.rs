//! Paths of plain names, as in `target.aws.production` and `control.soc2["CC7.2"]`.

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

fn name(step: &Step) -> Option<&Text> {
    match step {
        Step::Member(name) => Some(&name.text),
        Step::Index(Expression { node: Node::String(text), .. }) => Some(text),
        Step::Index(_) | Step::Each(..) => None,
    }
}
