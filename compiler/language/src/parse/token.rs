//! [`Token`]: a piece of the text with its sort; the lexer makes them, the parser reads them.

/// A piece of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// The sorts of token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Newline,
    /// Spaces and tabs in a line; a byte order mark at the start of the text.
    Space,
    /// `# ...` and `// ...` without the line end.
    LineComment,
    /// `/* ... */`.
    Comment,
    Identifier,
    Number,
    OpenBrace,
    CloseBrace,
    OpenBracket,
    CloseBracket,
    OpenParenthesis,
    CloseParenthesis,
    Equal,
    EqualEqual,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Plus,
    Minus,
    Star,
    Slash,
    Percent,
    Not,
    And,
    Or,
    Question,
    Colon,
    DoubleColon,
    Comma,
    Dot,
    Ellipsis,
    Arrow,
    /// `"` that opens a string.
    Quote,
    /// `"` that closes it.
    EndQuote,
    /// `<<MARKER` with its line end.
    Heredoc,
    /// `<<-MARKER` with its line end.
    IndentedHeredoc,
    /// The line of the closing marker without its line end.
    EndHeredoc,
    /// Text of a string or of one line of a heredoc, escapes as written.
    Literal,
    /// `${` or `${~`.
    Interpolation,
    /// `%{` or `%{~`.
    Directive,
    /// `}` or `~}` that closes one of the two.
    EndTemplate,
    /// Something that is reported already and stands where a value could.
    Invalid,
    /// A string or heredoc that ends here unfinished; reported already.
    Broken,
    End,
}

impl Kind {
    /// What messages call it: its text in backticks, or what it is.
    pub(super) fn describe(self, text: &str) -> String {
        match self {
            Kind::Newline => "the end of the line".into(),
            Kind::Space => "space".into(),
            Kind::LineComment | Kind::Comment => "a comment".into(),
            Kind::End => "the end of the file".into(),
            Kind::Quote => "a string".into(),
            Kind::EndQuote => "the end of the string".into(),
            Kind::Heredoc | Kind::IndentedHeredoc => "a heredoc".into(),
            Kind::EndHeredoc => "the end of the heredoc".into(),
            Kind::Literal => "text".into(),
            Kind::Invalid | Kind::Broken => "something that does not read".into(),
            _ => format!("`{text}`"),
        }
    }

    /// The closer of an opening bracket.
    pub(super) fn closer(self) -> Option<Kind> {
        Some(match self {
            Kind::OpenBrace => Kind::CloseBrace,
            Kind::OpenBracket => Kind::CloseBracket,
            Kind::OpenParenthesis => Kind::CloseParenthesis,
            Kind::Quote => Kind::EndQuote,
            Kind::Heredoc | Kind::IndentedHeredoc => Kind::EndHeredoc,
            Kind::Interpolation | Kind::Directive => Kind::EndTemplate,
            _ => return None,
        })
    }

    /// Whether a value can begin with it, and no operator goes on with it.
    pub(super) fn begins_value(self) -> bool {
        use Kind::{Heredoc, Identifier, IndentedHeredoc, Number, OpenBrace, OpenBracket, OpenParenthesis, Quote};
        matches!(
            self,
            Heredoc | Identifier | IndentedHeredoc | Number | OpenBrace | OpenBracket | OpenParenthesis | Quote
        )
    }

    /// Whether it closes a bracket, a string or a part of a template.
    pub(super) fn closes(self) -> bool {
        use Kind::{Broken, CloseBrace, CloseBracket, CloseParenthesis, EndHeredoc, EndQuote, EndTemplate};
        matches!(self, CloseBrace | CloseBracket | CloseParenthesis | EndQuote | EndHeredoc | EndTemplate | Broken)
    }

    /// The text of a closer.
    pub(super) fn symbol(self) -> &'static str {
        match self {
            Kind::CloseBrace | Kind::EndTemplate => "}",
            Kind::CloseBracket => "]",
            Kind::CloseParenthesis => ")",
            Kind::EndQuote => "\"",
            _ => "",
        }
    }
}
