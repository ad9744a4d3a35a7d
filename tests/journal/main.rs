//! The journal and the leases in a bucket, on moto: it honours `If-None-Match` and `If-Match`. `tests/run journal` runs it.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test says what is wrong by panicking")]

mod applies;
mod bucket;
mod leases;

use bucket::Bucket;
use ordain_store::journal::Store;
use ordain_tests::proxy::{Fault, Rule};

fn lines(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn waves_are_objects_that_are_created_and_never_replaced() {
    let bucket = Bucket::new();
    let store = bucket.store();
    let (mut one, mut other) = (store.journal(), store.journal());
    assert_eq!(&*one.begin("plan", "revert").unwrap(), "000001");
    assert_eq!(&*other.begin("plan", "revert").unwrap(), "000002");
    assert_eq!(store.revert("000002").unwrap(), "revert\n");
    assert!(store.revert("000003").unwrap_err().contains("has no apply 000003"));
    assert!(one.append(&lines(&["a", "b"])).unwrap());
    assert!(!other.append(&lines(&["c"])).unwrap(), "it has not read `a` and `b`");
    assert_eq!(other.read().unwrap(), ["a", "b"]);
    assert!(other.append(&lines(&["c"])).unwrap());
    assert!(!one.append(&lines(&["d"])).unwrap());
    assert_eq!(one.read().unwrap(), ["c"]);
    assert!(one.append(&lines(&["d"])).unwrap());
    assert_eq!(store.journal().read().unwrap(), ["a", "b", "c", "d"]);
    let names = bucket.objects();
    let journal: Vec<&str> = names.iter().filter_map(|name| name.strip_prefix("ordain/journal/")).collect();
    assert_eq!(journal, ["000000000000.jsonl", "000000000002.jsonl", "000000000003.jsonl"]);
}

#[test]
fn a_lost_answer_appends_once() {
    let bucket = Bucket::new();
    let mut journal = bucket.store().journal();
    journal.begin("plan", "revert").unwrap();
    bucket.proxy.rule(Rule::times(1, "s3:PutObject", Fault::DroppedAfter).mentioning("journal/"));
    assert!(journal.append(&lines(&["a"])).unwrap());
    bucket.proxy.rule(Rule::times(2, "s3:PutObject", Fault::Failed).mentioning("journal/"));
    assert!(journal.append(&lines(&["b"])).unwrap());
    assert_eq!(bucket.store().journal().read().unwrap(), ["a", "b"]);
}

#[test]
fn lines_that_were_removed_in_the_middle_are_missed_at_once() {
    let bucket = Bucket::new();
    let mut journal = bucket.store().journal();
    journal.begin("plan", "revert").unwrap();
    for line in ["a", "b", "c"] {
        assert!(journal.append(&lines(&[line])).unwrap());
    }
    bucket.delete("ordain/journal/000000000001.jsonl");
    let error = bucket.store().journal().read().unwrap_err();
    assert!(error.ends_with("the lines from 2 to 2 were removed"), "{error}");
}

#[test]
fn many_who_append_at_once_lose_no_line() {
    let bucket = Bucket::new();
    std::thread::scope(|scope| {
        for thread in 0..3 {
            let store = bucket.store();
            scope.spawn(move || {
                let mut journal = store.journal();
                for number in 0..5 {
                    while !journal.append(&[format!("{thread} {number}")]).unwrap() {
                        journal.read().unwrap();
                    }
                }
            });
        }
    });
    let mut all = bucket.store().journal().read().unwrap();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 15);
}
