//! [`Style`] and [`Page`]: how text for people looks, and the only way into it for text that others wrote.
//!
//! Names, tags and API answers may hold escape sequences or characters that turn the reading direction. A [`Page`] prints
//! them as `\u{1b}`, so that what people read is what is there.

use anstyle::{AnsiColor, Color, Style as Ansi};
use std::borrow::Cow;
use std::fmt::Write as _;

/// How text for people looks. The caller knows the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether escape sequences for colours may be written.
    pub colour: bool,
    /// Whether characters outside ASCII may be drawn with.
    pub unicode: bool,
    /// Columns.
    pub width: usize,
}

impl Style {
    /// No colours, ASCII, 100 columns: files, tests.
    pub const PLAIN: Style = Style { colour: false, unicode: false, width: 100 };
}

/// What a piece of text means; the page knows its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// As it is.
    Plain,
    /// A heading or an address.
    Strong,
    /// Less important than what stands around it.
    Faint,
    /// Fine.
    Good,
    /// Wants a look: a change, a warning, something unknown.
    Careful,
    /// Wrong.
    Bad,
}

impl Tone {
    fn ansi(self) -> Ansi {
        let colour = |colour: AnsiColor| Ansi::new().fg_color(Some(Color::Ansi(colour)));
        match self {
            Tone::Plain => Ansi::new(),
            Tone::Strong => Ansi::new().bold(),
            Tone::Faint => colour(AnsiColor::BrightBlack),
            Tone::Good => colour(AnsiColor::Green),
            Tone::Careful => colour(AnsiColor::Yellow),
            Tone::Bad => colour(AnsiColor::Red),
        }
    }
}

/// Text for people, under construction.
#[derive(Debug)]
pub struct Page {
    style: Style,
    text: String,
}

impl Page {
    /// An empty page.
    #[must_use]
    pub fn new(style: Style) -> Page {
        Page { style, text: String::new() }
    }

    /// Its style.
    #[must_use]
    pub fn style(&self) -> Style {
        self.style
    }

    /// Adds text, whoever wrote it.
    pub fn put(&mut self, text: &str) -> &mut Page {
        self.text.push_str(&harmless(text));
        self
    }

    /// Adds text in a tone.
    pub fn tone(&mut self, tone: Tone, text: &str) -> &mut Page {
        if !self.style.colour || tone == Tone::Plain {
            return self.put(text);
        }
        let ansi = tone.ansi();
        // Writing to a `String` cannot fail.
        let _ = write!(self.text, "{ansi}{}{ansi:#}", harmless(text));
        self
    }

    /// Adds text and blanks up to a width in characters; two blanks at least.
    pub fn column(&mut self, tone: Tone, text: &str, width: usize) -> &mut Page {
        let shown = harmless(text).chars().count();
        self.tone(tone, text).space(width.saturating_sub(shown).max(2))
    }

    /// Adds blanks.
    pub fn space(&mut self, count: usize) -> &mut Page {
        self.text.extend(std::iter::repeat_n(' ', count));
        self
    }

    /// Ends the line; trailing blanks are dropped.
    pub fn end(&mut self) -> &mut Page {
        self.text.truncate(self.text.trim_end_matches(' ').len());
        self.text.push('\n');
        self
    }

    /// One empty line, unless the page is empty or there is one.
    pub fn gap(&mut self) -> &mut Page {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
        self
    }

    /// The text.
    #[must_use]
    pub fn finish(self) -> String {
        self.text
    }
}

/// Whether a character can steer a terminal or turn the reading direction (Unicode's bidirectional controls, UAX 9).
fn steers(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// The text with every character that steers a terminal spelled out.
#[must_use]
pub fn harmless(text: &str) -> Cow<'_, str> {
    if !text.chars().any(steers) {
        return Cow::Borrowed(text);
    }
    let spell = |character: char| match steers(character) {
        true => character.escape_unicode().to_string(),
        false => character.to_string(),
    };
    Cow::Owned(text.chars().map(spell).collect())
}

/// The text of source files with every character that steers a terminal replaced by as many bytes, so that offsets
/// hold. Line breaks and tabs stay; a carriage return that ends no line would let what follows cover what stands before.
#[must_use]
pub fn harmless_source(text: &str) -> Cow<'_, str> {
    let stays = |at: usize, character: char| match character {
        '\n' | '\t' => true,
        '\r' => text[at..].starts_with("\r\n"),
        _ => !steers(character),
    };
    if text.char_indices().all(|(at, character)| stays(at, character)) {
        return Cow::Borrowed(text);
    }
    let replace = |(at, character): (usize, char)| match (stays(at, character), character.len_utf8()) {
        (true, _) => character.to_string(),
        (false, bytes) => "?".repeat(bytes),
    };
    Cow::Owned(text.char_indices().map(replace).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_carriage_return_stays_only_where_it_ends_a_line() {
        assert_eq!(harmless_source("a\rb\r\r\nc\td\r"), "a?b?\r\nc\td?");
        assert_eq!(harmless_source("a\r\nb\n"), "a\r\nb\n");
    }

    #[test]
    fn escape_sequences_are_spelled_out() {
        assert_eq!(harmless("a\u{1b}[31mb\u{202e}c\nd"), "a\\u{1b}[31mb\\u{202e}c\\u{a}d");
        assert_eq!(harmless("grün"), "grün");
    }

    #[test]
    fn source_keeps_its_length() {
        let text = "a = \"\u{1b}\u{202e}\u{9b}\"\n\tb = 1\r\n";
        assert_eq!(harmless_source(text).len(), text.len());
        assert_eq!(harmless_source(text), "a = \"??????\"\n\tb = 1\r\n");
    }

    #[test]
    fn colours_only_where_allowed() {
        let page = |colour| {
            let mut page = Page::new(Style { colour, ..Style::PLAIN });
            page.tone(Tone::Bad, "no").put(" ").end();
            page.finish()
        };
        assert_eq!(page(false), "no\n");
        assert_eq!(page(true), "\u{1b}[31mno\u{1b}[0m\n");
    }
}
