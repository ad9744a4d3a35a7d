//! The text of a baseline: [`render`] writes groups for somebody to review, [`shrink`] takes out what is resolved and leaves
//! everything else as it is written.

use crate::parse::parse;
use crate::syntax::{Block, Entry, Node};
use ordain_model::Text;
use ordain_model::diagnostic::Diagnostics;
use ordain_model::source::{SourceId, Sources};
use ordain_model::value::quote;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::ops::Range;

/// What stands first in a file of groups.
pub const HEAD: &str =
    "# Written by `ordain baseline write`, to be reviewed. Run it again to remove what is resolved.\n";

/// A group of findings as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its name.
    pub name: Text,
    /// Who answers for the findings.
    pub owner: Text,
    /// Why they are not cured yet.
    pub reason: Text,
    /// A date, or an RFC 3339 time.
    pub ends: Text,
    /// By what a finding is about (its requirement's id, then its subject), its id.
    pub findings: BTreeMap<Text, Text>,
}

/// A file without its resolved entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shrunk {
    /// Its text.
    pub text: String,
    /// How many entries are gone.
    pub removed: u64,
}

/// The text of groups, each with a blank line before it, as `ordain fmt` leaves it.
#[must_use]
pub fn render(groups: &[Group]) -> String {
    let mut text = String::new();
    for group in groups {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "\nbaseline {} {{", quote(&group.name));
        let _ = writeln!(text, "  owner  = {}", quote(&group.owner));
        let _ = writeln!(text, "  reason = {}", quote(&group.reason));
        let _ = writeln!(text, "  ends   = {}", quote(&group.ends));
        text.push_str("\n  findings = {\n");
        for (about, id) in &group.findings {
            let _ = writeln!(text, "    {} = {}", quote(id), quote(about));
        }
        text.push_str("  }\n}\n");
    }
    text
}

/// A name for the group of an owner: an identifier that is not taken.
///
/// ```
/// # use ordain_language::baseline_file::name;
/// let taken = ["platform".into()].into();
/// assert_eq!(&*name("payments@acme.example", &taken), "payments_acme_example");
/// assert_eq!(&*name("platform", &taken), "platform_2");
/// ```
#[must_use]
pub fn name(owner: &str, taken: &BTreeSet<Text>) -> Text {
    let word = |c: char| if c.is_ascii_alphanumeric() || c == '_' || c == '-' { c } else { '_' };
    let plain: String = owner.chars().map(word).collect();
    let starts = plain.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    let plain = if starts { plain } else { format!("_{plain}") };
    let numbered = (2..).map(|number| format!("{plain}_{number}"));
    let free = [plain.clone()].into_iter().chain(numbered).find(|name| !taken.contains(&**name));
    free.unwrap_or(plain).into()
}

/// A file without the entries about these findings, as they are written, and without the groups that hold no other. What else
/// stands there stays byte for byte, comments and the order too. Only what is written out is found.
#[must_use]
pub fn shrink(sources: &Sources, id: SourceId, resolved: &BTreeSet<Text>) -> Shrunk {
    let text = &*sources.get(id).text;
    let syntax = parse(sources, id, &mut Diagnostics::default());
    let (mut cuts, mut removed) = (Vec::new(), 0);
    for block in syntax.body.blocks.iter().filter(|block| &*block.kind.text == "baseline") {
        let all = entries(block);
        let gone: Vec<&Entry> = all.iter().filter(|entry| is_one_of(entry, resolved)).collect();
        removed += gone.len() as u64;
        match gone.len() == all.len() && !all.is_empty() {
            true => cuts.push(paragraph(text, block.span.start as usize..block.span.end as usize)),
            false => cuts.extend(gone.into_iter().map(|entry| line(text, entry))),
        }
    }
    Shrunk { text: without(text, &cuts), removed }
}

/// What a group lists, where it is written out.
fn entries(block: &Block) -> &[Entry] {
    let listed = block.body.attributes.iter().find(|attribute| &*attribute.name.text == "findings");
    match listed.map(|listed| &listed.value.node) {
        Some(Node::Object(entries)) => entries,
        _ => &[],
    }
}

fn is_one_of(entry: &Entry, abouts: &BTreeSet<Text>) -> bool {
    matches!(&entry.value.node, Node::String(about) if abouts.contains(about))
}

/// An entry with its comma and the comment behind it; its whole line where nothing else stands there.
fn line(text: &str, entry: &Entry) -> Range<usize> {
    let (start, end) = (entry.key.span.start as usize, entry.value.span.end as usize);
    let behind = text.get(end..).unwrap_or_default();
    let past = behind.trim_start_matches([' ', '\t']);
    let past = past.strip_prefix(',').unwrap_or(past).trim_start_matches([' ', '\t']);
    let stop = text.len() - past.len();
    let before = text.get(..start).unwrap_or_default();
    let indent = before.len() - before.trim_end_matches([' ', '\t']).len();
    let alone = before[..start - indent].is_empty() || before[..start - indent].ends_with('\n');
    let comment = past.starts_with('#') || past.starts_with("//");
    let ends = past.starts_with(['\n', '\r']) || past.is_empty() || comment;
    match alone && ends {
        true => start - indent..text.len() - past.find('\n').map_or("", |at| &past[at + 1..]).len(),
        false => start..stop,
    }
}

/// A block with the blank line before it, or else behind it.
fn paragraph(text: &str, block: Range<usize>) -> Range<usize> {
    let before = text.get(..block.start).unwrap_or_default();
    let behind = text.get(block.end..).unwrap_or_default();
    let end = block.end + behind.find('\n').map_or(behind.len(), |at| at + 1);
    match before.strip_suffix("\n\n") {
        Some(kept) => kept.len() + 1..end,
        None if text[end..].starts_with('\n') => block.start..end + 1,
        None => block.start..end,
    }
}

/// A text without parts of it, which stand in their order.
fn without(text: &str, cuts: &[Range<usize>]) -> String {
    let (mut left, mut from) = (String::with_capacity(text.len()), 0);
    for cut in cuts {
        left.push_str(text.get(from..cut.start).unwrap_or_default());
        from = cut.end.max(from);
    }
    left.push_str(text.get(from..).unwrap_or_default());
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"# Head.

# The platform's.
baseline "platform" { # reviewed
  owner  = "platform"
  reason = "Found"
  ends   = "2027-01-31"

  findings = {
    # Three buckets.
    "1" = "a" # one
    "2" = "b",
    "3" = "c"
  }
}

baseline "shop" {
  owner    = "shop"
  reason   = "Found"
  ends     = "2027-01-31"
  findings = { "4" = "d", "5" = "e" }
}
"#;

    fn shrunk(text: &str, abouts: &[&str]) -> Shrunk {
        let mut sources = Sources::default();
        let id = sources.add("baseline.hcl", text);
        shrink(&sources, id, &abouts.iter().map(|about| Text::from(*about)).collect())
    }

    #[test]
    fn what_is_resolved_goes_and_everything_else_stays() {
        assert_eq!(shrunk(FILE, &[]), Shrunk { text: FILE.into(), removed: 0 });
        let less = FILE.replace("    \"1\" = \"a\" # one\n", "").replace("\"5\" = \"e\" ", "");
        assert_eq!(shrunk(FILE, &["a", "e", "z"]), Shrunk { text: less, removed: 2 });
        let less = FILE.replace("    \"2\" = \"b\",\n    \"3\" = \"c\"\n", "").replace("\"4\" = \"d\", ", "");
        assert_eq!(shrunk(FILE, &["b", "c", "d"]), Shrunk { text: less, removed: 3 });
    }

    #[test]
    fn a_group_of_nothing_else_goes_with_its_blank_line() {
        let at = FILE.find("\nbaseline \"shop\"").expect("a group");
        assert_eq!(shrunk(FILE, &["d", "e"]), Shrunk { text: FILE[..at].into(), removed: 2 });
        let text = shrunk(FILE, &["a", "b", "c"]).text;
        assert!(text.starts_with("# Head.\n\n# The platform's.\nbaseline \"shop\""), "{text}");
    }

    #[test]
    fn what_is_written_reads_back_and_shrinks_away() {
        let findings = [("require.a b\"${c}".into(), "1".into())].into();
        let group = Group {
            name: "a".into(),
            owner: "a \"b\"".into(),
            reason: "${no}\n".into(),
            ends: "2027-01-31".into(),
            findings,
        };
        let text = format!("{HEAD}{}", render(&[group.clone(), Group { name: "b".into(), ..group }]));
        let mut sources = Sources::default();
        let id = sources.add("baseline.hcl", &text);
        assert_eq!(crate::format::format(&sources, id, &mut Diagnostics::default()).as_deref(), Ok(&*text));
        assert_eq!(shrunk(&text, &["require.a b\"${c}"]), Shrunk { text: HEAD.into(), removed: 2 });
    }
}
