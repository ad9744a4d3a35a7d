//! [`Beside`]: where the files of a module are; [`Reads`]: what its expressions read of them, which is part of its digest.

use crate::files::{
    ContentProblem, Files, LARGEST_CONTENT, MOST_CONTENT, MOST_NAMES, ModuleFiles, content_of, names_of,
};
use crate::path::join;
use crate::template_file::Template;
use ordain_model::Text;
use ordain_model::diagnostic::Diagnostic;
use ordain_model::digest::{Digest, canonical};
use ordain_model::package::Package;
use ordain_model::source::{SourceId, Sources};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Where the files of a module are.
#[derive(Clone, Debug, Default)]
pub(crate) struct Beside {
    /// How the directory is called: its path, in a package after the package's name.
    pub(crate) called: Text,
    /// Its path, relative to the working directory or to the package's top.
    pub(crate) directory: String,
    /// The package it is in, where it is in one.
    pub(crate) package: Option<Arc<Package>>,
}

impl Beside {
    /// The name of a file here, as messages and reports write it.
    pub(crate) fn name(&self, path: &str) -> String {
        if &*self.called == "." { path.to_owned() } else { format!("{}/{path}", self.called.trim_end_matches('/')) }
    }

    fn content(&self, files: &dyn Files, path: &str) -> Result<Vec<u8>, ContentProblem> {
        let Some(package) = &self.package else { return files.content(&self.directory, path) };
        content_of(package.files(), &join(&self.directory, path))
    }

    fn names(&self, files: &dyn Files, path: &str, depth: usize) -> Result<Vec<String>, ContentProblem> {
        let Some(package) = &self.package else { return files.names(&self.directory, path, depth) };
        Ok(names_of(package.files(), &join(&self.directory, path), depth))
    }
}

/// What the expressions of a profile read: each file and each directory once, whoever asks and however often.
#[derive(Debug, Default)]
pub(crate) struct Reads {
    contents: RefCell<Contents>,
    names: RefCell<Names>,
    templates: RefCell<BTreeMap<Asked, Arc<Template>>>,
    /// Templates of which every mistake was reported.
    mended: RefCell<BTreeSet<SourceId>>,
    bytes: Cell<u64>,
}

/// How a module's directory is called, and a path in it.
type Asked = (Text, String);

type Contents = BTreeMap<Asked, Answer<[u8]>>;

/// With how many directories may stand around a file.
type Names = BTreeMap<(Asked, usize), Answer<[String]>>;

/// What was read, or why it was not.
type Answer<T> = Result<Arc<T>, ContentProblem>;

impl Reads {
    /// The digest of a module with what was read of its files.
    pub(crate) fn digest(&self, called: &Text, own: Digest) -> Digest {
        let (contents, names) = (self.contents.borrow(), self.names.borrow());
        let content = |answer: &Answer<[u8]>| match answer {
            Ok(bytes) => Digest::of(bytes).to_string(),
            Err(problem) => word(problem).to_owned(),
        };
        let listed = |answer: &Answer<[String]>| match answer {
            Ok(names) => names.join("\n"),
            Err(problem) => word(problem).to_owned(),
        };
        let from = (called.clone(), String::new());
        let contents = contents.range(from.clone()..).take_while(|((of, _), _)| of == called);
        let contents = contents.map(|((_, path), answer)| (path.clone(), content(answer)));
        let names = names.range((from, 0)..).take_while(|(((of, _), _), _)| of == called);
        let names = names.map(|(((_, path), depth), answer)| (format!("{path}/{depth}"), listed(answer)));
        let read: Vec<(String, String)> = contents.chain(names).collect();
        match (read.is_empty(), canonical(&(own.to_string(), read))) {
            (false, Ok(bytes)) => Digest::of(&bytes),
            _ => own,
        }
    }

    /// The files of a module that were read, by name as messages write it.
    pub(crate) fn contents(&self, called: &Text) -> BTreeMap<Text, Arc<[u8]>> {
        let contents = self.contents.borrow();
        let beside = Beside { called: called.clone(), ..Beside::default() };
        let of = contents.range((called.clone(), String::new())..).take_while(|((of, _), _)| of == called);
        of.filter_map(|((_, path), read)| Some((beside.name(path).into(), Arc::clone(read.as_ref().ok()?)))).collect()
    }

    /// What else is wrong with the template whose first mistake a message is about, each said once.
    pub(crate) fn further(&self, first: &Diagnostic) -> Vec<Diagnostic> {
        let place = |message: &Diagnostic| message.labels.first().map(|label| label.span);
        let templates = self.templates.borrow();
        let same = |template: &&Arc<Template>| template.mistakes.first().is_some_and(|it| place(it) == place(first));
        let (Some(template), Some(span)) = (templates.values().find(same), place(first)) else { return Vec::new() };
        if !self.mended.borrow_mut().insert(span.source) {
            return Vec::new();
        }
        let call = first.labels.last().filter(|label| label.span != span);
        let about = |message: &Diagnostic| match call {
            Some(call) => message.clone().label(call.span, call.text.clone()),
            None => message.clone(),
        };
        template.mistakes.iter().skip(1).map(about).collect()
    }

    fn admit(&self, bytes: Vec<u8>) -> Answer<[u8]> {
        self.bytes.set(self.bytes.get().saturating_add(bytes.len() as u64));
        if bytes.len() as u64 > LARGEST_CONTENT || self.bytes.get() > MOST_CONTENT {
            return Err(ContentProblem::TooLarge);
        }
        Ok(bytes.into())
    }
}

/// What is the same on every machine of a problem.
fn word(problem: &ContentProblem) -> &'static str {
    match problem {
        ContentProblem::Missing => "missing",
        _ => "unreadable",
    }
}

/// The files of one module, with what was read of them.
pub(crate) struct Reader<'a> {
    pub(crate) beside: &'a Beside,
    pub(crate) files: &'a dyn Files,
    pub(crate) reads: &'a Reads,
    pub(crate) sources: RefCell<&'a mut Sources>,
}

impl Reader<'_> {
    fn asked(&self, path: &str) -> Asked {
        (self.beside.called.clone(), path.to_owned())
    }
}

impl ModuleFiles for Reader<'_> {
    fn content(&self, path: &str) -> Answer<[u8]> {
        let read = || self.beside.content(self.files, path).and_then(|bytes| self.reads.admit(bytes));
        self.reads.contents.borrow_mut().entry(self.asked(path)).or_insert_with(read).clone()
    }

    fn names(&self, path: &str, depth: usize) -> Answer<[String]> {
        let read = || {
            let mut names = self.beside.names(self.files, path, depth)?;
            names.sort();
            if names.len() > MOST_NAMES { Err(ContentProblem::TooMany) } else { Ok(names.into()) }
        };
        self.reads.names.borrow_mut().entry((self.asked(path), depth)).or_insert_with(read).clone()
    }

    fn source(&self, path: &str, text: &str) -> SourceId {
        self.sources.borrow_mut().add(&self.beside.name(path), text)
    }

    fn template(&self, path: &str, text: &str) -> Arc<Template> {
        let read = || Template::read(text, self.source(path, text)).into();
        self.reads.templates.borrow_mut().entry(self.asked(path)).or_insert_with(read).clone()
    }
}
