//! [`Digest`]: the SHA-256 of canonical bytes, and canonical JSON (RFC 8785) to take it of.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fmt;

/// A content address: SHA-256, printed as `sha256:` and 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// The digest of bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Digest {
        Digest(Sha256::digest(bytes).into())
    }

    /// The first 12 hexadecimal digits, for people.
    #[must_use]
    pub fn short(&self) -> String {
        self.0.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("sha256:")?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Digest, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse(&text).ok_or_else(|| serde::de::Error::custom("expected `sha256:` and 64 hexadecimal digits"))
    }
}

fn parse(text: &str) -> Option<Digest> {
    let digits = text.strip_prefix("sha256:").filter(|digits| digits.len() == 64 && digits.is_ascii())?;
    let mut bytes = [0; 32];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(digits.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(Digest(bytes))
}

/// RFC 8785 bytes of a JSON value: the same value gives the same bytes, whoever writes it.
///
/// # Errors
/// A number that is not finite, which `serde_json::Value` cannot hold.
pub fn canonical<T: Serialize>(value: &T) -> Result<Vec<u8>, serde_json::Error> {
    serde_json_canonicalizer::to_vec(value)
}

/// Merkle root over lines as in RFC 6962 section 2.1: leaves are `SHA-256(0x00 line)`, nodes `SHA-256(0x01 left right)`.
#[derive(Clone, Debug, Default)]
pub struct Merkle {
    /// Roots of complete subtrees, largest first, with their heights.
    peaks: Vec<(u32, [u8; 32])>,
}

impl Merkle {
    /// Adds the next line; amortised constant time, logarithmic memory.
    pub fn push(&mut self, line: &[u8]) {
        let mut node: [u8; 32] = Sha256::new().chain_update([0]).chain_update(line).finalize().into();
        let mut height = 0;
        while let Some((_, left)) = self.peaks.pop_if(|(peak, _)| *peak == height) {
            node = join(&left, &node);
            height += 1;
        }
        self.peaks.push((height, node));
    }

    /// The root over all lines so far; of none, the digest of nothing.
    #[must_use]
    pub fn root(&self) -> Digest {
        let nodes = self.peaks.iter().rev().map(|(_, node)| *node);
        Digest(nodes.reduce(|right, left| join(&left, &right)).unwrap_or_else(|| Sha256::digest([]).into()))
    }
}

fn join(left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}
