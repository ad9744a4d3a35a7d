//! [`Unit`]: a call or document that carries settings, and what one write of it takes.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A call or document that carries settings of a kind.
#[derive(Debug, Serialize)]
pub struct Unit {
    /// The name by which settings say that it carries them.
    pub name: &'static str,
    /// What the API does against two writers at once, or a request that arrives twice.
    pub token: WriteToken,
    /// The calls of one write in their order: those that a read-modify-write reads with, then those that change. A call
    /// that is sent once for each of several things stands here once; further pages are not counted.
    pub calls: &'static [&'static str],
    /// The calls that ask whether the change has ended, where it goes on after the answer. How often is not known before.
    pub waits: &'static [&'static str],
}

/// The strongest thing that an API has against two writers at once.
///
/// It guards one step's own read-modify-write. That nothing moved since the plan is known by comparing values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WriteToken {
    /// Nothing: what somebody else writes between the last look and the write is found by reading back.
    #[default]
    None,
    /// This field of the request: what arrives twice is done once.
    Idempotency(Cow<'static, str>),
    /// This field of the request: the API refuses the write when what it replaces has moved.
    Condition(Cow<'static, str>),
}

impl WriteToken {
    /// [`WriteToken::Idempotency`] with this field.
    #[must_use]
    pub const fn idempotency(field: &'static str) -> WriteToken {
        WriteToken::Idempotency(Cow::Borrowed(field))
    }

    /// [`WriteToken::Condition`] with this field.
    #[must_use]
    pub const fn condition(field: &'static str) -> WriteToken {
        WriteToken::Condition(Cow::Borrowed(field))
    }
}
