//! Bounds against brute force: over small worlds every value is tried, by code that shares nothing with the bounds.

use ordain_model::bound::{Bound, BoundTerm, Constructor, Nearest, Satisfiability, contradiction};
use ordain_model::cidr::CidrSet;
use ordain_model::domain::{Days, Domain, Lengths};
use ordain_model::duration::Calendar;
use ordain_model::retention::Retention;
use ordain_model::schema::Stricter;
use ordain_model::types::Type;
use ordain_model::value::Value;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use std::cmp::Ordering;
use std::sync::LazyLock;

const LEVELS: &[&str] = &["none", "low", "high", "full"];
const MEMBERS: &[&str] = &["a", "b", "c"];
/// The blocks within 10.0.0.0/30 with the addresses they cover, one bit each.
const BLOCKS: [(&str, u8); 7] = [
    ("10.0.0.0/30", 0b1111),
    ("10.0.0.0/31", 0b0011),
    ("10.0.0.2/31", 0b1100),
    ("10.0.0.0/32", 0b0001),
    ("10.0.0.1/32", 0b0010),
    ("10.0.0.2/32", 0b0100),
    ("10.0.0.3/32", 0b1000),
];

/// A type with few values. The values of an ordered type stand in their order.
#[derive(Clone, Debug)]
struct World {
    of: Type,
    stricter: Stricter,
    domain: Domain,
    values: Vec<Value>,
    legal: Vec<Value>,
}

fn worlds() -> Vec<World> {
    let mut worlds = Vec::new();
    let mut add = |of, stricter: &[Stricter], domain, values: &[Value], legal: &[Value]| {
        let world = |stricter| World { of, stricter, domain, values: values.to_vec(), legal: legal.to_vec() };
        worlds.extend(stricter.iter().copied().map(world));
    };
    let integers: Vec<Value> = (-1..10).map(Value::integer).collect();
    let scales = [Stricter::Greater, Stricter::Lesser, Stricter::Unordered];
    add(Type::Integer, &scales, Domain::Integers(0, 7), &integers, &integers[1..9]);

    let kept = |days: &[u32]| days.iter().map(|days| Value::Retention(Retention::Days(*days))).collect::<Vec<_>>();
    let (disabled, unlimited) = (Value::Retention(Retention::Disabled), Value::Retention(Retention::Unlimited));
    let every = [vec![disabled.clone()], kept(&(1..=11).collect::<Vec<_>>()), vec![unlimited.clone()]].concat();
    let listed = Lengths { days: Days::Listed(&[1, 3, 4, 8]), disabled: false, unlimited: true };
    let stepped = Lengths { days: Days::Range { least: 2, greatest: 9, step: 3 }, disabled: true, unlimited: false };
    let both = [vec![disabled], kept(&[2, 5, 8])].concat();
    add(Type::Retention, &scales, Domain::Retention(listed), &every, &[kept(&[1, 3, 4, 8]), vec![unlimited]].concat());
    add(Type::Retention, &scales, Domain::Retention(stepped), &every, &both);

    let levels: Vec<Value> = LEVELS.iter().map(|level| Value::string(level)).collect();
    add(Type::Enum(LEVELS), &[Stricter::Later, Stricter::Unordered], Domain::Any, &levels, &levels);
    let truths = [Value::Bool(false), Value::Bool(true)];
    add(Type::Bool, &[Stricter::True, Stricter::False, Stricter::Unordered], Domain::Any, &truths, &truths);
    let sets: Vec<Value> = (0..8).map(set).collect();
    let inclusion = [Stricter::Superset, Stricter::Subset, Stricter::Unordered];
    add(Type::Strings(Some(MEMBERS)), &inclusion, Domain::Any, &sets, &sets);
    worlds
}

/// The set of members whose bits are set.
fn set(bits: u8) -> Value {
    Value::set(MEMBERS.iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1).map(|(_, member)| *member))
}

impl World {
    fn place(&self, value: &Value) -> usize {
        self.values.iter().position(|known| known == value).unwrap_or(usize::MAX)
    }

    fn holds(&self, term: &BoundTerm, value: &Value) -> bool {
        let at = |at: usize| self.place(&term.arguments[at]);
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        match term.constructor {
            Constructor::Absent => *value == Value::Null,
            _ if *value == Value::Null => false,
            Constructor::Present => true,
            Constructor::AtLeast => self.place(value) >= at(0),
            Constructor::AtMost => self.place(value) <= at(0),
            Constructor::Between => self.place(value) >= at(0) && self.place(value) <= at(1),
            Constructor::NoneOf => !term.arguments.contains(value),
            Constructor::SupersetOf => includes(value, &term.arguments[0]),
            Constructor::SubsetOf => includes(&term.arguments[0], value),
            // The only patterns here are `^` and a letter.
            Constructor::Matches => text(value).starts_with(&text(&term.arguments[0])[1..]),
            _ => term.arguments.contains(value),
        }
    }

    fn all_hold(&self, terms: &[BoundTerm], value: &Value) -> bool {
        terms.iter().all(|term| self.holds(term, value))
    }

    /// Every value, null included.
    fn every(&self) -> impl Iterator<Item = &Value> {
        self.values.iter().chain([&Value::Null])
    }

    fn is_legal(&self, value: &Value) -> bool {
        self.legal.contains(value) || (self.domain == Domain::Any && *value == Value::Null)
    }

    fn bound(&self, term: &BoundTerm) -> Bound {
        Bound::from_term(term, self.of, self.stricter).unwrap_or(Bound::Nothing)
    }

    fn meet(&self, terms: &[BoundTerm]) -> Bound {
        Bound::meet_all(terms.iter().map(|term| self.bound(term)).collect::<Vec<_>>().iter())
    }

    /// Whether `b` is stricter than `a` (greater), as strict (equal) or less strict; none where they do not compare.
    fn compare(&self, a: &Value, b: &Value) -> Option<Ordering> {
        let places = self.place(b).cmp(&self.place(a));
        match self.stricter {
            _ if a == b => Some(Ordering::Equal),
            _ if *a == Value::Null || *b == Value::Null => None,
            Stricter::Greater | Stricter::True | Stricter::Later => Some(places),
            Stricter::Lesser | Stricter::False => Some(places.reverse()),
            Stricter::Superset if includes(b, a) => Some(Ordering::Greater),
            Stricter::Superset if includes(a, b) => Some(Ordering::Less),
            Stricter::Subset if includes(a, b) => Some(Ordering::Greater),
            Stricter::Subset if includes(b, a) => Some(Ordering::Less),
            _ => None,
        }
    }

    fn distance(&self, a: &Value, b: &Value) -> u64 {
        let days = |value: &Value| match value {
            Value::Retention(Retention::Days(days)) => u64::from(*days),
            Value::Retention(Retention::Unlimited) => 1_000_000,
            Value::Set(_) | Value::Null => 0,
            value => self.place(value) as u64,
        };
        match (a, b) {
            (Value::Set(a), Value::Set(b)) => a.symmetric_difference(b).count() as u64,
            _ => days(a).abs_diff(days(b)),
        }
    }

    /// Whether a step may choose a value: `disabled` and `unlimited` only where a bound that demands anything spells them.
    fn is_named(&self, terms: &[BoundTerm], value: &Value) -> bool {
        let names = |term: &BoundTerm| {
            let demands = self.values.iter().any(|value| !self.holds(term, value));
            demands && term.constructor != Constructor::NoneOf && term.arguments.contains(value)
        };
        !matches!(value, Value::Retention(Retention::Disabled | Retention::Unlimited)) || terms.iter().any(names)
    }

    fn nearest(&self, terms: &[BoundTerm], live: &Value) -> Option<Value> {
        if self.all_hold(terms, live) {
            return Some(live.clone());
        }
        if self.all_hold(terms, &Value::Null) {
            return Some(Value::Null).filter(|null| self.is_legal(null));
        }
        let fits = |value: &&Value| self.is_legal(value) && self.all_hold(terms, value) && self.is_named(terms, value);
        let mut candidates: Vec<&Value> = self.values.iter().filter(fits).collect();
        if *live == Value::Null && candidates.len() != 1 {
            return None;
        }
        let loosens = |value: &Value| !matches!(self.compare(live, value), Some(Ordering::Greater | Ordering::Equal));
        candidates.sort_by(|a, b| {
            let nearness = self.distance(live, a).cmp(&self.distance(live, b));
            let strictness = self.compare(a, b).unwrap_or(Ordering::Equal);
            loosens(a).cmp(&loosens(b)).then(nearness).then(strictness).then_with(|| a.cmp(b))
        });
        candidates.first().map(|value| (*value).clone())
    }

    /// Values that stand beside arguments only: what they do, all values beyond them do.
    fn is_margin(&self, value: &Value) -> bool {
        *value == Value::Retention(Retention::Days(11)) || [Value::integer(-1), Value::integer(9)].contains(value)
    }

    /// Every term with arguments among the values.
    fn terms(&self) -> Vec<BoundTerm> {
        let mut terms = Vec::new();
        let mut add = |constructor, arguments: &[&Value]| {
            let arguments = arguments.iter().map(|value| (*value).clone()).collect();
            let term = BoundTerm { constructor, arguments, calendar: Calendar::Strict };
            if Bound::from_term(&term, self.of, self.stricter).is_ok() {
                terms.push(term);
            }
        };
        add(Constructor::Present, &[]);
        add(Constructor::Absent, &[]);
        for letter in ["^n", "^l", "^x"] {
            add(Constructor::Matches, &[&Value::string(letter)]);
        }
        let arguments: Vec<&Value> = self.values.iter().filter(|value| !self.is_margin(value)).collect();
        for value in &arguments {
            for constructor in Constructor::ALL.iter().filter(|constructor| **constructor != Constructor::Matches) {
                add(*constructor, &[value]);
            }
            for other in &arguments {
                add(Constructor::Between, &[value, other]);
                if value < other {
                    add(Constructor::OneOf, &[value, other]);
                    add(Constructor::NoneOf, &[value, other]);
                }
            }
        }
        terms
    }
}

fn includes(around: &Value, within: &Value) -> bool {
    match (around, within) {
        (Value::Set(around), Value::Set(within)) => within.iter().all(|member| around.contains(member)),
        _ => false,
    }
}

/// Compares everything that is decided about some terms on one live value.
fn check(world: &World, terms: &[BoundTerm]) {
    let bound = world.meet(terms);
    let shown = || format!("{:?} {:?}: {bound}", world.of, world.stricter);
    for value in world.every() {
        assert_eq!(bound.admits(value), world.all_hold(terms, value), "{} admits {value}", shown());
        assert_eq!(world.domain.legal(value), world.is_legal(value), "{} legal {value}", shown());
        let nearest = match bound.nearest(value, &world.domain, world.of, world.stricter) {
            Nearest::Value(nearest) => Some(nearest),
            Nearest::None(_) => None,
        };
        assert_eq!(nearest, world.nearest(terms, value), "{} from {value}", shown());
    }
    let inhabited = world.every().any(|value| world.is_legal(value) && world.all_hold(terms, value));
    let expected = if inhabited { Satisfiability::Inhabited } else { Satisfiability::Empty };
    assert_eq!(bound.satisfiable(&world.domain), expected, "{}", shown());
}

#[test]
fn every_single_bound_decides_as_brute_force_does() {
    for world in worlds() {
        let terms = world.terms();
        assert!(terms.len() > 3, "{world:?}");
        for term in &terms {
            check(&world, std::slice::from_ref(term));
        }
    }
}

#[test]
fn implication_is_inclusion() {
    for world in worlds().iter().filter(|world| world.stricter != Stricter::Unordered) {
        let terms: Vec<BoundTerm> = world.terms().into_iter().step_by(3).collect();
        let bounds: Vec<(Bound, Vec<bool>)> = terms
            .iter()
            .map(|term| (world.bound(term), world.every().map(|value| world.holds(term, value)).collect()))
            .collect();
        for (a, in_a) in &bounds {
            for (b, in_b) in &bounds {
                let included = in_a.iter().zip(in_b).all(|(a, b)| !a || *b);
                assert_eq!(a.implies(b), included, "{:?}: {a} implies {b}", world.of);
            }
        }
    }
}

/// The contradictory choice of terms that comes first when its members are compared from the last to the first.
fn first_contradiction(world: &World, terms: &[BoundTerm]) -> Option<Vec<usize>> {
    let chosen = |bits: u32| (0..terms.len()).filter(|at| bits >> at & 1 == 1).collect::<Vec<_>>();
    let contradicts = |places: &Vec<usize>| {
        let holds = |value: &&Value| places.iter().all(|at| world.holds(&terms[*at], value));
        !world.every().any(|value| world.is_legal(value) && holds(&value))
    };
    let reversed = |places: &Vec<usize>| places.iter().rev().copied().collect::<Vec<_>>();
    (0..1 << terms.len()).map(chosen).filter(contradicts).min_by_key(reversed)
}

/// The worlds with all that can be written in each.
static WRITTEN: LazyLock<Vec<(World, Vec<BoundTerm>)>> =
    LazyLock::new(|| worlds().into_iter().map(|world| (world.clone(), world.terms())).collect());

fn some_terms() -> impl Strategy<Value = (&'static World, Vec<BoundTerm>)> {
    (0..WRITTEN.len()).prop_flat_map(|at| {
        let (world, terms) = &WRITTEN[at];
        (Just(world), proptest::collection::vec(select(&terms[..]), 2..6))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 700, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn meets_decide_as_brute_force_does((world, terms) in some_terms()) {
        check(world, &terms[..2]);
        check(world, &terms);
    }

    #[test]
    fn contradictions_are_minimal_and_first((world, terms) in some_terms()) {
        let bounds: Vec<Bound> = terms.iter().map(|term| world.bound(term)).collect();
        let found = contradiction(&bounds.iter().collect::<Vec<_>>(), &world.domain);
        prop_assert_eq!(found.as_ref().map(|found| found.bounds.clone()), first_contradiction(world, &terms));
        let Some(found) = found else { return Ok(()) };
        let culprits = |left_out: Option<usize>| -> Vec<BoundTerm> {
            found.bounds.iter().filter(|at| Some(**at) != left_out).map(|at| terms[*at].clone()).collect()
        };
        let every: Vec<&Value> = world.every().collect();
        prop_assert_eq!(found.domain, every.iter().any(|value| world.all_hold(&culprits(None), value)));
        for at in &found.bounds {
            let rest = culprits(Some(*at));
            prop_assert!(every.iter().any(|value| world.is_legal(value) && world.all_hold(&rest, value)), "{} is idle", at);
        }
    }

    #[test]
    fn allowlists_narrow_as_brute_force_does(
        uppers in proptest::collection::vec(blocks(), 0..3),
        lower in blocks(),
        has_lower in any::<bool>(),
        nobody in proptest::bool::weighted(0.1),
        live in blocks(),
        most in 0..4_usize,
    ) {
        let mut bounds: Vec<Bound> = uppers.iter().map(|names| Bound::within(cidrs(names))).collect();
        bounds.extend(has_lower.then(|| Bound::covering(cidrs(&lower))));
        bounds.extend(nobody.then(Bound::nobody));
        let bound = Bound::meet_all(&bounds);
        let upper = uppers.iter().fold(if nobody { 0 } else { 0b1111 }, |upper, names| upper & mask(names));
        let lower = if has_lower { mask(&lower) } else { 0 };
        let domain = Domain::Cidrs { most, ipv6: false };
        let demanded = |mask: u8| lower & !mask == 0 && mask & !upper == 0;

        for mask in 0..16 {
            let value = Value::Cidrs(cidrs(&spelled(mask)));
            prop_assert_eq!(bound.admits(&value), demanded(mask));
            prop_assert_eq!(domain.legal(&value), spelled(mask).len() <= most);
        }
        let inhabited = (0..16).any(|mask| demanded(mask) && spelled(mask).len() <= most);
        prop_assert_eq!(bound.satisfiable(&domain) == Satisfiability::Inhabited, inhabited, "{}", bound);

        let expected = match mask(&live) {
            live if demanded(live) => Some(live),
            _ if lower & !upper != 0 => None,
            _ if nobody => Some(0),
            0 => None,
            live => Some((live & upper) | lower).filter(|result| *result != 0 && spelled(*result).len() <= most),
        };
        match bound.nearest(&Value::Cidrs(cidrs(&live)), &domain, Type::Cidrs, Stricter::Subset) {
            Nearest::Value(Value::Cidrs(next)) => {
                prop_assert_eq!(Some(covered(&next)), expected, "{}: {:?} -> {}", bound, live, next);
                let survives = |name: &&&str| next.entries().iter().any(|entry| entry.to_string() == **name);
                let whole = live.iter().filter(|name| mask(&[name]) & !covered(&next) == 0);
                let merged = next.entries() == next.fewest().entries();
                prop_assert!(merged || whole.clone().all(|name| survives(&name)), "{:?} -> {}", live, next);
            }
            Nearest::Value(other) => prop_assert!(false, "{} is no set of addresses", other),
            Nearest::None(_) => prop_assert_eq!(None, expected, "{}: {:?}", bound, live),
        }
    }
}

fn blocks() -> impl Strategy<Value = Vec<&'static str>> {
    subsequence(BLOCKS.map(|(name, _)| name).to_vec(), 0..4).prop_shuffle()
}

fn cidrs(names: &[&str]) -> CidrSet {
    CidrSet::parse(names.iter().copied()).unwrap_or_else(|_| CidrSet::everything())
}

fn mask(names: &[&str]) -> u8 {
    BLOCKS.iter().filter(|(name, _)| names.contains(name)).fold(0, |mask, (_, bits)| mask | bits)
}

fn covered(set: &CidrSet) -> u8 {
    (0..4).filter(|at| set.contains(std::net::IpAddr::from([10, 0, 0, *at]))).fold(0, |mask, at| mask | 1 << at)
}

/// The fewest blocks that cover exactly these addresses, by trying every choice of blocks.
fn spelled(wanted: u8) -> Vec<&'static str> {
    let choice = |bits: u32| (0..7).filter(move |at| bits >> at & 1 == 1).map(|at| BLOCKS[at]);
    let exact = |bits: &u32| choice(*bits).fold(0, |mask, (_, block)| mask | block) == wanted;
    let fewest = (0..128_u32).filter(exact).min_by_key(|bits| bits.count_ones());
    fewest.map_or_else(Vec::new, |bits| choice(bits).map(|(name, _)| name).collect())
}
