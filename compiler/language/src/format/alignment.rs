//! Alignment: in lines that follow each other the `=` stand below each other, and so do the comments behind code.

use super::lines::{Line, Piece};
use super::slice;
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation as _;

/// Sets the space before the `=` and the comments that have neighbours.
pub(super) fn align(pieces: &mut [Piece], lines: &[Line], text: &str) {
    column(pieces, lines, text, Line::lead, Line::value);
    column(pieces, lines, text, Line::code, Line::comment);
}

/// Aligns one cell of each run of lines that have it behind the widest of what stands before.
fn column(
    pieces: &mut [Piece],
    lines: &[Line],
    text: &str,
    before: fn(&Line) -> Range<usize>,
    cell: fn(&Line) -> Range<usize>,
) {
    for run in lines.chunk_by(|one, next| cell(one).is_empty() == cell(next).is_empty()) {
        if run.first().is_none_or(|line| cell(line).is_empty()) {
            continue;
        }
        let widths: Vec<usize> = run.iter().map(|line| width(&pieces[before(line)], text)).collect();
        let widest = widths.iter().copied().max().unwrap_or(0);
        for (line, width) in run.iter().zip(widths) {
            pieces[cell(line).start].spaces = (widest - width + 1) as u32;
        }
    }
}

/// How many columns tokens take with the space before them, in characters as people count them.
fn width(pieces: &[Piece], text: &str) -> usize {
    let one = |piece: &Piece| {
        let token = slice(text, piece.token);
        let length = if token.is_ascii() { token.len() } else { token.graphemes(true).count() };
        piece.spaces as usize + length
    };
    pieces.iter().map(one).sum()
}
