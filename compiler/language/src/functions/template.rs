//! Templates that stand in files of their own.

use super::file::{files, text};
use super::{Code, Failure, Function, Given, Of, Outcome, parameter};
use crate::evaluate::{Evaluator, Root, Scope, unknown_name};
use crate::files::ModuleFiles;
use crate::grammar::is_identifier;
use crate::syntax::Name;
use ordain_model::Text;
use ordain_model::diagnostic::Diagnostic;
use ordain_model::duration::Calendar;
use ordain_model::value::{Fields, Value};
use std::sync::Arc;

pub(super) const FUNCTIONS: &[Function] = &[Function {
    name: "templatefile",
    parameters: &[parameter("path", Of::Text), parameter("variables", Of::Object)],
    rest: None,
    summary: "A file read as a template, with the members of an object as its names: `${name}`, `%{ for item in list }` and what else a heredoc takes. A template reads no other template.",
    examples: &[(
        "templatefile(\"notes/rule.tpl\", { days = 365, names = [\"a\", \"b\"] })",
        "\"Kept 365 days: a b\\n\"",
    )],
    errors: &[
        ("templatefile(\"notes/rule.tpl\", { days = 30 })", "`names` is not the name of anything here: no such name"),
        ("templatefile(\"notes/rule.tpl\", [\"a\"])", "`variables` is a list: expected an object"),
    ],
    code: Code::Strict(filled),
}];

/// The names of a template.
struct Filled<'a> {
    variables: Arc<Fields>,
    files: &'a dyn ModuleFiles,
    calendar: Calendar,
}

impl Scope for Filled<'_> {
    fn root(&self, name: &str) -> Root {
        self.variables.get(name).map_or(Root::Absent, |value| Root::Value(value.clone()))
    }

    fn member(&self, _: &str, name: &Name) -> Result<Value, Box<Diagnostic>> {
        Err(unknown_name(name, "a variable of the template", self.variables.keys().map(|name| &**name)))
    }

    fn roots(&self) -> Vec<Text> {
        self.variables.keys().cloned().collect()
    }

    fn calendar(&self) -> Calendar {
        self.calendar
    }

    fn files(&self) -> Option<&dyn ModuleFiles> {
        Some(self.files)
    }

    fn in_template(&self) -> bool {
        true
    }
}

fn filled(given: &Given<'_>) -> Outcome {
    let outside = given.evaluator.scope;
    if outside.in_template() {
        return Err("a template reads no other template".into());
    }
    let (files, text, variables) = (files(given)?, text(given)?, given.object(1));
    if let Some(name) = variables.keys().find(|name| !is_identifier(name)) {
        return Err(Failure::Argument(1, format!("no template can name `{}`", name.escape_debug())));
    }
    // A tree takes several times its text.
    given.spend(text.len() / 4)?;
    let template = files.template(&crate::path::join(".", given.text(0)), &text);
    let called = |message: Diagnostic| Failure::Message(Box::new(message.label(given.span, "for this call")));
    let Some(expression) = &template.expression else {
        let first = template.mistakes.first().cloned();
        return Err(first.map_or_else(|| Failure::from("the template does not read"), called));
    };
    let scope = Filled { variables, files, calendar: outside.calendar() };
    let evaluator = Evaluator { scope: &scope, budget: given.evaluator.budget };
    evaluator.value(expression, None).map_err(|message| called(*message))
}
