//! What is decided before anything is read.

use crate::line::constraints;

fn said(profile: &str) -> String {
    constraints(profile).1
}

fn require(kind: &str, name: &str, selector: &str, must: &str) -> String {
    format!("require \"{kind}\" \"{name}\" {{\n  where = {selector}\n  must {{\n    {must}\n  }}\n}}\n")
}

#[test]
fn a_contradiction_names_both_origins_with_place_citation_and_strength() {
    let long = "require \"lab_log\" \"long\" {\n  where = true\n  satisfies = [text(control.demo[\"1\"])]\n  must {\n    retention = at_least(\"365d\")\n  }\n}\n";
    let short = require("lab_log", "short", "startswith(self.name, \"/a/\")", "retention = at_most(\"90d\")");
    let said = said(&format!("{long}{short}"));
    assert!(
        said.starts_with("contradiction | No value of `retention` of `lab_log` satisfies these demands together."),
        "{said}"
    );
    assert!(said.contains("main.hcl:11: `require.lab_log.long` demands `at_least(\"365d\")` (text: demo 1)"), "{said}");
    assert!(
        said.contains("main.hcl:17: `require.lab_log.short` demands `at_most(\"90d\")`, citing no control"),
        "{said}"
    );
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn the_domain_is_named_as_the_third_origin_where_it_takes_part() {
    let least = require("lab_archive", "least", "true", "retention = at_least(\"365d\")");
    let most = require("lab_archive", "most", "true", "retention = at_most(\"365d\")");
    let said = said(&format!("{least}{most}"));
    assert!(said.starts_with("contradiction"), "{said}");
    assert!(said.contains("7 to 700 days in steps of 7 (the laboratory's handbook)"), "{said}");
}

#[test]
fn a_demand_that_no_legal_value_satisfies_is_an_error_by_itself() {
    let said = said(&require("lab_archive", "never", "true", "retention = between(\"365d\", \"366d\")"));
    assert!(said.starts_with("no-legal-value"), "{said}");
    assert!(said.contains("in steps of 7"), "{said}");
}

#[test]
fn selectors_decide_between_error_warning_and_nothing() {
    let on = |selector: &str| require("lab_log", "a", selector, "retention = at_least(\"365d\")");
    let off = |selector: &str| require("lab_log", "b", selector, "retention = at_most(\"90d\")");
    let pair = |a: &str, b: &str| said(&(on(a) + &off(b)));
    assert_eq!(pair("startswith(self.name, \"/a/\")", "startswith(self.name, \"/b/\")"), "");
    assert!(pair("startswith(self.name, \"/a/\")", "startswith(self.name, \"/a/b/\")").starts_with("contradiction"));
    let perhaps = pair("startswith(self.name, \"/a/\")", "self.tags.team == \"x\"");
    assert!(perhaps.starts_with("possible-contradiction"), "{perhaps}");
}

#[test]
fn what_never_selects_one_object_is_told_apart_and_what_selects_everything_is_met_with_each() {
    let least = |name: &str, days: u32| {
        let selector = format!("self.name == \"{name}\"");
        require("lab_log", &name.replace('/', "_"), &selector, &format!("retention = at_least(\"{days}d\")"))
    };
    let most = |name: &str, selector: &str| require("lab_log", name, selector, "retention = at_most(\"90d\")");
    let apart =
        least("/a/1", 365) + &least("/a/2", 30) + &least("/b", 365) + &most("c", "startswith(self.name, \"/c/\")");
    assert_eq!(said(&apart), "");
    let within = said(&(apart.clone() + &most("a", "startswith(self.name, \"/a/\")")));
    assert!(within.starts_with("contradiction"), "{within}");
    assert!(within.contains("lab_log._a_1`") && !within.contains("_b`"), "{within}");
    let everywhere = said(&(apart.clone() + &most("all", "true")));
    assert!(everywhere.contains("lab_log._a_1`") && everywhere.contains("lab_log._b`"), "{everywhere}");
    assert!(!everywhere.contains("_a_2`") && !everywhere.contains("lab_log.c`"), "{everywhere}");
    let perhaps = said(&(apart + &most("x", "self.tags.team == \"x\"")));
    assert_eq!(perhaps.matches("possible-contradiction").count(), 2, "{perhaps}");
}

#[test]
fn only_enforced_demands_contradict() {
    let on = require("lab_log", "a", "true", "retention = at_least(\"365d\")");
    let off = require("lab_log", "b", "true", "retention = at_most(\"90d\")")
        .replace("  where", "  enforce = false\n  where");
    assert_eq!(said(&(on + &off)), "");
}

#[test]
fn a_rule_of_the_api_is_an_origin() {
    let off = require("lab_cluster", "closed", "true", "public_access = false");
    let no = require("lab_cluster", "no_way_in", "true", "private_access = false");
    let said = said(&format!("{off}{no}"));
    assert!(said.starts_with("contradiction"), "{said}");
    assert!(said.contains("A cluster is reachable in one of two ways."), "{said}");
    assert!(said.contains("require.lab_cluster.closed") && said.contains("require.lab_cluster.no_way_in"), "{said}");
}

#[test]
fn a_bound_on_a_covering_key_binds_the_covered_one() {
    let outer = require("lab_bucket", "outer", "true", "retention = { \"logs/\" = at_least(\"365d\") }");
    let inner = require("lab_bucket", "inner", "true", "retention = { \"logs/debug/\" = at_most(\"30d\") }");
    assert!(said(&format!("{outer}{inner}")).starts_with("contradiction"));
    let beside = require("lab_bucket", "beside", "true", "retention = { \"data/\" = at_most(\"30d\") }");
    assert_eq!(said(&format!("{outer}{beside}")), "");
}

#[test]
fn the_smallest_set_of_origins_is_named() {
    let least = |name: &str, days: &str| require("lab_log", name, "true", &format!("retention = at_least(\"{days}\")"));
    let most = require("lab_log", "most", "true", "retention = at_most(\"60d\")");
    let said = said(&(least("a", "365d") + &least("b", "90d") + &least("c", "30d") + &most));
    assert!(said.contains("require.lab_log.a") && said.contains("require.lab_log.most"), "{said}");
    assert_eq!(said.matches("main.hcl:").count(), 2, "{said}");
}

/// So many demands on one setting that may bind the same objects, half of them against the other half.
fn opposed(count: usize, selector: impl Fn(usize) -> String) -> String {
    let demand = |at: usize| {
        let bound = if at.is_multiple_of(2) { "at_least(\"365d\")" } else { "at_most(\"90d\")" };
        require("lab_log", &format!("r{at}"), &selector(at), &format!("retention = {bound}"))
    };
    (0..count).map(demand).collect()
}

#[test]
fn many_that_contradict_each_other_are_named_once_each() {
    let messages = |profile: &str| said(profile).lines().filter(|line| line.contains("contradiction |")).count();
    for count in [20, 200] {
        let perhaps = messages(&opposed(count, |at| format!("self.tags.team == \"t{at}\" || self.name == \"x\"")));
        assert!((2..=count).contains(&perhaps), "{perhaps} of {count}");
        let certainly = messages(&opposed(count, |_| "true".into()));
        assert!((1..=count).contains(&certainly), "{certainly} of {count}");
    }
}

/// Shapes for which comparing every two demands, or every part with what may select everything, takes minutes.
#[test]
fn thousands_of_demands_are_compared_in_time_that_grows_with_them() {
    let shapes: [fn(usize) -> String; 4] = [
        |_| "true".into(),
        |at| format!("length(self.name) == {at}"),
        |at| match at.is_multiple_of(2) {
            true => format!("self.name == \"/{at}/\""),
            false => format!("length(self.name) > {at}"),
        },
        |at| format!("startswith(self.name, \"/{}/\")", at / 2),
    ];
    for (shape, most) in shapes.into_iter().zip([1, 20, 20, 20]) {
        let said = said(&opposed(2_000, shape));
        let named = said.lines().filter(|line| line.contains("contradiction |")).count();
        assert!((1..=most).contains(&named), "{named}: {}", &said[..500]);
        let further = if most == 1 { "the other 1998 demands" } else { "more demands were not compared" };
        assert!(said.contains(further), "{}", &said[..500]);
    }
}

#[test]
fn what_only_a_world_can_tell_is_listed() {
    let pattern = require("lab_log", "named", "true", "key = matches(\"^arn:\")");
    let view = require("lab_cluster", "logs", "true", "log_retention = at_least(\"365d\")");
    let (constraints, said) = constraints(&(pattern + &view));
    let undecided = constraints.unwrap_or_else(|| panic!("{said}")).undecided;
    let about: Vec<&str> = undecided.iter().map(|undecided| &*undecided.about).collect();
    assert_eq!(about, ["require.lab_log.named#key", "require.lab_cluster.logs#log_retention"], "{undecided:?}");
}

#[test]
fn a_replaced_setting_says_what_to_name_in_its_place() {
    let said = said(&require("lab_ladder", "rungs", "true", "low = true"));
    assert!(said.starts_with("deprecated-setting | `low` of `lab_ladder` is deprecated: the lowest rung is"), "{said}");
    assert!(said.contains("`middle` replaces it."), "{said}");
}
