//! Which pods network policies cover, against a look at every pair.

use super::*;
use proptest::prelude::*;

/// Uncovered in ingress, in egress, in either.
fn uncovered(listed: &Listed) -> [Reading; 3] {
    ["pods_uncovered_ingress", "pods_uncovered_egress", "pods_uncovered"].map(|name| read(listed, "pay", name))
}

fn counts(counts: [i64; 3]) -> [Reading; 3] {
    counts.map(|count| Reading::Value(Value::integer(count)))
}

fn labelled(name: &str, app: &str) -> Json {
    json!({"metadata": {"namespace": "pay", "name": name, "labels": {"app": app}}})
}

#[test]
fn a_pod_is_covered_by_any_policy_that_selects_it_and_isolates_the_direction() {
    let pods = json!([labelled("a", "api"), labelled("b", "api"), labelled("c", "web"), {"metadata": {"namespace": "pay", "name": "n"}, "spec": {"hostNetwork": true}}]);
    let of = |policies_of: &[(&str, &str, Json)]| {
        uncovered(&listed(&[namespaces(&["pay"]), ("pods", pods.clone()), policies(policies_of)]))
    };
    let api = |more: Json| {
        let mut spec = json!({"podSelector": {"matchLabels": {"app": "api"}}});
        spec.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        ("pay", "api", spec)
    };
    assert_eq!(of(&[]), counts([3, 3, 3]));
    assert_eq!(of(&[api(json!({}))]), counts([1, 3, 3]));
    assert_eq!(of(&[api(json!({"egress": [{}]}))]), counts([1, 1, 1]), "what it lets through does not matter here");
    assert_eq!(
        of(&[api(json!({})), ("pay", "out", json!({"podSelector": {}, "policyTypes": ["Egress"]}))]),
        counts([1, 0, 1])
    );
    assert_eq!(of(&[("shop", "all", json!({"podSelector": {}}))]), counts([3, 3, 3]));
    let mut broken = listed(&[namespaces(&["pay"]), ("pods", pods.clone()), policies(&[])]);
    let why = Reason::new(Cause::Denied, "list pods");
    broken.intake("pods").unwrap().broke(why.clone());
    assert_eq!(read(&broken, "pay", "pods_uncovered"), Reading::Unknown(why));
}

proptest! {
    #[test]
    fn coverage_is_what_looking_at_every_pair_gives(
        pods in prop::collection::vec(0..5usize, 0..30),
        policies_of in prop::collection::vec((prop::option::of(0..5usize), 0..4usize), 0..10),
    ) {
        let apps = ["a", "b", "c", "d", "e"];
        let types = [json!(["Ingress"]), json!(["Egress"]), json!(["Ingress", "Egress"]), Json::Null];
        let spec = |(app, types_of): &(Option<usize>, usize)| {
            let selector = app.map_or(json!({}), |app| json!({"matchLabels": {"app": apps[app]}}));
            json!({"podSelector": selector, "policyTypes": types[*types_of]})
        };
        let all: Vec<(&str, &str, Json)> = policies_of.iter().map(|policy| ("pay", "x", spec(policy))).collect();
        let objects: Vec<Json> = pods.iter().map(|app| labelled("p", apps[*app])).collect();
        let listed = listed(&[namespaces(&["pay"]), ("pods", json!(objects)), policies(&all)]);
        let isolated = |app: usize, direction: usize| policies_of.iter().any(|(selects, types_of)| {
            selects.is_none_or(|selected| selected == app) && [[true, false], [false, true], [true, true], [true, false]][*types_of][direction]
        });
        let count = |open: &dyn Fn(usize) -> bool| i64::try_from(pods.iter().filter(|app| open(**app)).count()).unwrap();
        let expected = [count(&|app| !isolated(app, 0)), count(&|app| !isolated(app, 1)), count(&|app| !isolated(app, 0) || !isolated(app, 1))];
        prop_assert_eq!(uncovered(&listed), counts(expected));
    }
}

#[test]
fn five_thousand_pods_and_two_thousand_policies_of_one_namespace_are_no_matter() {
    let pods: Vec<Json> = (0..5_000).map(|at| labelled(&format!("p{at}"), &format!("app{}", at % 2_500))).collect();
    let of: Vec<String> = (0..2_000).map(|at| format!("app{at}")).collect();
    let all: Vec<(&str, &str, Json)> =
        of.iter().map(|app| ("pay", app.as_str(), json!({"podSelector": {"matchLabels": {"app": app}}}))).collect();
    let listed = listed(&[namespaces(&["pay"]), ("pods", json!(pods)), policies(&all)]);
    assert_eq!(uncovered(&listed), counts([1_000, 5_000, 5_000]));
}
