//! Text to [`Syntax`]: a lexer and a parser of our own that go on after an error.
//!
//! The grammar is HCL 2's native syntax as Terraform 1.11 reads it, with two additions: arguments of calls may have
//! names (`organization(ou = [...])`), and nesting has a limit. `tests/oracle` holds Terraform's own answers.

mod body;
mod collection;
mod comprehension;
mod cursor;
mod directive;
mod escape;
mod expression;
mod lexer;
mod literal;
mod mistake;
mod path;
mod stray;
mod template;
mod token;
mod window;

use crate::syntax::{Expression, Syntax};
use cursor::Parser;
pub(crate) use lexer::Lexer;
use ordain_model::diagnostic::Diagnostics;
use ordain_model::source::{SourceId, Sources};
pub(crate) use token::{Kind, Token};

/// Reads a file, in time linear in its length. Every syntax error is reported; what did not read is left out or stands
/// as [`crate::syntax::Node::Error`], so that the rest of the file can still be checked.
pub fn parse(sources: &Sources, id: SourceId, diagnostics: &mut Diagnostics) -> Syntax {
    let text = &*sources.get(id).text;
    let mut parser = Parser::new(text, id, Lexer::new(text, id, diagnostics));
    let body = parser.file();
    Syntax { source: id, body, comments: parser.tokens.comments }
}

/// Reads a text that is a template as a whole, as `templatefile` takes it: what a heredoc would hold. `None` when it does
/// not read; then at least one error was reported.
pub(crate) fn parse_template(text: &str, id: SourceId, diagnostics: &mut Diagnostics) -> Option<Expression> {
    let before = diagnostics.items().len();
    let mut parser = Parser::new(text, id, Lexer::of_template(text, id, diagnostics));
    let template = parser.whole_template().ok();
    parser.take_rest();
    template.filter(|_| diagnostics.items().len() == before)
}

/// Reads a text that is one expression, as `-var` and the console take it. `None` when it does not read; then at least
/// one error was reported.
pub fn parse_expression(sources: &Sources, id: SourceId, diagnostics: &mut Diagnostics) -> Option<Expression> {
    let text = &*sources.get(id).text;
    let before = diagnostics.items().len();
    let mut parser = Parser::new(text, id, Lexer::new(text, id, diagnostics));
    let expression = parser.only_expression();
    parser.take_rest();
    expression.filter(|_| diagnostics.items().len() == before)
}
