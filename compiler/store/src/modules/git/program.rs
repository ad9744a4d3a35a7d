//! [`Program`]: `git` in an empty directory of its own, which asks nobody anything, speaks only protocols that modules may come by,
//! and runs nothing that a repository brings.

use super::super::unreachable;
use crate::git;
use ordain_model::module::PackageProblem;
use ordain_model::package::MOST_FILES;
use std::io;
use std::process::Command;

/// Most bytes of an answer that is a list: a line of it is at most about so long, for ten times as many files as there may be.
pub(super) const MOST_ANSWER: u64 = 10 * 2_048 * MOST_FILES as u64;

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
        let (answer, said) = git::talk(&mut child, input, longest);
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
        let directory = self.directory.path();
        let mut command = git::command(directory, arguments);
        command
            .env("GIT_ALLOW_PROTOCOL", self.protocols)
            // Without this Git would look for a repository above the directory before there is one in it.
            .env("GIT_CEILING_DIRECTORIES", directory.parent().unwrap_or(directory));
        command
    }
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
