//! What every format says of where a report comes from: its verdict, the world that was judged, and why it proves nothing,
//! when it does not.

use crate::report::Report;
use std::collections::BTreeMap;

/// Who made the report, as every format that names a tool names it.
pub(super) const TOOL: &str = "Ordain";

/// Its version: that of the whole program.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The time of settings of which nothing says when they were read, for formats that cannot do without one.
pub(super) const NO_TIME: &str = "1970-01-01T00:00:00Z";

/// Why the report is no evidence, when it is not.
pub(super) fn not_evidence(report: &Report) -> Option<&str> {
    report.world.as_ref()?.not_evidence.as_deref()
}

/// `Unmet: 3 of 4 obligations met, 1 unmet. Not evidence: read from the estate estate.json.`
pub(super) fn first_line(report: &Report) -> String {
    let word = report.headline.verdict.word();
    let capital = word.chars().next().map(|first| first.to_ascii_uppercase()).into_iter().chain(word.chars().skip(1));
    let why = not_evidence(report).map(|why| format!(" Not evidence: {why}.")).unwrap_or_default();
    format!("{}: {}{why}", capital.collect::<String>(), report.headline.text)
}

/// When the settings were read, RFC 3339 in UTC; none where nothing says it.
pub(super) fn as_of(report: &Report) -> Option<&str> {
    report.world.as_ref().map(|world| &*world.taken_at).filter(|time| !time.is_empty())
}

/// Everything that says what a report rests on, by name.
pub(super) fn properties(report: &Report) -> BTreeMap<String, String> {
    let inputs = &report.inputs;
    let world = report.world.as_ref();
    let mut of: BTreeMap<String, String> = BTreeMap::from([
        ("command".to_owned(), report.command.to_owned()),
        ("verdict".to_owned(), report.headline.verdict.word().to_owned()),
        ("summary".to_owned(), report.headline.text.clone()),
        ("evidence".to_owned(), not_evidence(report).map_or("yes".to_owned(), |why| format!("not evidence: {why}"))),
    ]);
    let mut add = |name: &str, value: Option<&str>| {
        of.extend(value.map(|value| (name.to_owned(), value.to_owned())));
    };
    add("source", world.map(|world| world.source));
    add("as-of", as_of(report));
    add("snapshot", world.and_then(|world| world.snapshot.as_deref()));
    add("world", inputs.world.as_deref());
    add("envelope", inputs.envelope.as_deref());
    add("anchor", Some(inputs.anchor.as_deref().unwrap_or("unanchored")));
    add("plan", inputs.plan.as_deref());
    add("commit", inputs.commit.as_ref().map(|commit| &*commit.id));
    for (module, digest) in &inputs.modules {
        add(&format!("module {}", if module.is_empty() { "root" } else { module }), Some(digest));
    }
    of
}
