//! [`Budget`]: how much work one evaluation may take. Profiles and worlds may come from strangers: without a limit, a
//! line of nested `for` could fill the memory.

use super::{Evaluated, error};
use ordain_model::code;
use ordain_model::diagnostic::Diagnostic;
use ordain_model::source::Span;
use ordain_model::value::Value;
use std::cell::Cell;

/// Units an evaluation may take whatever it looks at. One unit is one evaluated node, one item that was made or looked
/// at, or sixteen bytes of text that were made: about a second in all.
const LEAST: u64 = 5_000_000;
/// Further units for each item of the longest list that a world gave: enough for an expression per object.
const PER_ITEM: u64 = 500;

/// How deep lists and objects may stand inside each other in a value: everything that walks over values may recurse.
const DEEPEST: u32 = 256;

/// Units that all expressions of one profile may take together: what a thousand of the longest would make fills no memory.
const TOGETHER: u64 = 64_000_000;
/// Units of every expression that count for nothing there.
const FREE: u64 = 64;

/// What is left of the work that the expressions of one profile may take together.
#[derive(Debug)]
pub struct Pool(Cell<u64>);

impl Default for Pool {
    fn default() -> Pool {
        Pool(Cell::new(TOGETHER))
    }
}

/// What is left of the work that one evaluation may take.
pub(crate) struct Budget<'p> {
    left: Cell<u64>,
    longest: Cell<u64>,
    spent: Cell<u64>,
    pool: Option<&'p Pool>,
}

impl<'p> Budget<'p> {
    pub(crate) fn of(pool: Option<&'p Pool>) -> Budget<'p> {
        let left = pool.map_or(LEAST, |pool| pool.0.get().saturating_add(FREE).min(LEAST));
        Budget { left: Cell::new(left), longest: Cell::new(0), spent: Cell::new(0), pool }
    }

    /// Takes units.
    pub(crate) fn spend(&self, units: usize, span: Span) -> Evaluated<()> {
        match self.left.get().checked_sub(units as u64) {
            Some(left) => {
                self.left.set(left);
                self.spent.set(self.spent.get() + units as u64);
                Ok(())
            }
            None if self.pool.is_some_and(|pool| pool.0.get() < LEAST) => {
                let detail = "the expressions of a profile take more work together than the limit allows";
                let message = Diagnostic::error(code::TOO_MUCH_WORK, span, detail);
                Err(Box::new(message.says("nothing is left for this one")))
            }
            None => Err(error(code::TOO_MUCH_WORK, span, "evaluating this takes more work than the limit allows")),
        }
    }

    /// Takes the units of a text that is about to be made.
    pub(crate) fn text(&self, bytes: usize, span: Span) -> Evaluated<()> {
        self.spend(bytes / 16, span)
    }

    /// Allows the work that a list from a world is worth, once for the longest.
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

impl Drop for Budget<'_> {
    /// What was spent is spent for the others too, with or without a value.
    fn drop(&mut self) {
        if let Some(Pool(left)) = self.pool {
            left.set(left.get().saturating_sub(self.spent.get().saturating_sub(FREE)));
        }
    }
}
