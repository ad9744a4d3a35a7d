//! `ordain log`: what applies did, and whether anybody changed the journal since. Never writes but the head that it is asked to
//! sign.

mod export;
mod listing;
mod reading;

use crate::approvals::signature_of;
use crate::arguments::log::Log;
use crate::heads::{self, Known};
use crate::run::Run;
use crate::{clock, files, journal, profile};
use listing::Listing;
use ordain_engine::journal::{Selection, Statement};
use ordain_language::inputs::Missing;
use ordain_model::Text;
use ordain_model::code;
use ordain_model::conclusion::Exit;
use ordain_model::diagnostic::Reported;
use ordain_model::instant::{Instant, Moment};
use ordain_store::journal::Store;
use reading::Reading;
use std::collections::BTreeSet;

/// Prints the journal, its head, or the plan of an apply.
pub fn run(arguments: &Log, run: &mut Run) -> Result<Exit, Reported> {
    let mut selection = selection(arguments, run)?;
    let store = store(arguments, run)?;
    if let Some(apply) = &arguments.applied {
        let plan = store.plan(apply).map_err(|error| run.fail(code::JOURNAL, format!("{error}.")))?;
        run.print(&plan)?;
        return Ok(Exit::Fine);
    }
    let known = heads::known(arguments, &*store, run);
    if arguments.head || arguments.signing.sign_head {
        return head(arguments, &*store, known, run);
    }
    let outcomes: BTreeSet<&'static str> = arguments.outcome.iter().map(|word| word.word()).collect();
    let mut listing = Listing::new(run.output.style, outcomes);
    // What became of a step is known only behind it: whoever asks for that has the journal read twice.
    if arguments.json && arguments.outcome.is_empty() {
        let mut reading = Reading::new(known);
        export::lines(&mut reading, &selection, &*store, run)?;
        export::closing(&reading, &*store, run)?;
        return reading.exit(&*store, run);
    }
    let mut reading = Reading::new(known);
    let mut meant = selection.ask();
    reading.all(&*store, &mut |line, _, standing| {
        listing.take(line, meant.take(line));
        if !standing.open(&line.apply) {
            meant.forget(&line.apply);
            listing.close(&line.apply, &BTreeSet::new());
        }
        Ok(())
    })?;
    let text = listing.finish(&reading.standing, &*store);
    drop(meant);
    if arguments.json {
        selection.steps = Some(std::mem::take(&mut listing.fitting));
        export::lines(&mut Reading::new(Known::default()), &selection, &*store, run)?;
        export::closing(&reading, &*store, run)?;
        return reading.exit(&*store, run);
    }
    let gap = if text.is_empty() { "" } else { "\n" };
    run.print(&format!("{}{gap}{text}", reading.verdict(&*store, run.output.style)))?;
    reading.exit(&*store, run)
}

/// Prints or signs the head of a journal that is whole and holds what is known of it.
fn head(arguments: &Log, store: &dyn Store, known: Known, run: &mut Run) -> Result<Exit, Reported> {
    let mut reading = Reading::new(known);
    reading.all(store, &mut |_, _, _| Ok(()))?;
    reading.exit(store, run)?;
    let statement = Statement::new(&reading.standing.head, &store.name(), clock::now());
    if !arguments.signing.sign_head {
        run.print(&statement.text())?;
        return Ok(Exit::Fine);
    }
    let said = match &arguments.out {
        None => heads::keep(&statement, &arguments.signing, store, run)?,
        Some(path) => {
            let (signature, who) = heads::sign(&statement, &arguments.signing, run)?;
            let beside = signature_of(path);
            files::write(&beside, |file| file.write_all(&signature))
                .map_err(|error| run.unwritable(&beside, &error))?;
            let text = statement.text();
            files::write(path, |file| file.write_all(text.as_bytes())).map_err(|error| run.unwritable(path, &error))?;
            format!("{} signed with {who}, in {}.", heads::count(statement.lines), path.display())
        }
    };
    run.print(&format!("{said}\n"))?;
    Ok(Exit::Fine)
}

fn store(arguments: &Log, run: &mut Run) -> Result<Box<dyn Store>, Reported> {
    let profile = match arguments.journal {
        Some(_) => None,
        None => Some(profile::compile(&arguments.directory, &arguments.outside, Missing::Undecided, run)?),
    };
    journal::open(arguments.journal.as_deref(), profile.as_ref(), &arguments.directory, run)
}

fn selection(arguments: &Log, run: &mut Run) -> Result<Selection, Reported> {
    let text = |given: &Option<String>| given.as_deref().map(Text::from);
    let mut moment = |given: &Option<String>, of: fn(Moment) -> Instant| -> Result<Option<Instant>, Reported> {
        let Some(written) = given else { return Ok(None) };
        match Moment::parse(written) {
            Some(moment) => Ok(Some(of(moment))),
            None => {
                let detail =
                    format!("`{written}` is no date and no moment: expected `2027-01-31` or `2027-01-31T12:00:00Z`.");
                Err(run.fail(code::ARGUMENT, detail))
            }
        }
    };
    Ok(Selection {
        since: moment(&arguments.since, |moment| moment.start)?,
        until: moment(&arguments.until, |moment| moment.end)?,
        requirement: text(&arguments.requirement),
        object: text(&arguments.object),
        plan: text(&arguments.plan),
        who: text(&arguments.who),
        steps: None,
    })
}
