//! The formatter changes space and nothing else, and what it wrote it leaves alone; two parsers agree; expressions have
//! values or errors.

use crate::profile::shown;
use ordain_language::evaluate::{Nameless, evaluate};
use ordain_language::format::{difference, format};
use ordain_language::parse::parse_expression;
use ordain_model::diagnostic::Diagnostics;
use ordain_model::source::Sources;

/// The text as the formatter writes it; nothing where it does not parse.
fn formatted(text: &str) -> Option<String> {
    let (mut sources, mut diagnostics) = (Sources::default(), Diagnostics::default());
    let id = sources.add("main.hcl", text);
    let formatted = format(&sources, id, &mut diagnostics).ok();
    assert_eq!(formatted.is_none(), diagnostics.check().is_err(), "{text:?}");
    formatted
}

/// Text to formatted text.
pub(crate) fn layout(bytes: &[u8]) {
    let Some(text) = std::str::from_utf8(bytes).ok() else { return };
    let Some(once) = formatted(text) else { return };
    assert_eq!(formatted(&once).as_ref(), Some(&once), "formatting {text:?} again changes it");
    let tight = |text: &str| text.replace([' ', '\t'], "");
    assert_eq!(tight(&once), tight(text), "formatting {text:?} changes more than space");
    assert_eq!(difference("main.hcl", text, &once).is_empty(), text == once);
}

/// Text to a value, or to a message that is shown: neither panics.
pub(crate) fn value(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let (mut sources, mut diagnostics) = (Sources::default(), Diagnostics::default());
    let id = sources.add("expression", text);
    let Some(expression) = parse_expression(&sources, id, &mut diagnostics) else { return };
    match evaluate(&expression, &Nameless) {
        Ok(_) => {}
        Err(error) => shown(&[*error], &sources),
    }
}

/// Our parser and hcl-edit's. What it reads wrongly is left out: heredocs, `~`, escapes, directives, characters beyond
/// ASCII, and `-`, which it takes into the number behind it, several at once too.
pub(crate) fn parsers(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if !text.is_ascii()
        || ["<<", "~", "\\", "%{", "$", "\r", "::", ".*", "...", "-"].iter().any(|sign| text.contains(sign))
    {
        return;
    }
    let (mut sources, mut diagnostics) = (Sources::default(), Diagnostics::default());
    let id = sources.add("main.hcl", text);
    let ours = ordain_language::parse::parse(&sources, id, &mut diagnostics);
    if diagnostics.check().is_err() {
        return;
    }
    if let Ok(theirs) = hcl_edit::parser::parse_body(text) {
        assert_eq!(crate::dumped::ours::body(&ours.body), crate::dumped::theirs::body(&theirs), "{text:?}");
    }
}
