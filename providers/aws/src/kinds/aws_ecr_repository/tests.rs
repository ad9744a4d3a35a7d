//! Documented answers, and what each of them means.

use super::*;
use serde_json::json;

fn rule(priority: u64, selection: &serde_json::Value, action: &serde_json::Value) -> serde_json::Value {
    json!({ "rulePriority": priority, "description": "kept", "selection": selection, "action": action })
}

fn expire(priority: u64, selection: &serde_json::Value) -> serde_json::Value {
    rule(priority, selection, &json!({ "type": "expire" }))
}

fn pushed(status: &str, days: u32) -> serde_json::Value {
    json!({ "tagStatus": status, "countType": "sinceImagePushed", "countUnit": "days", "countNumber": days })
}

fn tagged(patterns: &[&str], days: u32) -> serde_json::Value {
    let mut selection = pushed("tagged", days);
    selection["tagPatternList"] = json!(patterns);
    selection
}

fn policy(rules: &[serde_json::Value]) -> String {
    json!({ "rules": rules }).to_string()
}

fn kept(rules: &[serde_json::Value]) -> Retention {
    retention(&Policy::parse(&policy(rules)).unwrap())
}

#[test]
fn no_policy_keeps_for_ever() {
    let repository = repository(Some(Ok(None)));
    let reading = setting(&repository, &SettingName::plain("image_retention"));
    assert_eq!(reading, Reading::Value(Value::Retention(Retention::Unlimited)));
}

#[test]
fn a_count_of_images_guarantees_nothing() {
    let count = json!({ "tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 1000 });
    assert_eq!(kept(&[expire(1, &count)]), Retention::Disabled);
    assert_eq!(kept(&[expire(1, &pushed("untagged", 400)), expire(2, &count)]), Retention::Disabled);
}

#[test]
fn the_shortest_rule_that_reaches_an_image_decides() {
    assert_eq!(kept(&[expire(1, &pushed("untagged", 14)), expire(2, &pushed("any", 365))]), Retention::Days(14));
    assert_eq!(kept(&[expire(9, &pushed("any", 30)), expire(1, &tagged(&["prod*"], 365))]), Retention::Days(30));
}

#[test]
fn overlap_does_not_shield_and_equal_selection_does() {
    assert_eq!(kept(&[expire(1, &tagged(&["prod*"], 365)), expire(2, &tagged(&["p*"], 7))]), Retention::Days(7));
    assert_eq!(kept(&[expire(1, &tagged(&["p*"], 365)), expire(2, &tagged(&["p*"], 7))]), Retention::Days(365));
    assert_eq!(kept(&[expire(1, &tagged(&["*"], 365)), expire(2, &tagged(&["p*"], 7))]), Retention::Days(365));
    // Both patterns must match: the later rule selects fewer images than the earlier one, which all were selected.
    assert_eq!(kept(&[expire(1, &tagged(&["a*"], 365)), expire(2, &tagged(&["a*", "b*"], 7))]), Retention::Days(365));
    assert_eq!(kept(&[expire(1, &tagged(&["a*", "b*"], 365)), expire(2, &tagged(&["a*"], 7))]), Retention::Days(7));
    // The order of evaluation is the priority, not the place in the document.
    assert_eq!(kept(&[expire(2, &tagged(&["p*"], 7)), expire(1, &tagged(&["p*"], 365))]), Retention::Days(365));
}

#[test]
fn the_archive_keeps_longer_than_images_can_be_pulled() {
    let pulled = json!({ "tagStatus": "any", "countType": "sinceImagePulled", "countUnit": "days", "countNumber": 30 });
    let archived = json!({ "tagStatus": "any", "storageClass": "archive", "countType": "sinceImageTransitioned",
        "countUnit": "days", "countNumber": 335 });
    let move_out = rule(1, &pulled, &json!({ "type": "transition", "targetStorageClass": "archive" }));
    let text = policy(&[move_out.clone(), expire(2, &archived)]);
    let read = Policy::parse(&text).unwrap();
    assert_eq!((retention(&read), available(&read)), (Retention::Days(365), Retention::Days(30)));
    // A rule that archives what it selects is no promise that nothing expires it.
    let everything = rule(1, &tagged(&["*"], 30), &json!({ "type": "transition", "targetStorageClass": "archive" }));
    assert_eq!(kept(&[everything, expire(2, &tagged(&["*"], 60))]), Retention::Days(60));
    assert_eq!(kept(&[move_out]), Retention::Unlimited);
    assert_eq!(kept(&[expire(2, &archived)]), Retention::Days(335));
}

#[test]
fn what_is_not_documented_is_unknown() {
    let hours = json!({ "tagStatus": "any", "countType": "sinceImagePushed", "countUnit": "hours", "countNumber": 9 });
    for text in ["[]", "{}", "not json", &policy(&[expire(1, &hours)]), &policy(&[json!({})])] {
        let reading = setting(&repository(Some(Ok(Some(text.to_owned())))), &SettingName::plain("image_retention"));
        assert!(matches!(reading, Reading::Unknown(Reason { cause: Cause::Unreadable, .. })), "{text}: {reading:?}");
    }
}

#[test]
fn a_longer_policy_keeps_what_it_does_not_change() {
    let text = policy(&[expire(1, &tagged(&["prod*"], 14)), expire(2, &pushed("any", 400))]);
    let longer = rewritten(Some(&Policy::parse(&text).unwrap()), Retention::Days(365)).unwrap().unwrap();
    let longer = longer.replace("kept [before Ordain: sinceImagePushed 14]", "kept");
    assert_eq!(longer, policy(&[expire(1, &tagged(&["prod*"], 365)), expire(2, &pushed("any", 400))]));
    let count = json!({ "tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 1000 });
    let text = policy(&[expire(1, &count)]);
    let days = rewritten(Some(&Policy::parse(&text).unwrap()), Retention::Days(365)).unwrap().unwrap();
    let days = days.replace("kept [before Ordain: imageCountMoreThan 1000]", "kept");
    assert_eq!(days, policy(&[expire(1, &pushed("any", 365))]));
}

#[test]
fn a_rewritten_policy_reads_as_what_was_asked() {
    let texts = [
        policy(&[expire(1, &pushed("any", 30))]),
        policy(&[expire(1, &pushed("untagged", 14)), expire(2, &tagged(&["a*"], 500)), expire(3, &pushed("any", 90))]),
        policy(&[]),
    ];
    for text in &texts {
        for target in [Retention::Days(7), Retention::Days(60), Retention::Days(1000), Retention::Unlimited] {
            let policy = Policy::parse(text).unwrap();
            let after = rewritten(Some(&policy), target).unwrap();
            let reads = after.map_or(Retention::Unlimited, |text| retention(&Policy::parse(&text).unwrap()));
            assert_eq!(reads, target, "{text}");
        }
    }
    assert!(rewritten(None, Retention::Disabled).is_err());
    assert!(rewritten(None, Retention::Days(365)).unwrap().unwrap().contains("365"));
}

#[test]
fn writing_the_old_length_back_gives_the_old_rules_back() {
    let count = json!({ "tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 10 });
    let texts = [
        policy(&[expire(1, &pushed("untagged", 14)), expire(2, &tagged(&["a*"], 30)), expire(3, &pushed("any", 400))]),
        policy(&[expire(1, &pushed("untagged", 14)), expire(2, &count)]),
    ];
    for text in texts {
        let old = Policy::parse(&text).unwrap();
        let new = rewritten(Some(&old), Retention::Days(365)).unwrap().unwrap();
        let newer = rewritten(Some(&Policy::parse(&new).unwrap()), Retention::Days(500)).unwrap().unwrap();
        for text_after in [new, newer] {
            let back = rewritten(Some(&Policy::parse(&text_after).unwrap()), retention(&old)).unwrap().unwrap();
            assert_eq!(back, text);
        }
    }
}

fn repository(lifecycle: Option<Result<Option<String>, Reason>>) -> Repository {
    Repository {
        name: "team/api".into(),
        tag_mutability: Some("IMMUTABLE".into()),
        scan_on_push: false,
        scanning: Some(Ok(Scanning::default())),
        lifecycle,
        tags: None,
    }
}

#[test]
fn the_registry_decides_over_the_repository() {
    let read = |scan_on_push, enhanced, filters: &[&str]| {
        let filters: Vec<String> = filters.iter().map(ToString::to_string).collect();
        let scanning = Scanning { enhanced, ruled: !filters.is_empty(), filters };
        let repository = Repository { scan_on_push, scanning: Some(Ok(scanning)), ..repository(None) };
        setting(&repository, &SettingName::plain("scan_on_push"))
    };
    assert_eq!(read(true, false, &[]), Reading::Value(Value::Bool(true)));
    assert!(matches!(read(true, false, &["other*"]), Reading::Held(Value::Bool(false), _)));
    assert!(matches!(read(false, false, &["api"]), Reading::Held(Value::Bool(true), _)));
    assert!(matches!(read(false, false, &["team/*"]), Reading::Held(Value::Bool(true), _)));
    assert!(matches!(read(true, true, &["other*"]), Reading::Held(Value::Bool(false), _)));
}

#[test]
fn wildcards() {
    for (filter, name, expected) in [
        ("*", "", true),
        ("team/*", "team/api", true),
        ("team/*", "team", false),
        ("*api", "team/api", true),
        ("t*a*i", "team/api", true),
        ("a*a", "a", false),
        ("prod", "team/prod2", true),
        ("prod", "pro", false),
        ("prod*", "team/prod2", false),
    ] {
        assert_eq!(wildcard(filter, name), expected, "{filter} {name}");
    }
}

#[test]
fn immutability_in_the_apis_words() {
    let read = |api: Option<&str>| tag_immutability(api);
    assert_eq!(read(Some("IMMUTABLE")), Reading::Value(Value::string("immutable")));
    for filtered in ["MUTABLE_WITH_EXCLUSION", "IMMUTABLE_WITH_EXCLUSION"] {
        let reading = read(Some(filtered));
        let value = Value::string(&filtered.to_ascii_lowercase());
        assert!(matches!(&reading, Reading::Held(held, _) if *held == value), "{reading:?}");
    }
    assert_eq!(read(None), Reading::Value(Value::string("mutable")));
    assert!(matches!(read(Some("SOMETIMES")), Reading::Unknown(_)));
}
