//! Our answer to what Terraform was asked.
#![expect(clippy::expect_used, reason = "a test fails by it")]

use crate::recorded::{Answer, FILES};
use ordain_language::evaluate::{Root, Scope, evaluate, unknown_name};
use ordain_language::files::{ContentProblem, ModuleFiles, content_of, names_of};
use ordain_language::parse::{parse, parse_expression};
use ordain_language::syntax::Name;
use ordain_model::Text;
use ordain_model::diagnostic::{Diagnostic, Diagnostics};
use ordain_model::source::{SourceId, Sources};
use ordain_model::value::Value;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A scope with one name, `x`, or none, and the module's files.
struct Only(Option<Value>, Module);

struct Module {
    files: BTreeMap<String, &'static [u8]>,
    templates: RefCell<Sources>,
}

impl Only {
    fn new(x: Option<Value>) -> Only {
        let files = FILES.iter().map(|(path, bytes)| ((*path).to_owned(), *bytes)).collect();
        Only(x, Module { files, templates: RefCell::default() })
    }
}

impl ModuleFiles for Module {
    fn content(&self, path: &str) -> Result<Arc<[u8]>, ContentProblem> {
        content_of(&self.files, path).map(Arc::from)
    }

    fn names(&self, path: &str, depth: usize) -> Result<Arc<[String]>, ContentProblem> {
        Ok(names_of(&self.files, if path.is_empty() { "." } else { path }, depth).into())
    }

    fn source(&self, path: &str, text: &str) -> SourceId {
        self.templates.borrow_mut().add(path, text)
    }
}

impl Scope for Only {
    fn root(&self, name: &str) -> Root {
        match (name, &self.0) {
            ("x", Some(value)) => Root::Value(value.clone()),
            ("path", _) => Root::Namespace { strict: u32::MAX },
            _ => Root::Absent,
        }
    }

    fn member(&self, _: &str, name: &Name) -> Result<Value, Box<Diagnostic>> {
        match &*name.text {
            "module" => Ok(Value::string(".")),
            _ => Err(unknown_name(name, "anything", [])),
        }
    }

    fn roots(&self) -> Vec<Text> {
        Vec::new()
    }

    fn files(&self) -> Option<&dyn ModuleFiles> {
        Some(&self.1)
    }
}

/// The JSON of the first attribute of the first block of a file, or the code of the error.
pub fn answer(text: &str) -> Answer {
    let mut sources = Sources::default();
    let (file, encode) = (sources.add("main.hcl", text), sources.add("encode", "jsonencode(x)"));
    let mut diagnostics = Diagnostics::default();
    let syntax = parse(&sources, file, &mut diagnostics);
    let encode = parse_expression(&sources, encode, &mut diagnostics);
    if let Some(first) = diagnostics.items().first() {
        return Answer::Error(first.code.name.into());
    }
    let expression = &syntax.body.blocks[0].body.attributes[0].value;
    let json = evaluate(expression, &Only::new(None))
        .and_then(|value| evaluate(&encode.expect("it reads"), &Only::new(Some(value))));
    match json {
        Ok(json) => Answer::Value(json.as_str().expect("JSON is text").into()),
        Err(error) => Answer::Error(error.code.name.into()),
    }
}
