//! Values from text, and the laws of what they mean: numbers, spans of time, retentions, addresses, bounds.

use ordain_model::address::{Cell, ObjectAddress, SettingAddress, SettingName};
use ordain_model::bound::{Bound, Nearest};
use ordain_model::cidr::CidrSet;
use ordain_model::domain::Domain;
use ordain_model::duration::{Calendar, Duration};
use ordain_model::number::Number;
use ordain_model::retention::Retention;
use ordain_model::schema::Stricter;
use ordain_model::types::Type;
use ordain_model::value::Value;

/// Words of a text, read as everything that they can be.
pub(crate) fn numbers(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let words: Vec<&str> = text.split_whitespace().take(6).collect();
    words.iter().for_each(|word| alone(word));
    arithmetic(&words);
    let retentions: Vec<Retention> = words.iter().filter_map(|word| Retention::parse(word).ok()).collect();
    for pair in retentions.windows(2) {
        let bound = Bound::retention_between(pair[0].min(pair[1]), pair[0].max(pair[1]));
        retentions.iter().for_each(|live| goes(&bound, &Value::Retention(*live), Type::Retention, Stricter::Greater));
        laws(&bound, &Bound::exactly(&Value::Retention(pair[0])));
    }
    let sets: Vec<CidrSet> = words.iter().filter_map(|word| CidrSet::parse(word.split(',')).ok()).collect();
    for pair in sets.windows(2) {
        addresses(&pair[0], &pair[1]);
        laws(&Bound::within(pair[0].clone()), &Bound::covering(pair[1].clone()));
        goes(&Bound::within(pair[0].clone()), &Value::Cidrs(pair[1].clone()), Type::Cidrs, Stricter::Subset);
    }
}

/// What is read is written back as something that reads as the same.
fn alone(word: &str) {
    if let Ok(number) = Number::parse(word) {
        assert_eq!(Number::parse(&number.to_string()), Ok(number));
    }
    if let Ok(span) = Duration::parse(word, Calendar::Strict) {
        assert_eq!(Duration::parse(&span.to_string(), Calendar::Strict), Ok(span));
        assert!(span.shortest_seconds() <= span.longest_seconds());
    }
    if let Ok(retention) = Retention::parse(word) {
        assert_eq!(Retention::parse(&retention.to_string()), Ok(retention));
    }
    if let Some(address) = SettingAddress::parse(word) {
        assert_eq!(SettingAddress::parse(&address.to_string()), Some(address));
    }
    drop((Cell::parse(word), ObjectAddress::parse(word), SettingName::parse(word)));
}

fn arithmetic(words: &[&str]) {
    let numbers: Vec<Number> = words.iter().filter_map(|word| Number::parse(word).ok()).collect();
    for pair in numbers.windows(2) {
        let (a, b) = (&pair[0], &pair[1]);
        assert_eq!(a.add(b), b.add(a));
        assert_eq!(a.mul(b), b.mul(a));
        // Beyond 155 digits results are rounded; integers of 64 bits are far from there.
        if let (Ok(sum), Some(_), Some(_)) = (a.add(b), a.as_i64(), b.as_i64()) {
            assert_eq!(sum.sub(b).as_ref(), Ok(a));
        }
        drop((a.div(b), a.rem(b), a.neg(), a.floor(), a.ceil()));
    }
}

fn addresses(a: &CidrSet, b: &CidrSet) {
    let (both, either, rest) = (a.intersection(b), a.union(b), a.difference(b));
    assert!(both.is_subset(a) && both.is_subset(b) && a.is_subset(&either) && b.is_subset(&either));
    assert!(rest.is_subset(a) && rest.intersection(b).is_empty());
    let whole = rest.union(&both);
    assert!(whole.is_subset(a) && a.is_subset(&whole), "{a} {b}");
}

/// The meet is commutative and idempotent, and lies below both.
fn laws(a: &Bound, b: &Bound) {
    let meet = a.meet(b);
    assert_eq!(meet, b.meet(a));
    assert_eq!(meet.meet(a), meet);
    assert!(meet.implies(a) && meet.implies(b), "{a} {b}");
}

/// The value that a step goes to is admitted.
fn goes(bound: &Bound, live: &Value, of: Type, stricter: Stricter) {
    if let Nearest::Value(next) = bound.nearest(live, &Domain::Any, of, stricter) {
        assert!(bound.admits(&next), "{bound} goes from {live} to {next}");
    }
}
