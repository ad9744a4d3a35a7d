//! Every expression of a body, those inside others too, without recursion: a body may be as deep as the parser lets it.

use super::{Body, Expression, For, Node, Part, Step};

impl Body {
    /// Calls `visit` with every expression below this body, in no particular order.
    pub(crate) fn each_expression<'e>(&'e self, visit: &mut dyn FnMut(&'e Expression)) {
        let mut bodies = vec![self];
        while let Some(body) = bodies.pop() {
            bodies.extend(body.blocks.iter().map(|block| &block.body));
            body.attributes.iter().for_each(|attribute| attribute.value.each(visit));
        }
    }
}

impl Expression {
    /// Calls `visit` with this expression and every one inside it.
    pub(crate) fn each<'e>(&'e self, visit: &mut dyn FnMut(&'e Expression)) {
        let mut waiting = vec![self];
        while let Some(expression) = waiting.pop() {
            visit(expression);
            inside(&expression.node, &mut waiting);
        }
    }
}

/// Adds the expressions directly inside a node.
fn inside<'e>(node: &'e Node, to: &mut Vec<&'e Expression>) {
    match node {
        Node::Error | Node::Null | Node::Bool(_) | Node::Number(_) | Node::String(_) | Node::Variable(_) => {}
        Node::Template(parts) => of_parts(parts, to),
        Node::Path(operand, steps) => {
            to.push(operand);
            of_steps(steps, to);
        }
        Node::Call { arguments, .. } => to.extend(arguments.iter().map(|argument| &argument.value)),
        Node::Tuple(items) => to.extend(items),
        Node::Object(entries) => to.extend(entries.iter().flat_map(|entry| [&entry.key, &entry.value])),
        Node::Unary(_, inner) | Node::Parentheses(inner) => to.push(inner),
        Node::Chain(first, rest) => {
            to.push(first);
            to.extend(rest.iter().map(|(_, operand)| operand));
        }
        Node::Conditional(branches, otherwise) => {
            to.extend(branches.iter().flat_map(|branch| [&branch.condition, &branch.then]));
            to.push(otherwise);
        }
        Node::For(body) => {
            let For { collection, result_key, result, condition, .. } = &**body;
            to.extend([collection, result].into_iter().chain(result_key).chain(condition));
        }
    }
}

fn of_steps<'e>(steps: &'e [Step], to: &mut Vec<&'e Expression>) {
    let mut waiting = vec![steps];
    while let Some(steps) = waiting.pop() {
        for step in steps {
            match step {
                Step::Member(_) => {}
                Step::Index(key) => to.push(key),
                Step::Each(inner, _) => waiting.push(inner),
            }
        }
    }
}

fn of_parts<'e>(parts: &'e [Part], to: &mut Vec<&'e Expression>) {
    let mut waiting = vec![parts];
    while let Some(parts) = waiting.pop() {
        for part in parts {
            match part {
                Part::Literal(_) => {}
                Part::Interpolation(expression) => to.push(expression),
                Part::If(choice) => {
                    to.push(&choice.condition);
                    waiting.extend([&*choice.then, &*choice.otherwise]);
                }
                Part::For(each) => {
                    to.push(&each.collection);
                    waiting.push(&each.body);
                }
            }
        }
    }
}
