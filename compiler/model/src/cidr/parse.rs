//! One entry of a CIDR set from its text.

use crate::types::Mismatch;
use ipnet::IpNet;
use std::net::IpAddr;

/// Reads `ADDRESS/PREFIX` without bits beyond the prefix.
pub(super) fn entry(text: &str) -> Result<IpNet, Mismatch> {
    if let Ok(address) = text.parse::<IpAddr>() {
        return Err(Mismatch::new("a CIDR block with its prefix length").offer(IpNet::from(address).to_string()));
    }
    let Some(block) = block(text) else {
        return Err(Mismatch::new("a CIDR block such as `10.0.0.0/8` or `2001:db8::/32`"));
    };
    match block == block.trunc() {
        true => Ok(block),
        false => {
            let expected = format!("a CIDR block without bits beyond its prefix of {} bits", block.prefix_len());
            Err(Mismatch::new(expected).offer(block.trunc().to_string()))
        }
    }
}

/// Reads `ADDRESS/PREFIX`, bits beyond the prefix kept. The standard library reads the address: an octet with a leading
/// zero, which some tools take as octal, is none.
#[must_use]
pub fn block(text: &str) -> Option<IpNet> {
    let (address, prefix) = text.split_once('/')?;
    let length: u8 = prefix.parse().ok()?;
    IpNet::new(address.parse().ok()?, length).ok().filter(|_| length.to_string() == prefix)
}
