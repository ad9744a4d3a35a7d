//! [`Assertion`]: an `assert` block with its condition over `all`.

use crate::check::Subject;
use crate::config::Assertion;
use crate::context::Context;
use crate::controls::satisfies;
use crate::environment::Environment;
use crate::grammar::{argument, required};
use crate::load::member;
use crate::requirement::{Surroundings, required_text, severity};
use crate::selector::Selector;
use crate::syntax::Block;
use ordain_model::Text;
use ordain_model::code;
use ordain_model::diagnostic::Reported;
use ordain_model::types::Type;
use std::collections::{BTreeMap, BTreeSet};

/// Compiles an `assert` block.
///
/// # Errors
/// What is wrong with it was reported, all of it.
pub(crate) fn declare(
    block: &Block,
    around: &Surroundings<'_>,
    context: &mut Context<'_>,
) -> Result<Assertion, Reported> {
    let [name] = block.labels.as_slice() else {
        return Err(context.error(code::WRONG_LABELS, block.header(), "an assertion has a name"));
    };
    let environment = &Environment::of(around.module);
    let condition = required(block, "condition", "condition = length(all.KIND) > 0", context)
        .and_then(|condition| Selector::new(condition, Subject::All, Type::Bool, environment, context));
    let message =
        required_text(block, "message", "message = \"What is wrong when it does not hold.\"", environment, context);
    let severity = severity(block, environment, context);
    let satisfies =
        argument(&block.body, "satisfies").map_or(Ok(Vec::new()), |cited| satisfies(cited, around.controls, context));
    let named = argument(&block.body, "targets")
        .map(|named| around.targets.named(named, None, environment, context))
        .transpose();
    let condition = condition?;
    let targets = match named? {
        Some(targets) => targets,
        None => targets(&condition, around, block, context)?,
    };
    let reads = condition.reads().iter().map(|(kind, names)| (*kind, names.iter().cloned().collect()));
    let reads: BTreeMap<&'static str, Vec<Text>> = reads.collect();
    Ok(Assertion {
        address: member(&environment.module.path, "assert", &name.text),
        module: environment.module.path.clone(),
        reads,
        condition,
        message: message?,
        severity: severity?,
        targets,
        satisfies: satisfies?,
        span: block.header(),
    })
}

/// Every target in scope of the providers whose kinds the condition reads: each must have one.
fn targets(
    condition: &Selector,
    around: &Surroundings<'_>,
    block: &Block,
    context: &mut Context<'_>,
) -> Result<Vec<Text>, Reported> {
    let names = around.targets.names.as_ref().map_err(|reported| *reported)?;
    let kinds = condition.reads().keys().filter_map(|kind| context.providers.kind(kind));
    let providers: BTreeSet<&'static str> = kinds.map(|kind| kind.provider()).collect();
    let mut targets = BTreeSet::new();
    for provider in providers {
        let prefix = format!("{provider}.");
        let before = targets.len();
        targets.extend(names.keys().filter(|name| name.starts_with(&prefix)).cloned());
        if targets.len() == before {
            around.targets.only(provider, block.header(), context)?;
        }
    }
    Ok(targets.into_iter().collect())
}
