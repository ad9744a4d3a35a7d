//! Every message of the parser, word for word: `tests/messages/*.txt` holds sources with what they get.
//!
//! A case is `=== name`, the source, `---`, and the messages. A failing case prints what it got.

use ordain_language::parse::parse;
use ordain_model::diagnostic::{Diagnostic, Diagnostics};
use ordain_model::source::{Sources, Span};

fn place(sources: &Sources, span: Span) -> String {
    let source = sources.get(span.source);
    let (start, end) = (source.position(span.start), source.position(span.end));
    match start.line == end.line {
        true => format!("{}:{}-{}", start.line, start.column, end.column),
        false => format!("{}:{}-{}:{}", start.line, start.column, end.line, end.column),
    }
}

fn render(sources: &Sources, diagnostic: &Diagnostic) -> String {
    let mut lines = vec![format!("[{}] {}", diagnostic.code.name, diagnostic.detail)];
    for label in &diagnostic.labels {
        lines.push(format!("  at {} {}", place(sources, label.span), label.text).trim_end().into());
    }
    lines.extend(diagnostic.help.iter().map(|help| format!("  help: {help}")));
    lines.extend(diagnostic.paste.iter().map(|paste| format!("  paste: {paste}")));
    lines.join("\n")
}

fn check(file: &str) {
    let mut wrong = Vec::new();
    for case in file.split("\n=== ").skip(1) {
        let (name, rest) = case.split_once('\n').expect("a case has a name");
        let (text, expected) = rest.split_once("\n---\n").expect("a case has messages");
        let mut sources = Sources::default();
        let id = sources.add("main.hcl", &text.replace("␍", "\r").replace("␀", "\0"));
        let mut diagnostics = Diagnostics::default();
        parse(&sources, id, &mut diagnostics);
        let messages: Vec<String> = diagnostics.into_sorted().iter().map(|item| render(&sources, item)).collect();
        let actual = if messages.is_empty() { "nothing".into() } else { messages.join("\n") };
        if actual != expected.trim_end() {
            wrong.push(format!("=== {name}\n{text}\n---\n{actual}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn syntax() {
    check(include_str!("messages/syntax.txt"));
}
