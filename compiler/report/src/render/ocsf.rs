//! `ocsf`: compliance findings (class 2003) of the Open Cybersecurity Schema Framework 1.5.0, as one JSON array.
//!
//! Their compliance status: met is Pass, unmet and broken are Fail, unknown is Unknown; what is excepted, fixed by the provider,
//! only observed or moved is Warning; inapplicable and vacuous are Other.

use super::Format;
use super::json::{Each, document};
use super::provenance::{TOOL, VERSION, as_of, properties};
use super::row::{Row, rows};
use crate::report::Report;
use crate::report::finding::{ControlReference, RequirementSummary};
use crate::style::{Style, harmless};
use ordain_language::config::Gravity;
use ordain_model::finding;
use ordain_model::instant::Instant;
use ordain_model::verdict::Verdict;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::{self, Write};

/// The format.
pub const FORMAT: Format = Format {
    name: "ocsf",
    summary: "OCSF compliance findings, for a SIEM",
    begins: "[\n  {\n    \"activity_id\": ",
    write,
};

/// The version of the schema.
const SCHEMA: &str = "1.5.0";

enum Event<'r> {
    Whole(&'r RequirementSummary),
    Row(&'r Row<'r>),
    /// A report in which nothing is to be told.
    Nothing,
}

fn write(report: &Report, _: Style, out: &mut dyn Write) -> io::Result<()> {
    let rows = rows(report);
    let met =
        report.requirements.iter().filter(|row| matches!(row.verdict, Some(Verdict::Met) | None)).map(Event::Whole);
    let mut events: Vec<Event<'_>> = rows.iter().map(Event::Row).chain(met).collect();
    if events.is_empty() {
        events.push(Event::Nothing);
    }
    // Milliseconds of Unix time; zero where nothing says when the settings were read.
    let time = as_of(report).and_then(Instant::parse).map_or(0, |at| at.since(Instant::of(0)) * 1_000);
    let provenance = json!(properties(report));
    document(out, &Each(&events, |event: &Event<'_>| value(event, report, time, &provenance)))
}

fn value(event: &Event<'_>, report: &Report, time: i64, provenance: &Value) -> Value {
    let (mut event, activity) = match event {
        Event::Whole(summary) => (whole(summary), 1),
        Event::Row(row) => (of_row(row), activity(row)),
        Event::Nothing => (nothing(report), 1),
    };
    let common = json!({
        "activity_id": activity,
        "category_uid": 2,
        "category_name": "Findings",
        "class_uid": 2003,
        "class_name": "Compliance Finding",
        "type_uid": 200_300 + activity,
        "time": time,
        "metadata": { "version": SCHEMA, "product": { "name": TOOL, "vendor_name": TOOL, "version": VERSION } },
    });
    if let (Some(event), Value::Object(common)) = (event.as_object_mut(), common) {
        event.extend(common);
        if let Some(of) = event.get_mut("unmapped").and_then(Value::as_object_mut) {
            of.insert("report".into(), provenance.clone());
        }
    }
    event
}

/// Create, update, close.
fn activity(row: &Row<'_>) -> i64 {
    match (row.word, row.since) {
        ("resolved", _) => 3,
        (_, Some("recurring")) => 2,
        _ => 1,
    }
}

fn of_row(row: &Row<'_>) -> Value {
    let (status_id, status) = match row.verdict {
        Some(Verdict::Unmet | Verdict::Broken | Verdict::Unknown) if !row.enforced => (2, "Warning"),
        Some(Verdict::Unmet | Verdict::Broken) => (3, "Fail"),
        Some(Verdict::Unknown) => (0, "Unknown"),
        Some(Verdict::Waived | Verdict::Baselined | Verdict::ProviderFixed) | None => (2, "Warning"),
        Some(Verdict::NotApplicable) => (99, "Other"),
        Some(Verdict::Met) => (1, "Pass"),
    };
    // New, in progress, suppressed, resolved.
    let (state_id, state) = match (row.verdict, row.word, row.since) {
        (Some(Verdict::Waived | Verdict::Baselined), ..) => (3, "Suppressed"),
        (_, "resolved", _) | (Some(Verdict::Met), ..) => (4, "Resolved"),
        (_, _, Some("recurring")) => (2, "In Progress"),
        _ => (1, "New"),
    };
    let mut compliance = compliance(row.controls, if row.requirement.is_empty() { row.word } else { row.requirement });
    if let Some(of) = compliance.as_object_mut() {
        of.insert("status_id".into(), json!(status_id));
        of.insert("status".into(), json!(status));
        of.insert("status_detail".into(), json!(harmless(&row.seen())));
    }
    json!({
        "severity_id": severity(row.severity).0,
        "severity": severity(row.severity).1,
        "status_id": state_id,
        "status": state,
        "message": harmless(&row.sentence()),
        "finding_info": { "uid": row.id, "title": harmless(row.title), "desc": harmless(&row.sentence()) },
        "compliance": compliance,
        "resources": [{ "uid": harmless(row.object), "name": harmless(&row.address()), "labels": [harmless(&format!("owner:{}", row.owner))] }],
        "remediation": { "desc": harmless(&row.cure().unwrap_or_else(|| "no step".to_owned())) },
        "unmapped": {
            "verdict": row.word,
            "owner": harmless(row.owner),
            "since": row.since,
            "enforced": row.enforced,
            "place": row.place.map(|(file, line)| format!("{file}:{line}")),
            "exception": row.exception.map(|exception| &exception.address),
            "until": row.exception.map(|exception| &exception.until),
        },
    })
}

fn whole(summary: &RequirementSummary) -> Value {
    let (status_id, status, said) = match summary.verdict {
        Some(_) => (1, "Pass", "met"),
        None => (99, "Other", "nothing that it demands applies to anything"),
    };
    let mut compliance = compliance(&summary.controls, &summary.address);
    if let Some(of) = compliance.as_object_mut() {
        of.insert("status_id".into(), json!(status_id));
        of.insert("status".into(), json!(status));
        of.insert("status_detail".into(), json!(said));
    }
    json!({
        "severity_id": 1,
        "severity": "Informational",
        "message": harmless(&format!("{said}: {} ({})", summary.title, summary.target)),
        "finding_info": {
            "uid": finding::id(&summary.address, &format!("target {}", summary.target)),
            "title": harmless(&summary.title),
        },
        "compliance": compliance,
        "unmapped": { "verdict": summary.verdict.map_or("vacuous", Verdict::word), "objects": summary.matched },
    })
}

/// A report that demands nothing, or has no result: nothing is known of compliance.
fn nothing(report: &Report) -> Value {
    json!({
        "severity_id": 1,
        "severity": "Informational",
        "message": harmless(&report.headline.text),
        "finding_info": { "uid": finding::id("ordain report", report.command), "title": harmless(&report.headline.text) },
        "compliance": { "control": report.command, "status_id": 0, "status": "Unknown" },
        "unmapped": { "verdict": report.headline.verdict.word() },
    })
}

fn compliance(controls: &[ControlReference], requirement: &str) -> Value {
    let standards: BTreeSet<&str> = controls.iter().map(|control| &*control.framework).collect();
    let requirements = controls.iter().map(|control| format!("{} {}", control.framework, control.id));
    json!({ "standards": standards, "requirements": requirements.collect::<Vec<_>>(), "control": harmless(requirement) })
}

fn severity(of: Option<Gravity>) -> (i64, &'static str) {
    match of {
        None => (1, "Informational"),
        Some(Gravity::Low) => (2, "Low"),
        Some(Gravity::Medium) => (3, "Medium"),
        Some(Gravity::High) => (4, "High"),
        Some(Gravity::Critical) => (5, "Critical"),
    }
}
