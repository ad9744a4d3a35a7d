//! What a test reads of a run: how the program ended, and a report in lines that compare well.

use serde_json::Value;
use std::process::Command;

/// How `ordain` ended.
#[derive(Debug)]
pub struct Ended {
    /// Exit code.
    pub code: i32,
    /// What it printed.
    pub stdout: String,
    /// What it remarked.
    pub stderr: String,
}

/// Runs a command to its end.
#[must_use]
pub fn ended(command: &mut Command) -> Ended {
    let output = command.output().expect("ordain runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Ended { code: output.status.code().expect("no signal"), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// `ID#SETTING` of a finding or step, without the cell.
fn short(object: &Value) -> String {
    let object = object.as_str().expect("an address");
    object.rsplit('/').next().unwrap_or(object).replace("%2F", "/")
}

/// The findings of a report, sorted: `ID SETTING VERDICT`.
#[must_use]
pub fn findings(report: &Value) -> Vec<String> {
    let line = |finding: &Value| {
        let setting = finding["setting"].as_str().unwrap_or("-");
        format!("{} {setting} {}", short(&finding["object"]), finding["verdict"].as_str().expect("a verdict"))
    };
    let mut lines: Vec<String> = report["findings"].as_array().expect("findings").iter().map(line).collect();
    lines.sort();
    lines
}

/// The changes of a report, sorted: `ID SETTING: BEFORE -> AFTER`.
#[must_use]
pub fn changes(report: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    for step in report["steps"].as_array().expect("steps") {
        for change in step["changes"].as_array().expect("changes") {
            let part = |name: &str| change[name].as_str().unwrap_or("-").to_string();
            lines.push(format!(
                "{} {}: {} -> {}",
                short(&step["object"]),
                part("setting"),
                part("before"),
                part("after")
            ));
        }
    }
    lines.sort();
    lines
}

/// The closing ledger of a report, sorted: `ID UNIT OUTCOME`.
#[must_use]
pub fn ledger(report: &Value) -> Vec<String> {
    let line = |entry: &Value| {
        let word = |name: &str| entry[name].as_str().unwrap_or("-").to_string();
        format!("{} {} {}", short(&entry["object"]), word("unit"), word("outcome"))
    };
    let mut lines: Vec<String> = report["ledger"]["entries"].as_array().expect("a ledger").iter().map(line).collect();
    lines.sort();
    lines
}

/// The movements of a drift report: `WHAT ID: BEFORE -> AFTER`.
#[must_use]
pub fn movements(report: &Value) -> Vec<String> {
    let word = |movement: &Value, name: &str| movement[name].as_str().unwrap_or("-").to_string();
    let line = |movement: &Value| {
        let address = word(movement, "address");
        let id = address.rsplit('/').next().unwrap_or("").replace("%2F", "/");
        format!("{} {id}: {} -> {}", word(movement, "what"), word(movement, "before"), word(movement, "after"))
    };
    report["drift"].as_array().expect("drift").iter().map(line).collect()
}
