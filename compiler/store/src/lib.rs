//! Hands: where journals, plans and revert plans are kept, where modules from elsewhere come from, and who signed what.

pub mod directory;
pub mod modules;
pub mod signing;
