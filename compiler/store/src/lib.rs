//! Hands: where journals, plans and revert plans are kept, and where modules from elsewhere come from.

pub mod directory;
pub mod modules;
