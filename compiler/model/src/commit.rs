//! [`Commit`]: what version control says of a profile's files.

use crate::Text;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The commit that a profile was checked out from. What it says is claimed: anybody may write any name into a commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Commit {
    /// Its object id, in hexadecimal.
    pub id: Text,
    /// Its author as it says: `NAME <ADDRESS>`.
    pub author: Text,
    /// Files of the profile that it does not hold as they were read.
    pub uncommitted: BTreeSet<Text>,
}
