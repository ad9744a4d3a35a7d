//! Escapes: what a piece of a string or heredoc says.

use super::cursor::Parser;
use super::token::{Kind, Token};
use ordain_model::code;

impl Parser<'_> {
    /// The text of a piece of a heredoc: only `$${` and `%%{` are escapes.
    pub(super) fn heredoc_text(&self, token: Token) -> String {
        self.slice(token).replace("$${", "${").replace("%%{", "%{")
    }

    /// The text of a piece of a quoted string.
    pub(super) fn quoted_text(&mut self, token: Token) -> String {
        let raw = self.slice(token);
        if !raw.contains('\\') {
            return self.heredoc_text(token);
        }
        let mut text = String::with_capacity(raw.len());
        let mut rest = raw;
        while let Some(at) = rest.find('\\') {
            text.push_str(&rest[..at].replace("$${", "${").replace("%%{", "%{"));
            let start = token.start as usize + raw.len() - rest.len() + at;
            rest = &rest[at + 1..];
            let selector = rest.chars().next().unwrap_or('\\');
            let (character, length) = match selector {
                'n' => (Some('\n'), 1),
                'r' => (Some('\r'), 1),
                't' => (Some('\t'), 1),
                '"' | '\\' => (Some(selector), 1),
                'u' => hexadecimal(&rest[1..], 4),
                'U' => hexadecimal(&rest[1..], 8),
                _ => (None, selector.len_utf8()),
            };
            if character.is_none() {
                self.bad_escape(start, length.min(rest.len()) + 1, selector);
            }
            text.extend(character);
            rest = &rest[length.min(rest.len())..];
        }
        text.push_str(&rest.replace("$${", "${").replace("%%{", "%{"));
        text
    }

    fn bad_escape(&mut self, start: usize, length: usize, selector: char) {
        let token = Token { kind: Kind::Literal, start: start as u32, end: (start + length) as u32 };
        let found = self.slice(token).replace(char::is_control, "?");
        let message = match selector {
            'u' => self
                .error(code::SYNTAX, token, format!("found `{found}`"))
                .says("expected four hexadecimal digits of a Unicode character"),
            'U' => self
                .error(code::SYNTAX, token, format!("found `{found}`"))
                .says("expected eight hexadecimal digits of a Unicode character"),
            _ => self.error(code::SYNTAX, token, format!("found `{found}`")).says("no such escape"),
        };
        self.report(message.help("The escapes are `\\n`, `\\r`, `\\t`, `\\\"`, `\\\\`, `\\uNNNN` and `\\UNNNNNNNN`; a backslash itself is written `\\\\`."));
    }
}

/// The character that this many hexadecimal digits name, and how many bytes the escape takes with its letter.
fn hexadecimal(text: &str, digits: usize) -> (Option<char>, usize) {
    let found = text.bytes().take(digits).take_while(u8::is_ascii_hexdigit).count();
    let character =
        (found == digits).then(|| u32::from_str_radix(&text[..digits], 16).ok().and_then(char::from_u32)).flatten();
    (character, found + 1)
}
