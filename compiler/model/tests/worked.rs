//! Worked conflicts and least legal values: what the arithmetic of real settings comes to.

#![allow(clippy::unwrap_used, reason = "what a test sets up must hold, or the test fails")]

use ordain_model::bound::{Bound, BoundTerm, Constructor, Nearest, Satisfiability, contradiction};
use ordain_model::cidr::CidrSet;
use ordain_model::domain::{Days, Domain, Lengths};
use ordain_model::duration::{Calendar, Duration};
use ordain_model::retention::Retention;
use ordain_model::schema::Stricter;
use ordain_model::types::Type;
use ordain_model::value::Value;

/// CloudWatch Logs, `PutRetentionPolicy`: 22 values; no policy keeps for ever.
const CLOUDWATCH: Domain = Domain::Retention(Lengths {
    days: Days::Listed(&[
        1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
    ]),
    disabled: false,
    unlimited: true,
});
/// Loki as some platforms publish it: whole weeks.
const WEEKS: Domain = Domain::Retention(Lengths {
    days: Days::Range { least: 7, greatest: 7 * 10_000, step: 7 },
    disabled: false,
    unlimited: false,
});
/// RDS automated backups: 0 (off) to 35 days.
const RDS: Domain = Domain::Retention(Lengths {
    days: Days::Range { least: 1, greatest: 35, step: 1 },
    disabled: true,
    unlimited: false,
});
/// EKS public access: at most 40 blocks.
const EKS: Domain = Domain::Cidrs { most: 40, ipv6: false };

fn bound(constructor: Constructor, arguments: &[Value], of: Type, stricter: Stricter) -> Bound {
    let term = BoundTerm { constructor, arguments: arguments.to_vec(), calendar: Calendar::Strict };
    Bound::from_term(&term, of, stricter).unwrap()
}

fn at_least(span: &str) -> Bound {
    bound(Constructor::AtLeast, &[Value::string(span)], Type::Retention, Stricter::Greater)
}

fn at_most(span: &str) -> Bound {
    bound(Constructor::AtMost, &[Value::string(span)], Type::Retention, Stricter::Greater)
}

fn step(bound: &Bound, live: Retention, domain: &Domain) -> Nearest {
    bound.nearest(&Value::Retention(live), domain, Type::Retention, Stricter::Greater)
}

fn days(days: u32) -> Nearest {
    Nearest::Value(Value::Retention(Retention::Days(days)))
}

fn blocks(entries: &[&str]) -> CidrSet {
    CidrSet::parse(entries.iter().copied()).unwrap()
}

fn narrowed(bound: &Bound, live: &[&str], domain: &Domain) -> Result<String, String> {
    match bound.nearest(&Value::Cidrs(blocks(live)), domain, Type::Cidrs, Stricter::Subset) {
        Nearest::Value(value) => Ok(value.to_string()),
        Nearest::None(why) => Err(why),
    }
}

#[test]
fn least_cloudwatch_values() {
    for (least, legal) in [
        (84, 90),
        (90, 90),
        (92, 120),
        (180, 180),
        (183, 365),
        (365, 365),
        (366, 400),
        (395, 400),
        (730, 731),
        (1095, 1096),
        (1096, 1096),
        (1825, 1827),
        (1827, 1827),
        (2190, 2192),
        (2192, 2192),
        (3650, 3653),
        (3653, 3653),
    ] {
        assert_eq!(step(&at_least(&format!("{least}d")), Retention::Days(30), &CLOUDWATCH), days(legal), "{least}");
    }
    assert_eq!(step(&at_least("12mo"), Retention::Days(30), &CLOUDWATCH), days(400));
    assert_eq!(step(&at_least("72mo"), Retention::Days(30), &CLOUDWATCH), days(2192));
}

#[test]
fn least_weeks() {
    for (least, weeks) in [(365, 53), (366, 53), (371, 53), (372, 54), (2190, 313), (2192, 314)] {
        assert_eq!(step(&at_least(&format!("{least}d")), Retention::Days(84), &WEEKS), days(7 * weeks), "{least}");
    }
}

#[test]
fn c1_a_year_at_least_and_at_most_leaves_one_value() {
    let both = at_least("365d").meet(&at_most("365d"));
    assert_eq!(both.to_string(), "exactly(\"365d\")");
    assert_eq!(both.satisfiable(&CLOUDWATCH), Satisfiability::Inhabited);
    assert_eq!(step(&both, Retention::Unlimited, &CLOUDWATCH), days(365));
}

#[test]
fn c2_a_strict_year_twice_names_the_domain() {
    let bounds = [&at_least("366d"), &at_least("30d"), &at_most("366d")];
    assert_eq!(Bound::meet_all(bounds).satisfiable(&CLOUDWATCH), Satisfiability::Empty);
    let found = contradiction(&bounds, &CLOUDWATCH).unwrap();
    assert_eq!((found.bounds, found.domain), (vec![0, 2], true));
}

#[test]
fn c3_the_weekly_scale_makes_a_conflict_that_the_interval_has_not() {
    let bounds = [&at_least("365d"), &at_most("365d")];
    assert!(!Bound::meet_all(bounds).is_nothing());
    let found = contradiction(&bounds, &WEEKS).unwrap();
    assert_eq!((found.bounds, found.domain), (vec![0, 1], true));
    assert_eq!(contradiction(&bounds, &CLOUDWATCH), None);
    assert!(matches!(step(&Bound::meet_all(bounds), Retention::Days(84), &WEEKS), Nearest::None(_)));
}

#[test]
fn c4_six_years_and_one_contradict_in_every_domain() {
    let found = contradiction(&[&at_least("72mo"), &at_most("365d")], &Domain::Any).unwrap();
    assert_eq!((found.bounds, found.domain), (vec![0, 1], false));
}

#[test]
fn c9_unlimited_satisfies_every_minimum_and_no_maximum() {
    let unlimited = Value::Retention(Retention::Unlimited);
    assert!(at_least("3653d").admits(&unlimited) && !at_most("3653d").admits(&unlimited));
    assert_eq!(step(&at_most("400d"), Retention::Unlimited, &CLOUDWATCH), days(400));
    // Only `unlimited` is long enough, and nobody named it.
    assert_eq!(at_least("4000d").satisfiable(&CLOUDWATCH), Satisfiability::Inhabited);
    assert!(matches!(step(&at_least("4000d"), Retention::Days(30), &CLOUDWATCH), Nearest::None(_)));
    let named = bound(Constructor::OneOf, &[Value::string("unlimited")], Type::Retention, Stricter::Greater);
    assert_eq!(step(&named, Retention::Days(30), &CLOUDWATCH), Nearest::Value(unlimited));
}

#[test]
fn c11_a_year_of_automated_backups_is_more_than_the_api_takes() {
    let found = contradiction(&[&at_least("365d")], &RDS).unwrap();
    assert_eq!((found.bounds, found.domain), (vec![0], true));
    assert_eq!(step(&at_least("7d"), Retention::Disabled, &RDS), days(7));
    // A maximum never switches backups off.
    assert_eq!(step(&at_most("5d"), Retention::Days(30), &RDS), days(5));
}

#[test]
fn c13_an_allowlist_of_45_blocks_is_merged_exactly_or_refused() {
    let apart: Vec<String> = (0..45).map(|at| format!("10.0.{}.0/24", 2 * at)).collect();
    let apart: Vec<&str> = apart.iter().map(String::as_str).collect();
    let exactly = Bound::exactly(&Value::Cidrs(blocks(&apart)));
    assert_eq!(exactly.satisfiable(&EKS), Satisfiability::Empty);
    assert_eq!(Bound::within(blocks(&apart)).satisfiable(&EKS), Satisfiability::Inhabited);
    let why = narrowed(&Bound::within(blocks(&apart)), &["0.0.0.0/0"], &EKS).unwrap_err();
    assert_eq!(why, "it takes 45 CIDR blocks even when merged, and the API takes 40");

    let adjacent: Vec<String> = (0..45).map(|at| format!("10.0.{at}.0/24")).collect();
    let adjacent: Vec<&str> = adjacent.iter().map(String::as_str).collect();
    assert_eq!(Bound::exactly(&Value::Cidrs(blocks(&adjacent))).satisfiable(&EKS), Satisfiability::Inhabited);
    let merged = narrowed(&Bound::within(blocks(&adjacent)), &["0.0.0.0/0"], &EKS).unwrap();
    assert_eq!(merged, r#"["10.0.0.0/19", "10.0.32.0/21", "10.0.40.0/22", "10.0.44.0/24"]"#);
}

#[test]
fn a_lower_set_may_be_covered_by_fewer_blocks_than_it_has() {
    let two = Bound::covering(blocks(&["10.0.0.0/24", "10.0.2.0/24"]));
    let one = Domain::Cidrs { most: 1, ipv6: false };
    assert_eq!(two.satisfiable(&one), Satisfiability::Inhabited);
    assert_eq!(
        two.meet(&Bound::within(blocks(&["10.0.0.0/23", "10.0.2.0/24"]))).satisfiable(&one),
        Satisfiability::Empty
    );
}

#[test]
fn the_world_within_the_office_is_the_office() {
    let office = Bound::within(blocks(&["203.0.113.0/24", "198.51.100.8/29"]));
    for open in [&["0.0.0.0/0"][..], &["0.0.0.0/1", "128.0.0.0/1"]] {
        assert!(!office.admits(&Value::Cidrs(blocks(open))));
        assert_eq!(narrowed(&office, open, &EKS).unwrap(), r#"["203.0.113.0/24", "198.51.100.8/29"]"#);
    }
    // What lies within survives as it is spelled; what sticks out is cut to the office.
    let live = ["203.0.113.128/25", "10.0.0.0/8", "198.51.100.0/24"];
    assert_eq!(narrowed(&office, &live, &EKS).unwrap(), r#"["203.0.113.128/25", "198.51.100.8/29"]"#);
}

#[test]
fn nobody_is_shut_out_unasked() {
    let office = Bound::within(blocks(&["203.0.113.0/24"]));
    assert!(narrowed(&office, &["10.0.0.0/8"], &EKS).is_err());
    assert!(narrowed(&Bound::within(CidrSet::nobody()), &["0.0.0.0/0"], &EKS).is_err());
    assert!(narrowed(&office.meet(&Bound::within(blocks(&["10.0.0.0/8"]))), &["0.0.0.0/0"], &EKS).is_err());
    assert!(narrowed(&Bound::covering(blocks(&["10.0.0.0/8"])), &[], &EKS).is_err());
    assert_eq!(narrowed(&Bound::nobody(), &["0.0.0.0/0"], &EKS).unwrap(), "[]");
    assert_eq!(narrowed(&Bound::nobody().meet(&office), &["10.0.0.0/8"], &EKS).unwrap(), "[]");
    // Nobody has access, which the office admits: there is nothing to do.
    assert_eq!(narrowed(&office, &[], &EKS).unwrap(), "[]");
}

#[test]
fn ipv6_is_not_written_where_the_api_takes_none() {
    let dual = Bound::within(blocks(&["203.0.113.0/24", "2001:db8::/32"]));
    assert_eq!(narrowed(&dual, &["0.0.0.0/0"], &EKS).unwrap(), r#"["203.0.113.0/24"]"#);
    assert_eq!(narrowed(&dual, &["::/0"], &EKS).unwrap_err(), "the API takes no IPv6 blocks");
    let both = Domain::Cidrs { most: 40, ipv6: true };
    assert_eq!(narrowed(&dual, &["0.0.0.0/0", "::/0"], &both).unwrap(), r#"["203.0.113.0/24", "2001:db8::/32"]"#);
    assert_eq!(Bound::covering(blocks(&["2001:db8::/32"])).satisfiable(&EKS), Satisfiability::Empty);
}

#[test]
fn what_must_stay_reachable_is_added_and_nothing_else() {
    let nodes = Bound::covering(blocks(&["198.51.100.7/32"]));
    let office = Bound::within(blocks(&["203.0.113.0/24", "198.51.100.0/24"]));
    let both = nodes.meet(&office);
    assert_eq!(
        narrowed(&both, &["203.0.113.0/25", "10.0.0.0/8"], &EKS).unwrap(),
        r#"["203.0.113.0/25", "198.51.100.7/32"]"#
    );
}

#[test]
fn more_log_types_are_added_and_none_is_dropped() {
    let logs = Type::Strings(Some(&["api", "audit", "authenticator"]));
    let audit = bound(Constructor::SupersetOf, &[Value::list([Value::string("audit")])], logs, Stricter::Superset);
    let nearest = |live| audit.nearest(&live, &Domain::Any, logs, Stricter::Superset);
    assert_eq!(nearest(Value::set(["api"])), Nearest::Value(Value::set(["api", "audit"])));
    assert_eq!(nearest(Value::set([])), Nearest::Value(Value::set(["audit"])));
    assert!(matches!(nearest(Value::Null), Nearest::None(_)));
}

#[test]
fn the_value_that_observed_bounds_admit_wins_a_tie() {
    let region = |names: &[&str]| Bound::one_of_texts(names.iter().copied());
    let nearest = |also: &Bound| {
        region(&["b", "c"]).nearest_preferring(
            &Value::string("a"),
            &Domain::Any,
            Type::String,
            Stricter::Unordered,
            also,
        )
    };
    assert_eq!(nearest(&Bound::Anything), Nearest::Value(Value::string("b")));
    assert_eq!(nearest(&region(&["c"])), Nearest::Value(Value::string("c")));
}

#[test]
fn a_value_that_does_not_loosen_comes_before_a_nearer_one() {
    let hops = bound(Constructor::NoneOf, &[Value::integer(3), Value::integer(2)], Type::Integer, Stricter::Lesser);
    let nearest = hops.nearest(&Value::integer(3), &Domain::Integers(1, 64), Type::Integer, Stricter::Lesser);
    assert_eq!(nearest, Nearest::Value(Value::integer(1)));
}

#[test]
fn what_is_not_set_takes_a_value_only_where_there_is_one() {
    let nearest = |bound: &Bound, of, stricter| bound.nearest(&Value::Null, &Domain::Any, of, stricter);
    assert!(matches!(nearest(&at_least("365d"), Type::Retention, Stricter::Greater), Nearest::None(_)));
    let key = Bound::exactly(&Value::string("alias/logs"));
    assert_eq!(nearest(&key, Type::String, Stricter::Unordered), Nearest::Value(Value::string("alias/logs")));
    assert!(matches!(nearest(&Bound::Present, Type::String, Stricter::Unordered), Nearest::None(_)));
    let office = Value::Cidrs(blocks(&["203.0.113.0/24"]));
    assert_eq!(nearest(&Bound::exactly(&office), Type::Cidrs, Stricter::Subset), Nearest::Value(office));
    let pattern = bound(Constructor::Matches, &[Value::string("^arn:")], Type::String, Stricter::Unordered);
    assert!(matches!(nearest(&pattern, Type::String, Stricter::Unordered), Nearest::None(_)));
    assert!(matches!(pattern.satisfiable(&Domain::Any), Satisfiability::Undecided(_)));
}

#[test]
fn a_value_without_an_order_of_its_own_takes_the_strictest_of_the_nearest() {
    let levels = Type::Enum(&["off", "low", "strict"]);
    let some = bound(Constructor::AtLeast, &[Value::string("low")], levels, Stricter::Later);
    let nearest = some.nearest(&Value::string("legacy"), &Domain::Any, levels, Stricter::Later);
    assert_eq!(nearest, Nearest::Value(Value::string("strict")));
}

#[test]
fn a_month_is_long_enough_only_where_the_shortest_is() {
    let live = |text| Value::Duration(Duration::parse(text, Calendar::Strict).unwrap());
    let bound = |span| bound(Constructor::AtLeast, &[Value::string(span)], Type::Duration, Stricter::Greater);
    assert!(bound("28d").admits(&live("1mo")) && !bound("29d").admits(&live("1mo")));
    let most = self::bound(Constructor::AtMost, &[Value::string("30d")], Type::Duration, Stricter::Lesser);
    assert!(!most.admits(&live("1mo")) && most.admits(&live("30d")));
    let nearest = bound("29d").nearest(&live("1mo"), &Domain::Any, Type::Duration, Stricter::Greater);
    assert_eq!(nearest, Nearest::Value(live("31d")));
}

#[test]
fn a_pattern_implies_that_what_it_does_not_match_is_left_out() {
    let text = |constructor, text| bound(constructor, &[Value::string(text)], Type::String, Stricter::Unordered);
    let (keys, not_x) = (text(Constructor::Matches, "^arn:"), text(Constructor::NoneOf, "x"));
    assert!(keys.implies(&not_x) && !keys.implies(&text(Constructor::NoneOf, "arn:x")));
    assert_eq!(keys.meet(&not_x), keys);
    assert_eq!(keys.meet(&text(Constructor::OneOf, "x")), Bound::Nothing);
}
