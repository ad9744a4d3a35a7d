//! One entry of a CIDR set from its text.

use crate::types::Mismatch;
use ipnet::IpNet;
use std::net::IpAddr;

/// Reads `ADDRESS/PREFIX` without bits beyond the prefix.
pub(super) fn entry(text: &str) -> Result<IpNet, Mismatch> {
    if let Ok(address) = text.parse::<IpAddr>() {
        return Err(Mismatch::new("a CIDR block with its prefix length").offer(IpNet::from(address).to_string()));
    }
    let Some(block) = block(text) else { return Err(unread(text)) };
    match block == block.trunc() {
        true => Ok(block),
        false => {
            let expected = format!("a CIDR block without bits beyond its prefix of {} bits", block.prefix_len());
            Err(Mismatch::new(expected).offer(block.trunc().to_string()))
        }
    }
}

/// What would have been read: a prefix that is too long for its address has a limit to name.
fn unread(text: &str) -> Mismatch {
    let address = text.split_once('/').and_then(|(address, prefix)| {
        let _: u32 = prefix.parse().ok()?;
        address.parse::<IpAddr>().ok()
    });
    match address {
        Some(IpAddr::V4(_)) => Mismatch::new("a CIDR block with a prefix of 0 to 32 bits"),
        Some(IpAddr::V6(_)) => Mismatch::new("a CIDR block with a prefix of 0 to 128 bits"),
        None => Mismatch::new("a CIDR block such as `10.0.0.0/8` or `2001:db8::/32`"),
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
