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
        let Some(start) = self.lines.get(line as usize - 1) else { return "" };
        let end = self.lines.get(line as usize).map_or(self.text.len(), |next| *next as usize);
        self.text.get(*start as usize..end).unwrap_or("").trim_end_matches(['\n', '\r'])
    }

    /// Byte offset at which a line (from 1) starts.
    #[must_use]
    pub fn line_start(&self, line: u32) -> u32 {
        self.lines.get(line as usize - 1).copied().unwrap_or(self.text.len() as u32)
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
