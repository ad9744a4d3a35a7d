//! [`Allow`]: `# ordain:allow(NAME): REASON`, and the block or attribute it speaks of.

use super::find;
use crate::context::Context;
use crate::syntax::{Block, Body, Syntax};
use ordain_model::code::{self, Code};
use ordain_model::diagnostic::Diagnostic;
use ordain_model::source::{Source, Span};

/// What a comment must begin with, behind its marker, to be read.
const MARK: &str = "ordain:";

/// A lint that is taken back at one place.
pub(super) struct Allow {
    pub(super) lint: &'static Code,
    pub(super) comment: Span,
    /// The block or attribute it is about.
    pub(super) about: Span,
}

/// What the comments of a file allow. One that does not read is an error: somebody trusts that it is in force.
pub(super) fn allows(file: &Syntax, context: &mut Context<'_>) -> Vec<Allow> {
    file.comments.iter().filter_map(|span| allow(file, *span, context)).collect()
}

fn allow(file: &Syntax, span: Span, context: &mut Context<'_>) -> Option<Allow> {
    let text = context.sources.slice(span);
    let words = text.trim_start_matches(['#', '/', '*']).trim_end_matches("*/").trim();
    let said = words.strip_prefix(MARK)?;
    let parts = said.strip_prefix("allow(").and_then(|rest| rest.split_once(')'));
    let name = parts.map(|(name, _)| name.trim().to_owned());
    let reason = parts.and_then(|(_, rest)| rest.trim_start().strip_prefix(':')).map_or("", str::trim);
    let (Some(name), false) = (&name, reason.is_empty()) else {
        let detail = format!("expected `# {MARK}allow(LINT): REASON`; seen `{}`", text.escape_debug());
        let paste = format!("# {MARK}allow({}): because ...", name.as_deref().unwrap_or("unused-variable"));
        context.push(Diagnostic::error(code::ALLOW_COMMENT, span, detail).paste(paste));
        return None;
    };
    let lint = find(name, span, context)?;
    let Some(about) = about(file, span, context.sources.get(span.source)) else {
        let detail = "this comment stands before no block and no attribute";
        context.push(Diagnostic::error(code::ALLOW_COMMENT, span, detail));
        return None;
    };
    Some(Allow { lint, comment: span, about })
}

/// The block or attribute that a comment speaks of: the one on its line before it, else the next one of the same body.
fn about(file: &Syntax, comment: Span, source: &Source) -> Option<Span> {
    let (body, around) = innermost(file, comment);
    let line = source.position(comment.start).line;
    let on_line = |at: u32| source.position(at).line == line;
    let items = || {
        let attributes = body.attributes.iter().map(|attribute| attribute.name.span.to(attribute.value.span));
        attributes.chain(body.blocks.iter().map(|block| block.span))
    };
    let before = items().filter(|item| item.end <= comment.start && on_line(item.end.saturating_sub(1)));
    let header = around.filter(|block| on_line(block.header().end.saturating_sub(1))).map(|block| block.span);
    let next = items().filter(|item| item.start >= comment.end).min_by_key(|item| item.start);
    before.max_by_key(|item| item.start).or(header).or(next)
}

/// The innermost body that a comment stands in, and its block.
fn innermost(file: &Syntax, comment: Span) -> (&Body, Option<&Block>) {
    let (mut body, mut around) = (&file.body, None);
    while let Some(block) = body.blocks.iter().find(|block| block.body.span.covers(comment)) {
        (body, around) = (&block.body, Some(block));
    }
    (body, around)
}
