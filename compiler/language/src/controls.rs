//! Controls: global by framework and id, whichever module declares them, and the lists that cite them.

use crate::config::{Control, ControlId, Satisfies, Strength};
use crate::context::{Context, list};
use crate::environment::{Environment, Holder};
use crate::grammar::required;
use crate::names::names;
use crate::syntax::{Block, Expression, Name, Node};
use crate::variable_type::unfit;
use ordain_model::Text;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Reported};
use ordain_model::source::Span;
use ordain_model::types::Mismatch;
use ordain_model::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The strengths that a profile writes: `organisation` follows from a variable that moved the number.
const STRENGTHS: &[(&str, Strength)] = &[
    ("convention", Strength::Convention),
    ("derived", Strength::Derived),
    ("text", Strength::Text),
    ("vendor", Strength::Vendor),
];

/// The name of a `control` block.
pub(crate) fn id(block: &Block) -> Option<ControlId> {
    match block.labels.as_slice() {
        [framework, id] => Some(ControlId { framework: framework.text.clone(), id: id.text.clone() }),
        _ => None,
    }
}

/// Evaluates a `control` block.
///
/// # Errors
/// What is wrong with it was reported.
pub(crate) fn declare(
    block: &Block,
    environment: &Environment,
    context: &mut Context<'_>,
) -> Result<Control, Reported> {
    let edition = text(block, "edition", "edition = \"2022\"", environment, context);
    let title = text(block, "title", "title = \"What it asks for\"", environment, context);
    let citation = text(block, "citation", "citation = \"Where to read it\"", environment, context);
    Ok(Control { edition: edition?, title: title?, citation: citation?, span: block.header() })
}

fn text(
    block: &Block,
    name: &str,
    example: &str,
    environment: &Environment,
    context: &mut Context<'_>,
) -> Result<Text, Reported> {
    let expression = required(block, name, example, context)?;
    match environment.evaluate(expression, Holder::Public, context)? {
        (Value::String(text), _) => Ok(text),
        _ => Err(unfit(expression, &Mismatch::new("a text"), context)),
    }
}

/// Adds a control. Several modules may declare one; its first declaration counts, and all must cite one edition.
pub(crate) fn add(
    controls: &mut BTreeMap<ControlId, Control>,
    id: ControlId,
    control: Control,
    context: &mut Context<'_>,
) {
    match controls.get(&id) {
        None => drop(controls.insert(id, control)),
        Some(first) if first.edition == control.edition => {}
        Some(first) => {
            let detail = format!(
                "the control `{}` `{}` is declared in the editions `{}` and `{}`",
                id.framework, id.id, first.edition, control.edition
            );
            let diagnostic = Diagnostic::error(code::DUPLICATE_NAME, control.span, detail);
            context.push(diagnostic.says("second").label(first.span, "first"));
        }
    }
}

/// Reads `[strength(control.framework["id"]), ...]`.
///
/// # Errors
/// An item that cites no control of the profile; each was reported.
pub(crate) fn satisfies(
    expression: &Expression,
    controls: &BTreeSet<ControlId>,
    context: &mut Context<'_>,
) -> Result<Vec<Satisfies>, Reported> {
    let Node::Tuple(items) = &expression.node else {
        let paste = format!("satisfies = [{}]", context.text(expression));
        let detail = format!("`satisfies` is a list; seen `{}`", context.seen(expression));
        return Err(context.push(Diagnostic::error(code::UNKNOWN_CONTROL, expression.span, detail).paste(paste)));
    };
    let mut satisfied: Result<Vec<Satisfies>, Reported> = Ok(Vec::with_capacity(items.len()));
    let mut seen: BTreeMap<ControlId, Span> = BTreeMap::new();
    for item in items {
        let one = citation(item, controls, context).and_then(|one| match seen.insert(one.control.clone(), one.span) {
            None => Ok(one),
            Some(first) => Err(context.duplicate(code::DUPLICATE_NAME, &format!("`{}`", one.control), first, one.span)),
        });
        match one {
            Ok(one) => drop(satisfied.as_mut().map(|all| all.push(one))),
            Err(reported) => satisfied = Err(reported),
        }
    }
    satisfied
}

fn citation(
    item: &Expression,
    controls: &BTreeSet<ControlId>,
    context: &mut Context<'_>,
) -> Result<Satisfies, Reported> {
    if let Node::Call { name, arguments, .. } = &item.node
        && let [argument] = &**arguments
    {
        let known = STRENGTHS.iter().find(|(word, _)| *word == &*name.text);
        let Some((_, strength)) = known else {
            let names: Vec<&str> = STRENGTHS.iter().map(|(word, _)| *word).collect();
            let detail = format!("`{}` is no strength: a citation says whose number it is", name.text);
            return Err(context.unknown(code::UNKNOWN_CONTROL, name, detail, &names));
        };
        let control = reference(&argument.value, controls, context)?;
        return Ok(Satisfies { control, strength: *strength, span: item.span });
    }
    let words = list(STRENGTHS.iter().map(|(word, _)| *word));
    let detail = format!("a citation says whose number it is, one of {words}; seen `{}`", context.seen(item));
    let bare = written(item).is_some();
    let paste = if bare {
        format!("convention({})", context.text(item))
    } else {
        "convention(control.soc2[\"CC7.2\"])".to_owned()
    };
    Err(context.push(Diagnostic::error(code::UNKNOWN_CONTROL, item.span, detail).paste(paste)))
}

/// `control.framework["id"]`.
fn reference(
    expression: &Expression,
    controls: &BTreeSet<ControlId>,
    context: &mut Context<'_>,
) -> Result<ControlId, Reported> {
    let Some(id) = written(expression) else {
        let detail =
            format!("expected a control such as `control.soc2[\"CC7.2\"]`, seen `{}`", context.seen(expression));
        return Err(context.error(code::UNKNOWN_CONTROL, expression.span, detail));
    };
    if controls.contains(&id) {
        return Ok(id);
    }
    let known: Vec<String> = controls.iter().map(ControlId::to_string).collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let name = Name { text: id.to_string().into(), span: expression.span };
    Err(context.unknown(code::UNKNOWN_CONTROL, &name, format!("the profile declares no `{id}`"), &known))
}

fn written(expression: &Expression) -> Option<ControlId> {
    match names(expression)? {
        (root, path) if &**root == "control" => match path.as_slice() {
            [framework, id] => Some(ControlId { framework: framework.clone(), id: id.clone() }),
            _ => None,
        },
        _ => None,
    }
}
