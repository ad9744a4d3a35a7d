//! [`resolve`]: a loaded tree of modules to a [`Config`], importers before what they import.

use crate::assertion;
use crate::check::Names;
use crate::config::{Config, ControlId, Module, Undecided};
use crate::context::Context;
use crate::controls;
use crate::declarations::Declarations;
use crate::environment::{Environment, Holder};
use crate::grammar::argument;
use crate::inputs::Inputs;
use crate::load::{Loaded, Tree, member};
use crate::locals;
use crate::outside;
use crate::requirement::{self, Surroundings};
use crate::syntax::Block;
use crate::targets::{self, Scope};
use crate::variable::{self, Given, Giver, Variable};
use ordain_model::Text;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Reported};
use std::collections::{BTreeMap, BTreeSet};

/// What an importer gives a module.
struct Import {
    given: BTreeMap<Text, Given>,
    giver: Giver,
    targets: Scope,
}

struct Resolver<'a, 'c> {
    inputs: &'a Inputs,
    context: &'a mut Context<'c>,
    /// Every control that any module declares.
    controls: BTreeSet<ControlId>,
    /// By module, once its importer was resolved.
    imports: BTreeMap<usize, Import>,
    config: Config,
}

/// Resolves every module. Mistakes are reported; the result is complete when there are none.
pub(crate) fn resolve(tree: &Tree, inputs: &Inputs, context: &mut Context<'_>) -> Config {
    let blocks = tree.modules.iter().flat_map(|module| module.folder.blocks());
    let controls = blocks.filter(|block| &*block.kind.text == "control").filter_map(controls::id).collect();
    let config = Config { modules: modules(tree), ..Config::default() };
    let mut resolver = Resolver { inputs, context, controls, imports: BTreeMap::new(), config };
    for (at, module) in tree.modules.iter().enumerate() {
        resolver.module(at, module);
    }
    let mut config = resolver.config;
    config.requirements.sort_by(|one, other| one.address.cmp(&other.address));
    config.assertions.sort_by(|one, other| one.address.cmp(&other.address));
    config.undecided.sort_by(|one, other| one.address.cmp(&other.address));
    unique_ids(&config, context);
    config
}

fn modules(tree: &Tree) -> Vec<Module> {
    let module = |loaded: &Loaded| Module {
        path: loaded.path.clone(),
        directory: loaded.folder.directory.clone(),
        files: loaded.folder.files.iter().map(|file| file.source).collect(),
        digest: loaded.folder.digest,
    };
    let mut modules: Vec<Module> = tree.modules.iter().map(module).collect();
    modules.sort_by(|one, other| one.path.cmp(&other.path));
    modules
}

/// Something that has no value. In a configuration without errors, that is because a variable has none.
fn undecided(module: &Loaded, what: &str, name: &str, block: &Block) -> Undecided {
    Undecided { address: member(&module.path, what, name), span: block.header() }
}

/// An `id` names one requirement for good.
fn unique_ids(config: &Config, context: &mut Context<'_>) {
    let mut seen = BTreeMap::new();
    for requirement in &config.requirements {
        let Some(id) = &requirement.id else { continue };
        if let Some(first) = seen.insert(id, requirement) {
            context.duplicate(code::DUPLICATE_NAME, &format!("the id `{id}`"), first.span, requirement.span);
        }
    }
}

impl Resolver<'_, '_> {
    fn module(&mut self, at: usize, module: &Loaded) {
        let declarations = Declarations::read(&module.folder, self.context);
        let ordain = declarations.of("ordain").values().next().copied();
        self.config.lints.read(&module.folder, ordain, self.context);
        let (environment, scope) = self.environment(at, module, &declarations);
        for block in declarations.of("control").values() {
            if let (Some(id), Ok(control)) = (controls::id(block), controls::declare(block, &environment, self.context))
            {
                controls::add(&mut self.config.controls, id, control, self.context);
            }
        }
        let around = Surroundings { environment: &environment, targets: &scope, controls: &self.controls };
        for (name, block) in declarations.of("require") {
            match requirement::declare(block, &around, self.context) {
                Ok(requirement) => self.config.requirements.push(requirement),
                Err(_) => self.config.undecided.push(undecided(module, "require", name, block)),
            }
        }
        for (name, block) in declarations.of("assert") {
            match assertion::declare(block, &around, self.context) {
                Ok(assertion) => self.config.assertions.push(assertion),
                Err(_) => self.config.undecided.push(undecided(module, "assert", name, block)),
            }
        }
        for (name, block) in declarations.of("module") {
            if let Some(child) = module.children.get(name) {
                let import = self.import(block, &environment, &scope);
                self.imports.insert(*child, import);
            }
        }
    }

    /// The values of a module's names, and the targets it sees.
    fn environment(&mut self, at: usize, module: &Loaded, declarations: &Declarations<'_>) -> (Environment, Scope) {
        let names = Names {
            variables: declarations.of("variable").keys().cloned().collect(),
            locals: declarations.locals.keys().cloned().collect(),
        };
        let calendar = declarations.calendar;
        let mut environment = Environment::new(&module.path, &module.folder.directory, names, calendar);
        let read = |(name, block): (&Text, &&Block)| (name.clone(), Variable::read(block, calendar, self.context));
        let variables: BTreeMap<Text, Result<Variable, Reported>> =
            declarations.of("variable").iter().map(read).collect();
        let import = self.imports.remove(&at);
        let import = import.unwrap_or_else(|| self.outside(&variables, declarations));
        if let Giver::Importer(block) = &import.giver {
            self.undeclared(&import.given, &variables, *block);
        }
        variable::set(&variables, &import.given, &import.giver, &mut environment, self.context);
        locals::set(&declarations.locals, &mut environment, self.context);
        environment.close();
        if module.path.is_empty() {
            self.config.variables = environment.variables().clone();
        }
        self.targets(module, declarations, &environment);
        (environment, import.targets)
    }

    /// What the root module is given.
    fn outside(
        &mut self,
        variables: &BTreeMap<Text, Result<Variable, Reported>>,
        declarations: &Declarations<'_>,
    ) -> Import {
        let given = outside::given(self.inputs, variables, declarations.calendar, self.context);
        let names = Ok(declarations.of("target").keys().cloned().collect());
        Import { given, giver: Giver::Outside(self.inputs.missing), targets: Scope { names, importer: None } }
    }

    /// What a `module` block gives.
    fn import(&mut self, block: &Block, environment: &Environment, scope: &Scope) -> Import {
        let mut given = BTreeMap::new();
        for attribute in &block.body.attributes {
            if matches!(&*attribute.name.text, "source" | "targets") {
                continue;
            }
            let value = environment.evaluate(&attribute.value, Holder::Public, self.context).map(|(value, _)| value);
            let who = format!("`module.{}`", block.labels.first().map_or("", |label| &label.text));
            given.insert(
                attribute.name.text.clone(),
                Given {
                    value,
                    span: Some(attribute.value.span),
                    who,
                    plain_text: false,
                    calendar: environment.calendar(),
                },
            );
        }
        let names = match argument(&block.body, "targets") {
            None => Ok(BTreeSet::new()),
            Some(named) => scope.named(named, None, self.context).map(|names| names.into_iter().collect()),
        };
        let span = block.header();
        Import { given, giver: Giver::Importer(span), targets: Scope { names, importer: Some(span) } }
    }

    /// Reports what an importer gives that the module does not declare.
    fn undeclared(
        &mut self,
        given: &BTreeMap<Text, Given>,
        variables: &BTreeMap<Text, Result<Variable, Reported>>,
        block: ordain_model::source::Span,
    ) {
        for (name, given) in given.iter().filter(|(name, _)| !variables.contains_key(*name)) {
            let detail = format!("this module has no variable `{name}`");
            let span = given.span.unwrap_or(block);
            let name = crate::syntax::Name { text: name.clone(), span };
            let known: Vec<&str> = variables.keys().map(|name| &**name).collect();
            let diagnostic = Diagnostic::error(code::UNDECLARED_VARIABLE, span, detail);
            self.context.push(match ordain_model::diagnostic::nearest(&name.text, known.iter().copied()) {
                Some(near) => diagnostic
                    .help(format!("The nearest name is `{near}`."))
                    .paste(format!("{near} = {}", self.context.sources.slice(span))),
                None => diagnostic,
            });
        }
    }

    /// The targets of the root module. No other declares any: what a module is about, its importer decides.
    fn targets(&mut self, module: &Loaded, declarations: &Declarations<'_>, environment: &Environment) {
        for (name, block) in declarations.of("target") {
            if !module.path.is_empty() {
                let detail = "targets are declared in the root module; an imported module is given some";
                let help = "Move the block to the root module and pass the target in `targets` of the `module` block.";
                self.context.push(Diagnostic::error(code::TARGET_IN_MODULE, block.header(), detail).help(help));
                continue;
            }
            match targets::declare(block, environment, self.context) {
                Ok(target) => drop(self.config.targets.insert(name.clone(), target)),
                Err(_) => self.config.undecided.push(undecided(module, "target", name, block)),
            }
        }
        targets::one_sort(&self.config.targets, self.context);
    }
}
