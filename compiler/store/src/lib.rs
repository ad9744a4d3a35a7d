//! Hands: where journals, plans and revert plans are kept, where modules from elsewhere come from, what Git says of
//! a profile, and who signed what.

pub mod commit;
pub mod directory;
mod git;
pub mod modules;
pub mod signing;
