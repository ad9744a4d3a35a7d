//! Targets: what a `target` block reaches, and the lists that name targets.

use crate::config::TargetDeclaration;
use crate::context::{Context, list};
use crate::environment::{Environment, Holder};
use crate::grammar::{GRAMMARS, argument, only};
use crate::names::names as plain_names;
use crate::path;
use crate::syntax::{Attribute, Block, Expression, Name, Node};
use crate::variable_type::{VariableType, unfit};
use ordain_model::Text;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Reported};
use ordain_model::provider::{Argument, ArgumentType, Provider, Target};
use ordain_model::source::Span;
use ordain_model::types::{Mismatch, Type};
use ordain_model::value::{Deferred, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The targets that a module may name, by provider and label as in `aws.production`.
#[derive(Clone)]
pub(crate) struct Scope {
    /// Their names, sorted; an error when the importer's list of them failed.
    pub(crate) names: Result<BTreeSet<Text>, Reported>,
    /// What says so: the importing block, or nothing for the root module, which sees every target.
    pub(crate) importer: Option<Span>,
}

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
    let keep_access = keep_access(block, environment, context);
    let owner = text(block, "owner", environment, context);
    let target = Target { name: name.text.clone(), provider: provider.name().into(), arguments: arguments? };
    Ok(TargetDeclaration { target, estate: estate?, keep_access: keep_access?, owner: owner?, span: block.header() })
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
        ArgumentType::Plain(of) => VariableType::Plain(of).convert(&value, environment.calendar()),
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
        return Ok(Some(path::join(&environment.directory, &written).into()));
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

fn keep_access(block: &Block, environment: &Environment, context: &mut Context<'_>) -> Result<Vec<Text>, Reported> {
    let Some(expression) = argument(&block.body, "keep_access") else { return Ok(Vec::new()) };
    let (value, _) = environment.evaluate(expression, Holder::Public, context)?;
    match Type::Cidrs.convert(&value, environment.calendar()) {
        Ok(Value::Cidrs(set)) => Ok(set.entries().iter().map(|entry| entry.to_string().into()).collect()),
        Ok(_) => Ok(Vec::new()),
        Err(mismatch) => Err(unfit(expression, &mismatch, context)),
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

impl Scope {
    /// The targets that a list names, sorted.
    ///
    /// # Errors
    /// A name that is no target here, or no list; reported.
    pub(crate) fn named(
        &self,
        expression: &Expression,
        provider: Option<&str>,
        context: &mut Context<'_>,
    ) -> Result<Vec<Text>, Reported> {
        let names = self.names.as_ref().map_err(|reported| *reported)?;
        let Node::Tuple(items) = &expression.node else {
            let detail = format!("`targets` is a list; seen `{}`", context.seen(expression));
            let paste = format!("targets = [{}]", context.text(expression));
            return Err(context.push(Diagnostic::error(code::UNKNOWN_TARGET, expression.span, detail).paste(paste)));
        };
        if items.is_empty() {
            let detail = "an empty list of targets binds nothing: name one, or leave `targets` out";
            return Err(context.error(code::TARGET_NEEDED, expression.span, detail));
        }
        let mut named = Ok(BTreeSet::new());
        for item in items {
            match reference(item, names, provider, context) {
                Ok(name) => drop(named.as_mut().map(|named| named.insert(name))),
                Err(reported) => named = Err(reported),
            }
        }
        Ok(named?.into_iter().collect())
    }

    /// The only target of a provider, for a requirement that names none.
    ///
    /// # Errors
    /// There is none, or more than one; reported at `span`.
    pub(crate) fn only(&self, provider: &str, span: Span, context: &mut Context<'_>) -> Result<Vec<Text>, Reported> {
        let names = self.names.as_ref().map_err(|reported| *reported)?;
        let prefix = format!("{provider}.");
        let of: Vec<&Text> = names.iter().filter(|name| name.starts_with(&prefix)).collect();
        let (detail, paste) = match (of.as_slice(), self.importer) {
            ([one], _) => return Ok(vec![(*one).clone()]),
            ([], None) => (
                format!("the profile has no target of provider `{provider}`"),
                format!("target \"{provider}\" \"production\" {{ }}"),
            ),
            ([], Some(_)) => (
                format!("this module is given no target of provider `{provider}`"),
                format!("targets = [target.{provider}.NAME]"),
            ),
            (several, _) => {
                let all: Vec<String> = several.iter().map(|name| format!("target.{name}")).collect();
                (
                    format!(
                        "several targets of provider `{provider}` are in scope: {}",
                        list(all.iter().map(String::as_str))
                    ),
                    format!("targets = [{}]", all.join(", ")),
                )
            }
        };
        let diagnostic = Diagnostic::error(code::TARGET_NEEDED, span, detail).paste(paste);
        if !of.is_empty() {
            return Err(context.push(diagnostic));
        }
        let diagnostic = match self.importer {
            Some(importer) => diagnostic.label(importer, "imported here"),
            None => diagnostic.help("A profile that is only imported is checked through a module that imports it."),
        };
        Err(context.once(format!("{:?} {provider}", self.importer), diagnostic))
    }
}

/// `target.PROVIDER.NAME`.
fn reference(
    item: &Expression,
    names: &BTreeSet<Text>,
    provider: Option<&str>,
    context: &mut Context<'_>,
) -> Result<Text, Reported> {
    if let Some((root, path)) = plain_names(item)
        && let ("target", [of, name]) = (&**root, path.as_slice())
    {
        let whole = Text::from(format!("{of}.{name}"));
        return match provider {
            Some(provider) if names.contains(&whole) && provider != &**of => {
                let detail = format!(
                    "`{}` is a target of provider `{}`; this requirement is about `{provider}`",
                    context.text(item),
                    of
                );
                Err(context.error(code::UNKNOWN_TARGET, item.span, detail))
            }
            _ if names.contains(&whole) => Ok(whole),
            _ => {
                let written = Name { text: format!("target.{whole}").into(), span: item.span };
                let known: Vec<String> = names.iter().map(|name| format!("target.{name}")).collect();
                let known: Vec<&str> = known.iter().map(String::as_str).collect();
                Err(context.unknown(
                    code::UNKNOWN_TARGET,
                    &written,
                    format!("no target `{}` is in scope here", written.text),
                    &known,
                ))
            }
        };
    }
    let detail = format!("expected a target such as `target.aws.production`; seen `{}`", context.seen(item));
    Err(context.error(code::UNKNOWN_TARGET, item.span, detail))
}
