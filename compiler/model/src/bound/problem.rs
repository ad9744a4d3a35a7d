//! [`BoundProblem`]: why what a profile writes is no bound on a setting, and what would be.

use super::{BoundTerm, Constructor};
use crate::code::{self, Code};
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::types::{Mismatch, Type};
use crate::value::{Value, quote};

/// Why a term or value is no bound on a setting of some type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundProblem {
    /// Which mistake.
    pub code: Code,
    /// One sentence about this case.
    pub detail: String,
    /// What to do.
    pub help: Option<String>,
    /// A bound to paste in place of what is written.
    pub paste: Option<String>,
}

impl BoundProblem {
    /// The message at the place where the bound is written.
    #[must_use]
    pub fn diagnostic(self, span: Span) -> Diagnostic {
        let mut diagnostic = Diagnostic::error(self.code, span, self.detail);
        (diagnostic.help, diagnostic.paste) = (self.help, self.paste);
        diagnostic
    }

    pub(super) fn null(what: &str) -> BoundProblem {
        let help = "give it a value; where null is to demand nothing, write `optional_bound(...)` around the bound";
        BoundProblem::new(code::NULL_BOUND, format!("{what} is null, which demands nothing")).help(help)
    }

    pub(super) fn unsuitable(constructor: Constructor, of: Type, suitable: &[Constructor]) -> BoundProblem {
        let names: Vec<String> = suitable.iter().map(|suitable| format!("`{}`", suitable.name())).collect();
        let detail = format!("`{}` says nothing about a setting of type {}", constructor.name(), of.name());
        let help = match names.is_empty() {
            true => "no bound binds this type".to_owned(),
            false => format!("write one of {}", names.join(", ")),
        };
        BoundProblem::new(code::UNSUITABLE_BOUND, detail).help(help)
    }

    pub(super) fn count(constructor: Constructor, takes: &str, seen: usize) -> BoundProblem {
        let detail = format!("`{}` takes {takes}, not {seen}", constructor.name());
        BoundProblem::new(code::BOUND_ARGUMENT, detail)
    }

    /// An argument of the wrong type or unit. What is offered in place of it, or of a member of it, is pasted.
    pub(super) fn argument(
        constructor: Constructor,
        arguments: &[Value],
        wrong: &Value,
        why: Mismatch,
    ) -> BoundProblem {
        let seen = why.part.map_or_else(|| wrong.to_string(), |part| quote(&part));
        let detail = format!("`{}` takes {}, not `{seen}`", constructor.name(), why.expected);
        let problem = BoundProblem::new(code::BOUND_ARGUMENT, detail);
        let Some(offer) = why.offer.as_deref().map(quote) else { return problem };
        let spell = |argument: &Value| match argument == wrong {
            true => argument.to_string().replacen(&seen, &offer, 1),
            false => argument.to_string(),
        };
        let arguments: Vec<String> = arguments.iter().map(spell).collect();
        problem.help(format!("write `{offer}`")).paste(format!("{}({})", constructor.name(), arguments.join(", ")))
    }

    /// Strings where one list of them belongs.
    pub(super) fn list(term: &BoundTerm, of: Type) -> BoundProblem {
        let (name, expected) = (term.constructor.name(), of.expected().expected);
        let strings: Vec<String> = term.arguments.iter().map(Value::to_string).collect();
        let problem = BoundProblem::new(code::BOUND_ARGUMENT, format!("`{name}` takes {expected}, not strings"));
        problem.help("put them into a list").paste(format!("{name}([{}])", strings.join(", ")))
    }

    /// A bare value that is none of the setting's type.
    pub(super) fn value(value: &Value, of: Type, why: Mismatch) -> BoundProblem {
        let detail = format!("a setting of type {} takes {}, not `{value}`", of.name(), why.expected);
        let problem = BoundProblem::new(code::BOUND_ARGUMENT, detail);
        match why.offer.as_deref().map(quote) {
            Some(offer) => problem.help(format!("write `{offer}`")).paste(offer),
            None => problem,
        }
    }

    pub(super) fn new(code: Code, detail: String) -> BoundProblem {
        BoundProblem { code, detail, help: None, paste: None }
    }

    pub(super) fn help(self, help: impl Into<String>) -> BoundProblem {
        BoundProblem { help: Some(help.into()), ..self }
    }

    pub(super) fn paste(self, paste: impl Into<String>) -> BoundProblem {
        BoundProblem { paste: Some(paste.into()), ..self }
    }
}
