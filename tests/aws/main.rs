//! Ordain on AWS back ends that are processes of their own, moto and fakecloud, with the fault proxy in between.
//!
//! `tests/run aws` starts what this needs. No scenario knows more of a back end than its address.

#![expect(clippy::expect_used, clippy::panic, reason = "a test says what is wrong by panicking")]

mod access;
mod as_found;
mod brakes;
mod calls;
mod compliance;
mod examples;
mod failures;
mod faults;
#[cfg(unix)]
mod kills;
mod movement;
mod operations;
mod reading;
mod scenario;
#[cfg(unix)]
mod waiting;
