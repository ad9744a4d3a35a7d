//! A term or bare value of the profile as a [`Bound`] on a setting.

use super::scale::Scale;
use super::{
    Bound, BoundProblem, BoundTerm, CidrBounds, Constructor, Pattern, RetentionBounds, StringBounds, TextBounds,
};
use crate::Text;
use crate::cidr::CidrSet;
use crate::code;
use crate::duration::Calendar;
use crate::instant::Instant;
use crate::ranges::Ranges;
use crate::ratio::Ratio;
use crate::schema::Stricter;
use crate::size::Size;
use crate::types::{Mismatch, Type};
use crate::value::Value;
use crate::version::Release;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

impl Bound {
    /// The bound that a profile writes for a setting: a term, or a bare value, which means `exactly` for bool, enum and
    /// string.
    ///
    /// # Errors
    /// What [`Bound::from_term`] refuses; null; a bare value of another type, with the bounds it may mean.
    pub fn from_value(value: &Value, of: Type, stricter: Stricter, calendar: Calendar) -> Result<Bound, BoundProblem> {
        match (value, of) {
            (Value::Bound(term), _) => Bound::from_term(term, of, stricter),
            (Value::Null, _) => Err(BoundProblem::null("the bound")),
            (_, Type::Bool | Type::Enum(_) | Type::String) => {
                let value = of.convert(value, calendar).map_err(|why| BoundProblem::value(value, of, why))?;
                let exactly = BoundTerm { constructor: Constructor::Exactly, arguments: vec![value], calendar };
                Bound::from_term(&exactly, of, stricter)
            }
            _ => Err(bare(value, of, stricter, calendar)),
        }
    }

    /// The bound of a term on a setting of this type. `all_of` is the meet of its bounds. [`Bound::Anything`] comes of
    /// `optional_bound` only, where there is nothing to demand.
    ///
    /// # Errors
    /// Null arguments, arguments of another type or without a unit, too few or too many of them, and functions that say
    /// nothing about the type, with those that do. `at_least` needs an enum whose order is that of strictness.
    pub fn from_term(term: &BoundTerm, of: Type, stricter: Stricter) -> Result<Bound, BoundProblem> {
        let mut meet = Bound::Anything;
        let mut terms = vec![term];
        while let Some(term) = terms.pop() {
            if term.constructor == Constructor::OptionalBound {
                match &*term.arguments {
                    [argument] if is_null(argument) => {}
                    [Value::Bound(inner)] => terms.push(inner),
                    [bare] => meet = meet.meet(&Bound::from_value(bare, of, stricter, term.calendar)?),
                    other => return Err(BoundProblem::count(term.constructor, "one bound", other.len())),
                }
                continue;
            }
            if term.constructor != Constructor::AllOf {
                meet = meet.meet(&single(term, of, stricter)?);
                continue;
            }
            if term.arguments.is_empty() {
                return Err(BoundProblem::count(term.constructor, "at least one bound", 0));
            }
            for argument in term.arguments.iter().rev() {
                match argument {
                    Value::Bound(inner) => terms.push(inner),
                    bare => meet = meet.meet(&Bound::from_value(bare, of, stricter, term.calendar)?),
                }
            }
        }
        Ok(meet)
    }
}

/// Whether a bound is null, or compares with null.
fn is_null(bound: &Value) -> bool {
    match bound {
        Value::Null => true,
        Value::Bound(term) => term.arguments.contains(&Value::Null),
        _ => false,
    }
}

/// What a bare value may mean: the bound in the stricter direction, and exactly it.
fn bare(value: &Value, of: Type, stricter: Stricter, calendar: Calendar) -> BoundProblem {
    let meant = match of.convert(value, calendar) {
        Err(Mismatch { offer: Some(offer), part: None, .. }) => Value::string(&offer).to_string(),
        _ => value.to_string(),
    };
    let direction = match (stricter, of) {
        (Stricter::Greater, _) => Some(Constructor::AtLeast),
        (Stricter::Lesser, _) => Some(Constructor::AtMost),
        (Stricter::Superset, _) => Some(Constructor::SupersetOf),
        (Stricter::Subset, Type::Cidrs) => Some(Constructor::Within),
        (Stricter::Subset, _) => Some(Constructor::SubsetOf),
        _ => None,
    };
    let offers: Vec<String> =
        direction.into_iter().chain([Constructor::Exactly]).map(|by| format!("{}({meant})", by.name())).collect();
    let detail = format!("a setting of type {} takes a bound, and `{value}` is {}", of.name(), value.sort());
    let quoted: Vec<String> = offers.iter().map(|offer| format!("`{offer}`")).collect();
    let problem = BoundProblem::new(code::BARE_VALUE, detail).help(format!("write {}", quoted.join(" or ")));
    match offers.into_iter().next() {
        Some(first) => problem.paste(first),
        None => problem,
    }
}

/// The functions that say something about a type, sorted by name.
fn suitable(of: Type, stricter: Stricter) -> &'static [Constructor] {
    use Constructor::{
        Absent, AllOf, AtLeast, AtMost, Between, Exactly, Matches, Nobody, NoneOf, OneOf, Present, SubsetOf,
        SupersetOf, Within,
    };
    match of {
        Type::Bool => &[Absent, AllOf, Exactly, NoneOf, OneOf, Present],
        Type::String => &[Absent, AllOf, Exactly, Matches, NoneOf, OneOf, Present],
        Type::Enum(_) if stricter == Stricter::Later => {
            &[Absent, AllOf, AtLeast, AtMost, Between, Exactly, Matches, NoneOf, OneOf, Present]
        }
        Type::Enum(_) => &[Absent, AllOf, Exactly, Matches, NoneOf, OneOf, Present],
        Type::Integer | Type::Ratio | Type::Size | Type::Duration | Type::Retention | Type::Instant | Type::Version => {
            &[Absent, AllOf, AtLeast, AtMost, Between, Exactly, NoneOf, OneOf, Present]
        }
        Type::Strings(_) => &[Absent, AllOf, Exactly, Present, SubsetOf, SupersetOf],
        Type::Cidrs => &[Absent, AllOf, Exactly, Nobody, Present, SubsetOf, SupersetOf, Within],
        Type::Tags => &[],
    }
}

fn single(term: &BoundTerm, of: Type, stricter: Stricter) -> Result<Bound, BoundProblem> {
    let suitable = suitable(of, stricter);
    if !suitable.contains(&term.constructor) {
        return Err(BoundProblem::unsuitable(term.constructor, of, suitable));
    }
    if let (Type::Cidrs | Type::Strings(_), [Value::String(_), ..]) = (of, &term.arguments[..]) {
        return Err(BoundProblem::list(term, of));
    }
    let arguments = &*arguments(term)?;
    match (term.constructor, of) {
        (Constructor::Present, _) => Ok(Bound::Present),
        (Constructor::Absent, _) => Ok(Bound::Absent),
        (Constructor::Nobody, _) => Ok(Bound::nobody()),
        (_, Type::Integer) => Ok(Bound::integers(ranges::<i64>(term, arguments)?.0)),
        (_, Type::Ratio) => Ok(Bound::ratios(ranges::<Ratio>(term, arguments)?.0)),
        (_, Type::Size) => Ok(Bound::sizes(ranges::<Size>(term, arguments)?.0)),
        (_, Type::Duration) => Ok(Bound::durations(ranges::<u64>(term, arguments)?.0)),
        (_, Type::Retention) => {
            let (ranges, named) = ranges(term, arguments)?;
            Ok(RetentionBounds::new(ranges, &named).into())
        }
        (_, Type::Instant) => Ok(Bound::instants(ranges::<Instant>(term, arguments)?.0)),
        (_, Type::Version) => Ok(Bound::versions(ranges::<Release>(term, arguments)?.0)),
        (Constructor::Matches, _) => matching(term, of),
        (_, Type::Bool) => truth(term, arguments),
        (_, Type::String | Type::Enum(_)) => texts(term, arguments, of),
        (_, Type::Cidrs) => cidrs(term, of),
        (_, Type::Strings(_)) => strings(term, of),
        (_, Type::Tags) => Err(BoundProblem::unsuitable(term.constructor, of, suitable)),
    }
}

/// The arguments, as many as the function takes and none of them null; the members of `one_of([...])` and `none_of([...])`.
fn arguments(term: &BoundTerm) -> Result<Cow<'_, [Value]>, BoundProblem> {
    let list: Option<Cow<'_, [Value]>> = match (term.constructor, &term.arguments[..]) {
        (Constructor::OneOf | Constructor::NoneOf, [Value::List(items)]) => Some(Cow::Borrowed(items)),
        (Constructor::OneOf | Constructor::NoneOf, [Value::Set(set)]) => {
            Some(set.iter().cloned().map(Value::String).collect())
        }
        _ => None,
    };
    // A list of nothing leaves nothing out, but offers nothing to choose from.
    let may_be_empty = list.is_some() && term.constructor == Constructor::NoneOf;
    let arguments = list.unwrap_or(Cow::Borrowed(&term.arguments));
    let (fits, takes) = match term.constructor {
        Constructor::Absent | Constructor::Nobody | Constructor::Present => (arguments.is_empty(), "no argument"),
        Constructor::Between => (arguments.len() == 2, "two arguments"),
        Constructor::OneOf | Constructor::NoneOf => (may_be_empty || !arguments.is_empty(), "at least one value"),
        _ => (arguments.len() == 1, "one argument"),
    };
    if !fits {
        return Err(BoundProblem::count(term.constructor, takes, arguments.len()));
    }
    match arguments.contains(&Value::Null) {
        true => Err(BoundProblem::null(&format!("an argument of `{}`", term.constructor.name()))),
        false => Ok(arguments),
    }
}

/// The places of a bound on an ordered type, and those that it spells out.
fn ranges<P: Scale>(term: &BoundTerm, arguments: &[Value]) -> Result<(Ranges<P>, Vec<P>), BoundProblem> {
    let place = |read: fn(&Value, Calendar) -> Result<P, Mismatch>, value: &Value| {
        read(value, term.calendar).map_err(|why| BoundProblem::argument(term.constructor, arguments, value, why))
    };
    match (term.constructor, arguments) {
        (Constructor::AtLeast, [value]) => {
            let least = place(P::lower, value)?;
            Ok((Ranges::between(least, P::GREATEST), vec![least]))
        }
        (Constructor::AtMost, [value]) => {
            let greatest = place(P::upper, value)?;
            Ok((Ranges::between(P::LEAST, greatest), vec![greatest]))
        }
        (Constructor::Between, [least, greatest]) => {
            let (first, last) = (place(P::lower, least)?, place(P::upper, greatest)?);
            match first <= last {
                true => Ok((Ranges::between(first, last), vec![first, last])),
                false => Err(nothing_between(least, greatest)),
            }
        }
        _ => {
            let named: Vec<P> = arguments.iter().map(|value| place(P::exact, value)).collect::<Result<_, _>>()?;
            let listed = Ranges::of(named.iter().map(|place| (*place, *place)));
            match term.constructor {
                Constructor::NoneOf => Ok((listed.complement(), Vec::new())),
                _ => Ok((listed, named)),
            }
        }
    }
}

fn nothing_between(least: &Value, greatest: &Value) -> BoundProblem {
    let problem = BoundProblem::new(code::BOUND_ARGUMENT, format!("there is nothing from `{least}` to `{greatest}`"));
    problem.help("write the lesser value first; months and years count at their longest as a lower bound, at their shortest as an upper one")
}

fn truth(term: &BoundTerm, arguments: &[Value]) -> Result<Bound, BoundProblem> {
    let listed: BTreeSet<bool> = converted(term, arguments, Type::Bool)?
        .iter()
        .filter_map(|value| match value {
            Value::Bool(value) => Some(*value),
            _ => None,
        })
        .collect();
    let wanted = |value| listed.contains(&value) != (term.constructor == Constructor::NoneOf);
    Ok(match (wanted(false), wanted(true)) {
        (true, true) => Bound::Present,
        (false, false) => Bound::Nothing,
        (_, truth) => Bound::Bool(truth),
    })
}

fn texts(term: &BoundTerm, arguments: &[Value], of: Type) -> Result<Bound, BoundProblem> {
    let values = converted(term, arguments, of)?;
    let listed: BTreeSet<Text> = values.iter().filter_map(Value::as_str).map(Text::from).collect();
    let Type::Enum(members) = of else {
        return Ok(match term.constructor {
            Constructor::NoneOf => TextBounds::all_but(listed).into(),
            _ => TextBounds::Only(listed).into(),
        });
    };
    let place =
        |at: usize| values.get(at).and_then(|value| members.iter().position(|member| value.as_str() == Some(member)));
    let (first, last) = (place(0).unwrap_or(0), place(values.len().saturating_sub(1)).unwrap_or(0));
    if term.constructor == Constructor::Between && first > last {
        return Err(nothing_between(&values[0], &values[1]));
    }
    let admitted = |at: usize, member: &str| match term.constructor {
        Constructor::AtLeast => at >= first,
        Constructor::AtMost => at <= first,
        Constructor::Between => (first..=last).contains(&at),
        Constructor::NoneOf => !listed.contains(member),
        _ => listed.contains(member),
    };
    Ok(some_of(members, admitted))
}

/// A bound on an enum: what admits every member is [`Bound::Present`].
fn some_of(members: &[&str], admitted: impl Fn(usize, &str) -> bool) -> Bound {
    let some: BTreeSet<Text> = members
        .iter()
        .enumerate()
        .filter(|(at, member)| admitted(*at, member))
        .map(|(_, member)| Text::from(*member))
        .collect();
    match members.iter().all(|member| some.contains(*member)) {
        true => Bound::Present,
        false => TextBounds::Only(some).into(),
    }
}

fn matching(term: &BoundTerm, of: Type) -> Result<Bound, BoundProblem> {
    let [Value::String(text)] = &term.arguments[..] else {
        let wrong = term.arguments.first().unwrap_or(&Value::Null);
        return Err(BoundProblem::argument(
            term.constructor,
            &term.arguments,
            wrong,
            Mismatch::new("a regular expression"),
        ));
    };
    let pattern = Pattern::new(text).map_err(|why| {
        let detail = format!("`matches` takes a regular expression, and `{text}` is none: {why}");
        BoundProblem::new(code::BOUND_ARGUMENT, detail)
    })?;
    Ok(match of {
        Type::Enum(members) => some_of(members, |_, member| pattern.matches(member)),
        _ => TextBounds::matching(pattern).into(),
    })
}

fn strings(term: &BoundTerm, of: Type) -> Result<Bound, BoundProblem> {
    let set = match converted(term, &term.arguments, of)?.pop() {
        Some(Value::Set(set)) => set,
        _ => Arc::default(),
    };
    let (lower, upper) = match term.constructor {
        Constructor::SupersetOf => (set, None),
        Constructor::SubsetOf => (Arc::default(), Some(set)),
        _ => (set.clone(), Some(set)),
    };
    let every = |upper: &Arc<BTreeSet<Text>>| match of {
        Type::Strings(Some(members)) => members.iter().all(|member| upper.contains(*member)),
        _ => false,
    };
    Ok(StringBounds { lower, upper: upper.filter(|upper| !every(upper)) }.into())
}

fn cidrs(term: &BoundTerm, of: Type) -> Result<Bound, BoundProblem> {
    let set = match converted(term, &term.arguments, of)?.pop() {
        Some(Value::Cidrs(set)) => set,
        _ => CidrSet::nobody(),
    };
    let exactly = CidrBounds { names_nobody: false, lower: set.clone(), upper: set };
    Ok(match term.constructor {
        Constructor::SupersetOf => CidrBounds { upper: CidrSet::everything(), ..exactly },
        Constructor::Exactly => exactly,
        _ => CidrBounds { lower: CidrSet::nobody(), ..exactly },
    }
    .into())
}

fn converted(term: &BoundTerm, arguments: &[Value], of: Type) -> Result<Vec<Value>, BoundProblem> {
    let convert = |value: &Value| {
        let null_inside = matches!(value, Value::List(items) if items.contains(&Value::Null));
        match of.convert(value, term.calendar) {
            _ if null_inside => {
                Err(BoundProblem::null(&format!("a member of the list given to `{}`", term.constructor.name())))
            }
            Ok(value) => Ok(value),
            Err(why) => Err(BoundProblem::argument(term.constructor, arguments, value, why)),
        }
    };
    arguments.iter().map(convert).collect()
}
