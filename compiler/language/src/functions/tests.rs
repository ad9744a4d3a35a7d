//! Every example of every function runs; no function is without one.

use super::{EXAMPLE_FILES, FAMILIES, REFUSED, all, find};
use crate::evaluate::{Root, Scope, evaluate};
use crate::files::{ContentProblem, ModuleFiles, content_of, names_of};
use crate::parse::parse_expression;
use crate::syntax::Name;
use ordain_model::Text;
use ordain_model::diagnostic::{Diagnostic, Diagnostics};
use ordain_model::source::{SourceId, Sources};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The module in which the examples stand.
struct Module(BTreeMap<String, &'static str>);

impl Module {
    fn new() -> Module {
        Module(EXAMPLE_FILES.iter().map(|(path, text)| ((*path).to_owned(), *text)).collect())
    }
}

impl ModuleFiles for Module {
    fn content(&self, path: &str) -> Result<Arc<[u8]>, ContentProblem> {
        content_of(&self.0, path).map(Arc::from)
    }

    fn names(&self, path: &str, depth: usize) -> Result<Arc<[String]>, ContentProblem> {
        Ok(names_of(&self.0, if path.is_empty() { "." } else { path }, depth).into())
    }

    fn source(&self, _: &str, _: &str) -> SourceId {
        SourceId(0)
    }
}

impl Scope for Module {
    fn root(&self, name: &str) -> Root {
        if name == "path" { Root::Namespace { strict: u32::MAX } } else { Root::Absent }
    }

    fn member(&self, _: &str, name: &Name) -> Result<ordain_model::value::Value, Box<Diagnostic>> {
        match &*name.text {
            "module" => Ok(ordain_model::value::Value::string(".")),
            _ => Err(crate::evaluate::unknown_name(name, "anything", [])),
        }
    }

    fn roots(&self) -> Vec<Text> {
        Vec::new()
    }

    fn files(&self) -> Option<&dyn ModuleFiles> {
        Some(self)
    }
}

fn value(text: &str) -> String {
    told(text, |error| error.detail.clone())
}

/// The value of an expression, or what is told of the error.
fn told(text: &str, tell: fn(&Diagnostic) -> String) -> String {
    let mut sources = Sources::default();
    let id = sources.add("example", text);
    let mut diagnostics = Diagnostics::default();
    match parse_expression(&sources, id, &mut diagnostics).map(|expression| evaluate(&expression, &Module::new())) {
        None => format!("does not read: {:?}", diagnostics.items()),
        Some(Ok(value)) => value.to_string(),
        Some(Err(error)) => format!("error: {}", tell(&error)),
    }
}

/// What a message says, with what stands at its place.
fn whole(error: &Diagnostic) -> String {
    match error.labels.iter().find(|label| !label.text.is_empty()) {
        Some(label) => format!("{}: {}", error.detail, label.text),
        None => error.detail.clone(),
    }
}

#[test]
fn errors_are_said() {
    let mut wrong = Vec::new();
    for function in all() {
        let required = function.parameters.iter().any(|parameter| !parameter.optional);
        assert!(!required || !function.errors.is_empty(), "{} shows no error", function.name);
        for (call, expected) in function.errors {
            let (actual, expected) = (told(call, whole), format!("error: {expected}"));
            if actual != expected {
                wrong.push(format!("{call}\n  is {actual}\n not {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn examples_hold() {
    let mut wrong = Vec::new();
    for function in all() {
        assert!(!function.examples.is_empty(), "{} has no example", function.name);
        for (expression, result) in function.examples {
            assert!(expression.contains(function.name), "{expression} does not call {}", function.name);
            let (actual, expected) = (value(expression), value(result));
            if actual != expected || actual.starts_with("error") {
                wrong.push(format!("{expression}\n  is {actual}\n not {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn families_are_sorted_and_names_unique() {
    for list in FAMILIES.iter().flat_map(|family| family.lists.iter()) {
        assert!(list.is_sorted_by_key(|function| function.name));
    }
    assert!(FAMILIES.is_sorted_by_key(|family| family.title));
    assert!(all().windows(2).all(|pair| pair[0].name < pair[1].name));
    assert!(all().iter().all(|function| find(function.name).is_some_and(|found| found.name == function.name)));
}

#[test]
fn optional_parameters_come_last() {
    for function in all() {
        assert!(function.parameters.is_sorted_by_key(|parameter| parameter.optional), "{}", function.name);
        assert!(function.summary.ends_with('.'), "{}", function.name);
    }
}

#[test]
fn signatures_read_well() {
    let signature = |name: &str| find(name).expect("there is such a function").signature();
    assert_eq!(signature("lookup"), "lookup(object: object, key: string, default?: any)");
    assert_eq!(signature("join"), "join(separator: string, lists: list of strings...)");
    assert_eq!(signature("organization"), "organization(ou = list of strings)");
}

#[test]
fn what_is_refused_is_not_there() {
    assert!(REFUSED.is_sorted_by_key(|refused| refused.name));
    assert!(REFUSED.iter().all(|refused| find(refused.name).is_none()));
    assert_eq!(
        value("timestamp()"),
        "error: `timestamp` of Terraform is not here: nothing reads the clock, so that a profile says the same whenever it is read"
    );
}

#[test]
fn a_module_reads_its_own_files_only() {
    for path in [
        "../limits.json",
        "notes/../../limits.json",
        "/etc/passwd",
        "C:/limits.json",
        "notes\\\\office.txt",
        ".git/config",
    ] {
        for call in ["file", "fileexists", "filesha256"] {
            let told = value(&format!("{call}(\"{path}\")"));
            assert!(told.ends_with("a module reads its own files only"), "{call} {path}: {told}");
        }
        let told = value(&format!("fileset(\"{path}\", \"*\")"));
        assert!(told.ends_with("a module reads its own files only"), "{path}: {told}");
    }
    assert!(value("fileset(\".\", \"../*\")").ends_with("a module reads its own files only"));
    assert_eq!(value("file(\"notes/../limits.json\") == file(\"./limits.json\")"), "true");
}

#[test]
fn templates_are_filled_within_the_budget() {
    let many = "join(\"\", [for a in range(1000) : join(\"\", [for b in range(1000) : templatefile(\"notes/rule.tpl\", { days = a, names = range(1000) })])])";
    assert_eq!(value(many), "error: evaluating this takes more work than the limit allows");
}
