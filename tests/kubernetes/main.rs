//! Ordain on a kube-apiserver with its etcd, as a process of its own. No controllers run: what they would write, the seeds write.
//!
//! `tests/run kubernetes` builds what this needs.

#![expect(clippy::expect_used, clippy::panic, reason = "a test says what is wrong by panicking")]

mod access;
mod changes;
mod reading;
mod scenario;
mod snapshots;
