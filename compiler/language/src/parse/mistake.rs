//! What the messages of the parser say: what was expected, what was seen, and the line to paste where one is obvious.

use super::cursor::{Parser, Stop};
use super::token::{Kind, Token};
use crate::syntax::Name;
use ordain_model::code;
use ordain_model::diagnostic::Diagnostic;
use ordain_model::source::Span;

/// What somebody who wrote this token in the wrong place may have meant.
/// `before` is the token in front of it.
pub(super) fn hint(kind: Kind, text: &str, before: &str) -> Option<&'static str> {
    Some(match (kind, text) {
        _ if before == "not" => "The opposite of a condition: `!`.",
        (Kind::Identifier, "and") => "Both of two conditions: `&&`.",
        (Kind::Identifier, "or") => "One of two conditions: `||`.",
        (Kind::Equal, _) => "`==` compares two values.",
        (Kind::Arrow, _) => "`=>` stands in `{for ...}` only; a key is followed by `=`.",
        _ => return None,
    })
}

/// Commas that are missing in a list: the tokens before and behind each, of many the first.
#[derive(Default)]
pub(super) struct Commas(Vec<(Option<Token>, Token)>);

impl Commas {
    pub(super) fn add(&mut self, before: Option<Token>, behind: Token) {
        if self.0.len() < MOST_COMMAS {
            self.0.push((before, behind));
        }
    }
}

/// Most missing commas that one message shows.
const MOST_COMMAS: usize = 20;
/// How many line ends are looked through for the token before a place.
const MOST_BACK: usize = 4;

/// The longest rest of a line that a message offers again.
const MOST_PASTED: usize = 500;

impl<'a> Parser<'a> {
    /// The rest of the line from a place, without surrounding space; nothing where it is too long to be pasted.
    fn line_rest(&self, start: u32) -> &'a str {
        let rest = self.text.get(start as usize..).unwrap_or("");
        let end = rest.bytes().take(MOST_PASTED).position(|byte| byte == b'\n');
        let end = end.or((rest.len() < MOST_PASTED).then_some(rest.len()));
        end.and_then(|end| rest.get(..end)).unwrap_or("").trim()
    }

    /// Whether a token that begins a value begins an item of the list here: no new item of the body, no word that somebody
    /// took for an operator.
    pub(super) fn is_item(&mut self, next: Token) -> bool {
        !self.begins_item(self.at) && hint(next.kind, self.slice(next), "").is_none()
    }

    /// The last token before this place that is no line end.
    pub(super) fn before(&mut self) -> Option<Token> {
        let from = self.at.saturating_sub(MOST_BACK);
        let known: Vec<Token> = (from..self.at).rev().map(|at| self.raw(at)).collect();
        known.into_iter().find(|token| token.kind != Kind::Newline).filter(|token| token.kind != Kind::End)
    }

    /// Reports all commas that are missing in a list as one mistake, with its first line as it should be.
    pub(super) fn missing_commas(&mut self, opener: Token, commas: &mut Commas) {
        let Commas(commas) = std::mem::take(commas);
        let Some((before, first)) = commas.first().copied() else { return };
        let seen = first.kind.describe(self.slice(first));
        let message = self.error(code::SYNTAX, first, format!("expected `,`, found {seen}"));
        let message = message.says("expected `,` before this");
        let others = commas.iter().skip(1);
        let message = others.fold(message, |message, (_, behind)| message.label(self.span(*behind), "and before this"));
        let message = message.label(self.span(opener), "opened here");
        let paste = before.and_then(|before| self.with_commas(before.end, &commas));
        self.report(match paste {
            Some(line) => message.paste(line),
            None => message.help("Commas separate items."),
        });
    }

    /// The line of a place with the commas that are missing on it; nothing where it is too long to be pasted.
    fn with_commas(&self, place: u32, commas: &[(Option<Token>, Token)]) -> Option<String> {
        let begins = self.text.get(..place as usize)?.bytes().rev().take(MOST_PASTED);
        let back =
            begins.clone().position(|byte| byte == b'\n').or((begins.len() < MOST_PASTED).then_some(begins.len()))?;
        let start = place as usize - back;
        let end = self.text.get(place as usize..)?.bytes().take(MOST_PASTED).position(|byte| byte == b'\n');
        let end = end.map_or(self.text.len(), |end| place as usize + end);
        let mut line = self.text.get(start..end).filter(|line| line.len() <= MOST_PASTED)?.to_owned();
        let places = commas.iter().filter_map(|(before, _)| Some(before.as_ref()?.end as usize));
        for at in places.filter(|at| (start..=end).contains(at)).collect::<Vec<_>>().into_iter().rev() {
            line.insert(at - start, ',');
        }
        Some(line.trim().to_owned())
    }

    pub(super) fn missing_equal(&mut self, name: &Name) -> Stop {
        let found = self.peek();
        let rest = self.line_rest(found.start);
        let paste = match found.kind {
            Kind::Newline | Kind::End | Kind::Invalid | Kind::Broken | Kind::CloseBrace | Kind::Dot => None,
            Kind::Colon | Kind::EqualEqual | Kind::Arrow => {
                let value = rest.get((found.end - found.start) as usize..).unwrap_or("").trim();
                (!value.is_empty()).then(|| format!("{} = {value}", name.text))
            }
            _ => (!rest.is_empty()).then(|| format!("{} = {rest}", name.text)),
        };
        let seen = found.kind.describe(self.slice(found));
        let place = if found.kind == Kind::Newline { Token { end: found.start, ..found } } else { found };
        self.ended |= found.kind == Kind::End;
        let message =
            self.error(code::SYNTAX, place, format!("expected `=` or `{{` behind `{}`, found {seen}", name.text));
        let message = message.says("expected `=`").label(name.span, "this name has no value");
        self.report(match (paste, found.kind) {
            (Some(line), _) => message.help("An attribute is a name, `=` and a value.").paste(line),
            (None, Kind::Dot) => message.help("An attribute's name has no dots; nested values are written in braces."),
            (None, _) => {
                message.help("An attribute is a name, `=` and a value; a block is a name, its labels and braces.")
            }
        })
    }

    /// `name "label" "label"` and the end of the line, whose place is given.
    pub(super) fn missing_brace(&mut self, name: &Name, end: usize) -> Stop {
        let end = self.raw(end);
        self.ended |= end.kind == Kind::End;
        let place = Token { end: end.start, ..end };
        let header = self.line_rest(name.span.start);
        let paste = (!header.is_empty() && !header.contains(['#', '/'])).then(|| format!("{header} {{"));
        let message = self.error(code::SYNTAX, place, format!("expected `{{` behind the labels of `{}`", name.text));
        let message = message.says("expected `{`").label(name.span, "this block has no braces");
        self.report(match paste {
            Some(line) => message.help("What a block holds stands in braces.").paste(line),
            None => message.help("What a block holds stands in braces."),
        })
    }

    /// `"name" = value`.
    pub(super) fn quoted_name(&mut self) -> Stop {
        let found = self.peek();
        let line = self.line_rest(found.start);
        let plain = line.strip_prefix('"').and_then(|rest| rest.split_once('"')).filter(|(name, rest)| {
            rest.trim_start().starts_with(['=', '{']) && !name.is_empty() && name.chars().all(super::lexer::is_continue)
        });
        let paste = plain.map(|(name, rest)| format!("{name}{rest}"));
        let message = self.error(code::SYNTAX, found, "expected an attribute or a block, found a string");
        let message = message.says("names stand without quotes here").help("Only the keys of objects may be quoted.");
        self.report(match paste {
            Some(line) => message.paste(line),
            None => message,
        })
    }

    pub(super) fn comma(&mut self) -> Stop {
        let found = self.peek();
        let message = self.error(code::SYNTAX, found, "expected the end of the line, found `,`");
        self.report(
            message
                .says("no comma between attributes")
                .help("Attributes and blocks stand on lines of their own, without commas."),
        )
    }

    pub(super) fn brace_on_next_line(&mut self) -> Stop {
        let found = self.peek();
        let place = Token { end: found.start, ..found };
        let message = self.error(code::SYNTAX, place, "expected `{`, found the end of the line");
        self.report(message.says("expected `{`").help("The `{` of a block stands on the line of its name."));
        self.take();
        Stop
    }

    pub(super) fn fixed_label(&mut self, span: Span) -> Stop {
        let message = Diagnostic::error(code::SYNTAX, span, "a label is a fixed text");
        self.report(message.says("expected a plain string").help("Labels cannot be computed: write the text itself."))
    }

    pub(super) fn one_line_block(&mut self, opener: Token) -> Stop {
        let found = self.peek();
        let place = if found.kind == Kind::Newline { Token { end: found.start, ..found } } else { found };
        let message = self.error(code::SYNTAX, place, "a block on one line holds one attribute and nothing else");
        let message = message.says("too much for one line").label(self.span(opener), "opened here");
        self.report(message.help("Start a new line behind the `{`, one attribute per line."))
    }

    pub(super) fn duplicate_attribute(&mut self, name: &Name, before: Span) {
        let message = Diagnostic::error(code::DUPLICATE_ATTRIBUTE, name.span, format!("`{}` is set twice", name.text));
        self.report(message.says("set again").label(before, "set here first").help("Keep one of the two."));
    }

    /// A bracket without its closer, reported once at the end of the file.
    pub(super) fn unclosed(&mut self, opener: Token) -> Stop {
        let at_end = self.peek().kind == Kind::End;
        let opener = self.misaligned.filter(|_| at_end && opener.kind == Kind::OpenBrace).unwrap_or(opener);
        if at_end && std::mem::replace(&mut self.ended, true) {
            return Stop;
        }
        let closer = opener.kind.closer().map_or("", Kind::symbol);
        let message = self.error(code::UNCLOSED, opener, format!("this `{}` has no `{closer}`", self.slice(opener)));
        let found = self.peek();
        let place = self.span(found);
        let found = if at_end { "the file ends here".into() } else { format!("expected `{closer}` before this") };
        self.report(message.says("opened here").label(place, found).help(format!("Close it with `{closer}`.")))
    }

    /// What was expected inside a bracket; where a new item of the body begins, that the bracket is not closed.
    pub(super) fn unclosed_or(&mut self, expected: &str, opener: Token) -> Stop {
        if self.peek().kind == Kind::Equal && self.at > 0 && self.begins_item(self.at - 1) {
            self.at -= 1;
        }
        let found = self.peek();
        if matches!(found.kind, Kind::Invalid | Kind::Broken) {
            return Stop;
        }
        if found.kind == Kind::End || self.begins_item(self.at) {
            return self.unclosed(opener);
        }
        let seen = found.kind.describe(self.slice(found));
        let message = self.error(code::SYNTAX, found, format!("expected {expected}, found {seen}"));
        let message = message.says(format!("expected {expected}")).label(self.span(opener), "opened here");
        let before = self.raw(self.at.saturating_sub(1));
        self.report(match hint(found.kind, self.slice(found), self.slice(before)) {
            Some(help) => message.help(help),
            None => message,
        })
    }

    /// `.0.1`
    pub(super) fn chained_index(&mut self, token: Token, first: &str, second: &str) -> Stop {
        let message = self.error(code::SYNTAX, token, format!("`.{first}.{second}` reads as a number"));
        self.report(message.says("expected an index in brackets").paste(format!("[{first}][{second}]")))
    }

    pub(super) fn number_too_large(&mut self, token: Token, why: &str) {
        let message = self.error(code::SYNTAX, token, format!("this is {why}"));
        self.report(message.says("expected a number of at most 1,000 digits"));
    }
}
