//! Kinds for people at a terminal.

use super::{KindView, Schema};
use crate::style::{Page, Style, Tone};

/// Every kind on a line.
#[must_use]
pub fn list(schema: &Schema, style: Style) -> String {
    let mut page = Page::new(style);
    let width = schema.kinds.iter().map(|kind| kind.name.len()).max().unwrap_or(0);
    for kind in &schema.kinds {
        page.column(Tone::Strong, kind.name, width + 2).put(kind.summary).end();
    }
    page.finish()
}

/// A kind's attributes, settings and rules.
#[must_use]
pub fn page(kind: &KindView, style: Style) -> String {
    let mut page = Page::new(style);
    page.tone(Tone::Strong, kind.name).put(": ").put(kind.summary).end();
    page.gap().tone(Tone::Strong, "Attributes").put(", for `where`").end();
    for attribute in &kind.attributes {
        page.space(2).column(Tone::Strong, attribute.name, 26).put(attribute.summary).end();
        page.space(28).tone(Tone::Faint, &attribute.of).end();
    }
    page.gap().tone(Tone::Strong, "Settings").put(", for `must`").end();
    for setting in &kind.settings {
        let key = setting.key.map(|key| format!("[\"{key}\"]")).unwrap_or_default();
        page.space(2).column(Tone::Strong, &format!("{}{key}", setting.name), 26).put(setting.summary).end();
        page.space(28).tone(Tone::Faint, &format!("{}; {}", setting.of, setting.source)).end();
    }
    if !kind.rules.is_empty() {
        page.gap().tone(Tone::Strong, "Rules").put(", which the API demands").end();
    }
    for rule in &kind.rules {
        page.space(2).put(&format!("when {} is {}, {} is {}", rule.when, rule.is, rule.then, rule.must)).end();
        page.space(4).tone(Tone::Faint, rule.why).end();
    }
    page.gap().put("More: ").put(&format!("ordain explain {}", kind.name)).end();
    page.finish()
}
