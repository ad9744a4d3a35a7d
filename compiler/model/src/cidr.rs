//! [`CidrSet`]: a set of IPv4 and IPv6 addresses, compared by what it covers, printed as it was spelled.
//!
//! Two CIDR blocks are disjoint or one lies in the other. So every set made here from blocks by union and intersection is
//! a union of blocks that were spelled somewhere, and keeps their spelling.

mod parse;

pub use parse::block;

use crate::ranges::{Ordered, Ranges};
use crate::types::Mismatch;
use ipnet::{IpNet, Ipv4Net, Ipv4Subnets, Ipv6Net, Ipv6Subnets};
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

/// A set of addresses. Equality and order are by coverage; the spelling is kept for people and for writes.
#[derive(Clone)]
pub struct CidrSet(Arc<Inner>);

struct Inner {
    coverage: Coverage,
    /// As spelled, in the order of the spelling, each once. Their union is the coverage.
    entries: Vec<IpNet>,
}

/// The addresses themselves. IPv4-mapped IPv6 addresses are IPv6 addresses.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Coverage {
    v4: Ranges<u32>,
    v6: Ranges<u128>,
}

impl CidrSet {
    /// Most entries of a set that is read: ten times the longest published list of a cloud's own ranges.
    pub const MOST_ENTRIES: usize = 100_000;

    /// Reads entries such as `10.0.0.0/8` or `2001:db8::/32`, keeping their order.
    ///
    /// # Errors
    /// The first entry that is not a CIDR block, with the block it may mean: a lone address, or bits beyond the prefix.
    pub fn parse<'a>(entries: impl IntoIterator<Item = &'a str>) -> Result<CidrSet, Mismatch> {
        let mut blocks = Vec::new();
        for entry in entries {
            if blocks.len() == CidrSet::MOST_ENTRIES {
                return Err(Mismatch::new(format!("at most {} CIDR blocks", CidrSet::MOST_ENTRIES)));
            }
            blocks.push(parse::entry(entry).map_err(|mismatch| mismatch.part(entry))?);
        }
        Ok(CidrSet::of(blocks))
    }

    /// The union of blocks, spelled in this order. Bits beyond a prefix do not count.
    #[must_use]
    pub fn of(blocks: impl IntoIterator<Item = IpNet>) -> CidrSet {
        let mut seen = BTreeSet::new();
        let entries: Vec<IpNet> =
            blocks.into_iter().map(|block| block.trunc()).filter(|block| seen.insert(*block)).collect();
        CidrSet(Arc::new(Inner { coverage: Coverage::of(&entries), entries }))
    }

    /// No address: nobody.
    #[must_use]
    pub fn nobody() -> CidrSet {
        CidrSet::of([])
    }

    /// Every IPv4 and IPv6 address.
    #[must_use]
    pub fn everything() -> CidrSet {
        CidrSet::of([IpNet::V4(Ipv4Net::default()), IpNet::V6(Ipv6Net::default())])
    }

    /// The blocks as they are spelled.
    #[must_use]
    pub fn entries(&self) -> &[IpNet] {
        &self.0.entries
    }

    /// Whether it has no address.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.entries.is_empty()
    }

    /// Whether it has every address.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.covers_all_v4() && self.covers_all_v6()
    }

    /// Whether it has every IPv4 address, however that is spelled: `0.0.0.0/0`, or `0.0.0.0/1` and `128.0.0.0/1`.
    #[must_use]
    pub fn covers_all_v4(&self) -> bool {
        self.0.coverage.v4.is_everything()
    }

    /// Whether it has every IPv6 address, however that is spelled.
    #[must_use]
    pub fn covers_all_v6(&self) -> bool {
        self.0.coverage.v6.is_everything()
    }

    /// Whether it is open to the world: every IPv4 address or every IPv6 address.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.covers_all_v4() || self.covers_all_v6()
    }

    /// Whether it has any IPv6 address.
    #[must_use]
    pub fn has_v6(&self) -> bool {
        !self.0.coverage.v6.is_empty()
    }

    /// Whether an address is in it.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        self.covers(&IpNet::from(address))
    }

    /// Whether every address of a block is in it. Time `log n`.
    #[must_use]
    pub fn covers(&self, block: &IpNet) -> bool {
        self.0.coverage.covers(block)
    }

    /// Whether every address of it is in the other.
    #[must_use]
    pub fn is_subset(&self, other: &CidrSet) -> bool {
        let (this, that) = (&self.0.coverage, &other.0.coverage);
        this.v4.is_subset(&that.v4) && this.v6.is_subset(&that.v6)
    }

    /// The addresses in either: the entries of `self`, then those of `other` that add to them.
    #[must_use]
    pub fn union(&self, other: &CidrSet) -> CidrSet {
        let added = other.0.entries.iter().filter(|block| !self.covers(block));
        CidrSet::of(self.0.entries.iter().chain(added).copied())
    }

    /// The addresses in both: the entries of `self` that survive whole, then those of `other` that lie within the rest.
    #[must_use]
    pub fn intersection(&self, other: &CidrSet) -> CidrSet {
        let whole = CidrSet::of(self.0.entries.iter().filter(|block| other.covers(block)).copied());
        whole.union(&CidrSet::of(other.0.entries.iter().filter(|block| self.covers(block)).copied()))
    }

    /// Whether an address is in both.
    #[must_use]
    pub fn overlaps(&self, other: &CidrSet) -> bool {
        let (this, that) = (&self.0.coverage, &other.0.coverage);
        !this.v4.intersection(&that.v4).is_empty() || !this.v6.intersection(&that.v6).is_empty()
    }

    /// The addresses of `self` that are not in `other`, in the fewest blocks.
    #[must_use]
    pub fn difference(&self, other: &CidrSet) -> CidrSet {
        CidrSet::of(self.remaining(other).blocks())
    }

    /// As [`CidrSet::difference`]; `None` where that takes more blocks than this: one block can leave 250.
    #[must_use]
    pub fn difference_within(&self, other: &CidrSet, most: usize) -> Option<CidrSet> {
        let blocks: Vec<IpNet> = self.remaining(other).blocks().take(most.saturating_add(1)).collect();
        (blocks.len() <= most).then(|| CidrSet::of(blocks))
    }

    fn remaining(&self, other: &CidrSet) -> Coverage {
        let (this, that) = (&self.0.coverage, &other.0.coverage);
        let v4 = this.v4.intersection(&that.v4.complement());
        let v6 = this.v6.intersection(&that.v6.complement());
        Coverage { v4, v6 }
    }

    /// The same addresses in the fewest blocks, sorted: exactly, never one address more.
    #[must_use]
    pub fn fewest(&self) -> CidrSet {
        CidrSet::of(self.0.coverage.blocks())
    }

    /// How many blocks of `self` in its fewest blocks have an address of `other`: no fewer blocks within `self` can
    /// hold what both have, since each block within `self` lies in one of these.
    #[must_use]
    pub fn blocks_touching(&self, other: &CidrSet) -> usize {
        self.0.coverage.blocks().filter(|block| other.0.coverage.touches(block)).count()
    }
}

impl Coverage {
    fn of(entries: &[IpNet]) -> Coverage {
        let v4 = entries.iter().filter_map(|block| match block {
            IpNet::V4(block) => Some((block.network().to_bits(), block.broadcast().to_bits())),
            IpNet::V6(_) => None,
        });
        let v6 = entries.iter().filter_map(|block| match block {
            IpNet::V6(block) => Some((block.network().to_bits(), block.broadcast().to_bits())),
            IpNet::V4(_) => None,
        });
        Coverage { v4: Ranges::of(v4), v6: Ranges::of(v6) }
    }

    fn covers(&self, block: &IpNet) -> bool {
        match block {
            IpNet::V4(block) => self.v4.covers(block.network().to_bits(), block.broadcast().to_bits()),
            IpNet::V6(block) => self.v6.covers(block.network().to_bits(), block.broadcast().to_bits()),
        }
    }

    fn touches(&self, block: &IpNet) -> bool {
        match block {
            IpNet::V4(block) => touches(&self.v4, block.network().to_bits(), block.broadcast().to_bits()),
            IpNet::V6(block) => touches(&self.v6, block.network().to_bits(), block.broadcast().to_bits()),
        }
    }

    /// The fewest blocks that cover exactly this, ascending, IPv4 first.
    fn blocks(&self) -> impl Iterator<Item = IpNet> + '_ {
        let v4 = self.v4.as_slice().iter().flat_map(|(first, last)| {
            Ipv4Subnets::new(Ipv4Addr::from_bits(*first), Ipv4Addr::from_bits(*last), 0).map(IpNet::V4)
        });
        let v6 = self.v6.as_slice().iter().flat_map(|(first, last)| {
            Ipv6Subnets::new(Ipv6Addr::from_bits(*first), Ipv6Addr::from_bits(*last), 0).map(IpNet::V6)
        });
        v4.chain(v6)
    }
}

/// Whether any value from `first` to `last` is in the ranges.
fn touches<P: Ordered>(ranges: &Ranges<P>, first: P, last: P) -> bool {
    let at = ranges.as_slice().partition_point(|(_, end)| *end < first);
    ranges.as_slice().get(at).is_some_and(|(start, _)| *start <= last)
}

impl PartialEq for CidrSet {
    fn eq(&self, other: &CidrSet) -> bool {
        self.0.coverage == other.0.coverage
    }
}

impl Eq for CidrSet {}

impl Ord for CidrSet {
    fn cmp(&self, other: &CidrSet) -> Ordering {
        self.0.coverage.cmp(&other.0.coverage)
    }
}

impl PartialOrd for CidrSet {
    fn partial_cmp(&self, other: &CidrSet) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for CidrSet {
    /// The entries as a profile lists them: `["10.0.0.0/8", "2001:db8::/32"]`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entries: Vec<String> = self.0.entries.iter().map(|block| format!("\"{block}\"")).collect();
        write!(f, "[{}]", entries.join(", "))
    }
}

impl fmt::Debug for CidrSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(entries: &[&str]) -> CidrSet {
        CidrSet::parse(entries.iter().copied()).unwrap()
    }

    #[test]
    fn coverage_decides_equality_and_the_spelling_is_kept() {
        let halves = set(&["128.0.0.0/1", "0.0.0.0/1"]);
        assert_eq!(halves, set(&["0.0.0.0/0"]));
        assert_eq!(halves.to_string(), r#"["128.0.0.0/1", "0.0.0.0/1"]"#);
        assert_eq!(halves.fewest().to_string(), r#"["0.0.0.0/0"]"#);
        assert!(halves.is_open() && halves.covers_all_v4() && !halves.covers_all_v6() && !halves.is_everything());
        assert!(set(&["::/1", "8000::/1"]).is_open());
        assert!(!set(&["0.0.0.0/1", "128.0.0.0/2"]).is_open());
        assert!(CidrSet::everything().is_everything());
        assert_eq!(set(&["10.0.0.0/8", "10.0.0.0/8"]).entries().len(), 1);
    }

    #[test]
    fn refuses_what_is_no_block_and_offers_the_block() {
        let refused = |text: &str| CidrSet::parse([text]).unwrap_err().offer;
        assert_eq!(refused("10.0.0.1/8").as_deref(), Some("10.0.0.0/8"));
        assert_eq!(refused("2001:db8::1/32").as_deref(), Some("2001:db8::/32"));
        assert_eq!(refused("10.0.0.1").as_deref(), Some("10.0.0.1/32"));
        assert_eq!(refused("::1").as_deref(), Some("::1/128"));
        for text in [
            "",
            "10.0.0.0/33",
            "10.0.0/24",
            "010.0.0.0/8",
            "10.0.0.0/08",
            "10.0.0.0/+8",
            "::/129",
            "10.0.0.0/8 ",
            "any",
        ] {
            assert_eq!(refused(text), None, "{text}");
        }
        assert!(CidrSet::parse(std::iter::repeat_n("10.0.0.0/8", 100_001)).is_err());
    }

    #[test]
    fn set_operations_keep_the_entries_that_survive_whole() {
        let live = set(&["203.0.113.0/24", "0.0.0.0/1", "10.1.0.0/16"]);
        let office = set(&["203.0.112.0/23", "10.0.0.0/8"]);
        assert_eq!(live.intersection(&office).to_string(), r#"["203.0.113.0/24", "10.1.0.0/16", "10.0.0.0/8"]"#);
        assert_eq!(office.intersection(&live), live.intersection(&office));
        assert_eq!(
            live.union(&office).to_string(),
            r#"["203.0.113.0/24", "0.0.0.0/1", "10.1.0.0/16", "203.0.112.0/23"]"#
        );
        assert_eq!(
            set(&["10.0.0.0/30"]).difference(&set(&["10.0.0.1/32"])).to_string(),
            r#"["10.0.0.0/32", "10.0.0.2/31"]"#
        );
        assert!(CidrSet::everything().difference(&set(&["0.0.0.0/0"])) == set(&["::/0"]));
        assert!(set(&["10.0.0.0/9", "10.128.0.0/9"]).is_subset(&set(&["10.0.0.0/8"])));
        assert!(!set(&["::ffff:10.0.0.0/104"]).is_subset(&set(&["10.0.0.0/8"])));
        assert!(CidrSet::nobody().is_subset(&CidrSet::nobody()) && CidrSet::nobody().is_empty());
    }

    #[test]
    fn the_fewest_blocks_are_exact_at_both_ends_of_the_address_space() {
        let all_but_ends = CidrSet::everything().difference(&set(&["0.0.0.0/32", "255.255.255.255/32", "::/128"]));
        assert_eq!(all_but_ends.entries().len(), 2 * 31 + 128);
        assert!(
            !all_but_ends.contains("0.0.0.0".parse().unwrap()) && all_but_ends.contains("0.0.0.1".parse().unwrap())
        );
        assert!(!all_but_ends.contains("255.255.255.255".parse().unwrap()));
        let last = set(&["255.255.255.254/32", "255.255.255.255/32"]);
        assert_eq!(last.fewest().to_string(), r#"["255.255.255.254/31"]"#);
        assert_eq!(set(&["ffff::/17", "ffff:8000::/17"]).fewest().to_string(), r#"["ffff::/16"]"#);
    }

    #[test]
    fn operations_on_many_blocks_stay_cheap() {
        let even = CidrSet::of((0..50_000_u32).map(|at| IpNet::from(IpAddr::from(Ipv4Addr::from_bits(2 * at)))));
        let odd = CidrSet::of((0..50_000_u32).map(|at| IpNet::from(IpAddr::from(Ipv4Addr::from_bits(2 * at + 1)))));
        assert!(even.intersection(&odd).is_empty());
        assert_eq!(even.union(&odd), CidrSet::of(even.union(&odd).fewest().entries().iter().copied()));
    }
}
