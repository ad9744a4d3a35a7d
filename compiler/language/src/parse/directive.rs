//! The tree of a template: `%{ if }`, `%{ else }`, `%{ for }` and their ends, matched without recursion.

use super::comprehension::Loop;
use super::cursor::{DEEPEST, Parsed, Parser, Stop};
use super::template::Piece;
use crate::syntax::{Expression, Part};
use ordain_model::code;
use ordain_model::diagnostic::Diagnostic;
use ordain_model::source::Span;

/// A directive whose end is still to come, and the parts that stood before it.
struct Open {
    span: Span,
    before: Vec<Part>,
    sort: Sort,
}

enum Sort {
    If(Expression),
    /// The condition and the first branch.
    Else(Expression, Vec<Part>),
    For(Loop),
}

impl Parser<'_> {
    pub(super) fn tree(&mut self, pieces: Vec<Piece>) -> Parsed<Vec<Part>> {
        let mut open: Vec<Open> = Vec::new();
        let mut parts = Vec::new();
        let mut deepest = 0;
        for piece in pieces {
            match piece {
                Piece::Literal(text) => parts.push(Part::Literal(text.into())),
                Piece::Interpolation(expression) => parts.push(Part::Interpolation(expression)),
                Piece::If(condition, span) => {
                    open.push(Open { span, before: std::mem::take(&mut parts), sort: Sort::If(condition) });
                }
                Piece::For(each, span) => {
                    open.push(Open { span, before: std::mem::take(&mut parts), sort: Sort::For(each) })
                }
                Piece::Else(span) | Piece::EndIf(span)
                    if !matches!(open.last(), Some(Open { sort: Sort::If(_) | Sort::Else(..), .. })) =>
                {
                    return Err(self.unbalanced(span, open.last()));
                }
                Piece::EndFor(span) if !matches!(open.last(), Some(Open { sort: Sort::For(_), .. })) => {
                    return Err(self.unbalanced(span, open.last()));
                }
                Piece::Else(span) => self.turn(&mut open, &mut parts, span)?,
                Piece::EndIf(_) | Piece::EndFor(_) => close(&mut open, &mut parts),
            }
            deepest = deepest.max(open.len() as u32);
            if let Some(last) = open.last().filter(|_| deepest + self.depth > DEEPEST) {
                return Err(self.report_too_deep(last.span));
            }
        }
        self.tallest += deepest;
        match open.last() {
            None => Ok(parts),
            Some(last) => {
                let end = if matches!(last.sort, Sort::For(_)) { "endfor" } else { "endif" };
                let message =
                    Diagnostic::error(code::UNCLOSED, last.span, format!("this directive has no `%{{ {end} }}`"));
                Err(self.report(message.says("opened here").help(format!("Close it with `%{{ {end} }}`."))))
            }
        }
    }

    /// `%{ else }`: what follows is the other branch.
    fn turn(&mut self, open: &mut Vec<Open>, parts: &mut Vec<Part>, span: Span) -> Parsed<()> {
        match open.pop() {
            Some(Open { span, before, sort: Sort::If(condition) }) => {
                open.push(Open { span, before, sort: Sort::Else(condition, std::mem::take(parts)) });
                Ok(())
            }
            last => Err(self.unbalanced(span, last.as_ref())),
        }
    }

    fn unbalanced(&mut self, span: Span, open: Option<&Open>) -> Stop {
        let message = Diagnostic::error(code::SYNTAX, span, "this directive ends nothing that is open here");
        self.report(match open {
            Some(open) => message.label(open.span, "open here"),
            None => message.help("Text that begins with `%{` is written `%%{`."),
        })
    }
}

fn close(open: &mut Vec<Open>, parts: &mut Vec<Part>) {
    let Some(Open { mut before, sort, .. }) = open.pop() else { return };
    let inner = std::mem::take(parts);
    before.push(match sort {
        Sort::If(condition) => Part::If { condition, then: inner, otherwise: Vec::new() },
        Sort::Else(condition, then) => Part::If { condition, then, otherwise: inner },
        Sort::For(Loop { key, value, collection }) => Part::For { key, value, collection, body: inner },
    });
    *parts = before;
}
