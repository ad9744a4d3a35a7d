//! [`Brakes`]: `keep_access`, `max_changes`, `max_percent`, `canary` and `change_window` of a `target` block; and `brakes`
//! blocks, which hold further what targets reach. They only ever hold more: nobody has to seal them.

use crate::config::{Brakes, DeclaredBrakes, Located};
use crate::context::Context;
use crate::environment::{Environment, Holder};
use crate::grammar::{argument, only};
use crate::load::member;
use crate::seal;
use crate::syntax::{Block, Expression};
use crate::targets::Scope;
use crate::variable_type::unfit;
use ordain_model::Text;
use ordain_model::address::Cell;
use ordain_model::change_window::{ChangeWindow, Flaw, Written};
use ordain_model::code;
use ordain_model::diagnostic::Reported;
use ordain_model::duration::Calendar;
use ordain_model::types::{Mismatch, Type};
use ordain_model::value::Value;

/// The arguments of a `change_window` block.
const WINDOW: &[&str] = &["days", "freeze", "hours", "time_zone"];

/// What a `brakes` block says.
const ARGUMENTS: [&str; 4] = ["keep_access", "max_changes", "max_percent", "targets"];

/// How a block's expressions get their values: by the names of its module, or by none.
pub(crate) struct Reader<'r> {
    /// The value of an expression that is known at compile time.
    pub(crate) value: &'r dyn Fn(&Expression, &mut Context<'_>) -> Result<Value, Reported>,
    /// The calendar of the file.
    pub(crate) calendar: Calendar,
}

/// Compiles a `brakes` block of a module.
///
/// # Errors
/// What is wrong with it was reported, all of it.
pub(crate) fn declare(
    block: &Block,
    scope: &Scope,
    environment: &Environment<'_>,
    context: &mut Context<'_>,
) -> Result<DeclaredBrakes, Reported> {
    let [name] = block.labels.as_slice() else {
        return Err(context.error(code::WRONG_LABELS, block.header(), "brakes have a name"));
    };
    let value = |expression: &Expression, context: &mut Context<'_>| {
        Ok(environment.evaluate(expression, Holder::Public, context)?.0)
    };
    let held = holds(block, &Reader { value: &value, calendar: environment.calendar() }, context);
    let targets = match argument(&block.body, "targets") {
        Some(named) => scope.named(named, None, environment, context),
        None => scope.names.as_ref().map(|names| names.keys().cloned().collect()).map_err(|reported| *reported),
    };
    // Whoever imports it could loosen it by a variable.
    let sealed = match environment.module.path.is_empty() {
        true => Ok(()),
        false => {
            let variables = seal::variables(block, ARGUMENTS, environment);
            seal::bounded(block, "what holds changes", &variables, environment, context)
        }
    };
    let address = member(&environment.module.path, "brakes", &name.text);
    let declared = DeclaredBrakes { address, targets: targets?, brakes: held? };
    sealed.map(|()| declared)
}

/// What a block holds changes by, in whatever it stands.
///
/// # Errors
/// One of them is not what it must be; each was reported.
pub(crate) fn holds(block: &Block, reader: &Reader<'_>, context: &mut Context<'_>) -> Result<Brakes, Reported> {
    let keep_access = keep_access(block, reader, context);
    let most = |name, range, context: &mut Context<'_>| number(block, name, range, reader, context);
    let max_changes = most("max_changes", (0, i64::MAX), context);
    let max_percent = most("max_percent", (1, 100), context);
    let window = block.body.blocks.iter().find(|inner| &*inner.kind.text == "change_window");
    let change_window = window.map(|window| change_window(window, reader, context)).transpose();
    Ok(Brakes {
        keep_access: keep_access?,
        max_changes: max_changes?,
        max_percent: max_percent?,
        canary: None,
        change_window: change_window?,
    })
}

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
    let value = |expression: &Expression, context: &mut Context<'_>| {
        Ok(environment.evaluate(expression, Holder::Public, context)?.0)
    };
    let reader = Reader { value: &value, calendar: environment.calendar() };
    let held = holds(block, &reader, context);
    let canary = canary(block, provider, &reader, context);
    Ok(Brakes { canary: canary?, ..held? })
}

fn keep_access(block: &Block, reader: &Reader<'_>, context: &mut Context<'_>) -> Result<Vec<Text>, Reported> {
    let Some(expression) = argument(&block.body, "keep_access") else { return Ok(Vec::new()) };
    let value = (reader.value)(expression, context)?;
    match Type::Cidrs.convert(&value, reader.calendar) {
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
    reader: &Reader<'_>,
    context: &mut Context<'_>,
) -> Result<Option<u64>, Reported> {
    let Some(expression) = argument(&block.body, name) else { return Ok(None) };
    let whole = match (reader.value)(expression, context)? {
        Value::Null => return Ok(None),
        Value::Number(number) => number.as_i64().filter(|number| (least..=most).contains(number)),
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
    reader: &Reader<'_>,
    context: &mut Context<'_>,
) -> Result<Option<Located<Cell>>, Reported> {
    let (Some(expression), Some(written)) = (argument(&block.body, "canary"), text(block, "canary", reader, context)?)
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

fn change_window(block: &Block, reader: &Reader<'_>, context: &mut Context<'_>) -> Result<ChangeWindow, Reported> {
    only(&block.body, WINDOW, &[], "a `change_window` block", context);
    let days = texts(block, "days", reader, context).map(|days| Written { days, ..Written::default() });
    let freeze = texts(block, "freeze", reader, context).map(|freeze| Written { freeze, ..Written::default() });
    let hours = text(block, "hours", reader, context).map(|hours| Written { hours, ..Written::default() });
    let zone = text(block, "time_zone", reader, context);
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

/// A text; null counts as left out.
fn text(block: &Block, name: &str, reader: &Reader<'_>, context: &mut Context<'_>) -> Result<Option<Text>, Reported> {
    let Some(expression) = argument(&block.body, name) else { return Ok(None) };
    match (reader.value)(expression, context)? {
        Value::String(text) => Ok(Some(text)),
        Value::Null => Ok(None),
        _ => Err(unfit(expression, &Mismatch::new("a text"), context)),
    }
}

/// A list of texts in the order in which they are written; none where it is left out.
fn texts(block: &Block, name: &str, reader: &Reader<'_>, context: &mut Context<'_>) -> Result<Vec<Text>, Reported> {
    let Some(expression) = argument(&block.body, name) else { return Ok(Vec::new()) };
    let value = (reader.value)(expression, context)?;
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
