//! Our tree.

use super::node;
use ordain_language::syntax::{Binary, Body, Branch, Expression, For, Name, Node, Part, Step, Unary};
use ordain_model::source::Span;

fn at(span: Span) -> Option<(usize, usize)> {
    Some((span.start as usize, span.end as usize))
}

pub fn body(body: &Body) -> String {
    let attributes = body.attributes.iter().map(|attribute| {
        node("attribute", [attribute.name.text.to_string(), expression(&attribute.value)], at(attribute.name.span))
    });
    let blocks = body.blocks.iter().map(|block| {
        let labels = block.labels.iter().map(|label| format!("{:?}", &*label.text));
        let parts = std::iter::once(block.kind.text.to_string()).chain(labels).chain([self::body(&block.body)]);
        node("block", parts, at(block.span))
    });
    node("body", attributes.chain(blocks), None)
}

fn name(name: &Option<Name>) -> String {
    name.as_ref().map_or("-".into(), |name| name.text.to_string())
}

fn optional(value: &Option<Expression>) -> String {
    value.as_ref().map_or("-".into(), expression)
}

pub fn expression(value: &Expression) -> String {
    let span = at(value.span);
    match &value.node {
        Node::Error => node("error", [], span),
        Node::Null => node("null", [], span),
        Node::Bool(value) => node("bool", [value.to_string()], span),
        Node::Number(number) => node("number", [number.to_string()], span),
        Node::String(text) => node("string", [format!("{text:?}")], span),
        Node::Template(found) => node("template", parts(found), span),
        Node::Variable(name) => node("variable", [name.to_string()], span),
        Node::Path(operand, found) => node("path", std::iter::once(expression(operand)).chain(steps(found)), span),
        Node::Call { name, arguments, expand } => {
            let arguments = arguments.iter().map(|argument| expression(&argument.value));
            node("call", [name.text.to_string(), expand.to_string()].into_iter().chain(arguments), span)
        }
        Node::Tuple(items) => node("tuple", items.iter().map(expression), span),
        Node::Object(entries) => {
            node("object", entries.iter().flat_map(|entry| [expression(&entry.key), expression(&entry.value)]), span)
        }
        Node::Unary(operator, operand) => {
            let sign = if *operator == Unary::Not { "!" } else { "-" };
            node("unary", [sign.into(), expression(operand)], span)
        }
        Node::Chain(first, rest) => rest.iter().fold(expression(first), |left, (operator, right)| {
            node("binary", [symbol(*operator).into(), left, expression(right)], None)
        }),
        Node::Conditional(branches, otherwise) => {
            branches.iter().rev().fold(expression(otherwise), |otherwise, Branch { condition, then }| {
                let whole = Span { start: condition.span.start, ..value.span };
                node("conditional", [expression(condition), expression(then), otherwise], at(whole))
            })
        }
        Node::For(each) => comprehension(each, value.span),
        Node::Parentheses(inner) => node("parentheses", [expression(inner)], span),
    }
}

fn comprehension(each: &For, span: Span) -> String {
    let names = [name(&each.key), each.value.text.to_string(), expression(&each.collection)];
    let results =
        [optional(&each.result_key), expression(&each.result), each.group.to_string(), optional(&each.condition)];
    node("for", names.into_iter().chain(results), at(span))
}

fn steps(found: &[Step]) -> Vec<String> {
    let step = |step: &Step| match step {
        Step::Member(name) => vec![format!(".{}", name.text)],
        Step::Index(key) => vec![format!("[{}]", expression(key))],
        Step::Each(inner, _) => std::iter::once("[*]".to_owned()).chain(steps(inner)).collect(),
    };
    found.iter().flat_map(step).collect()
}

fn parts(found: &[Part]) -> Vec<String> {
    let part = |part: &Part| match part {
        Part::Literal(text) => format!("{text:?}"),
        Part::Interpolation(value) => node("interpolation", [expression(value)], None),
        Part::If(choice) => {
            let branches = [&choice.then, &choice.otherwise].map(|branch| node("parts", parts(branch), None));
            node("if", std::iter::once(expression(&choice.condition)).chain(branches), None)
        }
        Part::For(each) => {
            let inner = node("parts", parts(&each.body), None);
            node("for", [name(&each.key), each.value.text.to_string(), expression(&each.collection), inner], None)
        }
    };
    found.iter().map(part).collect()
}

pub fn symbol(operator: Binary) -> &'static str {
    match operator {
        Binary::Or => "||",
        Binary::And => "&&",
        Binary::Equal => "==",
        Binary::NotEqual => "!=",
        Binary::Less => "<",
        Binary::LessOrEqual => "<=",
        Binary::Greater => ">",
        Binary::GreaterOrEqual => ">=",
        Binary::Add => "+",
        Binary::Subtract => "-",
        Binary::Multiply => "*",
        Binary::Divide => "/",
        Binary::Remainder => "%",
    }
}
