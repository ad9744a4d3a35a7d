//! What can be said of blocks that no instance is made of: their names are checked all the same, so that a mistake does
//! not wait for the first key.

use crate::check::{Subject, Visible, check};
use crate::context::Context;
use crate::demand;
use crate::grammar::argument;
use crate::requirement;
use crate::syntax::{Block, Expression, Node};
use crate::unit::Unit;
use ordain_model::code;
use ordain_model::diagnostic::Diagnostic;

/// Checks the requirements and assertions of a module without instances.
pub(crate) fn check_module(unit: &Unit<'_>, context: &mut Context<'_>) {
    for block in unit.declarations.of("require").values() {
        check_requirement(block, unit, context);
    }
    for block in unit.declarations.of("assert").values() {
        let visible = Visible { names: &unit.names, each: false, target: false };
        for attribute in &block.body.attributes {
            let subject = if &*attribute.name.text == "condition" { Subject::All } else { Subject::None };
            if !is_reference(&attribute.name.text) {
                let _ = check(&attribute.value, visible, subject, context);
            }
        }
    }
}

/// Warns where the `for_each` of an import makes no instance of a module that holds sealed requirements, itself or in what it
/// imports: an importer only adds demands, and these it takes away.
pub(crate) fn check_seals(child: usize, units: &[Unit<'_>], each: &Expression, context: &mut Context<'_>) {
    let (mut below, mut sealed) = (vec![child], Vec::new());
    while let Some(at) = below.pop() {
        let Some(unit) = units.get(at) else { continue };
        below.extend(unit.loaded.children.values());
        sealed.extend(
            unit.declarations.of("require").values().filter(|block| is_sealed(block)).map(|block| block.header()),
        );
    }
    if sealed.is_empty() {
        return;
    }
    sealed.sort();
    let detail = "`for_each` makes no instance of this module, so that no object is held to what is sealed in it";
    let diagnostic = Diagnostic::warning(code::ABSENT_SEAL, each.span, detail).says("without keys");
    context.push(sealed.into_iter().fold(diagnostic, |diagnostic, span| diagnostic.label(span, "sealed")));
}

/// Whether a requirement says that it is sealed, whatever value that has.
fn is_sealed(block: &Block) -> bool {
    argument(&block.body, "sealed").is_some_and(|sealed| !matches!(sealed.node, Node::Bool(false)))
}

/// Checks a requirement without instances.
pub(crate) fn check_requirement(block: &Block, unit: &Unit<'_>, context: &mut Context<'_>) {
    let Some(Ok(kind)) = block.labels.first().map(|label| requirement::kind(label, context)) else { return };
    let each = argument(&block.body, "for_each").is_some();
    let visible = Visible { names: &unit.names, each, target: false };
    for attribute in &block.body.attributes {
        let (subject, visible) = match &*attribute.name.text {
            "where" | "owner" => (Subject::Object(kind), visible),
            "enforce" => (Subject::None, Visible { target: true, ..visible }),
            "for_each" => (Subject::None, Visible { each: false, ..visible }),
            name if is_reference(name) => continue,
            _ => (Subject::None, visible),
        };
        let _ = check(&attribute.value, visible, subject, context);
    }
    let must = block.body.blocks.iter().filter(|inner| &*inner.kind.text == "must");
    for line in must.flat_map(|must| &must.body.attributes) {
        let _ = demand::setting(&line.name, kind, context);
        let _ = check(&line.value, visible, Subject::None, context);
    }
}

/// Checks a target without instances.
pub(crate) fn check_target(block: &Block, unit: &Unit<'_>, context: &mut Context<'_>) {
    let inner = block.body.blocks.iter().flat_map(|inner| &inner.body.attributes);
    for attribute in block.body.attributes.iter().chain(inner) {
        let each = &*attribute.name.text != "for_each";
        let _ = check(&attribute.value, Visible { names: &unit.names, each, target: false }, Subject::None, context);
    }
}

/// Whether an argument names targets, controls or settings in a form of its own.
fn is_reference(argument: &str) -> bool {
    matches!(argument, "remedy" | "satisfies" | "targets")
}
