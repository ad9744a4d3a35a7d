//! [`Program`]: `git` in an empty directory of its own, which asks nobody anything, speaks only protocols that modules may come by,
//! and runs nothing that a repository brings.

use super::super::unreachable;
use ordain_model::module::PackageProblem;
use ordain_model::package::MOST_FILES;
use std::io::{self, Read, Write};
use std::process::{Child, Command, Stdio};

/// Most bytes of an answer that is a list: a line of it is at most about so long, for ten times as many files as there may be.
pub(super) const MOST_ANSWER: u64 = 10 * 2_048 * MOST_FILES as u64;

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

/// Git in a directory of its own, which is gone with it.
pub(super) struct Program {
    directory: tempfile::TempDir,
    protocols: &'static str,
}

impl Program {
    /// For one repository. The user's settings may send Git elsewhere, by SSH in place of HTTPS or to a copy on this machine: a
    /// server cannot.
    pub(super) fn new(url: &str) -> Result<Program, PackageProblem> {
        let protocols = match url.split("://").next() {
            Some("http") => "file:http",
            _ => "file:https:ssh",
        };
        let directory = tempfile::tempdir().map_err(|error| unreachable(format!("no temporary directory: {error}")))?;
        Ok(Program { directory, protocols })
    }

    /// Runs a command to its end, and returns what it prints.
    pub(super) fn run(&self, arguments: &[&str]) -> Result<Vec<u8>, PackageProblem> {
        self.ask(arguments, Vec::new(), MOST_ANSWER)
    }

    /// Runs a command with something to read.
    pub(super) fn ask(&self, arguments: &[&str], input: Vec<u8>, longest: u64) -> Result<Vec<u8>, PackageProblem> {
        let mut child = self.command(arguments).spawn().map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => unreachable("modules of Git need the program `git`, which is not installed"),
            _ => unreachable(format!("`git` cannot be run: {error}")),
        })?;
        let (answer, said) = talk(&mut child, input, longest);
        if answer.as_ref().map_or(true, |answer| answer.len() as u64 >= longest) {
            // It may still be writing; what it has to say is of no use.
            let _ = child.kill();
        }
        let status = child.wait().map_err(|error| unreachable(error.to_string()))?;
        let answer = answer.map_err(|error| unreachable(error.to_string()))?;
        match status.success() {
            true => Ok(answer),
            false if answer.len() as u64 >= longest => Err(unreachable("Git's answer is too long")),
            false => Err(unreachable(reason(&said))),
        }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        for name in LOCAL {
            command.env_remove(name);
        }
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        command
            .args(arguments)
            .current_dir(self.directory.path())
            .env("GIT_ALLOW_PROTOCOL", self.protocols)
            // Without this Git would look for a repository above the directory before there is one in it.
            .env("GIT_CEILING_DIRECTORIES", self.directory.path().parent().unwrap_or(self.directory.path()))
            .env("GIT_NO_LAZY_FETCH", "1")
            .env("GIT_NO_REPLACE_OBJECTS", "1")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("LC_ALL", "C")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }
}

/// Feeds a child and reads both its streams at once, as far as they may go.
fn talk(child: &mut Child, input: Vec<u8>, longest: u64) -> (io::Result<Vec<u8>>, String) {
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

/// Why Git failed: what it says up to the line that ends it. What comes before may be its helper's reason.
fn reason(said: &str) -> String {
    let lines: Vec<&str> = said.lines().map(|line| line.strip_prefix("remote: ").unwrap_or(line).trim()).collect();
    let end = lines.iter().position(|line| line.starts_with("fatal: ")).map_or(lines.len(), |at| at + 1);
    let words = lines.get(..end).unwrap_or_default().join(" ");
    match words.trim() {
        "" => "Git failed and said nothing".to_owned(),
        words => format!("Git says: {words}"),
    }
}
