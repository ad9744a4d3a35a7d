//! [`Line`]: the tokens between two line ends, in up to three cells: what stands before the `=`, from the `=` on, and
//! the comment at the end.

use crate::parse::{Kind, Token};
use std::ops::Range;

/// A token and how many spaces stand before it.
pub(super) struct Piece {
    pub(super) token: Token,
    /// Whether it is the word `in`.
    pub(super) is_in: bool,
    pub(super) spaces: u32,
}

/// Places in the pieces of a file. A heredoc is one line with the one that opens it, since its line ends are its text.
pub(super) struct Line {
    start: usize,
    /// Where the cell of the value begins; `comment` where there is none.
    value: usize,
    /// Where the cell of the comment begins; `end` where there is none.
    comment: usize,
    /// The line end, or the end of the file.
    end: usize,
}

impl Line {
    /// What stands first: the whole line where nothing is aligned.
    pub(super) fn lead(&self) -> Range<usize> {
        self.start..self.value
    }

    /// `=` and the value behind it; empty where none is aligned.
    pub(super) fn value(&self) -> Range<usize> {
        self.value..self.comment
    }

    /// The comment behind code; empty where there is none.
    pub(super) fn comment(&self) -> Range<usize> {
        self.comment..self.end
    }

    /// Everything but the comment behind code.
    pub(super) fn code(&self) -> Range<usize> {
        self.start..self.comment
    }
}

/// The lines of a file.
pub(super) fn lines(pieces: &[Piece]) -> Vec<Line> {
    let ends = pieces.iter().enumerate().filter(|(_, piece)| matches!(piece.token.kind, Kind::Newline | Kind::End));
    let mut start = 0;
    ends.map(|(end, _)| line(pieces, std::mem::replace(&mut start, end + 1), end)).collect()
}

fn line(pieces: &[Piece], start: usize, end: usize) -> Line {
    let kind = |at: usize| pieces[at].token.kind;
    let comment = if end > start + 1 && kind(end - 1) == Kind::LineComment { end - 1 } else { end };
    let equal = (start + 1..comment).find(|at| kind(*at) == Kind::Equal);
    let whole = |from: &usize| opened(&pieces[*from..comment]) == 0;
    Line { start, value: equal.filter(whole).unwrap_or(comment), comment, end }
}

/// How many brackets more are opened than closed.
pub(super) fn opened(pieces: &[Piece]) -> i64 {
    pieces.iter().map(|piece| bracket(piece.token.kind)).sum()
}

/// 1 for what opens a bracket or a part of a template, -1 for what closes one.
pub(super) fn bracket(kind: Kind) -> i64 {
    use Kind::{CloseBrace, CloseBracket, CloseParenthesis, Directive, EndTemplate, Interpolation};
    use Kind::{OpenBrace, OpenBracket, OpenParenthesis};
    match kind {
        OpenBrace | OpenBracket | OpenParenthesis | Interpolation | Directive => 1,
        CloseBrace | CloseBracket | CloseParenthesis | EndTemplate => -1,
        _ => 0,
    }
}
