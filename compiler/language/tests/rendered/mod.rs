//! Messages as text, and files of cases with the messages they get.
//!
//! A case is `=== name`, the text, `---`, and what it gets. A failing case prints what it got.
#![expect(clippy::expect_used, reason = "a test fails by it")]

use ordain_model::diagnostic::Diagnostic;
use ordain_model::source::{Sources, Span};

fn place(sources: &Sources, span: Span) -> String {
    let source = sources.get(span.source);
    let (start, end) = (source.position(span.start), source.position(span.end));
    match start.line == end.line {
        true => format!("{}:{}-{}", start.line, start.column, end.column),
        false => format!("{}:{}-{}:{}", start.line, start.column, end.line, end.column),
    }
}

/// A message on several lines.
pub fn render(sources: &Sources, diagnostic: &Diagnostic) -> String {
    let mut lines = vec![format!("[{}] {}", diagnostic.code.name, diagnostic.detail)];
    for label in &diagnostic.labels {
        lines.push(format!("  at {} {}", place(sources, label.span), label.text).trim_end().into());
    }
    lines.extend(diagnostic.help.iter().map(|help| format!("  help: {help}")));
    lines.extend(diagnostic.paste.iter().map(|paste| format!("  paste: {paste}")));
    lines.join("\n")
}

/// Runs every case of a file.
pub fn check(file: &str, run: impl Fn(&str) -> String) {
    let mut wrong = Vec::new();
    for case in file.split("\n=== ").skip(1) {
        let (name, rest) = case.split_once('\n').expect("a case has a name");
        let (text, expected) = rest.split_once("\n---\n").expect("a case has messages");
        let actual = run(text);
        if actual != expected.trim_end() {
            wrong.push(format!("=== {name}\n{text}\n---\n{actual}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}
