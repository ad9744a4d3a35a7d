//! [`DiagnosticView`]: the JSON form of a message, with places that people and editors can use.

use ordain_model::diagnostic::{Diagnostic, Label, Severity};
use ordain_model::source::{Sources, Span};
use serde::Serialize;

/// A message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DiagnosticView {
    /// Its code: `ordain explain CODE` prints the page.
    pub code: &'static str,
    /// `error` or `warning`.
    pub severity: &'static str,
    /// The code's title, without user text.
    pub title: &'static str,
    /// One sentence about this case.
    pub detail: String,
    /// Where; none where no source is involved.
    #[serde(flatten)]
    pub place: Option<Place>,
    /// Remarks on pieces of source, the primary one first.
    pub labels: Vec<LabelView>,
    /// What to do.
    pub help: Option<String>,
    /// A line or block that can be pasted as it stands.
    pub paste: Option<String>,
}

/// A range of a file. Lines and columns count from 1, columns in characters; the end is one past the last character.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The file as the user would write it.
    pub file: String,
    /// First line.
    pub line: u32,
    /// First column.
    pub column: u32,
    /// Last line.
    pub end_line: u32,
    /// One past the last column.
    pub end_column: u32,
}

/// A remark on a piece of source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LabelView {
    /// The piece.
    #[serde(flatten)]
    pub place: Place,
    /// The remark; empty where the detail says it all.
    pub text: String,
}

impl Place {
    /// The place of a span.
    #[must_use]
    pub fn of(span: Span, sources: &Sources) -> Place {
        let source = sources.get(span.source);
        let (start, end) = (source.position(span.start), source.position(span.end.max(span.start)));
        Place {
            file: source.name.to_string(),
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
        }
    }
}

impl DiagnosticView {
    /// The view of a message.
    #[must_use]
    pub fn of(diagnostic: &Diagnostic, sources: &Sources) -> DiagnosticView {
        let label = |label: &Label| LabelView { place: Place::of(label.span, sources), text: label.text.clone() };
        let labels: Vec<LabelView> = diagnostic.labels.iter().map(label).collect();
        DiagnosticView {
            code: diagnostic.code.name,
            severity: match diagnostic.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            },
            title: diagnostic.code.title,
            detail: diagnostic.detail.clone(),
            place: labels.first().map(|label| label.place.clone()),
            labels,
            help: diagnostic.help.clone(),
            paste: diagnostic.paste.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ordain_model::code;

    #[test]
    fn places_count_lines_and_characters_from_one() {
        let mut sources = Sources::default();
        let file = sources.add("main.hcl", "a = 1\nü = \"x\n");
        let span = Span { source: file, start: 11, end: 13 };
        let diagnostic =
            Diagnostic::error(code::SYNTAX, span, "The string does not end.").says("starts here").paste("x = 1");
        let json = serde_json::to_value(DiagnosticView::of(&diagnostic, &sources)).unwrap();
        assert_eq!(
            json,
            serde_json::json!({
                "code": "syntax", "severity": "error", "title": code::SYNTAX.title, "detail": "The string does not end.",
                "file": "main.hcl", "line": 2, "column": 5, "end_line": 2, "end_column": 7,
                "labels": [{"file": "main.hcl", "line": 2, "column": 5, "end_line": 2, "end_column": 7, "text": "starts here"}],
                "help": null, "paste": "x = 1"
            })
        );
    }

    #[test]
    fn a_message_without_a_place_has_none() {
        let diagnostic = Diagnostic::new(code::SYNTAX, Severity::Warning, "x");
        let json = serde_json::to_value(DiagnosticView::of(&diagnostic, &Sources::default())).unwrap();
        assert!(json.get("file").is_none());
        assert_eq!(json["severity"], "warning");
    }
}
