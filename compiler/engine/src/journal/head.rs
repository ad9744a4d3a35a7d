//! [`Head`]: the end of a journal, to be kept where nobody changes it with the journal.

use ordain_model::Text;
use ordain_model::digest::{Digest, canonical};
use serde::{Deserialize, Serialize};

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

impl Default for Head {
    /// Of a journal without lines.
    fn default() -> Head {
        Head { format: HEAD.into(), lines: 0, digest: Digest::of(b"") }
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
