//! Modules from real servers: Git's own HTTP server, OpenSSH's, Debian's registry, all on the loopback. `tests/run modules` brings
//! what they need.

#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test says what is wrong by panicking")]
#![allow(dead_code, reason = "the place is shared with the tests of signatures")]

#[path = "git.rs"]
mod git;
#[path = "hostile.rs"]
mod hostile;
#[path = "place.rs"]
mod place;
#[path = "process.rs"]
mod process;
#[path = "registry.rs"]
mod registry;
#[path = "ssh.rs"]
mod ssh;
#[path = "tls.rs"]
mod tls;
