//! [`Variable`]: what a `variable` block declares, and the value it takes from a default, an importer or from outside.

use crate::bindings::Values;
use crate::context::Context;
use crate::demand::bound_of;
use crate::environment::constant;
use crate::grammar::argument;
use crate::inputs::Missing;
use crate::syntax::{Block, Node};
use crate::unit::META;
use crate::variable_type::{Misfit, VariableType, unfit};
use ordain_model::Text;
use ordain_model::bound::Bound;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Reported, Severity};
use ordain_model::duration::Calendar;
use ordain_model::schema::Stricter;
use ordain_model::source::Span;
use ordain_model::types::Mismatch;
use ordain_model::value::Value;

/// A declared variable.
pub(crate) struct Variable {
    pub(crate) of: VariableType,
    /// Whether text from outside the profile is the value itself, as opposed to an expression.
    pub(crate) plain_text: bool,
    /// Its value lives in connection arguments only.
    pub(crate) ephemeral: bool,
    /// Whether null is a value; where it is not, null stands for the default.
    nullable: bool,
    /// Its default, and where that stands.
    pub(crate) default: Option<(Value, Span)>,
    /// What every value of it must satisfy, and where that stands.
    bound: Option<(Bound, Span)>,
    /// The block's header.
    pub(crate) span: Span,
}

/// A value for a variable that its declaration does not give.
pub(crate) struct Given {
    pub(crate) value: Result<Value, Reported>,
    /// Where it stands, when that can be shown.
    pub(crate) span: Option<Span>,
    /// Who gives it, in backticks where it is a name: `-var days`.
    pub(crate) who: String,
    /// Whether it is text from outside, as opposed to an expression.
    pub(crate) plain_text: bool,
    /// The calendar of the module that gives it.
    pub(crate) calendar: Calendar,
}

/// Where a module's values come from, for the message on one that is missing.
pub(crate) enum Giver {
    /// The command line and the environment; what a variable without a value is.
    Outside(Missing),
    /// The `module` block of an importer.
    Importer(Span),
}

impl Variable {
    /// Reads a block.
    ///
    /// # Errors
    /// What is wrong with it was reported; its name still counts as declared.
    pub(crate) fn read(block: &Block, calendar: Calendar, context: &mut Context<'_>) -> Result<Variable, Reported> {
        let of = match argument(&block.body, "type") {
            Some(expression) => VariableType::read(expression, calendar, context),
            None => Ok(VariableType::Any),
        };
        let ephemeral = flag(block, "ephemeral", false, context);
        let nullable = flag(block, "nullable", true, context);
        description(block, context);
        reserved(block, context);
        let of = of?;
        let default = default(block, &of, calendar, context);
        let bound = bound(block, &of, calendar, context);
        let span = block.header();
        // As in Terraform, a variable without a type takes text from outside as it stands.
        let plain_text = of.is_simple() || argument(&block.body, "type").is_none();
        let (ephemeral, nullable, default, bound) = (ephemeral?, nullable?, default?, bound?);
        let variable = Variable { of, plain_text, ephemeral, nullable, default, bound, span };
        if let Some((value, span)) = &variable.default {
            let given = Given {
                value: Ok(value.clone()),
                span: Some(*span),
                who: "its default".to_owned(),
                plain_text: false,
                calendar,
            };
            variable.check_bound(&label(block), &given, value, context)?;
        }
        Ok(variable)
    }

    /// Whether every value of it satisfies a `bound`.
    pub(crate) fn is_bounded(&self) -> bool {
        self.bound.is_some()
    }

    /// The value of the variable, and whether something moved it from its default. A variable without a default has
    /// no number of its own: whoever gives it one moved it.
    ///
    /// # Errors
    /// It has none, or one of another type or outside its bound.
    pub(crate) fn value(
        &self,
        name: &Text,
        given: Option<&Given>,
        giver: &Giver,
        context: &mut Context<'_>,
    ) -> Result<(Value, bool), Reported> {
        let Some(given) = given else {
            let default = self.default.clone().map(|(value, _)| (value, false));
            return default.ok_or_else(|| self.missing(name, giver, context));
        };
        let value = given.value.clone()?;
        if value == Value::Null && !self.nullable {
            let default = self.default.clone().map(|(value, _)| (value, false));
            let misfit = Misfit::from(Mismatch::new("a value other than null"));
            return default.ok_or_else(|| self.refuse(name, given, &value, &misfit, context));
        }
        let converted = self.of.fit(&value, given.calendar);
        let value = converted.map_err(|misfit| self.refuse(name, given, &value, &misfit, context))?;
        self.check_bound(name, given, &value, context)?;
        let moved = self.default.as_ref().map(|(default, _)| default) != Some(&value);
        Ok((value, moved))
    }

    fn missing(&self, name: &Text, giver: &Giver, context: &mut Context<'_>) -> Reported {
        let detail = format!("the variable `{name}` has no default and is given no value");
        let diagnostic = Diagnostic::new(code::MISSING_VARIABLE, Severity::Error, detail);
        context.push(match giver {
            Giver::Outside(missing) => {
                let diagnostic = diagnostic.label(self.span, "declared here").paste(format!("-var '{name}=...'"));
                match missing {
                    Missing::Refused => diagnostic,
                    Missing::Undecided => Diagnostic { severity: Severity::Warning, ..diagnostic }
                        .help("What depends on it is not decided."),
                }
            }
            Giver::Importer(span) => diagnostic
                .label(*span, "not given here")
                .label(self.span, "declared here")
                .paste(format!("{name} = ...")),
        })
    }

    /// Reports a value that is no value of the variable's type; an ephemeral one is not shown.
    fn refuse(
        &self,
        name: &Text,
        given: &Given,
        value: &Value,
        misfit: &Misfit,
        context: &mut Context<'_>,
    ) -> Reported {
        let mismatch = &misfit.mismatch;
        if self.ephemeral {
            let detail = format!(
                "the ephemeral variable `{name}` is a {}, {} gives it something else",
                self.of.name(),
                given.who
            );
            return context.error(code::WRONG_TYPE, self.span, detail);
        }
        let seen = given.span.map_or("something else", |span| context.sources.slice(span)).to_owned();
        let detail = match misfit.place(&format!("var.{name}")) {
            Some(place) => {
                let inside = misfit.seen(value).map_or("something else".to_owned(), shown);
                format!("`{place}` takes {}; {} gives it {inside}", mismatch.expected, given.who)
            }
            None => {
                let is = if is_written(&seen, value) { String::new() } else { format!(", which is {}", shown(value)) };
                format!("the variable `{name}` takes {}; {} gives it `{seen}`{is}", mismatch.expected, given.who)
            }
        };
        let diagnostic = Diagnostic::new(code::WRONG_TYPE, Severity::Error, detail);
        let diagnostic = given.span.map_or(diagnostic.clone(), |span| diagnostic.label(span, ""));
        let diagnostic = diagnostic.label(self.span, "declared here");
        context.push(match &mismatch.offer {
            Some(offer) if given.plain_text => diagnostic.paste(format!("{}={offer}", given.who.trim_matches('`'))),
            Some(offer) if seen.starts_with(['[', '{']) => diagnostic.help(format!("Write `\"{offer}\"`.")),
            Some(offer) => diagnostic.paste(format!("{name} = \"{offer}\"")),
            None => diagnostic,
        })
    }

    fn check_bound(
        &self,
        name: &Text,
        given: &Given,
        value: &Value,
        context: &mut Context<'_>,
    ) -> Result<(), Reported> {
        let Some((bound, span)) = self.bound.as_ref().filter(|(bound, _)| !bound.admits(value)) else { return Ok(()) };
        let seen = match given.span {
            Some(span) if !self.ephemeral => {
                let written = context.sources.slice(span);
                let is =
                    if is_written(written, value) { String::new() } else { format!(", which is {}", shown(value)) };
                format!("{} gives it `{written}`{is}", given.who)
            }
            _ => format!("what {} gives it is not", given.who),
        };
        let detail = format!("the variable `{name}` must be `{bound}`; {seen}");
        let diagnostic = Diagnostic::new(code::OUTSIDE_VARIABLE_BOUND, Severity::Error, detail);
        let diagnostic = given.span.map_or(diagnostic.clone(), |given| diagnostic.label(given, "the value"));
        Err(context.push(diagnostic.label(*span, "the bound")))
    }
}

/// Checks the `description` of a block, a text for people.
pub(crate) fn description(block: &Block, context: &mut Context<'_>) {
    if let Some(description) = argument(&block.body, "description")
        && !matches!(description.node, Node::String(_) | Node::Error)
    {
        unfit(description, &Mismatch::new("a text in quotes"), context);
    }
}

/// A variable is given in a `module` block, where some names mean something else.
fn reserved(block: &Block, context: &mut Context<'_>) {
    let Some(name) = block.labels.first().filter(|name| META.contains(&&*name.text)) else { return };
    let detail = format!("in a `module` block `{}` means something else, so that no importer could give it", name.text);
    let paste = format!("variable \"{}_of\" {{", name.text);
    context.push(Diagnostic::error(code::RESERVED_NAME, name.span, detail).paste(paste));
}

/// Whether an expression says its value, so that a message need not: a name does not, nor does a computation.
fn is_written(expression: &str, value: &Value) -> bool {
    let plain = |text: &str| text.chars().filter(|letter| letter.is_alphanumeric()).collect::<String>();
    plain(expression) == plain(&value.to_string())
}

/// A value in backticks, of a long one the beginning.
pub(crate) fn shown(value: &Value) -> String {
    let text = value.to_string();
    let line: String = text.chars().take(80).collect();
    if line.len() < text.len() { format!("`{line}...`") } else { format!("`{line}`") }
}

fn label(block: &Block) -> Text {
    block.labels.first().map_or_else(|| "".into(), |label| label.text.clone())
}

/// A literal `true` or `false`: what decides how a value is treated is known before any value.
fn flag(block: &Block, name: &str, otherwise: bool, context: &mut Context<'_>) -> Result<bool, Reported> {
    match argument(&block.body, name) {
        None => Ok(otherwise),
        Some(expression) => match expression.node {
            Node::Bool(flag) => Ok(flag),
            _ => Err(unfit(expression, &Mismatch::new("`true` or `false`"), context)),
        },
    }
}

fn default(
    block: &Block,
    of: &VariableType,
    calendar: Calendar,
    context: &mut Context<'_>,
) -> Result<Option<(Value, Span)>, Reported> {
    let Some(expression) = argument(&block.body, "default") else { return Ok(None) };
    let value = constant(expression, calendar, context)?;
    let name = format!("var.{}", label(block));
    let fitting = of.fit(&value, calendar).map_err(|misfit| misfit.report(expression, &name, context))?;
    Ok(Some((fitting, expression.span)))
}

fn bound(
    block: &Block,
    of: &VariableType,
    calendar: Calendar,
    context: &mut Context<'_>,
) -> Result<Option<(Bound, Span)>, Reported> {
    let Some(expression) = argument(&block.body, "bound") else { return Ok(None) };
    let Some(bounded) = of.bounded() else {
        let detail = format!("a variable of type `{}` takes no bound", of.name());
        return Err(context.error(code::WRONG_TYPE, expression.span, detail));
    };
    let value = constant(expression, calendar, context)?;
    let values = Values { calendar, ..Values::default() };
    let bound = bound_of(expression, &value, bounded, Stricter::Unordered, &values, context)?;
    Ok(Some((bound, expression.span)))
}
