//! [`Approval`]: an `approval` block: how many people have to sign a plan before it is applied, who may, and which plans it is about.

use crate::config::{Approval, Located};
use crate::context::Context;
use crate::environment::{Environment, Holder};
use crate::grammar::{argument, required};
use crate::load::member;
use crate::requirement::{required_text, severity};
use crate::seal;
use crate::syntax::{Block, Expression};
use crate::targets::Scope;
use crate::variable_type::unfit;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Reported, nearest};
use ordain_model::duration::Calendar;
use ordain_model::schema::WriteClass;
use ordain_model::types::{Mismatch, Type};
use ordain_model::value::Value;

/// How long an approval counts where nothing is said: as long as the settings that a plan was made from.
pub(crate) const VALID_FOR: u64 = 24 * 60 * 60;

/// Most approvals that can be asked for.
pub(crate) const MOST: u32 = 20;

/// Everything that decides how much is asked for.
const ARGUMENTS: [&str; 8] =
    ["emergency", "not_author", "required", "risk", "severity", "signers", "targets", "valid_for"];

/// Compiles an `approval` block.
///
/// # Errors
/// What is wrong with it was reported, all of it.
pub(crate) fn declare(
    block: &Block,
    scope: &Scope,
    environment: &Environment<'_>,
    context: &mut Context<'_>,
) -> Result<Approval, Reported> {
    let [name] = block.labels.as_slice() else {
        return Err(context.error(code::WRONG_LABELS, block.header(), "an approval has a name"));
    };
    let required = required(block, "required", "required = 2", context)
        .and_then(|expression| Ok((environment.evaluate(expression, Holder::Public, context)?.0, expression)))
        .and_then(|(value, expression)| count(&value, expression, context));
    let text = required_text(block, "signers", "signers = file(\"allowed_signers\")", environment, context);
    let not_author = seal::flag(block, "not_author", environment, context);
    let emergency = seal::flag(block, "emergency", environment, context);
    let valid_for = argument(&block.body, "valid_for").map(|expression| {
        let (value, _) = environment.evaluate(expression, Holder::Public, context)?;
        seconds(&value, expression, environment.calendar(), context)
    });
    let least = argument(&block.body, "severity").map(|_| severity(block, environment, context)).transpose();
    let risk = argument(&block.body, "risk").map(|expression| risk(expression, environment, context)).transpose();
    let targets = match argument(&block.body, "targets") {
        Some(named) => scope.named(named, None, environment, context),
        None => scope.names.as_ref().map(|names| names.keys().cloned().collect()).map_err(|reported| *reported),
    };
    // Whoever imports it could ask for less by a variable.
    let sealed = match environment.module.path.is_empty() {
        true => Ok(()),
        false => {
            let variables = seal::variables(block, ARGUMENTS, environment);
            seal::bounded(block, "an approval", &variables, environment, context)
        }
    };
    let span = |name| argument(&block.body, name).map_or(block.header(), |expression| expression.span);
    let approval = Approval {
        address: member(&environment.module.path, "approval", &name.text),
        required: required?,
        signers: Located { value: text?, span: span("signers") },
        not_author: not_author?.is_none_or(|flag| flag.value),
        emergency: emergency?.map(|flag| flag.value),
        valid_for: valid_for.transpose()?.unwrap_or(VALID_FOR),
        severity: least?,
        risk: risk?,
        targets: targets?,
        span: block.header(),
    };
    sealed.map(|()| approval)
}

/// A number of approvals.
///
/// # Errors
/// It is none, or too many; reported.
pub(crate) fn count(value: &Value, expression: &Expression, context: &mut Context<'_>) -> Result<u32, Reported> {
    let number = match value {
        Value::Number(number) => number.to_string().parse::<u32>().ok().filter(|count| (1..=MOST).contains(count)),
        _ => None,
    };
    number.ok_or_else(|| unfit(expression, &Mismatch::new(format!("a number from 1 to {MOST}")), context))
}

/// How long an approval counts, in seconds: no longer than it surely lasts.
///
/// # Errors
/// It is no span of time; reported.
pub(crate) fn seconds(
    value: &Value,
    expression: &Expression,
    calendar: Calendar,
    context: &mut Context<'_>,
) -> Result<u64, Reported> {
    match Type::Duration.convert(value, calendar) {
        Ok(Value::Duration(span)) if span.shortest_seconds() > 0 => Ok(span.shortest_seconds()),
        Ok(_) => Err(unfit(expression, &Mismatch::new("a span of time such as `24h`"), context)),
        Err(mismatch) => Err(unfit(expression, &mismatch, context)),
    }
}

const RISKS: [(&str, WriteClass); 5] = [
    ("safe", WriteClass::Safe),
    ("restarts", WriteClass::Restarts),
    ("destructive_on_decrease", WriteClass::DestructiveOnDecrease),
    ("replaces", WriteClass::Replaces),
    ("irreversible", WriteClass::Irreversible),
];

fn risk(
    expression: &Expression,
    environment: &Environment<'_>,
    context: &mut Context<'_>,
) -> Result<WriteClass, Reported> {
    let (value, _) = environment.evaluate(expression, Holder::Public, context)?;
    let written = value.as_str().unwrap_or_default();
    if let Some((_, class)) = RISKS.iter().find(|(word, _)| *word == written) {
        return Ok(*class);
    }
    let words = RISKS.map(|(word, _)| word);
    let detail = format!("a risk is one of `{}`; seen `{}`", words.join("`, `"), context.seen(expression));
    let near = nearest(written, words).unwrap_or("restarts");
    Err(context.push(Diagnostic::error(code::WRONG_TYPE, expression.span, detail).paste(format!("risk = \"{near}\""))))
}
