//! [`Drift`]: what violates the profile, and what moved since a baseline.

use crate::findings::{Finding, Findings, Subject};
use crate::observed::{List, Observed, Record, TargetObserved};
use ordain_model::Text;
use ordain_model::address::{Cell, ObjectAddress, SettingAddress};
use ordain_model::observation::Reading;
use ordain_model::verdict::Verdict;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a drift run found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drift {
    /// Demands that are not met and findings of the baseline that are met now, in the order of findings.
    pub violations: Vec<Violation>,
    /// Values that differ from the baseline's, ordered by address.
    pub moved: Vec<Moved>,
    /// Objects of the baseline that the targets have no more, ordered by address. Only where the list was complete, or
    /// where no target covers the cell any more.
    pub gone: Vec<ObjectAddress>,
    /// Objects that the baseline does not have, ordered by address. Only where the baseline's list was complete, or where
    /// no target of the baseline covers the cell.
    pub appeared: Vec<ObjectAddress>,
}

/// A demand that is not met, or was not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Index into the findings of the live world; for a resolved one too.
    pub finding: usize,
    /// Since when.
    pub since: Since,
}

/// How a violation compares with the baseline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Since {
    /// There is no baseline, or it does not tell.
    Unknown,
    /// The baseline met it, or did not have it.
    New,
    /// The baseline violated it too.
    Recurring,
    /// The baseline violated it; it was read now and is met.
    Resolved,
}

/// A value that differs from the baseline's.
#[derive(Clone, Debug, PartialEq)]
pub struct Moved {
    /// The setting.
    pub address: SettingAddress,
    /// The baseline's reading.
    pub before: Reading,
    /// The live reading.
    pub after: Reading,
    /// Whether every demand on it is still met.
    pub met: bool,
}

/// Compares what is with what is demanded and, where there is a baseline, with what was.
///
/// The baseline's findings are those of the same constraints over the baseline, so that only the world differs.
#[must_use]
pub fn drift(findings: &Findings, live: &Observed, baseline: Option<(&Findings, &Observed)>) -> Drift {
    let before: BTreeMap<Key<'_>, Verdict> = baseline.into_iter().flat_map(|(findings, _)| keyed(findings)).collect();
    let mut drift = Drift::default();
    for (at, (key, verdict)) in keyed(findings).enumerate() {
        let since = match (violates(verdict), before.get(&key).copied()) {
            (true, _) if baseline.is_none() => Some(Since::Unknown),
            (true, Some(Verdict::Unknown)) => Some(Since::Unknown),
            (true, Some(before)) if violates(before) => Some(Since::Recurring),
            (true, None) if baseline.is_some_and(|(_, old)| !told(old, key.2)) => Some(Since::Unknown),
            (true, _) => Some(Since::New),
            // Resolved only when it was read: unknown resolves nothing.
            (false, Some(before)) if violates(before) && verdict == Verdict::Met => Some(Since::Resolved),
            (false, _) => None,
        };
        drift.violations.extend(since.map(|since| Violation { finding: at, since }));
    }
    if let Some((_, baseline)) = baseline {
        let unmet = |finding: &&Finding| violates(finding.judgement.verdict()) || finding.judgement.excepted();
        let violated = findings.findings.iter().filter(unmet);
        let violated = violated.filter_map(|finding| match &finding.subject {
            Subject::Setting(setting) => Some(setting),
            _ => None,
        });
        let fields = findings.fields.iter().map(|field| &field.address);
        worlds(live, baseline, &violated.chain(fields).collect(), &mut drift);
    }
    drift
}

/// What a finding is about, across two worlds.
type Key<'a> = (u32, Option<u32>, &'a Subject);

fn keyed(findings: &Findings) -> impl Iterator<Item = (Key<'_>, Verdict)> {
    findings
        .findings
        .iter()
        .map(|finding| ((finding.claim, finding.demand, &finding.subject), finding.judgement.verdict()))
}

fn violates(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Unmet | Verdict::Broken)
}

/// Whether a world says of a subject that it was not there, or was not bound there.
fn told(world: &Observed, subject: &Subject) -> bool {
    match subject {
        Subject::Setting(setting) => {
            let object = &setting.object;
            here(world, &object.cell, &object.kind)
                .is_some_and(|list| list.get(&object.id).is_some() || list.tells(&object.id))
        }
        Subject::Listing(cell, kind) | Subject::Count(cell, kind) => {
            here(world, cell, kind).is_some_and(|list| list.lacks().is_none())
        }
        Subject::Target(_) | Subject::Assertion => true,
    }
}

/// What a world lists: nothing at all in a cell that is known to lie outside its targets. `None` where it does not tell.
fn here<'a>(world: &'a Observed, cell: &Cell, kind: &str) -> Option<&'a List> {
    static NOTHING: List = List { incomplete: None, only: None, objects: Vec::new() };
    let outside = || {
        let knows = |target: &TargetObserved| {
            let all = target.unresolved.is_none() && target.uncovered_incomplete.is_none();
            all && !target.uncovered.iter().any(|outer| outer.holds(cell))
        };
        world.targets.values().all(|target| knows(target) && !target.cells.contains(cell))
    };
    world.list(cell, kind).or_else(|| outside().then_some(&NOTHING))
}

/// What moved, went and came between two worlds, as far as both tell.
fn worlds(live: &Observed, baseline: &Observed, violated: &BTreeSet<&SettingAddress>, drift: &mut Drift) {
    let lists = |world: &'_ Observed| -> Vec<(Arc<Cell>, Text)> {
        let cells = world.cells.iter();
        cells.flat_map(|(cell, kinds)| kinds.keys().map(|kind| (cell.clone(), kind.clone()))).collect()
    };
    let both: BTreeSet<(Arc<Cell>, Text)> = lists(live).into_iter().chain(lists(baseline)).collect();
    for (cell, kind) in both {
        let (Some(new), Some(old)) = (here(live, &cell, &kind), here(baseline, &cell, &kind)) else { continue };
        let address = |record: &Record| ObjectAddress { cell: cell.clone(), kind: kind.clone(), id: record.id.clone() };
        for record in &new.objects {
            match old.get(&record.id) {
                Some(before) => moved(&address(record), before, record, violated, &mut drift.moved),
                None if old.tells(&record.id) => drift.appeared.push(address(record)),
                None => {}
            }
        }
        let gone = old.objects.iter().filter(|record| new.get(&record.id).is_none() && new.tells(&record.id));
        drift.gone.extend(gone.map(address));
    }
    drift.gone.sort();
    drift.appeared.sort();
}

/// The settings of an object whose readings differ. What either side could not read is not known to have moved: where it is
/// demanded its finding is unknown.
fn moved(
    object: &ObjectAddress,
    before: &Record,
    after: &Record,
    violated: &BTreeSet<&SettingAddress>,
    moved: &mut Vec<Moved>,
) {
    let read = |reading: &Reading| !matches!(reading, Reading::Unknown(_));
    for (name, now) in after.object.settings.iter().filter(|(_, reading)| read(reading)) {
        let Some(then) = before.reading(name).filter(|reading| read(reading) && *reading != now) else { continue };
        let address = object.setting(name.clone());
        let met = !violated.contains(&address);
        moved.push(Moved { address, before: then.clone(), after: now.clone(), met });
    }
}
