//! [`Exception`]s: waivers and groups of the baseline, as findings and reports name them.

use crate::constraints::Constraints;
use crate::observed::Observed;
use ordain_language::config::{Baseline, Waiver};
use ordain_model::Text;
use ordain_model::code;
use ordain_model::diagnostic::Diagnostic;
use ordain_model::instant::{DAY, Instant, Moment};
use ordain_model::observation::Reason;
use ordain_model::source::Span;

/// How long before its end an exception is said to end soon.
pub const SOON: i64 = 30 * DAY;

/// A waiver or a group of the baseline.
#[derive(Clone, Debug, PartialEq)]
pub struct Exception {
    /// `module.a.waiver.NAME` or `baseline.NAME`.
    pub address: Text,
    /// Which of the two.
    pub sort: ExceptionSort,
    /// Why the findings are excepted.
    pub reason: Text,
    /// Who answers for that.
    pub owner: Text,
    /// Where it was decided.
    pub ticket: Option<Text>,
    /// From when on it is in force; a baseline is from the start.
    pub granted: Option<Moment>,
    /// Until the end of this.
    pub until: Moment,
    /// Whether it is in force, judged by the time of what was read.
    pub state: State,
    /// Whether it is in force and ends within [`SOON`].
    pub ends_soon: bool,
    /// Of a waiver the objects of its requirements that it matches, of a baseline the findings that it lists.
    pub matched: u64,
    /// Findings whose verdict it decides.
    pub excepted: u64,
    /// Why it is not known of some object whether a waiver matches it: the first reason.
    pub undecided: Option<Reason>,
    /// Where it stands, as `file:line`.
    pub place: Text,
    /// Where it stands.
    pub span: Span,
}

/// The sorts of exception.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExceptionSort {
    /// `waiver "NAME"`.
    Waiver,
    /// `baseline "NAME"`.
    Baseline,
}

/// Whether an exception is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// At every time at which something was read.
    InForce,
    /// It ended before something was read.
    Ended,
    /// It is granted after something was read.
    NotYet,
    /// Nothing says when the settings were read.
    NoTime,
}

/// When a world was read: the first and the last time over all that was; none where a part of it does not say. A target
/// that reached no cell read nothing.
#[must_use]
pub fn read_at(observed: &Observed) -> Option<(Instant, Instant)> {
    let read = observed.targets.values().filter(|target| !target.cells.is_empty()).map(|target| &target.envelope);
    let times = read.map(|envelope| Some((Instant::parse(&envelope.taken_at)?, Instant::parse(envelope.last())?)));
    let (first, last): (Vec<Instant>, Vec<Instant>) = times.collect::<Option<Vec<_>>>()?.into_iter().unzip();
    Some((first.into_iter().min()?, last.into_iter().max()?))
}

/// Every exception of a profile: waivers, then baselines, each in the order of their addresses. Nothing is matched yet.
pub(super) fn exceptions(constraints: &Constraints, observed: &Observed) -> Vec<Exception> {
    let (config, at) = (&constraints.config, read_at(observed));
    let waivers = config.waivers.iter().map(|waiver| of_waiver(waiver, at));
    let all = waivers.chain(config.baselines.iter().map(|baseline| of_baseline(baseline, at)));
    all.zip(&constraints.exceptions).map(|(exception, place)| Exception { place: place.clone(), ..exception }).collect()
}

fn of_waiver(waiver: &Waiver, at: Option<(Instant, Instant)>) -> Exception {
    Exception {
        address: waiver.address.clone(),
        sort: ExceptionSort::Waiver,
        reason: waiver.reason.clone(),
        owner: waiver.owner.clone(),
        ticket: waiver.ticket.clone(),
        granted: Some(waiver.granted.clone()),
        until: waiver.expires.clone(),
        state: state(Some(&waiver.granted), &waiver.expires, at),
        ends_soon: false,
        matched: 0,
        excepted: 0,
        undecided: None,
        place: "".into(),
        span: waiver.span,
    }
    .dated(at)
}

fn of_baseline(baseline: &Baseline, at: Option<(Instant, Instant)>) -> Exception {
    Exception {
        address: baseline.address.clone(),
        sort: ExceptionSort::Baseline,
        reason: baseline.reason.clone(),
        owner: baseline.owner.clone(),
        ticket: None,
        granted: None,
        until: baseline.ends.clone(),
        state: state(None, &baseline.ends, at),
        ends_soon: false,
        matched: baseline.findings.len() as u64,
        excepted: 0,
        undecided: None,
        place: "".into(),
        span: baseline.span,
    }
    .dated(at)
}

/// In force only where it is at the first and at the last time: no part of a world is judged by an exception that was
/// not in force when it was read.
fn state(granted: Option<&Moment>, until: &Moment, at: Option<(Instant, Instant)>) -> State {
    match at {
        None => State::NoTime,
        Some((_, last)) if last >= until.end => State::Ended,
        Some((first, _)) if granted.is_some_and(|granted| first < granted.start) => State::NotYet,
        Some(_) => State::InForce,
    }
}

impl Exception {
    /// What is to be said about it to whoever runs the profile: that it is not in force, matches nothing, or may match.
    /// `known`: no verdict is unknown.
    #[must_use]
    pub fn remark(&self, known: bool) -> Option<Diagnostic> {
        let (address, until) = (&self.address, &self.until.written);
        let nothing = self.matched == 0 && self.undecided.is_none();
        let (code, detail) = match (self.state, self.sort) {
            (State::Ended, ExceptionSort::Waiver) => {
                (code::EXPIRED_EXCEPTION, format!("`{address}` expired `{until}`: it waives nothing"))
            }
            (State::Ended, ExceptionSort::Baseline) => {
                (code::EXPIRED_EXCEPTION, format!("`{address}` ended `{until}`: what it lists is unmet again"))
            }
            (State::NotYet, _) => {
                let granted = self.granted.as_ref().map(|granted| &*granted.written).unwrap_or_default();
                (code::EXPIRED_EXCEPTION, format!("`{address}` is granted `{granted}`: it waives nothing yet"))
            }
            (State::NoTime, _) => {
                let detail = format!("nothing says when the settings were read, so `{address}` is not in force");
                (code::EXPIRED_EXCEPTION, detail)
            }
            (State::InForce, ExceptionSort::Waiver) if nothing => {
                (code::IDLE_EXCEPTION, format!("`{address}` matches none of its requirement's objects"))
            }
            // What could not be read may still be unmet: an entry is idle only where everything is known.
            (State::InForce, ExceptionSort::Baseline) if known && self.excepted < self.matched => {
                let idle = self.matched - self.excepted;
                let detail = format!("{idle} of the {} findings that `{address}` lists are not unmet", self.matched);
                return Some(
                    Diagnostic::warning(code::IDLE_EXCEPTION, self.span, detail)
                        .help("Remove their entries.")
                        .paste("ordain baseline write"),
                );
            }
            (State::InForce, _) => return self.undecided.as_ref().map(|reason| self.unsure(reason)),
        };
        Some(Diagnostic::warning(code, self.span, detail))
    }

    fn unsure(&self, reason: &Reason) -> Diagnostic {
        let detail = format!(
            "it is not known of every object whether `{}` matches it, and it waives none of those: {}",
            self.address, reason.detail
        );
        Diagnostic::warning(code::UNDECIDED_WAIVER, self.span, detail)
    }

    fn dated(mut self, at: Option<(Instant, Instant)>) -> Exception {
        let left = at.map(|(_, last)| self.until.end.since(last));
        self.ends_soon = self.state == State::InForce && left.is_some_and(|left| left <= SOON);
        self
    }
}
