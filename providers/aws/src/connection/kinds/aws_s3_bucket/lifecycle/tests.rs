//! What an edit leaves as it was.

use super::*;
use aws_sdk_s3::types::builders::NoncurrentVersionExpirationBuilder;
use aws_sdk_s3::types::{
    LifecycleRuleAndOperator, NoncurrentVersionExpiration, Tag, Transition, TransitionStorageClass,
};

fn rule(id: &str) -> LifecycleRule {
    let tag = Tag::builder().key("class").value("audit").build().expect("a tag");
    let and = LifecycleRuleAndOperator::builder().prefix("AWSLogs/").tags(tag).build();
    let transition = Transition::builder().days(30).storage_class(TransitionStorageClass::GlacierIr).build();
    LifecycleRule::builder()
        .id(id)
        .status(ExpirationStatus::Enabled)
        .filter(LifecycleRuleFilter::builder().and(and).build())
        .transitions(transition)
        .expiration(after(90))
        .build()
        .expect("a rule")
}

fn document(rules: Vec<LifecycleRule>) -> Document {
    Document { rules, least_size: Some(TransitionDefaultMinimumObjectSize::VariesByStorageClass) }
}

#[test]
fn an_edit_changes_its_own_field_and_nothing_else() {
    let after_edit = edited(document(vec![rule("a"), rule("b")]), vec![Edit::Days(1, 365)]).expect("a document");
    let mut expected = rule("b");
    expected.expiration = Some(after(365));
    assert_eq!(after_edit.rules, [rule("a"), expected]);
    assert_eq!(after_edit.least_size, Some(TransitionDefaultMinimumObjectSize::VariesByStorageClass));
}

#[test]
fn a_prefix_within_a_filter_with_tags_is_found() {
    let read = read(&rule("a")).expect("a rule");
    assert_eq!((&*read.prefix, read.expiration, read.does_more), ("AWSLogs/", Some(Expiration::Days(90)), true));
    assert!(read.filtered);
}

#[test]
fn a_rule_that_does_not_say_whether_or_when_it_deletes_is_not_one_that_does_not() {
    let with = |edit: &dyn Fn(&mut LifecycleRule)| {
        let mut rule = rule("a");
        edit(&mut rule);
        read(&rule).map(|read| (read.enabled, read.noncurrent_days)).map_err(|reason| reason.cause)
    };
    let status = |status: &'static str| with(&|rule| rule.status = ExpirationStatus::from(status));
    assert_eq!(status("Disabled"), Ok((false, None)));
    assert_eq!(status("ENABLED"), Err(Cause::Unreadable));
    let after = |expiration: NoncurrentVersionExpirationBuilder| {
        with(&|rule| rule.noncurrent_version_expiration = Some(expiration.clone().build()))
    };
    let builder = NoncurrentVersionExpiration::builder;
    assert_eq!(after(builder().noncurrent_days(9)), Ok((true, Some(9))));
    assert_eq!(after(builder().newer_noncurrent_versions(3)), Err(Cause::Unreadable));
}

#[test]
fn rules_go_and_come_without_moving_the_others() {
    let own = Rule {
        id: Some("ordain-x".into()),
        prefix: "tmp/".into(),
        expiration: Some(Expiration::Days(7)),
        ..Rule::default()
    };
    let edits = vec![Edit::Remove(0), Edit::Disable(1), Edit::NoExpiration(2), Edit::Add(own)];
    let after_edit = edited(document(vec![rule("a"), rule("b"), rule("c")]), edits).expect("a document");
    let ids: Vec<_> = after_edit.rules.iter().map(|rule| rule.id().unwrap_or_default()).collect();
    assert_eq!(ids, ["b", "c", "ordain-x"]);
    assert_eq!(after_edit.rules[0].status, ExpirationStatus::Disabled);
    assert_eq!((&after_edit.rules[1].expiration, after_edit.rules[1].transitions().len()), (&None, 1));
    assert_eq!(after_edit.rules[2].filter().and_then(LifecycleRuleFilter::prefix), Some("tmp/"));
}

#[test]
#[expect(deprecated, reason = "the case is about documents from before there were filters")]
fn a_document_says_prefixes_in_one_way_only() {
    let old = LifecycleRule::builder().prefix("a/").status(ExpirationStatus::Enabled).expiration(after(9)).build();
    let own = Rule { prefix: "tmp/".into(), expiration: Some(Expiration::Days(7)), ..Rule::default() };
    let after_edit = edited(document(vec![old.expect("a rule")]), vec![Edit::Add(own)]).expect("a document");
    assert_eq!((after_edit.rules[1].prefix(), after_edit.rules[1].filter()), (Some("tmp/"), None));
}

#[test]
fn a_number_of_days_that_is_not_positive_is_unreadable() {
    let mut odd = rule("a");
    odd.expiration = Some(LifecycleExpiration::builder().days(0).build());
    assert!(read(&odd).is_err_and(|reason| reason.cause == Cause::Unreadable));
}
