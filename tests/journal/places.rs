//! Places whose names resemble each other are different ones, and faults of the store lose and double nothing.

use crate::bucket::{Bucket, each};
use crate::lines;
use ordain_model::address::Cell;
use ordain_model::instant::Instant;
use ordain_store::journal::Store;
use ordain_store::objects::Objects;
use ordain_tests::backend::Kind;
use ordain_tests::proxy::{Fault, Rule};
use serde_json::json;
use std::collections::BTreeSet;

fn journal(store: &Objects, line: &str) {
    let mut journal = store.journal();
    assert_eq!(&*journal.begin(line, "revert").unwrap(), "000001", "{line}");
    assert!(journal.append(&lines(&[line])).unwrap(), "{line}");
}

#[test]
fn a_place_is_not_the_one_whose_name_begins_with_its() {
    each(|bucket| {
        let names = ["", "a", "ab", "a/b", "a b", "a%20b", "a%2Fb", "\u{e4}", "journal", "a+b", "a.b", "a~b"];
        names.iter().for_each(|name| journal(&bucket.place(name), &format!("of {name}")));
        for name in names {
            let store = bucket.place(name);
            assert_eq!(store.lines().unwrap(), [format!("of {name}")]);
            assert_eq!(store.journal().back().unwrap(), [format!("of {name}")]);
            assert_eq!(store.plan("000001").unwrap(), format!("of {name}\n"));
        }
        assert_eq!(bucket.place("a/").lines().unwrap(), ["of a"], "a slash at the end names no other place");
    });
}

#[test]
fn a_name_that_reads_in_two_ways_is_refused() {
    for name in ["s3://kept/a//b", "s3://kept/./a", "s3://kept/../a", "s3:///a", "s3://", "kept/a\u{7}://x"] {
        let said = Objects::with(name, &Default::default()).unwrap_err();
        assert!(said.contains("cannot be reached"), "{name}: {said}");
    }
}

/// Whatever befalls two of the requests that write or read a part of the store, the apply is there once.
#[test]
fn faults_of_the_store_lose_and_double_no_line() {
    each(|bucket| {
        let mut wanted = Vec::new();
        let faults = [Fault::Throttled, Fault::Failed, Fault::DroppedBefore, Fault::DroppedAfter];
        for (number, fault) in faults.into_iter().enumerate() {
            for operation in [bucket.put(), bucket.get(), "*"] {
                bucket.proxy.clear();
                bucket.proxy.rule(Rule::times(2, operation, fault.clone()));
                let store = bucket.store();
                let mut journal = store.journal();
                while !journal.back().unwrap().is_empty() {}
                assert_eq!(journal.begin("plan", "revert").unwrap().parse::<usize>().unwrap(), wanted.len() + 1);
                let line = format!("{number} {operation}");
                assert!(journal.append(&lines(&[&line])).unwrap(), "{line}");
                wanted.push(line);
            }
        }
        bucket.proxy.clear();
        assert_eq!(bucket.store().lines().unwrap(), wanted);
    });
}

/// A store that never answers rightly is no store: nothing is promised.
#[test]
fn a_store_that_never_answers_promises_nothing() {
    each(|bucket| {
        let mut journal = bucket.store().journal();
        journal.begin("plan", "revert").unwrap();
        bucket.proxy.rule(Rule::always(bucket.put(), Fault::Denied));
        assert!(journal.append(&lines(&["a"])).is_err());
        bucket.proxy.clear();
        bucket.proxy.rule(Rule::always(bucket.get(), Fault::Denied));
        bucket.proxy.rule(Rule::times(1, bucket.put(), Fault::DroppedAfter));
        // It was written, and nobody may read whether it was: that is no promise.
        assert!(journal.append(&lines(&["a"])).is_err());
        bucket.proxy.clear();
        assert_eq!(bucket.store().lines().unwrap(), ["a"]);
    });
}

/// What moto has of object lock: with a default retention of the bucket every version is kept, also of a lease.
#[test]
fn a_bucket_that_retains_keeps_every_version_and_a_journal_in_it_works() {
    let bucket = Bucket::new(Kind::Moto);
    bucket.python("lock.py", &["make"]);
    // moto asks for it beside the checksum; S3 has it for SDKs to send.
    bucket.proxy.add_header("x-amz-sdk-checksum-algorithm", "SHA256");
    let store = Objects::with("s3://locked/ordain", &bucket.variables()).unwrap();
    let mut kept = store.journal();
    kept.begin("plan", "revert").unwrap();
    ["a", "b"].iter().for_each(|line| assert!(kept.append(&lines(&[line])).unwrap()));
    let cells = BTreeSet::from([Cell::parse("aws:111111111111/eu-west-1").unwrap()]);
    drop(store.lease(&cells, "alice", Instant::of(1_800_000_000)).unwrap());
    assert!(store.lease(&cells, "bob", Instant::of(1_800_000_000)).is_ok(), "it was given back");
    assert_eq!(store.lines().unwrap(), ["a", "b"]);
    let versions = bucket.python("lock.py", &["versions"]);
    let versions = versions.as_array().unwrap();
    assert!(versions.len() >= 7 && versions.iter().all(|version| version[1] == "COMPLIANCE"), "{versions:?}");
    let last = "ordain/journal/000000000/000000000001.jsonl";
    assert_eq!(bucket.python("lock.py", &["delete-versions", last]), json!(["AccessDenied"]));
    // A marker hides it, and lets it be written anew; the version is still there.
    assert_eq!(bucket.python("lock.py", &["delete", last]), json!(true));
    assert_eq!(store.lines().unwrap(), ["a"]);
    bucket.python("lock.py", &["undelete", last]);
    assert_eq!(store.lines().unwrap(), ["a", "b"]);
}
