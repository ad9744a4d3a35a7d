//! The report of `diff`: what changed between two worlds.

use super::{empty, words};
use crate::report::change::Movement;
use crate::report::{Conclusion, Remark, Report};
use ordain_engine::difference::{Changed, Difference, Side, Untold};

/// A report of what changed between two snapshots, each under the name that the user gave it.
#[must_use]
pub fn difference(difference: &Difference, (before, after): (&str, &str)) -> Report {
    let parts = [
        (difference.changed.len(), "changed"),
        (difference.appeared.len(), "appeared"),
        (difference.gone.len(), "gone"),
        (difference.untold.len(), "not compared"),
    ];
    let said: Vec<String> =
        parts.iter().filter(|(number, _)| *number > 0).map(|(number, word)| format!("{number} {word}")).collect();
    let verdict = match (difference.untold.is_empty(), said.is_empty()) {
        (false, _) => Conclusion::Unknown,
        (true, true) => Conclusion::Same,
        (true, false) => Conclusion::Different,
    };
    let said = if said.is_empty() { "nothing changed".to_owned() } else { said.join(", ") };
    let mut report = empty("diff", verdict, format!("{said}, from {before} to {after}."));
    let changed = difference.changed.iter().map(changed);
    let appeared = difference.appeared.iter().map(|object| Movement::bare("appeared", object.to_string()));
    let gone = difference.gone.iter().map(|object| Movement::bare("gone", object.to_string()));
    report.drift = changed.chain(appeared).chain(gone).collect();
    report.undecided = difference.untold.iter().map(|(what, number)| untold(what, *number, (before, after))).collect();
    report
}

fn changed(changed: &Changed) -> Movement {
    Movement {
        before: Some(words::reading(&changed.before)),
        after: Some(words::reading(&changed.after)),
        ..Movement::bare("changed", format!("{}#{}", changed.object, changed.member))
    }
}

fn untold(what: &Untold, number: u64, (before, after): (&str, &str)) -> Remark {
    let name = |side: &Side| if *side == Side::Before { before } else { after };
    let objects = words::count(number, "object");
    let (about, text) = match what {
        Untold::Objects(side, cell, kind) if number == 0 => {
            (format!("{cell}/{kind}"), format!("{} may lack objects that were there", name(side)))
        }
        Untold::Objects(side, cell, kind) => {
            (format!("{cell}/{kind}"), format!("{} does not tell whether {objects} were there", name(side)))
        }
        Untold::Member(side, cell, kind, member) => {
            (format!("{cell}/{kind}"), format!("{} does not tell `{member}` of {objects}", name(side)))
        }
    };
    Remark { about, text, place: None }
}
