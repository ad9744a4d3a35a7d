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

    /// The digest that a text says: `sha256:` and 64 hexadecimal digits in lower case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Digest> {
        let digits = text.strip_prefix("sha256:").filter(|digits| digits.len() == 64)?;
        if !digits.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f')) {
            return None;
        }
        let mut bytes = [0; 32];
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(digits.get(2 * at..2 * at + 2)?, 16).ok()?;
        }
        Some(Digest(bytes))
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
        Digest::parse(&text).ok_or_else(|| serde::de::Error::custom("expected `sha256:` and 64 hexadecimal digits"))
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The test vectors of RFC 6962's reference implementation (google/certificate-transparency, merkle_tree_test).
    const LEAVES: [&str; 8] =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
    const ROOTS: [&str; 8] = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    fn bytes(digits: &str) -> Vec<u8> {
        (0..digits.len() / 2).map(|at| u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).unwrap()).collect()
    }

    #[test]
    fn merkle_roots_are_those_of_certificate_transparency() {
        let mut tree = Merkle::default();
        assert_eq!(tree.root(), Digest::of(b""));
        for (leaf, root) in LEAVES.iter().zip(ROOTS) {
            tree.push(&bytes(leaf));
            assert_eq!(tree.root().to_string(), format!("sha256:{root}"));
        }
    }

    #[test]
    fn digests_read_back_and_nothing_else_does() {
        let digest = Digest::of(b"abc");
        let text = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!((digest.to_string(), digest.short()), (text.to_owned(), "ba7816bf8f01".to_owned()));
        assert_eq!(serde_json::from_value::<Digest>(text.into()).unwrap(), digest);
        for wrong in [&text[1..], &text[..70], &text.replace("ba", "+a"), &text.replace("ba", "BA"), "sha256:é"] {
            assert!(serde_json::from_value::<Digest>(wrong.into()).is_err(), "{wrong}");
        }
    }

    /// The sorting example of RFC 8785 section 3.2.3 and numbers of its section 3.2.2.
    #[test]
    fn canonical_json_sorts_by_utf16_and_writes_the_shortest_numbers() {
        let json = serde_json::json!({"\u{20ac}": 1, "\r": 2, "1": 1e21, "\u{1f600}": 0.002, "\u{fb33}": [4.50, -0.0]});
        let bytes = canonical(&json).unwrap();
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            "{\"\\r\":2,\"1\":1e+21,\"\u{20ac}\":1,\"\u{1f600}\":0.002,\"\u{fb33}\":[4.5,0]}"
        );
    }
}
