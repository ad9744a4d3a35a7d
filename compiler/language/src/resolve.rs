//! [`resolve`]: a loaded tree of modules to a [`Config`].

use crate::address::Address;
use crate::approval;
use crate::assertion;
use crate::baseline;
use crate::brakes;
use crate::config::{Config, ControlId, Module, Undecided};
use crate::console::Console;
use crate::context::Context;
use crate::controls;
use crate::each::{Each, each};
use crate::environment::Environment;
use crate::former;
use crate::grammar::argument;
use crate::inputs::Inputs;
use crate::instances::{Instance, Instances, evaluate};
use crate::load::{Loaded, Tree};
use crate::moved::{Moves, Standing};
use crate::names::keyed;
use crate::path;
use crate::reference::unkeyed;
use crate::references::references;
use crate::requirement::{self, Surroundings};
use crate::syntax::{Block, Node};
use crate::targets::{self, Scope};
use crate::unit::{self, Unit};
use crate::unmade;
use crate::validation::validate;
use crate::waiver::{self, Pending};
use ordain_model::Text;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Reported};
use ordain_model::source::Span;
use std::collections::{BTreeMap, BTreeSet};

struct Resolver<'a, 't, 'c> {
    units: &'a [Unit<'t>],
    instances: &'a Instances,
    context: &'a mut Context<'c>,
    /// Every control that any module declares.
    controls: &'a BTreeSet<ControlId>,
    /// The targets that each instance of each module sees.
    scopes: Vec<Vec<Scope>>,
    moves: Moves,
    standing: Standing,
    /// Where each requirement stands, and each thing that has no value, by its address.
    addresses: BTreeMap<Text, Address>,
    /// Waivers, until every requirement is known.
    waivers: Vec<Pending>,
    config: Config,
}

/// Resolves every module. Mistakes are reported; the result is complete when there are none.
pub(crate) fn resolve(tree: &Tree, inputs: &Inputs, context: &mut Context<'_>) -> Config {
    let blocks = tree.modules.iter().flat_map(|module| module.folder.blocks());
    let controls: BTreeSet<ControlId> =
        blocks.filter(|block| &*block.kind.text == "control").filter_map(controls::id).collect();
    let units = unit::read(tree, context);
    let references = references(&units, context);
    let instances = evaluate(&units, &references, inputs, context);
    let mut resolver = Resolver {
        units: &units,
        instances: &instances,
        context,
        controls: &controls,
        scopes: Vec::new(),
        moves: Moves::default(),
        standing: Standing::default(),
        addresses: BTreeMap::new(),
        waivers: Vec::new(),
        config: Config { modules: modules(tree), ..Config::default() },
    };
    for (address, span) in &instances.undecided {
        resolver.undecided(address.clone(), *span);
    }
    (0..units.len()).for_each(|at| resolver.module(at));
    resolver.moves.check(&resolver.standing, resolver.context);
    let other_ids = former::settle(&mut resolver.config, &resolver.addresses, &resolver.moves);
    let (mut config, waivers) = (resolver.config, resolver.waivers);
    let root = instances.of.into_iter().next().and_then(|mut instances| instances.pop());
    config.console = root.map(|root| Console::new(root.bindings)).unwrap_or_default();
    config.requirements.sort_by(|one, other| one.address.cmp(&other.address));
    config.assertions.sort_by(|one, other| one.address.cmp(&other.address));
    config.approvals.sort_by(|one, other| one.address.cmp(&other.address));
    config.brakes.sort_by(|one, other| one.address.cmp(&other.address));
    config.undecided.sort_by(|one, other| one.address.cmp(&other.address));
    unique_ids(&config, context);
    waiver::settle(waivers, &mut config, context);
    for module in &mut config.modules {
        module.digest = context.reads.digest(&module.directory, module.digest);
        module.contents = context.reads.contents(&module.directory);
    }
    config.baselines.sort_by(|one, other| one.address.cmp(&other.address));
    baseline::settle(&mut config, &other_ids, context);
    config
}

fn modules(tree: &Tree) -> Vec<Module> {
    let module = |loaded: &Loaded| Module {
        path: loaded.path.clone(),
        directory: loaded.folder.beside.called.clone(),
        files: loaded.folder.files.iter().map(|file| file.source).collect(),
        digest: loaded.folder.digest,
        contents: BTreeMap::new(),
        local: loaded.folder.is_local(),
        package: loaded.packaged(),
        targets: BTreeSet::new(),
        undecided: false,
    };
    let mut modules: Vec<Module> = tree.modules.iter().map(module).collect();
    modules.sort_by(|one, other| one.path.cmp(&other.path));
    modules
}

/// An `id` names one requirement for good.
fn unique_ids(config: &Config, context: &mut Context<'_>) {
    let mut seen = BTreeMap::new();
    for requirement in &config.requirements {
        let id = &requirement.id;
        if let Some(first) = seen.insert(id, requirement) {
            context.duplicate(code::DUPLICATE_NAME, &format!("the id `{id}`"), first.span, requirement.span);
        }
    }
}

impl Resolver<'_, '_, '_> {
    /// Every instance of a module, whose importers were resolved.
    fn module(&mut self, at: usize) {
        let (units, instances) = (self.units, self.instances);
        let ordain = units[at].declarations.of("ordain").values().next().copied();
        self.config.lints.read(&units[at].loaded.folder, ordain, self.context);
        match (units[at].loaded.path.is_empty(), ordain) {
            (true, ordain) => self.config.journal = ordain.and_then(|block| self.journal(&units[at], block)),
            (false, ordain) => {
                self.no_targets(&units[at]);
                self.no_journal(ordain);
            }
        }
        validate(&units[at], &instances.of[at], self.context);
        if instances.of[at].is_empty() {
            unmade::check_module(&units[at], self.context);
        }
        let mut scopes = Vec::with_capacity(instances.of[at].len());
        for instance in &instances.of[at] {
            let around = self.context.enter(instance.name.clone());
            let scope = match units[at].importer {
                None => self.targets(&units[at], instance),
                Some((importer, block)) => self.given_targets(importer, block, instance),
            };
            self.instance(&units[at], instance, &scope);
            scopes.push(scope);
            self.context.leave(around);
        }
        let path = &units[at].loaded.path;
        if let Ok(place) = self.config.modules.binary_search_by(|module| module.path.cmp(path)) {
            let given = scopes.iter().filter_map(|scope| scope.names.as_ref().ok()).flat_map(BTreeMap::keys);
            let module = &mut self.config.modules[place];
            module.targets.extend(given.cloned());
            let above =
                |open: &str| path.strip_prefix(open).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
            module.undecided = scopes.iter().any(|scope| scope.names.is_err())
                || instances.undecided.iter().any(|(open, _)| above(&unkeyed(&open.to_string())));
        }
        self.scopes.push(scopes);
    }

    fn instance(&mut self, unit: &Unit<'_>, instance: &Instance, scope: &Scope) {
        let environment = Environment::of(&instance.bindings);
        self.standing.add(instance.address.clone());
        for block in &unit.declarations.moved {
            self.moves.add(block, &instance.address, self.context);
        }
        if unit.loaded.path.is_empty() {
            self.config.variables = instance.bindings.variables().clone();
        }
        for block in unit.declarations.of("control").values() {
            if let (Some(id), Ok(control)) = (controls::id(block), controls::declare(block, &environment, self.context))
            {
                controls::add(&mut self.config.controls, id, control, self.context);
            }
        }
        let around = Surroundings { module: &instance.bindings, targets: scope, controls: self.controls };
        for (name, block) in unit.declarations.of("require") {
            let place = |key: &Text| instance.address.member("require", name, Some(key));
            let made = declare(block, &environment, self.context, place, |each, context| {
                requirement::declare(block, each, &around, context)
            });
            if made.is_empty() {
                unmade::check_requirement(block, unit, self.context);
            }
            for (key, made) in made {
                let address = instance.address.member("require", name, key.as_ref());
                match made {
                    Ok(requirement) => {
                        self.standing.add(address.clone());
                        self.addresses.insert(requirement.address.clone(), address);
                        self.config.requirements.push(requirement);
                    }
                    Err(_) => self.undecided(address, block.header()),
                }
            }
        }
        for (name, block) in unit.declarations.of("assert") {
            match assertion::declare(block, &around, self.context) {
                Ok(assertion) => self.config.assertions.push(assertion),
                Err(_) => self.undecided(instance.address.member("assert", name, None), block.header()),
            }
        }
        for (name, block) in unit.declarations.of("approval") {
            match approval::declare(block, scope, &environment, self.context) {
                Ok(approval) => self.config.approvals.push(approval),
                Err(_) => self.undecided(instance.address.member("approval", name, None), block.header()),
            }
        }
        for (name, block) in unit.declarations.of("brakes") {
            match brakes::declare(block, scope, &environment, self.context) {
                Ok(brakes) => self.config.brakes.push(brakes),
                Err(_) => self.undecided(instance.address.member("brakes", name, None), block.header()),
            }
        }
        self.exceptions(unit, instance, &environment);
    }

    fn exceptions(&mut self, unit: &Unit<'_>, instance: &Instance, environment: &Environment<'_>) {
        for (name, block) in unit.declarations.of("waiver") {
            match waiver::declare(block, environment, self.context) {
                Ok(waiver) => self.waivers.push(waiver),
                Err(_) => self.undecided(instance.address.member("waiver", name, None), block.header()),
            }
        }
        for (name, block) in unit.declarations.of("baseline") {
            match baseline::declare(block, environment, self.context) {
                Ok(baseline) => self.config.baselines.push(baseline),
                Err(_) => self.undecided(instance.address.member("baseline", name, None), block.header()),
            }
        }
    }

    /// Something that has no value. In a configuration without errors, that is because a variable has none.
    fn undecided(&mut self, address: Address, span: Span) {
        let written: Text = address.to_string().into();
        self.config.undecided.push(Undecided { address: written.clone(), formerly: Vec::new(), span });
        self.standing.add_undecided(address.clone());
        self.addresses.insert(written, address);
    }

    /// The targets of the root module.
    fn targets(&mut self, unit: &Unit<'_>, instance: &Instance) -> Scope {
        let environment = Environment::of(&instance.bindings);
        let mut names = Ok(BTreeMap::new());
        for (name, block) in unit.declarations.of("target") {
            let place = |key: &Text| instance.address.member("target", name, Some(key));
            let made = declare(block, &environment, self.context, place, |each, context| {
                let environment = Environment { own: &each.own, ..environment };
                Ok(targets::declare(block, &environment, context))
            });
            if made.is_empty() {
                unmade::check_target(block, unit, self.context);
            }
            for (key, made) in made {
                let name = keyed(name, key.as_ref());
                match &made {
                    // Which targets there are is not known.
                    Err(reported) => names = Err(*reported),
                    Ok(_) => {
                        let labels: Vec<&str> = block.labels.iter().map(|label| &*label.text).collect();
                        let [provider, label] = labels.as_slice() else { continue };
                        let object = Scope::object(provider, label, key.as_ref());
                        drop(names.as_mut().map(|names| names.insert(name.clone(), object)));
                    }
                }
                match made.flatten() {
                    Ok(target) => drop(self.config.targets.insert(name, target)),
                    Err(_) => self.undecided(instance.address.member("target", &name, None), block.header()),
                }
            }
        }
        targets::one_sort(&self.config.targets, self.context);
        Scope { names, importer: None }
    }

    /// The targets that an importer gives an instance.
    fn given_targets(&mut self, importer: usize, block: &Block, instance: &Instance) -> Scope {
        let importers =
            (self.instances.of[importer].get(instance.importer)).zip(self.scopes[importer].get(instance.importer));
        let names = match (argument(&block.body, "targets"), importers) {
            (Some(named), Some((from, scope))) => {
                let environment = Environment { module: &from.bindings, own: &instance.each.own };
                let named = scope.named(named, None, &environment, self.context);
                named.map(|names| {
                    names.into_iter().filter_map(|name| Some((name.clone(), scope.about(&name)?))).collect()
                })
            }
            _ => Ok(BTreeMap::new()),
        };
        Scope { names, importer: Some(block.header()) }
    }

    /// Where the root module says that the journal is kept. A directory is relative to the module's.
    fn journal(&mut self, unit: &Unit<'_>, block: &Block) -> Option<Text> {
        let expression = argument(&block.body, "journal")?;
        match &expression.node {
            Node::String(name) if name.contains("://") => Some(name.clone()),
            Node::String(name) if !name.is_empty() => {
                Some(path::join(&unit.loaded.folder.beside.directory, name).into())
            }
            _ => {
                let seen = self.context.seen(expression);
                let detail = format!("the journal is a directory or the address of a bucket; seen `{seen}`");
                let diagnostic = Diagnostic::error(code::WRONG_TYPE, expression.span, detail);
                self.context.push(diagnostic.paste("journal = \"s3://BUCKET/PREFIX\""));
                None
            }
        }
    }

    /// No imported module says where the journal is: what is applied, and in whose name, its importer decides.
    fn no_journal(&mut self, block: Option<&Block>) {
        if let Some(journal) = block.and_then(|block| argument(&block.body, "journal")) {
            let detail = "the root module says where the journal is kept";
            let help = "Move the argument to the `ordain` block of the root module.";
            self.context.push(Diagnostic::error(code::JOURNAL_IN_MODULE, journal.span, detail).help(help));
        }
    }

    /// No imported module declares targets: what it is about, its importer decides.
    fn no_targets(&mut self, unit: &Unit<'_>) {
        for block in unit.declarations.of("target").values() {
            let detail = "targets are declared in the root module; an imported module is given some";
            let help = "Move the block to the root module and pass the target in `targets` of the `module` block.";
            self.context.push(Diagnostic::error(code::TARGET_IN_MODULE, block.header(), detail).help(help));
        }
    }
}

/// What a block declares in each of its instances, with their keys, which `place` makes addresses of; one failure where it is not known which there are.
fn declare<T>(
    block: &Block,
    environment: &Environment<'_>,
    context: &mut Context<'_>,
    place: impl Fn(&Text) -> Address,
    mut one: impl FnMut(&Each, &mut Context<'_>) -> Result<T, Reported>,
) -> Vec<(Option<Text>, Result<T, Reported>)> {
    match each(block, environment, 1, context) {
        Ok(instances) => {
            let made = |each: &Each| {
                let name = each.key.as_ref().map(|key| place(key).to_string().into());
                (each.key.clone(), context.within(name, |context| one(each, context)))
            };
            instances.iter().map(made).collect()
        }
        Err(reported) => vec![(None, Err(reported))],
    }
}
