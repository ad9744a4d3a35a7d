//! The ids of findings: stable over runs and renames, the same in reports, baselines and evidence.

use crate::Text;
use crate::digest::Digest;

/// The id of a finding: the hash of its requirement's id and of what it is about, 16 hexadecimal digits.
#[must_use]
pub fn id(requirement: &str, subject: &str) -> Text {
    let digest = Digest::of(format!("{requirement}\n{subject}").as_bytes());
    digest.0.iter().take(8).map(|byte| format!("{byte:02x}")).collect::<String>().into()
}

/// The id of the finding that `REQUIREMENT SUBJECT` is about, where the requirement's id has no space.
#[must_use]
pub fn id_of(about: &str) -> Option<Text> {
    let (requirement, subject) = about.split_once(' ')?;
    Some(id(requirement, subject))
}

/// The requirement's id and the subject of `REQUIREMENT SUBJECT`, told apart by the finding's id: both may hold spaces.
#[must_use]
pub fn parts<'a>(listed: &str, about: &'a str) -> Option<(&'a str, &'a str)> {
    let mut splits = about.match_indices(' ').map(|(at, _)| (&about[..at], &about[at + 1..]));
    splits.find(|(requirement, subject)| *id(requirement, subject) == *listed)
}
