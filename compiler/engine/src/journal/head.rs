//! [`Head`]: the end of a journal; and [`Statement`]: one as it is written down and signed, to be kept where nobody changes it
//! with the journal.

use ordain_model::Text;
use ordain_model::digest::{Digest, canonical};
use ordain_model::instant::Instant;
use serde::{Deserialize, Serialize};

/// Name and version of the format of a statement.
pub const HEAD: &str = "ordain.journal-head/1";

/// The end of a journal: whoever knows it finds out when a line before it is changed, or the lines behind one are cut off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// How many lines there are.
    pub lines: u64,
    /// Digest of the last one; of none, the digest of nothing.
    pub digest: Digest,
}

/// That a journal ended so at some time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// [`HEAD`].
    pub format: Text,
    /// Where the journal is kept, as who made the statement named it. For people: the digest says which journal it is.
    pub journal: Text,
    /// How many lines there were.
    pub lines: u64,
    /// Digest of the last one; of none, the digest of nothing.
    pub digest: Digest,
    /// When, by the clock of who made the statement.
    pub at: Instant,
}

impl Default for Head {
    /// Of a journal without lines.
    fn default() -> Head {
        Head { lines: 0, digest: Digest::of(b"") }
    }
}

impl Head {
    /// The head behind one more line.
    pub(super) fn pass(&mut self, line: &str) {
        self.lines += 1;
        self.digest = Digest::of(line.as_bytes());
    }
}

impl Statement {
    /// That the journal kept there ends so now.
    #[must_use]
    pub fn new(head: &Head, journal: &str, at: Instant) -> Statement {
        Statement { format: HEAD.into(), journal: journal.into(), lines: head.lines, digest: head.digest, at }
    }

    /// What is signed: canonical JSON on one line, and its end.
    #[must_use]
    pub fn text(&self) -> String {
        let text = canonical(self).ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
        format!("{text}\n")
    }

    /// Reads what [`Statement::text`] writes.
    #[must_use]
    pub fn parse(text: &[u8]) -> Option<Statement> {
        serde_json::from_slice(text).ok().filter(|statement: &Statement| &*statement.format == HEAD)
    }
}
