//! [`Drift`]: what violates the profile, and what moved since a baseline.

use crate::difference::{Changed, Difference, Member, difference, outside};
use crate::findings::{Finding, Findings, Subject};
use crate::observed::{List, Observed};
use ordain_model::address::{Cell, ObjectAddress, SettingAddress};
use ordain_model::observation::Reading;
use ordain_model::verdict::Verdict;
use std::collections::{BTreeMap, BTreeSet};

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
    world.list(cell, kind).or_else(|| outside(&world.targets, cell).then_some(&NOTHING))
}
/// What moved, went and came between two worlds, as far as both tell.
fn worlds(live: &Observed, baseline: &Observed, violated: &BTreeSet<&SettingAddress>, drift: &mut Drift) {
    let Difference { changed, appeared, gone, .. } = difference(baseline, live);
    (drift.appeared, drift.gone) = (appeared, gone);
    drift.moved.extend(changed.into_iter().filter_map(|Changed { object, member, before, after }| match member {
        Member::Attribute(_) => None,
        Member::Setting(name) => {
            let address = object.setting(name);
            let met = !violated.contains(&address);
            Some(Moved { address, before, after, met })
        }
    }));
}
