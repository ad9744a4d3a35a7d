//! The laws of bounds: a meet-semilattice per type, and a nearest value that never does more than it says.

#![allow(clippy::unwrap_used, reason = "what a test sets up must hold, or the test fails")]

use ordain_model::address::{Cell, ObjectAddress, SettingAddress, SettingName};
use ordain_model::bound::{Bound, BoundTerm, Constructor, Nearest, Satisfiability};
use ordain_model::cidr::CidrSet;
use ordain_model::direction::Direction;
use ordain_model::domain::{Days, Domain, Lengths};
use ordain_model::duration::{Calendar, Duration};
use ordain_model::retention::Retention;
use ordain_model::schema::Stricter;
use ordain_model::types::Type;
use ordain_model::value::Value;
use proptest::prelude::*;
use proptest::sample::select;
use std::sync::Arc;

const LEVELS: Type = Type::Enum(&["off", "low", "high", "full"]);
const LOGS: Type = Type::Strings(Some(&["a", "b", "c", "d"]));
const LENGTHS: Domain =
    Domain::Retention(Lengths { days: Days::Listed(&[1, 3, 7, 30, 365]), disabled: true, unlimited: true });
const WEEKS: Domain = Domain::Retention(Lengths {
    days: Days::Range { least: 7, greatest: 371, step: 7 },
    disabled: false,
    unlimited: true,
});

/// A type of settings with an order of strictness and a domain that fit it.
#[derive(Clone, Copy, Debug)]
struct Setting {
    of: Type,
    stricter: Stricter,
    domain: Domain,
}

const SETTINGS: &[Setting] = &[
    Setting { of: Type::Bool, stricter: Stricter::True, domain: Domain::Any },
    Setting { of: Type::String, stricter: Stricter::Unordered, domain: Domain::Any },
    Setting { of: LEVELS, stricter: Stricter::Later, domain: Domain::Any },
    Setting { of: Type::Integer, stricter: Stricter::Lesser, domain: Domain::Integers(-2, 6) },
    Setting { of: Type::Integer, stricter: Stricter::Unordered, domain: Domain::Any },
    Setting { of: Type::Ratio, stricter: Stricter::Lesser, domain: Domain::Any },
    Setting { of: Type::Size, stricter: Stricter::Greater, domain: Domain::Any },
    Setting { of: Type::Duration, stricter: Stricter::Greater, domain: Domain::Any },
    Setting { of: Type::Retention, stricter: Stricter::Greater, domain: LENGTHS },
    Setting { of: Type::Retention, stricter: Stricter::Lesser, domain: WEEKS },
    Setting { of: Type::Instant, stricter: Stricter::Greater, domain: Domain::Any },
    Setting { of: Type::Version, stricter: Stricter::Greater, domain: Domain::Any },
    Setting { of: LOGS, stricter: Stricter::Superset, domain: Domain::Any },
    Setting { of: Type::Cidrs, stricter: Stricter::Subset, domain: Domain::Cidrs { most: 3, ipv6: false } },
    Setting { of: Type::Cidrs, stricter: Stricter::Subset, domain: Domain::Any },
];

/// Values of a type, few enough to meet often.
fn values(of: Type) -> BoxedStrategy<Value> {
    let blocks = vec![
        "0.0.0.0/1",
        "128.0.0.0/1",
        "10.0.0.0/8",
        "10.0.0.0/30",
        "10.0.0.2/31",
        "10.0.0.1/32",
        "2001:db8::/32",
        "::/0",
    ];
    match of {
        Type::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
        Type::String => select(vec!["a", "b", "ab", "c"]).prop_map(Value::string).boxed(),
        Type::Enum(members) => select(members).prop_map(Value::string).boxed(),
        Type::Integer => (-3..8_i64).prop_map(Value::integer).boxed(),
        Type::Duration => select(vec!["1h", "1d", "28d", "1mo", "31d", "1y", "366d"]).prop_map(span).boxed(),
        Type::Retention => {
            let days = select(vec![1, 2, 3, 7, 14, 30, 364, 365, 366, 371]).prop_map(Retention::Days);
            prop_oneof![1 => Just(Retention::Disabled), 6 => days, 1 => Just(Retention::Unlimited)]
                .prop_map(Value::Retention)
                .boxed()
        }
        Type::Ratio | Type::Size | Type::Instant | Type::Version => {
            let texts = match of {
                Type::Ratio => vec!["0", "0.000000001", "25%", "0.5", "1", "2.5"],
                Type::Size => vec!["0B", "1B", "1kB", "1KiB", "500MB", "1GiB"],
                Type::Instant => vec!["2027-01-31T00:00:00Z", "2027-01-31T00:00:01Z", "2028-02-29T12:00:00Z"],
                _ => vec!["1.9", "1.29.3", "1.30.0-rc.1", "1.30", "v1.30.0", "1.30.1"],
            };
            let read = move |text| of.convert(&Value::string(text), Calendar::Strict).unwrap();
            select(texts).prop_map(read).boxed()
        }
        Type::Strings(_) => proptest::sample::subsequence(vec!["a", "b", "c", "d"], 0..=4).prop_map(Value::set).boxed(),
        Type::Cidrs => proptest::sample::subsequence(blocks, 0..=4)
            .prop_shuffle()
            .prop_map(|blocks| Value::Cidrs(CidrSet::parse(blocks).unwrap()))
            .boxed(),
        Type::Tags => Just(Value::Null).boxed(),
    }
}

fn span(text: &str) -> Value {
    Value::Duration(Duration::parse(text, Calendar::Strict).unwrap())
}

/// What a profile may write for a setting: every function, with arguments that it takes.
fn bounds(setting: Setting) -> BoxedStrategy<Bound> {
    let argument = values(setting.of).prop_map(|value| match value {
        Value::String(text) if &*text == "ab" => Value::string("^a"),
        value => value,
    });
    (select(Constructor::ALL), proptest::collection::vec(argument, 0..4))
        .prop_filter_map("a bound of this type", move |(constructor, mut arguments)| {
            let arity = match constructor {
                Constructor::Absent | Constructor::Nobody | Constructor::Present => 0,
                Constructor::OneOf | Constructor::NoneOf => arguments.len(),
                Constructor::Between => 2,
                _ => 1,
            };
            arguments.truncate(arity);
            if constructor == Constructor::AllOf {
                return Some(Bound::Anything);
            }
            let term = BoundTerm { constructor, arguments, calendar: Calendar::Strict };
            Bound::from_term(&term, setting.of, setting.stricter).ok()
        })
        .boxed()
}

fn settings() -> impl Strategy<Value = Setting> {
    select(SETTINGS)
}

/// A setting, three bounds on it, two values of it, one of them sometimes null.
fn worlds() -> impl Strategy<Value = (Setting, [Bound; 3], [Value; 2])> {
    settings().prop_flat_map(|setting| {
        let live = prop_oneof![9 => values(setting.of), 1 => Just(Value::Null)];
        let bounds = [bounds(setting), bounds(setting), bounds(setting)];
        (Just(setting), bounds, [live.boxed(), values(setting.of)])
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 700, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn meet_is_commutative_associative_and_idempotent((_, [a, b, c], _) in worlds()) {
        prop_assert_eq!(a.meet(&b), b.meet(&a));
        prop_assert_eq!(a.meet(&b).meet(&c), a.meet(&b.meet(&c)));
        prop_assert_eq!(a.meet(&a), a.clone());
        prop_assert_eq!(a.meet(&Bound::Anything), a.clone());
        prop_assert_eq!(a.meet(&Bound::Nothing), Bound::Nothing);
        prop_assert_eq!(Bound::meet_all([&c, &b, &a]), Bound::meet_all([&a, &b, &c]));
    }

    #[test]
    fn a_meet_admits_what_both_admit((_, [a, b, _], [value, other]) in worlds()) {
        for value in [value, other, Value::Null] {
            prop_assert_eq!(a.meet(&b).admits(&value), a.admits(&value) && b.admits(&value));
        }
    }

    #[test]
    fn implication_holds_for_every_value_and_orders_bounds((_, [a, b, c], [value, other]) in worlds()) {
        prop_assert!(a.implies(&a) && a.meet(&b).implies(&a) && Bound::Nothing.implies(&a) && a.implies(&Bound::Anything));
        if a.implies(&b) {
            prop_assert!(!a.admits(&value) || b.admits(&value));
            prop_assert!(!a.admits(&other) || b.admits(&other));
            prop_assert!(!b.implies(&c) || a.implies(&c));
            prop_assert!(!b.implies(&a) || a == b);
        }
    }

    #[test]
    fn a_step_is_admitted_legal_and_loosens_only_where_everything_does((setting, [a, b, _], [live, other]) in worlds()) {
        let Setting { of, stricter, domain } = setting;
        let bound = a.meet(&b);
        let Nearest::Value(next) = bound.nearest(&live, &domain, of, stricter) else { return Ok(()) };
        prop_assert!(bound.admits(&next), "{bound} does not admit {next}");
        if bound.admits(&live) {
            prop_assert_eq!(next, live);
            return Ok(());
        }
        prop_assert!(domain.legal(&next), "{next} is not legal");
        prop_assert!(bound.satisfiable(&domain) != Satisfiability::Empty);
        let loosens = |to: &Value| Direction::of(&live, to, of, stricter) == Direction::Loosen;
        let sayable = !matches!(other, Value::Retention(Retention::Disabled | Retention::Unlimited));
        if loosens(&next) && sayable && bound.admits(&other) && domain.legal(&other) {
            prop_assert!(loosens(&other), "{live} goes to {next} although {other} would not loosen it");
        }
    }

    #[test]
    fn a_step_settles_the_setting((setting, [bound, also, _], [live, _]) in worlds()) {
        let Setting { of, stricter, domain } = setting;
        if let Nearest::Value(next) = bound.nearest_preferring(&live, &domain, of, stricter, &also) {
            prop_assert_eq!(bound.nearest(&next, &domain, of, stricter), Nearest::Value(next));
        }
    }

    #[test]
    fn a_narrowed_allowlist_reaches_nobody_new((_, [a, b, _], [live, _]) in worlds()) {
        let (bound, setting) = (a.meet(&b), SETTINGS[SETTINGS.len() - 1]);
        let (Bound::Cidrs(bounds), Value::Cidrs(before)) = (&bound, &live) else { return Ok(()) };
        if let Nearest::Value(Value::Cidrs(after)) = bound.nearest(&live, &setting.domain, setting.of, setting.stricter) {
            prop_assert!(after.is_subset(&before.union(&bounds.lower)));
        }
    }

    #[test]
    fn the_strictest_bound_admits_what_is_no_weaker_and_refuses_what_is((setting, _, [live, other]) in worlds(), more in any::<bool>()) {
        let Setting { of, stricter, domain } = setting;
        let found = if more { vec![live.clone(), other.clone()] } else { vec![live.clone()] };
        let Some(bound) = Bound::strictest(&found, &domain, of, stricter) else { return Ok(()) };
        prop_assert!(!bound.is_vacuous(&domain, of));
        prop_assert!(found.iter().all(|value| bound.admits(value)), "{bound} refuses what was found");
        if Direction::of(&live, &other, of, stricter) != Direction::Loosen {
            prop_assert!(bound.admits(&other), "{bound} refuses {other}, which is no weaker than {live}");
        }
        // A month and a version before its release lie between two values: the bound admits the weaker of them.
        let exact = Bound::exactly(&live) != Bound::Nothing;
        if !more && exact && Direction::of(&other, &live, of, stricter) == Direction::Tighten {
            prop_assert!(!bound.admits(&other), "{bound} admits {other}, which is weaker than {live}");
        }
    }

    #[test]
    fn the_direction_back_is_the_opposite((setting, _, [a, b]) in worlds()) {
        let Setting { of, stricter, .. } = setting;
        match Direction::of(&a, &b, of, stricter) {
            Direction::Neutral => prop_assert_eq!(Direction::of(&b, &a, of, stricter), Direction::Neutral),
            Direction::Tighten => prop_assert_eq!(Direction::of(&b, &a, of, stricter), Direction::Loosen),
            Direction::Loosen => prop_assert_ne!(Direction::of(&b, &a, of, stricter), Direction::Neutral),
        }
    }

    #[test]
    fn addresses_read_back(
        provider in "[a-z]{1,8}",
        scope in proptest::collection::vec(".{1,12}", 0..3),
        kind in "[a-z_]{1,12}",
        id in any::<String>().prop_filter("an id", |id| !id.is_empty()),
        name in "[a-z_]{1,12}",
        key in any::<Option<String>>(),
    ) {
        let cell = Cell { provider: provider.as_str().into(), scope: scope.iter().map(|part| part.as_str().into()).collect() };
        let object = ObjectAddress { cell: Arc::new(cell.clone()), kind: kind.as_str().into(), id: id.as_str().into() };
        let setting = SettingName { name: name.as_str().into(), key: key.map(|key| key.as_str().into()) };
        let address = SettingAddress { object: object.clone(), setting: setting.clone() };
        prop_assert_eq!(Cell::parse(&cell.to_string()), Some(cell));
        prop_assert_eq!(ObjectAddress::parse(&object.to_string()), Some(object));
        prop_assert_eq!(SettingName::parse(&setting.to_string()), Some(setting));
        prop_assert_eq!(SettingAddress::parse(&address.to_string()), Some(address));
    }

    #[test]
    fn hostile_addresses_are_refused_without_a_panic(text in any::<String>()) {
        let read = SettingAddress::parse(&text);
        prop_assert!(read.is_none_or(|address| SettingAddress::parse(&address.to_string()) == Some(address)));
        let _ = (Cell::parse(&text), ObjectAddress::parse(&text), SettingName::parse(&text));
    }

    #[test]
    fn spans_of_time_read_back(months in 0..=119_988_u32, seconds in 0..300_000_000_000_u64) {
        let span = Duration { months, seconds, calendar: Calendar::Strict };
        prop_assert_eq!(Duration::parse(&span.to_string(), Calendar::Strict), Ok(span));
        prop_assert!(span.shortest_seconds() <= span.longest_seconds());
    }

    #[test]
    fn hostile_texts_are_refused_without_a_panic(text in any::<String>(), digits in "[0-9]{0,30}[a-z]{0,3}[0-9.e+-]{0,8}") {
        for text in [text, digits] {
            let _ = (Duration::parse(&text, Calendar::Strict), Retention::parse(&text), CidrSet::parse([&*text]));
            if let Ok(number) = ordain_model::number::Number::parse(&text) {
                prop_assert_eq!(ordain_model::number::Number::parse(&number.to_string()), Ok(number));
            }
        }
    }
}
