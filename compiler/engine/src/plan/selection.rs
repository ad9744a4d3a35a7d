//! [`Selection`]: which changes a plan may hold, as `--only` and `--except` say.
//!
//! Both take addresses, and labels: `target=NAME`, `severity=WORD`, `risk=WORD`.

use super::Inputs;
use super::lost::lost;
use crate::findings::{Field, Findings, Outcome};
use ordain_language::config::Gravity;
use ordain_model::Text;
use ordain_model::schema::WriteClass;
use std::collections::{BTreeMap, BTreeSet};

/// What is asked for, and what it is asked of.
struct Selection<'a> {
    findings: &'a Findings,
    severities: BTreeMap<&'a str, Gravity>,
}

/// The fields that `only` names, with what must be changed before them, without those that `except` names. Without
/// `only`, all; without `except`, none of them is left out.
pub(super) fn selected(findings: &Findings, inputs: &Inputs) -> BTreeSet<usize> {
    let severities = findings.claims.iter().map(|claim| (&*claim.address, claim.severity)).collect();
    let selection = Selection { findings, severities };
    let fields = || findings.fields.iter().enumerate();
    let only = fields().filter(|(_, field)| inputs.only.is_empty() || selection.names(field, &inputs.only));
    let mut selected: BTreeSet<usize> = only.map(|(at, _)| at).collect();
    let mut new: Vec<usize> = selected.iter().copied().collect();
    while let Some(at) = new.pop() {
        let first = findings.fields[at].after.iter().map(|first| *first as usize);
        new.extend(first.filter(|first| selected.insert(*first)));
    }
    selected.retain(|at| !selection.names(&findings.fields[*at], &inputs.except));
    selected
}

/// Every label that some plan of these findings could take.
#[must_use]
pub fn labels(findings: &Findings) -> BTreeSet<String> {
    let targets = findings.claims.iter().flat_map(|claim| &claim.targets).map(|name| format!("target={name}"));
    let severities = Gravity::ALL.iter().map(|severity| format!("severity={}", severity.word()));
    let risks = WriteClass::ALL.iter().map(|class| format!("risk={}", class.word()));
    targets.chain(severities).chain(risks).collect()
}

impl Selection<'_> {
    /// Whether one of the parts is a label of the field, its address, its object's, a view's, that of a requirement that
    /// bears on it, or a module's above one.
    fn names(&self, field: &Field, parts: &BTreeSet<Text>) -> bool {
        let within = |address: &str, part: &str| {
            address.strip_prefix(part).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        let demanded = || field.origins.iter().filter(|origin| origin.demanded);
        parts.iter().any(|part| {
            self.labelled(field, part)
                || **part == *field.address.to_string()
                || **part == *field.address.object.to_string()
                || demanded().any(|origin| within(&origin.origin.requirement, part))
                || demanded()
                    .filter_map(|origin| origin.view.as_ref())
                    .any(|view| **part == *view.to_string() || **part == *view.object.to_string())
        })
    }

    /// Whether a part is a label of the field: a target that covers its cell, the gravest severity of what demands it, or
    /// what its change risks. A change that decreases nothing destroys nothing.
    fn labelled(&self, field: &Field, part: &str) -> bool {
        match part.split_once('=') {
            Some(("target", name)) => {
                self.findings.covering.get(&field.address.object.cell).is_some_and(|targets| targets.contains(name))
            }
            Some(("severity", word)) => {
                let demanded = field.origins.iter().filter(|origin| origin.demanded);
                let severities = demanded.filter_map(|origin| self.severities.get(&*origin.origin.requirement));
                severities.max().is_some_and(|severity| severity.word() == word)
            }
            Some(("risk", word)) => risk(field).word() == word,
            _ => false,
        }
    }
}

fn risk(field: &Field) -> WriteClass {
    match (field.setting.class, &field.outcome) {
        (WriteClass::DestructiveOnDecrease, Outcome::Change(after))
            if lost(field.setting, &field.before, after).is_none() =>
        {
            WriteClass::Safe
        }
        (class, _) => class,
    }
}
