//! [`Process`]: a server of its own on a free loopback port, ended with the test.

use std::fs::File;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A program that `tests/run` found or brought.
pub fn tool(variable: &str) -> PathBuf {
    let place = std::env::var_os(variable).unwrap_or_else(|| panic!("{variable} is not set: run `tests/run modules`"));
    let place = PathBuf::from(place);
    assert!(place.exists(), "{} is not there: run `tests/run modules`", place.display());
    place
}

/// A running server.
pub struct Process {
    child: Child,
    pub port: u16,
}

impl Process {
    /// Starts what `command` makes for a port, and waits until it listens. A port that somebody took in between is tried again.
    pub fn start(log: &Path, command: impl Fn(u16) -> Command) -> Process {
        Process::start_at("127.0.0.1", log, command)
    }

    /// Starts one on another address of this machine.
    pub fn start_at(host: &str, log: &Path, command: impl Fn(u16) -> Command) -> Process {
        for _ in 0..3 {
            let port = TcpListener::bind((host, 0)).unwrap().local_addr().unwrap().port();
            let file = File::create(log).unwrap();
            let mut command = command(port);
            let child = command.stdin(Stdio::null()).stdout(file.try_clone().unwrap()).stderr(file).spawn();
            let mut process = Process { child: child.expect("the server starts"), port };
            if process.listens(host) {
                return process;
            }
        }
        panic!("the server does not listen:\n{}", std::fs::read_to_string(log).unwrap_or_default());
    }

    fn listens(&mut self, host: &str) -> bool {
        let until = Instant::now() + Duration::from_secs(30);
        while Instant::now() < until && matches!(self.child.try_wait(), Ok(None)) {
            if TcpStream::connect((host, self.port)).is_ok() {
                return true;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        false
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
