//! Groups: each requirement and control in each target, judged by its worst.

use super::chosen::{Choice, Chosen, Covering};
use super::{Finding, Group, Subject};
use crate::constraints::Constraints;
use ordain_model::Text;
use ordain_model::address::Cell;
use ordain_model::verdict::Verdict;
use std::collections::BTreeMap;

/// What one claim came to in one target.
#[derive(Default)]
struct Tally {
    matched: u64,
    counts: BTreeMap<Verdict, u64>,
}

/// The groups in the order of claims, controls and targets. A claim without a control has a group without one.
pub(super) fn groups(
    constraints: &Constraints,
    covering: &Covering<'_>,
    chosen: &[Chosen<'_>],
    findings: &[Finding],
) -> Vec<Group> {
    let mut tallies: BTreeMap<(u32, Option<&Text>), Tally> = BTreeMap::new();
    for (claim, requirement) in constraints.claims.iter().enumerate() {
        requirement
            .targets
            .iter()
            .for_each(|target| drop(tallies.insert((claim as u32, Some(target)), Tally::default())));
    }
    for list in chosen {
        for (column, claim) in list.requirements.iter().enumerate() {
            let matched = (0..list.records.len()).filter(|row| list.choice(*row, column) == Choice::Yes).count() as u64;
            for target in targets(constraints, covering, *claim, &list.cell) {
                tallies.entry((*claim as u32, Some(target))).or_default().matched += matched;
            }
        }
    }
    for part in findings.chunk_by(|a, b| a.claim == b.claim && same_cell(a, b) && a.target() == b.target()) {
        let Some(first) = part.first() else { continue };
        let mut counts: BTreeMap<Verdict, u64> = BTreeMap::new();
        part.iter().for_each(|finding| *counts.entry(finding.judgement.verdict()).or_default() += 1);
        let targets: Vec<Option<&Text>> = match (first.cell(), first.target()) {
            (Some(cell), _) => targets(constraints, covering, first.claim as usize, cell).map(Some).collect(),
            (None, target) => vec![target],
        };
        for target in targets {
            let tally = tallies.entry((first.claim, target)).or_default();
            counts.iter().for_each(|(verdict, count)| *tally.counts.entry(*verdict).or_default() += count);
        }
    }
    let mut groups = Vec::new();
    for ((claim, target), tally) in &tallies {
        let of = constraints.claims.iter().chain(&constraints.assertions).nth(*claim as usize);
        let cited: Vec<_> = of.into_iter().flat_map(|claim| &claim.citations).cloned().map(Some).collect();
        let cited = if cited.is_empty() { vec![None] } else { cited };
        groups.extend(cited.into_iter().map(|control| Group {
            claim: *claim,
            control,
            target: target.cloned(),
            matched: tally.matched,
            counts: tally.counts.clone(),
            verdict: Verdict::of_group(tally.counts.keys().copied()),
        }));
    }
    groups.sort_by(|a, b| (a.claim, &a.control, &a.target).cmp(&(b.claim, &b.control, &b.target)));
    groups
}

/// Whether both are about one cell, or none. Cells are shared: most comparisons end at the pointers.
fn same_cell(a: &Finding, b: &Finding) -> bool {
    match (a.cell(), b.cell()) {
        (Some(a), Some(b)) => std::ptr::eq(a, b) || a == b,
        (None, None) => true,
        _ => false,
    }
}

/// The targets of a requirement that cover a cell.
fn targets<'a>(
    constraints: &'a Constraints,
    covering: &Covering<'a>,
    claim: usize,
    cell: &Cell,
) -> impl Iterator<Item = &'a Text> {
    let covers = covering.get(cell).cloned().unwrap_or_default();
    let bound = constraints.claims.get(claim).into_iter().flat_map(|claim| &claim.targets);
    bound.filter(move |target| covers.contains(target))
}

impl Finding {
    /// The cell that it is about, where it is about one.
    #[must_use]
    pub fn cell(&self) -> Option<&Cell> {
        match &self.subject {
            Subject::Listing(cell, _) | Subject::Count(cell, _) => Some(cell),
            Subject::Setting(setting) => Some(&setting.object.cell),
            Subject::Target(_) | Subject::Assertion => None,
        }
    }

    /// The target that it is about, where it is about a target as a whole.
    #[must_use]
    pub fn target(&self) -> Option<&Text> {
        match &self.subject {
            Subject::Target(target) => Some(target),
            _ => None,
        }
    }
}
