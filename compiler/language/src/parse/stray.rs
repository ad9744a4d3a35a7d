//! What is no token at all: single quotes, lone `&`, typographic quotes, control characters.

use super::lexer::{Lexer, is_continue, is_start};
use super::token::Kind;
use ordain_model::code;

/// How far another quote is looked for behind the first: what is longer is no string that somebody quoted wrongly.
const LONGEST: usize = 1_000;

impl Lexer<'_> {
    /// Text in quotes of another kind, on one line, is one mistake.
    pub(super) fn other_quotes(&mut self, open: char) {
        let inner = &self.rest()[open.len_utf8()..];
        let closes = |c: char| if open == '\'' || open == '`' { c == open } else { "“”’".contains(c) };
        let mut near = inner.char_indices().take(LONGEST).take_while(|(_, c)| *c != '\n');
        let Some((length, close)) = near.find(|(_, c)| closes(*c)) else { return self.stray() };
        let whole = open.len_utf8() + length + close.len_utf8();
        let paste = format!("\"{}\"", inner[..length].replace('"', "\\\""));
        let found = self.error(code::SYNTAX, self.at, self.at + whole, "found text in other quotes than `\"`");
        self.report(found.says("expected double quotes").help("Strings are written in double quotes.").paste(paste));
        self.push(Kind::Invalid, whole);
    }

    /// A run of characters that begin no token is one mistake.
    pub(super) fn stray(&mut self) {
        let rest = self.rest();
        let length = rest.find(begins_token).unwrap_or(rest.len()).max(rest.chars().next().map_or(1, char::len_utf8));
        let word = &rest[..length];
        let help = match word {
            "&" => Some("Both of two conditions: `&&`."),
            "|" => Some("One of two conditions: `||`."),
            ";" => Some("Attributes are separated by line ends, items by commas."),
            _ if word.contains(['“', '”', '„', '‘', '’', '`', '\'']) => {
                Some("Strings are written in plain double quotes: `\"`.")
            }
            _ => None,
        };
        let shown: String = word.chars().take(20).flat_map(char::escape_debug).collect();
        let found =
            self.error(code::SYNTAX, self.at, self.at + length, format!("found `{shown}`, which means nothing here"));
        self.report(match help {
            Some(help) => found.help(help),
            None => found,
        });
        self.push(Kind::Invalid, length);
    }
}

/// Whether a token, a space or a comment begins with it: where a run of stray characters ends.
fn begins_token(character: char) -> bool {
    is_start(character) || is_continue(character) || " \t\r\n\"'#/<>=!{}[]()+*%?:,.".contains(character)
}
