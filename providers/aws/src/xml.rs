//! [`Set`] and [`Tag`]: the two shapes that every answer of EC2's Query API is made of; [`Tree`]: an answer whose shape
//! does not matter.

use ordain_model::Text;
use ordain_model::value::Value;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};
use std::fmt;

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
        Value::object(pairs)
    }
}

/// The name under which an element's text stands in a [`Tree`].
const TEXT: &str = "$text";

/// An element whatever its shape: its children by name in their order, or its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tree {
    /// Text.
    Text(String),
    /// Child elements; an empty element has none.
    Children(Vec<(String, Tree)>),
}

impl Default for Tree {
    fn default() -> Tree {
        Tree::Children(Vec::new())
    }
}

impl Tree {
    /// The first child of this name.
    #[must_use]
    pub fn child(&self, name: &str) -> Option<&Tree> {
        match self {
            Tree::Children(children) => children.iter().find(|(child, _)| child == name).map(|(_, child)| child),
            Tree::Text(_) => None,
        }
    }

    /// The text of the first child of this name.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.child(name)? {
            Tree::Text(text) => Some(text),
            Tree::Children(_) => None,
        }
    }

    /// Names of children that differ between two trees, each once, but for one that may.
    #[must_use]
    pub fn differences(&self, other: &Tree, but: &str) -> Vec<String> {
        let names = |tree: &Tree| match tree {
            Tree::Children(children) => children.iter().map(|(name, _)| name.clone()).collect(),
            Tree::Text(_) => Vec::new(),
        };
        let mut all: Vec<String> = [names(self), names(other)].concat();
        all.sort();
        all.dedup();
        all.retain(|name| name != but && self.child(name) != other.child(name));
        all
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Tree, D::Error> {
        Shape { below: DEEPEST }.deserialize(deserializer)
    }
}

/// How deep elements may stand inside each other: reading and dropping a tree recurse, and the answer is another's.
const DEEPEST: usize = 100;

struct Shape {
    /// Levels of elements that may still follow.
    below: usize,
}

impl<'de> DeserializeSeed<'de> for Shape {
    type Value = Tree;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Tree, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Shape {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an XML element")
    }

    fn visit_str<E>(self, text: &str) -> Result<Tree, E> {
        Ok(Tree::Text(text.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tree, A::Error> {
        let deep = || A::Error::custom(format!("more than {DEEPEST} elements stand inside each other"));
        let below = self.below.checked_sub(1).ok_or_else(deep)?;
        let mut children: Vec<(String, Tree)> = Vec::new();
        while let Some(name) = map.next_key()? {
            children.push((name, map.next_value_seed(Shape { below })?));
        }
        Ok(match children.as_slice() {
            [(name, Tree::Text(text))] if name == TEXT => Tree::Text(text.clone()),
            _ => Tree::Children(children),
        })
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Reads an answer as the connection does.
    pub(crate) fn read<T: serde::de::DeserializeOwned>(xml: &str) -> T {
        quick_xml::de::from_str(xml).unwrap()
    }

    /// Whether the connection refuses an answer as one of this type.
    pub(crate) fn refuses<T: serde::de::DeserializeOwned>(xml: &str) -> bool {
        quick_xml::de::from_str::<T>(xml).is_err()
    }

    fn tree(xml: &str) -> Tree {
        read(xml)
    }

    #[test]
    fn elements_text_and_repetition() {
        let data =
            tree("<data><image>ami-1</image><set><item><a>1</a></item><item><a>2</a></item></set><none/></data>");
        assert_eq!(data.text("image"), Some("ami-1"));
        let Some(Tree::Children(items)) = data.child("set") else { panic!("{data:?}") };
        assert_eq!(items.len(), 2);
        assert_eq!(items[1].1.text("a"), Some("2"));
        assert_eq!(data.text("absent"), None);
    }

    #[test]
    fn elements_that_stand_too_deep_are_refused() {
        let deep = |levels: usize| format!("{}{}", "<a>".repeat(levels), "</a>".repeat(levels));
        assert!(quick_xml::de::from_str::<Tree>(&deep(100)).is_ok());
        let error = quick_xml::de::from_str::<Tree>(&deep(100_000)).unwrap_err();
        assert!(error.to_string().contains("more than 100 elements"), "{error}");
    }

    #[test]
    fn what_differs_is_named() {
        let one = tree("<d><a>1</a><b><c>1</c></b><m><x>1</x></m></d>");
        assert!(one.differences(&tree("<d><a>1</a><b><c>1</c></b><m><x>2</x></m></d>"), "m").is_empty());
        assert_eq!(one.differences(&tree("<d><b><c>2</c></b><e/></d>"), "m"), ["a", "b", "e"]);
    }
}
