//! [`parse`]: the lines of a snapshot become [`Observed`] again.

use super::{Row, Rows};
use crate::observed::{List, Observed};
use ordain_model::Text;
use ordain_model::address::Cell;
use ordain_model::diagnostic::{Diagnostic, Diagnostics, Reported};
use ordain_model::provider::Providers;
use std::io::BufRead;
use std::sync::Arc;

/// Reads a snapshot. `name` is the file as the user gave it.
///
/// # Errors
/// It is no snapshot, it was changed, or it holds what the providers of this run do not know; `diagnostics` says where.
pub fn parse(
    input: &mut dyn BufRead,
    name: &str,
    providers: Providers<'_>,
    diagnostics: &mut Diagnostics,
) -> Result<Observed, Reported> {
    Rows::open(input, name, providers).and_then(collect).map_err(|flaw| diagnostics.push(*flaw))
}

fn collect(mut rows: Rows<'_>) -> Result<Observed, Box<Diagnostic>> {
    let mut observed = Observed::empty();
    (observed.world, observed.envelope) = rows.digests();
    observed.targets.clone_from(rows.targets());
    let mut open: Option<(Arc<Cell>, Text, List)> = None;
    while let Some(row) = rows.next()? {
        match (row, &mut open) {
            (Row::Object(record), Some((_, _, list))) => list.objects.push(record),
            (Row::Object(_), None) => {}
            (Row::List(cell, kind, list), open) => file(&mut observed, open.replace((cell, kind, list))),
        }
    }
    file(&mut observed, open);
    Ok(observed)
}

/// Files a list that was read.
fn file(observed: &mut Observed, read: Option<(Arc<Cell>, Text, List)>) {
    let Some((cell, kind, mut list)) = read else { return };
    // Addresses sort by their encoded ids, records by the ids themselves.
    list.objects.sort_by(|a, b| a.id.cmp(&b.id));
    observed.cells.entry(cell).or_default().insert(kind, list);
}
