//! [`Changes`]: the rules to add and to take away, so that ports are reached from exactly the addresses wanted.

use super::{Group, Ports, PrefixLists, Rule, Source};
use ordain_model::cidr::CidrSet;
use ordain_model::observation::{Cause, Reason};
use std::collections::BTreeSet;

/// What to send, in this order. Nothing reaches further at any moment than before or after: first what the rules that
/// go leave behind, which they let in anyway; then those rules go; then what is new.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Rules inside those that go.
    pub keep: Vec<Rule>,
    /// Rules that go.
    pub revoke: Vec<Rule>,
    /// Rules that let in what was not let in before.
    pub add: Vec<Rule>,
}

/// The changes after which each of these ports is reached from exactly these addresses, and every other port from where
/// it was. A rule for a range of ports is split around the port; a rule for every protocol cannot be.
///
/// # Errors
/// When the addresses of a source are not known, or a rule for every protocol would have to go.
pub fn changes(group: &Group, wanted: &[(Ports, CidrSet)], lists: &PrefixLists) -> Result<Changes, Reason> {
    let before = group.rules();
    let mut rules = before.clone();
    let mut add = Vec::new();
    for (key, target) in wanted {
        // As it was: what another of these keys takes away is not missing here, and would be let in everywhere again.
        let mut reached = CidrSet::nobody();
        for rule in before.iter().filter(|rule| rule.reaches(key)) {
            reached = reached.union(&rule.addresses(lists)?.intersection(target));
        }
        let mut next = Vec::new();
        for rule in rules {
            let addresses = if rule.reaches(key) { rule.addresses(lists)? } else { CidrSet::nobody() };
            if addresses.is_subset(target) {
                next.push(rule);
                continue;
            }
            if rule.is_every_protocol() {
                return Err(Reason::new(Cause::Failed, "a rule for all protocols lets in more than is wanted"));
            }
            let inside = addresses.intersection(target);
            next.extend(split(&rule, key, &inside));
        }
        // As they are spelled, not what is left of them: undoing a change brings back the rule that was there, and a
        // rule for everybody is not cut into dozens.
        let missing = target.entries().iter().filter(|entry| !reached.covers(entry));
        add.extend(missing.map(|block| Rule {
            protocol: key.protocol.to_owned(),
            ports: Some((key.from, key.to)),
            source: Source::Block(block.to_string()),
            description: None,
        }));
        rules = next;
    }
    let (old, new): (BTreeSet<Rule>, BTreeSet<Rule>) = (before.into_iter().collect(), rules.into_iter().collect());
    let beyond = |these: &BTreeSet<Rule>, those: &BTreeSet<Rule>| -> Vec<Rule> {
        these.iter().filter(|rule| !those.iter().any(|other| other.opens_the_same(rule))).cloned().collect()
    };
    let (keep, revoke) = (beyond(&new, &old), beyond(&old, &new));
    Ok(Changes { keep: once(keep), revoke, add: once(add) })
}

/// Each rule once, with the first description: EC2 refuses a list that names the same rule twice, and by then what goes
/// may be gone.
fn once(rules: Vec<Rule>) -> Vec<Rule> {
    let mut kept: Vec<Rule> = Vec::new();
    for rule in rules {
        if !kept.iter().any(|one| one.opens_the_same(&rule)) {
            kept.push(rule);
        }
    }
    kept
}

/// What a rule leaves behind when the ports of a key are reached only from `inside`: the ports below and above as they
/// were, the ports of the key from those addresses.
fn split(rule: &Rule, key: &Ports, inside: &CidrSet) -> Vec<Rule> {
    let (from, to) = rule.ports.unwrap_or((0, u16::MAX));
    let mut left = Vec::new();
    if let Some(below) = key.from.checked_sub(1).filter(|below| from <= *below) {
        left.push(Rule { ports: Some((from, below)), ..rule.clone() });
    }
    if let Some(above) = key.to.checked_add(1).filter(|above| *above <= to) {
        left.push(Rule { ports: Some((above, to)), ..rule.clone() });
    }
    let middle = (from.max(key.from), to.min(key.to));
    left.extend(blocks(inside).map(|block| Rule { ports: Some(middle), source: Source::Block(block), ..rule.clone() }));
    left
}

fn blocks(set: &CidrSet) -> impl Iterator<Item = String> {
    set.entries().iter().map(ToString::to_string).collect::<Vec<_>>().into_iter()
}
