//! [`Run`]: what every command shares. Messages are collected while it works and printed once, before the result.

use crate::arguments::format::{Formats, Wanted};
use crate::files;
use crate::output::Output;
use ordain_model::code::{self, Code};
use ordain_model::diagnostic::{Diagnostic, Diagnostics, Reported, Severity};
use ordain_model::source::Sources;
use ordain_report::diagnostics::DiagnosticView;
use ordain_report::report::Report;
use ordain_report::style::Style;
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
    /// Forms in which the report is wanted besides.
    wanted: Vec<Wanted>,
}

impl Run {
    /// A run that has said nothing yet.
    #[must_use]
    pub fn new(output: Output, command: &'static str, json: bool, offline: bool) -> Run {
        let (sources, diagnostics) = (Sources::default(), Diagnostics::default());
        Run { output, sources, diagnostics, command, json, offline, wanted: Vec::new() }
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
            wanted: Vec::new(),
        }
    }

    /// Says in which forms the report is wanted, before anything is done for it.
    ///
    /// # Errors
    /// Two forms are to be printed, two go to one file, or a file holds something else.
    pub fn wants(&mut self, formats: &Formats) -> Result<(), Reported> {
        if formats.printed().count() + usize::from(formats.json) > 1 {
            return Err(
                self.fail(code::ARGUMENT, "One format can be printed; give the others a file: -format NAME=FILE.")
            );
        }
        for (at, Wanted { format, file }) in formats.wanted.iter().enumerate() {
            let Some(path) = file else { continue };
            if formats.wanted[..at].iter().any(|other| other.file.as_ref() == Some(path)) {
                return Err(self.fail(code::ARGUMENT, format!("Two formats go to `{}`.", path.display())));
            }
            files::replaceable_beginning(path, format.name, format.begins)
                .map_err(|error| self.unwritable(path, &error))?;
        }
        self.wanted = formats.wanted.clone();
        Ok(())
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

    /// Prints a report and writes it to the files that are wanted: as JSON with the messages in it, or else with the messages on
    /// stderr first.
    ///
    /// # Errors
    /// Stdout or a file cannot be written.
    pub fn show(&mut self, mut report: Report) -> Result<(), Reported> {
        let messages = std::mem::take(&mut self.diagnostics).into_sorted();
        report.diagnostics = messages.iter().map(|message| DiagnosticView::of(message, &self.sources)).collect();
        if !self.json {
            self.output.remark(&snippet::render(&messages, &self.sources, self.output.error_style));
        }
        let wanted = std::mem::take(&mut self.wanted);
        self.keep(&report, &wanted)?;
        let printed = wanted.iter().find(|wanted| wanted.file.is_none()).map(|wanted| wanted.format);
        let format = printed.unwrap_or(if self.json { &render::json::FORMAT } else { &render::human::FORMAT });
        self.print(&format.text(&report, self.output.style))
    }

    /// Writes a report to the files that are wanted.
    fn keep(&mut self, report: &Report, wanted: &[Wanted]) -> Result<(), Reported> {
        for Wanted { format, file } in wanted {
            let Some(path) = file else { continue };
            files::write(path, |file| (format.write)(report, Style::PLAIN, file))
                .map_err(|error| self.unwritable(path, &error))?;
        }
        Ok(())
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

    /// Prints what is left to say. After errors a result that machines read says that there is no other, so that none of an
    /// earlier run is taken for it.
    pub fn finish(mut self) {
        let failed = self.diagnostics.check().is_err();
        let printed = self.json || self.wanted.iter().any(|wanted| wanted.file.is_none());
        if failed && printed {
            // Stdout is gone when this fails: nobody is left to tell.
            let _ = self.show(assemble::error(self.command));
        } else if failed && !self.wanted.is_empty() {
            let mut report = assemble::error(self.command);
            let messages = self.diagnostics.clone().into_sorted();
            report.diagnostics = messages.iter().map(|message| DiagnosticView::of(message, &self.sources)).collect();
            let wanted = std::mem::take(&mut self.wanted);
            // What fails here joins the messages below.
            let _ = self.keep(&report, &wanted);
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
