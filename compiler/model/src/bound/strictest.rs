//! The strictest bound that some values satisfy: what would refuse that any of them becomes weaker.

use super::{Bound, StringBounds};
use crate::Text;
use crate::cidr::CidrSet;
use crate::direction::place;
use crate::domain::Domain;
use crate::ranges::Ranges;
use crate::retention::Retention;
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
            Stricter::Greater => ordered(&values, true),
            Stricter::Lesser => ordered(&values, false),
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

/// At least the least, or at most the greatest.
fn ordered(values: &[&Value], least: bool) -> Option<Bound> {
    let pick = |places: Vec<i128>| match least {
        true => places.into_iter().min(),
        false => places.into_iter().max(),
    };
    let between = |at: i128, from: i128, to: i128| if least { (at, to) } else { (from, at) };
    match values.first()? {
        Value::Number(_) => {
            let at =
                pick(read(values, |value| if let Value::Number(number) = value { number.as_i64() } else { None })?)?;
            let (from, to) = between(at, i64::MIN.into(), i64::MAX.into());
            Some(Bound::integer_between(i64::try_from(from).ok()?, i64::try_from(to).ok()?))
        }
        Value::Duration(_) => {
            let length = |value: &Value| match value {
                Value::Duration(span) if least => Some(span.shortest_seconds()),
                Value::Duration(span) => Some(span.longest_seconds()),
                _ => None,
            };
            let (from, to) = between(pick(read(values, length)?)?, 0, u64::MAX.into());
            Some(Bound::durations(Ranges::between(u64::try_from(from).ok()?, u64::try_from(to).ok()?)))
        }
        Value::Retention(_) => {
            let kept = values.iter().map(|value| if let Value::Retention(kept) = value { Some(*kept) } else { None });
            let kept: Vec<Retention> = kept.collect::<Option<_>>()?;
            match least {
                true => Some(Bound::retention_between(*kept.iter().min()?, Retention::Unlimited)),
                false => Some(Bound::retention_between(Retention::Disabled, *kept.iter().max()?)),
            }
        }
        _ => None,
    }
}

fn read<N: Into<i128>>(values: &[&Value], number: impl Fn(&Value) -> Option<N>) -> Option<Vec<i128>> {
    values.iter().map(|value| number(value).map(Into::into)).collect()
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
