//! Hands: where the journal, its plans and the leases of cells are kept, where modules from elsewhere come from, what Git
//! says of a profile, and who signed what.

pub mod commit;
pub mod directory;
mod git;
pub mod journal;
pub mod modules;
#[cfg(feature = "objects")]
pub mod objects;
pub mod signing;
