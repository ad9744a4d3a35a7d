//! The strictest bound that some values satisfy: what would refuse that any of them becomes weaker.

use super::{Bound, StringBounds};
use crate::Text;
use crate::cidr::CidrSet;
use crate::direction::place;
use crate::domain::Domain;
use crate::ranges::{Ordered, Ranges};
use crate::ratio::Ratio;
use crate::schema::Stricter;
use crate::types::Type;
use crate::value::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

impl Bound {
    /// The strictest bound, in a setting's order of strictness, that admits each of these values and whatever is stricter
    /// than one of them. Of texts without an order, one of these texts. Linear in the values, but for sorting.
    ///
    /// There is none where nothing would be demanded, and where no bound says it: a value is not set, or settings without
    /// an order differ in another type.
    ///
    /// ```
    /// # use ordain_model::{bound::Bound, domain::Domain, schema::Stricter, types::Type, value::Value};
    /// let found = [Value::integer(7), Value::integer(3)];
    /// let bound = Bound::strictest(&found, &Domain::Any, Type::Integer, Stricter::Greater);
    /// assert_eq!(bound.map(|bound| bound.to_string()).as_deref(), Some("at_least(3)"));
    /// ```
    #[must_use]
    pub fn strictest<'v>(
        values: impl IntoIterator<Item = &'v Value>,
        domain: &Domain,
        of: Type,
        stricter: Stricter,
    ) -> Option<Bound> {
        let values: Vec<&Value> = values.into_iter().collect();
        let bound = match stricter {
            Stricter::Greater => ordered(&values, of, true),
            Stricter::Lesser => ordered(&values, of, false),
            Stricter::True => same(&values).filter(|bound| *bound == Bound::Bool(true)),
            Stricter::False => same(&values).filter(|bound| *bound == Bound::Bool(false)),
            Stricter::Later => later(&values, of),
            Stricter::Superset => common(&values),
            Stricter::Subset => all(&values),
            Stricter::Unordered => texts(&values).or_else(|| same(&values)),
        };
        // What refuses a value would be no bound on what is there.
        let demands = |bound: &Bound| *bound != Bound::Present && !bound.is_vacuous(domain, of);
        bound.filter(|bound| demands(bound) && values.iter().all(|value| bound.admits(value)))
    }
}

/// At least the least, or at most the greatest. What has no one place lies between two: the weaker of them counts.
fn ordered(values: &[&Value], of: Type, least: bool) -> Option<Bound> {
    let side = |from, to| if least { from } else { to };
    match values.first()? {
        Value::Number(_) if of == Type::Ratio => {
            let ratio = |value: &Value| if let Value::Number(number) = value { Ratio::of(number) } else { None };
            Some(Bound::ratios(from_or_to(values, ratio, least)?))
        }
        Value::Size(_) => {
            let size = |value: &Value| if let Value::Size(size) = value { Some(*size) } else { None };
            Some(Bound::sizes(from_or_to(values, size, least)?))
        }
        Value::Number(_) => {
            let number = |value: &Value| if let Value::Number(number) = value { number.as_i64() } else { None };
            Some(Bound::integers(from_or_to(values, number, least)?))
        }
        Value::Duration(_) => {
            let length = |value: &Value| match value {
                Value::Duration(span) => Some(side(span.shortest_seconds(), span.longest_seconds())),
                _ => None,
            };
            Some(Bound::durations(from_or_to(values, length, least)?))
        }
        Value::Retention(_) => {
            let kept = |value: &Value| if let Value::Retention(kept) = value { Some(*kept) } else { None };
            let ranges = from_or_to(values, kept, least)?;
            let [(first, last)] = ranges.as_slice() else { return None };
            Some(Bound::retention_between(*first, *last))
        }
        Value::Instant(_) => {
            let at = |value: &Value| if let Value::Instant(at) = value { Some(*at) } else { None };
            Some(Bound::instants(from_or_to(values, at, least)?))
        }
        Value::Version(_) => {
            let release = |value: &Value| match value {
                Value::Version(version) => version.place().map(|(from, to)| if least { from } else { to }),
                _ => None,
            };
            Some(Bound::versions(from_or_to(values, release, least)?))
        }
        _ => None,
    }
}

/// From the least place on, or up to the greatest one.
fn from_or_to<P: Ordered>(values: &[&Value], place: impl Fn(&Value) -> Option<P>, least: bool) -> Option<Ranges<P>> {
    let places: Vec<P> = values.iter().map(|value| place(value)).collect::<Option<_>>()?;
    match least {
        true => places.into_iter().min().map(|from| Ranges::between(from, P::GREATEST)),
        false => places.into_iter().max().map(|to| Ranges::between(P::LEAST, to)),
    }
}

fn same(values: &[&Value]) -> Option<Bound> {
    let first = values.first().filter(|first| ***first != Value::Null)?;
    values.iter().all(|value| value == first).then(|| Bound::exactly(first))
}

fn later(values: &[&Value], of: Type) -> Option<Bound> {
    let Type::Enum(members) = of else { return None };
    let places = values.iter().map(|value| place(members, value.as_str()?));
    let least = places.collect::<Option<Vec<usize>>>()?.into_iter().min()?;
    Some(Bound::one_of_texts(members[least..].iter().copied()))
}

/// What every value has.
fn common(values: &[&Value]) -> Option<Bound> {
    let (first, rest) = values.split_first()?;
    match first {
        Value::Set(first) => {
            let rest = sets(rest)?;
            let common = first.iter().filter(|member| rest.iter().all(|set| set.contains(*member)));
            Some(Bound::superset_of(common.map(|member| &**member)))
        }
        Value::Cidrs(first) => {
            let common = rest.iter().try_fold(first.clone(), |common, value| match value {
                Value::Cidrs(set) => Some(common.intersection(set)),
                _ => None,
            });
            Some(Bound::covering(common?))
        }
        _ => None,
    }
}

/// What any value has.
fn all(values: &[&Value]) -> Option<Bound> {
    match values.first()? {
        Value::Set(_) => {
            let all = sets(values)?.into_iter().flatten().cloned().collect();
            Some(StringBounds { lower: Arc::default(), upper: Some(Arc::new(all)) }.into())
        }
        Value::Cidrs(_) => {
            let sets = values.iter().map(|value| if let Value::Cidrs(set) = value { Some(set) } else { None });
            let sets: Vec<&CidrSet> = sets.collect::<Option<_>>()?;
            let all = CidrSet::of(sets.into_iter().flat_map(|set| set.entries().iter().copied())).fewest();
            Some(if all.is_empty() { Bound::nobody() } else { Bound::within(all) })
        }
        _ => None,
    }
}

fn sets<'v>(values: &[&'v Value]) -> Option<Vec<&'v BTreeSet<Text>>> {
    values.iter().map(|value| if let Value::Set(set) = value { Some(&**set) } else { None }).collect()
}

fn texts(values: &[&Value]) -> Option<Bound> {
    let texts: Option<Vec<&str>> = values.iter().map(|value| value.as_str()).collect();
    texts.filter(|texts| !texts.is_empty()).map(Bound::one_of_texts)
}
