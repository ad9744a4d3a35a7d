//! Spacing: one space between two tokens of a line, or none.

use super::lines::{Line, Piece, bracket};
use crate::parse::Kind::{self, *};

/// Sets the space before every token that does not begin its line.
pub(super) fn space(pieces: &mut [Piece], lines: &[Line]) {
    for line in lines {
        for cell in [line.lead(), line.value(), line.comment()] {
            let start = cell.start;
            if start > line.lead().start && !cell.is_empty() {
                pieces[start].spaces = 1;
            }
            for at in cell.skip(1) {
                let before = (at >= start + 2).then(|| pieces[at - 2].token.kind);
                let apart = apart(before, &pieces[at - 1], pieces[at].token.kind);
                pieces[at].spaces = u32::from(apart);
            }
        }
    }
}

/// Whether a space stands between two tokens; `before` is the token in front of the two.
fn apart(before: Option<Kind>, left: &Piece, right: Kind) -> bool {
    match (left.token.kind, right) {
        (Identifier, OpenParenthesis | DoubleColon) | (DoubleColon, Identifier) => false,
        // `a.0 .1`: together the two would be one number.
        (Dot, Number) if before == Some(Number) => true,
        (Dot, _) | (_, Dot | Comma | Ellipsis) => false,
        (Comma, _) => true,
        (Literal | Quote | Heredoc | IndentedHeredoc, _) | (_, Literal | EndQuote | EndHeredoc) => false,
        // `for x in [1]`: not the first item of something named `in`.
        (Identifier, _) if left.is_in && before == Some(Identifier) => true,
        (Identifier | Number, OpenBracket) => false,
        (left, OpenBracket) if bracket(left) < 0 => false,
        (Not, _) => false,
        (Minus, _) => before.is_some_and(ends_operand),
        (OpenBrace, CloseBrace) => false,
        (OpenBrace, _) | (_, CloseBrace) => true,
        (Interpolation | Directive, OpenBrace) | (CloseBrace, EndTemplate) => true,
        (EndTemplate, Interpolation | Directive) => false,
        (left, right) => bracket(left) <= 0 && bracket(right) >= 0,
    }
}

/// Whether a `-` behind it subtracts.
fn ends_operand(before: Kind) -> bool {
    !matches!(
        before,
        OpenParenthesis
            | OpenBrace
            | OpenBracket
            | Equal
            | Colon
            | Comma
            | Question
            | Plus
            | Minus
            | Star
            | Slash
            | Percent
            | EqualEqual
            | NotEqual
            | Less
            | LessEqual
            | Greater
            | GreaterEqual
            | And
            | Or
            | Not
    )
}
