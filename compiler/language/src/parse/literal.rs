//! The text of strings and heredocs as the lexer sees it: where it ends and where `${` and `%{` begin.

use super::lexer::{Lexer, Mode, Sort, identifier, is_start};
use super::token::Kind;
use ordain_model::code;

impl Lexer<'_> {
    /// Inside quotes, up to the next quote, interpolation, directive or line end.
    pub(super) fn quoted(&mut self) {
        let rest = self.rest();
        let bytes = rest.as_bytes();
        let mut length = 0;
        let ends = loop {
            match bytes.get(length) {
                Some(b'\\') if bytes.get(length + 1).is_some_and(|next| !matches!(next, b'\n' | b'\r')) => length += 2,
                Some(b'$' | b'%') if escaped(&bytes[length..]) => length += 3,
                Some(b'$' | b'%') if bytes.get(length + 1) == Some(&b'{') => break b'{',
                Some(b'\r') if bytes.get(length + 1) == Some(&b'\n') => break b'\n',
                Some(end @ (b'"' | b'\n')) => break *end,
                Some(_) => length += 1,
                None => break 0,
            }
        };
        if length > 0 {
            self.push(Kind::Literal, length.min(rest.len()));
        }
        match ends {
            b'"' => {
                self.push(Kind::EndQuote, 1);
                self.modes.pop();
            }
            b'{' => self.open_template(),
            b'\n' => self.break_off(),
            _ => {}
        }
    }

    fn open_template(&mut self) {
        let rest = self.rest();
        let kind = if rest.starts_with('$') { Kind::Interpolation } else { Kind::Directive };
        let length = if rest[2..].starts_with('~') { 3 } else { 2 };
        self.open(kind, length, Sort::Code { braces: 0 });
    }

    /// `<<MARKER` or `<<-MARKER` and the end of its line.
    pub(super) fn open_heredoc(&mut self) {
        let rest = self.rest();
        let (kind, dash) = if rest.starts_with("<<-") { (Kind::IndentedHeredoc, 1) } else { (Kind::Heredoc, 0) };
        let start = 2 + dash;
        let length = if rest[start..].starts_with(is_start) { identifier(&rest[start..]) } else { 0 };
        let after = &rest[start + length..];
        let newline = if after.starts_with('\n') {
            1
        } else if after.starts_with("\r\n") {
            2
        } else {
            0
        };
        if length == 0 || newline == 0 {
            let line = rest.lines().next().map_or(0, |line| line.trim_end().len());
            let found = self.error(code::SYNTAX, self.at, self.at + line, "`<<` opens a heredoc");
            self.report(found.says("expected a marker and the end of the line behind it").paste("<<-EOT"));
            return self.push(Kind::Invalid, line);
        }
        let marker = (self.at + start, self.at + start + length);
        self.open(kind, start + length + newline, Sort::Heredoc { marker, line_start: true });
    }

    /// One line of a heredoc, or the part of it up to the next interpolation or directive.
    pub(super) fn heredoc(&mut self) {
        let Some(Mode { open, sort: Sort::Heredoc { marker, line_start } }) = self.modes.last().copied() else {
            return;
        };
        if line_start && let Some(length) = closes_heredoc(self.rest(), &self.text[marker.0..marker.1]) {
            self.modes.pop();
            return self.push(Kind::EndHeredoc, length);
        }
        let (_, template) = heredoc_text(self.rest().as_bytes());
        if let Some(mode) = self.modes.last_mut() {
            *mode = Mode { open, sort: Sort::Heredoc { marker, line_start: !template } };
        }
        self.heredoc_line();
    }

    /// The text up to the line's end, or to the interpolation or directive before it.
    pub(super) fn heredoc_line(&mut self) {
        let (length, template) = heredoc_text(self.rest().as_bytes());
        if length > 0 {
            self.push(Kind::Literal, length);
        }
        if template {
            self.open_template();
        }
    }

    /// Whether the line behind a line end of this length starts with `name =`: inside an interpolation that can only
    /// mean that the interpolation was never closed.
    pub(super) fn begins_attribute(&self, length: usize) -> bool {
        let next = self.rest()[length..].trim_start_matches([' ', '\t']);
        let name = if next.starts_with(is_start) { identifier(next) } else { 0 };
        let after = next[name..].trim_start_matches([' ', '\t']);
        name > 0 && after.starts_with('=') && !after.starts_with("==") && !after.starts_with("=>")
    }

    /// A line ends inside a string: the string, and everything that was opened inside it, ends with the line.
    /// One [`Kind::Broken`] closes each.
    pub(super) fn break_off(&mut self) {
        let line = self.text[..self.at].rfind('\n').map_or(0, |end| end + 1);
        let inside = |mode: &&Mode| !matches!(mode.sort, Sort::Heredoc { .. } | Sort::Whole);
        let here = self.modes.iter().rev().take_while(inside).take_while(|mode| mode.open >= line).count();
        let ending = if here > 0 { here } else { self.modes.iter().rev().take_while(inside).count() };
        let keep = self.modes.len() - ending;
        let Some(mode) = self.modes.get(keep).copied() else { return };
        self.unclosed(mode);
        while self.modes.len() > keep {
            self.modes.pop();
            self.push(Kind::Broken, 0);
        }
    }

    pub(super) fn unclosed(&mut self, mode: Mode) {
        let (length, detail, help) = match mode.sort {
            Sort::Quoted => {
                (1, "this string has no closing `\"` on its line", "A string of several lines is a heredoc: `<<-EOT`.")
            }
            Sort::Code { .. } | Sort::Whole => {
                (2, "this `{` inside a string has no `}`", "Text that begins with `${` is written `$${`.")
            }
            Sort::Heredoc { .. } => {
                (2, "this heredoc has no closing marker", "Its marker must stand alone on a line of its own.")
            }
        };
        let found = self.error(code::UNCLOSED, mode.open, mode.open + length, detail);
        self.report(found.says("opened here").help(help));
    }
}

/// `$${` and `%%{` at the start of a text.
fn escaped(bytes: &[u8]) -> bool {
    matches!(bytes, [b'$', b'$', b'{', ..] | [b'%', b'%', b'{', ..])
}

/// The length of the line at the start of a text where it is the closing marker, without its line end.
fn closes_heredoc(text: &str, marker: &str) -> Option<usize> {
    let line = text.trim_start_matches(|c: char| c.is_whitespace() && c != '\n').strip_prefix(marker)?;
    let rest = line.trim_start_matches(|c: char| c.is_whitespace() && c != '\n');
    let ends = rest.is_empty() || rest.starts_with('\n');
    let content = &text[..text.len() - rest.len()];
    ends.then(|| content.trim_end_matches('\r').len())
}

/// How long the text of a heredoc is from here to its line's end, or to the `${` or `%{` before it.
fn heredoc_text(bytes: &[u8]) -> (usize, bool) {
    let mut at = 0;
    loop {
        match bytes.get(at) {
            None => return (at, false),
            Some(b'\n') => return (at + 1, false),
            Some(b'$' | b'%') if escaped(&bytes[at..]) => at += 3,
            Some(b'$' | b'%') if bytes.get(at + 1) == Some(&b'{') => return (at, true),
            Some(_) => at += 1,
        }
    }
}
