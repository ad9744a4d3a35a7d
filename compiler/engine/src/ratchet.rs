//! [`Ratchet`]: what findings make of a baseline: which entries are resolved, which findings it does not list; and
//! [`grown`], which refuses a baseline that lists more than an earlier one.

use crate::constraints::Constraints;
use crate::findings::{Finding, Findings, Judgement, Subject};
use ordain_language::config::{Baseline, Listed};
use ordain_model::Text;
use ordain_model::address::SettingAddress;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Diagnostics};
use ordain_model::finding::{self, parts};
use ordain_model::instant::Moment;
use ordain_model::verdict::Verdict;
use std::collections::{BTreeMap, BTreeSet};

/// What findings make of a baseline. Everything is in the order of the findings or of the ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ratchet {
    /// Entries that nothing needs any more, by id.
    pub resolved: BTreeMap<Text, Resolved>,
    /// Entries of which nothing is known now.
    pub hidden: u64,
    /// Enforced findings that are unmet and in no group.
    pub new: Vec<Entry>,
    /// Those of them that no group of their owner may list: their requirement's seal says so.
    pub sealed: Vec<Entry>,
    /// Enforced findings that are broken: their demands contradict each other, which time does not cure.
    pub broken: u64,
    /// Enforced findings that are unknown.
    pub unknown: u64,
}

/// Why an entry is not needed any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Resolved {
    /// What it lists was read, and is not unmet.
    Met,
    /// It is about nothing any more: the object is gone, or its requirement does not select or demand it.
    Gone,
    /// The profile has no such requirement.
    Unnamed,
}

/// A finding as a group lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: Text,
    /// Its requirement's id and what it is about.
    pub about: Text,
    /// Who answers for it.
    pub owner: Option<Text>,
}

/// Holds findings against the baseline of their profile. `owner` stands in for whom no finding names.
#[must_use]
pub fn ratchet(constraints: &Constraints, findings: &Findings, owner: Option<&Text>) -> Ratchet {
    let baselines = &constraints.config.baselines;
    let listed: BTreeSet<&Text> = baselines.iter().flat_map(|group| group.findings.keys()).collect();
    let (mut ratchet, mut verdicts) = (Ratchet::default(), BTreeMap::new());
    for finding in &findings.findings {
        let unmet = finding.enforced && matches!(finding.judgement, Judgement::Unmet(_));
        ratchet.broken += u64::from(finding.enforced && matches!(finding.judgement, Judgement::Broken(_)));
        ratchet.unknown += u64::from(finding.enforced && matches!(finding.judgement, Judgement::Unknown(_)));
        if !unmet && listed.is_empty() {
            continue;
        }
        let entry = entry(findings, finding, owner);
        if listed.contains(&entry.id) {
            verdicts.insert(entry.id, finding.judgement.verdict());
        } else if unmet {
            let list = if may_list(constraints, finding, &entry) { &mut ratchet.new } else { &mut ratchet.sealed };
            list.push(entry);
        }
    }
    let hidden = Hidden::of(findings);
    for (id, entry) in baselines.iter().flat_map(|group| &group.findings) {
        let known = verdicts.get(id).copied();
        let resolved = match known {
            Some(Verdict::Met | Verdict::ProviderFixed | Verdict::NotApplicable) => Some(Resolved::Met),
            Some(Verdict::Unmet | Verdict::Unknown | Verdict::Broken | Verdict::Waived | Verdict::Baselined) => None,
            None => hidden.resolved(id, &entry.about),
        };
        ratchet.hidden += u64::from(resolved.is_none() && known.is_none_or(|known| known == Verdict::Unknown));
        ratchet.resolved.extend(resolved.map(|resolved| (id.clone(), resolved)));
    }
    ratchet
}

fn entry(findings: &Findings, finding: &Finding, owner: Option<&Text>) -> Entry {
    let (claim, subject) = (findings.claim(finding), finding.subject.to_string());
    Entry {
        id: finding::id(&claim.id, &subject),
        about: format!("{} {subject}", claim.id).into(),
        owner: finding.owner.as_ref().or(owner).cloned(),
    }
}

/// Whether a group of its owner takes it out of the enforced meet. Who has no owner may get any.
fn may_list(constraints: &Constraints, finding: &Finding, entry: &Entry) -> bool {
    let requirement = constraints.config.requirements.get(finding.claim as usize);
    requirement.is_none_or(|requirement| match &entry.owner {
        Some(owner) => requirement.seal.lets_list(owner),
        None => requirement.seal.lets_baseline(),
    })
}

/// What could not be listed, so that a finding may be there all the same.
#[derive(Default)]
struct Hidden<'a> {
    /// Claims by their ids.
    claims: BTreeMap<&'a str, u32>,
    /// Claims of which some target's cells are not all known.
    targets: BTreeSet<u32>,
    /// Claims, with a list of theirs that may lack objects.
    lists: BTreeSet<(u32, String)>,
}

impl<'a> Hidden<'a> {
    fn of(findings: &'a Findings) -> Hidden<'a> {
        let mut hidden = Hidden::default();
        for (claim, at) in findings.claims.iter().zip(0..) {
            hidden.claims.insert(&claim.id, at);
        }
        for finding in findings.findings.iter().filter(|finding| matches!(finding.judgement, Judgement::Unknown(_))) {
            match &finding.subject {
                Subject::Target(_) => drop(hidden.targets.insert(finding.claim)),
                Subject::Listing(cell, kind) => drop(hidden.lists.insert((finding.claim, format!("{cell}/{kind}")))),
                _ => {}
            }
        }
        hidden
    }

    /// Why no finding is there; none where one may be.
    fn resolved(&self, id: &str, about: &str) -> Option<Resolved> {
        let Some((claim, subject)) = parts(id, about).and_then(|(of, about)| Some((self.claims.get(of)?, about)))
        else {
            return Some(Resolved::Unnamed);
        };
        let list = || {
            let object = SettingAddress::parse(subject)?.object;
            Some((*claim, format!("{}/{}", object.cell, object.kind)))
        };
        let hidden = self.targets.contains(claim) || list().is_some_and(|list| self.lists.contains(&list));
        (!hidden).then_some(Resolved::Gone)
    }
}

/// Places that a message marks; the others are counted.
const MARKED: usize = 5;

/// Refuses what a baseline lists and an earlier one did not, and what it lists for longer. What stands in another group
/// than before, with another owner or reason, is for whoever reviews the file.
pub fn grown(before: &[Baseline], now: &[Baseline], diagnostics: &mut Diagnostics) {
    // An entry is the same one under another id that its finding had, as long as it is written as before.
    let names = |(id, entry): (&'_ Text, &'_ Listed)| [id.clone(), entry.written.clone()];
    let earlier = before.iter().flat_map(|group| group.findings.iter().flat_map(names).map(|name| (name, &group.ends)));
    let earlier: BTreeMap<Text, &Moment> = earlier.collect();
    let ends = |(id, entry): (&Text, &Listed)| earlier.get(id).or_else(|| earlier.get(&entry.written)).copied();
    for group in now {
        let new = group.findings.iter().filter(|(id, entry)| ends((id, entry)).is_none());
        let new: Vec<_> = new.map(|(_, entry)| entry.span).collect();
        if let Some(first) = new.first() {
            let detail = format!("`{}` lists {} that the earlier baseline does not", group.address, count(new.len()));
            let diagnostic = Diagnostic::error(code::BASELINE_GROWN, *first, detail).says("new");
            let marked = new.iter().take(MARKED).skip(1);
            let diagnostic = marked.fold(diagnostic, |diagnostic, span| diagnostic.label(*span, "new"));
            diagnostics.push(diagnostic.help("Cure what they are about, and remove them."));
        }
        let longer = group.findings.iter().filter_map(ends).filter(|ends| ends.end < group.ends.end);
        let longer: Vec<_> = longer.collect();
        if let Some(least) = longer.iter().min_by_key(|ends| ends.end) {
            let detail = format!(
                "`{}` lists {} until `{}`, and the earlier baseline until `{}`",
                group.address,
                count(longer.len()),
                group.ends.written,
                least.written
            );
            let diagnostic = Diagnostic::error(code::BASELINE_GROWN, group.span, detail);
            diagnostics.push(diagnostic.paste(format!("ends = \"{}\"", least.written)));
        }
    }
}

fn count(findings: usize) -> String {
    if findings == 1 { "1 finding".to_owned() } else { format!("{findings} findings") }
}
