//! A plan holds every change that is demanded and allowed, in order, and nothing else.

use crate::line::{Line, run, steps};
use crate::world::{Bench, PROVIDERS};
use ordain_engine::plan::{Direction, Plan, WhyWithheld};
use ordain_model::diagnostic::Diagnostics;
use serde_json::json;

fn parse(text: &str) -> Result<Plan, String> {
    let mut diagnostics = Diagnostics::default();
    Plan::parse(text, "plan.json", PROVIDERS, &mut diagnostics).map_err(|_| diagnostics.items()[0].detail.clone())
}

const SHORT: &str =
    "require \"lab_log\" \"short\" {\n  where = true\n  must {\n    retention = at_most(\"90d\")\n  }\n}\n";

#[test]
fn a_step_that_loses_something_needs_its_address() {
    let bench = Bench::default();
    bench.put("lab:1/eu/lab_log/a", json!({"retention": "400d"}));
    let line = Line::of(SHORT, &bench);
    let plan = line.plan();
    assert!(plan.steps.is_empty());
    assert_eq!(plan.withheld.len(), 1);
    assert_eq!(plan.withheld[0].why, WhyWithheld::NotAllowed("310 days become deletable".into()));
    let allowed = line.plan_with(&[], &["lab:1/eu/lab_log/a#retention"]);
    assert_eq!(steps(&allowed), ["a retention \"400d\" -> \"90d\""]);
    let change = allowed.steps[0].changes.values().next().unwrap();
    assert_eq!((change.direction, change.lost.as_deref()), (Direction::Loosen, Some("310 days become deletable")));
    assert_eq!(allowed.inputs.allow.len(), 1);
    assert_ne!(allowed.digest, plan.digest);
}

#[test]
fn an_irreversible_step_needs_its_address_too() {
    let profile = "require \"lab_bucket\" \"locked\" {\n  where = true\n  must {\n    lock = true\n  }\n}\n";
    let bench = Bench::default();
    bench.put("lab:1/eu/lab_bucket/a", json!({"lock": false}));
    let line = Line::of(profile, &bench);
    assert_eq!(line.plan().withheld[0].why, WhyWithheld::NotAllowed("it cannot be undone".into()));
    assert_eq!(line.plan_with(&[], &["lab:1/eu/lab_bucket/a#lock"]).steps.len(), 1);
}

#[test]
fn a_chain_of_prerequisites_stands_or_falls_together() {
    let profile = "require \"lab_ladder\" \"up\" {\n  where = true\n  must {\n    high = true\n  }\n}\n";
    let bench = Bench::default();
    bench.put("lab:1/eu/lab_ladder/a", json!({"high": false, "middle": false, "low": false}));
    let line = Line::of(profile, &bench);
    let plan = line.plan();
    assert_eq!(steps(&plan), Vec::<String>::new());
    let why: Vec<String> =
        plan.withheld.iter().map(|withheld| format!("{} {:?}", withheld.address.setting, withheld.why)).collect();
    assert!(why[0].starts_with("high Prerequisite(") && why[0].contains("middle"), "{why:?}");
    assert_eq!(why[1], "low NotAllowed(\"it cannot be undone\")");
    assert!(why[2].starts_with("middle Prerequisite(") && why[2].contains("low"), "{why:?}");
    let allowed = line.plan_with(&[], &["lab:1/eu/lab_ladder/a#low"]);
    assert_eq!(steps(&allowed), ["a low false -> true", "a middle false -> true", "a high false -> true"]);
    assert!(run(&allowed, &bench).as_planned());
    // A rule alone demands nothing: with the highest left out nothing is left to do.
    assert!(line.plan_with(&["require.lab_ladder.other"], &[]).steps.is_empty());
}

const CLOSED: &str = "require \"lab_cluster\" \"closed\" {\n  where = true\n  must {\n    public_access = false\n    logging       = superset_of([\"audit\"])\n  }\n}\n";

#[test]
fn what_is_left_out_takes_what_only_served_it_along() {
    let bench = Bench::default();
    for id in ["a", "b"] {
        let json = json!({"public_access": true, "private_access": false, "logging": []});
        bench.put(&format!("lab:1/eu/lab_cluster/{id}"), json);
    }
    let line = Line::of(CLOSED, &bench);
    assert_eq!(line.plan().steps.len(), 6);
    let only = line.plan_with(&["lab:1/eu/lab_cluster/b#logging"], &[]);
    assert_eq!(steps(&only), ["b logging [] -> [\"audit\"]"]);
    assert!(only.withheld.iter().all(|withheld| withheld.why == WhyWithheld::NotSelected));
    // Its prerequisite comes with it.
    let only = line.plan_with(&["lab:1/eu/lab_cluster/a#public_access"], &[]);
    assert_eq!(steps(&only), ["a private_access false -> true", "a public_access true -> false"]);
    assert_eq!(line.plan_with(&["require.lab_cluster.closed"], &[]).steps.len(), 6);
    assert_eq!(line.plan_with(&["require.lab_cluster.clo"], &[]).steps.len(), 0);
}

#[test]
fn access_is_narrowed_last_in_its_cell() {
    let bench = Bench::default();
    bench.put("lab:1/eu/lab_cluster/a", json!({"public_access": true, "private_access": true, "logging": []}));
    bench.put("lab:1/eu/lab_cluster/z", json!({"public_access": false, "private_access": true, "logging": []}));
    bench.put("lab:2/eu/lab_cluster/m", json!({"public_access": true, "private_access": true, "logging": ["audit"]}));
    let plan = Line::of(CLOSED, &bench).plan();
    assert_eq!(
        steps(&plan),
        [
            "a logging [] -> [\"audit\"]",
            "z logging [] -> [\"audit\"]",
            "a public_access true -> false",
            "m public_access true -> false",
        ]
    );
}

#[test]
fn addresses_that_must_keep_access_are_never_shut_out() {
    let head = "target \"lab\" \"bench\" {\n  keep_access = [\"198.51.100.7/32\"]\n}\n";
    let profile = format!(
        "{head}require \"lab_cluster\" \"office\" {{\n  where = true\n  must {{\n    allowlist = within([\"203.0.113.0/24\"])\n  }}\n}}\n"
    );
    let bench = Bench::default();
    bench.put("lab:1/eu/lab_cluster/open", json!({"allowlist": ["0.0.0.0/0"], "public_access": true}));
    bench.put("lab:1/eu/lab_cluster/other", json!({"allowlist": ["203.0.0.0/16"], "public_access": true}));
    let plan = Line::of(&profile, &bench).plan();
    assert_eq!(plan.withheld.len(), 1);
    assert_eq!(plan.withheld[0].why, WhyWithheld::LocksOut("198.51.100.7/32".into()));
    // It has no access now: nothing is taken from it.
    assert_eq!(steps(&plan), ["other allowlist [\"203.0.0.0/16\"] -> [\"203.0.113.0/24\"]"]);
    assert_eq!(parse(&plan.text()).as_ref(), Ok(&plan));
}

#[test]
fn changes_of_one_unit_are_one_step_that_repeats_the_rest() {
    let profile = "require \"lab_cluster\" \"both\" {\n  where = true\n  must {\n    allowlist     = within([\"203.0.113.0/24\"])\n    private_access = true\n  }\n}\n";
    let bench = Bench::default();
    bench.put(
        "lab:1/eu/lab_cluster/a",
        json!({"allowlist": ["0.0.0.0/0"], "public_access": true, "private_access": true}),
    );
    let plan = Line::of(profile, &bench).plan();
    assert_eq!(plan.steps.len(), 1);
    assert_eq!(plan.steps[0].kept.keys().map(ToString::to_string).collect::<Vec<_>>(), ["public_access"]);
}

#[test]
fn a_plan_file_reads_back_and_an_edited_one_does_not() {
    let bench = Bench::default();
    bench.put("lab:1/eu/lab_log/a", json!({"retention": "400d"}));
    let plan = Line::of(SHORT, &bench).plan_with(&[], &["lab:1/eu/lab_log/a#retention"]);
    let text = plan.text();
    assert_eq!(parse(&text).as_ref(), Ok(&plan));
    assert!(parse(&text.replace("90d", "30d")).unwrap_err().contains("it was edited"));
    assert!(parse("{}").unwrap_err().contains("it is no plan"));
    assert!(parse("[").unwrap_err().contains("it is no JSON"));
    let pretty = serde_json::to_string_pretty(&serde_json::from_str::<serde_json::Value>(&text).unwrap()).unwrap();
    assert_eq!(parse(&pretty).as_ref(), Ok(&plan), "the digest is over the content, not its layout");
}

#[test]
fn a_plan_with_a_right_digest_is_still_checked() {
    let bench = Bench::default();
    bench.put("lab:1/eu/lab_log/a", json!({"retention": "400d"}));
    let plan = Line::of(SHORT, &bench).plan_with(&[], &["lab:1/eu/lab_log/a#retention"]);
    let forged = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut json: serde_json::Value = serde_json::from_str(&plan.text()).unwrap();
        json.as_object_mut().unwrap().remove("digest");
        change(&mut json);
        let digest = ordain_model::digest::Digest::of(&ordain_model::digest::canonical(&json).unwrap());
        json["digest"] = digest.to_string().into();
        parse(&json.to_string()).unwrap_err()
    };
    assert!(
        forged(&|json| json["steps"][0]["changes"]["retention"]["after"] = "soon".into())
            .contains("step 1: `retention`")
    );
    assert!(forged(&|json| json["steps"][0]["after"] = json!([0])).contains("step 1"));
    assert!(forged(&|json| json["steps"][0]["unit"] = "key".into()).contains("is not written by `key`"));
    assert!(
        forged(&|json| json["steps"][0]["object"] = "lab:1/eu/lab_lag/a".into()).contains("the nearest is `lab_log`")
    );
    assert!(forged(&|json| json["reaches"] = json!({})).contains("no target reaches"));
    assert!(forged(&|json| json["inputs"]["allow"] = json!([])).contains("nobody allowed: 310 days become deletable"));
    let change = |json: &mut serde_json::Value, field: &str, to| json["steps"][0]["changes"]["retention"][field] = to;
    assert!(forged(&|json| change(json, "direction", "tighten".into())).contains("another direction or loss"));
    assert!(forged(&|json| change(json, "lost", json!(null))).contains("another direction or loss"));
    assert!(forged(&|json| json["steps"][0]["class"] = "safe".into()).contains("its class"));
    assert!(forged(&|json| json["steps"][0]["narrows_access"] = true.into()).contains("narrows_access"));
    let illegal = forged(&|json| {
        change(json, "after", "99d".into());
        change(json, "lost", "301 days become deletable".into());
    });
    assert!(illegal.contains("the API does not take"), "{illegal}");
    assert!(forged(&|json| json["extra"] = 1.into()).contains("unknown field `extra`"));
}

#[test]
fn the_revert_plan_goes_back_in_the_opposite_order() {
    let bench = Bench::default();
    bench.put("lab:1/eu/lab_cluster/a", json!({"public_access": true, "private_access": false, "logging": ["audit"]}));
    let plan = Line::of(CLOSED, &bench).plan();
    let revert = plan.revert(PROVIDERS);
    assert_eq!(steps(&revert), ["a public_access false -> true", "a private_access true -> false"]);
    assert_eq!(revert.steps[1].after, [0].into());
    assert_eq!(revert.inputs.reverts, Some(plan.digest));
    assert!(revert.steps.iter().all(|step| step.changes.values().all(|change| change.direction == Direction::Loosen)));
    assert_eq!(parse(&revert.text()).as_ref(), Ok(&revert));
    let before = bench.get("lab:1/eu/lab_cluster/a#public_access");
    run(&plan, &bench);
    assert_ne!(bench.get("lab:1/eu/lab_cluster/a#public_access"), before);
    assert!(run(&revert, &bench).as_planned());
    assert_eq!(bench.get("lab:1/eu/lab_cluster/a#public_access"), before);
    assert_eq!(bench.get("lab:1/eu/lab_cluster/a#private_access"), "false");
}
