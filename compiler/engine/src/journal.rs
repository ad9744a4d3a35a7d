//! [`Journal`]: what applies did, every step exactly once, one hash chain over all of them; and [`Ledger`]: what became of
//! each step of one.

mod begun;
pub(crate) mod call;
mod chain;
mod doubt;
mod head;
mod selection;
mod sent;
mod standing;

pub use begun::{Answered, Begun, Planned, Values, Who};
pub use chain::Journal;
pub use doubt::{Doubt, Found, found};
pub use head::{HEAD, Head, Statement};
pub use selection::{Meant, Selection};
pub use sent::sent;
pub use standing::{Left, Standing, Stood};

use ordain_model::Text;
use ordain_model::address::ObjectAddress;
use ordain_model::digest::Digest;
use ordain_model::instant::Instant;
use serde::{Deserialize, Serialize};

/// Name and version of the format.
pub const FORMAT: &str = "ordain.journal/1";

/// One line of a journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Digest of the line before; of the first, the digest of nothing.
    pub previous: Digest,
    /// The apply that wrote it, by its name in the store.
    pub apply: Text,
    /// When, by the clock of who wrote it.
    pub at: Instant,
    /// What it records.
    pub event: Event,
}

/// What a line records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// An apply began.
    Begun(Box<Begun>),
    /// A write of an earlier apply was in doubt, and this is what it turned out to be.
    Found {
        /// That apply.
        of: Text,
        /// The step's index in its plan.
        step: usize,
        /// What is there now.
        found: Found,
    },
    /// A step is about to be written. Without an outcome it is in doubt.
    Intent {
        /// Its index in the plan.
        step: usize,
        /// Digest of what is handed to the provider.
        call: Digest,
    },
    /// What became of a step.
    Outcome {
        /// Its index in the plan.
        step: usize,
        /// What became of it.
        outcome: Outcome,
        /// Digest of what the provider answered and of what was read back; none where nothing was sent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        answer: Option<Digest>,
    },
    /// The apply ended and every step has its outcome.
    Ended,
}

/// What became of a step.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Written, and read back as planned.
    Applied,
    /// It was as planned already; nothing was written.
    Already,
    /// Written without an error, but reading back gave something else or nothing: what. Or refused, and the value is neither the
    /// old one nor the planned one.
    Unverified(Text),
    /// The API refused the write, and the value is unchanged: what it said.
    Failed(Text),
    /// The world moved since the plan: what is there now. Nothing was written.
    Refused(Text),
    /// A brake held it: which. Nothing was written.
    Blocked(Text),
    /// A step that comes first did not happen: which. Nothing was written.
    Skipped(Text),
    /// Written, but somebody else wrote in the same moment: what is there now.
    Raced(Text),
    /// It was sent, and it is not known whether it happens: nobody answered and the old value is there, it could not be
    /// read back, or the journal could not be written.
    InDoubt(Text),
    /// The apply stopped before it. Nothing was written.
    NotReached(Text),
}

impl Outcome {
    /// The word in reports, the same as its JSON form.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Outcome::Applied => "applied",
            Outcome::Already => "already",
            Outcome::Unverified(_) => "unverified",
            Outcome::Failed(_) => "failed",
            Outcome::Refused(_) => "refused",
            Outcome::Blocked(_) => "blocked",
            Outcome::Skipped(_) => "skipped",
            Outcome::Raced(_) => "raced",
            Outcome::InDoubt(_) => "in_doubt",
            Outcome::NotReached(_) => "not_reached",
        }
    }

    /// Why, where it needs saying.
    #[must_use]
    pub fn detail(&self) -> Option<&Text> {
        match self {
            Outcome::Applied | Outcome::Already => None,
            Outcome::Unverified(text)
            | Outcome::Failed(text)
            | Outcome::Refused(text)
            | Outcome::Blocked(text)
            | Outcome::Skipped(text)
            | Outcome::Raced(text)
            | Outcome::InDoubt(text)
            | Outcome::NotReached(text) => Some(text),
        }
    }

    /// Whether the world is as planned.
    #[must_use]
    pub fn done(&self) -> bool {
        matches!(self, Outcome::Applied | Outcome::Already)
    }

    /// Whether a write was sent: there may be something to undo.
    #[must_use]
    pub fn sent(&self) -> bool {
        match self {
            Outcome::Applied
            | Outcome::Unverified(_)
            | Outcome::Failed(_)
            | Outcome::Raced(_)
            | Outcome::InDoubt(_) => true,
            Outcome::Already
            | Outcome::Refused(_)
            | Outcome::Blocked(_)
            | Outcome::Skipped(_)
            | Outcome::NotReached(_) => false,
        }
    }
}

/// What closes an apply: every step of the plan once, in its order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ledger {
    /// The plan.
    pub plan: Digest,
    /// The plan that undoes it.
    pub revert: Digest,
    /// One for each step of the plan.
    pub entries: Vec<Entry>,
    /// Why the journal does not hold all of it, where it does not.
    pub error: Option<Text>,
}

/// What became of one step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Its object.
    pub object: ObjectAddress,
    /// Its write unit.
    pub unit: Text,
    /// What became of it.
    pub outcome: Outcome,
}

impl Ledger {
    /// Whether every step is as planned, and the journal says so.
    #[must_use]
    pub fn as_planned(&self) -> bool {
        self.error.is_none() && self.entries.iter().all(|entry| entry.outcome.done())
    }
}
