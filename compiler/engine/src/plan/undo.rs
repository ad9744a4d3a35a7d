//! [`Undo`]: what going back on a change does.

use super::lost::lost;
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
pub(crate) fn undo(setting: &Setting, before: &Value, after: &Value) -> Undo {
    match setting.class {
        WriteClass::Irreversible => Undo::Impossible("it cannot be undone".into()),
        WriteClass::Manual => Undo::Impossible("no API does it".into()),
        _ if !setting.domain.settable(before) => Undo::Impossible(format!("no call sets `{before}` again").into()),
        _ => Undo::Possible(lost(setting, after, before)),
    }
}
