//! [`summary`], [`document`]: what `baseline write` did, and what it leaves to people.

use super::FORMAT;
use super::write::Written;
use ordain_engine::ratchet::{Entry, Ratchet, Resolved};
use ordain_model::Text;
use serde_json::{Value as Json, json};
use std::fmt::Write;

/// How many findings are named of those that are not listed.
const NAMED: usize = 10;

/// In lines for people.
pub fn summary(written: &Written, ratchet: &Ratchet) -> String {
    let mut text = String::new();
    for path in written.files.keys() {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "Wrote {}.", path.display());
    }
    for group in &written.groups {
        let listed = count(group.findings.len() as u64, "finding");
        let _ = writeln!(text, "  baseline.{}: {listed}, owner {}, ends {}", group.name, group.owner, group.ends);
    }
    if !written.begun {
        entries(written, ratchet, &mut text);
    }
    if written.groups.is_empty() && ratchet.new.is_empty() {
        text.push_str("Nothing is unmet that is not listed.\n");
    }
    if written.groups.is_empty() && !ratchet.new.is_empty() {
        named(&ratchet.new, "unmet and not listed", &mut text);
        text.push_str(
            "A baseline only shrinks. To list them all the same, in groups of their own: ordain baseline write -add\n",
        );
    }
    if !ratchet.sealed.is_empty() {
        named(&ratchet.sealed, "unmet that no baseline of their owners may list", &mut text);
    }
    for (findings, what) in [(ratchet.broken, "broken"), (ratchet.unknown, "unknown")] {
        if findings > 0 {
            let _ = writeln!(text, "{} {what}, which no baseline lists.", count(findings, "finding"));
        }
    }
    text
}

/// `ordain.baseline/1`, for machines.
pub fn document(written: &Written, ratchet: &Ratchet) -> Json {
    let entries = |entries: &[Entry]| -> Vec<Json> {
        entries.iter().map(|entry| json!({"id": entry.id, "about": entry.about, "owner": entry.owner})).collect()
    };
    let groups = written.groups.iter().map(|group| {
        let findings: Vec<&Text> = group.findings.keys().collect();
        json!({"name": group.name, "owner": group.owner, "reason": group.reason, "ends": group.ends, "findings": findings})
    });
    json!({
        "format": FORMAT,
        "begun": written.begun,
        "files": written.files.keys().map(|path| path.display().to_string()).collect::<Vec<_>>(),
        "groups": groups.collect::<Vec<_>>(),
        "kept": written.kept,
        "removed": written.removed,
        "new": entries(&ratchet.new),
        "sealed": entries(&ratchet.sealed),
        "broken": ratchet.broken,
        "unknown": ratchet.unknown,
    })
}

/// What became of what was listed.
fn entries(written: &Written, ratchet: &Ratchet, text: &mut String) {
    let resolved = |of: Resolved| ratchet.resolved.values().filter(|resolved| **resolved == of).count() as u64;
    let _ = match written.removed {
        0 => writeln!(text, "Nothing is resolved."),
        some => writeln!(
            text,
            "Removed {}: {} not unmet any more, {} about what is gone.",
            count(some, "entry"),
            resolved(Resolved::Met),
            resolved(Resolved::Gone) + resolved(Resolved::Unnamed)
        ),
    };
    let unnamed = resolved(Resolved::Unnamed);
    if unnamed > 0 {
        let _ = writeln!(
            text,
            "Of them {} of requirements that the profile does not have. If one was renamed, take the file back and write `moved`.",
            count(unnamed, "entry")
        );
    }
    let _ = match ratchet.hidden {
        0 => writeln!(text, "{} left.", count(written.kept, "entry")),
        some => writeln!(text, "{} left; what {some} of them list could not be read.", count(written.kept, "entry")),
    };
}

fn named(entries: &[Entry], what: &str, text: &mut String) {
    let _ = writeln!(text, "{} {what}:", count(entries.len() as u64, "finding"));
    for entry in entries.iter().take(NAMED) {
        let _ = writeln!(text, "  {}  {}", entry.id, entry.about);
    }
    if entries.len() > NAMED {
        let _ = writeln!(text, "  and {} more", entries.len() - NAMED);
    }
}

/// `1 entry`, `2 entries`.
pub fn count(count: u64, what: &str) -> String {
    match (count, what.strip_suffix('y')) {
        (1, _) => format!("1 {what}"),
        (_, Some(stem)) => format!("{count} {stem}ies"),
        _ => format!("{count} {what}s"),
    }
}
