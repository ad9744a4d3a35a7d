//! `validation` blocks: what every value of a variable must satisfy, its default too, in the words of who declares it.

use crate::bindings::Bindings;
use crate::check::{Subject, Uses, Visible, check};
use crate::context::Context;
use crate::environment::Own;
use crate::grammar::{only, required};
use crate::instances::Instance;
use crate::syntax::{Block, Expression};
use crate::unit::Unit;
use crate::variable::{Variable, shown};
use crate::variable_type::unfit;
use ordain_model::Text;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Reported, Severity};
use ordain_model::source::Span;
use ordain_model::types::Mismatch;
use ordain_model::value::Value;
use std::sync::Arc;

/// A condition on a variable.
struct Validation<'t> {
    name: &'t Text,
    condition: &'t Expression,
    message: &'t Expression,
    /// What the condition uses, and what the message does.
    uses: (Uses, Uses),
}

/// A value on which a condition is tried.
struct Tried<'a> {
    value: Option<&'a Value>,
    /// Where it stands, and who gives it.
    place: Option<Span>,
    who: &'a str,
    bindings: &'a Bindings,
    /// Whether its value may be shown.
    public: bool,
}

/// Tries every validation of a module on the default of its variable and on the value that each instance has.
pub(crate) fn validate(unit: &Unit<'_>, instances: &[Instance], context: &mut Context<'_>) {
    for (name, block) in unit.declarations.of("variable") {
        let Some(Ok(variable)) = unit.variables.get(name) else { continue };
        for inner in block.body.blocks.iter().filter(|inner| &*inner.kind.text == "validation") {
            if let Ok(validation) = Validation::read(name, inner, unit, context) {
                if validation.is_alone() {
                    validation.default(unit, variable, context);
                }
                validation.instances(instances, variable, context);
            }
        }
    }
}

impl<'t> Validation<'t> {
    fn read(
        name: &'t Text,
        block: &'t Block,
        unit: &Unit<'_>,
        context: &mut Context<'_>,
    ) -> Result<Validation<'t>, Reported> {
        only(&block.body, &["condition", "error_message"], &[], "a `validation` block", context);
        let visible = Visible { names: &unit.names, each: false, target: false };
        let condition = required(block, "condition", &format!("condition = var.{name} != \"\""), context);
        let message = required(block, "error_message", "error_message = \"What a value must be.\"", context);
        let uses = |expression: &Expression, context: &mut Context<'_>| {
            check(expression, visible, Subject::None, context).map(|checked| checked.uses)
        };
        let used = condition.and_then(|condition| uses(condition, context));
        let said = message.and_then(|message| uses(message, context));
        let (condition, message, uses) = (condition?, message?, (used?, said?));
        if uses.0.variables.contains_key(name) {
            return Ok(Validation { name, condition, message, uses });
        }
        let detail = format!("this condition does not name `var.{name}`: it says the same whatever the value is");
        Err(context.error(code::IDLE_VALIDATION, condition.span, detail))
    }

    /// Whether nothing but the variable itself is asked for: then the default can be tried on its own.
    fn is_alone(&self) -> bool {
        let (condition, message) = &self.uses;
        [condition, message].iter().all(|uses| {
            let own = uses.variables.keys().all(|name| name == self.name);
            own && uses.locals.is_empty() && uses.modules.is_empty()
        })
    }

    /// Tries the default, also where something else is given: who leaves the variable out would get it.
    fn default(&self, unit: &Unit<'_>, variable: &Variable, context: &mut Context<'_>) {
        let Some((default, place)) = &variable.default else { return };
        let mut bindings =
            Bindings::new("".into(), &unit.loaded.folder.beside, Arc::clone(&unit.names), unit.declarations.calendar);
        bindings.set_variable(self.name, Ok(default.clone()));
        bindings.ephemeral.extend(variable.ephemeral.then(|| self.name.clone()));
        bindings.close();
        let who = "its default";
        let public = !variable.ephemeral;
        self.check(&Tried { value: Some(default), place: Some(*place), who, bindings: &bindings, public }, context);
    }

    fn instances(&self, instances: &[Instance], variable: &Variable, context: &mut Context<'_>) {
        for instance in instances {
            let given = instance.given.get(self.name);
            let (place, who) = match given {
                Some(given) => (given.span, &*given.who),
                None if self.is_alone() => continue,
                None => (variable.default.as_ref().map(|(_, place)| *place), "its default"),
            };
            let bindings = &instance.bindings;
            let (value, public) = (bindings.variables().get(self.name), !variable.ephemeral);
            let tried = Tried { value, place, who, bindings, public };
            context.within(instance.name.clone(), |context| self.check(&tried, context));
        }
    }

    /// Reports a value that the condition refuses.
    fn check(&self, tried: &Tried<'_>, context: &mut Context<'_>) {
        let (condition, message) = &self.uses;
        match tried.bindings.value(self.condition, condition, Own::NONE, context) {
            Err(_) | Ok(Value::Bool(true)) => {}
            Ok(Value::Bool(false)) => {
                let said = tried.bindings.refuse_ephemeral(message, context);
                let said = said.and_then(|()| tried.bindings.value(self.message, message, Own::NONE, context));
                match said {
                    Ok(Value::String(said)) => self.refuse(tried, &said, context),
                    Ok(_) => drop(unfit(self.message, &Mismatch::new("a text"), context)),
                    Err(_) => {}
                }
            }
            Ok(_) => drop(unfit(self.condition, &Mismatch::new("a condition: `true` or `false`"), context)),
        }
    }

    fn refuse(&self, tried: &Tried<'_>, said: &str, context: &mut Context<'_>) {
        let name = self.name;
        let seen = match tried.value.filter(|_| tried.public) {
            Some(value) => format!("{} gives `var.{name}` the value {}", tried.who, shown(value)),
            None => format!("{} gives `var.{name}` a value that it must not have", tried.who),
        };
        let diagnostic = Diagnostic::new(code::FAILED_VALIDATION, Severity::Error, format!("{seen}: {said}"));
        let diagnostic = tried.place.map_or(diagnostic.clone(), |place| diagnostic.label(place, "the value"));
        let diagnostic = diagnostic.label(self.condition.span, "what every value must satisfy");
        let others = self.uses.0.variables.keys().filter(|other| *other != name);
        let known = others.filter_map(|other| Some((other, tried.bindings.variables().get(other)?)));
        let others: Vec<String> = known.map(|(other, value)| format!("`var.{other}` is {}.", shown(value))).collect();
        context.push(if others.is_empty() { diagnostic } else { diagnostic.help(others.join(" ")) });
    }
}
