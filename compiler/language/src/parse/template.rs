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
    Directive(Box<Directive>, Span),
}

pub(super) enum Directive {
    If(Expression),
    Else,
    EndIf,
    For(Box<Loop>),
    EndFor,
}

impl Parser<'_> {
    pub(super) fn template(&mut self) -> Parsed<Expression> {
        let opener = self.take();
        let (mut pieces, end) = self.pieces(opener.kind.closer().unwrap_or(Kind::End))?;
        if opener.kind == Kind::IndentedHeredoc {
            dedent(&mut pieces);
        }
        self.joined(pieces, self.span(opener).to(self.span(end)))
    }

    /// A text that is a template as a whole.
    pub(super) fn whole_template(&mut self) -> Parsed<Expression> {
        let (pieces, end) = self.pieces(Kind::End)?;
        self.joined(pieces, Span { start: 0, ..self.span(end) })
    }

    fn joined(&mut self, pieces: Vec<Piece>, span: Span) -> Parsed<Expression> {
        let parts = self.tree(pieces)?;
        let node = match parts.as_slice() {
            [] => Node::String("".into()),
            [Part::Literal(text)] => Node::String(text.clone()),
            _ => Node::Template(parts),
        };
        Ok(Expression { node, span })
    }

    /// The pieces up to a closer. `~` takes the space off the token next to it and no further one: a heredoc has one per
    /// line.
    fn pieces(&mut self, closer: Kind) -> Parsed<(Vec<Piece>, Token)> {
        let mut pieces = Vec::new();
        let mut trim = false;
        // Where the last token begins in the literal at the end.
        let mut last = 0;
        loop {
            let next = self.peek();
            let trims = std::mem::take(&mut trim);
            match next.kind {
                Kind::Literal => {
                    self.take();
                    let text = if closer == Kind::EndQuote { self.quoted_text(next) } else { self.heredoc_text(next) };
                    last = join(&mut pieces, if trims { text.trim_start().into() } else { text });
                }
                Kind::Interpolation | Kind::Directive => {
                    if let (true, Some(Piece::Literal(text))) = (self.slice(next).ends_with('~'), pieces.last_mut()) {
                        text.truncate(last + text.get(last..).map_or(0, |text| text.trim_end().len()));
                    }
                    trim = self.sequence(&mut pieces)?;
                }
                _ if next.kind == closer => return Ok((pieces, self.take())),
                Kind::Broken => {
                    self.take();
                    // Where a heredoc has no end, the rest of the file is its text: what else is open is not known.
                    self.ended |= closer == Kind::EndHeredoc;
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
        let directive = match (word.kind, self.slice(word)) {
            (Kind::Identifier, "for") => Directive::For(self.loop_header()?.into()),
            (Kind::Identifier, "if") => {
                self.take();
                Directive::If(self.expression()?)
            }
            (Kind::Identifier, "else") => self.bare(Directive::Else),
            (Kind::Identifier, "endif") => self.bare(Directive::EndIf),
            (Kind::Identifier, "endfor") => self.bare(Directive::EndFor),
            _ => return Err(self.unexpected("`if`, `else`, `endif`, `for` or `endfor`")),
        };
        Ok(Piece::Directive(directive.into(), span))
    }

    /// A directive that is one word.
    fn bare(&mut self, directive: Directive) -> Directive {
        self.take();
        directive
    }
}

/// `<<-`: takes the smallest indentation off every line. A line of nothing but space counts for nothing and keeps its
/// space; a line that begins with `${` has none. As Terraform 1.11 does it, in its order: behind the trimming of `~`.
fn dedent(pieces: &mut [Piece]) {
    let mut least = usize::MAX;
    let mut line_start = true;
    for piece in &*pieces {
        let Piece::Literal(text) = piece else {
            least = if std::mem::take(&mut line_start) { 0 } else { least };
            continue;
        };
        let indents = |line: &str| line.chars().take_while(|c| c.is_whitespace()).count();
        let lines = indented(text, line_start).filter(|(_, counts)| *counts).map(|(line, _)| indents(line));
        least = lines.min().unwrap_or(usize::MAX).min(least);
        line_start = text.ends_with('\n');
    }
    line_start = true;
    for piece in pieces {
        let Piece::Literal(text) = piece else {
            line_start = false;
            continue;
        };
        let ends = text.ends_with('\n');
        let skip = |(line, counts)| str::chars(line).skip(if counts { least } else { 0 });
        *text = indented(text, line_start).flat_map(skip).collect();
        line_start = ends;
    }
}

/// The lines of a piece, and whether each counts for the indentation.
fn indented(text: &str, line_start: bool) -> impl Iterator<Item = (&str, bool)> {
    let blank = |line: &str| line.ends_with('\n') && line.trim().is_empty();
    text.split_inclusive('\n').enumerate().map(move |(at, line)| (line, (at > 0 || line_start) && !blank(line)))
}

/// Adds text to the literal at the end; where it begins in it.
fn join(pieces: &mut Vec<Piece>, text: String) -> usize {
    if let Some(Piece::Literal(before)) = pieces.last_mut() {
        before.push_str(&text);
        return before.len() - text.len();
    }
    pieces.push(Piece::Literal(text));
    0
}
