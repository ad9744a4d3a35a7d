//! What is waited for after a write: an update that runs, a value that does not show yet; and who asks meanwhile to stop.

use crate::scenario::{Scenario, changes, ledger, on, with_log_groups};
use ordain_tests::backend::Kind;
use ordain_tests::proxy::{Fault, Rule};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Applies, and asks to stop once an operation was called so many times. The exit code, and the report.
fn stopped(scenario: &Scenario, operation: &str, times: u64, signal: Signal) -> (i32, Value) {
    let mut command = scenario.command(&["apply", ".", "-auto-approve", "-json"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("ordain runs");
    let until = Instant::now() + Duration::from_secs(60);
    while scenario.proxy.counts().get(operation).is_none_or(|count| *count < times) {
        assert!(Instant::now() < until, "{operation} is not called: {:?}", scenario.proxy.counts());
        sleep(Duration::from_millis(20));
    }
    let asked = Instant::now();
    kill_process(Pid::from_child(&child), signal).expect("it runs");
    let ended = child.wait_with_output().expect("it ends");
    assert!(asked.elapsed() < Duration::from_secs(20), "it waited on for {:?}", asked.elapsed());
    let report = serde_json::from_slice(&ended.stdout).expect("a report");
    (ended.status.code().expect("no signal"), report)
}

/// The whole chain holds, and the apply has its end.
fn recorded(scenario: &Scenario) {
    let log = scenario.ordain(&["log", "."]);
    assert!(log.code == 0 && log.stdout.contains("the chain holds.") && log.stdout.contains("  ended "), "{log:#?}");
}

#[test]
fn an_update_that_does_not_end_is_in_doubt_for_who_does_not_wait() {
    for signal in [Signal::INT, Signal::TERM] {
        on(Kind::Fakecloud, |scenario| {
            scenario.seed("clusters", &["prod", "office", "none"]);
            scenario.write(
                "main.hcl",
                r#"
                target "aws" "account" {}
                require "aws_eks_cluster" "logs" {
                  where = true
                  must { logging = superset_of(["audit"]) }
                }
                "#,
            );
            let running = r#"{"update":{"id":"u-1","status":"InProgress","errors":[]}}"#;
            let running = || Fault::Answered(200, "application/json", running.to_owned());
            scenario.proxy.rule(Rule::always("eks:UpdateClusterConfig", running()));
            scenario.proxy.rule(Rule::always("eks:DescribeUpdate", running()));
            let (code, applied) = stopped(scenario, "eks:DescribeUpdate", 2, signal);
            assert_eq!((code, ledger(&applied)), (1, vec!["prod logging in_doubt".to_owned()]), "{applied:#}");
            let told = applied["ledger"].to_string();
            assert!(told.contains("still in progress when the apply was stopped"), "{told}");
            recorded(scenario);
        });
    }
}

#[test]
fn a_value_that_shows_late_is_applied_and_one_that_shows_too_late_is_unverified() {
    for (looks, word) in [(4, "applied"), (u32::MAX, "unverified")] {
        with_log_groups(|scenario| {
            let stale = Rule::times(looks, "logs:DescribeLogGroups", Fault::Stale);
            scenario.proxy.rule(stale.since("logs:PutRetentionPolicy"));
            let (code, applied) = scenario.report(&["apply", ".", "-auto-approve"]);
            assert_eq!(ledger(&applied), [format!("/app/api retention {word}")], "{applied:#}");
            assert_eq!((code, &scenario.read("log_groups")["/app/api"]), (i32::from(looks > 4), &json!(365)));
            scenario.proxy.clear();
            let (_, plan) = scenario.report(&["plan", "."]);
            assert_eq!(changes(&plan), Vec::<String>::new(), "nothing is left to do");
        });
    }
}
