//! [`Undo`]: what going back on a change does.

use super::Direction;
use super::lost::{direction, lost};
use ordain_model::Text;
use ordain_model::schema::{Setting, WriteClass};
use ordain_model::value::Value;
use serde::{Deserialize, Serialize};

/// What going back on a change does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Undo {
    /// The old value is written again; what that loses, in words without a full stop.
    Possible(Option<Text>),
    /// There is no way back: why.
    Impossible(Text),
}

/// What going back from `after` to `before` does.
pub(crate) fn undo(setting: &Setting, key: Option<&Text>, before: &Value, after: &Value) -> Undo {
    let sums = setting.keyed.as_ref().zip(key).is_some_and(|(keyed, key)| (keyed.sums)(key));
    match setting.class {
        // What every part had, it may be given again; taking away from all of them is exact.
        _ if sums && direction(setting, after, before) == Direction::Loosen => Undo::Impossible(
            format!("`{before}` is what some of its parts had, and written back every one would have it").into(),
        ),
        WriteClass::Irreversible => Undo::Impossible("it cannot be undone".into()),
        WriteClass::Manual => Undo::Impossible("no API does it".into()),
        _ if !setting.domain.settable(before) => Undo::Impossible(format!("no call sets `{before}` again").into()),
        _ => Undo::Possible(lost(setting, after, before)),
    }
}
