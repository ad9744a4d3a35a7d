//! What `ordain log` prints for people: every apply with its steps, and how far the chain holds.

use super::Read;
use crate::journal::running;
use ordain_engine::approval::Consent;
use ordain_engine::journal::{Begun, Event, Found, Outcome, Planned};
use ordain_model::Text;
use ordain_model::instant::Instant;
use ordain_report::style::{Page, Style, Tone};
use ordain_store::journal::Store;
use std::collections::{BTreeMap, BTreeSet};

/// An apply as the lines that are meant tell of it.
struct Applied<'a> {
    at: Instant,
    begun: &'a Begun,
    /// The steps of which a line tells, with what became of each.
    steps: BTreeMap<usize, Step<'a>>,
    ended: Option<Instant>,
}

/// What became of a step.
#[derive(Default)]
struct Step<'a> {
    outcome: Option<&'a Outcome>,
    found: Option<(&'a Text, &'a Found)>,
}

/// The applies, the oldest first, and a closing line over the whole journal.
pub(super) fn people(read: &Read, meant: &[bool], store: &dyn Store, whole: bool, style: Style) -> String {
    let mut page = Page::new(style);
    let doubts = read.standing.doubts().filter(|doubt| running(doubt, store));
    let running: BTreeSet<(Text, usize)> = doubts.map(|doubt| (doubt.apply, doubt.step)).collect();
    for (name, applied) in collect(read, meant) {
        page.gap();
        apply(&mut page, name, &applied);
        for (at, step) in &applied.steps {
            let Some(planned) = applied.begun.steps.get(*at) else { continue };
            entry(&mut page, planned, step, running.contains(&(name.clone(), *at)));
        }
        if let Some(at) = applied.ended {
            page.space(2).tone(Tone::Faint, &format!("ended {at}")).end();
        }
    }
    let (head, tone) = (&read.standing.head, if whole { Tone::Good } else { Tone::Bad });
    let held = if whole { "the chain holds" } else { "the chain holds only up to there" };
    page.gap().tone(Tone::Strong, &format!("Journal {}: ", store.name()));
    page.tone(tone, &format!("{}, {held}.", count(head.lines))).end();
    if head.lines > 0 {
        page.tone(Tone::Faint, &format!("Head: {}", head.digest)).end();
    }
    page.finish()
}

fn collect<'a>(read: &'a Read, meant: &[bool]) -> BTreeMap<&'a Text, Applied<'a>> {
    let mut applies: BTreeMap<&Text, Applied<'a>> = BTreeMap::new();
    let mut shown: BTreeSet<&Text> = BTreeSet::new();
    for (line, meant) in read.lines.iter().zip(meant) {
        let name = match &line.event {
            Event::Found { of, .. } => of,
            _ => &line.apply,
        };
        if let Event::Begun(begun) = &line.event {
            applies.insert(name, Applied { at: line.at, begun, steps: BTreeMap::new(), ended: None });
        }
        let Some(applied) = applies.get_mut(name).filter(|_| *meant) else { continue };
        shown.insert(name);
        match &line.event {
            Event::Begun(_) => {}
            Event::Intent { step, .. } => drop(applied.steps.entry(*step).or_default()),
            Event::Outcome { step, outcome, .. } => applied.steps.entry(*step).or_default().outcome = Some(outcome),
            Event::Found { step, found, .. } => {
                applied.steps.entry(*step).or_default().found = Some((&line.apply, found));
            }
            Event::Ended => applied.ended = Some(line.at),
        }
    }
    applies.retain(|name, _| shown.contains(name));
    applies
}

fn apply(page: &mut Page, name: &str, applied: &Applied<'_>) {
    let Begun { who, plan, targets, leases, .. } = applied.begun;
    page.tone(Tone::Strong, name).put(&format!("  {}  {who}", applied.at)).end();
    page.space(2).tone(Tone::Faint, &format!("plan {plan}")).end();
    if let Some(commit) = &applied.begun.commit {
        page.space(2).tone(Tone::Faint, &format!("commit {} by {}, as it says", commit.id, commit.author)).end();
    }
    if let Some(reason) = &applied.begun.emergency {
        page.space(2).tone(Tone::Careful, &format!("emergency: {reason}")).end();
    }
    if let Some(consent) = &applied.begun.consent {
        right(page, consent);
    }
    for (target, answered) in targets {
        let callers: Vec<&str> = answered.callers.iter().map(|caller| &**caller).collect();
        let who = match &answered.estate {
            Some(estate) => format!("in the estate {estate}"),
            None if callers.is_empty() => "with no caller known".to_owned(),
            None => format!("as {}", callers.join(", ")),
        };
        page.space(2).tone(Tone::Faint, &format!("{target} {who}")).end();
        for endpoint in &answered.endpoints {
            page.space(2).tone(Tone::Careful, &format!("{target} at {endpoint}, which is not the cloud's own")).end();
        }
    }
    let leases: Vec<String> = leases.iter().map(|(cell, token)| format!("{cell} no. {token}")).collect();
    page.space(2).tone(Tone::Faint, &format!("leases {}", leases.join(", "))).end();
}

/// Who wrote the profile, and who approved the plan.
fn right(page: &mut Page, consent: &Consent) {
    let names = |by: &BTreeSet<Text>| by.iter().map(|name| &**name).collect::<Vec<_>>().join(", ");
    for author in &consent.authors {
        let (by, commit) = (names(&author.by), &author.commit);
        let text = match (&author.issuer, &author.subject) {
            (Some(issuer), Some(subject)) => {
                format!("written by {by}, whom a token of {issuer} names (`{subject}`, commit {commit})")
            }
            _ => format!("written by {by}, who signed the commit {commit}"),
        };
        page.space(2).tone(Tone::Faint, &text).end();
    }
    for approved in &consent.approved {
        let text = format!("approved by {} at {} ({})", names(&approved.by), approved.at, approved.policy);
        page.space(2).tone(Tone::Faint, &text).end();
    }
}

fn entry(page: &mut Page, planned: &Planned, step: &Step<'_>, running: bool) {
    let (word, tone) = match (step.outcome, step.found) {
        (_, Some((_, found))) if found.settles() => ("was in doubt", Tone::Careful),
        (Some(outcome), _) if outcome.done() => (outcome.word(), Tone::Good),
        (Some(outcome), _) => (outcome.word(), Tone::Bad),
        (None, _) if running => ("being written", Tone::Careful),
        (None, _) => ("in doubt", Tone::Bad),
    };
    page.space(2).column(tone, &word.replace('_', " "), 14).put(&planned.object.to_string()).space(2);
    page.tone(Tone::Faint, &planned.unit).end();
    for (name, values) in &planned.changes {
        page.space(18).put(&format!("{name}: {} -> {}", values.before, values.after)).end();
    }
    let why: Vec<&str> = planned.why.iter().map(|why| &**why).collect();
    page.space(18).tone(Tone::Faint, &format!("demanded by {}", why.join(", "))).end();
    if let Some(detail) = step.outcome.and_then(Outcome::detail) {
        page.space(18).tone(Tone::Careful, detail).end();
    }
    if let Some((by, found)) = step.found {
        page.space(18).tone(Tone::Careful, &format!("{found}; found by the apply {by}")).end();
    }
}

fn count(lines: u64) -> String {
    match lines {
        1 => "1 line".to_owned(),
        _ => format!("{lines} lines"),
    }
}
