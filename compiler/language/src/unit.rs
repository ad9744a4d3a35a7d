//! [`Unit`]: one import of a module before it has values: its blocks by name, and which names its expressions may use.

use crate::check::{Names, Outputs};
use crate::context::Context;
use crate::declarations::Declarations;
use crate::grammar::argument;
use crate::load::{Loaded, Tree};
use crate::syntax::{Block, Name};
use crate::variable::Variable;
use ordain_model::Text;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Reported, nearest};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Arguments of a `module` block that are no values for the module's variables.
pub(crate) const META: &[&str] = &["count", "for_each", "source", "targets", "version"];

/// One import of a module.
pub(crate) struct Unit<'t> {
    pub(crate) loaded: &'t Loaded,
    pub(crate) declarations: Declarations<'t>,
    pub(crate) names: Arc<Names>,
    pub(crate) variables: BTreeMap<Text, Result<Variable, Reported>>,
    /// The importer's place in the tree and the block that imports; none for the root.
    pub(crate) importer: Option<(usize, &'t Block)>,
}

impl Unit<'_> {
    /// How many blocks and values an instance of it holds: at least one.
    pub(crate) fn size(&self) -> usize {
        self.loaded.folder.blocks().map(|block| 1 + block.body.attributes.len()).sum::<usize>().max(1)
    }
}

/// Reads every module of a tree, in its order. What can be said without a value is reported.
pub(crate) fn read<'t>(tree: &'t Tree, context: &mut Context<'_>) -> Vec<Unit<'t>> {
    let declarations: Vec<Declarations<'t>> =
        tree.modules.iter().map(|module| Declarations::read(&module.folder, context)).collect();
    let names: Vec<Names> = (0..tree.modules.len()).map(|at| names(tree, at, &declarations)).collect();
    let mut importers: BTreeMap<usize, (usize, &'t Block)> = BTreeMap::new();
    for (at, module) in tree.modules.iter().enumerate() {
        let blocks = declarations[at].of("module");
        importers.extend(module.children.iter().filter_map(|(name, child)| Some((*child, (at, *blocks.get(name)?)))));
    }
    let mut units = Vec::with_capacity(tree.modules.len());
    for (at, (declarations, names)) in declarations.into_iter().zip(names).enumerate() {
        let calendar = declarations.calendar;
        let read = |(name, block): (&Text, &&Block)| (name.clone(), Variable::read(block, calendar, context));
        let variables: BTreeMap<Text, Result<Variable, Reported>> =
            declarations.of("variable").iter().map(read).collect();
        let importer = importers.get(&at).copied();
        if let Some((_, block)) = importer {
            undeclared(block, &variables, context);
        }
        let loaded = &tree.modules[at];
        units.push(Unit { loaded, declarations, names: Arc::new(names), variables, importer });
    }
    units
}

/// The names that a module's expressions may use.
fn names(tree: &Tree, at: usize, declarations: &[Declarations<'_>]) -> Names {
    let own = &declarations[at];
    let outputs = |name: &Text, block: &Block| {
        let child = &declarations[*tree.modules[at].children.get(name)?];
        let keyed = argument(&block.body, "for_each").is_some();
        Some(Outputs { names: child.of("output").keys().cloned().collect(), keyed })
    };
    Names {
        variables: own.of("variable").keys().cloned().collect(),
        locals: own.locals.keys().cloned().collect(),
        modules: own.of("module").iter().map(|(name, block)| (name.clone(), outputs(name, block))).collect(),
    }
}

/// Reports what an importer gives that the module does not declare.
fn undeclared(block: &Block, variables: &BTreeMap<Text, Result<Variable, Reported>>, context: &mut Context<'_>) {
    for attribute in &block.body.attributes {
        let Name { text: name, .. } = &attribute.name;
        if META.contains(&&**name) || variables.contains_key(name) {
            continue;
        }
        let span = attribute.value.span;
        let detail = format!("this module has no variable `{name}`");
        let diagnostic = Diagnostic::error(code::UNDECLARED_VARIABLE, span, detail);
        context.push(match nearest(name, variables.keys().map(|name| &**name)) {
            Some(near) => diagnostic
                .help(format!("The nearest name is `{near}`."))
                .paste(format!("{near} = {}", context.sources.slice(span))),
            None => diagnostic,
        });
    }
}
