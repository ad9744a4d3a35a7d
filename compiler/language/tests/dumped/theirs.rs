//! hcl-edit's tree, in our words.

use super::node;
use hcl_edit::expr::{Expression, ForExpr, ObjectKey, TraversalOperator};
use hcl_edit::structure::{Body, Structure};
use hcl_edit::template::{Directive, Element, Template};
use hcl_edit::{Decorated, Ident, Span};

fn at(spanned: &impl Span) -> Option<(usize, usize)> {
    spanned.span().map(|range| (range.start, range.end))
}

pub fn body(body: &Body) -> String {
    let attributes = body.iter().filter_map(|structure| match structure {
        Structure::Attribute(attribute) => {
            Some(node("attribute", [attribute.key.to_string(), expression(&attribute.value)], at(&attribute.key)))
        }
        Structure::Block(_) => None,
    });
    let blocks = body.iter().filter_map(|structure| match structure {
        Structure::Block(block) => {
            let labels = block.labels.iter().map(|label| format!("{:?}", label.as_str()));
            let parts = std::iter::once(block.ident.to_string()).chain(labels).chain([self::body(&block.body)]);
            Some(node("block", parts, at(block)))
        }
        Structure::Attribute(_) => None,
    });
    node("body", attributes.chain(blocks), None)
}

fn name(name: &Option<Decorated<Ident>>) -> String {
    name.as_ref().map_or("-".into(), |name| name.as_str().to_owned())
}

pub fn expression(value: &Expression) -> String {
    let span = at(value);
    match value {
        Expression::Null(_) => node("null", [], span),
        Expression::Bool(value) => node("bool", [value.value().to_string()], span),
        Expression::Number(number) => node("number", [number.value().to_string()], span),
        Expression::String(text) => node("string", [format!("{:?}", text.value())], span),
        Expression::StringTemplate(template) => node("template", template.iter().map(element), span),
        Expression::HeredocTemplate(heredoc) => match heredoc.template.as_single_element() {
            Some(Element::Literal(text)) => node("string", [format!("{:?}", text.value())], span),
            _ => node("template", parts(&heredoc.template), span),
        },
        Expression::Variable(name) => node("variable", [name.as_str().to_owned()], span),
        Expression::Traversal(traversal) => {
            let steps = traversal.operators.iter().map(|operator| match operator.value() {
                TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) => "[*]".into(),
                TraversalOperator::GetAttr(name) => format!(".{}", name.as_str()),
                TraversalOperator::Index(key) => format!("[{}]", expression(key)),
                TraversalOperator::LegacyIndex(index) => format!("[legacy {}]", index.value()),
            });
            node("path", std::iter::once(expression(&traversal.expr)).chain(steps), span)
        }
        Expression::FuncCall(call) => {
            let namespace: String = call.name.namespace.iter().map(|name| format!("{}::", name.as_str())).collect();
            let head = [format!("{namespace}{}", call.name.name.as_str()), call.args.expand_final().to_string()];
            node("call", head.into_iter().chain(call.args.iter().map(expression)), span)
        }
        Expression::Array(items) => node("tuple", items.iter().map(expression), span),
        Expression::Object(object) => {
            node("object", object.iter().flat_map(|(key, value)| [self::key(key), expression(value.expr())]), span)
        }
        Expression::UnaryOp(operation) => {
            node("unary", [operation.operator.value().to_string(), expression(&operation.expr)], span)
        }
        Expression::BinaryOp(operation) => {
            let (left, right) = (expression(&operation.lhs_expr), expression(&operation.rhs_expr));
            node("binary", [operation.operator.value().to_string(), left, right], None)
        }
        Expression::Conditional(conditional) => {
            let parts = [&conditional.cond_expr, &conditional.true_expr, &conditional.false_expr];
            node("conditional", parts.map(expression), span)
        }
        Expression::ForExpr(each) => comprehension(each, span),
        Expression::Parenthesis(inner) => node("parentheses", [expression(inner.inner())], span),
    }
}

fn key(key: &ObjectKey) -> String {
    match key {
        ObjectKey::Ident(name) => node("string", [format!("{:?}", name.as_str())], at(name)),
        ObjectKey::Expression(key) => expression(key),
    }
}

fn comprehension(each: &ForExpr, span: Option<(usize, usize)>) -> String {
    let intro = &each.intro;
    let names = [name(&intro.key_var), intro.value_var.as_str().to_owned(), expression(&intro.collection_expr)];
    let key = each.key_expr.as_ref().map_or("-".into(), expression);
    let condition = each.cond.as_ref().map_or("-".into(), |condition| expression(&condition.expr));
    let results = [key, expression(&each.value_expr), each.grouping.to_string(), condition];
    node("for", names.into_iter().chain(results), span)
}

fn parts(template: &Template) -> Vec<String> {
    template.iter().map(element).collect()
}

fn element(element: &Element) -> String {
    match element {
        Element::Literal(text) => format!("{:?}", text.value()),
        Element::Interpolation(interpolation) => node("interpolation", [expression(&interpolation.expr)], None),
        Element::Directive(directive) => match &**directive {
            Directive::If(directive) => {
                let then = node("parts", parts(&directive.if_expr.template), None);
                let otherwise = directive.else_expr.as_ref().map_or(Vec::new(), |branch| parts(&branch.template));
                node("if", [expression(&directive.if_expr.cond_expr), then, node("parts", otherwise, None)], None)
            }
            Directive::For(directive) => {
                let each = &directive.for_expr;
                let inner = node("parts", parts(&each.template), None);
                node(
                    "for",
                    [name(&each.key_var), each.value_var.as_str().to_owned(), expression(&each.collection_expr), inner],
                    None,
                )
            }
        },
    }
}
