//! What the tests that kill an apply share: how often, when, and whether the journals that it left hold together.

use crate::dice::Dice;
use ordain_model::digest::Digest;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// How many applies are killed: `ORDAIN_KILLS`, or so many where it is not set.
#[must_use]
pub fn number(usually: u64) -> u64 {
    let said = std::env::var("ORDAIN_KILLS").ok();
    said.map_or(usually, |said| said.parse().expect("ORDAIN_KILLS is a number"))
}

/// The dice of one kill. `ORDAIN_SEED` throws others; each kill says its own.
#[must_use]
pub fn dice(kill: u64) -> Dice {
    let seed: u64 = std::env::var("ORDAIN_SEED").map_or(0, |said| said.parse().expect("ORDAIN_SEED is a number"));
    Dice::seeded(seed.wrapping_mul(1_000_003).wrapping_add(kill))
}

/// What the journals below a folder record together.
#[derive(Debug, Default)]
pub struct Recorded {
    /// Applies that began, and those of them that ended.
    pub begun: usize,
    /// Applies that came to their end.
    pub ended: usize,
    /// Intents without an outcome: what a kill left in doubt.
    pub in_doubt: usize,
    /// Outcomes, by their word.
    pub outcomes: BTreeMap<String, usize>,
}

/// Reads every journal below a folder: each line names the digest of the one before, and no step of an apply has two
/// outcomes. Only the last line may be cut.
#[must_use]
pub fn recorded(folder: &Path) -> Recorded {
    let mut recorded = Recorded::default();
    for path in journals(folder) {
        let text = fs::read_to_string(&path).expect("a journal");
        let mut previous = None;
        let mut open: BTreeMap<u64, bool> = BTreeMap::new();
        for line in text.split_inclusive('\n').filter(|line| line.ends_with('\n')) {
            let line = line.trim_end();
            let read: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            if let Some(previous) = previous {
                assert_eq!(read["previous"], Value::String(previous), "{}: the chain is broken", path.display());
            }
            previous = Some(Digest::of(line.as_bytes()).to_string());
            recorded.event(&read["event"], &mut open);
        }
        recorded.in_doubt += open.values().filter(|ended| !**ended).count();
    }
    recorded
}

impl Recorded {
    /// `open` holds the steps of the apply that is read, and whether each has its outcome.
    fn event(&mut self, event: &Value, open: &mut BTreeMap<u64, bool>) {
        let step = |name: &str| event[name]["step"].as_u64().expect("a step");
        if !event["begun"].is_null() {
            self.in_doubt += open.values().filter(|ended| !**ended).count();
            open.clear();
            self.begun += 1;
        } else if !event["intent"].is_null() {
            assert_eq!(open.insert(step("intent"), false), None, "{event}: twice the same intent");
        } else if !event["outcome"].is_null() {
            assert_ne!(open.insert(step("outcome"), true), Some(true), "{event}: a second outcome");
            let outcome = &event["outcome"]["outcome"];
            let word = outcome.as_str().or_else(|| outcome.as_object()?.keys().next().map(String::as_str));
            *self.outcomes.entry(word.expect("a word").to_owned()).or_default() += 1;
        } else if event.as_str() == Some("ended") {
            self.ended += 1;
        }
    }
}

/// Files of lines, in the order of their paths.
fn journals(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for path in entries.map(|entry| entry.expect("an entry").path()) {
            match path.is_dir() {
                true => waiting.push(path),
                false if path.extension().is_some_and(|extension| extension == "jsonl") => found.push(path),
                false => {}
            }
        }
    }
    found.sort();
    found
}
