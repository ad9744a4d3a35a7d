//! Contradictions among random demands, against an oracle that compares everything with everything.

use crate::line::constraints;
use proptest::prelude::*;

/// Selectors, with those that each implies and those that never select an object with it.
const SELECTORS: [(&str, &[usize], &[usize]); 7] = [
    ("true", &[0], &[6]),
    ("startswith(self.name, \"/a/\")", &[0, 1], &[4, 6]),
    ("startswith(self.name, \"/a/b/\")", &[0, 1, 2], &[4, 6]),
    ("self.name == \"/a/b/c\" && self.tags.team == \"x\"", &[0, 1, 2, 3, 5], &[4, 6]),
    ("startswith(self.name, \"/b/\")", &[0, 4], &[1, 2, 3, 6]),
    ("self.tags.team == \"x\"", &[0, 5], &[6]),
    ("self.name == \"/a/\" && self.name == \"/b/\"", &[0, 1, 4, 6], &[0, 1, 2, 3, 4, 5, 6]),
];

const KEYS: [&str; 4] = ["logs/", "logs/debug/", "logs/debug/x/", "data/"];

/// A demand: its selector, its key, and from how many to how many days it wants.
#[derive(Clone, Copy, Debug)]
struct Wanted {
    selector: usize,
    key: usize,
    days: (u32, u32),
}

impl Wanted {
    fn written(&self, at: usize) -> String {
        let (selector, key) = (SELECTORS[self.selector].0, KEYS[self.key]);
        let bound = match self.days {
            (least, u32::MAX) => format!("at_least(\"{least}d\")"),
            (_, most) => format!("at_most(\"{most}d\")"),
        };
        format!(
            "require \"lab_bucket\" \"r{at}\" {{\n  where = {selector}\n  must {{\n    retention = {{ \"{key}\" = {bound} }}\n  }}\n}}\n"
        )
    }

    fn covers(&self, other: &Wanted) -> bool {
        KEYS[other.key].starts_with(KEYS[self.key])
    }

    fn overlaps(&self, other: &Wanted) -> bool {
        self.covers(other) || other.covers(self)
    }

    fn implies(&self, other: &Wanted) -> bool {
        SELECTORS[self.selector].1.contains(&other.selector)
    }

    fn apart(&self, other: &Wanted) -> bool {
        SELECTORS[self.selector].2.contains(&other.selector)
    }
}

fn empty<'a>(all: impl IntoIterator<Item = &'a Wanted>) -> bool {
    let (least, most) =
        all.into_iter().fold((0, u32::MAX), |(least, most), one| (least.max(one.days.0), most.min(one.days.1)));
    least > most
}

/// Whether some contradict each other wherever one of them binds an object, and whether any two may.
fn expected(all: &[Wanted]) -> (bool, bool) {
    let selecting: Vec<&Wanted> = all.iter().filter(|one| !one.apart(one)).collect();
    let certainly = selecting.iter().any(|one| {
        let around = selecting.iter().filter(|other| one.implies(other) && other.covers(one)).copied();
        let near = |other: &&Wanted| one.implies(other) && one.overlaps(other) && empty([*one, *other]);
        empty(around) || selecting.iter().copied().any(|other| near(&other))
    });
    let pair = |one: &Wanted, other: &Wanted| !one.apart(other) && one.overlaps(other) && empty([one, other]);
    (certainly, selecting.iter().any(|one| selecting.iter().any(|other| pair(one, other))))
}

fn wanted() -> impl Strategy<Value = Wanted> {
    let days = prop::sample::select(vec![(30, u32::MAX), (90, u32::MAX), (365, u32::MAX), (0, 30), (0, 90), (0, 365)]);
    (0..SELECTORS.len(), 0..KEYS.len(), days).prop_map(|(selector, key, days)| Wanted { selector, key, days })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn they_are_found_where_there_are_some_and_nowhere_else(all in prop::collection::vec(wanted(), 2..7)) {
        let profile: String = all.iter().enumerate().map(|(at, one)| one.written(at)).collect();
        let (constraints, said) = constraints(&profile);
        let (certainly, perhaps) = expected(&all);
        let error = said.lines().any(|line| line.starts_with("contradiction |"));
        let warning = said.lines().any(|line| line.starts_with("possible-contradiction |"));
        prop_assert_eq!(error, certainly, "{}\n{}", profile, said);
        prop_assert_eq!(constraints.is_none(), certainly, "{}\n{}", profile, said);
        // What is certain may be all there is to say.
        prop_assert!(perhaps || !warning, "{profile}\n{said}");
        prop_assert!(error || warning || !perhaps, "{profile}\n{said}");
    }
}
