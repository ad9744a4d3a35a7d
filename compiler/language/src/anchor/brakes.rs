//! [`AnchoredBrakes`]: a `brakes` block of an anchor: what holds changes in certain cells, whatever profiles say.

use super::cells;
use crate::brakes::{Reader, holds};
use crate::config::Brakes;
use crate::context::Context;
use crate::environment::constant;
use crate::grammar::argument;
use crate::syntax::{Block, Expression};
use ordain_model::Text;
use ordain_model::address::Cell;
use ordain_model::diagnostic::Reported;
use ordain_model::duration::Calendar;

/// What holds changes in certain cells beside what a profile's targets say.
#[derive(Clone, Debug)]
pub struct AnchoredBrakes {
    /// How the anchor calls it.
    pub name: Text,
    /// What holds the changes; it names no canary.
    pub brakes: Brakes,
    /// Where; empty: everywhere.
    pub cells: Vec<Cell>,
}

impl AnchoredBrakes {
    /// Whether it holds changes in a cell.
    #[must_use]
    pub fn concerns(&self, cell: &Cell) -> bool {
        self.cells.is_empty() || self.cells.iter().any(|named| named.holds(cell) || cell.holds(named))
    }
}

pub(super) fn brakes(name: &Text, block: &Block, context: &mut Context<'_>) -> Result<AnchoredBrakes, Reported> {
    let value = |expression: &Expression, context: &mut Context<'_>| constant(expression, Calendar::default(), context);
    let brakes = holds(block, &Reader { value: &value, calendar: Calendar::default() }, context);
    let cells = argument(&block.body, "cells").map(|expression| cells(expression, context)).transpose();
    Ok(AnchoredBrakes { name: name.clone(), brakes: brakes?, cells: cells?.unwrap_or_default() })
}
