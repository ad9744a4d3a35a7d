//! `sarif`: SARIF 2.1.0 (OASIS, 27 March 2020). A rule per requirement, a result per finding, at the line of the profile that
//! demands it, with the object as its logical location.
//!
//! | verdict | result |
//! |---|---|
//! | unmet, broken | `kind: fail`, its level by severity; `note` where the requirement only observes |
//! | unknown | `kind: open` |
//! | waived, baselined | `kind: fail`, with a suppression that says who, why and until when |
//! | provider_fixed | `kind: review` |
//! | met, not_applicable | `kind: pass`, `kind: notApplicable` |
//! | what moved | `kind: informational` |
//!
//! What is no failure has no level (3.27.10).

use super::Format;
use super::json::{Each, document};
use super::provenance::{TOOL, VERSION, first_line, properties};
use super::row::{Row, rows};
use crate::diagnostics::DiagnosticView;
use crate::report::finding::ControlReference;
use crate::report::{Conclusion, Report};
use crate::style::Style;
use ordain_language::config::Gravity;
use ordain_model::verdict::Verdict;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// The format.
pub const FORMAT: Format = Format {
    name: "sarif",
    summary: "SARIF 2.1.0, for code scanning",
    begins: "{\n  \"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\"",
    write,
};

/// What is tagged takes at most twenty tags (GitHub's limit).
const TAGS: usize = 20;

#[derive(Serialize)]
struct Log<R> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [R; 1],
}

#[derive(Serialize)]
struct Run<R> {
    tool: Value,
    invocations: Value,
    #[serde(rename = "columnKind")]
    column_kind: &'static str,
    properties: Value,
    results: R,
}

fn write(report: &Report, _: Style, out: &mut dyn Write) -> io::Result<()> {
    let rows = rows(report);
    let mut rules: BTreeMap<&str, (usize, &Row<'_>)> = BTreeMap::new();
    for row in &rows {
        rules.entry(rule(row)).or_insert((0, row));
    }
    rules.values_mut().zip(0..).for_each(|((at, _), number)| *at = number);
    let driver = json!({
        "name": TOOL,
        "version": VERSION,
        "semanticVersion": VERSION,
        "rules": rules.values().map(|(_, row)| described(row)).collect::<Vec<_>>(),
    });
    let run = Run {
        tool: json!({ "driver": driver }),
        invocations: json!([invocation(report)]),
        column_kind: "unicodeCodePoints",
        properties: json!(properties(report)),
        results: Each(&rows, |row: &Row<'_>| result(row, rules.get(rule(row)).map_or(0, |(at, _)| *at))),
    };
    document(out, &Log { schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] })
}

/// The rule of a row: its requirement, or what happened where there is none.
fn rule<'r>(row: &Row<'r>) -> &'r str {
    match row.requirement {
        "" => row.word,
        requirement => requirement,
    }
}

fn described(row: &Row<'_>) -> Value {
    let severity = row.severity.unwrap_or_default();
    let controls = row.controls.iter().map(|control| format!("{}/{}", control.framework, control.id));
    let tags: Vec<String> = std::iter::once("security".to_owned()).chain(controls).take(TAGS).collect();
    json!({
        "id": rule(row),
        "shortDescription": { "text": row.title },
        "defaultConfiguration": { "level": level(severity) },
        "properties": { "tags": tags, "precision": "very-high", "security-severity": score(severity) },
    })
}

/// What the run came to, and every message. Without a result it was not successful, and neither is the check.
fn invocation(report: &Report) -> Value {
    let notification = |message: &DiagnosticView| {
        let mut of = json!({
            "descriptor": { "id": message.code },
            "level": message.severity,
            "message": { "text": format!("{}: {}", message.title, message.detail) },
        });
        if let (Some(place), Some(of)) = (&message.place, of.as_object_mut()) {
            of.insert("locations".into(), json!([physical(&place.file, place.line)]));
        }
        of
    };
    json!({
        "executionSuccessful": report.headline.verdict != Conclusion::Error,
        "exitCode": report.headline.verdict.exit().code(),
        "exitCodeDescription": first_line(report),
        "toolExecutionNotifications": report.diagnostics.iter().map(notification).collect::<Vec<_>>(),
    })
}

fn result(row: &Row<'_>, rule_index: usize) -> Value {
    let (kind, level) = judged(row);
    let mut logical = json!({ "fullyQualifiedName": row.address(), "kind": "resource" });
    if let (Some(setting), Some(logical)) = (row.setting, logical.as_object_mut()) {
        logical.insert("name".into(), json!(setting));
    }
    let mut location = row.place.map_or_else(|| json!({}), |(file, line)| physical(file, line));
    if let Some(location) = location.as_object_mut() {
        location.insert("logicalLocations".into(), json!([logical]));
    }
    let mut result = json!({
        "ruleId": rule(row),
        "ruleIndex": rule_index,
        "kind": kind,
        "level": level,
        "message": { "text": row.sentence() },
        "locations": [location],
        "partialFingerprints": { "ordainFinding/v1": row.id },
        "properties": facts(row),
    });
    if let Some(result) = result.as_object_mut() {
        result.extend(state(row).map(|state| ("baselineState".to_owned(), json!(state))));
        result.extend(suppression(row).map(|of| ("suppressions".to_owned(), json!([of]))));
    }
    result
}

fn judged(row: &Row<'_>) -> (&'static str, &'static str) {
    let failed = if row.enforced { level(row.severity.unwrap_or_default()) } else { "note" };
    match row.verdict {
        Some(Verdict::Broken) if row.enforced => ("fail", "error"),
        Some(Verdict::Unmet | Verdict::Broken | Verdict::Waived | Verdict::Baselined) => ("fail", failed),
        Some(Verdict::Unknown) => ("open", "none"),
        Some(Verdict::ProviderFixed) => ("review", "none"),
        Some(Verdict::Met) => ("pass", "none"),
        Some(Verdict::NotApplicable) => ("notApplicable", "none"),
        None => ("informational", "none"),
    }
}

fn level(severity: Gravity) -> &'static str {
    match severity {
        Gravity::Critical | Gravity::High => "error",
        Gravity::Medium => "warning",
        Gravity::Low => "note",
    }
}

/// The middle of each band of CVSS v3's qualitative scale, by which GitHub sorts.
fn score(severity: Gravity) -> &'static str {
    match severity {
        Gravity::Critical => "9.5",
        Gravity::High => "8.0",
        Gravity::Medium => "5.5",
        Gravity::Low => "2.0",
    }
}

fn state(row: &Row<'_>) -> Option<&'static str> {
    match (row.since, row.word) {
        (Some("new"), _) => Some("new"),
        (Some(_), _) => Some("unchanged"),
        (None, "resolved") => Some("absent"),
        (None, _) => None,
    }
}

fn suppression(row: &Row<'_>) -> Option<Value> {
    let excepted = matches!(row.verdict, Some(Verdict::Waived | Verdict::Baselined));
    let why = row.exception.map(|exception| {
        let ticket = exception.ticket.as_ref().map(|ticket| format!(", {ticket}")).unwrap_or_default();
        format!("{} until {}: {} ({}{ticket})", exception.address, exception.until, exception.reason, exception.owner)
    });
    let why = why.or_else(|| row.reason.map(str::to_owned)).unwrap_or_else(|| row.word.to_owned());
    excepted.then(|| json!({ "kind": "external", "status": "accepted", "justification": why }))
}

fn facts(row: &Row<'_>) -> Value {
    let control = |of: &ControlReference| json!({ "framework": of.framework, "id": of.id, "strength": of.strength });
    json!({
        "verdict": row.word,
        "owner": row.owner,
        "severity": row.severity,
        "enforced": row.enforced,
        "object": row.object,
        "live": row.live,
        "bound": row.bound,
        "reason": row.reason,
        "cure": row.cure(),
        "controls": row.controls.iter().map(control).collect::<Vec<_>>(),
        "exception": row.exception.map(|exception| &exception.address),
        "until": row.exception.map(|exception| &exception.until),
        "endsSoon": row.exception.map(|exception| exception.ends_soon),
    })
}

/// A line of a file. A name that is a URI (a module from elsewhere) stays one; what a URI cannot hold is percent-encoded.
fn physical(file: &str, line: u32) -> Value {
    json!({ "physicalLocation": { "artifactLocation": { "uri": uri(file) }, "region": { "startLine": line.max(1) } } })
}

fn uri(file: &str) -> String {
    let mut uri = String::with_capacity(file.len());
    // A colon in the first part of a path would make a scheme of it (RFC 3986, 4.2).
    let scheme = file.contains("://");
    for byte in file.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' | b'@' | b'+' | b'=' => {
                uri.push(byte as char);
            }
            b':' if scheme => uri.push(':'),
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_a_uri() {
        assert_eq!(uri("a b/ü.hcl"), "a%20b/%C3%BC.hcl");
        assert_eq!(uri("c:x.hcl"), "c%3Ax.hcl");
        assert_eq!(uri("ordain://soc2/main.hcl"), "ordain://soc2/main.hcl");
    }
}
