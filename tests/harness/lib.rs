//! What the tests share: back ends, the fault proxy in front of them, literate pages, the program under test.

pub mod api_server;
pub mod backend;
pub mod cluster;
pub mod descriptions;
pub mod dice;
pub mod git_server;
pub mod kills;
pub mod line;
pub mod operation;
pub mod operations;
pub mod outcome;
pub mod page;
pub mod proxy;
pub mod reports;
pub mod session;
pub mod sizes;
pub mod snapshot;
pub mod values;
