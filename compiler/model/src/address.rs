//! Addresses: a cell, an object in it, a setting of that object. They name the world, never a target's label.
//!
//! ```text
//! aws:111111111111/eu-west-1/aws_s3_bucket/audit-logs#retention["AWSLogs/"]
//! `------- cell -----------' `--- kind --' `-- id --' `---- setting -----'
//! ```
//! Cell parts, kinds and ids are percent-encoded, everything but ASCII letters, digits and `-._~:@`, and never empty.

use crate::Text;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
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

impl Cell {
    /// Whether a cell is this one or lies in it: an account's regions lie in the account.
    #[must_use]
    pub fn holds(&self, cell: &Cell) -> bool {
        self.provider == cell.provider && cell.scope.starts_with(&self.scope)
    }

    /// Reads the form that [`fmt::Display`] writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Cell> {
        let (provider, rest) = text.split_once(':').filter(|(provider, _)| !provider.is_empty())?;
        let scope = match rest {
            "" => Vec::new(),
            parts => parts.split('/').map(decode).collect::<Option<_>>()?,
        };
        Some(Cell { provider: provider.into(), scope })
    }
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
        let Some((name, rest)) = text.split_once('[') else {
            return (!text.is_empty()).then(|| SettingName::plain(text));
        };
        let key: String = serde_json::from_str(rest.strip_suffix(']')?).ok()?;
        (!name.is_empty()).then(|| SettingName::keyed(name, &key))
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
        let (rest, id) = text.rsplit_once('/')?;
        let (cell, kind) = rest.rsplit_once('/')?;
        Some(ObjectAddress { cell: Cell::parse(cell)?.into(), kind: decode(kind)?, id: decode(id)? })
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

/// An id as it stands in an address, where it is written exactly as [`fmt::Display`] writes it.
#[must_use]
pub fn parse_id(part: &str) -> Option<Text> {
    let mut rest = part.as_bytes();
    while let Some((byte, tail)) = rest.split_first() {
        rest = match (byte, tail) {
            (b'%', [high, low, tail @ ..]) => {
                let digit = |digit: &u8| DIGITS.iter().position(|known| known == digit);
                let byte = (digit(high)? << 4 | digit(low)?) as u8;
                (!is_plain(byte)).then_some(tail)?
            }
            (byte, tail) => is_plain(*byte).then_some(tail)?,
        };
    }
    decode(part)
}

const DIGITS: &[u8; 16] = b"0123456789ABCDEF";

/// An id as [`fmt::Display`] writes it in an address.
#[must_use]
pub fn print_id(id: &str) -> Cow<'_, str> {
    encode(id)
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~:@".contains(&byte)
}

fn encode(part: &str) -> Cow<'_, str> {
    if part.bytes().all(is_plain) {
        return Cow::Borrowed(part);
    }
    let mut text = String::with_capacity(part.len() + 16);
    for byte in part.bytes() {
        match is_plain(byte) {
            true => text.push(char::from(byte)),
            false => text.extend([
                '%',
                char::from(DIGITS[usize::from(byte >> 4)]),
                char::from(DIGITS[usize::from(byte & 15)]),
            ]),
        }
    }
    Cow::Owned(text)
}

/// A part's text; a part is never empty.
fn decode(part: &str) -> Option<Text> {
    if !part.contains('%') {
        return (!part.is_empty()).then(|| part.into());
    }
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        rest = tail;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let digits = std::str::from_utf8(tail.get(..2)?).ok().filter(|digits| !digits.starts_with('+'))?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        rest = &tail[2..];
    }
    String::from_utf8(bytes).ok().filter(|text| !text.is_empty()).map(Text::from)
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

as_text!(Cell, ObjectAddress, SettingAddress, SettingName);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_read_as_they_are_written() {
        let text = "aws:111111111111/eu-west-1/aws_s3_bucket/audit-logs#retention[\"AWSLogs/\"]";
        let address = SettingAddress::parse(text).unwrap();
        assert_eq!(address.to_string(), text);
        assert_eq!(address.setting, SettingName::keyed("retention", "AWSLogs/"));
        assert_eq!(address.object.cell.scope.len(), 2);
        let group = ObjectAddress::parse("aws:1/eu-west-1/aws_cloudwatch_log_group/%2Faws%2Feks%2Fa%20b").unwrap();
        assert_eq!(&*group.id, "/aws/eks/a b");
        assert_eq!(serde_json::to_string(&group).unwrap(), format!("\"{group}\""));
        assert_eq!(Cell::parse("kubernetes:").unwrap().scope.len(), 0);
    }

    #[test]
    fn an_id_has_one_spelling() {
        for id in ["i-0a", "/aws/eks/a b", "\u{e9}%", "a:b@c~d_e.f"] {
            assert_eq!(parse_id(&encode(id)).as_deref(), Some(id));
        }
        for other in ["", "/aws", "a b", "%2faws", "%61", "\u{e9}", "%", "%2", "%C3"] {
            assert_eq!(parse_id(other), None, "{other}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "#",
            "aws:1/kind/id",
            "aws:1/kind/#x",
            ":1/kind/id#x",
            "aws:1//kind/id#x",
            "aws:1/kind/%zz#x",
            "aws:1/kind/%+1#x",
        ] {
            assert_eq!(SettingAddress::parse(text), None, "{text}");
        }
        for text in ["aws:1/kind/id#", "aws:1/kind/id#x[1]", "aws:1/kind/id#x[\"k\"", "aws:1/kind/id#[\"k\"]"] {
            assert_eq!(SettingAddress::parse(text), None, "{text}");
        }
        assert!(serde_json::from_str::<Cell>("\"nowhere\"").is_err());
    }
}
