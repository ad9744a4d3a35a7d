//! Messages for people: the code and its title, what is wrong, the source under it, what to do.
//!
//! Drawn by miette over the lines that [`Source`] indexed once, so that a thousand messages about one file do not
//! read it a thousand times.

use crate::style::{Page, Style, Tone, harmless, harmless_source};
use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceSpan, SpanContents,
};
use ordain_model::diagnostic::{Diagnostic, Severity};
use ordain_model::source::{Source, SourceId, Sources};
use std::collections::BTreeMap;
use std::fmt;

/// A line longer than this many bytes is named, not drawn.
const LONGEST_LINE: usize = 400;

/// The messages as text, in the order given, each followed by an empty line.
#[must_use]
pub fn render(diagnostics: &[Diagnostic], sources: &Sources, style: Style) -> String {
    let texts =
        sources.iter().map(|(id, source)| (id, Text { source, shown: harmless_source(&source.text) })).collect();
    let snippets = Snippets { texts, handler: handler(style), style };
    diagnostics.iter().map(|diagnostic| snippets.message(diagnostic)).collect()
}

fn handler(style: Style) -> GraphicalReportHandler {
    let theme = match (style.colour, style.unicode) {
        (true, true) => GraphicalTheme::unicode(),
        (true, false) => GraphicalTheme::ascii(),
        (false, true) => GraphicalTheme::unicode_nocolor(),
        (false, false) => GraphicalTheme::none(),
    };
    // Links would put escape sequences into pipes; words are never broken, so that names can be copied.
    GraphicalReportHandler::new_themed(theme).with_links(false).with_width(style.width).with_break_words(false)
}

struct Snippets<'a> {
    texts: BTreeMap<SourceId, Text<'a>>,
    handler: GraphicalReportHandler,
    style: Style,
}

impl Snippets<'_> {
    fn message(&self, diagnostic: &Diagnostic) -> String {
        let mut page = Page::new(self.style);
        let (word, tone) = match diagnostic.severity {
            Severity::Error => ("error", Tone::Bad),
            Severity::Warning => ("warning", Tone::Careful),
        };
        page.tone(tone, &format!("{word}[{}]", diagnostic.code.name))
            .put(": ")
            .tone(Tone::Strong, diagnostic.code.title)
            .end();
        let mut text = page.finish();
        let drawn = Drawn { diagnostic, detail: harmless(&diagnostic.detail).into_owned(), snippets: self };
        self.draw(&mut text, &drawn);
        self.others(diagnostic).iter().for_each(|other| self.draw(&mut text, other));
        text.push_str(&self.advice(diagnostic));
        text.push('\n');
        text
    }

    /// What cannot be drawn is still said.
    fn draw(&self, text: &mut String, what: &dyn miette::Diagnostic) {
        let before = text.len();
        if self.handler.render_report(text, what).is_err() {
            text.truncate(before);
            text.push_str(&format!("  {what}\n"));
        }
    }

    /// What to do, and the lines to paste: as they stand, nothing wrapped.
    fn advice(&self, diagnostic: &Diagnostic) -> String {
        let mut page = Page::new(self.style);
        if let Some(help) = &diagnostic.help {
            page.space(2).tone(Tone::Strong, "help").put(": ").put(help).end();
        }
        for line in diagnostic.paste.iter().flat_map(|paste| paste.lines()) {
            page.space(6).tone(Tone::Good, line).end();
        }
        page.finish()
    }

    /// Labels in other files than the primary one: each is drawn as a remark of its own.
    fn others(&self, diagnostic: &Diagnostic) -> Vec<Remark<'_>> {
        let first = diagnostic.labels.first().map(|label| label.span.source);
        let others = diagnostic.labels.iter().filter(|label| Some(label.span.source) != first);
        let remark = |label: &ordain_model::diagnostic::Label| {
            let text = self.texts.get(&label.span.source)?;
            Some(Remark { text, label: span(label), said: text.place(label.span.start) })
        };
        others.filter_map(remark).collect()
    }
}

fn span(label: &ordain_model::diagnostic::Label) -> LabeledSpan {
    let said = Some(harmless(&label.text).into_owned()).filter(|text| !text.is_empty());
    let (start, end) = (label.span.start as usize, label.span.end as usize);
    LabeledSpan::new(said, start, end.saturating_sub(start))
}

/// A file as miette reads it.
struct Text<'a> {
    source: &'a Source,
    shown: std::borrow::Cow<'a, str>,
}

impl Text<'_> {
    fn place(&self, offset: u32) -> String {
        let position = self.source.position(offset);
        format!("{}:{}:{}", harmless(&self.source.name), position.line, position.column)
    }

    /// Whether the lines around a span are short enough to draw.
    fn drawable(&self, label: &ordain_model::diagnostic::Label) -> bool {
        let first = self.source.position(label.span.start).line.saturating_sub(1).max(1);
        let last = self.source.position(label.span.end).line + 1;
        (first..=last).all(|line| self.source.line(line).len() <= LONGEST_LINE)
    }
}

impl miette::SourceCode for Text<'_> {
    fn read_span<'b>(
        &'b self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'b> + 'b>, MietteError> {
        let end = span.offset() + span.len();
        if end > self.shown.len() {
            return Err(MietteError::OutOfBounds);
        }
        let first = (self.source.position(span.offset() as u32).line as usize).saturating_sub(before).max(1);
        let last = self.source.position(end as u32).line as usize + after;
        // Without lines before it, miette wants the text and the column of the span itself.
        let (start, column) = match before {
            0 => (span.offset(), self.source.position(span.offset() as u32).column as usize - 1),
            _ => (self.source.line_start(first as u32) as usize, 0),
        };
        let stop = self.source.line_start(last as u32 + 1) as usize;
        let data = self.shown.as_bytes().get(start..stop).ok_or(MietteError::OutOfBounds)?;
        let name = harmless(&self.source.name).into_owned();
        let lines = last + 1 - first;
        Ok(Box::new(MietteSpanContents::new_named(name, data, (start, data.len()).into(), first - 1, column, lines)))
    }
}

/// A message as miette draws it.
struct Drawn<'a> {
    diagnostic: &'a Diagnostic,
    detail: String,
    snippets: &'a Snippets<'a>,
}

impl Drawn<'_> {
    /// The file of the primary label, when what stands around the labels in it can be drawn.
    fn text(&self) -> Option<&Text<'_>> {
        let first = self.diagnostic.labels.first()?;
        let text = self.snippets.texts.get(&first.span.source)?;
        self.here().all(|label| text.drawable(label)).then_some(text)
    }

    fn here(&self) -> impl Iterator<Item = &ordain_model::diagnostic::Label> {
        let first = self.diagnostic.labels.first().map(|label| label.span.source);
        self.diagnostic.labels.iter().filter(move |label| Some(label.span.source) == first)
    }

    /// `file:line:column`, for a place that is not drawn.
    fn named_place(&self) -> Option<String> {
        let first = self.diagnostic.labels.first().filter(|_| self.text().is_none())?;
        Some(self.snippets.texts.get(&first.span.source)?.place(first.span.start))
    }
}

impl fmt::Debug for Drawn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.diagnostic.fmt(f)
    }
}

impl fmt::Display for Drawn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.named_place() {
            Some(place) => write!(f, "{place}: {}", self.detail),
            None => f.write_str(&self.detail),
        }
    }
}

impl std::error::Error for Drawn<'_> {}

impl miette::Diagnostic for Drawn<'_> {
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.diagnostic.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
        })
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        self.text().map(|text| text as &dyn miette::SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.text()?;
        Some(Box::new(self.here().map(span)))
    }
}

/// A label in another file.
struct Remark<'a> {
    text: &'a Text<'a>,
    label: LabeledSpan,
    said: String,
}

impl fmt::Debug for Remark<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said)
    }
}

impl fmt::Display for Remark<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said)
    }
}

impl std::error::Error for Remark<'_> {}

impl miette::Diagnostic for Remark<'_> {
    fn severity(&self) -> Option<miette::Severity> {
        Some(miette::Severity::Advice)
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        Some(self.text)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(std::iter::once(self.label.clone())))
    }
}

#[cfg(test)]
mod tests;
