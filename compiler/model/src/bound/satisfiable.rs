//! Whether an API accepts any value that a bound admits.

use super::{Bound, TextBounds};
use crate::domain::{Domain, Legal};
use crate::ranges::{Ordered, Ranges};
use crate::value::Value;

/// Whether a bound admits a legal value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Satisfiability {
    /// It does.
    Inhabited,
    /// It admits none.
    Empty,
    /// It cannot be decided, for this reason.
    Undecided(String),
}

impl Bound {
    /// Whether any value is both admitted and legal. Undecided only for patterns over texts without end.
    #[must_use]
    pub fn satisfiable(&self, domain: &Domain) -> Satisfiability {
        let lengths = domain.lengths();
        let inhabited = match self {
            Bound::Anything | Bound::Present | Bound::Bool(_) | Bound::Strings(_) => true,
            Bound::Ratio(ranges) => !ranges.is_empty(),
            Bound::Size(ranges) => !ranges.is_empty(),
            Bound::Duration(ranges) => !ranges.is_empty(),
            Bound::Instant(ranges) => !ranges.is_empty(),
            Bound::Version(ranges) => !ranges.is_empty(),
            Bound::Nothing => false,
            Bound::Absent => domain.legal(&Value::Null),
            Bound::Integer(ranges) => {
                let legal = Legal { from: &|value| domain.integer_from(value), to: &|value| domain.integer_to(value) };
                any(ranges, &legal)
            }
            Bound::Retention(bounds) => {
                any(bounds.ranges(), &Legal { from: &|value| lengths.from(value), to: &|value| lengths.to(value) })
            }
            Bound::Text(TextBounds::AllBut { patterns, .. }) if !patterns.is_empty() => {
                let patterns: Vec<String> = patterns.iter().map(|pattern| format!("`{}`", pattern.as_str())).collect();
                return Satisfiability::Undecided(format!(
                    "no one can list the texts that match {}",
                    patterns.join(" and ")
                ));
            }
            Bound::Text(_) => true,
            // The fewest blocks that cover the lower set within the upper one: each lies in a block of the upper one.
            Bound::Cidrs(bounds) => match domain {
                Domain::Cidrs { most, ipv6 } => {
                    (*ipv6 || !bounds.lower.has_v6()) && bounds.upper.blocks_touching(&bounds.lower) <= *most
                }
                _ => true,
            },
        };
        if inhabited { Satisfiability::Inhabited } else { Satisfiability::Empty }
    }
}

impl Bound {
    /// The legal values of an ordered setting just below and just above what is admitted, where nothing that is admitted
    /// is legal.
    #[must_use]
    pub fn legal_around(&self, domain: &Domain) -> Vec<Value> {
        let lengths = domain.lengths();
        let (below, above) = match self {
            Bound::Integer(ranges) => {
                let around = ends(ranges).map(|(first, last)| (domain.integer_to(first), domain.integer_from(last)));
                let (below, above) = around.unwrap_or_default();
                (below.map(Value::integer), above.map(Value::integer))
            }
            Bound::Retention(bounds) => {
                let around = ends(bounds.ranges()).map(|(first, last)| (lengths.to(first), lengths.from(last)));
                let (below, above) = around.unwrap_or_default();
                (below.map(Value::Retention), above.map(Value::Retention))
            }
            _ => (None, None),
        };
        below.into_iter().chain(above).collect()
    }
}

fn ends<P: Ordered>(ranges: &Ranges<P>) -> Option<(P, P)> {
    let (first, last) = (ranges.as_slice().first()?, ranges.as_slice().last()?);
    Some((first.0, last.1))
}

fn any<P: Ordered>(ranges: &Ranges<P>, legal: &Legal<P>) -> bool {
    legal.up(ranges.as_slice(), P::LEAST).is_some()
}
