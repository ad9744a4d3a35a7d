//! A plan holds every change that is demanded and allowed, in order, and nothing else.

use crate::line::{Line, run, steps};
use crate::world::{Bench, PROVIDERS};
use ordain_engine::managed::{Code, Edit, Managed, Manager};
use ordain_engine::plan::{Direction, Plan, Undo, WhyWithheld, schemas};
use ordain_model::diagnostic::Diagnostics;
use ordain_model::schema::WriteToken;
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
            // The canary: the cell with the fewest steps.
            "m public_access true -> false",
            "a logging [] -> [\"audit\"]",
            "z logging [] -> [\"audit\"]",
            "a public_access true -> false",
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
    assert!(
        forged(&|json| change(json, "direction", "tighten".into())).contains("another direction, loss or way back")
    );
    assert!(forged(&|json| change(json, "lost", json!(null))).contains("another direction, loss or way back"));
    assert!(forged(&|json| json["steps"][0]["class"] = "safe".into()).contains("its class"));
    assert!(forged(&|json| json["steps"][0]["narrows_access"] = true.into()).contains("narrows_access"));
    assert!(forged(&|json| change(json, "undo", json!({"impossible": "no"}))).contains("way back"));
    assert!(forged(&|json| json["steps"][0]["calls"]["write"] = 0.into()).contains("its token, blast radius or calls"));
    assert!(
        forged(&|json| json["steps"][0]["token"] = json!({"idempotency": "x"}))
            .contains("its token, blast radius or calls")
    );
    assert!(
        forged(&|json| json["steps"][0]["blast_radius"]["requirements"] = json!([]))
            .contains("its token, blast radius or calls")
    );
    let illegal = forged(&|json| {
        change(json, "after", "99d".into());
        change(json, "lost", "301 days become deletable".into());
    });
    assert!(illegal.contains("the API does not take"), "{illegal}");
    assert!(forged(&|json| json["extra"] = 1.into()).contains("unknown field `extra`"));
}

#[test]
fn a_step_says_what_it_reaches_costs_and_how_to_go_back() {
    let profile = "require \"lab_cluster\" \"seen\" {\n  where = self.name == \"shop\"\n  must {\n    log_retention = at_least(\"365d\")\n    allowlist     = within([\"203.0.113.0/24\"])\n  }\n}\n";
    let bench = Bench::default();
    let open = json!({"name": "shop", "allowlist": ["203.0.113.0/24", "198.51.100.0/24"], "public_access": true});
    bench.put("lab:1/eu/lab_cluster/a", open);
    bench.put("lab:1/eu/lab_log/%2Fcluster%2Fshop", json!({"retention": "30d"}));
    let plan = Line::of(profile, &bench).plan();
    let [log, access] = plan.steps.as_slice() else { panic!("{:?}", steps(&plan)) };
    let view = "lab:1/eu/lab_cluster/a#log_retention";
    assert_eq!(log.blast_radius.views.iter().map(ToString::to_string).collect::<Vec<_>>(), [view]);
    assert_eq!(log.blast_radius.objects(&log.object).len(), 2);
    assert_eq!(log.blast_radius.requirements, ["require.lab_cluster.seen".into()].into());
    let change = |step: &ordain_engine::plan::Step| step.changes.values().next().unwrap().clone();
    assert_eq!(change(log).undo, Undo::Possible(Some("335 days become deletable".into())));
    assert_eq!((change(log).shuts_out, &log.token), (None, &WriteToken::None));
    // The log's own list and the cluster's, whose name led to it: twice; the write; reading back.
    assert_eq!((log.calls.look, log.calls.write, log.calls.read_back, log.calls.total()), (2, 1, 1, 6));
    assert_eq!(change(access).shuts_out, Some(json!(["198.51.100.0/24"])));
    assert_eq!(access.token, WriteToken::idempotency("token"));
    assert_eq!((access.calls.write, access.calls.waits.len()), (2, 1));
    assert_eq!(parse(&plan.text()).as_ref(), Ok(&plan));
}

#[test]
fn a_change_without_a_way_back_says_so_before_and_is_withheld_from_the_revert_plan() {
    let profile = "require \"lab_bucket\" \"locked\" {\n  where = true\n  must {\n    encryption = at_least(\"kms\")\n    lock = true\n  }\n}\n";
    let bench = Bench::default();
    bench.put("lab:1/eu/lab_bucket/a", json!({"lock": false, "encryption": "none"}));
    let plan = Line::of(profile, &bench).plan_with(&[], &["lab:1/eu/lab_bucket/a#lock"]);
    let lock = plan.steps.iter().find(|step| &*step.unit == "lock").unwrap();
    assert_eq!(lock.changes.values().next().unwrap().undo, Undo::Impossible("it cannot be undone".into()));
    let revert = plan.revert(PROVIDERS);
    assert_eq!(steps(&revert), ["a encryption \"kms\" -> \"none\""]);
    assert_eq!(revert.withheld[0].why, WhyWithheld::NoWayBack("it cannot be undone".into()));
    assert_eq!(revert.withheld[0].address.to_string(), "lab:1/eu/lab_bucket/a#lock");
    assert_eq!(parse(&revert.text()).as_ref(), Ok(&revert));
}

#[test]
fn a_plan_is_closed_over_what_the_kinds_mean() {
    let bench = Bench::default();
    bench.put("lab:1/eu/lab_log/a", json!({"retention": "400d"}));
    let plan = Line::of(SHORT, &bench).plan();
    assert_eq!(plan.inputs.schemas, schemas(PROVIDERS.kinds()));
    assert_ne!(plan.inputs.schemas, schemas(PROVIDERS.kinds().skip(1)));
}

#[test]
fn what_terraform_sets_is_left_to_it_unless_its_address_is_allowed() {
    let bench = Bench::default();
    for cell in ["lab:1/eu", "lab:2/eu"] {
        bench.put(&format!("{cell}/lab_log/a"), json!({"retention": "30d", "key": "x"}));
    }
    let profile = "require \"lab_log\" \"kept\" {\n  where = true\n  must {\n    retention = at_least(\"90d\")\n    key = exactly(\"y\")\n  }\n}\n";
    let mut line = Line::of(profile, &bench);
    let state = json!({"version": 4, "resources": [{
        "mode": "managed", "type": "lab_log", "name": "logs",
        "instances": [{"index_key": 0, "attributes": {"name": "a", "account": "1", "region": "eu", "secret": "hunter2"}}],
    }]});
    let mut managed = Managed::default();
    managed.add("s.tfstate", &state.to_string(), Code::default(), PROVIDERS).unwrap();
    managed.mark(&mut line.findings);
    let keys = ["lab:1/eu/lab_log/a#key", "lab:2/eu/lab_log/a#key"];
    let plan = line.plan_with(&[], &keys);
    let edits = vec![Edit { argument: "days".into(), value: Some(90.into()) }];
    let manager = Manager { resource: "lab_log.logs[0]".into(), state: "s.tfstate".into(), edits, patch: None };
    assert_eq!(
        plan.withheld.len(),
        1,
        "the key is none of Terraform's, and the other cell neither: {:?}",
        plan.withheld
    );
    assert_eq!(plan.withheld[0].why, WhyWithheld::Managed(vec![manager]));
    assert_eq!(plan.withheld[0].address.to_string(), "lab:1/eu/lab_log/a#retention");
    assert!(!plan.text().contains("hunter2"));
    let allowed = line.plan_with(&[], &[keys[0], keys[1], "lab:1/eu/lab_log/a#retention"]);
    assert!(allowed.withheld.is_empty());
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

#[test]
fn what_a_key_sums_up_is_not_written_back_to_all_its_parts() {
    let bench = Bench::default();
    bench.put("lab:1/eu/lab_bucket/a", json!({"retention[\"sum/\"]": "30d", "retention[\"logs/\"]": "30d"}));
    let profile = "require \"lab_bucket\" \"kept\" {\n  where = true\n  must {\n    retention = { \"sum/\" = at_least(\"365d\"), \"logs/\" = at_least(\"365d\") }\n  }\n}\n";
    let revert = Line::of(profile, &bench).plan().revert(PROVIDERS);
    assert_eq!(steps(&revert), ["a retention[\"logs/\"] \"365d\" -> \"30d\""]);
    let kept: Vec<String> = revert.withheld.iter().map(|withheld| withheld.address.to_string()).collect();
    assert_eq!(kept, ["lab:1/eu/lab_bucket/a#retention[\"sum/\"]"]);
}
