//! [`VariableType`]: what a variable or a target's argument may hold, and the conversions to it, as Terraform converts.

mod misfit;

pub(crate) use misfit::{Misfit, unfit};

use crate::context::{Context, list};
use crate::environment::constant;
use crate::syntax::{Argument, Entry, Expression, Name, Node};
use misfit::{Inside, within};
use ordain_model::Text;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Reported};
use ordain_model::duration::Calendar;
use ordain_model::number::Number;
use ordain_model::types::{Mismatch, Type};
use ordain_model::value::{Fields, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a variable may hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum VariableType {
    /// Whatever it is given.
    Any,
    /// A number, whole or not.
    Number,
    /// What a setting could hold too.
    Plain(Type),
    List(Box<VariableType>),
    Set(Box<VariableType>),
    Map(Box<VariableType>),
    Tuple(Vec<VariableType>),
    Object(BTreeMap<Text, Member>),
    /// What a setting must satisfy, before the setting is known.
    Bound,
}

/// One member of an object type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    of: VariableType,
    /// For `optional(type, default)` the value of a member that is not there; null where no default stands.
    otherwise: Option<Value>,
}

const SIMPLE: &[(&str, VariableType)] = &[
    ("any", VariableType::Any),
    ("bool", VariableType::Plain(Type::Bool)),
    ("bound", VariableType::Bound),
    ("cidrs", VariableType::Plain(Type::Cidrs)),
    ("duration", VariableType::Plain(Type::Duration)),
    ("instant", VariableType::Plain(Type::Instant)),
    ("integer", VariableType::Plain(Type::Integer)),
    ("number", VariableType::Number),
    ("ratio", VariableType::Plain(Type::Ratio)),
    ("retention", VariableType::Plain(Type::Retention)),
    ("size", VariableType::Plain(Type::Size)),
    ("string", VariableType::Plain(Type::String)),
    ("version", VariableType::Plain(Type::Version)),
];
const COMPOUND: &[&str] = &["list", "map", "object", "set", "tuple"];

impl VariableType {
    /// Reads a type expression.
    ///
    /// # Errors
    /// It is none; why is reported.
    pub(crate) fn read(
        expression: &Expression,
        calendar: Calendar,
        context: &mut Context<'_>,
    ) -> Result<VariableType, Reported> {
        let mut inside = |of: &Argument| VariableType::read(&of.value, calendar, context).map(Box::new);
        match &expression.node {
            Node::Variable(word) => simple(&Name { text: word.clone(), span: expression.span }, context),
            Node::Parentheses(inner) => VariableType::read(inner, calendar, context),
            Node::Call { name, arguments, .. } => match (&*name.text, &**arguments) {
                ("list", [of]) => inside(of).map(VariableType::List),
                ("map", [of]) => inside(of).map(VariableType::Map),
                ("set", [of]) => inside(of).map(VariableType::Set),
                ("tuple", [Argument { value: Expression { node: Node::Tuple(items), .. }, .. }]) => {
                    let items = items.iter().map(|item| VariableType::read(item, calendar, context));
                    items.collect::<Result<_, Reported>>().map(VariableType::Tuple)
                }
                ("tuple", _) => {
                    Err(wrong(expression, "`tuple` takes the items' types", "tuple([string, number])", context))
                }
                ("optional", _) => {
                    let detail = "`optional` stands before a member of an `object` only";
                    Err(wrong(expression, detail, "object({ name = optional(string) })", context))
                }
                ("object", [Argument { value: Expression { node: Node::Object(entries), .. }, .. }]) => {
                    object(entries, calendar, context)
                }
                ("object", _) => {
                    Err(wrong(expression, "`object` takes the members' types", "object({ name = string })", context))
                }
                ("list" | "map" | "set", _) => {
                    let detail = format!("`{}` takes the type of its items", name.text);
                    Err(wrong(expression, &detail, &format!("{}(string)", name.text), context))
                }
                _ => simple(name, context),
            },
            Node::String(word) => Err(wrong(expression, "a type stands without quotes", word, context)),
            _ => Err(wrong(expression, "this is no type", "string", context)),
        }
    }

    /// What messages call it.
    pub(crate) fn name(&self) -> String {
        match self {
            VariableType::List(of) => format!("list({})", of.name()),
            VariableType::Set(of) => format!("set({})", of.name()),
            VariableType::Map(of) => format!("map({})", of.name()),
            VariableType::Tuple(items) => {
                format!("tuple([{}])", items.iter().map(VariableType::name).collect::<Vec<_>>().join(", "))
            }
            VariableType::Object(members) => format!("object with {}", list(members.keys().map(|name| &**name))),
            simple => SIMPLE.iter().find(|(_, of)| of == simple).map_or("any", |(name, _)| name).to_owned(),
        }
    }

    /// Whether text from outside the profile is the value itself, as opposed to an expression.
    pub(crate) fn is_simple(&self) -> bool {
        match self {
            VariableType::Number => true,
            VariableType::Plain(of) => *of != Type::Cidrs,
            _ => false,
        }
    }

    /// The type of the bounds on such a variable, where there are any.
    pub(crate) fn bounded(&self) -> Option<Type> {
        match self {
            VariableType::Number => Some(Type::Integer),
            VariableType::Plain(of) => Some(*of),
            VariableType::Set(of) if **of == VariableType::Plain(Type::String) => Some(Type::Strings(None)),
            _ => None,
        }
    }

    /// A value as one of this type. Null is of every type.
    ///
    /// # Errors
    /// What was expected instead, and where inside the value.
    pub(crate) fn fit(&self, value: &Value, calendar: Calendar) -> Result<Value, Misfit> {
        match (self, value) {
            (_, Value::Null) | (VariableType::Any, _) => Ok(value.clone()),
            (VariableType::List(of), _) => Ok(Value::List(self.items(of, value, calendar)?.into())),
            (VariableType::Set(of), _) => Ok(set(of, self.items(of, value, calendar)?)),
            (VariableType::Map(of), Value::Object(members)) => {
                let fit = |(name, value): (&Text, &Value)| {
                    Ok((name.clone(), within(of.fit(value, calendar), Inside::Member(name.clone()))?))
                };
                Ok(Value::Object(Arc::new(members.iter().map(fit).collect::<Result<_, Misfit>>()?)))
            }
            (VariableType::Object(declared), Value::Object(members)) => fit_object(declared, members, calendar),
            (VariableType::Tuple(declared), Value::List(items)) if declared.len() == items.len() => {
                let fit = |(at, (of, item)): (usize, (&VariableType, &Value))| {
                    within(of.fit(item, calendar), Inside::Item(at))
                };
                let items = declared.iter().zip(items.iter()).enumerate().map(fit);
                Ok(Value::List(items.collect::<Result<_, Misfit>>()?))
            }
            (VariableType::Bound, Value::Bound(_)) | (VariableType::Number, Value::Number(_)) => Ok(value.clone()),
            (VariableType::Number, Value::String(text)) => match Number::parse(text) {
                Ok(number) => Ok(Value::Number(number)),
                Err(_) => Err(self.mismatch().into()),
            },
            (VariableType::Plain(of), _) => Ok(of.convert(&primitive(*of, value), calendar)?),
            (VariableType::Bound, _) => Err(Mismatch::new("a bound such as `at_least(\"365d\")`").into()),
            (VariableType::Map(_) | VariableType::Object(_) | VariableType::Tuple(_) | VariableType::Number, _) => {
                Err(self.mismatch().into())
            }
        }
    }

    fn items(&self, of: &VariableType, value: &Value, calendar: Calendar) -> Result<Vec<Value>, Misfit> {
        let fit = |(at, item): (usize, &Value)| within(of.fit(item, calendar), Inside::Item(at));
        match value {
            Value::List(items) => items.iter().enumerate().map(fit).collect(),
            Value::Set(items) => items.iter().map(|item| of.fit(&Value::String(item.clone()), calendar)).collect(),
            _ => Err(self.mismatch().into()),
        }
    }

    fn mismatch(&self) -> Mismatch {
        Mismatch::new(format!("a {}", self.name()))
    }
}

/// Terraform's conversions between bool, number and string; what is none of them stays.
fn primitive(of: Type, value: &Value) -> Value {
    let converted = match (of, value) {
        (Type::Bool, Value::String(text)) => text.parse().map(Value::Bool).ok(),
        (Type::Integer, Value::String(text)) => Number::parse(text).map(Value::Number).ok(),
        (Type::String, Value::Bool(flag)) => Some(Value::string(&flag.to_string())),
        (Type::String, Value::Number(number)) => Some(Value::string(&number.to_string())),
        _ => None,
    };
    converted.unwrap_or_else(|| value.clone())
}

/// Sets of strings are sets; a set of anything else is a sorted list without doubles.
fn set(of: &VariableType, mut items: Vec<Value>) -> Value {
    let texts = items.iter().map(|item| if let Value::String(text) = item { Some(text.clone()) } else { None });
    match texts.collect::<Option<BTreeSet<Text>>>() {
        Some(texts) if *of == VariableType::Plain(Type::String) => Value::Set(Arc::new(texts)),
        _ => {
            items.sort();
            items.dedup();
            Value::List(items.into())
        }
    }
}

/// Members that the type does not name are dropped, as Terraform does.
fn fit_object(declared: &BTreeMap<Text, Member>, members: &Fields, calendar: Calendar) -> Result<Value, Misfit> {
    let fit = |(name, member): (&Text, &Member)| match (members.get(name), &member.otherwise) {
        (None | Some(Value::Null), Some(otherwise)) => Ok((name.clone(), otherwise.clone())),
        (Some(value), _) => Ok((name.clone(), within(member.of.fit(value, calendar), Inside::Member(name.clone()))?)),
        (None, None) => Err(Mismatch::new(format!("an object with a member `{name}`")).into()),
    };
    Ok(Value::Object(Arc::new(declared.iter().map(fit).collect::<Result<_, Misfit>>()?)))
}

fn simple(word: &Name, context: &mut Context<'_>) -> Result<VariableType, Reported> {
    if let Some((_, of)) = SIMPLE.iter().find(|(name, _)| *name == &*word.text) {
        return Ok(of.clone());
    }
    if COMPOUND.contains(&&*word.text) {
        let inside = if &*word.text == "object" { "({ name = string })" } else { "(string)" };
        let detail = format!("`{}` takes the types of what is inside", word.text);
        let diagnostic = Diagnostic::error(code::UNKNOWN_TYPE, word.span, detail);
        return Err(context.push(diagnostic.paste(format!("type = {}{inside}", word.text))));
    }
    let names: Vec<&str> = SIMPLE.iter().map(|(name, _)| *name).chain(COMPOUND.iter().copied()).collect();
    Err(context.unknown(code::UNKNOWN_TYPE, word, format!("there is no type `{}`", word.text), &names))
}

fn object(entries: &[Entry], calendar: Calendar, context: &mut Context<'_>) -> Result<VariableType, Reported> {
    let members: Vec<Result<(Text, Member), Reported>> =
        entries.iter().map(|entry| member(entry, calendar, context)).collect();
    Ok(VariableType::Object(members.into_iter().collect::<Result<_, Reported>>()?))
}

fn member(entry: &Entry, calendar: Calendar, context: &mut Context<'_>) -> Result<(Text, Member), Reported> {
    let Node::String(name) = &entry.key.node else {
        return Err(wrong(&entry.key, "a member's name is a plain word", "name", context));
    };
    let (of, default) = match &entry.value.node {
        Node::Call { name, arguments, .. } if &*name.text == "optional" => match &**arguments {
            [of] => (&of.value, Some(None)),
            [of, default] => (&of.value, Some(Some(&default.value))),
            _ => {
                return Err(wrong(
                    &entry.value,
                    "`optional` takes a type and a default",
                    "optional(string, \"none\")",
                    context,
                ));
            }
        },
        _ => (&entry.value, None),
    };
    let of = VariableType::read(of, calendar, context)?;
    let otherwise = match default {
        None => None,
        Some(None) => Some(Value::Null),
        Some(Some(default)) => {
            let value = constant(default, calendar, context)?;
            Some(of.fit(&value, calendar).map_err(|misfit| misfit.report(default, name, context))?)
        }
    };
    Ok((name.clone(), Member { of, otherwise }))
}

fn wrong(expression: &Expression, detail: &str, paste: &str, context: &mut Context<'_>) -> Reported {
    let seen = context.seen(expression);
    let diagnostic = Diagnostic::error(code::UNKNOWN_TYPE, expression.span, format!("{detail}; seen `{seen}`"));
    context.push(diagnostic.paste(format!("type = {paste}")))
}
