//! Addresses: a cell, an object in it, a setting of that object. They name the world, never a target's label.
//!
//! ```text
//! aws:111111111111/eu-west-1/aws_s3_bucket/audit-logs#retention["AWSLogs/"]
//! `------- cell -----------' `--- kind --' `-- id --' `---- setting -----'
//! ```
//! Cell parts and ids are percent-encoded: everything but ASCII letters, digits and `-._~:@` is.

use crate::Text;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Where objects live and where order, limits and leases hold: an account and region, or a cluster.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    /// Provider, for example `aws`.
    pub provider: Text,
    /// Parts, for example account and region.
    pub scope: Vec<Text>,
}

/// An object: its cell, kind and id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectAddress {
    /// Its cell.
    pub cell: std::sync::Arc<Cell>,
    /// Its kind, for example `aws_s3_bucket`.
    pub kind: Text,
    /// The id by which the provider's API knows it.
    pub id: Text,
}

/// A setting's name, with its key where the setting is keyed (a prefix, a port).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SettingName {
    /// The setting, for example `retention`.
    pub name: Text,
    /// The key of a keyed setting.
    pub key: Option<Text>,
}

/// One setting of one object: what a bound binds and a step changes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SettingAddress {
    /// The object.
    pub object: ObjectAddress,
    /// The setting.
    pub setting: SettingName,
}

impl SettingName {
    /// A setting without a key.
    #[must_use]
    pub fn plain(name: &str) -> SettingName {
        SettingName { name: name.into(), key: None }
    }

    /// A setting under a key.
    #[must_use]
    pub fn keyed(name: &str, key: &str) -> SettingName {
        SettingName { name: name.into(), key: Some(key.into()) }
    }

    /// Reads `name` or `name["key"]`, the form [`fmt::Display`] writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<SettingName> {
        let Some((name, rest)) = text.split_once('[') else { return Some(SettingName::plain(text)) };
        let key: String = serde_json::from_str(rest.strip_suffix(']')?).ok()?;
        Some(SettingName::keyed(name, &key))
    }
}

impl ObjectAddress {
    /// One of its settings.
    #[must_use]
    pub fn setting(&self, setting: SettingName) -> SettingAddress {
        SettingAddress { object: self.clone(), setting }
    }

    /// Reads the form that [`fmt::Display`] writes: kind and id are the last two parts.
    #[must_use]
    pub fn parse(text: &str) -> Option<ObjectAddress> {
        let (provider, rest) = text.split_once(':')?;
        let mut parts: Vec<Text> = rest.split('/').map(decode).collect::<Option<_>>()?;
        let (id, kind) = (parts.pop()?, parts.pop()?);
        let cell = Cell { provider: provider.into(), scope: parts };
        Some(ObjectAddress { cell: cell.into(), kind, id })
    }
}

impl SettingAddress {
    /// Reads the form that [`fmt::Display`] writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<SettingAddress> {
        let (object, setting) = text.split_once('#')?;
        Some(SettingAddress { object: ObjectAddress::parse(object)?, setting: SettingName::parse(setting)? })
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.provider)?;
        for (at, part) in self.scope.iter().enumerate() {
            write!(f, "{}{}", if at == 0 { "" } else { "/" }, encode(part))?;
        }
        Ok(())
    }
}

impl fmt::Display for ObjectAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.cell, encode(&self.kind), encode(&self.id))
    }
}

impl fmt::Display for SettingName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        match &self.key {
            Some(key) => write!(f, "[{}]", serde_json::Value::from(&**key)),
            None => Ok(()),
        }
    }
}

impl fmt::Display for SettingAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.object, self.setting)
    }
}

fn encode(part: &str) -> String {
    let mut text = String::with_capacity(part.len());
    for byte in part.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b':' | b'@' => {
                text.push(byte as char)
            }
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}

fn decode(part: &str) -> Option<Text> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        rest = tail;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let digits = std::str::from_utf8(tail.get(..2)?).ok()?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        rest = &tail[2..];
    }
    String::from_utf8(bytes).ok().map(Text::from)
}

/// Addresses serialise as the text that people read and pass on the command line.
macro_rules! as_text {
    ($($name:ident),*) => {$(
        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                let text = String::deserialize(deserializer)?;
                $name::parse(&text).ok_or_else(|| serde::de::Error::custom(format!("`{text}` is not an address")))
            }
        }
    )*};
}

impl Cell {
    /// Reads the form that [`fmt::Display`] writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Cell> {
        let (provider, rest) = text.split_once(':')?;
        Some(Cell { provider: provider.into(), scope: rest.split('/').map(decode).collect::<Option<_>>()? })
    }
}

as_text!(Cell, ObjectAddress, SettingAddress, SettingName);
