//! [`Leases`]: the right to write to cells, one holder at a time, and who has it ([`Holder`]).

use crate::Text;
use crate::address::Cell;
use crate::instant::Instant;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;

/// Longest that one request of a provider may take from its first byte to the beginning of its answer: connecting and
/// waiting together. Before each write a holder must own more of its lease than this.
pub const REQUEST: Duration = Duration::from_secs(35);

/// Who holds the lease of a cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holder {
    /// Larger than that of every holder before: the journal refuses whoever comes with a smaller one.
    pub token: u64,
    /// Who it says it is.
    pub who: Text,
    /// Since when it holds the lease.
    pub since: Instant,
}

/// Leases that are held. They are given back when it is dropped, and lapse by themselves where nothing drops it any more.
pub trait Leases: Sync {
    /// The token of each cell's lease.
    fn tokens(&self) -> BTreeMap<Cell, u64>;

    /// Whether more of a cell's lease is left than [`REQUEST`].
    ///
    /// # Errors
    /// What became of it; then nothing may be written to the cell.
    fn owned(&self, cell: &Cell) -> Result<(), String>;
}
