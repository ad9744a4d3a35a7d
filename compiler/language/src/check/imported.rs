//! `module.a.output`, `module.a["key"].output`, and the names that a block has of its own: `each.key`, `target.name`.

use super::{Outputs, Shape, Walk};
use crate::context::list;
use crate::names::name;
use crate::syntax::{Name, Step};
use ordain_model::code;
use ordain_model::diagnostic::Diagnostic;
use ordain_model::source::Span;

impl Walk<'_, '_> {
    /// What is used of an imported module: one output, or where none is named all of them.
    pub(super) fn imported(&mut self, module: &Name, span: Span, steps: &[Step]) -> Shape {
        let visible = self.visible;
        let Some(known) = visible.names.modules.get(&module.text) else {
            let names: Vec<&str> = visible.names.modules.keys().map(|name| &**name).collect();
            let detail = format!("this module imports no module `{}`", module.text);
            let diagnostic = self.context.unknown_message(code::UNKNOWN_NAME, module, detail, &names);
            return self.fail(diagnostic);
        };
        // What is in a module that could not be read is not known: why was reported.
        let Some(outputs) = known else { return self.silent() };
        let after_key = if outputs.keyed { steps.get(1..).unwrap_or_default() } else { steps };
        let keyed = outputs.keyed && !matches!(steps.first(), None | Some(Step::Each(..)));
        match after_key.first().filter(|_| keyed || !outputs.keyed).map(written) {
            Some(Some(name)) => self.output(module, &name, outputs, span),
            Some(None) | None => {
                let used = self.uses.modules.entry(module.text.clone()).or_default();
                for output in &outputs.names {
                    used.entry(output.clone()).or_insert(span);
                }
            }
        }
        self.steps(Shape::Any, steps)
    }

    fn output(&mut self, module: &Name, output: &Name, outputs: &Outputs, span: Span) {
        if outputs.names.contains(&output.text) {
            let used = self.uses.modules.entry(module.text.clone()).or_default();
            used.entry(output.text.clone()).or_insert(span.to(output.span));
            return;
        }
        let names: Vec<&str> = outputs.names.iter().map(|name| &**name).collect();
        let detail = format!("the module `{}` has no output `{}`", module.text, output.text);
        let diagnostic = self.context.unknown_message(code::UNKNOWN_NAME, output, detail, &names);
        self.fail(diagnostic);
    }

    /// A member of a name that only this block has.
    pub(super) fn own(&mut self, root: &str, member: &Name, members: &[&str], rest: &[Step]) -> Shape {
        if members.contains(&&*member.text) {
            return self.steps(Shape::Any, rest);
        }
        let detail = format!("`{root}` has {}, and no `{}`", list(members.iter().copied()), member.text);
        self.fail(Diagnostic::error(code::UNKNOWN_NAME, member.span, detail))
    }
}

/// The name that a step says, where it says one.
fn written(step: &Step) -> Option<Name> {
    name(step).map(|text| Name { text: text.clone(), span: step.span() })
}
