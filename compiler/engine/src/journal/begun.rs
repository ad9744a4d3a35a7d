//! [`Begun`]: how an apply began: who, by what right, what and why.

use super::Stood;
use crate::approval::Consent;
use crate::plan::{Change, Step};
use ordain_model::Text;
use ordain_model::address::{Cell, ObjectAddress, SettingName};
use ordain_model::commit::Commit;
use ordain_model::digest::Digest;
use ordain_model::observation::Envelope;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// How an apply began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Begun {
    /// [`FORMAT`](super::FORMAT).
    pub format: Text,
    /// Version of Ordain that made the plan.
    pub version: Text,
    /// The plan.
    pub plan: Digest,
    /// The plan that undoes it.
    pub revert: Digest,
    /// The anchor under which the plan was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchor: Option<Digest>,
    /// By what right it was applied; none where nobody had to approve.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<Consent>,
    /// Why change windows did not hold it, where they did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emergency: Option<Text>,
    /// The commit of the profile, where the plan names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<Commit>,
    /// Who runs it.
    pub who: Who,
    /// What answered, by target.
    pub targets: BTreeMap<Text, Answered>,
    /// The token of each cell's lease.
    pub leases: BTreeMap<Cell, u64>,
    /// The target that reaches each of these cells.
    pub reaches: BTreeMap<Cell, Text>,
    /// The plan's steps: what every other line names by its index.
    pub steps: Vec<Planned>,
    /// Where the journal stood before this line.
    pub stood: Stood,
}

/// A step of a plan, as far as it says what is done and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Planned {
    /// Its object.
    pub object: ObjectAddress,
    /// Its write unit.
    pub unit: Text,
    /// The values before and after, by setting.
    pub changes: BTreeMap<SettingName, Values>,
    /// Addresses of the requirements, and names of the kinds whose rules, that demand it.
    pub why: BTreeSet<Text>,
}

/// Who runs an apply, as the system and the CI service claim it. None of it is proved.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Who {
    /// The user of the operating system.
    pub user: Text,
    /// The machine.
    pub host: Text,
    /// The process.
    pub process: u32,
    /// The user and the run that a CI service names: `alice, run 123 of GitHub Actions`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ci: Option<Text>,
}

/// What answered an apply in one target.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answered {
    /// Who reads and writes, as the API itself says.
    pub callers: BTreeSet<Text>,
    /// The estate's file, where the world is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estate: Option<Text>,
    /// Endpoints that are not the cloud's own.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub endpoints: BTreeSet<Text>,
}

/// A setting's values in their JSON form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Values {
    /// As it was read.
    pub before: Json,
    /// As it is to be written.
    pub after: Json,
}

impl fmt::Display for Who {
    /// `alice on build-7 (process 42); CI says: ...`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on {} (process {})", self.user, self.host, self.process)?;
        self.ci.iter().try_for_each(|ci| write!(f, ", {ci}"))
    }
}

impl Answered {
    /// What an envelope says of it.
    pub(crate) fn of(envelope: &Envelope) -> Answered {
        let (callers, endpoints) = (envelope.callers.clone(), envelope.endpoints.clone());
        Answered { callers, estate: envelope.estate.clone(), endpoints }
    }
}

impl Planned {
    /// What a journal says of a step.
    pub(crate) fn of(step: &Step) -> Planned {
        let values = |change: &Change| Values { before: change.before.clone(), after: change.after.clone() };
        let origins = step.changes.values().flat_map(|change| &change.why);
        Planned {
            object: step.object.clone(),
            unit: step.unit.clone(),
            changes: step.changes.iter().map(|(name, change)| (name.clone(), values(change))).collect(),
            why: origins.map(|why| why.origin.requirement.clone()).collect(),
        }
    }
}
