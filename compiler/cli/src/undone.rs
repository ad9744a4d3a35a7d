//! What the journal says of a plan that was applied: [`written`], the steps of it that were; [`applied`], the plan itself.

use crate::providers;
use crate::run::Run;
use ordain_engine::journal::{Event, Line, Standing, sent};
use ordain_engine::plan::Plan;
use ordain_model::code;
use ordain_model::diagnostic::{Diagnostic, Diagnostics, Reported, Severity};
use ordain_model::digest::Digest;
use ordain_store::journal::Store;
use std::collections::BTreeSet;

/// The steps of a plan that applies of it wrote, or of which nobody knows.
///
/// # Errors
/// The journal cannot be relied on, or knows of no apply of it.
pub fn written(plan: &Plan, store: &dyn Store, run: &mut Run) -> Result<BTreeSet<usize>, Reported> {
    let lines = lines(store, run)?;
    sent(&lines, plan.digest).ok_or_else(|| unknown(plan.digest, store, run))
}

/// The plan of a digest as it was applied.
///
/// # Errors
/// The same, or the journal's store does not have it.
pub fn applied(digest: Digest, store: &dyn Store, run: &mut Run) -> Result<Plan, Reported> {
    let lines = lines(store, run)?;
    let of = |line: &&Line| matches!(&line.event, Event::Begun(begun) if begun.plan == digest);
    let Some(line) = lines.iter().find(of) else { return Err(unknown(digest, store, run)) };
    let text = store.plan(&line.apply).map_err(|error| run.fail(code::JOURNAL, format!("{error}.")))?;
    let plan = Plan::parse(&text, &line.apply, providers::all(), &mut Diagnostics::default());
    match plan.ok().filter(|plan| plan.digest == digest) {
        Some(plan) => Ok(plan),
        None => {
            let detail =
                format!("The plan that {} keeps of the apply {} is not what was applied.", store.name(), line.apply);
            Err(run.fail(code::JOURNAL, detail))
        }
    }
}

fn unknown(plan: Digest, store: &dyn Store, run: &mut Run) -> Reported {
    let detail = format!("No apply of the plan {} is in the journal in {}.", plan.short(), store.name());
    let diagnostic = Diagnostic::new(code::NOT_APPLIED, Severity::Error, detail);
    run.diagnostics.push(diagnostic.help("Name the journal of the apply with `--journal`."))
}

fn lines(store: &dyn Store, run: &mut Run) -> Result<Vec<Line>, Reported> {
    let unreadable = |error: String| format!("The journal in {} cannot be relied on: {error}.", store.name());
    let texts = store.lines().map_err(|error| run.fail(code::JOURNAL, unreadable(error)))?;
    let mut standing = Standing::default();
    let lines = texts.iter().map(|text| standing.take(text)).collect::<Result<Vec<Line>, String>>();
    lines.map_err(|error| run.fail(code::JOURNAL, unreadable(error)))
}
