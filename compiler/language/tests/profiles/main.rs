//! Profiles from text to configuration: what compiling says, what a configuration means, how selectors judge.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod bounded;
mod cases;
mod config;
mod damage;
mod fake;
mod inputs;
mod packages;
mod profile;
mod selector;
