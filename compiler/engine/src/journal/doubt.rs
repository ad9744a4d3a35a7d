//! [`Doubt`]: a write that was announced and of which nothing says what became of it; and [`found`]: what is there now.

use super::Planned;
use ordain_model::Text;
use ordain_model::instant::Instant;
use ordain_model::observation::{Object, Reading, Reason};
use ordain_model::provider::Providers;
use ordain_model::types::encode;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use std::fmt;

/// A write that was announced and of which nothing says what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// The apply that announced it.
    pub apply: Text,
    /// The step's index in its plan.
    pub step: usize,
    /// What it was to write.
    pub planned: Planned,
    /// When it was announced.
    pub at: Instant,
    /// Who ran the apply.
    pub who: Text,
    /// The token of the lease under which it was to be written.
    pub token: Option<u64>,
    /// The target through which it was to be written, and whether its world was an estate.
    pub target: Option<(Text, bool)>,
}

/// What a write that was in doubt turned out to be, by what is there now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// Every value is as it was to be written.
    Applied,
    /// Every value is as it was before.
    NotApplied,
    /// Neither: what is there.
    Moved(Text),
    /// It cannot be read, and stays in doubt: why.
    Unknown(Text),
}

impl Found {
    /// Whether the write is in doubt no more.
    #[must_use]
    pub fn settles(&self) -> bool {
        !matches!(self, Found::Unknown(_))
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Found::Applied => f.write_str("it was written: the values are as planned"),
            Found::NotApplied => f.write_str("it was not written: the values are as before"),
            Found::Moved(now) => write!(f, "the values are neither as planned nor as before: {now}"),
            Found::Unknown(why) => write!(f, "it cannot be told: {why}"),
        }
    }
}

/// What a write turned out to be, by an object as it is read now; `None` when there is none.
#[must_use]
pub fn found(doubt: &Doubt, object: Result<Option<&Object>, &Reason>, providers: Providers<'_>) -> Found {
    let object = match object {
        Ok(Some(object)) => object,
        Ok(None) => return Found::Moved("the object is no more".into()),
        Err(reason) => return Found::Unknown(reason.detail.clone()),
    };
    let kind = providers.kind(&doubt.planned.object.kind);
    let (mut before, mut after, mut now) = (0, 0, Vec::new());
    for (name, values) in &doubt.planned.changes {
        let reading = object.setting(name);
        let (value, of) = match (&reading, kind.and_then(|kind| kind.setting(&name.name))) {
            (_, None) => {
                return Found::Unknown(format!("`{}` has no setting `{name}`", doubt.planned.object.kind).into());
            }
            (Reading::Unknown(reason), _) => return Found::Unknown(reason.detail.clone()),
            (Reading::Value(value) | Reading::Held(value, _), Some(setting)) => (value, setting.of),
            (Reading::NotApplicable(why) | Reading::ProviderFixed(why), _) => {
                now.push(format!("`{name}` is no more: {why}"));
                continue;
            }
        };
        let is = |json: &Json| of.decode(json).is_ok_and(|known| known == *value);
        match (is(&values.before), is(&values.after)) {
            (_, true) => after += 1,
            (true, false) => before += 1,
            (false, false) => {}
        }
        now.push(format!("`{name}` is {}", encode(value)));
    }
    match doubt.planned.changes.len() {
        all if after == all => Found::Applied,
        all if before == all => Found::NotApplied,
        _ => Found::Moved(now.join(", ").into()),
    }
}
