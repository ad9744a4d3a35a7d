//! Keys and what they cover.

use super::*;
use ordain_model::domain::Domain;
use ordain_model::schema::{Exposes, Keyed, Stricter};
use ordain_model::types::Type;
use std::sync::atomic::{AtomicUsize, Ordering};

static ASKED: AtomicUsize = AtomicUsize::new(0);

static SETTING: Setting = Setting {
    name: "kept",
    summary: "A setting.",
    of: Type::Bool,
    domain: Domain::Any,
    stricter: Stricter::True,
    keyed: Some(Keyed {
        what: "prefix",
        covers: |outer, inner| inner.starts_with(outer),
        overlaps,
        order: str::cmp,
        sums: |_| false,
        check: |key| Ok(key.into()),
    }),
    join: None,
    unit: "kept",
    class: WriteClass::Safe,
    exposes: Exposes::Nothing,
    read_actions: &[],
    write_actions: &[],
    source: "none",
};

fn overlaps(one: &str, other: &str) -> bool {
    ASKED.fetch_add(1, Ordering::Relaxed);
    one.starts_with(other) || other.starts_with(one)
}

#[test]
fn a_key_is_compared_with_what_it_covers_and_no_more() {
    let bound = Bound::Anything;
    let slot = |at| Slot {
        setting: &SETTING,
        reading: Reading::Value(Value::Bool(true)),
        demands: vec![Demanded { place: (at, 0), bound: &bound, pull: None }],
        excepted: Vec::new(),
        upcoming: BTreeSet::new(),
        beside: Vec::new(),
        wished: Vec::new(),
        also: Bound::Anything,
    };
    let keys = (100..400).flat_map(|key| [format!("{key}/"), format!("{key}/logs/")]);
    let mut slots = keys.enumerate().map(|(at, key)| (SettingName::keyed("kept", &key), slot(at))).collect();
    keys::join(&mut slots);
    let demands: Vec<usize> = slots.values().map(|slot| slot.demands.len()).collect();
    assert!(demands.chunks(2).all(|pair| pair == [1, 2]));
    let asked = ASKED.load(Ordering::Relaxed);
    assert!(asked <= 2 * slots.len(), "{asked} comparisons of {} keys", slots.len());
}
