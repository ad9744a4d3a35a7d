//! Strings and heredocs: their pieces, indentation and `~` trimming. [`super::directive`] makes a tree of the pieces.

use super::comprehension::Loop;
use super::cursor::{Parsed, Parser, Stop};
use super::token::{Kind, Token};
use crate::syntax::{Expression, Node, Part};
use ordain_model::source::Span;

/// A piece of a template, in order; directives are not matched yet.
pub(super) enum Piece {
    Literal(String),
    Interpolation(Expression),
    If(Expression, Span),
    Else(Span),
    EndIf(Span),
    For(Loop, Span),
    EndFor(Span),
}

impl Parser<'_> {
    pub(super) fn template(&mut self) -> Parsed<Expression> {
        let opener = self.take();
        let (mut pieces, end) = self.pieces(opener)?;
        if opener.kind == Kind::IndentedHeredoc {
            dedent(&mut pieces);
        }
        let span = self.span(opener).to(self.span(end));
        let parts = self.tree(join(pieces))?;
        let node = match parts.as_slice() {
            [] => Node::String("".into()),
            [Part::Literal(text)] => Node::String(text.clone()),
            _ => Node::Template(parts),
        };
        Ok(Expression { node, span })
    }

    /// The pieces up to the closer of `opener`. `~` takes the space off the piece next to it and no further one.
    fn pieces(&mut self, opener: Token) -> Parsed<(Vec<Piece>, Token)> {
        let closer = opener.kind.closer().unwrap_or(Kind::End);
        let mut pieces = Vec::new();
        let mut trim = false;
        loop {
            let next = self.peek();
            let trims = std::mem::take(&mut trim);
            match next.kind {
                Kind::Literal => {
                    self.take();
                    let text = if closer == Kind::EndQuote { self.quoted_text(next) } else { self.heredoc_text(next) };
                    pieces.push(Piece::Literal(if trims { text.trim_start().into() } else { text }));
                }
                Kind::Interpolation | Kind::Directive => {
                    if let (true, Some(Piece::Literal(text))) = (self.slice(next).ends_with('~'), pieces.last_mut()) {
                        text.truncate(text.trim_end().len());
                    }
                    trim = self.sequence(&mut pieces)?;
                }
                _ if next.kind == closer => return Ok((pieces, self.take())),
                Kind::Broken => {
                    self.take();
                    return Err(Stop);
                }
                _ => return Err(self.unexpected("the end of the string")),
            }
        }
    }

    /// `${...}` or `%{...}`; whether `~` stands before its closing brace.
    fn sequence(&mut self, pieces: &mut Vec<Piece>) -> Parsed<bool> {
        let opener = self.take();
        let mark = self.mark();
        let piece = match opener.kind {
            Kind::Interpolation => self.expression().map(Piece::Interpolation),
            _ => self.directive(opener),
        };
        let closed = piece.and_then(|piece| {
            pieces.push(piece);
            match self.peek().kind {
                Kind::EndTemplate => Ok(()),
                _ => Err(self.unexpected("`}`")),
            }
        });
        if closed.is_err() && !self.recover(mark, &[Kind::EndTemplate]) {
            return Err(Stop);
        }
        let end = self.expect(Kind::EndTemplate, "`}`")?;
        Ok(self.slice(end).starts_with('~'))
    }

    fn directive(&mut self, opener: Token) -> Parsed<Piece> {
        let word = self.peek();
        let span = self.span(opener).to(self.span(word));
        let piece = match (word.kind, self.slice(word)) {
            (Kind::Identifier, "for") => return Ok(Piece::For(self.loop_header()?, span)),
            (Kind::Identifier, "if") => {
                self.take();
                return Ok(Piece::If(self.expression()?, span));
            }
            (Kind::Identifier, "else") => Piece::Else(span),
            (Kind::Identifier, "endif") => Piece::EndIf(span),
            (Kind::Identifier, "endfor") => Piece::EndFor(span),
            _ => return Err(self.unexpected("`if`, `else`, `endif`, `for` or `endfor`")),
        };
        self.take();
        Ok(piece)
    }
}

/// `<<-`: takes the smallest indentation off every line. A line of nothing but space counts for nothing and keeps its
/// space; a line that begins with `${` has none. As Terraform 1.11 does it, in its order: behind the trimming of `~`.
fn dedent(pieces: &mut [Piece]) {
    let indents = |text: &str| text.chars().take_while(|c| c.is_whitespace()).count();
    let mut least = usize::MAX;
    let mut starts = Vec::new();
    let mut line_start = true;
    for (at, piece) in pieces.iter().enumerate() {
        let Piece::Literal(text) = piece else {
            least = if std::mem::take(&mut line_start) { 0 } else { least };
            continue;
        };
        if line_start && !(text.ends_with('\n') && text.trim().is_empty()) {
            least = least.min(indents(text));
            starts.push(at);
        }
        line_start = text.ends_with('\n');
    }
    for at in starts {
        if let Some(Piece::Literal(text)) = pieces.get_mut(at) {
            *text = text.chars().skip(least).collect();
        }
    }
}

/// Joins literals that stand next to each other: a heredoc has one per line.
fn join(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut joined: Vec<Piece> = Vec::new();
    for piece in pieces {
        match (joined.last_mut(), piece) {
            (Some(Piece::Literal(before)), Piece::Literal(text)) => before.push_str(&text),
            (_, piece) => joined.push(piece),
        }
    }
    joined
}
