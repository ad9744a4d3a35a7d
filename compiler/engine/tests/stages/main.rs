//! The engine's stages over a laboratory provider: every verdict, every step, every outcome, and what holds of all of them.

#![expect(clippy::panic, clippy::unreachable, clippy::unwrap_used, reason = "a test says what is wrong by panicking")]

mod apply;
mod brakes;
mod constraints;
mod contradictions;
mod difference;
mod drift;
mod exceptions;
mod findings;
mod follows;
mod graph;
mod journal;
mod lab;
mod laws;
mod line;
mod plan;
mod snapshot;
mod world;
