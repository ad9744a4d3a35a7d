//! What the tests that kill an apply share: how often, when, where kills fell, and whether the journals that they left hold
//! together.

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
    /// Steps with an outcome.
    #[must_use]
    pub fn outcomes(&self) -> usize {
        self.outcomes.values().sum()
    }

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

/// Where kills fell, by what the killed apply had recorded, and whatever else is counted of them.
#[derive(Debug, Default)]
pub struct Histogram {
    kills: usize,
    journals: BTreeMap<(bool, bool, usize, usize), usize>,
    marks: BTreeMap<String, usize>,
}

impl Histogram {
    /// Counts a kill by what the journals held before the apply that it ended, and after.
    pub fn fell(&mut self, before: &Recorded, after: &Recorded) {
        let ended = after.ended > before.ended;
        let outcomes = after.outcomes() - before.outcomes();
        let fell = (ended, after.begun > before.begun, outcomes, after.in_doubt - before.in_doubt);
        *self.journals.entry(fell).or_default() += 1;
        self.kills += 1;
    }

    /// Counts something else that is true of a kill.
    pub fn mark(&mut self, what: impl Into<String>) {
        *self.marks.entry(what.into()).or_default() += 1;
    }

    /// Adds what another one counted.
    pub fn add(&mut self, other: Histogram) {
        self.kills += other.kills;
        other.journals.into_iter().for_each(|(fell, kills)| *self.journals.entry(fell).or_default() += kills);
        other.marks.into_iter().for_each(|(mark, kills)| *self.marks.entry(mark).or_default() += kills);
    }

    /// One line for each place, the earliest first, then what else was counted.
    #[must_use]
    pub fn text(&self) -> String {
        let place = |(ended, begun, outcomes, in_doubt): &(bool, bool, usize, usize)| match (ended, begun) {
            (true, _) => "after its end".to_owned(),
            (_, false) => "before its journal".to_owned(),
            _ => format!("with {outcomes} outcomes and {in_doubt} steps in doubt"),
        };
        let places = self.journals.iter().map(|(fell, kills)| (place(fell), kills));
        let marks = self.marks.iter().map(|(mark, kills)| (mark.clone(), kills));
        let line = |(what, kills): (String, &usize)| format!("{kills:>6}  {what}\n");
        format!("{} kills\n{}", self.kills, places.chain(marks).map(line).collect::<String>())
    }
}

/// The numbers of the calls fsync and fdatasync, where they are known.
const SYNCING: &[&str] = if cfg!(all(target_os = "linux", target_arch = "x86_64")) {
    &["74", "75"]
} else if cfg!(all(target_os = "linux", target_arch = "aarch64")) {
    &["82", "83"]
} else {
    &[]
};

/// Whether a process is waiting for a disk to keep what it wrote, as its system says. Never, where that is not asked.
#[must_use]
pub fn syncing(process: u32) -> bool {
    let Ok(threads) = fs::read_dir(format!("/proc/{process}/task")) else { return false };
    threads.flatten().any(|thread| {
        let call = fs::read_to_string(thread.path().join("syscall")).unwrap_or_default();
        SYNCING.contains(&call.split(' ').next().unwrap_or_default())
    })
}

/// Waits until a process waits for a disk for the so manieth time, or ended. How often it was seen to.
pub fn until_syncing(process: u32, times: u64, ended: &mut dyn FnMut() -> bool) -> u64 {
    let (mut seen, mut before) = (0, false);
    while seen < times && !ended() {
        let now = syncing(process);
        seen += u64::from(now && !before);
        before = now;
    }
    seen
}
