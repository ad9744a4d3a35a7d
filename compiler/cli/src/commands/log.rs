//! `ordain log`: what applies did, and whether anybody changed the journal since. Never writes.

mod listing;

use crate::arguments::log::Log;
use crate::run::Run;
use crate::{files, journal, profile};
use ordain_engine::journal::{Head, Line, Selection, Standing};
use ordain_language::inputs::Missing;
use ordain_model::Text;
use ordain_model::code;
use ordain_model::conclusion::Exit;
use ordain_model::diagnostic::Reported;
use ordain_model::digest::Digest;
use ordain_model::instant::{Instant, Moment};
use ordain_store::journal::Store;
use std::path::Path;

/// A journal as far as its chain holds.
struct Read {
    /// As they are kept.
    texts: Vec<String>,
    lines: Vec<Line>,
    standing: Standing,
}

/// Prints the journal, its head, or the plan of an apply.
pub fn run(arguments: &Log, run: &mut Run) -> Result<Exit, Reported> {
    let selection = selection(arguments, run)?;
    let store = store(arguments, run)?;
    if let Some(apply) = &arguments.applied {
        let plan = store.plan(apply).map_err(|error| run.fail(code::JOURNAL, format!("{error}.")))?;
        run.print(&plan)?;
        return Ok(Exit::Fine);
    }
    let read = read(&*store, run)?;
    // A chain that is broken is shown up to there, and so is one that lacks what it had: neither is fine.
    let broken = run.diagnostics.check();
    let expected = arguments.expect_head.iter().map(|path| expect(path, &read, run)).collect::<Vec<_>>();
    if arguments.head {
        run.diagnostics.check()?;
        run.print(&format!("{}\n", read.standing.head.text()))?;
        return Ok(Exit::Fine);
    }
    let meant = selection.of(&read.lines);
    let text = match arguments.json {
        true => {
            read.texts.iter().zip(&meant).filter(|(_, meant)| **meant).map(|(text, _)| format!("{text}\n")).collect()
        }
        false => listing::people(&read, &meant, &*store, broken.is_ok(), run.output.style),
    };
    run.print(&text)?;
    broken?;
    expected.into_iter().collect::<Result<Vec<_>, _>>()?;
    Ok(Exit::Fine)
}

fn store(arguments: &Log, run: &mut Run) -> Result<Box<dyn Store>, Reported> {
    let profile = match arguments.journal {
        Some(_) => None,
        None => Some(profile::compile(&arguments.directory, &arguments.outside, Missing::Undecided, run)?),
    };
    journal::open(arguments.journal.as_deref(), profile.as_ref(), &arguments.directory, run)
}

fn read(store: &dyn Store, run: &mut Run) -> Result<Read, Reported> {
    let texts = store.lines();
    let mut texts = texts.map_err(|error| run.fail(code::JOURNAL, format!("The journal cannot be read: {error}.")))?;
    let (mut standing, mut lines) = (Standing::default(), Vec::new());
    for text in &texts {
        match standing.take(text) {
            Ok(line) => lines.push(line),
            Err(error) => {
                let _ = run.fail(code::JOURNAL, format!("The journal in `{}` is not whole: {error}.", store.name()));
                break;
            }
        }
    }
    texts.truncate(lines.len());
    Ok(Read { texts, lines, standing })
}

/// Compares with a head that was kept elsewhere.
fn expect(path: &Path, read: &Read, run: &mut Run) -> Result<(), Reported> {
    let bytes = files::read(path).map_err(|error| run.unreadable(path, &error))?;
    let name = path.display();
    let Some(head) = String::from_utf8(bytes).ok().and_then(|text| Head::parse(&text)) else {
        return Err(run.fail(code::JOURNAL_HEAD, format!("`{name}` is no head of a journal.")));
    };
    let lines = read.lines.len() as u64;
    let there = match usize::try_from(head.lines) {
        Ok(0) => Some(Digest::of(b"")),
        Ok(number) => read.texts.get(number - 1).map(|text| Digest::of(text.as_bytes())),
        Err(_) => None,
    };
    match there {
        Some(digest) if digest == head.digest => Ok(()),
        Some(_) => Err(run.fail(
            code::JOURNAL_HEAD,
            format!("Line {} of the journal is another one than `{name}` says.", head.lines),
        )),
        None => Err(run.fail(
            code::JOURNAL_HEAD,
            format!("The journal had {} lines when `{name}` was made, and has {lines}.", head.lines),
        )),
    }
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
    })
}
