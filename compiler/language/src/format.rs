//! [`format`]: a file as `ordain fmt` writes it.
//!
//! ```text
//! text ----> tokens ----> lines of cells ----> space before each token ----> text
//!      lexer        lines                indentation, spacing, alignment
//! ```
//!
//! Nothing but space and tabs between tokens changes: every token, comment and line end stays, in its order, so that
//! the tree stays what it is. Where lines break is the writer's; what stands inside of strings and heredocs too.
//! The style is that of `terraform fmt` 1.11; `tests/oracle/layout.md` holds its answers and the differences.

mod alignment;
mod difference;
mod indentation;
mod lines;
mod spacing;

pub use difference::difference;

use crate::parse::{Kind, Lexer, Token, parse};
use lines::{Piece, lines};
use ordain_model::diagnostic::{Diagnostics, Reported};
use ordain_model::source::{SourceId, Sources};

/// The text of a file with the space that belongs between its tokens, in time linear in its length. Formatting what
/// was formatted changes nothing.
///
/// ```
/// # use ordain_language::format::format;
/// # use ordain_model::{diagnostic::Diagnostics, source::Sources};
/// let mut sources = Sources::default();
/// let id = sources.add("main.hcl", "locals {\na=1 # one\n  long   = [ 2 ]\n}\n");
/// let formatted = format(&sources, id, &mut Diagnostics::default());
/// assert_eq!(formatted.as_deref(), Ok("locals {\n  a    = 1 # one\n  long = [2]\n}\n"));
/// ```
///
/// # Errors
/// The file does not parse; each error was reported.
pub fn format(sources: &Sources, id: SourceId, diagnostics: &mut Diagnostics) -> Result<String, Reported> {
    let mut mistakes = Diagnostics::default();
    drop(parse(sources, id, &mut mistakes));
    let failed = mistakes.check();
    mistakes.into_sorted().into_iter().for_each(|mistake| _ = diagnostics.push(mistake));
    failed?;
    let text = &*sources.get(id).text;
    let mut pieces = pieces(text, id);
    let lines = lines(&pieces);
    indentation::indent(&mut pieces, &lines);
    spacing::space(&mut pieces, &lines);
    alignment::align(&mut pieces, &lines, text);
    Ok(write(text, &pieces))
}

/// Every token but space, with none before it yet.
fn pieces(text: &str, id: SourceId) -> Vec<Piece> {
    let mut said = Diagnostics::default();
    let tokens = Lexer::new(text, id, &mut said).filter(|token| token.kind != Kind::Space);
    let is_in = |token: &Token| token.kind == Kind::Identifier && slice(text, *token) == "in";
    tokens.map(|token| Piece { is_in: is_in(&token), token, spaces: 0 }).collect()
}

fn write(text: &str, pieces: &[Piece]) -> String {
    let mut written = String::with_capacity(text.len() + text.len() / 8);
    if text.starts_with('\u{feff}') {
        written.push('\u{feff}');
    }
    for Piece { token, spaces, .. } in pieces {
        written.extend(std::iter::repeat_n(' ', *spaces as usize));
        written.push_str(slice(text, *token));
    }
    written
}

fn slice(text: &str, token: Token) -> &str {
    text.get(token.start as usize..token.end as usize).unwrap_or("")
}
