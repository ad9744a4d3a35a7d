//! [`Demand`]s: the lines of `must`, each bound typed by its setting.

use crate::bindings::Origin;
use crate::bindings::Values;
use crate::config::{Demand, Located};
use crate::context::{Context, list};
use crate::environment::{Environment, Holder};
use crate::involved::involved;
use crate::syntax::{Attribute, Body, Entry, Expression, Name, Node};
use ordain_model::Text;
use ordain_model::address::SettingName;
use ordain_model::bound::Bound;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Reported};
use ordain_model::schema::{Keyed, Kind, Setting, Stricter};
use ordain_model::source::Span;
use ordain_model::types::Type;
use ordain_model::value::Value;
use std::collections::BTreeMap;

/// A value of a setting, or of one key of it, with where it stands and what it came from.
struct Line<'e> {
    setting: &'static Setting,
    key: Option<Text>,
    value: Value,
    origin: Origin,
    expression: &'e Expression,
}

/// The demands of a `must` block, in the order of (setting, key). Those that demand nothing admit
/// [`Bound::Anything`].
///
/// # Errors
/// A line that demands nothing sensible; each was reported.
pub(crate) fn demands(
    must: &Body,
    kind: &'static Kind,
    environment: &Environment,
    context: &mut Context<'_>,
) -> Result<Vec<Demand>, Reported> {
    let mut demands: BTreeMap<SettingName, Demand> = BTreeMap::new();
    let mut failed = Ok(());
    let lines: Vec<_> =
        must.attributes.iter().flat_map(|attribute| lines(attribute, kind, environment, context)).collect();
    for line in lines {
        match line.and_then(|line| demand(line, environment, context)) {
            Err(reported) => failed = Err(reported),
            Ok(demand) => {
                // Two spellings of one key; a name that stands twice in a body was reported by the parser.
                if let Some(first) = demands.get(&demand.name()) {
                    failed = Err(context.duplicate(
                        code::DUPLICATE_NAME,
                        &format!("`{}`", demand.name()),
                        first.span,
                        demand.span,
                    ));
                }
                demands.insert(demand.name(), demand);
            }
        }
    }
    failed.map(|()| demands.into_values().collect())
}

fn demand(line: Line<'_>, environment: &Environment, context: &mut Context<'_>) -> Result<Demand, Reported> {
    let bound = bound_of(
        line.expression,
        &line.value,
        line.setting.of,
        line.setting.stricter,
        &environment.module.public(),
        context,
    )?;
    let moved_by = line.origin.variables.intersection(&environment.module.moved).cloned().collect();
    let depends_on = line.origin.variables;
    Ok(Demand { setting: line.setting, key: line.key, bound, span: line.expression.span, moved_by, depends_on })
}

/// The bound that a value is on a setting of a type.
///
/// # Errors
/// It is none; why is reported at the expression.
pub(crate) fn bound_of(
    expression: &Expression,
    value: &Value,
    of: Type,
    stricter: Stricter,
    values: &Values,
    context: &mut Context<'_>,
) -> Result<Bound, Reported> {
    Bound::from_value(value, of, stricter, values.calendar)
        .map_err(|problem| context.push(involved(problem.diagnostic(expression.span), expression, values)))
}

/// Values for steps, by setting: `remedy = { setting = value }`.
///
/// # Errors
/// A value that is no value of its setting, or that the demand does not admit; each was reported.
pub(crate) fn remedy(
    expression: &Expression,
    kind: &'static Kind,
    demands: &[Demand],
    environment: &Environment,
    context: &mut Context<'_>,
) -> Result<BTreeMap<SettingName, Located<Value>>, Reported> {
    let Node::Object(entries) = &expression.node else {
        let detail = format!("`remedy` gives values by setting; seen `{}`", context.seen(expression));
        let paste = "remedy = { setting = \"value\" }";
        return Err(context.push(Diagnostic::error(code::WRONG_TYPE, expression.span, detail).paste(paste)));
    };
    let mut remedies = Ok(BTreeMap::new());
    for entry in entries {
        let Some(name) = word(&entry.key) else {
            remedies = Err(context.error(code::UNKNOWN_SETTING, entry.key.span, "a setting's name is a plain word"));
            continue;
        };
        let attribute = Attribute { name, value: entry.value.clone() };
        for line in lines(&attribute, kind, environment, context) {
            match line.and_then(|line| one_remedy(line, demands, environment, context)) {
                Ok((name, value)) => drop(remedies.as_mut().map(|remedies| remedies.insert(name, value))),
                Err(reported) => remedies = Err(reported),
            }
        }
    }
    remedies
}

fn one_remedy(
    line: Line<'_>,
    demands: &[Demand],
    environment: &Environment,
    context: &mut Context<'_>,
) -> Result<(SettingName, Located<Value>), Reported> {
    let span = line.expression.span;
    let name = SettingName { name: line.setting.name.into(), key: line.key };
    let converted = line.setting.of.convert(&line.value, environment.calendar());
    let value = converted.map_err(|mismatch| crate::variable_type::unfit(line.expression, &mismatch, context))?;
    let Some(demand) = demands.iter().find(|demand| demand.name() == name) else {
        let detail = format!("`{name}` has a remedy but nothing is demanded of it");
        return Err(context.error(code::REMEDY, span, detail));
    };
    if demand.bound.admits(&value) {
        return Ok((name, Located { value, span }));
    }
    let detail = format!("`{name}` must be `{}`; the remedy is `{}`", demand.bound, context.seen(line.expression));
    Err(context.push(Diagnostic::error(code::REMEDY, span, detail).label(demand.span, "the demand")))
}

/// An attribute's lines: one, or for a keyed setting one per key.
fn lines<'e>(
    attribute: &'e Attribute,
    kind: &'static Kind,
    environment: &Environment,
    context: &mut Context<'_>,
) -> Vec<Result<Line<'e>, Reported>> {
    let expression = &attribute.value;
    let setting = match setting(&attribute.name, kind, context) {
        Ok(setting) => setting,
        Err(reported) => {
            // What it is bound by may be wrong too: both are told at once, or the line to paste would not read either.
            let _ = environment.evaluate(expression, Holder::Public, context);
            return vec![Err(reported)];
        }
    };
    let Some(keyed) = &setting.keyed else {
        let value = environment.evaluate(expression, Holder::Public, context);
        return vec![value.map(|(value, origin)| Line { setting, key: None, value, origin, expression })];
    };
    match &expression.node {
        Node::Object(entries) if !entries.is_empty() => {
            entries.iter().map(|entry| key_line(entry, setting, keyed, environment, context)).collect()
        }
        _ => whole(expression, setting, keyed, environment, context),
    }
}

/// One `key = bound` of a keyed setting.
fn key_line<'e>(
    entry: &'e Entry,
    setting: &'static Setting,
    keyed: &Keyed,
    environment: &Environment,
    context: &mut Context<'_>,
) -> Result<Line<'e>, Reported> {
    let key = match environment.evaluate(&entry.key, Holder::Public, context)? {
        (Value::String(written), _) => key(&written, entry.key.span, keyed, context),
        _ => Err(context.error(code::WRONG_KEY, entry.key.span, format!("a {} is a text in quotes", keyed.what))),
    };
    let (value, origin) = environment.evaluate(&entry.value, Holder::Public, context)?;
    Ok(Line { setting, key: Some(key?), value, origin, expression: &entry.value })
}

/// A keyed setting whose keys are the members of a value: `ingress_from = local.allowed`.
fn whole<'e>(
    expression: &'e Expression,
    setting: &'static Setting,
    keyed: &Keyed,
    environment: &Environment,
    context: &mut Context<'_>,
) -> Vec<Result<Line<'e>, Reported>> {
    match environment.evaluate(expression, Holder::Public, context) {
        Err(reported) => vec![Err(reported)],
        Ok((Value::Object(members), origin)) if !members.is_empty() => {
            let mut line = |(written, value): (&Text, &Value)| {
                let key = Some(key(written, expression.span, keyed, context)?);
                Ok(Line { setting, key, value: value.clone(), origin: origin.clone(), expression })
            };
            members.iter().map(&mut line).collect()
        }
        Ok(_) => {
            let detail = format!(
                "`{}` has one value per {}: its bounds stand under keys; seen `{}`",
                setting.name,
                keyed.what,
                context.seen(expression)
            );
            let paste = format!("{} = {{ \"...\" = {} }}", setting.name, context.text(expression));
            vec![Err(context.push(Diagnostic::error(code::WRONG_KEY, expression.span, detail).paste(paste)))]
        }
    }
}

fn key(written: &str, span: Span, keyed: &Keyed, context: &mut Context<'_>) -> Result<Text, Reported> {
    (keyed.check)(written).map_err(|why| {
        let detail = format!("`{}` is no {}: {why}", written.escape_debug(), keyed.what);
        context.error(code::WRONG_KEY, span, detail)
    })
}

/// The setting that a line of `must` names.
///
/// # Errors
/// There is none; reported with the nearest name.
pub(crate) fn setting(
    name: &Name,
    kind: &'static Kind,
    context: &mut Context<'_>,
) -> Result<&'static Setting, Reported> {
    if let Some(setting) = kind.setting(&name.text) {
        return Ok(setting);
    }
    let settings: Vec<&str> = kind.settings.iter().map(|setting| setting.name).collect();
    if kind.attribute(&name.text).is_some() {
        let detail = format!("`{}` is an attribute of `{}`: `where` reads it, nothing binds it", name.text, kind.name);
        let help = format!("Settings of `{}` are {}.", kind.name, list(settings.iter().copied()));
        return Err(context.push(Diagnostic::error(code::UNKNOWN_SETTING, name.span, detail).help(help)));
    }
    let detail = format!("`{}` has no setting `{}`", kind.name, name.text);
    Err(context.unknown(code::UNKNOWN_SETTING, name, detail, &settings))
}

fn word(key: &Expression) -> Option<Name> {
    match &key.node {
        Node::String(text) => Some(Name { text: text.clone(), span: key.span }),
        _ => None,
    }
}
