//! [`Standing`]: where a journal stands after its last line: its head, and the applies of which not everything is known. Every
//! apply begins with where the journal stood ([`Stood`]), so that whoever reads on from there needs nothing before it.

use super::{Begun, Doubt, Event, Head, Line, Outcome};
use ordain_model::Text;
use ordain_model::digest::{Digest, canonical};
use ordain_model::instant::Instant;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where a journal stands after its last line.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// Its end.
    pub head: Head,
    /// Applies of which not everything is known, by name.
    open: BTreeMap<Text, Open>,
}

/// An apply of which not everything is known.
#[derive(Clone, Debug)]
struct Open {
    begun: Box<Begun>,
    /// What it is to whoever reads on.
    left: Left,
}

/// Where a journal stood when an apply began.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stood {
    /// How many lines there were.
    pub lines: u64,
    /// Applies of which not everything was known, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub open: BTreeMap<Text, Left>,
}

/// An apply of which not everything was known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Left {
    /// How many lines stand before the one with which it began.
    pub line: u64,
    /// Digest of that line.
    pub digest: Digest,
    /// It ended, or somebody took over one of its cells: it writes no further line.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub over: bool,
    /// The steps that are in doubt, and when they were announced.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub doubts: BTreeMap<usize, Instant>,
}

impl Standing {
    /// Where a journal stood before this line, if an apply begins with it; none for any other line. `fetch` brings the line
    /// before which so many stand.
    ///
    /// # Errors
    /// What the line says of the ones before it is not so.
    pub fn before(
        text: &str,
        fetch: &mut dyn FnMut(u64) -> Result<String, String>,
    ) -> Result<Option<Standing>, String> {
        // The text of a value has its quotes escaped: only a line with which an apply begins says this.
        if !text.contains(r#""event":{"begun":{"#) {
            return Ok(None);
        }
        let read = |text: &str| serde_json::from_str(text).map_err(|error| format!("a line does not read: {error}"));
        let line: Line = read(text)?;
        let Event::Begun(begun) = line.event else { return Ok(None) };
        if begun.stood.lines == 0 {
            return Ok(Some(Standing::default()));
        }
        let mut open = BTreeMap::new();
        for (name, left) in begun.stood.open {
            let text = fetch(left.line)?;
            let line = read(&text)?;
            match line.event {
                Event::Begun(begun) if line.apply == name && Digest::of(text.as_bytes()) == left.digest => {
                    open.insert(name, Open { begun, left });
                }
                _ => return Err(format!("line {} is not the one with which the apply {name} began", left.line + 1)),
            }
        }
        let head = Head { lines: begun.stood.lines, digest: line.previous };
        Ok(Some(Standing { head, open }))
    }

    /// Takes the next line.
    ///
    /// # Errors
    /// What is wrong with it: it is no line, or not the one that follows. Then the standing is what it was.
    pub fn take(&mut self, text: &str) -> Result<Line, String> {
        let number = self.head.lines + 1;
        let line: Line = serde_json::from_str(text).map_err(|error| format!("line {number} does not read: {error}"))?;
        if line.previous != self.head.digest {
            let (said, is) = (line.previous, self.head.digest);
            return Err(format!(
                "line {number} follows {said}, and the line before it is {is}: one of the two was changed, or a line between them removed"
            ));
        }
        // Only the canonical bytes are what was written: any others say the same and have another digest.
        if canonical(&line).ok().as_deref() != Some(text.as_bytes()) {
            return Err(format!("line {number} is not in the form in which it is written"));
        }
        self.pass(&line, text)?;
        Ok(line)
    }

    /// Goes behind a line that follows.
    pub(super) fn pass(&mut self, line: &Line, text: &str) -> Result<(), String> {
        match &line.event {
            Event::Begun(begun) => self.begin(line, begun, Digest::of(text.as_bytes()))?,
            _ => self.hold(line)?,
        }
        self.head.pass(text);
        Ok(())
    }

    /// Writes that were announced and of which nothing says what became of them, by apply. Those of an apply that is still
    /// running are among them.
    pub fn doubts(&self) -> impl Iterator<Item = Doubt> {
        self.open.iter().flat_map(|(name, open)| {
            let steps = open.left.doubts.iter();
            steps.filter_map(|(step, at)| {
                let Begun { steps, leases, reaches, targets, who, .. } = &*open.begun;
                let planned = steps.get(*step)?.clone();
                let token = leases.get(&*planned.object.cell).copied();
                let estate = |target| targets.get(target).is_some_and(|answered| answered.estate.is_some());
                let target = reaches.get(&*planned.object.cell).map(|target| (target.clone(), estate(target)));
                Some(Doubt {
                    apply: name.clone(),
                    step: *step,
                    planned,
                    at: *at,
                    who: who.to_string().into(),
                    token,
                    target,
                })
            })
        })
    }

    /// Whether further lines may be about an apply.
    #[must_use]
    pub fn open(&self, apply: &str) -> bool {
        self.open.contains_key(apply)
    }

    /// What an apply that begins now says of the lines before it.
    #[must_use]
    pub fn stood(&self) -> Stood {
        let open = self.open.iter().map(|(name, open)| (name.clone(), open.left.clone()));
        Stood { lines: self.head.lines, open: open.collect() }
    }

    fn begin(&mut self, line: &Line, begun: &Begun, digest: Digest) -> Result<(), String> {
        let number = self.head.lines + 1;
        if begun.stood != self.stood() {
            return Err(format!("line {number} says of the lines before it what is not so"));
        }
        if self.open.contains_key(&line.apply) {
            return Err(format!("the apply {} begins twice", line.apply));
        }
        for open in self.open.values_mut() {
            let taken = |(cell, token): (_, &u64)| begun.leases.get(cell).is_some_and(|later| later > token);
            open.left.over |= open.begun.leases.iter().any(taken);
        }
        self.open.retain(|_, open| open.known_to_matter());
        let left = Left { line: self.head.lines, digest, over: false, doubts: BTreeMap::new() };
        self.open.insert(line.apply.clone(), Open { begun: Box::new(begun.clone()), left });
        Ok(())
    }

    /// Takes in a line of an apply that began.
    fn hold(&mut self, line: &Line) -> Result<(), String> {
        let number = self.head.lines + 1;
        let unknown = |apply: &str| format!("line {number} is about the apply {apply}, which never began or is over");
        if self.open.get(&line.apply).is_none_or(|open| open.left.over) {
            return Err(unknown(&line.apply));
        }
        let of = match &line.event {
            Event::Found { of, .. } => of,
            _ => &line.apply,
        };
        let Some(open) = self.open.get_mut(of) else { return Err(unknown(of)) };
        let doubts = &mut open.left.doubts;
        match &line.event {
            Event::Intent { step, .. } if *step >= open.begun.steps.len() => {
                return Err(format!("line {number} names no step of its plan"));
            }
            Event::Intent { step, .. } => drop(doubts.insert(*step, line.at)),
            Event::Outcome { outcome: Outcome::InDoubt(_), .. } => {}
            Event::Outcome { step, .. } => drop(doubts.remove(step)),
            Event::Found { step, found, .. } if found.settles() => drop(doubts.remove(step)),
            Event::Ended => open.left.over = true,
            Event::Begun(_) | Event::Found { .. } => {}
        }
        if !open.known_to_matter() {
            self.open.remove(of);
        }
        Ok(())
    }
}

impl Open {
    /// Whether a later line may be by it, or about a step of it.
    fn known_to_matter(&self) -> bool {
        !self.left.over || !self.left.doubts.is_empty()
    }
}
