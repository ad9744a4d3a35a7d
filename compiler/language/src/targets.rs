//! Targets: what a `target` block reaches.

mod scope;

pub(crate) use scope::Scope;

use crate::brakes::brakes;
use crate::config::TargetDeclaration;
use crate::context::Context;
use crate::environment::{Environment, Holder};
use crate::grammar::{GRAMMARS, argument, only};
use crate::path;
use crate::syntax::{Attribute, Block, Expression};
use crate::variable_type::{VariableType, unfit};
use ordain_model::Text;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Reported};
use ordain_model::provider::{Argument, ArgumentType, Provider, Target};
use ordain_model::types::Mismatch;
use ordain_model::value::{Deferred, Value};
use std::collections::BTreeMap;

/// The common arguments.
fn common() -> &'static [&'static str] {
    GRAMMARS.iter().find(|grammar| grammar.block == "target").map_or(&[], |grammar| grammar.arguments)
}

/// Evaluates a `target` block.
///
/// # Errors
/// What is wrong with it was reported.
pub(crate) fn declare(
    block: &Block,
    environment: &Environment,
    context: &mut Context<'_>,
) -> Result<TargetDeclaration, Reported> {
    let [label, name] = block.labels.as_slice() else {
        return Err(context.error(code::WRONG_LABELS, block.header(), "a target has a provider and a name"));
    };
    let Some(provider) = context.providers.get(&label.text) else {
        let names: Vec<&str> = context.providers.0.iter().map(|provider| provider.name()).collect();
        return Err(context.unknown(
            code::UNKNOWN_PROVIDER,
            label,
            format!("there is no provider `{}`", label.text),
            &names,
        ));
    };
    let names: Vec<&str> = provider.arguments().iter().map(|argument| argument.name).collect();
    only(&block.body, common(), &names, &format!("a target of provider `{}`", provider.name()), context);
    let arguments = arguments(block, provider, environment, context);
    let estate = estate(block, provider, environment, context);
    let brakes = brakes(block, provider.name(), environment, context);
    let owner = text(block, "owner", environment, context);
    let target = Target { name: name.text.clone(), provider: provider.name().into(), arguments: arguments? };
    Ok(TargetDeclaration { target, estate: estate?, brakes: brakes?, owner: owner?, span: block.header() })
}

/// The provider's own arguments.
fn arguments(
    block: &Block,
    provider: &dyn Provider,
    environment: &Environment,
    context: &mut Context<'_>,
) -> Result<BTreeMap<Text, Value>, Reported> {
    let mut values = Ok(BTreeMap::new());
    for attribute in &block.body.attributes {
        let declared = provider.arguments().iter().find(|argument| argument.name == &*attribute.name.text);
        let Some(declared) = declared else { continue };
        match connection_argument(declared, &attribute.value, environment, context) {
            Err(reported) => values = Err(reported),
            Ok(Value::Null) => {}
            Ok(value) => drop(values.as_mut().map(|values| values.insert(declared.name.into(), value))),
        }
    }
    values
}

fn connection_argument(
    declared: &Argument,
    expression: &Expression,
    environment: &Environment,
    context: &mut Context<'_>,
) -> Result<Value, Reported> {
    let (value, _) = environment.evaluate(expression, Holder::Connection, context)?;
    let converted = match declared.of {
        ArgumentType::Plain(of) => {
            VariableType::Plain(of).fit(&value, environment.calendar()).map_err(|misfit| misfit.mismatch)
        }
        ArgumentType::Names { function, arguments } => names(&value, function, arguments),
    };
    // The value may be a secret: the message shows the expression.
    converted.map_err(|mismatch| unfit(expression, &Mismatch::new(mismatch.expected), context))
}

/// A list of strings, or a call that the provider resolves.
fn names(value: &Value, function: &str, arguments: &[&str]) -> Result<Value, Mismatch> {
    let expected = || {
        Mismatch::new(format!(
            "a list of strings or `{function}({})`",
            arguments.iter().map(|name| format!("{name} = [...]")).collect::<Vec<_>>().join(", ")
        ))
    };
    let texts = |value: &Value| match value {
        Value::List(items) => {
            items.iter().map(|item| item.as_str().map(Value::string)).collect::<Option<Vec<Value>>>().map(Value::list)
        }
        Value::Set(items) => Some(Value::list(items.iter().map(|item| Value::String(item.clone())))),
        _ => None,
    };
    match value {
        Value::Null => Ok(Value::Null),
        Value::Deferred(call) if &*call.function == function => {
            let argument = |(name, value): (&Text, &Value)| {
                let value = if arguments.contains(&&**name) { texts(value) } else { None };
                value.map(|value| (name.clone(), value)).ok_or_else(expected)
            };
            let arguments = call.arguments.iter().map(argument).collect::<Result<_, Mismatch>>()?;
            Ok(Value::Deferred(Deferred { function: call.function.clone(), arguments }.into()))
        }
        value => texts(value).ok_or_else(expected),
    }
}

/// The estate's path. Its world is a file: what would choose another one contradicts it.
fn estate(
    block: &Block,
    provider: &dyn Provider,
    environment: &Environment,
    context: &mut Context<'_>,
) -> Result<Option<Text>, Reported> {
    let Some(written) = text(block, "estate", environment, context)? else { return Ok(None) };
    let own =
        |attribute: &&Attribute| provider.arguments().iter().any(|argument| argument.name == &*attribute.name.text);
    let Some(other) = block.body.attributes.iter().find(own) else {
        return Ok(Some(path::join(&environment.module.beside.called, &written).into()));
    };
    let detail =
        format!("a target with an `estate` is a file; `{}` selects a part of {}", other.name.text, provider.name());
    let diagnostic = Diagnostic::error(code::ESTATE_AND_ACCOUNT, other.name.span, detail);
    let estate = argument(&block.body, "estate").map_or(block.header(), |estate| estate.span);
    Err(context
        .push(diagnostic.says("contradicts the estate").label(estate, "the estate").help("Leave one of them out.")))
}

/// Reports a profile with both estates and live targets: what a file says of a cell would stand for the account itself.
pub(crate) fn one_sort(targets: &BTreeMap<Text, TargetDeclaration>, context: &mut Context<'_>) {
    let estate = targets.values().find(|target| target.estate.is_some());
    let live = targets.values().find(|target| target.estate.is_none());
    if let Some((estate, live)) = estate.zip(live) {
        let detail = "a profile is about estates or about what is live: this target is live, and another one is a file";
        let diagnostic = Diagnostic::error(code::ESTATE_AND_ACCOUNT, live.span, detail).says("live");
        let help =
            "Give every target an `estate`, or none; demands on both belong in a module that two profiles import.";
        context.once("one sort of target".into(), diagnostic.label(estate.span, "a file").help(help));
    }
}

/// A text that is known at compile time; null counts as left out.
///
/// # Errors
/// It is no text.
pub(crate) fn text(
    block: &Block,
    name: &str,
    environment: &Environment,
    context: &mut Context<'_>,
) -> Result<Option<Text>, Reported> {
    let Some(expression) = argument(&block.body, name) else { return Ok(None) };
    match environment.evaluate(expression, Holder::Public, context)? {
        (Value::String(text), _) => Ok(Some(text)),
        (Value::Null, _) => Ok(None),
        _ => Err(unfit(expression, &Mismatch::new("a text"), context)),
    }
}
