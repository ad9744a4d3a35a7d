//! [`Lexer`]: a text to tokens, in one pass and without recursion. What is no token is reported here and stands as
//! [`Kind::Invalid`], so that the parser goes on behind it. No byte is left out: the tokens, space and comments
//! included, are the text.

use super::token::{Kind, Token};
use ordain_model::code::{self, Code};
use ordain_model::diagnostic::{Diagnostic, Diagnostics};
use ordain_model::source::{SourceId, Span};
use std::collections::VecDeque;

/// The tokens of a text, made as they are asked for; the last one is [`Kind::End`].
pub(crate) struct Lexer<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    source: SourceId,
    /// What is open around this place; nothing stands for the code of the file itself.
    pub(super) modes: Vec<Mode>,
    /// Made and not handed out yet.
    ready: VecDeque<Token>,
    ended: bool,
    pub(super) diagnostics: &'a mut Diagnostics,
}

/// Something open that decides how text reads.
#[derive(Clone, Copy)]
pub(super) struct Mode {
    /// Where its opener starts.
    pub(super) open: usize,
    pub(super) sort: Sort,
}

#[derive(Clone, Copy)]
pub(super) enum Sort {
    /// Code between `${` or `%{` and its `}`; counts the braces open inside.
    Code { braces: usize },
    /// Between quotes.
    Quoted,
    /// The marker's place, and whether the next byte begins a line.
    Heredoc { marker: (usize, usize), line_start: bool },
    /// A text that is a template as a whole. It stands around everything and never closes.
    Whole,
}

impl Iterator for Lexer<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        while self.ready.is_empty() && !self.ended {
            self.step();
        }
        self.ready.pop_front()
    }
}

impl<'a> Lexer<'a> {
    /// Reads a text whose mistakes are reported to `diagnostics` as they are met.
    pub(crate) fn new(text: &'a str, source: SourceId, diagnostics: &'a mut Diagnostics) -> Lexer<'a> {
        Lexer { text, at: 0, source, modes: Vec::new(), ready: VecDeque::new(), ended: false, diagnostics }
    }

    /// Reads a text that is a template as a whole: what a heredoc would hold.
    pub(crate) fn of_template(text: &'a str, source: SourceId, diagnostics: &'a mut Diagnostics) -> Lexer<'a> {
        let mut lexer = Lexer::new(text, source, diagnostics);
        lexer.modes.push(Mode { open: 0, sort: Sort::Whole });
        lexer
    }

    /// Makes at least one token.
    fn step(&mut self) {
        match self.modes.last() {
            _ if self.at >= self.text.len() => self.end(),
            Some(Mode { sort: Sort::Quoted, .. }) => self.quoted(),
            Some(Mode { sort: Sort::Heredoc { .. }, .. }) => self.heredoc(),
            Some(Mode { sort: Sort::Whole, .. }) => self.heredoc_line(),
            _ => self.code(),
        }
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        Span { source: self.source, start: start as u32, end: end as u32 }
    }

    pub(super) fn push(&mut self, kind: Kind, length: usize) {
        self.ready.push_back(Token { kind, start: self.at as u32, end: (self.at + length) as u32 });
        self.at += length;
    }

    pub(super) fn error(&mut self, code: Code, start: usize, end: usize, detail: impl Into<String>) -> Diagnostic {
        Diagnostic::error(code, self.span(start, end), detail)
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn code(&mut self) {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return };
        match first {
            ' ' | '\t' => self.push(Kind::Space, rest.len() - rest.trim_start_matches([' ', '\t']).len()),
            '\u{feff}' if self.at == 0 => self.push(Kind::Space, first.len_utf8()),
            '\n' => self.newline(1),
            '\r' if rest.starts_with("\r\n") => self.newline(2),
            '#' => self.comment(),
            '/' if rest.starts_with("//") => self.comment(),
            '/' if rest.starts_with("/*") => self.long_comment(),
            '"' => self.open(Kind::Quote, 1, Sort::Quoted),
            '\'' | '`' | '“' | '„' | '‘' => self.other_quotes(first),
            '<' if rest.starts_with("<<") => self.open_heredoc(),
            '0'..='9' => self.number(),
            _ if is_start(first) => self.push(Kind::Identifier, identifier(rest)),
            _ => self.symbol(),
        }
    }

    pub(super) fn open(&mut self, kind: Kind, length: usize, sort: Sort) {
        self.modes.push(Mode { open: self.at, sort });
        self.push(kind, length);
    }

    fn newline(&mut self, length: usize) {
        if matches!(self.modes.last(), Some(Mode { sort: Sort::Code { braces: 0 }, .. }))
            && self.begins_attribute(length)
        {
            return self.break_off();
        }
        self.push(Kind::Newline, length);
    }

    fn comment(&mut self) {
        let rest = self.rest();
        let length = rest.find('\n').map_or(rest.len(), |end| end - usize::from(rest[..end].ends_with('\r')));
        self.push(Kind::LineComment, length);
    }

    fn long_comment(&mut self) {
        let rest = self.rest();
        match rest[2..].find("*/") {
            Some(length) => self.push(Kind::Comment, length + 4),
            None => {
                let unclosed = self.error(code::UNCLOSED, self.at, self.at + 2, "this comment has no `*/`");
                self.report(unclosed.says("opened here").help("Close the comment with `*/`."));
                self.push(Kind::Comment, rest.len());
            }
        }
    }

    fn number(&mut self) {
        let rest = self.rest();
        let digits = |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let mut length = digits(rest);
        let fraction = rest[length..].strip_prefix('.').map_or(0, digits);
        length += if fraction > 0 { fraction + 1 } else { 0 };
        if let Some(exponent) = rest[length..].strip_prefix(['e', 'E']) {
            let unsigned = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            let found = digits(unsigned);
            length += if found > 0 { 1 + exponent.len() - unsigned.len() + found } else { 0 };
        }
        match rest[length..].chars().next() {
            Some(next) if is_start(next) => self.bare_unit(length),
            _ => self.push(Kind::Number, length),
        }
    }

    /// `365d`: a number with letters behind it is meant as a string.
    fn bare_unit(&mut self, digits: usize) {
        let length = digits + identifier(&self.rest()[digits..]);
        let word = &self.rest()[..length];
        let found =
            self.error(code::UNQUOTED_UNIT, self.at, self.at + length, format!("found `{word}` without quotes"));
        self.report(
            found
                .says("a number ends where a letter begins")
                .help("Units are written in quotes.")
                .paste(format!("\"{word}\"")),
        );
        self.push(Kind::Invalid, length);
    }

    fn symbol(&mut self) {
        let rest = self.rest();
        if let Some(mode) = self.modes.last_mut() {
            let closer = if rest.starts_with("~}") { 2 } else { 1 };
            match (rest.as_bytes()[0], &mut mode.sort) {
                (b'{', Sort::Code { braces }) => *braces += 1,
                (b'}' | b'~', Sort::Code { braces: 0 }) if rest[closer - 1..].starts_with('}') => {
                    self.modes.pop();
                    return self.push(Kind::EndTemplate, closer);
                }
                (b'}', Sort::Code { braces }) => *braces = braces.saturating_sub(1),
                _ => {}
            }
        }
        match SYMBOLS.iter().find(|(text, _)| rest.starts_with(text)) {
            Some((text, kind)) => self.push(*kind, text.len()),
            None => self.stray(),
        }
    }

    fn end(&mut self) {
        self.ended = true;
        self.modes.retain(|mode| !matches!(mode.sort, Sort::Whole));
        if let Some(mode) = self.modes.first().copied() {
            self.unclosed(mode);
        }
        for _ in 0..self.modes.len() {
            self.push(Kind::Broken, 0);
        }
        self.push(Kind::End, 0);
    }
}

/// Longest first where one begins another.
const SYMBOLS: &[(&str, Kind)] = &[
    ("...", Kind::Ellipsis),
    ("==", Kind::EqualEqual),
    ("=>", Kind::Arrow),
    ("!=", Kind::NotEqual),
    ("<=", Kind::LessEqual),
    (">=", Kind::GreaterEqual),
    ("&&", Kind::And),
    ("||", Kind::Or),
    ("::", Kind::DoubleColon),
    ("=", Kind::Equal),
    ("!", Kind::Not),
    ("<", Kind::Less),
    (">", Kind::Greater),
    ("{", Kind::OpenBrace),
    ("}", Kind::CloseBrace),
    ("[", Kind::OpenBracket),
    ("]", Kind::CloseBracket),
    ("(", Kind::OpenParenthesis),
    (")", Kind::CloseParenthesis),
    ("+", Kind::Plus),
    ("-", Kind::Minus),
    ("*", Kind::Star),
    ("/", Kind::Slash),
    ("%", Kind::Percent),
    ("?", Kind::Question),
    (":", Kind::Colon),
    (",", Kind::Comma),
    (".", Kind::Dot),
];

/// Whether an identifier can begin with it.
pub(super) fn is_start(character: char) -> bool {
    character == '_' || unicode_ident::is_xid_start(character)
}

/// Whether an identifier can go on with it.
pub(super) fn is_continue(character: char) -> bool {
    character == '-' || unicode_ident::is_xid_continue(character)
}

/// The length of the identifier at the start of a text.
pub(super) fn identifier(text: &str) -> usize {
    text.len() - text.trim_start_matches(is_continue).len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The tokens of any text are the text, byte by byte and in order.
    fn covers(text: &str) {
        let mut said = Diagnostics::default();
        let mut at = 0;
        let mut kinds = Vec::new();
        for token in Lexer::new(text, SourceId(0), &mut said) {
            assert_eq!(token.start, at, "{text:?}: {:?}", token.kind);
            assert!(text.get(token.start as usize..token.end as usize).is_some(), "{text:?}: {:?}", token.kind);
            at = token.end;
            kinds.push(token.kind);
        }
        assert_eq!(at as usize, text.len(), "{text:?}");
        assert_eq!(kinds.iter().filter(|kind| **kind == Kind::End).count(), 1);
        assert_eq!(kinds.last(), Some(&Kind::End));
    }

    #[test]
    fn what_is_left_open_is_covered() {
        for text in [
            "\u{feff}a",
            "a = \"x",
            "a = \"${",
            "a = \"${\nb = 1",
            "/* ",
            "<<E\n${\"",
            "a = 'b",
            "a\r\n\rb",
            "\u{feff}\u{feff}",
            "<<",
            "\"\\",
        ] {
            covers(text);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_text_is_covered(text in any::<String>()) {
            covers(&text);
        }

        #[test]
        fn any_pieces_are_covered(text in "([a-e =\"#{}\\[\\]()/*$%~<\\-\\\\'.,0-9é\t\r\n]|<<E\n|\nE\n|\\$\\{|%\\{|\\}\"){0,40}") {
            covers(&text);
        }
    }
}
