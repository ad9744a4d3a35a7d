//! [`Set`] and [`Tag`]: the two shapes that every answer of EC2's Query API is made of.

use ordain_model::Text;
use ordain_model::value::Value;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A list: `<thingSet><item>...</item><item>...</item></thingSet>`. An absent or empty element is an empty list.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(bound = "T: Deserialize<'de>")]
pub struct Set<T> {
    /// The entries, in the API's order.
    #[serde(default = "Vec::new")]
    pub item: Vec<T>,
}

impl<T> Default for Set<T> {
    fn default() -> Set<T> {
        Set { item: Vec::new() }
    }
}

/// A tag.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(default)]
pub struct Tag {
    /// Its key.
    pub key: String,
    /// Its value; empty when it has none.
    pub value: String,
}

impl Set<Tag> {
    /// The value of an attribute of type tags.
    #[must_use]
    pub fn tags(&self) -> Value {
        let pairs = self.item.iter().map(|tag| (Text::from(tag.key.as_str()), Value::string(&tag.value)));
        Value::Object(Arc::new(pairs.collect::<BTreeMap<_, _>>()))
    }
}
