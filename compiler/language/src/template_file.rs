//! [`Template`]: a file of a module as a tree, read once however often it is filled.

use crate::parse::parse_template;
use crate::syntax::Expression;
use ordain_model::diagnostic::{Diagnostic, Diagnostics};
use ordain_model::source::SourceId;

/// A template that stands in a file of its own.
#[derive(Clone, Debug)]
pub struct Template {
    /// The whole of it; none where it does not read.
    pub(crate) expression: Option<Expression>,
    /// Why it does not read: every mistake, in the order of the text.
    pub(crate) mistakes: Vec<Diagnostic>,
}

impl Template {
    /// Reads the text of a source.
    #[must_use]
    pub fn read(text: &str, source: SourceId) -> Template {
        let mut diagnostics = Diagnostics::default();
        let expression = parse_template(text, source, &mut diagnostics);
        Template { expression, mistakes: diagnostics.into_sorted() }
    }
}
