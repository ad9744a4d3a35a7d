//! [`command`]: `git` that asks nobody anything, works on no other repository than that of its directory, and runs nothing
//! that a repository brings; and [`talk`] to it.

use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Variables that would make Git work on another repository than ours: `git rev-parse --local-env-vars` of Git 2.39.
const LOCAL: &[&str] = &[
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
];

/// Settings of every call. The low speed that ends a transfer is in bytes per second and seconds.
const SETTINGS: &[&str] = &[
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "gc.auto=0",
    "http.lowSpeedLimit=1",
    "http.lowSpeedTime=60",
    "protocol.ext.allow=never",
    "submodule.recurse=false",
];

/// Git in a directory, to be fed and read.
pub(crate) fn command(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    for name in LOCAL {
        command.env_remove(name);
    }
    for setting in SETTINGS {
        command.args(["-c", setting]);
    }
    command
        .args(arguments)
        .current_dir(directory)
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_NO_REPLACE_OBJECTS", "1")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("LC_ALL", "C")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Feeds a child and reads both its streams at once, as far as they may go.
pub(crate) fn talk(child: &mut Child, input: Vec<u8>, longest: u64) -> (io::Result<Vec<u8>>, String) {
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    std::thread::scope(|scope| {
        // A child that stops reading has said why on stderr.
        scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(&input)));
        let said = scope.spawn(move || {
            let mut said = Vec::new();
            let Some(mut stderr) = stderr else { return said };
            let _ = stderr.by_ref().take(1 << 16).read_to_end(&mut said);
            // The rest is read and dropped, so that the child is never stuck.
            let _ = io::copy(&mut stderr, &mut io::sink());
            said
        });
        let mut answer = Vec::new();
        let read = stdout.map_or(Ok(0), |stdout| stdout.take(longest).read_to_end(&mut answer));
        if !matches!(read, Ok(count) if (count as u64) < longest) {
            let _ = child.kill();
        }
        let said = said.join().unwrap_or_default();
        (read.map(|_| answer), String::from_utf8_lossy(&said).into_owned())
    })
}
