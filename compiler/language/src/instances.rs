//! [`Instances`]: every instance of every module with the values of its names.

use crate::address::Address;
use crate::bindings::Bindings;
use crate::check::Uses;
use crate::context::Context;
use crate::each::{self, Each};
use crate::inputs::Inputs;
use crate::outside;
use crate::references::{Node, References, What};
use crate::unit::Unit;
use crate::unmade;
use crate::variable::{Given, Giver};
use ordain_model::Text;
use ordain_model::diagnostic::Reported;
use ordain_model::source::Span;
use ordain_model::value::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Every instance of every module.
pub(crate) struct Instances {
    /// By the module's place in the tree, importers before what they import.
    pub(crate) of: Vec<Vec<Instance>>,
    /// Imports of which it is not known which instances there are, each with its block's header.
    pub(crate) undecided: Vec<(Address, Span)>,
}

/// One instance of a module.
pub(crate) struct Instance {
    pub(crate) bindings: Bindings,
    pub(crate) address: Address,
    /// How messages call it, where there may be several of its module.
    pub(crate) name: Option<Text>,
    /// Its key, and what `each` means in the block that imports it.
    pub(crate) each: Each,
    /// Who gives its variables their values, where it is not their defaults.
    pub(crate) given: BTreeMap<Text, Source>,
    /// The place of the importing instance among those of its module.
    pub(crate) importer: usize,
}

/// Who gives a variable its value, in words, and where.
pub(crate) struct Source {
    pub(crate) who: String,
    pub(crate) span: Option<Span>,
}

/// A value for each instance of a module.
type Values = Vec<Result<Value, Reported>>;

struct Evaluation<'a, 't, 'c> {
    units: &'a [Unit<'t>],
    /// What the root module is given, and what a variable without a value is.
    given: BTreeMap<Text, Given>,
    inputs: &'a Inputs,
    instances: Instances,
    context: &'a mut Context<'c>,
}

/// Evaluates every value of every instance, each after what it uses.
pub(crate) fn evaluate(
    units: &[Unit<'_>],
    references: &References<'_>,
    inputs: &Inputs,
    context: &mut Context<'_>,
) -> Instances {
    let mut instances = Instances { of: units.iter().map(|_| Vec::new()).collect(), undecided: Vec::new() };
    let given = match units.first() {
        Some(root) => {
            instances.of[0].push(Instance::new(root, Address::default(), Each::default(), 0));
            outside::given(inputs, &root.variables, root.declarations.calendar, context)
        }
        None => BTreeMap::new(),
    };
    let mut evaluation = Evaluation { units, given, inputs, instances, context };
    for at in &references.order {
        evaluation.node(&references.nodes[*at]);
    }
    for (at, reported) in &references.cyclic {
        evaluation.fail(&references.nodes[*at], *reported);
    }
    let mut instances = evaluation.instances;
    instances.of.iter_mut().flatten().for_each(|instance| instance.bindings.close());
    instances
}

impl Instance {
    fn new(unit: &Unit<'_>, address: Address, each: Each, importer: usize) -> Instance {
        let calendar = unit.declarations.calendar;
        let path: Text = address.to_string().into();
        let name = address.is_keyed().then(|| Text::clone(&path));
        let mut bindings = Bindings::new(path, &unit.loaded.folder.beside, Arc::clone(&unit.names), calendar);
        let declared = unit.variables.iter().filter_map(|(name, variable)| Some((name, variable.as_ref().ok()?)));
        for (name, variable) in declared {
            bindings.declared.insert(name.clone(), variable.span);
            bindings.ephemeral.extend(variable.ephemeral.then(|| name.clone()));
            bindings.bounded.extend(variable.is_bounded().then(|| name.clone()));
        }
        Instance { bindings, address, name, each, given: BTreeMap::new(), importer }
    }
}

impl Evaluation<'_, '_, '_> {
    fn node(&mut self, node: &Node<'_>) {
        match node.what {
            What::Import => self.import(node),
            What::Variable => self.variable(node),
            What::Local => {
                let values = self.values(node);
                for (instance, value) in self.instances.of[node.module].iter_mut().zip(values) {
                    match &node.uses {
                        Ok(uses) => instance.bindings.set_local(&node.name, value, uses),
                        Err(reported) => instance.bindings.fail("local", &node.name, *reported),
                    }
                }
            }
            What::Output => {
                let values = self.values(node);
                self.output(node, values);
            }
        }
    }

    /// The value of a node's expression in each instance of its module.
    fn values(&mut self, node: &Node<'_>) -> Values {
        let public = node.what != What::Local;
        let value = |instance: &Instance, context: &mut Context<'_>| {
            let uses = node.uses.as_ref().map_err(|reported| *reported)?;
            let Some(expression) = node.expression else { return Ok(Value::Null) };
            if node.what == What::Import {
                each::exhausted(context)?;
            }
            if public {
                instance.bindings.refuse_ephemeral(uses, context)?;
            }
            instance.bindings.value(expression, uses, crate::environment::Own::NONE, context)
        };
        let instances = self.instances.of[node.module].iter();
        let context = &mut *self.context;
        instances.map(|instance| context.within(instance.name.clone(), |context| value(instance, context))).collect()
    }

    /// Makes the instances of an imported module, in each instance of the importer.
    fn import(&mut self, node: &Node<'_>) {
        let Some(child) = self.units[node.module].loaded.children.get(&node.name).copied() else { return };
        let Some((_, block)) = self.units[child].importer else { return };
        let unit = &self.units[child];
        let outputs = unit.declarations.of("output").keys().map(|output| (output.clone(), Value::Null));
        let outputs = Value::Object(Arc::new(outputs.collect()));
        let values = self.values(node);
        let none = Uses::default();
        let uses = node.uses.as_ref().unwrap_or(&none);
        for (importer, value) in values.into_iter().enumerate() {
            let made = match node.expression {
                None => Ok(vec![Each::default()]),
                Some(each) => value.and_then(|value| each::instances(each, &value, unit.size(), self.context)),
            };
            let Instance { bindings, address, .. } = &mut self.instances.of[node.module][importer];
            let address = address.clone();
            match made {
                Ok(made) => {
                    if let (true, Some(each)) = (made.is_empty(), node.expression) {
                        unmade::check_seals(child, self.units, each, self.context);
                    }
                    let keys = made.iter().filter_map(|each| Some((each.key.clone()?, outputs.clone())));
                    let keyed_outputs = || Value::Object(Arc::new(keys.collect()));
                    let shape = if node.expression.is_some() { keyed_outputs() } else { outputs.clone() };
                    bindings.set_module(&node.name, shape, uses);
                    let instances = made.into_iter().map(|each| {
                        let address = address.member("module", &node.name, each.key.as_ref());
                        Instance::new(unit, address, each, importer)
                    });
                    self.instances.of[child].extend(instances);
                }
                Err(reported) => {
                    bindings.fail("module", &node.name, reported);
                    let address = address.member("module", &node.name, None);
                    self.instances.undecided.push((address, block.header()));
                }
            }
        }
    }

    fn variable(&mut self, node: &Node<'_>) {
        let unit = &self.units[node.module];
        let Some(variable) = unit.variables.get(&node.name) else { return };
        let mut own = std::mem::take(&mut self.instances.of[node.module]);
        for instance in &mut own {
            let (given, giver) = match unit.importer {
                Some((importer, block)) => (self.given(node, importer, instance), Giver::Importer(block.header())),
                None => (self.given.remove(&node.name), Giver::Outside(self.inputs.missing)),
            };
            if let Some(Given { who, span, .. }) = &given {
                instance.given.insert(node.name.clone(), Source { who: who.clone(), span: *span });
            }
            let value = match variable {
                Ok(variable) => self.context.within(instance.name.clone(), |context| {
                    variable.value(&node.name, given.as_ref(), &giver, context)
                }),
                Err(reported) => Err(*reported),
            };
            if let Ok((_, true)) = value {
                instance.bindings.moved.insert(node.name.clone());
            }
            instance.bindings.set_variable(&node.name, value.map(|(value, _)| value));
        }
        self.instances.of[node.module] = own;
    }

    /// What the importing block gives a variable, with `each` of the instance.
    fn given(&mut self, node: &Node<'_>, importer: usize, instance: &Instance) -> Option<Given> {
        let expression = node.expression?;
        let from = &self.instances.of[importer].get(instance.importer)?.bindings;
        let value = node.uses.as_ref().map_err(|reported| *reported).and_then(|uses| {
            self.context.within(instance.name.clone(), |context| {
                from.refuse_ephemeral(uses, context)?;
                from.value(expression, uses, &instance.each.own, context)
            })
        });
        Some(Given {
            value,
            span: Some(expression.span),
            who: format!("`{}`", instance.bindings.path),
            plain_text: false,
            calendar: from.calendar(),
        })
    }

    /// Hands the values of an output to the importing instances.
    fn output(&mut self, node: &Node<'_>, values: Values) {
        let Some((importer, block)) = self.units[node.module].importer else { return };
        let Some(module) = block.labels.first().map(|label| &label.text) else { return };
        let own = std::mem::take(&mut self.instances.of[node.module]);
        for (instance, value) in own.iter().zip(values) {
            let origin = node.uses.as_ref().map(|uses| instance.bindings.origin(uses)).unwrap_or_default();
            let moved: BTreeSet<Text> = origin.variables.intersection(&instance.bindings.moved).cloned().collect();
            if let Some(importer) = self.instances.of[importer].get_mut(instance.importer) {
                let bounded = moved.intersection(&instance.bindings.bounded);
                importer.bindings.bounded.extend(bounded.map(|name| Text::from(format!("module.{module}.{name}"))));
                importer.bindings.set_output((module, instance.each.key.as_ref()), &node.name, value, moved);
            }
        }
        self.instances.of[node.module] = own;
    }

    /// Leaves a value out that depends on itself.
    fn fail(&mut self, node: &Node<'_>, reported: Reported) {
        match node.what {
            What::Output => {
                let values = self.instances.of[node.module].iter().map(|_| Err(reported)).collect();
                self.output(node, values);
            }
            what => {
                for instance in &mut self.instances.of[node.module] {
                    instance.bindings.fail(what.word(), &node.name, reported);
                }
            }
        }
    }
}
