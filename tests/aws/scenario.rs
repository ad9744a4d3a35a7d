//! [`Scenario`]: a back end of its own, the fault proxy in front of it, and a folder in which `ordain` runs.

use ordain_tests::backend::{Backend, Kind, credentials};
use ordain_tests::operations::{Answer, Operations};
pub use ordain_tests::outcome::{Ended, changes, ended, findings, ledger};
use ordain_tests::proxy::Proxy;
use ordain_tests::snapshot::root;
use serde_json::Value;
use std::process::Command;

/// The page of what each back end does.
pub const PAGE: &str = "tests/backends/operations.md";

/// A back end, the proxy and a folder.
pub struct Scenario {
    /// The back end.
    pub backend: Backend,
    /// What stands between it and `ordain`; seeds go past it.
    pub proxy: Proxy,
    folder: tempfile::TempDir,
}

/// Runs a scenario on each back end that has every operation it needs. `except` names a back end that has them but is
/// wrong in one of them in a way that the scenario can see: operation by operation, so that the table has to agree.
pub fn on_each(needs: &[&str], except: &[(Kind, &str)], scenario: impl Fn(&Scenario)) {
    let page = std::fs::read_to_string(root().join(PAGE)).expect("the page");
    let operations = Operations::parse(&page);
    for (kind, operation) in except {
        let answer = operations.answer(*kind, operation);
        assert!(
            matches!(answer, Answer::Wrong(_)),
            "{} is {answer:?} in {operation}: no reason to leave it out",
            kind.name()
        );
    }
    let fit = |kind: &Kind| {
        let lacks = needs.iter().any(|operation| *operations.answer(*kind, operation) == Answer::Absent);
        !lacks && !except.iter().any(|(left_out, _)| left_out == kind)
    };
    let kinds: Vec<Kind> = Kind::ALL.into_iter().filter(fit).collect();
    assert!(!kinds.is_empty(), "no back end has {needs:?}");
    kinds.into_iter().for_each(|kind| on(kind, &scenario));
}

/// How many back ends of a long run are beside each other: `ORDAIN_WORLDS`, else one.
pub fn beside() -> usize {
    std::env::var("ORDAIN_WORLDS").map_or(1, |said| said.parse().expect("ORDAIN_WORLDS is a number"))
}

/// Runs a scenario on one back end.
pub fn on(kind: Kind, scenario: impl Fn(&Scenario)) {
    let page = std::fs::read_to_string(root().join(PAGE)).expect("the page");
    let backend = Backend::start(kind);
    let proxy = Proxy::before(backend.address);
    let one = Scenario { backend, proxy, folder: tempfile::tempdir().expect("a folder") };
    scenario(&one);
    one.sent_nothing_unknown(&Operations::parse(&page));
}

/// Log groups of an application that are kept for a year.
pub const LOGS: &str = r#"
target "aws" "account" {}
require "aws_cloudwatch_log_group" "kept" {
  where = startswith(self.name, "/app/")
  must { retention = at_least("365d") }
}
"#;

/// A scenario with log groups, one of which is kept too short for [`LOGS`].
pub fn with_log_groups(scenario: impl Fn(&Scenario)) {
    on_each(&["logs:DescribeLogGroups", "logs:PutRetentionPolicy"], &[], |of| {
        of.seed("log_groups", &[]);
        of.write("main.hcl", LOGS);
        scenario(of);
    });
}

impl Scenario {
    /// Every operation that was sent has a row in the table of back ends and a rate.
    fn sent_nothing_unknown(&self, operations: &Operations) {
        for sent in self.proxy.counts().keys() {
            let _ = operations.answer(self.backend.kind, sent);
            assert!(ordain_aws::pace::row(sent).is_some(), "{sent} has no rate in providers/aws/src/pace.rs");
        }
    }

    /// Makes the objects of `tests/seeds/NAME.py`, and returns what it says of them.
    pub fn seed(&self, name: &str, arguments: &[&str]) -> Value {
        self.backend.python(&format!("seeds/{name}.py"), &[&["seed"], arguments].concat())
    }

    /// What the back end's own API returns for the objects of a seed.
    pub fn read(&self, name: &str) -> Value {
        self.backend.python(&format!("seeds/{name}.py"), &["read"])
    }

    /// Writes a file of the profile.
    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(name), text).expect("a file");
    }

    /// Copies a folder of the checkout.
    pub fn copy(&self, folder: &str) {
        ordain_tests::session::copy(folder, self.folder.path());
    }

    /// A place in the folder.
    pub fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    /// A file in the folder.
    pub fn file(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(name)).expect("a file")
    }

    /// The command, ready to run against the proxy; nothing of the machine's own reaches it.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ordain"));
        credentials(&mut command)
            .args(arguments)
            .current_dir(self.folder.path())
            .env("AWS_ENDPOINT_URL", self.proxy.url())
            .env("HOME", self.folder.path())
            .env("NO_COLOR", "1");
        command
    }

    /// Runs `ordain`.
    pub fn ordain(&self, arguments: &[&str]) -> Ended {
        ended(&mut self.command(arguments))
    }

    /// Runs `ordain ... -json` and reads the report.
    pub fn report(&self, arguments: &[&str]) -> (i32, Value) {
        let ended = self.ordain(&[arguments, &["-json"]].concat());
        let report = serde_json::from_str(&ended.stdout);
        (
            ended.code,
            report.unwrap_or_else(|error| {
                panic!("{arguments:?} prints no JSON: {error}\n{}\n{}", ended.stdout, ended.stderr)
            }),
        )
    }
}
