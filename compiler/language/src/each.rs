//! [`Each`]: the instances of a block with `for_each`, one per key.

use crate::context::Context;
use crate::environment::{Environment, Holder, Own};
use crate::grammar::argument;
use crate::syntax::{Block, Expression, Node};
use ordain_model::Text;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Reported};
use ordain_model::sorted::Sorted;
use ordain_model::value::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Most instances of blocks with `for_each` in a profile, those of modules counted once for each block they hold.
const MOST_INSTANCES: usize = 200_000;

/// Under which the message about too many instances is given once.
const EXHAUSTED: &str = "instances";

/// An instance of a block: the only one, or one of as many as `for_each` has keys.
#[derive(Clone, Debug, Default)]
pub(crate) struct Each {
    /// Its key, where the block has `for_each`.
    pub(crate) key: Option<Text>,
    /// `each` with its key and value, where the block has `for_each`.
    pub(crate) own: Own,
    /// The variables on which `for_each` depends.
    pub(crate) depends_on: BTreeSet<Text>,
}

/// The instances of a block, in the order of their keys. Each counts as `size` of what a profile may hold at most.
///
/// # Errors
/// `for_each` has no keys that are known at compile time; why was reported.
pub(crate) fn each(
    block: &Block,
    environment: &Environment<'_>,
    size: usize,
    context: &mut Context<'_>,
) -> Result<Vec<Each>, Reported> {
    let Some(expression) = argument(&block.body, "for_each") else { return Ok(vec![Each::default()]) };
    exhausted(context)?;
    let (value, origin) = environment.evaluate(expression, Holder::Public, context)?;
    let mut instances = instances(expression, &value, size, context)?;
    instances.iter_mut().for_each(|instance| instance.depends_on.clone_from(&origin.variables));
    Ok(instances)
}

/// The instances that the value of `for_each` makes.
///
/// # Errors
/// It is neither a map nor a set of strings, or makes too many; reported.
pub(crate) fn instances(
    expression: &Expression,
    value: &Value,
    size: usize,
    context: &mut Context<'_>,
) -> Result<Vec<Each>, Reported> {
    let instances: Vec<Each> = match value {
        Value::Object(members) => members.iter().map(|(key, value)| instance(key, value.clone())).collect(),
        Value::Set(members) => members.iter().map(|key| instance(key, Value::String(key.clone()))).collect(),
        _ => return Err(no_keys(expression, value, context)),
    };
    context.instances = context.instances.saturating_add(instances.len().saturating_mul(size));
    if context.instances <= MOST_INSTANCES {
        return Ok(instances);
    }
    let detail = format!("with these {} instances the profile has more than {MOST_INSTANCES} blocks", instances.len());
    Err(context.once(EXHAUSTED.to_owned(), Diagnostic::error(code::TOO_LARGE, expression.span, detail)))
}

/// # Errors
/// The profile has too many instances already, which was reported: no more are made.
pub(crate) fn exhausted(context: &Context<'_>) -> Result<(), Reported> {
    context.said.get(EXHAUSTED).map_or(Ok(()), |reported| Err(*reported))
}

fn instance(key: &Text, value: Value) -> Each {
    let members = Sorted::from([("key".into(), Value::String(key.clone())), ("value".into(), value)]);
    Each {
        key: Some(key.clone()),
        own: Own { each: Some(Value::Object(Arc::new(members))), target: None },
        depends_on: BTreeSet::new(),
    }
}

fn no_keys(expression: &Expression, value: &Value, context: &mut Context<'_>) -> Reported {
    let expected = "`for_each` takes a map, or a set of strings: its keys name the instances";
    let error = |detail: String| Diagnostic::error(code::FOR_EACH, expression.span, detail);
    let is_set = matches!(&expression.node, Node::Call { name, .. } if &*name.text == "toset");
    let Value::List(items) = value else {
        return context.push(error(format!("{expected}; this is {}", value.sort())));
    };
    if let Some(wrong) = items.iter().find(|item| item.as_str().is_none()) {
        let named = "A map names its instances by its keys: `{ for item in list : item.name => item }`.";
        return context.push(error(format!("{expected}; this holds {}", wrong.sort())).help(named));
    }
    let detail = format!("{expected}; a list has neither, and its instances would change names with their places");
    let paste = format!("for_each = toset({})", context.text(expression));
    let diagnostic = error(detail);
    context.push(if is_set { diagnostic } else { diagnostic.paste(paste) })
}
