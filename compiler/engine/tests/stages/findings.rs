//! One verdict per obligation, and no other.

use crate::line::{Line, steps};
use crate::world::Bench;
use ordain_model::address::{Cell, ObjectAddress, SettingName};
use ordain_model::observation::{Cause, Reading, Reason};
use ordain_model::value::Value;
use serde_json::json;

const LOGS: &str =
    "require \"lab_log\" \"kept\" {\n  where = true\n  must {\n    retention = at_least(\"366d\")\n  }\n}\n";

#[test]
fn a_live_value_outside_the_bound_goes_to_the_nearest_legal_one() {
    let bench = Bench::default();
    bench.put("lab:1/eu/lab_log/short", json!({"retention": "30d"}));
    bench.put("lab:1/eu/lab_log/long", json!({"retention": "731d"}));
    bench.put("lab:1/eu/lab_log/ever", json!({"retention": "unlimited"}));
    let line = Line::of(LOGS, &bench);
    assert_eq!(line.verdicts(), ["kept ever#retention met", "kept long#retention met", "kept short#retention unmet"]);
    assert_eq!(steps(&line.plan()), ["short retention \"30d\" -> \"400d\""]);
    assert_eq!(line.findings.conclusion().exit().code(), 2);
}

#[test]
fn two_targets_on_one_cell_share_its_objects_and_each_has_its_group() {
    let targets = "target \"lab\" \"bench\" {}\ntarget \"lab\" \"other\" {}\n";
    let targeted = LOGS.replace("  where", "  targets = [target.lab.bench, target.lab.other]\n  where");
    let bench = Bench::default();
    bench.put("lab:1/eu/lab_log/a", json!({"retention": "30d"}));
    bench.put("lab:1/eu/lab_log/b", json!({"retention": "731d"}));
    let mut worlds = crate::line::worlds(&bench);
    worlds.insert("lab.other".into(), Ok(Box::new(bench.clone())));
    let line = Line::over(&format!("{targets}{targeted}"), &worlds);
    assert_eq!(line.verdicts(), ["kept a#retention unmet", "kept b#retention met"]);
    let groups: Vec<_> =
        line.findings.groups.iter().map(|group| (group.target.as_deref(), group.matched, group.counts.len())).collect();
    assert_eq!(groups, [(Some("lab.bench"), 2, 2), (Some("lab.other"), 2, 2)]);
    assert_eq!(line.findings.population.len(), 1);
    assert_eq!(steps(&line.plan()).len(), 1);
}

#[test]
fn a_denied_tag_makes_what_it_selects_unknown_and_not_out_of_scope() {
    let bench = Bench::default();
    bench.put("lab:1/eu/lab_log/a", json!({"tags": {"team": "x"}, "retention": "30d"}));
    bench.put("lab:1/eu/lab_log/b", json!({"tags": "?tags are denied", "retention": "30d"}));
    bench.put("lab:1/eu/lab_log/c", json!({"tags": {}, "retention": "30d"}));
    let line = Line::of(&LOGS.replace("where = true", "where = self.tags.team == \"x\""), &bench);
    assert_eq!(line.verdicts(), ["kept a#retention unmet", "kept b#retention unknown: tags are denied"]);
    assert_eq!(line.findings.conclusion().exit().code(), 3);
    let population = &line.findings.population[0];
    assert_eq!((population.listed, population.enforced, population.unknown, population.unselected), (3, 1, 1, 1));
    assert_eq!(steps(&line.plan()), ["a retention \"30d\" -> \"400d\""]);
}

#[test]
fn a_list_that_may_lack_objects_and_a_target_that_is_not_known_are_obligations() {
    let bench = Bench::default();
    bench.put("lab:1/eu/lab_log/a", json!({"retention": "731d"}));
    bench.0.lock().unwrap().incomplete.insert("lab_log".into(), Reason::new(Cause::Denied, "page two is denied"));
    let line = Line::of(LOGS, &bench);
    assert_eq!(line.verdicts(), ["kept list lab:1/eu/lab_log unknown: page two is denied", "kept a#retention met"]);
    bench.0.lock().unwrap().unresolved = Some(Reason::new(Cause::Denied, "the organisation is denied"));
    let line = Line::of(LOGS, &bench);
    assert_eq!(line.verdicts()[0], "kept target lab.bench unknown: the organisation is denied");
    assert_eq!(line.findings.conclusion().exit().code(), 3);
}

#[test]
fn what_no_target_covers_is_named_unless_something_in_it_is_covered() {
    let bench = Bench::default();
    bench.put("lab:1/eu/lab_log/a", json!({"retention": "731d"}));
    let denied = Reason::new(Cause::Denied, "the list of accounts is denied");
    let cells = ["lab:1", "lab:10", "lab:2"].map(|cell| Cell::parse(cell).unwrap());
    bench.0.lock().unwrap().uncovered = cells.into();
    bench.0.lock().unwrap().uncovered_incomplete = Some(denied.clone());
    let line = Line::of(LOGS, &bench);
    let named: Vec<String> = line.findings.uncovered.iter().map(ToString::to_string).collect();
    assert_eq!(named, ["lab:10", "lab:2"]);
    assert_eq!(line.findings.uncovered_incomplete.values().collect::<Vec<_>>(), [&denied]);
    assert_eq!(line.findings.conclusion().exit().code(), 0, "nothing asks for what is not covered");
}

#[test]
fn a_target_without_a_cell_proves_nothing() {
    let line = Line::of(&LOGS.replace("where = true", "where = true\n  objects = at_least(1)"), &Bench::default());
    assert_eq!(line.verdicts(), ["kept target lab.bench unknown: the target `lab.bench` covers no cell"]);
    assert_eq!(line.findings.conclusion().exit().code(), 3);
}

#[test]
fn an_answer_of_another_type_is_not_a_value() {
    let bench = Bench::default();
    bench.put("lab:1/eu/lab_log/a", json!({"retention": "731d"}));
    let address = ObjectAddress::parse("lab:1/eu/lab_log/a").unwrap();
    let odd = Reading::Value(Value::Bool(true));
    bench.0.lock().unwrap().objects.get_mut(&address).unwrap().settings.insert(SettingName::plain("retention"), odd);
    let line = Line::of(LOGS, &bench);
    assert!(line.verdicts()[0].starts_with("kept a#retention unknown: expected"), "{:?}", line.verdicts());
    assert!(line.verdicts()[0].ends_with("and the API said `true`"), "{:?}", line.verdicts());
}

#[test]
fn a_connection_that_fails_leaves_everything_unknown() {
    let none = Err(Reason::new(Cause::NoCredentials, "no credentials"));
    let line = Line::over(LOGS, &[("lab.bench".into(), none)].into());
    assert_eq!(line.verdicts(), ["kept target lab.bench unknown: no credentials"]);
}

#[test]
fn an_allowlist_is_never_narrowed_to_nothing_unasked() {
    let profile = "require \"lab_cluster\" \"office\" {\n  where = true\n  must {\n    allowlist = within([\"203.0.113.0/24\"])\n  }\n}\n";
    let bench = Bench::default();
    bench.put("lab:1/eu/lab_cluster/all", json!({"allowlist": ["0.0.0.0/0"], "public_access": true}));
    bench.put("lab:1/eu/lab_cluster/disjoint", json!({"allowlist": ["198.51.100.0/24"], "public_access": true}));
    bench.put("lab:1/eu/lab_cluster/empty", json!({"allowlist": [], "public_access": true}));
    let line = Line::of(profile, &bench);
    let verdicts = line.verdicts();
    assert_eq!(verdicts[0], "office all#allowlist unmet");
    assert!(verdicts[1].starts_with("office disjoint#allowlist unmet: nobody who has access now"), "{verdicts:?}");
    assert_eq!(verdicts[2], "office empty#allowlist met");
    assert_eq!(steps(&line.plan()), ["all allowlist [\"0.0.0.0/0\"] -> [\"203.0.113.0/24\"]"]);
    let wider = profile.replace("within", "superset_of");
    let line = Line::of(&wider, &bench);
    assert!(
        line.verdicts()[2].starts_with("office empty#allowlist unmet: nobody has access now"),
        "{:?}",
        line.verdicts()
    );
    assert!(line.plan().steps.is_empty());
}

const VIEWS: &str =
    "require \"lab_cluster\" \"logs\" {\n  where = true\n  must {\n    log_retention = at_least(\"365d\")\n  }\n}\n";

#[test]
fn two_views_of_one_field_meet_in_one_bound_and_one_step() {
    let bench = Bench::default();
    bench.put("lab:1/eu/lab_cluster/prod", json!({"name": "prod"}));
    bench.put("lab:1/eu/lab_log/%2Fcluster%2Fprod", json!({"retention": "30d"}));
    let both = format!("{VIEWS}{}", LOGS.replace("366d", "400d"));
    let line = Line::of(&both, &bench);
    assert_eq!(line.verdicts(), ["logs prod#log_retention unmet", "kept /cluster/prod#retention unmet"]);
    let plan = line.plan();
    assert_eq!(steps(&plan), ["/cluster/prod retention \"30d\" -> \"400d\""]);
    let why = &plan.steps[0].changes.values().next().unwrap().why;
    assert_eq!(why.len(), 2);
    assert_eq!(why[0].view.as_ref().unwrap().to_string(), "lab:1/eu/lab_cluster/prod#log_retention");
    assert!(why[1].view.is_none());
    assert_eq!(line.findings.fields.len(), 1);
    // The cluster's name led to the field: it is a precondition.
    let viewer = plan.steps[0].preconditions.keys().next().unwrap();
    assert_eq!(viewer.to_string(), "lab:1/eu/lab_cluster/prod");
}

#[test]
fn an_owner_is_read_only_when_a_view_needs_it() {
    let bench = Bench::default();
    bench.put("lab:1/eu/lab_cluster/prod", json!({"name": "prod"}));
    bench.put("lab:1/eu/lab_cluster/dev", json!({"name": "dev"}));
    bench.put("lab:1/eu/lab_log/%2Fcluster%2Fprod", json!({"retention": "400d"}));
    bench.put("lab:1/eu/lab_log/other", json!({"retention": "1d"}));
    bench.put("lab:2/us/lab_log/other", json!({"retention": "1d"}));
    let line = Line::of(VIEWS, &bench);
    assert_eq!(
        line.verdicts(),
        ["logs dev#log_retention unmet: its owner does not exist", "logs prod#log_retention met"]
    );
    let cell = line.observed.cells.keys().next().unwrap();
    let list = line.observed.list(cell, "lab_log").unwrap();
    assert_eq!(list.objects.len(), 1, "only the owner is read");
    let elsewhere = line.observed.cells.values().skip(1).filter(|kinds| kinds.contains_key("lab_log")).count();
    assert_eq!(elsewhere, 0, "and only where it can be");
    assert_eq!(bench.0.lock().unwrap().reads, 2);
}

#[test]
fn an_owner_outside_the_targets_is_unknown() {
    let bench = Bench::default();
    bench.put("lab:1/eu/lab_cluster/c", json!({"name": "shared-x"}));
    let line = Line::of(VIEWS, &bench);
    assert_eq!(line.verdicts(), ["logs c#log_retention unknown: lab_log `/shared/x` is in no cell of the targets"]);
    bench.put("lab:2/us/lab_log/%2Fshared%2Fx", json!({"retention": "30d"}));
    let line = Line::of(VIEWS, &bench);
    assert_eq!(line.verdicts(), ["logs c#log_retention unmet"]);
    assert_eq!(steps(&line.plan()), ["/shared/x retention \"30d\" -> \"365d\""]);
}

#[test]
fn a_rule_makes_a_prerequisite_and_a_prerequisite_that_fails_withdraws_the_change() {
    let profile = "require \"lab_cluster\" \"closed\" {\n  where = true\n  must {\n    public_access = false\n  }\n}\n";
    let bench = Bench::default();
    bench.put("lab:1/eu/lab_cluster/a", json!({"public_access": true, "private_access": false}));
    bench.put("lab:1/eu/lab_cluster/b", json!({"public_access": true, "private_access": true}));
    bench.put("lab:1/eu/lab_cluster/c", json!({"public_access": true, "private_access": [false, "!a policy"]}));
    bench.put("lab:1/eu/lab_cluster/d", json!({"public_access": true, "private_access": "?denied"}));
    bench.put("lab:1/eu/lab_cluster/e", json!({"public_access": false, "private_access": false}));
    let line = Line::of(profile, &bench);
    let verdicts = line.verdicts();
    assert_eq!(verdicts[0], "closed a#public_access unmet");
    assert_eq!(verdicts[1], "closed b#public_access unmet");
    assert!(verdicts[2].contains("has to satisfy `exactly(true)` first (a cluster is reachable in one of two ways), and cannot: a policy holds it"), "{verdicts:?}");
    assert!(verdicts[3].contains("`private_access` could not be read"), "{verdicts:?}");
    assert_eq!(verdicts[4], "closed e#public_access met");
    let plan = line.plan();
    assert_eq!(
        steps(&plan),
        ["a private_access false -> true", "a public_access true -> false", "b public_access true -> false"]
    );
    assert_eq!(plan.steps[1].after, [0].into());
    assert!(plan.steps[1].narrows_access && !plan.steps[0].narrows_access);
    assert!(plan.steps[0].changes.values().all(|change| change.why.iter().all(|why| !why.demanded)));
    // What it rests on is a precondition even where it need not change.
    assert_eq!(plan.steps[2].preconditions.values().next().unwrap().settings.len(), 1);
}

#[test]
fn every_reason_for_no_step_is_said() {
    let profile = "require \"lab_bucket\" \"all\" {\n  where = true\n  must {\n    encryption  = one_of(\"aes256\", \"kms\")\n    region_lock = true\n  }\n}\nrequire \"lab_bucket\" \"seen\" {\n  where = true\n  enforce = false\n  must {\n    encryption = \"kms\"\n  }\n}\n";
    let bench = Bench::default();
    bench.put("lab:1/eu/lab_bucket/a", json!({"encryption": ["none", "!an account policy"], "region_lock": false}));
    bench.put(
        "lab:1/eu/lab_bucket/b",
        json!({"encryption": ["n/a", "it is a directory"], "region_lock": ["fixed", "see the report"]}),
    );
    bench.put("lab:1/eu/lab_bucket/c", json!({"encryption": "none", "region_lock": true}));
    let line = Line::of(profile, &bench);
    assert_eq!(
        line.verdicts(),
        [
            "all a#encryption unmet: an account policy holds it",
            "all a#region_lock unmet: no API changes it",
            "all b#encryption not_applicable: it is a directory",
            "all b#region_lock provider_fixed: see the report",
            "all c#encryption unmet",
            "all c#region_lock met",
            "seen a#encryption unmet: the requirement only observes",
            "seen b#encryption not_applicable: it is a directory",
            "seen c#encryption unmet: the requirement only observes",
        ]
    );
    // Among the two values that would do, the enforced meet goes to the nearest one.
    assert_eq!(steps(&line.plan()), ["c encryption \"none\" -> \"aes256\""]);
}

#[test]
fn objects_that_match_two_contradicting_demands_are_broken() {
    let profile = "require \"lab_log\" \"a\" {\n  where = self.tags.a == \"1\"\n  must {\n    retention = at_least(\"365d\")\n  }\n}\nrequire \"lab_log\" \"b\" {\n  where = self.tags.b == \"1\"\n  must {\n    retention = at_most(\"90d\")\n  }\n}\n";
    let bench = Bench::default();
    bench.put("lab:1/eu/lab_log/x", json!({"tags": {"a": "1", "b": "1"}, "retention": "30d"}));
    bench.put("lab:1/eu/lab_log/y", json!({"tags": {"a": "1"}, "retention": "30d"}));
    let line = Line::of(profile, &bench);
    let verdicts = line.verdicts();
    assert!(verdicts[0].starts_with("a x#retention broken: `require.lab_log.a` at main.hcl:10 demands `at_least(\"365d\")` and `require.lab_log.b` at main.hcl:16"), "{verdicts:?}");
    // Its own bound admits the live value: the other one is broken.
    assert_eq!(verdicts[2], "b x#retention met");
    assert_eq!(steps(&line.plan()), ["y retention \"30d\" -> \"365d\""]);
    assert_eq!(line.findings.conclusion().exit().code(), 1);
}

#[test]
fn a_count_is_an_obligation_in_each_cell() {
    let profile = LOGS.replace("  must", "  objects = at_least(2)\n  must");
    let bench = Bench::default();
    bench.put("lab:1/eu/lab_log/a", json!({"retention": "731d"}));
    bench.put("lab:1/eu/lab_log/b", json!({"retention": "731d"}));
    bench.put("lab:1/us/lab_log/c", json!({"retention": "731d"}));
    let line = Line::of(&profile, &bench);
    assert_eq!(
        line.verdicts()[..2],
        ["kept count lab:1/eu/lab_log met", "kept count lab:1/us/lab_log unmet: a check across objects has no step"]
    );
    bench.0.lock().unwrap().incomplete.insert("lab_log".into(), Reason::new(Cause::Denied, "denied"));
    let line = Line::of(&profile, &bench);
    assert_eq!(
        line.verdicts()[2..4],
        ["kept count lab:1/eu/lab_log met", "kept count lab:1/us/lab_log unknown: denied"]
    );
}

#[test]
fn a_group_of_nothing_is_vacuous() {
    let bench = Bench::default();
    bench.put("lab:1/eu/lab_log/a", json!({"name": "a", "retention": "731d"}));
    let line = Line::of(&LOGS.replace("where = true", "where = self.name == \"b\""), &bench);
    assert_eq!(line.verdicts(), Vec::<String>::new());
    assert_eq!(line.findings.groups.len(), 1);
    assert_eq!((line.findings.groups[0].verdict, line.findings.groups[0].matched), (None, 0));
}

#[test]
fn a_demand_under_a_covering_key_moves_the_covered_field_too() {
    let profile = "require \"lab_bucket\" \"outer\" {\n  where = true\n  must {\n    retention = { \"logs/\" = at_least(\"365d\") }\n  }\n}\nrequire \"lab_bucket\" \"inner\" {\n  where = true\n  must {\n    retention = { \"logs/debug/\" = at_least(\"30d\") }\n  }\n}\n";
    let bench = Bench::default();
    bench.put("lab:1/eu/lab_bucket/a", json!({"retention[\"logs/\"]": "30d", "retention[\"logs/debug/\"]": "30d"}));
    let line = Line::of(profile, &bench);
    assert_eq!(line.verdicts(), ["inner a#retention[\"logs/debug/\"] met", "outer a#retention[\"logs/\"] unmet"]);
    assert_eq!(
        steps(&line.plan()),
        ["a retention[\"logs/\"] \"30d\" -> \"365d\", retention[\"logs/debug/\"] \"30d\" -> \"365d\""]
    );
}

#[test]
fn an_assertion_is_judged_over_everything_its_targets_hold() {
    let profile = "assert \"one\" {\n  condition = length(distinct([for l in all.lab_log : l.key])) == 1\n  message = \"More than one key.\"\n}\n";
    let bench = Bench::default();
    bench.put("lab:1/eu/lab_log/a", json!({"key": "k1"}));
    bench.put("lab:1/us/lab_log/b", json!({"key": "k1"}));
    assert_eq!(Line::of(profile, &bench).verdicts(), ["one assertion met"]);
    bench.put("lab:1/us/lab_log/c", json!({"key": "k2"}));
    assert_eq!(Line::of(profile, &bench).verdicts(), ["one assertion unmet: a check across objects has no step"]);
    bench.put("lab:1/us/lab_log/c", json!({"key": "?denied"}));
    assert!(Line::of(profile, &bench).verdicts()[0].starts_with("one assertion unknown"));
}
