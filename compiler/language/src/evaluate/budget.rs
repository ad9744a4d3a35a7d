//! [`Budget`]: how much work one evaluation may take. Profiles and worlds may come from strangers: without a limit, a
//! line of nested `for` could fill the memory.

use super::{Evaluated, error};
use ordain_model::code;
use ordain_model::source::Span;
use ordain_model::value::Value;
use std::cell::Cell;

/// Units an evaluation may take whatever it looks at. One unit is one evaluated node, one item that was made or looked
/// at, or sixteen bytes of text that were made: about a second in all.
const LEAST: u64 = 5_000_000;
/// Further units for each item of the longest list that the scope gave: enough for an expression per object.
const PER_ITEM: u64 = 500;

/// How deep lists and objects may stand inside each other in a value: everything that walks over values may recurse.
const DEEPEST: u32 = 256;

/// What is left of the work that one evaluation may take.
pub(crate) struct Budget {
    left: Cell<u64>,
    longest: Cell<u64>,
}

impl Budget {
    pub(crate) fn new() -> Budget {
        Budget { left: Cell::new(LEAST), longest: Cell::new(0) }
    }

    /// Takes units.
    pub(crate) fn spend(&self, units: usize, span: Span) -> Evaluated<()> {
        match self.left.get().checked_sub(units as u64) {
            Some(left) => {
                self.left.set(left);
                Ok(())
            }
            None => Err(error(code::TOO_MUCH_WORK, span, "evaluating this takes more work than the limit allows")),
        }
    }

    /// Takes the units of a text that is about to be made.
    pub(crate) fn text(&self, bytes: usize, span: Span) -> Evaluated<()> {
        self.spend(bytes / 16, span)
    }

    /// Allows the work that a list from the scope is worth, once for the longest.
    pub(crate) fn given(&self, value: &Value) {
        let Value::List(items) = value else { return };
        let more = (items.len() as u64).saturating_sub(self.longest.get());
        self.longest.set(self.longest.get() + more);
        self.left.set(self.left.get().saturating_add(more.saturating_mul(PER_ITEM)));
    }

    /// Takes a unit for every value inside of a value. Values share their parts: what is small in memory can be large
    /// for whoever walks over it.
    pub(crate) fn walk(&self, value: &Value, span: Span) -> Evaluated<()> {
        let mut open = vec![(value, 0)];
        while let Some((value, depth)) = open.pop() {
            self.spend(1, span)?;
            if depth > DEEPEST {
                return Err(error(
                    code::TOO_DEEP,
                    span,
                    format!("the value has more than {DEEPEST} levels inside each other"),
                ));
            }
            match value {
                Value::List(items) => {
                    self.spend(items.len(), span)?;
                    open.extend(items.iter().map(|item| (item, depth + 1)));
                }
                Value::Object(fields) => {
                    self.spend(fields.len(), span)?;
                    open.extend(fields.values().map(|field| (field, depth + 1)));
                }
                Value::Bound(term) => open.extend(term.arguments.iter().map(|argument| (argument, depth + 1))),
                _ => {}
            }
        }
        Ok(())
    }
}
