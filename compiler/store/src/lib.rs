//! Where journals, plans and revert plans are kept: a local directory.

pub mod directory;
