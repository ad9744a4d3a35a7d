//! [`Seal`]: what a `require` block says about being overruled and waived.

use crate::check::Uses;
use crate::config::{Located, Seal};
use crate::context::Context;
use crate::environment::{Environment, Holder};
use crate::grammar::argument;
use crate::syntax::{Block, Expression, Node, Step};
use crate::variable_type::unfit;
use ordain_model::Text;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Reported};
use ordain_model::types::{Mismatch, Type};
use ordain_model::value::Value;
use std::collections::BTreeSet;

/// Reads the arguments, and the variables on which they depend.
///
/// # Errors
/// One of them is of another type; each was reported.
pub(crate) fn read(
    block: &Block,
    environment: &Environment<'_>,
    context: &mut Context<'_>,
) -> Result<(Seal, BTreeSet<Text>), Reported> {
    let sealed = flag(block, "sealed", environment, context);
    let waivable = flag(block, "waivable", environment, context);
    let owners = argument(&block.body, "waivable_by").map(|owners| texts(owners, environment, context)).transpose();
    let longest = argument(&block.body, "max_waiver").map(|longest| {
        let (value, _) = environment.evaluate(longest, Holder::Public, context)?;
        match Type::Duration.convert(&value, environment.calendar()) {
            Ok(Value::Duration(value)) => Ok(Located { value, span: longest.span }),
            Ok(_) => Err(unfit(longest, &Mismatch::new("a span of time such as `90d`"), context)),
            Err(mismatch) => Err(unfit(longest, &mismatch, context)),
        }
    });
    let seal = Seal {
        sealed: sealed?.is_some_and(|sealed| sealed.value),
        unwaivable: waivable?.filter(|waivable| !waivable.value).map(|waivable| waivable.span),
        waivable_by: owners?,
        max_waiver: longest.transpose()?,
    };
    let targets = argument(&block.body, "sealed").map(|_| "targets");
    let own = ["max_waiver", "sealed", "waivable", "waivable_by"].into_iter().chain(targets);
    Ok((seal, variables(block, own, environment)))
}

/// An argument that is `true` or `false`.
///
/// # Errors
/// It is something else; reported.
pub(crate) fn flag(
    block: &Block,
    name: &str,
    environment: &Environment<'_>,
    context: &mut Context<'_>,
) -> Result<Option<Located<bool>>, Reported> {
    let Some(expression) = argument(&block.body, name) else { return Ok(None) };
    match environment.evaluate(expression, Holder::Public, context)? {
        (Value::Bool(value), _) => Ok(Some(Located { value, span: expression.span })),
        _ => Err(unfit(expression, &Mismatch::new("`true` or `false`"), context)),
    }
}

fn texts(
    expression: &Expression,
    environment: &Environment<'_>,
    context: &mut Context<'_>,
) -> Result<Located<BTreeSet<Text>>, Reported> {
    let (value, _) = environment.evaluate(expression, Holder::Public, context)?;
    match Type::Strings(None).convert(&value, environment.calendar()) {
        Ok(Value::Set(owners)) if !owners.is_empty() => Ok(Located { value: (*owners).clone(), span: expression.span }),
        _ => Err(unfit(expression, &Mismatch::new("a list of owners; `waivable = false` where nobody may"), context)),
    }
}

/// The variables on which these arguments of a block depend.
pub(crate) fn variables(
    block: &Block,
    arguments: impl IntoIterator<Item = &'static str>,
    environment: &Environment<'_>,
) -> BTreeSet<Text> {
    let mut uses = Uses::default();
    for expression in arguments.into_iter().filter_map(|name| argument(&block.body, name)) {
        expression.each(&mut |expression| {
            if let Node::Path(operand, steps) = &expression.node
                && let (Node::Variable(root), Some(Step::Member(name))) = (&operand.node, steps.first())
            {
                match &**root {
                    "var" => drop(uses.variables.insert(name.text.clone(), name.span)),
                    "local" => drop(uses.locals.insert(name.text.clone(), name.span)),
                    _ => {}
                }
            }
        });
    }
    environment.module.origin(&uses).variables
}

/// What is sealed (`what`: a requirement, an approval) holds whatever an importer says, as far as its author can answer for:
/// each of these variables has a `bound`.
///
/// # Errors
/// One has none; each was reported.
pub(crate) fn bounded(
    block: &Block,
    what: &str,
    variables: &BTreeSet<Text>,
    environment: &Environment<'_>,
    context: &mut Context<'_>,
) -> Result<(), Reported> {
    let mut checked = Ok(());
    for name in variables.difference(&environment.module.bounded) {
        let detail =
            format!("{what} uses the variable `{name}`, which has no `bound`: whoever sets it could lift the seal");
        let diagnostic = Diagnostic::error(code::UNBOUNDED_SEAL, block.header(), detail).says("sealed");
        let diagnostic = match environment.module.declared.get(name) {
            Some(span) => diagnostic.label(*span, "without a bound"),
            None => diagnostic,
        };
        let help = format!("Give `{name}` a `bound` that every value of it satisfies.");
        checked = Err(context.push(diagnostic.help(help).paste("bound = at_least(\"90d\")")));
    }
    checked
}
