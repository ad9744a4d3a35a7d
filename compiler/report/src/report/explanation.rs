//! [`Explanation`]: everything that bears on one setting of one object.

use super::change::Origin;
use ordain_model::Text;
use ordain_model::schema::WriteClass;
use ordain_model::verdict::Verdict;
use serde::Serialize;

/// Everything that bears on one setting of one object.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    /// The setting's address.
    pub address: String,
    /// What the setting means.
    pub summary: Text,
    /// Its value, or why it is not known.
    pub live: String,
    /// Every origin of a bound on it, in the order of their addresses, with the verdict of each.
    pub origins: Vec<Judged>,
    /// What the enforced bounds come to together.
    pub bound: Option<String>,
    /// What the API accepts.
    pub legal: String,
    /// Rules of the API between it and other settings of its object.
    pub rules: Vec<String>,
    /// What becomes of it.
    pub outcome: String,
    /// Why it goes to that value and to no other, where it goes to one.
    pub nearest: Option<String>,
    /// The fields behind it as `KIND/ID#SETTING`, where it is a view of another object's.
    pub fields: Vec<String>,
    /// What changing it risks; none for a view, which is changed behind.
    pub class: Option<WriteClass>,
}

/// An origin and its verdict.
#[derive(Clone, Debug, Serialize)]
pub struct Judged {
    /// Where the bound comes from.
    #[serde(flatten)]
    pub origin: Origin,
    /// The verdict against this origin's own bound; none for a rule of the API.
    pub verdict: Option<Verdict>,
    /// False: it only observes and takes no part in the meet.
    pub enforced: bool,
    /// What the enforced bounds come to so far, this one met with those above; none where it takes no part.
    pub meet: Option<String>,
}
