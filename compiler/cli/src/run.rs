//! [`Run`]: what every command shares. Messages are collected while it works and printed once, before the result.

use crate::output::Output;
use ordain_model::code::{self, Code};
use ordain_model::diagnostic::{Diagnostic, Diagnostics, Reported, Severity};
use ordain_model::source::Sources;
use ordain_report::diagnostics::DiagnosticView;
use ordain_report::report::Report;
use ordain_report::{assemble, render, snippet};
use serde_json::{Value as Json, json};
use std::path::Path;

/// One run of one command.
#[derive(Debug)]
pub struct Run {
    /// Where results and remarks go.
    pub output: Output,
    /// The texts that messages point into.
    pub sources: Sources,
    /// What there is to say.
    pub diagnostics: Diagnostics,
    /// The command's name, as reports name it.
    pub command: &'static str,
    /// Whether the result is JSON: then messages stand in it, and stderr stays empty.
    pub json: bool,
    /// Whether modules may not be fetched.
    pub offline: bool,
}

impl Run {
    /// A run that has said nothing yet.
    #[must_use]
    pub fn new(output: Output, command: &'static str, json: bool, offline: bool) -> Run {
        Run { output, sources: Sources::default(), diagnostics: Diagnostics::default(), command, json, offline }
    }

    /// A run beside this one, with messages of its own that may point into everything read so far. It prints nothing.
    #[must_use]
    pub fn apart(&self) -> Run {
        let (output, sources) = (self.output, self.sources.clone());
        Run {
            output,
            sources,
            diagnostics: Diagnostics::default(),
            command: self.command,
            json: true,
            offline: self.offline,
        }
    }

    /// Reports an error without a place.
    pub fn fail(&mut self, code: Code, detail: impl Into<String>) -> Reported {
        self.diagnostics.push(Diagnostic::new(code, Severity::Error, detail))
    }

    /// Reports that a file cannot be read.
    pub fn unreadable(&mut self, path: &Path, error: &std::io::Error) -> Reported {
        self.fail(code::CANNOT_READ, format!("`{}` cannot be read: {error}.", path.display()))
    }

    /// Reports that a file cannot be written.
    pub fn unwritable(&mut self, path: &Path, error: &std::io::Error) -> Reported {
        self.fail(code::CANNOT_WRITE, format!("`{}` cannot be written: {error}.", path.display()))
    }

    /// Prints a report: as JSON with the messages in it, or for people with the messages on stderr first.
    ///
    /// # Errors
    /// Stdout cannot be written.
    pub fn show(&mut self, mut report: Report) -> Result<(), Reported> {
        let messages = std::mem::take(&mut self.diagnostics).into_sorted();
        let text = match self.json {
            true => {
                report.diagnostics =
                    messages.iter().map(|message| DiagnosticView::of(message, &self.sources)).collect();
                (render::json::FORMAT.render)(&report, self.output.style)
            }
            false => {
                self.output.remark(&snippet::render(&messages, &self.sources, self.output.error_style));
                (render::human::FORMAT.render)(&report, self.output.style)
            }
        };
        self.print(&text)
    }

    /// Prints a result that is no report as one JSON document, with the messages in it.
    ///
    /// # Errors
    /// Stdout cannot be written.
    pub fn document(&mut self, document: Json) -> Result<(), Reported> {
        let messages = std::mem::take(&mut self.diagnostics).into_sorted();
        let document = with_messages(document, &messages, &self.sources);
        self.print(&format!("{document:#}\n"))
    }

    /// Prints a result that is no report.
    ///
    /// # Errors
    /// Stdout cannot be written.
    pub fn print(&mut self, text: &str) -> Result<(), Reported> {
        self.output
            .result(text)
            .map_err(|error| self.fail(code::CANNOT_WRITE, format!("The result cannot be written: {error}.")))
    }

    /// Prints what is left to say; after errors a JSON result says that there is no other.
    pub fn finish(mut self) {
        let failed = self.diagnostics.check().is_err();
        if self.json && failed {
            // Stdout is gone when this fails: nobody is left to tell.
            let _ = self.show(assemble::error(self.command));
            return;
        }
        let messages = std::mem::take(&mut self.diagnostics).into_sorted();
        self.output.remark(&snippet::render(&messages, &self.sources, self.output.error_style));
    }
}

/// A JSON object with messages in its member `diagnostics`.
pub fn with_messages(mut document: Json, messages: &[Diagnostic], sources: &Sources) -> Json {
    let views: Vec<DiagnosticView> = messages.iter().map(|message| DiagnosticView::of(message, sources)).collect();
    if let Some(members) = document.as_object_mut() {
        members.insert("diagnostics".into(), json!(views));
    }
    document
}
