//! [`Standing`]: where a journal stands after its last line: its head, and the writes that nobody knows the end of.

use super::{Begun, Doubt, Event, Line, Outcome};
use ordain_model::Text;
use ordain_model::digest::{Digest, canonical};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Name and version of the format of a head on disk.
pub const HEAD: &str = "ordain.journal-head/1";

/// The end of a journal: whoever knows it finds out when a line before it is changed, or the lines behind one are cut off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// [`HEAD`].
    pub format: Text,
    /// How many lines there are.
    pub lines: u64,
    /// Digest of the last one; of none, the digest of nothing.
    pub digest: Digest,
}

/// Where a journal stands after its last line.
#[derive(Clone, Debug)]
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
    ended: bool,
    doubts: BTreeMap<usize, Doubt>,
}

impl Default for Standing {
    fn default() -> Standing {
        let head = Head { format: HEAD.into(), lines: 0, digest: Digest::of(b"") };
        Standing { head, open: BTreeMap::new() }
    }
}

impl Head {
    /// Canonical JSON.
    #[must_use]
    pub fn text(&self) -> String {
        // Strings and numbers only: canonical JSON exists.
        String::from_utf8(canonical(self).unwrap_or_default()).unwrap_or_default()
    }

    /// The head behind one more line.
    pub(super) fn pass(&mut self, line: &str) {
        self.lines += 1;
        self.digest = Digest::of(line.as_bytes());
    }

    /// Reads what [`Head::text`] writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Head> {
        serde_json::from_str(text).ok().filter(|head: &Head| &*head.format == HEAD)
    }
}

impl Standing {
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
        self.hold(&line)?;
        self.head.pass(text);
        Ok(line)
    }

    /// Writes that were announced and of which nothing says what became of them, the oldest apply first. Those of an apply
    /// that is still running are among them.
    pub fn doubts(&self) -> impl Iterator<Item = &Doubt> {
        self.open.values().flat_map(|open| open.doubts.values())
    }

    fn hold(&mut self, line: &Line) -> Result<(), String> {
        if let Event::Begun(begun) = &line.event {
            let open = Open { begun: begun.clone(), ended: false, doubts: BTreeMap::new() };
            return match self.open.insert(line.apply.clone(), open) {
                None => Ok(()),
                Some(_) => Err(format!("the apply {} begins twice", line.apply)),
            };
        }
        let number = self.head.lines + 1;
        let unknown =
            |apply: &str| format!("line {number} is about the apply {apply}, which never began or ended before");
        let of = match &line.event {
            Event::Found { of, .. } => of,
            _ => &line.apply,
        };
        let open = self.open.get_mut(of).ok_or_else(|| unknown(of))?;
        match &line.event {
            Event::Intent { step, .. } => {
                let planned =
                    open.begun.steps.get(*step).ok_or_else(|| format!("line {number} names no step of its plan"))?;
                let doubt = Doubt {
                    apply: line.apply.clone(),
                    step: *step,
                    planned: planned.clone(),
                    at: line.at,
                    who: open.begun.who.to_string().into(),
                    token: open.begun.leases.get(&*planned.object.cell).copied(),
                };
                open.doubts.insert(*step, doubt);
            }
            Event::Outcome { outcome: Outcome::InDoubt(_), .. } => {}
            Event::Outcome { step, .. } => drop(open.doubts.remove(step)),
            Event::Found { step, found, .. } if found.settles() => drop(open.doubts.remove(step)),
            Event::Ended => open.ended = true,
            Event::Begun(_) | Event::Found { .. } => {}
        }
        if open.ended && open.doubts.is_empty() {
            self.open.remove(of);
        }
        Ok(())
    }
}
