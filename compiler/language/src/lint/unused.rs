//! What a module declares and nothing reads.

use crate::config::Config;
use crate::context::Context;
use crate::load::{Folder, Tree};
use crate::syntax::{Block, Expression, Node, Step};
use ordain_model::Text;
use ordain_model::code::{self, Code};
use ordain_model::diagnostic::Diagnostic;
use ordain_model::source::Span;
use std::collections::BTreeSet;

/// Reports what nothing reads: variables and locals of every module, modules that demand nothing, targets that nothing is about.
pub(crate) fn unused(tree: &Tree, config: &Config, context: &mut Context<'_>) {
    for (at, module) in tree.modules.iter().enumerate() {
        let used = Used::of(&module.folder);
        for block in blocks(&module.folder, "variable") {
            used.or_say("var", code::UNUSED_VARIABLE, block, context);
        }
        let locals = blocks(&module.folder, "locals").flat_map(|block| &block.body.attributes);
        for local in locals.filter(|local| !used.has("local", &local.name.text)) {
            say(code::UNUSED_LOCAL, local.name.span, &format!("local.{}", local.name.text), context);
        }
        for block in blocks(&module.folder, "module") {
            let child = block.labels.first().and_then(|label| tree.modules[at].children.get(&label.text));
            if child.is_some_and(|child| !demands(tree, *child)) {
                used.or_say("module", code::UNUSED_MODULE, block, context);
            }
        }
    }
    // A requirement without a decided target may be about any.
    if config.undecided.is_empty() {
        unused_targets(config, context);
    }
}

/// The names that a module's expressions read, with their roots; what a variable's own block reads of it is left out.
struct Used<'a>(BTreeSet<(&'a str, &'a str)>);

impl<'a> Used<'a> {
    fn of(folder: &'a Folder) -> Used<'a> {
        let mut used = BTreeSet::new();
        for file in &folder.files {
            let mut add = |own: Option<&str>, expression: &'a Expression| {
                if let Node::Path(operand, steps) = &expression.node
                    && let (Node::Variable(root), Some(Step::Member(name))) = (&operand.node, steps.first())
                    && (&**root != "var" || own != Some(&*name.text))
                {
                    used.insert((&**root, &*name.text));
                }
            };
            for attribute in &file.body.attributes {
                attribute.value.each(&mut |expression| add(None, expression));
            }
            for block in &file.body.blocks {
                // That a variable's own conditions read it is no use of it.
                let own = block.labels.first().filter(|_| &*block.kind.text == "variable").map(|label| &*label.text);
                block.body.each_expression(&mut |expression| add(own, expression));
            }
        }
        Used(used)
    }

    fn has(&self, root: &str, name: &str) -> bool {
        self.0.contains(&(root, name))
    }

    fn or_say(&self, root: &str, code: Code, block: &Block, context: &mut Context<'_>) {
        if let Some(label) = block.labels.first().filter(|label| !self.has(root, &label.text)) {
            say(code, block.header(), &format!("{root}.{}", label.text), context);
        }
    }
}

fn blocks<'a>(folder: &'a Folder, kind: &'static str) -> impl Iterator<Item = &'a Block> {
    folder.blocks().filter(move |block| &*block.kind.text == kind)
}

/// Whether a module, or one that it imports, demands something or declares what others cite.
fn demands(tree: &Tree, at: usize) -> bool {
    let mut waiting = vec![at];
    while let Some(at) = waiting.pop() {
        let module = &tree.modules[at];
        if module.folder.blocks().any(|block| {
            matches!(&*block.kind.text, "approval" | "assert" | "brakes" | "control" | "require" | "waiver")
        }) {
            return true;
        }
        waiting.extend(module.children.values());
    }
    false
}

fn unused_targets(config: &Config, context: &mut Context<'_>) {
    let requirements = config.requirements.iter().flat_map(|requirement| &requirement.targets);
    let bound: BTreeSet<&Text> =
        requirements.chain(config.assertions.iter().flat_map(|assertion| &assertion.targets)).collect();
    for (name, target) in config.targets.iter().filter(|(name, _)| !bound.contains(name)) {
        let detail = format!("no requirement and no assertion is about `target.{name}`: nothing of it is read");
        let help = "Name it in `targets` of a requirement or of a module, or remove it.";
        context.push(Diagnostic::warning(code::UNUSED_TARGET, target.span, detail).help(help));
    }
}

fn say(code: Code, span: Span, what: &str, context: &mut Context<'_>) {
    let (detail, help) = match code.name {
        "unused-module" => (
            format!("`{what}` has no requirement, no assertion and no control, and nothing reads its outputs"),
            "Import the module that demands something, or remove the block.",
        ),
        _ => (format!("nothing in this module reads `{what}`"), "Read it, or remove it."),
    };
    context.push(Diagnostic::warning(code, span, detail).help(help));
}
