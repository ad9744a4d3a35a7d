//! JSON without silent losses: a key that stands twice is an error.

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value as Json};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

/// The text of a file, whose parts are read one after the other.
#[derive(Clone, Copy)]
pub(crate) struct Whole<'a>(pub(crate) &'a str);

/// The entries of an object: keys, and the text of each value.
pub(crate) type Entries<'a> = Vec<(Cow<'a, str>, &'a str)>;

impl<'a> Whole<'a> {
    /// The entries of a part that is an object, sorted by key; `None` for another value.
    ///
    /// # Errors
    /// It is no JSON, or a key stands twice: what, and where in the whole.
    pub(crate) fn entries(self, part: &'a str) -> Result<Option<Entries<'a>>, String> {
        if !part.trim_ascii_start().starts_with('{') {
            return self.value(part).map(|_| None);
        }
        let Keys(entries) = serde_json::from_str(part).map_err(|error| self.place(part, &error))?;
        Ok(Some(entries.into_iter().collect()))
    }

    /// The value of a part.
    ///
    /// # Errors
    /// It is no JSON, or a key stands twice: what, and where in the whole.
    pub(crate) fn value(self, part: &str) -> Result<Json, String> {
        serde_json::from_str(part).map(|Unique(value)| value).map_err(|error| self.place(part, &error))
    }

    /// An error in a part, with its place in the whole.
    fn place(self, part: &str, error: &serde_json::Error) -> String {
        let start = (part.as_ptr() as usize).saturating_sub(self.0.as_ptr() as usize);
        let before = self.0.get(..start).unwrap_or_default();
        let line = before.matches('\n').count() + error.line();
        let indent = if error.line() == 1 { before.len() - before.rfind('\n').map_or(0, |at| at + 1) } else { 0 };
        let said = error.to_string();
        let at = format!(" at line {} column {}", error.line(), error.column());
        match said.strip_suffix(&at) {
            Some(what) => format!("{what} at line {line} column {}", error.column() + indent),
            None => said,
        }
    }
}

/// An object's entries, each key once.
struct Keys<'a>(BTreeMap<Cow<'a, str>, &'a str>);

#[derive(serde::Deserialize, PartialEq, Eq, PartialOrd, Ord)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Keys<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Keys<'a>, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Keys<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Keys<'de>, M::Error> {
                let mut entries = BTreeMap::new();
                while let Some((Key(key), json)) = map.next_entry::<Key<'de>, &'de RawValue>()? {
                    if entries.contains_key(&key) {
                        return Err(M::Error::custom(format!("the key `{key}` stands twice")));
                    }
                    entries.insert(key, json.get());
                }
                Ok(Keys(entries))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

/// A JSON value whose objects have each key once.
struct Unique(Json);

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Unique, D::Error> {
        deserializer.deserialize_any(Any).map(Unique)
    }
}

struct Any;

impl<'de> Visitor<'de> for Any {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut array = Vec::new();
        while let Some(Unique(item)) = items.next_element()? {
            array.push(item);
        }
        Ok(Json::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Json, A::Error> {
        let mut object = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            let Unique(value) = entries.next_value()?;
            if object.contains_key(&key) {
                return Err(A::Error::custom(format!("the key `{key}` stands twice")));
            }
            object.insert(key, value);
        }
        Ok(Json::Object(object))
    }
}
