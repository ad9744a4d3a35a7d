//! [`groups`]: new groups of a baseline, one for each owner.

use crate::arguments::baseline::Groups;
use crate::run::Run;
use ordain_engine::findings::read_at;
use ordain_engine::observed::Observed;
use ordain_engine::ratchet::Entry;
use ordain_language::baseline_file::{Group, name};
use ordain_model::Text;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Reported, Severity};
use ordain_model::instant::{DAY, Moment};
use std::collections::{BTreeMap, BTreeSet};

/// How long a group lasts when nobody says: a quarter of a year.
const LASTS: i64 = 90 * DAY;

/// Groups of what is not listed yet, in the order of their owners; none where nothing is. Names that are taken get a
/// number behind them.
///
/// # Errors
/// A finding has no owner, or the end is no date or lies before the settings were read.
pub fn groups(
    entries: &[Entry],
    taken: BTreeSet<Text>,
    arguments: &Groups,
    observed: &Observed,
    run: &mut Run,
) -> Result<Vec<Group>, Reported> {
    if entries.is_empty() {
        return Ok(Vec::new());
    }
    let ends = ends(arguments.ends.as_deref(), observed, run)?;
    let mut owners: BTreeMap<&Text, BTreeMap<Text, Text>> = BTreeMap::new();
    for entry in entries {
        let Some(owner) = &entry.owner else { return Err(nobody(entries, run)) };
        owners.entry(owner).or_default().insert(entry.about.clone(), entry.id.clone());
    }
    let mut taken = taken;
    let group = |(owner, findings): (&Text, BTreeMap<Text, Text>)| {
        let name = name(owner, &taken);
        taken.insert(name.clone());
        let reason = arguments.reason.as_str().into();
        Group { name, owner: owner.clone(), reason, ends: ends.clone(), findings }
    };
    Ok(owners.into_iter().map(group).collect())
}

fn nobody(entries: &[Entry], run: &mut Run) -> Reported {
    let count = entries.iter().filter(|entry| entry.owner.is_none()).count();
    let findings = if count == 1 { "1 finding has" } else { &format!("{count} findings have") };
    let detail = format!("{findings} no owner, and a group of the baseline has one.");
    let diagnostic = Diagnostic::new(code::ARGUMENT, Severity::Error, detail);
    let help = "Give the target or the requirement an `owner`, or say who answers for the rest.";
    run.diagnostics.push(diagnostic.help(help).paste("ordain baseline write -owner platform"))
}

/// When the groups end. What is over when it is written would never be in force.
fn ends(given: Option<&str>, observed: &Observed, run: &mut Run) -> Result<Text, Reported> {
    let read = read_at(observed).map(|(_, last)| last);
    let Some(given) = given else {
        return match read {
            Some(read) => Ok(read.plus(LASTS).date().into()),
            None => {
                Err(run.fail(code::ARGUMENT, "Nothing says when the settings were read: give the end with `-ends`."))
            }
        };
    };
    match Moment::parse(given) {
        None => {
            let detail = format!("`-ends {given}`: expected a date such as `2027-01-31`, or an RFC 3339 time.");
            Err(run.fail(code::ARGUMENT, detail))
        }
        Some(moment) if read.is_some_and(|read| moment.end <= read) => {
            let detail = format!("`-ends {given}` is over: the settings were read later.");
            Err(run.fail(code::ARGUMENT, detail))
        }
        Some(moment) => Ok(moment.written),
    }
}
