//! [`Listing`]: what `ordain log` shows people: every apply with its steps, the oldest first.

use crate::journal::running;
use ordain_engine::approval::Consent;
use ordain_engine::journal::{Begun, Event, Found, Line, Outcome, Planned, Standing};
use ordain_model::Text;
use ordain_model::instant::Instant;
use ordain_report::style::{Page, Style, Tone};
use ordain_store::journal::Store;
use std::collections::{BTreeMap, BTreeSet};

/// The applies, taken in line by line. Of one that no later line is about only the text is kept.
pub(super) struct Listing {
    style: Style,
    /// In the order in which they began.
    applies: Vec<Apply>,
    /// Where those stand among them that are not rendered yet.
    open: BTreeMap<Text, usize>,
    /// What became of a step must be one of these words; any where there are none.
    outcomes: BTreeSet<&'static str>,
    /// The steps that such a word fits.
    pub(super) fitting: BTreeSet<(Text, usize)>,
}

enum Apply {
    Open(Box<Applied>),
    Text(String),
}

/// An apply as the lines that are meant tell of it.
struct Applied {
    name: Text,
    at: Instant,
    begun: Box<Begun>,
    /// Whether a line of it is meant.
    shown: bool,
    /// The steps of which a line tells, with what became of each.
    steps: BTreeMap<usize, Step>,
    ended: Option<Instant>,
}

/// What became of a step.
#[derive(Default)]
struct Step {
    outcome: Option<Outcome>,
    found: Option<(Text, Found)>,
}

impl Step {
    /// The word for it, as `-outcome` asks for it.
    fn word(&self) -> &'static str {
        match (&self.outcome, &self.found) {
            (_, Some((_, found))) if found.settles() => "was_in_doubt",
            (Some(outcome), _) => outcome.word(),
            (None, _) => "in_doubt",
        }
    }
}

impl Listing {
    /// Of nothing yet.
    pub(super) fn new(style: Style, outcomes: BTreeSet<&'static str>) -> Listing {
        Listing { style, applies: Vec::new(), open: BTreeMap::new(), outcomes, fitting: BTreeSet::new() }
    }

    /// Takes in the next line.
    pub(super) fn take(&mut self, line: &Line, meant: bool) {
        let name = match &line.event {
            Event::Found { of, .. } => of,
            _ => &line.apply,
        };
        if let Event::Begun(begun) = &line.event {
            self.open.insert(name.clone(), self.applies.len());
            let (begun, steps) = (begun.clone(), BTreeMap::new());
            let applied = Applied { name: name.clone(), at: line.at, begun, shown: false, steps, ended: None };
            self.applies.push(Apply::Open(Box::new(applied)));
        }
        let slot = self.open.get(name).and_then(|at| self.applies.get_mut(*at));
        let Some(Apply::Open(applied)) = slot.filter(|_| meant) else { return };
        applied.shown = true;
        match &line.event {
            Event::Begun(_) => {}
            Event::Intent { step, .. } => drop(applied.steps.entry(*step).or_default()),
            Event::Outcome { step, outcome, .. } => {
                applied.steps.entry(*step).or_default().outcome = Some(outcome.clone());
            }
            Event::Found { step, found, .. } => {
                applied.steps.entry(*step).or_default().found = Some((line.apply.clone(), found.clone()));
            }
            Event::Ended => applied.ended = Some(line.at),
        }
    }

    /// No later line is about this apply.
    pub(super) fn close(&mut self, name: &str, running: &BTreeSet<(Text, usize)>) {
        let Some(slot) = self.open.remove(name).and_then(|at| self.applies.get_mut(at)) else { return };
        let Apply::Open(applied) = slot else { return };
        if !self.outcomes.is_empty() {
            applied.steps.retain(|_, step| self.outcomes.contains(step.word()));
            applied.shown &= !applied.steps.is_empty();
            self.fitting.extend(applied.steps.keys().map(|step| (applied.name.clone(), *step)));
        }
        *slot = Apply::Text(if applied.shown { text(applied, running, self.style) } else { String::new() });
    }

    /// The text, once every line was taken in.
    pub(super) fn finish(&mut self, standing: &Standing, store: &dyn Store) -> String {
        let doubts = standing.doubts().filter(|doubt| running(doubt, store));
        let running: BTreeSet<(Text, usize)> = doubts.map(|doubt| (doubt.apply, doubt.step)).collect();
        let open: Vec<Text> = self.open.keys().cloned().collect();
        open.iter().for_each(|name| self.close(name, &running));
        let texts = self.applies.iter().filter_map(|apply| match apply {
            Apply::Text(text) if !text.is_empty() => Some(text.as_str()),
            _ => None,
        });
        texts.collect::<Vec<_>>().join("\n")
    }
}

fn text(applied: &Applied, running: &BTreeSet<(Text, usize)>, style: Style) -> String {
    let mut page = Page::new(style);
    apply(&mut page, applied);
    for (at, step) in &applied.steps {
        let Some(planned) = applied.begun.steps.get(*at) else { continue };
        entry(&mut page, planned, step, running.contains(&(applied.name.clone(), *at)));
    }
    if let Some(at) = applied.ended {
        page.space(2).tone(Tone::Faint, &format!("ended {at}")).end();
    }
    page.finish()
}

fn apply(page: &mut Page, applied: &Applied) {
    let Begun { who, plan, targets, leases, .. } = &*applied.begun;
    page.tone(Tone::Strong, &applied.name).put(&format!("  {}  {who}", applied.at)).end();
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

fn entry(page: &mut Page, planned: &Planned, step: &Step, running: bool) {
    let tone = match &step.outcome {
        _ if step.word() == "was_in_doubt" => Tone::Careful,
        Some(outcome) if outcome.done() => Tone::Good,
        None if running => Tone::Careful,
        _ => Tone::Bad,
    };
    let word = if step.outcome.is_none() && step.found.is_none() && running { "being written" } else { step.word() };
    page.space(2).column(tone, &word.replace('_', " "), 14).put(&planned.object.to_string()).space(2);
    page.tone(Tone::Faint, &planned.unit).end();
    for (name, values) in &planned.changes {
        page.space(18).put(&format!("{name}: {} -> {}", values.before, values.after)).end();
    }
    let why: Vec<&str> = planned.why.iter().map(|why| &**why).collect();
    page.space(18).tone(Tone::Faint, &format!("demanded by {}", why.join(", "))).end();
    if let Some(detail) = step.outcome.as_ref().and_then(Outcome::detail) {
        page.space(18).tone(Tone::Careful, detail).end();
    }
    if let Some((by, found)) = &step.found {
        page.space(18).tone(Tone::Careful, &format!("{found}; found by the apply {by}")).end();
    }
}
