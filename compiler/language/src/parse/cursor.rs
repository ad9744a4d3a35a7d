//! [`Parser`]: a place in the tokens, what is open around it, and how to go on after an error.

use super::lexer::Lexer;
use super::token::{Kind, Token};
use super::window::Window;
use crate::syntax::Name;
use ordain_model::Text;
use ordain_model::code::{self, Code};
use ordain_model::diagnostic::Diagnostic;
use ordain_model::source::{SourceId, Span};
use std::collections::HashSet;

/// How many levels a tree may have, and how many brackets and blocks may stand inside each other. Terraform 1.11 has no
/// limit of its own; deeper text is no profile that a person reads, and every walk over the tree may recurse this far.
pub(super) const DEEPEST: u32 = 256;

/// How many words are kept for when they stand again.
const MOST_WORDS: usize = 4_096;

/// An error was reported: unwinds to the next place from which to go on.
pub(super) struct Stop;

/// A result whose error was reported.
pub(super) type Parsed<T> = Result<T, Stop>;

pub(super) struct Parser<'a> {
    pub(super) text: &'a str,
    pub(super) source: SourceId,
    pub(super) tokens: Window<'a>,
    pub(super) at: usize,
    /// How many levels stand around this place.
    pub(super) depth: u32,
    /// How many levels the tallest of the expressions has that were read here so far.
    pub(super) tallest: u32,
    /// Whether this item was found to be too deep.
    pub(super) cut: bool,
    /// The openers that are not closed yet.
    pub(super) open: Vec<Open>,
    /// How many of them are `{`.
    pub(super) braces: usize,
    /// Whether the unexpected end of the file was reported.
    pub(super) ended: bool,
    /// Words that stood in the file.
    words: HashSet<Text>,
    /// The first `{` whose `}` stands at another indentation: where one is missing, most likely it is this one's.
    pub(super) misaligned: Option<Token>,
}

/// An opener, and whether a line end is a token behind it: in bodies and objects, not inside `(`, `[` and `${`.
#[derive(Clone, Copy)]
pub(super) struct Open {
    token: Token,
    newlines: bool,
}

/// What was open at a place from which to go on after an error.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    open: usize,
    braces: usize,
}

/// Adds to a list that may become long: it grows by a quarter, for what doubles takes three times its size on the way.
pub(super) fn add<T>(list: &mut Vec<T>, item: T) {
    if list.len() == list.capacity() {
        list.reserve_exact(list.len() / 4 + 4);
    }
    list.push(item);
}

impl<'a> Parser<'a> {
    pub(super) fn new(text: &'a str, source: SourceId, lexer: Lexer<'a>) -> Parser<'a> {
        Parser {
            text,
            source,
            tokens: Window::new(lexer),
            at: 0,
            depth: 0,
            tallest: 0,
            cut: false,
            open: Vec::new(),
            braces: 0,
            ended: false,
            words: HashSet::new(),
            misaligned: None,
        }
    }

    /// The next token that counts here.
    pub(super) fn peek(&mut self) -> Token {
        while !self.newlines() && self.raw(self.at).kind == Kind::Newline {
            self.at += 1;
            self.tokens.forget(self.at);
        }
        self.raw(self.at)
    }

    /// Whether a line end is a token here.
    fn newlines(&self) -> bool {
        self.open.last().is_none_or(|open| open.newlines)
    }

    /// From here to the closer of the last opener, a line end is only space.
    pub(super) fn ignore_newlines(&mut self) {
        if let Some(open) = self.open.last_mut() {
            open.newlines = false;
        }
    }

    /// The token behind the next one.
    pub(super) fn second(&mut self) -> Token {
        self.peek();
        let mut at = self.at + 1;
        while !self.newlines() && self.raw(at).kind == Kind::Newline {
            at += 1;
        }
        self.raw(at)
    }

    pub(super) fn raw(&mut self, at: usize) -> Token {
        self.tokens.get(at)
    }

    /// Takes the next token and keeps account of what is open.
    pub(super) fn take(&mut self) -> Token {
        self.peek();
        self.take_raw()
    }

    /// Takes the next token, a line end too.
    fn take_raw(&mut self) -> Token {
        let token = self.raw(self.at);
        self.at += usize::from(token.kind != Kind::End);
        self.tokens.forget(self.at);
        if token.kind.closer().is_some() {
            self.braces += usize::from(token.kind == Kind::OpenBrace);
            self.open.push(Open { token, newlines: token.kind == Kind::OpenBrace });
        } else if token.kind.closes() {
            self.close(token.kind);
        }
        token
    }

    /// Forgets the opener that the closer fits, with what was left open inside it. A closer that fits nothing closes nothing.
    fn close(&mut self, closer: Kind) {
        let fits = |open: &Open| match closer {
            Kind::Broken => {
                matches!(open.token.kind.closer(), Some(Kind::EndQuote | Kind::EndHeredoc | Kind::EndTemplate))
            }
            _ => open.token.kind.closer() == Some(closer),
        };
        let from = match closer {
            Kind::CloseBracket | Kind::CloseParenthesis => self.open.len().saturating_sub(1),
            Kind::CloseBrace if self.braces == 0 => return,
            Kind::CloseBrace => self
                .open
                .iter()
                .rposition(|open| !matches!(open.token.kind, Kind::OpenBracket | Kind::OpenParenthesis))
                .unwrap_or(0),
            _ => self.open.iter().rposition(fits).unwrap_or(self.open.len()),
        };
        match self.open.get(from).copied() {
            Some(open) if fits(&open) => {
                if closer == Kind::CloseBrace && self.misaligned.is_none() && self.is_misaligned(open.token) {
                    self.misaligned = Some(open.token);
                }
                self.forget(from);
            }
            _ => self.forget((from + 1).min(self.open.len())),
        }
    }

    /// Whether the `}` just taken begins its line at another indentation than the line of this `{`.
    fn is_misaligned(&mut self, open: Token) -> bool {
        let closer = self.raw(self.at.saturating_sub(1));
        let begins = self.at >= 2 && self.raw(self.at - 2).kind == Kind::Newline;
        match (begins, self.indentation(open), self.indentation(closer)) {
            (true, Some(open), Some(closer)) => open != closer,
            _ => false,
        }
    }

    /// The space at the start of a token's line; `None` behind so much text that nobody aligns by it.
    fn indentation(&self, token: Token) -> Option<&'a str> {
        let end = token.start as usize;
        let line = self.text.as_bytes()[..end].iter().rev().take(200).position(|byte| *byte == b'\n');
        let start = end - line.or((end < 200).then_some(end))?;
        let line = self.text.get(start..end)?;
        Some(&line[..line.len() - line.trim_start_matches([' ', '\t']).len()])
    }

    /// Counts everything above this many openers as closed.
    pub(super) fn forget(&mut self, keep: usize) {
        self.braces -= self.open[keep..].iter().filter(|open| open.token.kind == Kind::OpenBrace).count();
        self.open.truncate(keep);
    }

    pub(super) fn eat(&mut self, kind: Kind) -> Option<Token> {
        (self.peek().kind == kind).then(|| self.take())
    }

    pub(super) fn expect(&mut self, kind: Kind, expected: &str) -> Parsed<Token> {
        match self.eat(kind) {
            Some(token) => Ok(token),
            None => Err(self.unexpected(expected)),
        }
    }

    /// The closer of an opener.
    pub(super) fn closed(&mut self, opener: Token, expected: &str) -> Parsed<Token> {
        match Some(self.peek().kind) == opener.kind.closer() {
            true => Ok(self.take()),
            false => Err(self.unclosed_or(expected, opener)),
        }
    }

    /// The next token that is no line end, without going there.
    pub(super) fn first_in_lines(&mut self) -> Token {
        let mut at = self.at;
        while self.raw(at).kind == Kind::Newline {
            at += 1;
        }
        self.raw(at)
    }

    pub(super) fn name(&mut self, expected: &str) -> Parsed<Name> {
        let token = self.expect(Kind::Identifier, expected)?;
        Ok(Name { text: self.word(token), span: self.span(token) })
    }

    /// The text of a token, one copy for all places where it stands: files say few words often.
    pub(super) fn word(&mut self, token: Token) -> Text {
        let word = self.slice(token);
        if let Some(known) = self.words.get(word) {
            return known.clone();
        }
        let text = Text::from(word);
        if self.words.len() < MOST_WORDS {
            self.words.insert(text.clone());
        }
        text
    }

    pub(super) fn span(&self, token: Token) -> Span {
        Span { source: self.source, start: token.start, end: token.end }
    }

    pub(super) fn slice(&self, token: Token) -> &'a str {
        self.text.get(token.start as usize..token.end as usize).unwrap_or("")
    }

    /// Whether the next token is this word.
    pub(super) fn at_word(&mut self, word: &str) -> bool {
        let token = self.peek();
        token.kind == Kind::Identifier && self.slice(token) == word
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) -> Stop {
        self.tokens.lexer.diagnostics.push(diagnostic);
        Stop
    }

    pub(super) fn error(&self, code: Code, token: Token, detail: impl Into<String>) -> Diagnostic {
        Diagnostic::error(code, self.span(token), detail)
    }

    /// "Expected this, found that"; nothing where the lexer reported it, or the end of the file was reported.
    pub(super) fn unexpected(&mut self, expected: &str) -> Stop {
        let found = self.peek();
        if matches!(found.kind, Kind::Invalid | Kind::Broken) || (found.kind == Kind::End && self.ended) {
            return Stop;
        }
        self.ended |= found.kind == Kind::End;
        let detail = format!("expected {expected}, found {}", found.kind.describe(self.slice(found)));
        let place = if found.kind == Kind::Newline { Token { end: found.start, ..found } } else { found };
        let message = self.error(code::SYNTAX, place, detail).says(format!("expected {expected}"));
        let before = self.raw(self.at.saturating_sub(1));
        match super::mistake::hint(found.kind, self.slice(found), self.slice(before)) {
            Some(help) => self.report(message.help(help)),
            None => self.report(message),
        }
    }

    /// Runs one level deeper; `None` when that is too deep, which is reported.
    pub(super) fn deeper<T>(&mut self, run: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= DEEPEST {
            let token = self.peek();
            self.report_too_deep(self.span(token));
            return None;
        }
        self.depth += 1;
        let result = run(self);
        self.depth -= 1;
        Some(result)
    }

    /// Reports that nesting ends here, and skips to the end of what is open.
    pub(super) fn too_deep(&mut self) {
        let token = self.peek();
        self.report_too_deep(self.span(token));
        let open = self.open.len();
        loop {
            let next = self.peek();
            let closes = next.kind.closes() || next.kind == Kind::Newline;
            if next.kind == Kind::End || (closes && self.open.len() <= open) {
                self.ended |= next.kind == Kind::End;
                return;
            }
            self.take();
        }
    }

    pub(super) fn report_too_deep(&mut self, span: Span) -> Stop {
        if std::mem::replace(&mut self.cut, true) {
            return Stop;
        }
        let message =
            Diagnostic::error(code::TOO_DEEP, span, format!("more than {DEEPEST} levels stand inside each other"));
        self.report(message.says("one level too many").help("Give the inner parts names in `locals`."))
    }

    /// From a token to the last one taken.
    pub(super) fn from(&mut self, start: Token) -> Span {
        let last = self.raw(self.at.saturating_sub(1));
        Span { end: last.end.max(start.end), ..self.span(start) }
    }

    pub(super) fn mark(&self) -> Mark {
        Mark { open: self.open.len(), braces: self.braces }
    }

    /// Goes on behind an error: skips to one of `stops` at the level of the mark, over everything that was opened since,
    /// but never past the closing brace of the level, nor past a line that begins an attribute or a block there.
    /// Whether it arrived at one of `stops`.
    pub(super) fn recover(&mut self, mark: Mark, stops: &[Kind]) -> bool {
        let found = loop {
            let next = self.raw(self.at);
            let level = self.open.len() <= mark.open;
            if level && stops.contains(&next.kind) {
                break true;
            }
            let bound = (next.kind == Kind::CloseBrace && self.braces > 0) || self.begins_item(self.at);
            let text = matches!(next.kind, Kind::EndQuote | Kind::EndHeredoc | Kind::EndTemplate | Kind::Broken);
            if next.kind == Kind::End || (bound && self.braces <= mark.braces) || (text && level) {
                break false;
            }
            self.take_raw();
        };
        self.forget(mark.open.min(self.open.len()));
        found
    }

    /// Whether a line begins here with `name =` or a block's header: inside `(` and `[` a sign that those were never closed.
    pub(super) fn begins_item(&mut self, at: usize) -> bool {
        if at == 0 || self.raw(at - 1).kind != Kind::Newline || self.raw(at).kind != Kind::Identifier {
            return false;
        }
        let mut next = at + 1;
        while matches!(self.raw(next).kind, Kind::Quote | Kind::Literal | Kind::EndQuote) {
            next += 1;
        }
        let kind = self.raw(next).kind;
        kind == Kind::OpenBrace || (kind == Kind::Equal && next == at + 1)
    }
}
