//! [`Journal`]: appends events to the chain, and stops where somebody else took over.

use super::{Begun, Doubt, Event, Head, Line, Standing};
use ordain_model::Text;
use ordain_model::address::Cell;
use ordain_model::digest::{Digest, canonical};
use ordain_model::instant::{Clock, Instant};
use ordain_model::journal::JournalStore;
use std::collections::BTreeMap;

/// A journal to append to. Its chain holds as far as it was read.
pub struct Journal<'a> {
    store: &'a mut dyn JournalStore,
    standing: Standing,
    /// The name of the apply that appends.
    apply: Text,
    /// The tokens under which it appends.
    leases: BTreeMap<Cell, u64>,
}

impl<'a> Journal<'a> {
    /// Reads a journal as far back as its last apply began, which says where it stood before. What was written before that
    /// is checked by whoever reads all of it.
    ///
    /// # Errors
    /// It cannot be read, or its chain is broken: where.
    pub fn open(store: &'a mut dyn JournalStore) -> Result<Journal<'a>, String> {
        let mut journal = Journal { store, standing: Standing::default(), apply: "".into(), leases: BTreeMap::new() };
        journal.last()?;
        journal.refresh()?;
        Ok(journal)
    }

    /// Reads from the last line on which an apply begins, or from the first.
    fn last(&mut self) -> Result<(), String> {
        let mut portions: Vec<Vec<String>> = Vec::new();
        loop {
            let portion = self.store.back().map_err(unreadable)?;
            let reached = portion.is_empty();
            portions.push(portion);
            if reached || self.found(&mut portions)? {
                break;
            }
        }
        portions.iter().rev().flatten().try_for_each(|text| self.take(text))
    }

    /// Whether an apply begins in the earliest of these portions: then they are all that is needed from there on.
    fn found(&mut self, portions: &mut [Vec<String>]) -> Result<bool, String> {
        let Some(earliest) = portions.last_mut() else { return Ok(false) };
        for at in (0..earliest.len()).rev() {
            let mut fetch = |number| self.store.line(number).map_err(unreadable);
            if let Some(standing) = Standing::before(&earliest[at], &mut fetch).map_err(broken)? {
                self.standing = standing;
                earliest.drain(..at);
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn take(&mut self, text: &str) -> Result<(), String> {
        let line = self.standing.take(text).map_err(broken)?;
        self.fenced(&line)
    }

    /// Reads what was appended since.
    ///
    /// # Errors
    /// It cannot be read, its chain is broken, or it shows that a cell was taken over.
    pub fn refresh(&mut self) -> Result<(), String> {
        loop {
            let news = self.store.read().map_err(unreadable)?;
            if news.is_empty() {
                return Ok(());
            }
            news.iter().try_for_each(|text| self.take(text))?;
        }
    }

    /// Writes of earlier applies, and of those that run elsewhere, of which nothing says what became of them.
    pub fn doubts(&self) -> impl Iterator<Item = Doubt> {
        self.standing.doubts()
    }

    /// The name of the apply that appends; none before it began.
    #[must_use]
    pub fn apply(&self) -> Option<&Text> {
        Some(&self.apply).filter(|name| !name.is_empty())
    }

    /// Its end, as far as it was read.
    #[must_use]
    pub fn head(&self) -> &Head {
        &self.standing.head
    }

    /// Keeps the plans of an apply that begins, durable, and writes from now on in its name.
    ///
    /// # Errors
    /// Why they are not kept.
    pub(crate) fn begin(&mut self, plan: &str, revert: &str, leases: BTreeMap<Cell, u64>) -> Result<(), String> {
        self.apply = self.store.begin(plan, revert)?;
        self.leases = leases;
        Ok(())
    }

    /// Appends events; they are durable when it returns.
    ///
    /// # Errors
    /// Why they may not be, or that another apply took over a cell of this one.
    pub(crate) fn append(&mut self, clock: &dyn Clock, events: impl IntoIterator<Item = Event>) -> Result<(), String> {
        let (at, events) = (clock.now(), Vec::from_iter(events));
        if events.is_empty() {
            return Ok(());
        }
        loop {
            let (lines, texts) = self.chained(at, &events)?;
            let known = self.standing.head.lines;
            if self.store.append(&texts).map_err(|error| format!("the journal cannot be written: {error}"))? {
                return lines.iter().zip(&texts).try_for_each(|(line, text)| self.standing.pass(line, text));
            }
            self.refresh()?;
            if self.standing.head.lines == known {
                return Err("the journal cannot be written: it has no end to append to".into());
            }
        }
    }

    /// The lines that would follow now, and their texts.
    fn chained(&self, at: Instant, events: &[Event]) -> Result<(Vec<Line>, Vec<String>), String> {
        let mut previous = self.standing.head.digest;
        let (mut lines, mut texts) = (Vec::with_capacity(events.len()), Vec::with_capacity(events.len()));
        for event in events {
            let mut event = event.clone();
            if let Event::Begun(begun) = &mut event {
                begun.stood = self.standing.stood();
            }
            let line = Line { previous, apply: self.apply.clone(), at, event };
            let text = canonical(&line).map_err(|error| error.to_string())?;
            previous = Digest::of(&text);
            texts.push(String::from_utf8(text).map_err(|error| error.to_string())?);
            lines.push(line);
        }
        Ok((lines, texts))
    }

    /// Refuses to go on where a later holder of a cell's lease began to write: what this one still believes is void.
    fn fenced(&self, line: &Line) -> Result<(), String> {
        let Event::Begun(begun) = &line.event else { return Ok(()) };
        let Begun { who, leases, .. } = &**begun;
        let taken =
            |(cell, token): (&Cell, &u64)| leases.get(cell).is_some_and(|later| later > token).then(|| cell.clone());
        match self.leases.iter().find_map(taken) {
            None => Ok(()),
            Some(cell) => Err(format!("{who} took over {cell} at {}: the lease had lapsed", line.at)),
        }
    }
}

fn unreadable(error: String) -> String {
    format!("the journal cannot be read: {error}")
}

fn broken(error: String) -> String {
    format!("the journal is not whole: {error}")
}
