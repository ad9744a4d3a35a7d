//! [`Place`]: a directory with a profile, a cache and a home of its own, and Git to make repositories in it.

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The module that is published in these tests; `{days}` is what differs between versions.
pub const MODULE: &str = r#"require "aws_cloudwatch_log_group" "kept" {
  where = true
  must { retention = at_least("{days}d") }
}
"#;

const ESTATE: &str = r#"{ "as_of": "2026-11-01T00:00:00Z", "cells": { "aws:111111111111/eu-west-1": { "aws_cloudwatch_log_group": {} } } }"#;

pub struct Place {
    folder: tempfile::TempDir,
    variables: Vec<(String, String)>,
}

/// What a run printed and how it ended.
#[derive(Debug)]
pub struct Ended {
    pub code: i32,
    pub text: String,
}

impl Place {
    pub fn new() -> Place {
        let place = Place { folder: tempfile::tempdir().unwrap(), variables: Vec::new() };
        place.write("p/estate.json", ESTATE);
        place
    }

    /// Sets a variable for every command.
    pub fn variable(&mut self, name: &str, value: &str) {
        self.variables.push((name.into(), value.into()));
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), text).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// A profile that imports one module.
    pub fn profile(&self, source: &str, version: Option<&str>) {
        let version = version.map(|version| format!("  version = \"{version}\"\n")).unwrap_or_default();
        let text = format!(
            "target \"aws\" \"t\" {{\n  estate = \"estate.json\"\n}}\nmodule \"m\" {{\n  source  = \"{source}\"\n{version}  targets = [target.aws.t]\n}}\n"
        );
        self.write("p/main.hcl", &text);
    }

    fn command(&self, program: &Path, at: &str) -> Command {
        let mut command = Command::new(program);
        command.env_clear().current_dir(self.path(at));
        command.env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin").env("HOME", self.path(""));
        for (name, value) in ["AUTHOR", "COMMITTER"].iter().flat_map(|who| {
            [("NAME", "x"), ("EMAIL", "x@example.com")].map(|(what, value)| (format!("GIT_{who}_{what}"), value))
        }) {
            command.env(name, value);
        }
        command.envs(self.variables.iter().cloned());
        command
    }

    /// Runs the program in the profile's directory.
    pub fn ordain(&self, line: &str) -> Ended {
        let output = self.command(Path::new(env!("CARGO_BIN_EXE_ordain")), "p").args(line.split(' ')).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        Ended { code: output.status.code().expect("no signal"), text: text(&output.stdout) + &text(&output.stderr) }
    }

    /// Runs the program, which has to succeed.
    #[track_caller]
    pub fn good(&self, line: &str) -> String {
        let ended = self.ordain(line);
        assert_eq!(ended.code, 0, "{line}:\n{}", ended.text);
        ended.text
    }

    /// Runs the program, which has to fail with this code of a message, and say the words.
    #[track_caller]
    pub fn bad(&self, line: &str, code: &str, words: &[&str]) {
        let ended = self.ordain(&format!("{line} -json"));
        let document: Value = serde_json::from_str(&ended.text).unwrap_or_else(|_| panic!("{line}:\n{}", ended.text));
        let messages = document["diagnostics"].as_array().expect("messages");
        let codes: Vec<&str> = messages.iter().filter_map(|message| message["code"].as_str()).collect();
        assert!(ended.code == 1 && codes.contains(&code), "{line}:\n{}", ended.text);
        let parts = messages.iter().flat_map(|message| ["detail", "help", "paste"].map(|part| message[part].as_str()));
        let said: Vec<&str> = parts.flatten().collect();
        let said = said.join("\n");
        words.iter().for_each(|word| assert!(said.contains(word), "{word} in:\n{said}"));
    }

    /// Runs Git somewhere.
    #[track_caller]
    pub fn git(&self, at: &str, line: &str) -> Output {
        let output = self.command(Path::new("git"), at).args(line.split(' ')).output().unwrap();
        assert!(output.status.success(), "git {line}: {}", String::from_utf8_lossy(&output.stderr));
        output
    }

    /// Runs another program somewhere, which has to succeed.
    #[track_caller]
    pub fn run(&self, program: &str, at: &str, arguments: &[&str]) -> Output {
        let output = self.command(Path::new(program), at).args(arguments).output().unwrap();
        assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        output
    }

    /// Whether another program succeeds.
    pub fn status(&self, program: &str, at: &str, arguments: &[&str]) -> bool {
        self.command(Path::new(program), at).args(arguments).output().unwrap().status.success()
    }

    /// Publishes a version of the module in the bare repository `srv/base.git`.
    pub fn publish(&self, version: &str, days: u32) {
        if !self.path("srv/base.git").exists() {
            fs::create_dir_all(self.path("work")).unwrap();
            fs::create_dir_all(self.path("srv")).unwrap();
            self.git("", "init --quiet --bare -b main srv/base.git");
            self.git("work", "init --quiet -b main");
            self.git("work", &format!("remote add origin {}", self.path("srv/base.git").display()));
        }
        self.write("work/logs/main.hcl", &MODULE.replace("{days}", &days.to_string()));
        self.git("work", "add .");
        self.git("work", &format!("commit --quiet -m {version}"));
        self.git("work", &format!("tag -a -m {version} v{version}"));
        self.git("work", "push --quiet --follow-tags origin main");
    }

    /// What the lock file chose, by name of the line.
    pub fn locked(&self, name: &str) -> String {
        let lock = self.read("p/ordain.lock");
        let line =
            lock.lines().find(|line| line.trim_start().starts_with(name)).unwrap_or_else(|| panic!("{name}: {lock}"));
        line.split('"').nth(1).unwrap().to_owned()
    }

    /// Nothing is cached any more.
    pub fn forget(&self) {
        let _ = fs::remove_dir_all(self.path(".cache"));
    }
}
