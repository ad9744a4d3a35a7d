//! What changed between two worlds is what changed between their snapshots, and nothing that one of them does not tell.

use crate::laws::world;
use crate::line::Line;
use crate::world::{Bench, PROVIDERS};
use ordain_engine::difference::{Difference, Member, Side, Untold, between, difference};
use ordain_engine::observed::Observed;
use ordain_engine::snapshot::{Rows, lines};
use ordain_model::address::ObjectAddress;
use ordain_model::observation::{Cause, Reason};
use proptest::prelude::*;
use serde_json::json;

const PROFILE: &str = "require \"lab_log\" \"kept\" {\n  where = self.tags.team == \"x\"\n  must {\n    retention = at_least(\"30d\")\n  }\n}\nrequire \"lab_cluster\" \"closed\" {\n  where = self.name != \"c0\"\n  must {\n    public_access = false\n  }\n}\n";

/// Of snapshots, in the order of addresses as worlds sort them.
fn of_files(before: &Observed, after: &Observed) -> Result<Difference, String> {
    let text = |observed| lines(observed).map(|line| line + "\n").collect::<String>();
    of_text(&text(before), &text(after))
}

fn of_text(before: &str, after: &str) -> Result<Difference, String> {
    let (mut one, mut two) = (before.as_bytes(), after.as_bytes());
    let opened = Rows::open(&mut one, "before", PROVIDERS);
    let found = opened.and_then(|before| between(before, Rows::open(&mut two, "after", PROVIDERS)?));
    let mut found = found.map_err(|flaw| flaw.detail.to_string())?;
    found.changed.sort_by(|a, b| (&a.object, &a.member).cmp(&(&b.object, &b.member)));
    found.appeared.sort();
    found.gone.sort();
    Ok(found)
}

fn ids(objects: &[ObjectAddress]) -> Vec<&str> {
    objects.iter().map(|object| &*object.id).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn snapshots_differ_as_their_worlds_do(before in prop::collection::vec(0usize..1000, 0..5), after in prop::collection::vec(0usize..1000, 0..5)) {
        let read = |seeds: &[usize]| Line::of(PROFILE, &world(seeds)).observed;
        let (before, after) = (read(&before), read(&after));
        let still = difference(&before, &before);
        prop_assert!(still.changed.is_empty() && still.appeared.is_empty() && still.gone.is_empty());
        let there = difference(&before, &after);
        prop_assert_eq!(of_files(&before, &after).unwrap(), there.clone());
        let back = difference(&after, &before);
        prop_assert_eq!((&there.gone, &there.appeared), (&back.appeared, &back.gone));
        prop_assert_eq!(there.changed.len(), back.changed.len());
        for (there, back) in there.changed.iter().zip(&back.changed) {
            prop_assert_eq!((&there.object, &there.member), (&back.object, &back.member));
            prop_assert_eq!((&there.before, &there.after), (&back.after, &back.before));
        }
        prop_assert!(there != Difference::default() || before.world == after.world, "nothing is passed over");
    }
}

fn log(team: &str, retention: &str) -> serde_json::Value {
    json!({"tags": {"team": team}, "retention": retention})
}

#[test]
fn one_tag_that_changed_is_one_change() {
    let bench = Bench::default();
    bench.put("lab:1/eu/lab_log/a%2F1", log("x", "30d"));
    bench.put("lab:1/eu/lab_log/a-1", log("x", "30d"));
    let before = Line::of(PROFILE, &bench).observed;
    bench.put("lab:1/eu/lab_log/a%2F1", log("y", "30d"));
    let after = Line::of(PROFILE, &bench).observed;
    let found = of_files(&before, &after).unwrap();
    let said: Vec<String> = found.changed.iter().map(|of| format!("{}#{}", of.object, of.member)).collect();
    assert_eq!(said, ["lab:1/eu/lab_log/a%2F1#tags"]);
    assert!(found.appeared.is_empty() && found.gone.is_empty() && found.untold.is_empty());
}

#[test]
fn what_one_side_does_not_tell_is_said_and_is_no_difference() {
    let bench = Bench::default();
    bench.put("lab:1/eu/lab_log/a", log("x", "30d"));
    bench.put("lab:1/eu/lab_log/b", log("x", "30d"));
    let before = Line::of(PROFILE, &bench).observed;
    let bench = Bench::default();
    bench.put("lab:1/eu/lab_log/b", log("x", "30d"));
    bench.0.lock().unwrap().incomplete.insert("lab_log".into(), Reason::new(Cause::Throttled, "gave up"));
    let after = Line::of(PROFILE, &bench).observed;
    let found = difference(&before, &after);
    assert!(found.gone.is_empty() && found.changed.is_empty());
    let [(Untold::Objects(Side::After, _, kind), 1)] =
        &*found.untold.iter().map(|(a, b)| (a.clone(), *b)).collect::<Vec<_>>()
    else {
        panic!("{:?}", found.untold)
    };
    assert_eq!(&**kind, "lab_log");

    assert_eq!(difference(&after, &after).untold.values().collect::<Vec<_>>(), [&0, &0], "both may lack objects");

    let fewer = PROFILE.replace("self.tags.team == \"x\"", "true");
    let found = difference(&before, &Line::of(&fewer, &bench).observed);
    let members = found.untold.keys().filter_map(|untold| match untold {
        Untold::Member(Side::After, _, _, Member::Attribute(name)) => Some(&**name),
        _ => None,
    });
    assert_eq!(members.collect::<Vec<_>>(), ["tags"], "what was not collected did not change");
    bench.put("lab:1/eu/lab_log/b", json!({"tags": "?denied", "retention": "30d"}));
    let dark = Line::of(PROFILE, &bench).observed;
    for (before, after, sides) in [(&before, &dark, &[Side::After][..]), (&dark, &dark, &[Side::Before, Side::After])] {
        let found = difference(before, after);
        let told = found.untold.keys().filter_map(|untold| match untold {
            Untold::Member(side, ..) => Some(*side),
            Untold::Objects(..) => None,
        });
        assert!(found.changed.is_empty(), "what was not read is not known to have changed");
        assert_eq!(told.collect::<Vec<_>>(), sides);
    }
}

#[test]
fn a_snapshot_that_was_changed_has_no_difference() {
    let bench = Bench::default();
    bench.put("lab:1/eu/lab_log/a", log("x", "30d"));
    let observed = Line::of(PROFILE, &bench).observed;
    let text: String = lines(&observed).map(|line| line + "\n").collect();
    let forged = text.replace("30d", "90d");
    for (before, after, name) in [(&text, &forged, "after"), (&forged, &text, "before")] {
        let flaw = of_text(before, after).unwrap_err();
        assert!(flaw.starts_with(&format!("`{name}`, line ")) && flaw.contains("the header says"), "{flaw}");
    }
    let cut = text.lines().next().unwrap().to_owned() + "\n";
    assert!(of_text(&cut, &text).is_err(), "a tail that was cut is found");
    assert_eq!(ids(&of_text(&text, &text).unwrap().gone), [""; 0]);
}
