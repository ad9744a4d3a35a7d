//! The traps of lifecycle documents.

use super::amendment::{Edit, Wanted, amend, own_id};
use super::lifecycle::{Expiration, Rule, Versioning, gone, kept};
use super::*;
use ordain_model::observation::Cause;
use ordain_model::retention::Retention;
use std::collections::BTreeMap;

fn expire(prefix: &str, days: u32) -> Rule {
    let expiration = Some(Expiration::Days(days));
    Rule { id: Some(format!("{prefix}{days}")), enabled: true, prefix: prefix.into(), expiration, ..Rule::default() }
}

fn noncurrent(prefix: &str, days: u32) -> Rule {
    Rule { enabled: true, prefix: prefix.into(), noncurrent_days: Some(days), ..Rule::default() }
}

fn bucket(rules: Result<Vec<Rule>, Reason>, versioning: Option<Result<Versioning, Reason>>) -> Bucket {
    Bucket {
        name: "logs".into(),
        region: "eu-west-1".into(),
        arn: "arn:aws:s3:::logs".into(),
        encryption: None,
        public_access_block: None,
        rules: Some(rules),
        versioning,
    }
}

fn never(rules: &[Rule], prefix: &str) -> Retention {
    kept(rules, Some(Versioning::Never), prefix).expect("versioning is given")
}

fn edits(rules: &[Rule], versioning: Versioning, wanted: &[(&str, Retention)]) -> Result<Vec<Edit>, String> {
    amend(rules, versioning, &Wanted { least: wanted.iter().copied().collect(), ..Wanted::default() })
}

const UNLIMITED: Retention = Retention::Unlimited;

fn days(days: u32) -> Retention {
    Retention::Days(days)
}

#[test]
fn the_shorter_of_overlapping_rules_wins() {
    let rules = [expire("", 365), expire("AWSLogs/", 90)];
    assert_eq!(never(&rules, "AWSLogs/1/vpcflowlogs/"), days(90));
    assert_eq!(never(&rules, ""), days(90), "a rule on an extension of the prefix counts");
    assert_eq!(never(&rules, "images/"), days(365));
    assert_eq!(never(&[], ""), UNLIMITED);
}

#[test]
fn a_disabled_rule_has_no_effect_and_a_filtered_one_counts() {
    let rules = [Rule { enabled: false, ..expire("", 1) }];
    assert_eq!(never(&rules, ""), UNLIMITED);
    assert_eq!(never(&[Rule { filtered: true, ..expire("", 30) }], "a/"), days(30));
}

#[test]
fn what_is_gone_by_then_is_gone_everywhere_under_the_prefix() {
    let gone = |rules: &[Rule], versioning| gone(rules, Some(versioning), "a/").expect("versioning is given");
    let never = |rules: &[Rule]| gone(rules, Versioning::Never);
    assert_eq!(never(&[expire("", 365), expire("a/", 90)]), days(90));
    assert_eq!(never(&[expire("a/b/", 30)]), UNLIMITED, "the rest of the prefix stays");
    assert_eq!(never(&[Rule { filtered: true, ..expire("", 30) }]), UNLIMITED);
    assert_eq!(never(&[Rule { enabled: false, ..expire("", 30) }]), UNLIMITED);
    assert_eq!(gone(&[expire("", 30)], Versioning::Enabled), UNLIMITED);
    assert_eq!(gone(&[expire("", 30), noncurrent("", 7)], Versioning::Suspended), days(37));
    let spares = Rule { spares_versions: true, ..noncurrent("", 7) };
    assert_eq!(gone(&[expire("", 30), spares], Versioning::Enabled), UNLIMITED);
}

#[test]
fn a_limit_is_a_rule_of_our_own_and_goes_with_it() {
    let limit = |rules: &[Rule], most| {
        let wanted = Wanted { most: BTreeMap::from([("a/", most)]), ..Wanted::default() };
        amend(rules, Versioning::Never, &wanted)
    };
    let made = limit(&[expire("a/b/", 30)], days(365)).expect("edits");
    let [Edit::Add(own)] = made.as_slice() else { panic!("one rule") };
    assert_eq!((&*own.prefix, own.expiration), ("a/", Some(Expiration::Days(365))));
    assert_eq!(limit(&[expire("a/b/", 30), own.clone()], UNLIMITED), Ok(vec![Edit::Remove(1)]));
    let longer = limit(std::slice::from_ref(own), days(400)).expect("edits");
    assert!(matches!(longer.as_slice(), [Edit::Remove(0), Edit::Add(_)]));
    assert!(limit(&[expire("", 30)], days(365)).is_err(), "somebody else's rule is not lengthened for a limit");
}

#[test]
fn a_versioned_bucket_keeps_data_until_the_version_goes() {
    let versioned = |rules: &[Rule]| kept(rules, Some(Versioning::Enabled), "a/").expect("versioning is given");
    assert_eq!(versioned(&[expire("", 30)]), UNLIMITED);
    assert_eq!(versioned(&[noncurrent("", 30)]), UNLIMITED);
    assert_eq!(versioned(&[expire("", 300), noncurrent("a/", 65)]), days(365));
    assert_eq!(versioned(&[expire("a/x/", 300), noncurrent("a/y/", 65)]), UNLIMITED, "no object is under both");
    let suspended = kept(&[expire("", 300), noncurrent("", 65)], Some(Versioning::Suspended), "");
    assert_eq!(suspended, Some(days(300)), "what is written now has no version to fall back to");
}

#[test]
fn a_rule_with_a_date_keeps_nothing_for_any_number_of_days() {
    let rules = vec![Rule { expiration: Some(Expiration::Date), ..expire("", 0) }];
    let reading =
        bucket(Ok(rules.clone()), Some(Ok(Versioning::Never))).setting(&SettingName::keyed("retention", "a/"));
    assert!(matches!(reading, Some(Reading::Held(Value::Retention(Retention::Disabled), _))));
    assert!(edits(&rules, Versioning::Never, &[("a/", days(365))]).is_err());
}

#[test]
fn denied_versioning_hides_only_what_depends_on_it() {
    let denied = || Some(Err(Reason::new(Cause::Denied, "s3:GetBucketVersioning: AccessDenied")));
    let bucket = bucket(Ok(vec![expire("tmp/", 7)]), denied());
    assert_eq!(
        bucket.setting(&SettingName::keyed("retention", "logs/")),
        Some(Reading::Value(Value::Retention(UNLIMITED)))
    );
    let hidden = bucket.setting(&SettingName::keyed("retention", "tmp/"));
    assert!(matches!(hidden, Some(Reading::Unknown(Reason { cause: Cause::Denied, .. }))));
    assert!(Bucket::needs_versioning(&[expire("tmp/", 7)], ["tmp/a"].into_iter()));
    assert!(!Bucket::needs_versioning(&[expire("tmp/", 7)], ["logs/"].into_iter()));
}

#[test]
fn a_denied_lifecycle_is_unknown_and_no_lifecycle_is_unlimited() {
    let denied = bucket(Err(Reason::new(Cause::Denied, "s3:GetLifecycleConfiguration: AccessDenied")), None);
    assert!(matches!(denied.setting(&SettingName::keyed("retention", "")), Some(Reading::Unknown(_))));
    let none = bucket(Ok(Vec::new()), None);
    assert_eq!(none.setting(&SettingName::keyed("retention", "")), Some(Reading::Value(Value::Retention(UNLIMITED))));
}

#[test]
fn keeping_longer_lengthens_every_shorter_rule_and_no_other() {
    let rules = [expire("", 90), expire("AWSLogs/", 30), expire("AWSLogs/x/", 400), expire("tmp/", 1)];
    let changed = edits(&rules, Versioning::Never, &[("AWSLogs/", days(365))]);
    assert_eq!(changed, Ok(vec![Edit::Days(0, 365), Edit::Days(1, 365)]));
}

#[test]
fn keeping_longer_in_a_versioned_bucket_counts_the_noncurrent_days() {
    let rules = [expire("", 90), noncurrent("", 30)];
    assert_eq!(edits(&rules, Versioning::Enabled, &[("", days(365))]), Ok(vec![Edit::Days(0, 335)]));
}

#[test]
fn keeping_without_limit_disables_what_only_expires() {
    let mixed = Rule { does_more: true, ..expire("", 60) };
    let own = Rule { id: Some(own_id("a/")), ..expire("a/", 5) };
    let changed = edits(&[expire("a/", 90), mixed, own], Versioning::Never, &[("a/", UNLIMITED)]);
    assert_eq!(changed, Ok(vec![Edit::Disable(0), Edit::NoExpiration(1), Edit::Remove(2)]));
}

#[test]
fn keeping_shorter_adds_a_rule_of_our_own_on_that_prefix() {
    let changed = edits(&[expire("", 730)], Versioning::Never, &[("a/", days(365))]).expect("edits");
    let [Edit::Add(rule)] = changed.as_slice() else { panic!("one rule") };
    assert_eq!((rule.id.as_deref(), &*rule.prefix), (Some(own_id("a/").as_str()), "a/"));
    let versions = edits(&[noncurrent("", 30)], Versioning::Enabled, &[("a/", days(365))]).expect("edits");
    assert!(matches!(versions.as_slice(), [Edit::Add(rule)] if rule.expiration == Some(Expiration::Days(335))));
    assert!(edits(&[], Versioning::Enabled, &[("a/", days(365))]).is_err(), "its versions would never go");
}

#[test]
fn a_rule_on_exactly_that_prefix_gets_fewer_days_and_no_second_one_beside_it() {
    let longer = edits(&[expire("a/", 30)], Versioning::Never, &[("a/", days(365))]);
    assert_eq!(longer, Ok(vec![Edit::Days(0, 365)]));
    let back = edits(&[expire("a/", 365)], Versioning::Never, &[("a/", days(30))]);
    assert_eq!(back, Ok(vec![Edit::Days(0, 30)]), "undone, the document is what it was");
    let disabled = Rule { id: Some(own_id("a/")), enabled: false, ..expire("a/", 400) };
    let changed = edits(&[disabled], Versioning::Never, &[("a/", days(365))]).expect("edits");
    assert!(matches!(changed.as_slice(), [Edit::Remove(0), Edit::Add(_)]), "two rules cannot share an id");
}

#[test]
fn a_prefix_that_is_kept_as_it_is_stays_so_beside_one_that_grows() {
    let wanted = [("logs/", days(365)), ("tmp/", days(30))];
    let changed = edits(&[expire("", 30)], Versioning::Never, &wanted).expect("edits");
    assert!(matches!(changed.as_slice(), [Edit::Days(0, 365), Edit::Add(rule)] if rule.prefix == "tmp/"));
    let contradiction = [("", days(365)), ("tmp/", days(30))];
    assert!(edits(&[expire("", 30)], Versioning::Never, &contradiction).is_err(), "`` holds `tmp/` too");
}

#[test]
fn a_prefix_is_no_url() {
    assert!(prefix("AWSLogs/").is_ok());
    assert!(prefix("").is_ok());
    assert!(prefix("s3://logs/AWSLogs/").is_err_and(|said| said.contains("`AWSLogs/`")));
    assert!(prefix(&"x".repeat(1025)).is_err());
    assert!((KIND.setting("retention").and_then(|it| it.keyed.as_ref()).expect("keyed").covers)("a/", "a/b"));
}
