//! [`Sources`]: the only place where the text of a profile lives; every [`Span`] points into it.

use crate::Text;

/// One file's number within its [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// A byte range `start..end` of one source; the empty range at `start` marks a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub source: SourceId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The range from the start of `self` to the end of `other`; both must be of one source.
    #[must_use]
    pub fn to(self, other: Span) -> Span {
        Span { end: other.end.max(self.end), ..self }
    }

    /// Whether the other range lies within this one.
    #[must_use]
    pub fn covers(self, other: Span) -> bool {
        self.source == other.source && self.start <= other.start && other.end <= self.end
    }

    /// The place just behind this range.
    #[must_use]
    pub fn after(self) -> Span {
        Span { start: self.end, ..self }
    }
}

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

/// One file: its name as shown to people, its text, and where its lines start.
#[derive(Clone, Debug)]
pub struct Source {
    /// Path as the user would write it, `/` as separator.
    pub name: Text,
    /// The whole text. It never changes.
    pub text: Text,
    lines: Vec<u32>,
}

/// A line and a column, both from 1; the column counts characters, as editors do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl Source {
    /// Indexes the lines of a text once, so that every later lookup is a binary search.
    #[must_use]
    pub fn new(name: &str, text: &str) -> Source {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let lines = std::iter::once(0).chain(breaks.map(|(at, _)| at as u32 + 1)).collect();
        Source { name: name.into(), text: text.into(), lines }
    }

    /// Line and column of a byte offset; past the end counts as the end.
    #[must_use]
    pub fn position(&self, offset: u32) -> Position {
        let line = self.lines.partition_point(|start| *start <= offset);
        let start = self.lines[line - 1] as usize;
        let end = (offset as usize).min(self.text.len()).max(start);
        let column = self.text.get(start..end).map_or(1, |before| before.chars().count() as u32 + 1);
        Position { line: line as u32, column }
    }

    /// The text of a line (from 1) without its line break; empty past the end.
    #[must_use]
    pub fn line(&self, line: u32) -> &str {
        let Some(start) = self.lines.get((line as usize).wrapping_sub(1)) else { return "" };
        let end = self.lines.get(line as usize).map_or(self.text.len(), |next| *next as usize);
        self.text.get(*start as usize..end).unwrap_or("").trim_end_matches(['\n', '\r'])
    }

    /// Byte offset at which a line (from 1) starts.
    #[must_use]
    pub fn line_start(&self, line: u32) -> u32 {
        match line.checked_sub(1) {
            Some(before) => self.lines.get(before as usize).copied().unwrap_or(self.text.len() as u32),
            None => 0,
        }
    }
}

/// Every file of a run, in the order in which they were added.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// Adds a file. Texts longer than 4 GiB - 1 are refused by the caller that reads the file.
    pub fn add(&mut self, name: &str, text: &str) -> SourceId {
        self.files.push(Source::new(name, text));
        SourceId(self.files.len() as u32 - 1)
    }

    /// The file of a span.
    #[must_use]
    pub fn get(&self, id: SourceId) -> &Source {
        &self.files[id.0 as usize]
    }

    /// All files with their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        self.files.iter().enumerate().map(|(at, file)| (SourceId(at as u32), file))
    }

    /// The text under a span.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.get(span.source).text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// `file:line` of a span, as reports and plans print it.
    #[must_use]
    pub fn place(&self, span: Span) -> String {
        let source = self.get(span.source);
        format!("{}:{}", source.name, source.position(span.start).line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "a = 1\r\nbé = \"ü\"\n\nlast";

    #[test]
    fn positions_count_lines_and_characters_from_one() {
        let source = Source::new("main.hcl", TEXT);
        let at = |needle: &str| source.position(TEXT.find(needle).unwrap() as u32);
        assert_eq!(at("a"), Position { line: 1, column: 1 });
        assert_eq!(at("="), Position { line: 1, column: 3 });
        assert_eq!(at("ü"), Position { line: 2, column: 7 });
        assert_eq!(at("last"), Position { line: 4, column: 1 });
        assert_eq!(source.position(9_999), Position { line: 4, column: 5 });
        // Inside a character there is no column: the line is still right, and nothing panics.
        assert_eq!(source.position(TEXT.find('ü').unwrap() as u32 + 1).line, 2);
    }

    #[test]
    fn lines_come_without_their_breaks() {
        let source = Source::new("main.hcl", TEXT);
        let lines: Vec<&str> = (1..=5).map(|line| source.line(line)).collect();
        assert_eq!(lines, ["a = 1", "bé = \"ü\"", "", "last", ""]);
        assert_eq!((source.line(0), source.line_start(0), source.line_start(2)), ("", 0, 7));
        assert_eq!(source.line_start(9), TEXT.len() as u32);
    }

    #[test]
    fn spans_point_into_their_file() {
        let mut sources = Sources::default();
        sources.add("first.hcl", "x");
        let id = sources.add("second.hcl", TEXT);
        let start = TEXT.find("bé").unwrap() as u32;
        let span = Span { source: id, start, end: start + 3 };
        assert_eq!((sources.slice(span), sources.place(span)), ("bé", "second.hcl:2".to_owned()));
        assert_eq!(sources.slice(Span { end: start + 2, ..span }), "");
        assert_eq!(span.to(Span { start: 20, end: 30, ..span }), Span { end: 30, ..span });
        assert_eq!(span.after(), Span { start: span.end, end: span.end, ..span });
        assert_eq!(sources.iter().count(), 2);
    }
}
