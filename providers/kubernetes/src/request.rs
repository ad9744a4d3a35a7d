//! [`Request`]: what one change asks of the API server. Kinds make them, the connection sends them.

use crate::resource::Resource;
use ordain_model::Text;
use serde_json::Value as Json;

/// One request of a change, in the order in which they are sent.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// Server-side apply of exactly these fields, never by force: a field that another manager holds is a conflict, and
    /// nothing is written. What a manager applied before and leaves out is removed, so every unit has a manager of its own.
    Apply {
        /// The resource.
        resource: &'static Resource,
        /// Its namespace, where it lies in one.
        namespace: Option<Text>,
        /// Its name.
        name: Text,
        /// The field manager: `ordain/UNIT`.
        manager: String,
        /// The fields, with `apiVersion`, `kind` and `metadata`.
        body: Json,
    },
    /// Deletes an object that Ordain made: the connection looks for [`MARK`](crate::metadata::MARK) once more, and deletes
    /// under the version at which it saw it.
    Delete {
        /// The resource.
        resource: &'static Resource,
        /// Its namespace, where it lies in one.
        namespace: Option<Text>,
        /// Its name.
        name: Text,
    },
}

/// The field manager of a write unit.
#[must_use]
pub fn manager(unit: &str) -> String {
    format!("ordain/{unit}")
}
