//! [`Window`]: the tokens around the parser's place. Space is left to the formatter, comments are set aside, and what lies
//! behind is forgotten, so that a file's tokens are never all in memory.

use super::lexer::Lexer;
use super::token::{Kind, Token};
use ordain_model::source::Span;
use std::collections::VecDeque;

/// How many tokens behind the parser's place are still known.
const BEHIND: usize = 4;

pub(super) struct Window<'a> {
    pub(super) lexer: Lexer<'a>,
    known: VecDeque<Token>,
    /// The number of the first of them.
    first: usize,
    /// The comments so far.
    pub(super) comments: Vec<Span>,
}

impl<'a> Window<'a> {
    pub(super) fn new(lexer: Lexer<'a>) -> Window<'a> {
        Window { lexer, known: VecDeque::new(), first: 0, comments: Vec::new() }
    }

    /// The token of this number, counted from 0 without space and comments; [`Kind::End`] behind the last.
    pub(super) fn get(&mut self, at: usize) -> Token {
        while self.first + self.known.len() <= at {
            let Some(token) = self.lexer.next() else { break };
            match token.kind {
                Kind::Space => {}
                Kind::LineComment | Kind::Comment => {
                    self.comments.push(self.lexer.span(token.start as usize, token.end as usize))
                }
                _ => self.known.push_back(token),
            }
        }
        let end = self.lexer.text.len() as u32;
        let known = at.checked_sub(self.first).and_then(|at| self.known.get(at));
        known.copied().unwrap_or(Token { kind: Kind::End, start: end, end })
    }

    /// Forgets what lies so far behind this place that nobody asks for it.
    pub(super) fn forget(&mut self, at: usize) {
        while self.first + BEHIND < at && self.known.pop_front().is_some() {
            self.first += 1;
        }
    }
}
