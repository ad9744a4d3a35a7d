//! [`CidrSet`]: a set of IPv4 and IPv6 addresses, compared by what it covers, printed as it was spelled.

use ipnet::IpNet;
use std::sync::Arc;

/// A set of addresses. Equality and order are by coverage; the spelling is kept for people and for writes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CidrSet {
    /// Canonical: disjoint, merged, sorted.
    blocks: Arc<[IpNet]>,
}
