//! [`Ports`]: the key of `ingress_from`: a protocol and a port, or a range of them.

use std::fmt;

/// Protocols that have ports.
const PROTOCOLS: &[&str] = &["tcp", "udp"];

/// A protocol and a range of ports, both ends included.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ports {
    /// `tcp` or `udp`.
    pub protocol: &'static str,
    /// First port.
    pub from: u16,
    /// Last port, not below the first.
    pub to: u16,
}

impl Ports {
    /// Reads `tcp/5432` or `tcp/5432-5439`.
    ///
    /// # Errors
    /// What is wrong with the key, and a key that would do.
    pub fn parse(key: &str) -> Result<Ports, String> {
        let (name, range) = key.split_once('/').unwrap_or(("", key));
        let (from, to) = range.split_once('-').unwrap_or((range, range));
        let number = |text: &str| text.trim().parse::<u16>().ok();
        let found = PROTOCOLS.iter().find(|protocol| name.trim().eq_ignore_ascii_case(protocol));
        match (found, number(from), number(to)) {
            (Some(protocol), Some(from), Some(to)) if from <= to => Ok(Ports { protocol, from, to }),
            (None, Some(from), Some(_)) => Err(format!("`{key}` names no protocol: say `tcp/{from}` or `udp/{from}`")),
            _ => Err(format!("`{key}` is not a protocol and port: say for example `tcp/5432` or `tcp/5432-5439`")),
        }
    }

    /// Whether every port of `other` is one of these.
    #[must_use]
    pub fn contains(&self, other: &Ports) -> bool {
        self.protocol == other.protocol && self.from <= other.from && other.to <= self.to
    }

    /// Whether some port is one of both.
    #[must_use]
    pub fn overlaps(&self, other: &Ports) -> bool {
        self.protocol == other.protocol && self.from <= other.to && other.from <= self.to
    }
}

impl fmt::Display for Ports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.protocol, self.from)?;
        match self.to {
            to if to == self.from => Ok(()),
            to => write!(f, "-{to}"),
        }
    }
}
