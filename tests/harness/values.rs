//! [`values`]: expressions and what they come to, in the locals and defaults of a module: the lines of a `values` block.

use ordain_language::evaluate::{Root, Scope, evaluate, unknown_name};
use ordain_language::parse::{parse, parse_expression};
use ordain_language::syntax::{Expression, Name, Node, Syntax};
use ordain_model::Text;
use ordain_model::diagnostic::{Diagnostic, Diagnostics};
use ordain_model::duration::Calendar;
use ordain_model::source::Sources;
use ordain_model::value::Value;
use std::collections::BTreeMap;

/// What separates an expression from its value.
const ARROW: &str = " -> ";

/// The names of a module: locals, and variables as their defaults.
#[derive(Default)]
struct Module {
    members: BTreeMap<(&'static str, Text), Expression>,
    calendar: Calendar,
}

impl Module {
    fn of(syntax: &Syntax) -> Module {
        let mut module = Module::default();
        for block in &syntax.body.blocks {
            for attribute in &block.body.attributes {
                let name = |root, name: &Text| (root, name.clone());
                let key = match (&*block.kind.text, &*attribute.name.text, block.labels.first()) {
                    ("locals", _, _) => name("local", &attribute.name.text),
                    ("variable", "default", Some(label)) => name("var", &label.text),
                    ("ordain", "calendar", _) if matches!(&attribute.value.node, Node::String(word) if &**word == "nominal") =>
                    {
                        module.calendar = Calendar::Nominal;
                        continue;
                    }
                    _ => continue,
                };
                let _ = module.members.insert(key, attribute.value.clone());
            }
        }
        module
    }
}

impl Scope for Module {
    fn root(&self, name: &str) -> Root {
        match name {
            "local" | "var" => Root::Namespace { strict: u32::MAX },
            _ => Root::Absent,
        }
    }

    fn member(&self, root: &str, name: &Name) -> Result<Value, Box<Diagnostic>> {
        let found = self.members.iter().find(|((of, member), _)| *of == root && *member == name.text);
        evaluate(found.ok_or_else(|| unknown_name(name, "a member", []))?.1, self)
    }

    fn roots(&self) -> Vec<Text> {
        vec!["local".into(), "var".into()]
    }

    fn calendar(&self) -> Calendar {
        self.calendar
    }
}

/// The lines with the value of each expression behind it, or the error it gives.
#[must_use]
pub fn values(module: &str, lines: &str) -> String {
    let mut sources = Sources::default();
    let mut diagnostics = Diagnostics::default();
    let id = sources.add("main.hcl", module);
    let module = Module::of(&parse(&sources, id, &mut diagnostics));
    let line = |line: &str| {
        let expression = line.split_once(ARROW).map_or(line, |(expression, _)| expression).trim_end();
        if expression.is_empty() || expression.starts_with('#') {
            return format!("{line}\n");
        }
        let mut diagnostics = Diagnostics::default();
        let id = sources.add("line", expression);
        let read = parse_expression(&sources, id, &mut diagnostics).ok_or_else(|| diagnostics.items().first().cloned());
        let result = match read.map(|expression| evaluate(&expression, &module)) {
            Ok(Ok(value)) => value.to_string(),
            Ok(Err(message)) => format!("error: {}", message.detail),
            Err(message) => format!("error: {}", message.map_or_else(String::new, |message| message.detail)),
        };
        format!("{expression}{ARROW}{result}\n")
    };
    lines.lines().map(line).collect()
}
