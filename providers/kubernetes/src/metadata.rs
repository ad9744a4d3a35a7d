//! [`Metadata`]: what every object carries, as far as a kind reads it. What moves by itself (versions, managers) is left out.

use crate::page::absent;
use ordain_model::Text;
use ordain_model::value::Value;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

/// Labels, or annotations.
pub type Labels = BTreeMap<Text, Text>;

/// On what Ordain made: the plan that made it.
pub const MARK: &str = "ordain/plan";

/// On a pod that only mirrors one that a node runs from its own files.
pub const MIRROR: &str = "kubernetes.io/config.mirror";

/// On a pod whose traffic a node's proxy of Istio takes, `enabled`.
pub const REDIRECTION: &str = "ambient.istio.io/redirection";

/// On a pod, `true`: what reaches it goes past the node's proxy.
pub const BYPASS_INBOUND: &str = "ambient.istio.io/bypass-inbound-capture";

/// On a pod: the ports at which what reaches it goes past its sidecar.
pub const EXCLUDED_INBOUND: &str = "traffic.sidecar.istio.io/excludeInboundPorts";

/// On a pod: the only ports at which what reaches it goes through its sidecar; `*` for all.
pub const INCLUDED_INBOUND: &str = "traffic.sidecar.istio.io/includeInboundPorts";

/// The annotations that are kept. The others may be long: a whole manifest, as it was last applied.
const KEPT: [&str; 6] = [REDIRECTION, BYPASS_INBOUND, MIRROR, MARK, EXCLUDED_INBOUND, INCLUDED_INBOUND];

/// What every object carries.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Metadata {
    /// Name.
    pub name: Text,
    /// Namespace; empty for what lies in none.
    pub namespace: Text,
    /// Labels.
    #[serde(deserialize_with = "absent")]
    pub labels: Labels,
    /// Those of the annotations that a kind reads.
    #[serde(deserialize_with = "kept")]
    pub annotations: Labels,
    /// RFC 3339, to the second and in UTC: its texts sort as its moments do.
    #[serde(deserialize_with = "absent")]
    pub creation_timestamp: Text,
    /// What made it and goes on deciding about it.
    #[serde(deserialize_with = "absent")]
    pub owner_references: Vec<OwnerReference>,
}

/// Another object that an object belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct OwnerReference {
    /// Its kind, for example `ReplicaSet`.
    pub kind: Text,
    /// Its name.
    pub name: Text,
    /// Whether it is the one that manages the object.
    #[serde(deserialize_with = "absent")]
    pub controller: bool,
}

impl Metadata {
    /// Its labels, as an attribute.
    #[must_use]
    pub fn tags(&self) -> Value {
        Value::object(self.labels.iter().map(|(name, text)| (name.clone(), Value::String(text.clone()))))
    }

    /// Whether Ordain made it.
    #[must_use]
    pub fn is_marked(&self) -> bool {
        self.annotations.contains_key(MARK)
    }
}

/// Reads annotations and keeps those that count.
fn kept<'de, D: Deserializer<'de>>(field: D) -> Result<Labels, D::Error> {
    struct Kept;

    impl<'de> Visitor<'de> for Kept {
        type Value = Labels;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("annotations")
        }

        fn visit_unit<E>(self) -> Result<Labels, E> {
            Ok(Labels::new())
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Labels, A::Error> {
            let mut kept = Labels::new();
            while let Some((name, text)) = map.next_entry::<Cow<'de, str>, Cow<'de, str>>()? {
                if KEPT.contains(&&*name) {
                    kept.insert(name.into(), text.into());
                }
            }
            Ok(kept)
        }
    }
    field.deserialize_any(Kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_is_nothing_and_long_annotations_are_dropped() {
        let read = |json: &str| serde_json::from_str::<Metadata>(json).unwrap();
        let metadata = read(
            r#"{"name": "a", "labels": null, "ownerReferences": null, "creationTimestamp": null, "managedFields": [],
                "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{}", "ordain\/plan": "x"}}"#,
        );
        assert_eq!(metadata.annotations.keys().map(|name| &**name).collect::<Vec<_>>(), [MARK]);
        assert!(metadata.is_marked() && metadata.labels.is_empty());
        assert!(!read(r#"{"name": "a", "annotations": null}"#).is_marked());
        assert!(serde_json::from_str::<Metadata>(r#"{"labels": ["a"]}"#).is_err());
    }
}
