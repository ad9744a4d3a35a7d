//! The engine's stages over a laboratory provider: every verdict, every step, every outcome, and what holds of all of them.

mod apply;
mod constraints;
mod drift;
mod findings;
mod lab;
mod laws;
mod line;
mod plan;
mod snapshot;
mod world;
