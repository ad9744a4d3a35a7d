//! A selector by its parts, and the index against a look at every thing.

use super::*;
use proptest::prelude::*;

fn selector(json: &str) -> LabelSelector {
    serde_json::from_str(json).unwrap()
}

fn labels(pairs: &[(&str, &str)]) -> Labels {
    pairs.iter().map(|(key, value)| (Text::from(*key), Text::from(*value))).collect()
}

#[test]
fn every_part_has_to_hold() {
    let api = labels(&[("app", "api"), ("tier", "front")]);
    for (json, selected) in [
        ("{}", true),
        (r#"{"matchLabels": null, "matchExpressions": null}"#, true),
        (r#"{"matchLabels": {"app": "api"}}"#, true),
        (r#"{"matchLabels": {"app": "web"}}"#, false),
        (r#"{"matchLabels": {"app": "api", "team": "pay"}}"#, false),
        (r#"{"matchExpressions": [{"key": "app", "operator": "In", "values": ["api", "web"]}]}"#, true),
        (r#"{"matchExpressions": [{"key": "team", "operator": "In", "values": ["pay"]}]}"#, false),
        (r#"{"matchExpressions": [{"key": "team", "operator": "NotIn", "values": ["pay"]}]}"#, true),
        (r#"{"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["api"]}]}"#, false),
        (r#"{"matchExpressions": [{"key": "tier", "operator": "Exists"}]}"#, true),
        (r#"{"matchExpressions": [{"key": "tier", "operator": "DoesNotExist"}]}"#, false),
        (r#"{"matchLabels": {"app": "api"}, "matchExpressions": [{"key": "team", "operator": "Exists"}]}"#, false),
    ] {
        assert_eq!(selector(json).selects(&api), selected, "{json}");
    }
    assert!(selector("{}").selects_everything());
    assert!(!selector(r#"{"matchExpressions": [{"key": "x", "operator": "DoesNotExist"}]}"#).selects_everything());
    let unheard = r#"{"matchExpressions": [{"key": "x", "operator": "Gt", "values": ["1"]}]}"#;
    assert!(
        serde_json::from_str::<LabelSelector>(unheard).is_err(),
        "an operator that nobody knows selects nothing we know"
    );
}

fn some_labels() -> impl Strategy<Value = Labels> {
    let pair = (prop::sample::select(vec!["a", "b", "c"]), prop::sample::select(vec!["1", "2", "3"]));
    prop::collection::vec(pair, 0..4).prop_map(|pairs| labels(&pairs))
}

fn some_expression() -> impl Strategy<Value = Expression> {
    let operators = vec![Operator::In, Operator::NotIn, Operator::Exists, Operator::DoesNotExist];
    let values = prop::collection::btree_set(prop::sample::select(vec!["1", "2", "4"]).prop_map(Text::from), 0..3);
    let key = prop::sample::select(vec!["a", "b", "d"]).prop_map(Text::from);
    (key, prop::sample::select(operators), values).prop_map(|(key, operator, values)| Expression {
        key,
        operator,
        values,
    })
}

proptest! {
    #[test]
    fn the_index_selects_what_a_look_at_every_thing_selects(
        things in prop::collection::vec(some_labels(), 0..20),
        match_labels in some_labels(),
        match_expressions in prop::collection::vec(some_expression(), 0..3),
    ) {
        let selector = LabelSelector { match_labels, match_expressions };
        let index = Index::of(&things);
        let mut found = index.select(&selector);
        found.sort_unstable();
        let expected: Vec<usize> = (0..things.len()).filter(|at| selector.selects(&things[*at])).collect();
        prop_assert_eq!(found, expected);
    }
}
