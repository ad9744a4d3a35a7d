//! [`Brakes`]: `keep_access`, `max_changes`, `max_percent`, `canary` and `change_window` of a `target` block.

use crate::config::{Brakes, Located};
use crate::context::Context;
use crate::environment::{Environment, Holder};
use crate::grammar::{argument, only};
use crate::syntax::Block;
use crate::targets::text;
use crate::variable_type::unfit;
use ordain_model::Text;
use ordain_model::address::Cell;
use ordain_model::change_window::{ChangeWindow, Flaw, Written};
use ordain_model::code;
use ordain_model::diagnostic::Reported;
use ordain_model::types::{Mismatch, Type};
use ordain_model::value::Value;

/// The arguments of a `change_window` block.
const WINDOW: &[&str] = &["days", "freeze", "hours", "time_zone"];

/// Reads the brakes of a target of a provider.
///
/// # Errors
/// One of them is not what it must be; each was reported.
pub(crate) fn brakes(
    block: &Block,
    provider: &str,
    environment: &Environment,
    context: &mut Context<'_>,
) -> Result<Brakes, Reported> {
    let keep_access = keep_access(block, environment, context);
    let most = |name, range, context: &mut Context<'_>| number(block, name, range, environment, context);
    let max_changes = most("max_changes", (0, i64::MAX), context);
    let max_percent = most("max_percent", (1, 100), context);
    let canary = canary(block, provider, environment, context);
    let window = block.body.blocks.iter().find(|inner| &*inner.kind.text == "change_window");
    let change_window = window.map(|window| change_window(window, environment, context)).transpose();
    Ok(Brakes {
        keep_access: keep_access?,
        max_changes: max_changes?,
        max_percent: max_percent?,
        canary: canary?,
        change_window: change_window?,
    })
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

/// A whole number of a range, both ends included; null counts as left out.
fn number(
    block: &Block,
    name: &str,
    (least, most): (i64, i64),
    environment: &Environment,
    context: &mut Context<'_>,
) -> Result<Option<u64>, Reported> {
    let Some(expression) = argument(&block.body, name) else { return Ok(None) };
    let whole = match environment.evaluate(expression, Holder::Public, context)? {
        (Value::Null, _) => return Ok(None),
        (Value::Number(number), _) => number.as_i64().filter(|number| (least..=most).contains(number)),
        _ => None,
    };
    let expected = || match most {
        100 => Mismatch::new(format!("a whole number from {least} to {most}: percent")),
        _ => Mismatch::new(format!("a whole number, {least} or more")),
    };
    whole.and_then(|number| u64::try_from(number).ok()).map(Some).ok_or_else(|| unfit(expression, &expected(), context))
}

fn canary(
    block: &Block,
    provider: &str,
    environment: &Environment,
    context: &mut Context<'_>,
) -> Result<Option<Located<Cell>>, Reported> {
    let (Some(expression), Some(written)) =
        (argument(&block.body, "canary"), text(block, "canary", environment, context)?)
    else {
        return Ok(None);
    };
    match Cell::parse(&written).filter(|cell| &*cell.provider == provider) {
        Some(value) => Ok(Some(Located { value, span: expression.span })),
        None => {
            let expected = format!("the address of a cell of this target, such as `{provider}:111111111111/eu-west-1`");
            Err(unfit(expression, &Mismatch::new(expected), context))
        }
    }
}

fn change_window(
    block: &Block,
    environment: &Environment,
    context: &mut Context<'_>,
) -> Result<ChangeWindow, Reported> {
    only(&block.body, WINDOW, &[], "a `change_window` block", context);
    let days = texts(block, "days", environment, context).map(|days| Written { days, ..Written::default() });
    let freeze = texts(block, "freeze", environment, context).map(|freeze| Written { freeze, ..Written::default() });
    let hours = text(block, "hours", environment, context).map(|hours| Written { hours, ..Written::default() });
    let zone = text(block, "time_zone", environment, context);
    let zone = zone.map(|time_zone| Written { time_zone, ..Written::default() });
    // Each part by itself: a mistake in one hides none in another.
    let mut part = |written: Result<Written, Reported>| {
        ChangeWindow::try_from(written?).map(Written::from).map_err(|flaw| refuse(block, flaw, context))
    };
    let (days, freeze, hours, zone) = (part(days), part(freeze), part(hours), part(zone));
    let written = Written { days: days?.days, freeze: freeze?.freeze, hours: hours?.hours, time_zone: zone?.time_zone };
    ChangeWindow::try_from(written).map_err(|flaw| refuse(block, flaw, context))
}

fn refuse(block: &Block, flaw: Flaw, context: &mut Context<'_>) -> Reported {
    let expected = match flaw.part {
        "days" | "freeze" => format!("{}, and `{}` is none", flaw.expected, flaw.seen),
        _ => flaw.expected.to_owned(),
    };
    match argument(&block.body, flaw.part) {
        Some(expression) => unfit(expression, &Mismatch::new(expected), context),
        None => context.error(code::WRONG_TYPE, block.header(), format!("expected {expected}")),
    }
}

/// A list of texts in the order in which they are written; none where it is left out.
fn texts(
    block: &Block,
    name: &str,
    environment: &Environment,
    context: &mut Context<'_>,
) -> Result<Vec<Text>, Reported> {
    let Some(expression) = argument(&block.body, name) else { return Ok(Vec::new()) };
    let (value, _) = environment.evaluate(expression, Holder::Public, context)?;
    let read = match &value {
        Value::Null => return Ok(Vec::new()),
        Value::List(items) => items.iter().map(|item| item.as_str().map(Text::from)).collect::<Option<Vec<Text>>>(),
        Value::Set(items) => Some(items.iter().cloned().collect()),
        _ => None,
    };
    // A window without a day would never open; a year without a freeze is an ordinary one.
    let (empty, expected) = match name {
        "days" => (false, "a list of days such as `[\"monday\", \"tuesday\"]`"),
        _ => (true, "a list of days or spans of days such as `[\"2026-12-20/2027-01-04\"]`"),
    };
    let read = read.filter(|texts| empty || !texts.is_empty());
    read.ok_or_else(|| unfit(expression, &Mismatch::new(expected), context))
}
