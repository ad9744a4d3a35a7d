//! [`Page`]: one page of a list, as the API answers it, and [`absent`]: Go says `null` where it means that nothing is there.

use ordain_model::observation::{Cause, Reason};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// A page of a list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Page<'a> {
    #[serde(deserialize_with = "absent")]
    pub metadata: ListMetadata,
    #[serde(borrow, deserialize_with = "absent")]
    pub items: Vec<&'a RawValue>,
}

/// What a page says of its list.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct ListMetadata {
    /// Which state of the cluster the list shows.
    pub resource_version: String,
    /// What asks for the next page; empty on the last one.
    pub r#continue: String,
}

impl<'a> Page<'a> {
    /// Reads one.
    pub(crate) fn read(body: &'a [u8], resource: &str) -> Result<Page<'a>, Reason> {
        serde_json::from_slice(body)
            .map_err(|error| Reason::new(Cause::Unreadable, format!("list {resource}: the answer is no list: {error}")))
    }
}

/// Reads a field for which `null` and its absence are one.
///
/// # Errors
/// It is there and is something else.
pub fn absent<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(field: D) -> Result<T, D::Error> {
    Option::deserialize(field).map(Option::unwrap_or_default)
}
