//! Signatures, with the real `ssh-keygen`, `ssh-agent` and `git`: anchors, approvals, authors and heads of journals. `tests/run signing` runs it.

#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test says what is wrong by panicking")]
#![allow(dead_code, reason = "the place is shared with the tests of modules")]

#[path = "anchor.rs"]
mod anchor;
#[path = "approval.rs"]
mod approval;
#[path = "head.rs"]
mod head;
#[path = "keys.rs"]
mod keys;
#[path = "../modules/place.rs"]
mod place;
#[path = "token.rs"]
mod token;
