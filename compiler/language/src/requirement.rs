//! [`Requirement`]: a `require` block with its selector, demands and citations.

use crate::bindings::{Bindings, Origin};
use crate::check::{Subject, Visible, check};
use crate::config::{ControlId, Demand, Gravity, Located, Requirement};
use crate::context::Context;
use crate::controls::satisfies;
use crate::demand::{bound_of, demands, remedy};
use crate::each::Each;
use crate::environment::{Environment, Holder, Own};
use crate::grammar::{argument, meant, required};
use crate::load::member;
use crate::names::keyed;
use crate::seal;
use crate::selector::Selector;
use crate::syntax::{Block, Expression, Name, Node};
use crate::targets::{Scope, text};
use crate::variable_type::unfit;
use ordain_model::Text;
use ordain_model::bound::Bound;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Reported, nearest};
use ordain_model::schema::{Kind, Stricter};
use ordain_model::types::{Mismatch, Type};
use ordain_model::value::Value;
use std::collections::BTreeSet;

/// What a block is compiled with.
pub(crate) struct Surroundings<'a> {
    pub(crate) module: &'a Bindings,
    pub(crate) targets: &'a Scope,
    /// Every control of the profile.
    pub(crate) controls: &'a BTreeSet<ControlId>,
}

/// Compiles an instance of a `require` block.
///
/// # Errors
/// What is wrong with it was reported, all of it.
pub(crate) fn declare(
    block: &Block,
    each: &Each,
    around: &Surroundings<'_>,
    context: &mut Context<'_>,
) -> Result<Requirement, Reported> {
    let [label, name] = block.labels.as_slice() else {
        return Err(context.error(code::WRONG_LABELS, block.header(), "a requirement has a kind and a name"));
    };
    let environment = &Environment { module: around.module, own: &each.own };
    let kind = kind(label, context)?;
    let name = keyed(&format!("{}.{}", kind.name, name.text), each.key.as_ref());
    let address = member(&around.module.path, "require", &name);
    let selector = selector(block, kind, environment, context);
    let demands = must(block, kind, environment, context);
    let title = text(block, "title", environment, context);
    let id = text(block, "id", environment, context);
    let severity = severity(block, environment, context);
    let objects = objects(block, environment, context);
    let seal = seal::read(block, environment, context);
    let owner = owner(block, kind, environment, context);
    let satisfies =
        argument(&block.body, "satisfies").map_or(Ok(Vec::new()), |cited| satisfies(cited, around.controls, context));
    let targets = match argument(&block.body, "targets") {
        Some(named) => around.targets.named(named, Some(kind.provider()), environment, context),
        None => around.targets.only(kind.provider(), block.header(), context),
    };
    let enforced = enforced(block, targets.as_deref(), around, each, context);
    let id = qualified(id?, &address, &around.module.path);
    let demands = demands?;
    let remedy = match argument(&block.body, "remedy") {
        Some(expression) => remedy(expression, kind, &demands, environment, context)?,
        None => Default::default(),
    };
    let ((seal, sealed_by), selector, (enforced, switch), (objects, counted)) = (seal?, selector?, enforced?, objects?);
    if seal.sealed || !sealed_by.is_empty() {
        let bounds = demands.iter().flat_map(|demand| &demand.depends_on);
        let variables = bounds.chain(selector.depends_on()).chain(&switch).chain(&counted.variables);
        let variables = variables.chain(&each.depends_on).chain(&sealed_by).cloned().collect();
        seal::bounded(block, "a sealed requirement", &variables, environment, context)?;
    }
    let (left_out, demands, objects) = left_out(demands, objects);
    Ok(Requirement {
        left_out,
        title: title?.unwrap_or_else(|| address.clone()),
        address,
        module: around.module.path.clone(),
        id,
        formerly: Vec::new(),
        kind,
        severity: severity?,
        enforced,
        targets: targets?,
        selector,
        objects,
        demands,
        remedy,
        satisfies: satisfies?,
        owner: owner?,
        seal,
        span: block.header(),
    })
}

/// The id of its findings: its address where none is written. A written one is below its module: one that is imported twice
/// names both of its requirements alike.
fn qualified(id: Option<Text>, address: &Text, module: &Text) -> Text {
    match id {
        Some(id) if !module.is_empty() => format!("{module}.{id}").into(),
        Some(id) => id,
        None => address.clone(),
    }
}

/// The kind that a label names.
///
/// # Errors
/// There is none; reported with the nearest name.
pub(crate) fn kind(label: &Name, context: &mut Context<'_>) -> Result<&'static Kind, Reported> {
    if let Some(kind) = context.providers.kind(&label.text) {
        return Ok(kind);
    }
    let kinds: Vec<&str> = context.providers.kinds().map(|kind| kind.name).collect();
    Err(context.unknown(code::UNKNOWN_KIND, label, format!("there is no kind `{}`", label.text), &kinds))
}

fn selector(
    block: &Block,
    kind: &'static Kind,
    environment: &Environment,
    context: &mut Context<'_>,
) -> Result<Selector, Reported> {
    let Some(expression) = argument(&block.body, "where") else {
        if let Some(reported) = meant(block, "where", context) {
            return Err(reported);
        }
        let detail = "a requirement says which objects it is about: `where` is never left out";
        let diagnostic = Diagnostic::error(code::MISSING_WHERE, block.header(), detail);
        let help = format!("`where = true` is every `{}` of the targets.", kind.name);
        return Err(context.push(diagnostic.help(help).paste("where = true")));
    };
    Selector::new(expression, Subject::Object(kind), Type::Bool, environment, context)
}

fn must(
    block: &Block,
    kind: &'static Kind,
    environment: &Environment,
    context: &mut Context<'_>,
) -> Result<Vec<Demand>, Reported> {
    let must = block.body.blocks.iter().find(|inner| &*inner.kind.text == "must");
    let counted = argument(&block.body, "objects").is_some();
    match must {
        Some(must) => {
            for inner in &must.body.blocks {
                context.error(
                    code::UNKNOWN_BLOCK,
                    inner.kind.span,
                    "`must` holds settings and their bounds, no blocks",
                );
            }
            match must.body.attributes.is_empty() && must.body.blocks.is_empty() && !counted {
                true => Err(demands_nothing(block, kind, context)),
                false => demands(&must.body, kind, environment, context),
            }
        }
        None if counted => Ok(Vec::new()),
        None => {
            // A setting beside `must` was reported: that it demands nothing would say so twice.
            let said = block.body.attributes.iter().any(|attribute| kind.setting(&attribute.name.text).is_some());
            let said = if said { context.diagnostics.check().err() } else { None };
            Err(said.or(meant(block, "must", context)).unwrap_or_else(|| demands_nothing(block, kind, context)))
        }
    }
}

fn demands_nothing(block: &Block, kind: &Kind, context: &mut Context<'_>) -> Reported {
    let detail = "this requirement demands nothing: it has neither a setting in `must` nor `objects`";
    let example = kind.settings.first().map_or("setting", |setting| setting.name);
    let paste = format!("must {{ {example} = ... }}");
    context.push(Diagnostic::error(code::MISSING_ARGUMENT, block.header(), detail).paste(paste))
}

/// What `optional_bound(null)` leaves out, by name, and the demands and the count that are left.
fn left_out(
    demands: Vec<Demand>,
    objects: Option<Located<Bound>>,
) -> (Vec<Located<Text>>, Vec<Demand>, Option<Located<Bound>>) {
    let (none, objects): (Vec<_>, Vec<_>) = objects.into_iter().partition(|objects| objects.value == Bound::Anything);
    let (left_out, demands): (Vec<Demand>, Vec<Demand>) =
        demands.into_iter().partition(|demand| demand.bound == Bound::Anything);
    let settings = left_out.iter().map(|demand| (demand.name().to_string(), demand.span));
    let left_out = settings.chain(none.iter().map(|objects| ("objects".to_owned(), objects.span)));
    let left_out = left_out.map(|(name, span)| Located { value: name.into(), span }).collect();
    (left_out, demands, objects.into_iter().next())
}

/// The number of objects in each cell, and what it depends on.
type Objects = (Option<Located<Bound>>, Origin);

/// `severity`, medium where none is given.
pub(crate) fn severity(
    block: &Block,
    environment: &Environment,
    context: &mut Context<'_>,
) -> Result<Gravity, Reported> {
    let Some(word) = text(block, "severity", environment, context)? else { return Ok(Gravity::default()) };
    match &*word {
        "low" => Ok(Gravity::Low),
        "medium" => Ok(Gravity::Medium),
        "high" => Ok(Gravity::High),
        "critical" => Ok(Gravity::Critical),
        other => {
            let span = argument(&block.body, "severity").map_or(block.header(), |expression| expression.span);
            let detail =
                format!("a severity is `low`, `medium`, `high` or `critical`, seen `{}`", other.escape_debug());
            let near = nearest(other, ["low", "medium", "high", "critical"]).unwrap_or("medium");
            Err(context.push(Diagnostic::error(code::WRONG_TYPE, span, detail).paste(format!("severity = \"{near}\""))))
        }
    }
}

/// The targets in which a requirement is enforced, and the variables that decide it: `enforce` may ask for `target.name`.
fn enforced(
    block: &Block,
    targets: Result<&[Text], &Reported>,
    around: &Surroundings<'_>,
    each: &Each,
    context: &mut Context<'_>,
) -> Result<(Vec<Text>, BTreeSet<Text>), Reported> {
    let Some(expression) = argument(&block.body, "enforce") else {
        return targets.map(|targets| (targets.to_vec(), BTreeSet::new())).map_err(|reported| *reported);
    };
    let visible = Visible { target: true, ..Environment { module: around.module, own: &each.own }.visible() };
    check(expression, visible, Subject::None, context)?;
    let (mut enforced, mut variables) = (Ok(Vec::new()), BTreeSet::new());
    for target in targets.map_err(|reported| *reported)? {
        let own = Own { target: around.targets.about(target), ..each.own.clone() };
        let environment = Environment { module: around.module, own: &own };
        let (value, origin) = environment.evaluate(expression, Holder::Public, context)?;
        variables.extend(origin.variables);
        match value {
            Value::Bool(true) => drop(enforced.as_mut().map(|enforced: &mut Vec<Text>| enforced.push(target.clone()))),
            Value::Bool(false) => {}
            _ => enforced = Err(unfit(expression, &Mismatch::new("`true` or `false`"), context)),
        }
    }
    enforced.map(|enforced| (enforced, variables))
}

fn objects(block: &Block, environment: &Environment, context: &mut Context<'_>) -> Result<Objects, Reported> {
    let Some(expression) = argument(&block.body, "objects") else { return Ok((None, Origin::default())) };
    let (value, origin) = environment.evaluate(expression, Holder::Public, context)?;
    let bound = bound_of(expression, &value, Type::Integer, Stricter::Greater, &environment.module.public(), context)?;
    Ok((Some(Located { value: bound, span: expression.span }), origin))
}

fn owner(
    block: &Block,
    kind: &'static Kind,
    environment: &Environment,
    context: &mut Context<'_>,
) -> Result<Option<Selector>, Reported> {
    let Some(expression) = argument(&block.body, "owner") else { return Ok(None) };
    Selector::new(expression, Subject::Object(kind), Type::String, environment, context).map(Some)
}

/// An argument that must be a text known at compile time.
///
/// # Errors
/// It is missing or no text.
pub(crate) fn required_text(
    block: &Block,
    name: &str,
    example: &str,
    environment: &Environment,
    context: &mut Context<'_>,
) -> Result<ordain_model::Text, Reported> {
    let expression: &Expression = required(block, name, example, context)?;
    if matches!(expression.node, Node::Null) {
        return Err(unfit(expression, &Mismatch::new("a text"), context));
    }
    match text(block, name, environment, context)? {
        Some(text) => Ok(text),
        None => Err(unfit(expression, &Mismatch::new("a text"), context)),
    }
}
