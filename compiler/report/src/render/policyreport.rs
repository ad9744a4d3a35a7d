//! `policyreport`: ClusterPolicyReports of wgpolicyk8s.io/v1alpha2 in a list for `kubectl apply`; and what they have in common
//! with those of [`super::openreports`].
//!
//! An object of Kubernetes holds about a megabyte: a report of many findings is several, each with its own summary and the
//! properties of the whole. Unmet and broken are `fail`, unknown is `error`, what is excepted, fixed by the provider, only
//! observed or moved is `warn` or `skip`, and only what is met is `pass`.

use super::Format;
use super::json::{Each, document};
use super::provenance::{as_of, properties};
use super::row::{Row, rows};
use crate::report::Report;
use crate::report::finding::RequirementSummary;
use crate::style::{Style, harmless};
use ordain_language::config::Gravity;
use ordain_model::instant::Instant;
use ordain_model::verdict::Verdict;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// The format.
pub const FORMAT: Format = Format {
    name: "policyreport",
    summary: "PolicyReports for Kubernetes (wgpolicyk8s.io)",
    begins: "{\n  \"apiVersion\": \"v1\",\n  \"kind\": \"List\",\n  \"metadata\": {},\n  \"items\": [\n    {\n      \"apiVersion\": \"wgpolicyk8s.io/v1alpha2\"",
    write: |report, _: Style, out| list(report, out, "wgpolicyk8s.io/v1alpha2", "ClusterPolicyReport"),
};

/// Results of one object: with texts of [`LONGEST`] characters they stay below a megabyte.
const RESULTS: usize = 200;

/// Characters of one text that others wrote.
const LONGEST: usize = 512;

/// What became of a requirement that is met, or of a row.
enum Entry<'r> {
    Whole(&'r RequirementSummary),
    Row(&'r Row<'r>),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct List<I> {
    api_version: &'static str,
    kind: &'static str,
    metadata: BTreeMap<(), ()>,
    items: I,
}

/// Writes the objects, at least one.
pub(super) fn list(
    report: &Report,
    out: &mut dyn Write,
    api_version: &'static str,
    kind: &'static str,
) -> io::Result<()> {
    let rows = rows(report);
    let met =
        report.requirements.iter().filter(|row| matches!(row.verdict, Some(Verdict::Met) | None)).map(Entry::Whole);
    let entries: Vec<Entry<'_>> = rows.iter().map(Entry::Row).chain(met).collect();
    let mut parts: Vec<&[Entry<'_>]> = entries.chunks(RESULTS).collect();
    if parts.is_empty() {
        parts.push(&[]);
    }
    let number = parts.len();
    let parts: Vec<(usize, &[Entry<'_>])> = parts.into_iter().enumerate().collect();
    let time = timestamp(report);
    let object = |(at, part): &(usize, &[Entry<'_>])| {
        json!({
            "apiVersion": api_version,
            "kind": kind,
            "metadata": metadata(report, at + 1, number),
            "summary": summary(part),
            "results": part.iter().map(|entry| result(entry, time)).collect::<Vec<_>>(),
        })
    };
    document(out, &List { api_version: "v1", kind: "List", metadata: BTreeMap::new(), items: Each(&parts, object) })
}

/// The name says which part of which report it is; the annotations say what it rests on.
fn metadata(report: &Report, at: usize, of: usize) -> Value {
    let own = properties(report).into_iter();
    let own = own.map(|(name, value)| (format!("ordain/{}", name.replace(['/', ' '], "-")), text(&value)));
    let annotations: BTreeMap<String, String> =
        own.chain([("ordain/part".to_owned(), format!("{at} of {of}"))]).collect();
    json!({
        "name": format!("ordain-{}-{at}", report.command),
        "labels": { "app.kubernetes.io/managed-by": "ordain" },
        "annotations": annotations,
    })
}

/// When the settings were read; nothing says it of some estates.
fn timestamp(report: &Report) -> Option<i64> {
    as_of(report).and_then(Instant::parse).map(|at| at.since(Instant::of(0)))
}

fn summary(entries: &[Entry<'_>]) -> BTreeMap<&'static str, usize> {
    let mut summary = BTreeMap::from([("error", 0), ("fail", 0), ("pass", 0), ("skip", 0), ("warn", 0)]);
    for entry in entries {
        *summary.entry(word(entry)).or_default() += 1;
    }
    summary
}

fn word(entry: &Entry<'_>) -> &'static str {
    match entry {
        Entry::Whole(RequirementSummary { verdict: Some(_), .. }) => "pass",
        Entry::Whole(_) => "skip",
        Entry::Row(row) => match row.verdict {
            Some(Verdict::Unmet | Verdict::Broken | Verdict::Unknown) if !row.enforced => "warn",
            Some(Verdict::Unmet | Verdict::Broken) => "fail",
            Some(Verdict::Unknown) => "error",
            Some(Verdict::Waived | Verdict::Baselined | Verdict::ProviderFixed) | None => "warn",
            Some(Verdict::NotApplicable) => "skip",
            Some(Verdict::Met) => "pass",
        },
    }
}

fn result(entry: &Entry<'_>, time: Option<i64>) -> Value {
    let mut result = match entry {
        Entry::Whole(summary) => whole(summary),
        Entry::Row(row) => of_row(row),
    };
    if let Some(result) = result.as_object_mut() {
        result.insert("result".into(), json!(word(entry)));
        result.insert("source".into(), json!("ordain"));
        result.extend(time.map(|seconds| ("timestamp".to_owned(), json!({ "seconds": seconds, "nanos": 0 }))));
    }
    result
}

fn whole(summary: &RequirementSummary) -> Value {
    let said = if summary.verdict.is_none() { "nothing that it demands applies to anything" } else { "met" };
    let controls = summary.controls.iter().map(|control| format!("{} {}", control.framework, control.id));
    json!({
        "policy": text(&summary.address),
        "rule": text(&summary.target),
        "category": text(&controls.collect::<Vec<_>>().join(", ")),
        "severity": severity(Some(summary.severity)),
        "scored": summary.enforced,
        "message": text(&format!("{}: {said}", summary.title)),
        "properties": { "objects": summary.matched.to_string(), "place": text(&summary.place) },
    })
}

fn of_row(row: &Row<'_>) -> Value {
    let controls = row.controls.iter().map(|control| format!("{} {}", control.framework, control.id));
    let said = [
        ("address", Some(row.address())),
        ("bound", row.bound.map(str::to_owned)),
        ("cure", row.cure()),
        ("exception", row.exception.map(|exception| exception.address.to_string())),
        ("id", Some(row.id.to_owned())),
        ("live", row.live.map(str::to_owned)),
        ("owner", Some(row.owner.to_owned())),
        ("place", row.place.map(|(file, line)| format!("{file}:{line}"))),
        ("since", row.since.map(str::to_owned)),
        ("until", row.exception.map(|exception| exception.until.to_string())),
        ("verdict", Some(row.word.to_owned())),
    ];
    let properties: BTreeMap<&str, String> =
        said.into_iter().filter_map(|(name, value)| Some((name, text(&value?)))).collect();
    json!({
        "policy": text(if row.requirement.is_empty() { row.word } else { row.requirement }),
        "rule": text(row.setting.unwrap_or(row.sort)),
        "category": text(&controls.collect::<Vec<_>>().join(", ")),
        "severity": severity(row.severity),
        "scored": row.enforced,
        "message": text(&row.sentence()),
        "properties": properties,
    })
}

fn severity(of: Option<Gravity>) -> &'static str {
    of.map_or("info", Gravity::word)
}

/// A text without what steers a terminal, cut where it is too long.
fn text(text: &str) -> String {
    let text = harmless(text);
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.into_owned(),
    }
}
