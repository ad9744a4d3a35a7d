//! The tree of a template: `%{ if }`, `%{ else }`, `%{ for }` and their ends, matched without recursion.

use super::comprehension::Loop;
use super::cursor::{DEEPEST, Parsed, Parser, Stop};
use super::template::{Directive, Piece};
use crate::syntax::{Each, Expression, If, Part};
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
    For(Box<Loop>),
}

impl Parser<'_> {
    pub(super) fn tree(&mut self, pieces: Vec<Piece>) -> Parsed<Vec<Part>> {
        let mut open: Vec<Open> = Vec::new();
        let mut parts = Vec::new();
        let mut deepest = 0;
        for piece in pieces {
            let (directive, span) = match piece {
                Piece::Literal(text) => {
                    parts.push(Part::Literal(text.into()));
                    continue;
                }
                Piece::Interpolation(expression) => {
                    parts.push(Part::Interpolation(expression));
                    continue;
                }
                Piece::Directive(directive, span) => (*directive, span),
            };
            let within = open.last().map(|last| matches!(last.sort, Sort::For(_)));
            match directive {
                Directive::If(condition) => {
                    open.push(Open { span, before: std::mem::take(&mut parts), sort: Sort::If(condition) });
                }
                Directive::For(each) => {
                    open.push(Open { span, before: std::mem::take(&mut parts), sort: Sort::For(each) });
                }
                Directive::Else if within == Some(false) => self.turn(&mut open, &mut parts, span)?,
                Directive::EndIf if within == Some(false) => close(&mut open, &mut parts),
                Directive::EndFor if within == Some(true) => close(&mut open, &mut parts),
                Directive::Else | Directive::EndIf | Directive::EndFor => {
                    return Err(self.unbalanced(span, open.last()));
                }
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
        Sort::If(condition) => Part::If(If { condition, then: inner, otherwise: Vec::new() }.into()),
        Sort::Else(condition, then) => Part::If(If { condition, then, otherwise: inner }.into()),
        Sort::For(each) => {
            let Loop { key, value, collection } = *each;
            Part::For(Each { key, value, collection, body: inner }.into())
        }
    });
    *parts = before;
}
