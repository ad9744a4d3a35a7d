//! [`summary`]: what `baseline write` did, and what it leaves to people.

use super::write::Written;
use ordain_engine::ratchet::{Entry, Ratchet, Resolved};
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
