//! Indentation: two spaces for each line that opened more brackets than it closed and whose brackets are still open.
//! What an interpolation of a heredoc opens does not count: Terraform's formatter does not count it either.

use super::lines::{Line, Piece, opened};
use crate::parse::Kind;

const STEP: usize = 2;

/// Sets the space at the start of each line.
pub(super) fn indent(pieces: &mut [Piece], lines: &[Line]) {
    // How many brackets of each opening line are open.
    let mut levels: Vec<i64> = Vec::new();
    for line in lines {
        let code = &pieces[line.code()];
        let heredoc = code.iter().position(|piece| matches!(piece.token.kind, Kind::Heredoc | Kind::IndentedHeredoc));
        let change = opened(&code[..heredoc.unwrap_or(code.len())]);
        close(&mut levels, -change);
        if let Some(first) = pieces[line.lead()].first_mut() {
            first.spaces = (levels.len() * STEP) as u32;
        }
        if change > 0 {
            levels.push(change);
        }
    }
}

/// Takes closed brackets off the innermost lines; a line whose brackets are all closed is a level no more.
fn close(levels: &mut Vec<i64>, mut closed: i64) {
    while closed > 0
        && let Some(level) = levels.pop()
    {
        if level > closed {
            levels.push(level - closed);
        }
        closed -= level;
    }
}
