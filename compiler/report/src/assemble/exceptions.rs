//! Waivers and the baseline as reports show them.

use crate::report::exception::Exception;
use ordain_engine::findings::{self, ExceptionSort, Findings, State};

/// Every exception of a profile.
pub(super) fn exceptions(findings: &Findings) -> Vec<Exception> {
    findings.exceptions.iter().map(view).collect()
}

fn view(exception: &findings::Exception) -> Exception {
    Exception {
        address: exception.address.clone(),
        sort: match exception.sort {
            ExceptionSort::Waiver => "waiver",
            ExceptionSort::Baseline => "baseline",
        },
        state: match exception.state {
            State::InForce => "in_force",
            State::Ended => "ended",
            State::NotYet => "not_yet",
            State::NoTime => "no_time",
        },
        reason: exception.reason.clone(),
        owner: exception.owner.clone(),
        ticket: exception.ticket.clone(),
        granted: exception.granted.as_ref().map(|granted| granted.written.clone()),
        until: exception.until.written.clone(),
        ends_soon: exception.ends_soon,
        matched: exception.matched,
        excepted: exception.excepted,
        place: exception.place.clone(),
    }
}

/// Who excepts a finding, until when and why, in one line.
pub(super) fn sentence(exception: &findings::Exception) -> String {
    let ticket = exception.ticket.as_ref().map(|ticket| format!(", {ticket}")).unwrap_or_default();
    let soon = if exception.ends_soon { ", which is soon" } else { "" };
    let (address, until, owner) = (&exception.address, &exception.until.written, &exception.owner);
    format!("{address} until {until}{soon}: {} ({owner}{ticket})", exception.reason)
}
