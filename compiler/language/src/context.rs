//! [`Context`]: what every stage of a compile is given, and the shapes of the messages they share.

use crate::beside::{Beside, Reader, Reads};
use crate::evaluate::Pool;
use crate::files::Files;
use crate::syntax::{Expression, Name};
use ordain_model::Text;
use ordain_model::code::Code;
use ordain_model::diagnostic::{Diagnostic, Diagnostics, Reported, nearest};
use ordain_model::provider::Providers;
use ordain_model::source::{Sources, Span};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// With how many names the unknown ones of a profile are compared: thousands of mistakes among thousands of names would
/// take minutes, and who reads of the first ones mends the others alike.
const MOST_COMPARED: usize = 200_000;

/// The inputs of a compile that do not change, and the messages so far.
pub(crate) struct Context<'a> {
    pub(crate) providers: Providers<'a>,
    pub(crate) files: &'a dyn Files,
    /// What expressions read of the modules' files so far.
    pub(crate) reads: Reads,
    pub(crate) sources: &'a mut Sources,
    pub(crate) diagnostics: &'a mut Diagnostics,
    /// What expressions share.
    pub(crate) pool: Rc<Pool>,
    /// With how many names unknown ones were compared.
    compared: Cell<usize>,
    /// What is said once, however many places have it, by subject.
    pub(crate) said: BTreeMap<String, Reported>,
    /// How many blocks `for_each` made so far.
    pub(crate) instances: usize,
    /// The instance that is being read, where there may be several of its block.
    instance: Option<Text>,
}

impl<'a> Context<'a> {
    /// The context of a compile that begins.
    pub(crate) fn new(
        providers: Providers<'a>,
        files: &'a dyn Files,
        sources: &'a mut Sources,
        diagnostics: &'a mut Diagnostics,
    ) -> Context<'a> {
        Context {
            providers,
            files,
            reads: Reads::default(),
            sources,
            diagnostics,
            pool: Rc::default(),
            compared: Cell::default(),
            said: BTreeMap::new(),
            instances: 0,
            instance: None,
        }
    }

    /// The files of a module, for the evaluation of an expression that stands in it.
    pub(crate) fn reader<'b>(&'b mut self, beside: &'b Beside) -> Reader<'b> {
        Reader { beside, files: self.files, reads: &self.reads, sources: RefCell::new(self.sources) }
    }

    /// Reports an error at a place.
    pub(crate) fn error(&mut self, code: Code, span: Span, detail: impl Into<String>) -> Reported {
        self.push(Diagnostic::error(code, span, detail))
    }

    /// Runs while messages are about an instance; without one they are about the instance around.
    pub(crate) fn within<T>(&mut self, instance: Option<Text>, run: impl FnOnce(&mut Self) -> T) -> T {
        let around = self.enter(instance);
        let result = run(self);
        self.leave(around);
        result
    }

    /// Begins an instance; gives what to go back to.
    pub(crate) fn enter(&mut self, instance: Option<Text>) -> Option<Text> {
        let around = self.instance.clone();
        self.instance = instance.or_else(|| around.clone());
        around
    }

    /// Goes back to what was around an instance.
    pub(crate) fn leave(&mut self, around: Option<Text>) {
        self.instance = around;
    }

    /// Reports a message.
    pub(crate) fn push(&mut self, mut diagnostic: Diagnostic) -> Reported {
        diagnostic.instances.extend(self.instance.clone());
        self.diagnostics.push(diagnostic)
    }

    /// Reports what many places have in common, at the first of them.
    pub(crate) fn once(&mut self, subject: String, diagnostic: Diagnostic) -> Reported {
        match self.said.get(&subject) {
            Some(reported) => *reported,
            None => {
                let reported = self.push(diagnostic);
                self.said.insert(subject, reported);
                reported
            }
        }
    }

    /// Reports a name that is none of `names`; the line to paste is the source's with the nearest one in its place.
    pub(crate) fn unknown(&mut self, code: Code, name: &Name, detail: String, names: &[&str]) -> Reported {
        let diagnostic = self.unknown_message(code, name, detail, names);
        self.push(diagnostic)
    }

    /// The message that [`Context::unknown`] reports.
    pub(crate) fn unknown_message(&self, code: Code, name: &Name, detail: String, names: &[&str]) -> Diagnostic {
        let diagnostic = Diagnostic::error(code, name.span, detail);
        self.compared.set(self.compared.get().saturating_add(names.len()));
        let near = || nearest(&name.text, names.iter().copied());
        match if self.compared.get() <= MOST_COMPARED { near() } else { None } {
            Some(near) => diagnostic.help(format!("The nearest name is `{near}`.")).paste(self.replaced(name, near)),
            None if names.is_empty() => diagnostic,
            None => diagnostic.help(format!("There is {}.", list(names.iter().copied()))),
        }
    }

    /// Reports that a name is taken, showing both places.
    pub(crate) fn duplicate(&mut self, code: Code, what: &str, first: Span, second: Span) -> Reported {
        let detail =
            format!("{what} stands twice: at {} and at {}", self.sources.place(first), self.sources.place(second));
        self.push(Diagnostic::error(code, second, detail).says("second").label(first, "first"))
    }

    /// An expression as a message shows it: one line of at most 80 letters.
    pub(crate) fn seen(&self, expression: &Expression) -> String {
        let text = self.text(expression);
        let line = text.lines().next().unwrap_or_default();
        let shown: String = line.chars().take(80).collect();
        if shown.len() < text.len() { format!("{shown}...") } else { shown }
    }

    /// The text of an expression.
    pub(crate) fn text(&self, expression: &Expression) -> &str {
        self.sources.slice(expression.span)
    }

    /// The line that a name stands on, with another one in its place.
    fn replaced(&self, name: &Name, with: &str) -> String {
        let source = self.sources.get(name.span.source);
        let line = source.position(name.span.start).line;
        let (text, start) = (source.line(line), source.line_start(line));
        let at = name.span.start.saturating_sub(start) as usize;
        let end = name.span.end.saturating_sub(start) as usize;
        match (text.get(..at), text.get(at..end), text.get(end..)) {
            (Some(before), Some(written), Some(after)) => {
                let quote = if written.starts_with('"') { "\"" } else { "" };
                format!("{before}{quote}{with}{quote}{after}").trim().to_owned()
            }
            _ => with.to_owned(),
        }
    }
}

/// Names in backticks: "`a`, `b` and `c`"; of many, the first twelve and how many more there are.
pub(crate) fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [] => "none".to_owned(),
        [one] => one.clone(),
        [first @ .., last] if first.len() < 12 => format!("{} and {last}", first.join(", ")),
        many => format!("{} and {} more", many[..12].join(", "), many.len() - 12),
    }
}
