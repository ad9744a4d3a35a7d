//! [`Nearest`]: the value a step sets, from the bound that is enforced.

use super::{Bound, CidrBounds, RetentionBounds, StringBounds, TextBounds};
use crate::cidr::CidrSet;
use crate::direction::{Direction, place, strictness};
use crate::domain::{Domain, Legal};
use crate::duration::Duration;
use crate::ranges::{Ordered, Ranges};
use crate::ratio::Ratio;
use crate::retention::Retention;
use crate::schema::Stricter;
use crate::size::Size;
use crate::types::Type;
use crate::value::Value;
use std::cmp::Ordering;
use std::sync::Arc;

/// The value nearest to a live one, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Nearest {
    /// This value: admitted and legal, or the live one where that is admitted.
    Value(Value),
    /// None, for this reason: one sentence without a full stop.
    None(String),
}

/// What the choice of a value takes into account beside the bound.
struct Setting<'a> {
    live: &'a Value,
    domain: &'a Domain,
    of: Type,
    stricter: Stricter,
    also: &'a Bound,
}

impl Bound {
    /// The value that a step sets in place of the live one.
    ///
    /// A value that does not loosen comes before one that does, then the nearer one, then the stricter one, then the first
    /// in canonical order. There is none where nothing says which of several to take: a pattern, `present()`, a value that
    /// is not set now; nor where only `unlimited`, `disabled` or nobody would do and no bound names it.
    #[must_use]
    pub fn nearest(&self, live: &Value, domain: &Domain, of: Type, stricter: Stricter) -> Nearest {
        self.nearest_preferring(live, domain, of, stricter, &Bound::Anything)
    }

    /// [`Bound::nearest`]; among equally strict values at the same distance, one that `also` admits (the bounds that are
    /// only observed) comes before the others.
    #[must_use]
    pub fn nearest_preferring(
        &self,
        live: &Value,
        domain: &Domain,
        of: Type,
        stricter: Stricter,
        also: &Bound,
    ) -> Nearest {
        if self.admits(live) {
            return Nearest::Value(live.clone());
        }
        let setting = Setting { live, domain, of, stricter, also };
        let nearest = match self {
            Bound::Nothing => Nearest::none("no value satisfies what is demanded"),
            Bound::Present | Bound::Anything => Nearest::none("any value would do, and nothing says which"),
            Bound::Absent if domain.legal(&Value::Null) => Nearest::Value(Value::Null),
            Bound::Absent => Nearest::none("the API cannot unset it"),
            Bound::Bool(value) => Nearest::Value(Value::Bool(*value)),
            Bound::Integer(ranges) => setting.integer(ranges),
            Bound::Ratio(ranges) => setting.ratio(ranges),
            Bound::Size(ranges) => setting.size(ranges),
            Bound::Duration(ranges) => setting.duration(ranges),
            Bound::Retention(bounds) => setting.retention(bounds),
            Bound::Instant(_) => Nearest::none("no step moves a moment"),
            Bound::Version(_) => Nearest::none("which version to go to is not said"),
            Bound::Text(bounds) => setting.text(bounds),
            Bound::Strings(bounds) => setting.strings(bounds),
            Bound::Cidrs(bounds) => setting.cidrs(bounds),
        };
        match &nearest {
            Nearest::Value(value) => domain.out_of_reach(value).map_or(nearest.clone(), Nearest::none),
            Nearest::None(_) => nearest,
        }
    }
}

impl Nearest {
    fn none(why: impl Into<String>) -> Nearest {
        Nearest::None(why.into())
    }
}

impl Setting<'_> {
    fn integer(&self, ranges: &Ranges<i64>) -> Nearest {
        let live = match self.live {
            Value::Number(number) => number.as_i64(),
            _ => None,
        };
        let legal = Legal { from: &|at| self.domain.integer_from(at), to: &|at| self.domain.integer_to(at) };
        self.ordered(ranges, live, &legal, i64::abs_diff, Value::integer)
    }

    fn ratio(&self, ranges: &Ranges<Ratio>) -> Nearest {
        let live = match self.live {
            Value::Number(number) => Ratio::of(number),
            _ => None,
        };
        let legal = Legal { from: &Some, to: &Some };
        self.ordered(ranges, live, &legal, Ratio::distance, |ratio| Value::Number(ratio.number()))
    }

    fn size(&self, ranges: &Ranges<Size>) -> Nearest {
        let live = match self.live {
            Value::Size(size) => Some(*size),
            _ => None,
        };
        let legal = Legal { from: &Some, to: &Some };
        self.ordered(ranges, live, &legal, |a: Size, b: Size| a.0.abs_diff(b.0), Value::Size)
    }

    fn duration(&self, ranges: &Ranges<u64>) -> Nearest {
        let live = match self.live {
            Value::Duration(span) => Some(span.longest_seconds()),
            _ => None,
        };
        let legal = Legal { from: &Some, to: &Some };
        self.ordered(ranges, live, &legal, u64::abs_diff, |seconds| Value::Duration(Duration::of_seconds(seconds)))
    }

    fn retention(&self, bounds: &RetentionBounds) -> Nearest {
        let live = match self.live {
            Value::Retention(retention) => Some(*retention),
            _ => None,
        };
        let mut lengths = self.domain.lengths();
        lengths.disabled &= bounds.names(Retention::Disabled);
        lengths.unlimited &= bounds.names(Retention::Unlimited);
        let legal = Legal { from: &|at| lengths.from(at), to: &|at| lengths.to(at) };
        let distance = |a: Retention, b: Retention| a.place().abs_diff(b.place());
        self.ordered(bounds.ranges(), live, &legal, distance, Value::Retention)
    }

    /// The best of the two legal values around the live one.
    fn ordered<P: Ordered>(
        &self,
        ranges: &Ranges<P>,
        live: Option<P>,
        legal: &Legal<P>,
        distance: impl Fn(P, P) -> u64,
        value: impl Fn(P) -> Value,
    ) -> Nearest {
        let ranges = ranges.as_slice();
        let Some(live) = live else {
            let (least, greatest) = (legal.up(ranges, P::LEAST), legal.down(ranges, P::GREATEST));
            return match least {
                None => Nearest::none(NOT_SAYABLE),
                Some(only) if least == greatest => Nearest::Value(value(only)),
                Some(_) => Nearest::none(NOT_SET),
            };
        };
        let around = [legal.down(ranges, live), legal.up(ranges, live)].into_iter().flatten();
        self.best(around.map(|at| (distance(live, at), value(at))))
            .map_or_else(|| Nearest::none(NOT_SAYABLE), Nearest::Value)
    }

    fn text(&self, bounds: &TextBounds) -> Nearest {
        let TextBounds::Only(texts) = bounds else {
            return Nearest::none("any text that satisfies it would do, and nothing says which");
        };
        if *self.live == Value::Null && texts.len() > 1 {
            return Nearest::none(NOT_SET);
        }
        let at = |text: &str| match self.of {
            Type::Enum(members) => place(members, text),
            _ => None,
        };
        let distance = |text: &str| match (self.live.as_str().and_then(at), at(text)) {
            (Some(live), Some(at)) => live.abs_diff(at) as u64,
            _ => 1,
        };
        let candidates = texts.iter().map(|text| (distance(text), Value::String(text.clone())));
        self.best(candidates).map_or_else(|| Nearest::none(NOT_SAYABLE), Nearest::Value)
    }

    /// What the live set has of the upper set, and the lower set: the only set that gives up nothing else.
    fn strings(&self, bounds: &StringBounds) -> Nearest {
        let StringBounds { lower, upper } = bounds;
        let only = match (upper, self.of) {
            (Some(upper), _) => upper == lower,
            (None, Type::Strings(Some(members))) => members.iter().all(|member| lower.contains(*member)),
            (None, _) => false,
        };
        let Value::Set(live) = self.live else {
            return if only { Nearest::Value(Value::Set(lower.clone())) } else { Nearest::none(NOT_SET) };
        };
        let kept = live.iter().filter(|member| upper.as_ref().is_none_or(|upper| upper.contains(*member)));
        Nearest::Value(Value::Set(Arc::new(kept.chain(lower.iter()).cloned().collect())))
    }

    fn cidrs(&self, bounds: &CidrBounds) -> Nearest {
        let live = match self.live {
            _ if bounds.upper.is_empty() && bounds.names_nobody => {
                return Nearest::Value(Value::Cidrs(CidrSet::nobody()));
            }
            Value::Cidrs(live) if !live.is_empty() => live,
            Value::Cidrs(_) => return Nearest::none("nobody has access now, and no step opens it"),
            _ if bounds.lower == bounds.upper => &bounds.lower,
            _ => return Nearest::none(NOT_SET),
        };
        let set = live.intersection(&bounds.upper).union(&bounds.lower);
        if set.is_empty() && !bounds.names_nobody {
            return Nearest::none("nobody who has access now may keep it, and no bound names `nobody()`");
        }
        match self.domain {
            Domain::Cidrs { ipv6: false, .. } if set.has_v6() => Nearest::none("the API takes no IPv6 blocks"),
            Domain::Cidrs { most, .. } if set.entries().len() > *most => match set.fewest() {
                fewest if fewest.entries().len() <= *most => Nearest::Value(Value::Cidrs(fewest)),
                fewest => {
                    let count = fewest.entries().len();
                    Nearest::none(format!("it takes {count} CIDR blocks even when merged, and the API takes {most}"))
                }
            },
            _ => Nearest::Value(Value::Cidrs(set)),
        }
    }

    /// The first of the candidates, each with its distance, no loosening before loosening, then by distance, strictness, what is observed, canonical order.
    fn best(&self, candidates: impl Iterator<Item = (u64, Value)>) -> Option<Value> {
        let loosens = |value: &Value| Direction::of(self.live, value, self.of, self.stricter) == Direction::Loosen;
        let order = |(near, a): &(u64, Value), (far, b): &(u64, Value)| {
            let stricter = strictness(b, a, self.of, self.stricter).unwrap_or(Ordering::Equal);
            let also = || self.also.admits(b).cmp(&self.also.admits(a));
            loosens(a).cmp(&loosens(b)).then(near.cmp(far)).then(stricter).then_with(also).then_with(|| a.cmp(b))
        };
        candidates.min_by(order).map(|(_, value)| value)
    }
}

const NOT_SAYABLE: &str = "the API accepts no value that is demanded by name or number";
const NOT_SET: &str = "it is not set now, and nothing says which of several values to take";
