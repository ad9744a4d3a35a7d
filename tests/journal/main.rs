//! The journal and the leases in a bucket, on moto and azurite: both honour `If-None-Match` and `If-Match`. `tests/run journal`
//! runs it.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test says what is wrong by panicking")]

mod applies;
mod bucket;
mod leases;
mod places;
mod secrets;

use bucket::{Bucket, each};
use ordain_store::journal::Store;
use ordain_tests::backend::Kind;
use ordain_tests::proxy::{Fault, Rule};

fn lines(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn waves_are_objects_that_are_created_and_never_replaced() {
    each(|bucket| {
        let store = bucket.store();
        let (mut one, mut other) = (store.journal(), store.journal());
        assert_eq!(&*one.begin("plan", "revert").unwrap(), "000001");
        assert_eq!(&*other.begin("plan", "revert").unwrap(), "000002");
        assert_eq!(store.plan("000002").unwrap(), "plan\n");
        assert!(store.plan("000003").unwrap_err().contains("has no apply 000003"));
        assert!(one.append(&lines(&["a", "b"])).unwrap());
        assert!(!other.append(&lines(&["c"])).unwrap(), "it has not read `a` and `b`");
        assert_eq!(other.read().unwrap(), ["a", "b"]);
        assert!(other.append(&lines(&["c"])).unwrap());
        assert!(!one.append(&lines(&["d"])).unwrap());
        assert_eq!(one.read().unwrap(), ["c"]);
        assert!(one.append(&lines(&["d"])).unwrap());
        assert_eq!(store.lines().unwrap(), ["a", "b", "c", "d"]);
        let names = bucket.objects();
        let journal: Vec<&str> = names.iter().filter_map(|name| name.strip_prefix("ordain/journal/")).collect();
        assert_eq!(
            journal,
            ["000000000/000000000000.jsonl", "000000000/000000000002.jsonl", "000000000/000000000003.jsonl"]
        );
    });
}

#[test]
fn a_lost_answer_appends_once() {
    each(|bucket| {
        let mut journal = bucket.store().journal();
        journal.begin("plan", "revert").unwrap();
        bucket.proxy.rule(Rule::times(1, bucket.put(), Fault::DroppedAfter).mentioning("journal/"));
        assert!(journal.append(&lines(&["a"])).unwrap());
        bucket.proxy.rule(Rule::times(2, bucket.put(), Fault::Failed).mentioning("journal/"));
        assert!(journal.append(&lines(&["b"])).unwrap());
        assert_eq!(bucket.store().lines().unwrap(), ["a", "b"]);
    });
}

#[test]
fn lines_that_were_removed_in_the_middle_are_missed_at_once() {
    each(|bucket| {
        let mut journal = bucket.store().journal();
        journal.begin("plan", "revert").unwrap();
        for line in ["a", "b", "c"] {
            assert!(journal.append(&lines(&[line])).unwrap());
        }
        bucket.delete("ordain/journal/000000000/000000000001.jsonl");
        for error in [bucket.store().lines().unwrap_err(), bucket.store().journal().back().unwrap_err()] {
            assert!(error.ends_with("the lines from 2 to 2 were removed"), "{error}");
        }
        bucket.delete("ordain/journal/000000000/000000000000.jsonl");
        let mut journal = bucket.store().journal();
        assert_eq!(journal.back().unwrap(), ["c"]);
        assert!(journal.back().unwrap_err().ends_with("the lines from 1 to 2 were removed"));
    });
}

/// A journal of so many thousand lines, two hundred at a time.
fn long(bucket: &Bucket, thousands: u64) -> Vec<String> {
    let mut journal = bucket.store().journal();
    journal.begin("plan", "revert").unwrap();
    let all: Vec<String> = (0..thousands * 1000).map(|number| number.to_string()).collect();
    all.chunks(200).for_each(|chunk| assert!(journal.append(chunk).unwrap()));
    all
}

#[test]
fn whoever_wants_the_last_lines_asks_no_more_of_a_longer_journal() {
    for kind in [Kind::Moto, Kind::Azurite] {
        let counts = [2, 8].map(|thousands| last_lines(&Bucket::new(kind), thousands));
        assert_eq!(counts[0], counts[1], "{}", kind.name());
    }
}

/// How many requests it takes to read the last lines of a journal of so many thousand.
fn last_lines(bucket: &Bucket, thousands: u64) -> usize {
    let all = long(bucket, thousands);
    bucket.proxy.clear();
    let mut journal = bucket.store().journal();
    let last = journal.back().unwrap();
    assert_eq!(last[..], all[all.len() - last.len()..]);
    assert!(last.len() <= 1000);
    assert!(journal.read().unwrap().is_empty());
    let count = bucket.proxy.calls().len();
    assert!(journal.append(&lines(&["next"])).unwrap());
    let mut read = last.len();
    loop {
        let portion = journal.back().unwrap();
        if portion.is_empty() {
            break;
        }
        read += portion.len();
        assert_eq!(portion[..], all[all.len() - read..][..portion.len()]);
    }
    assert_eq!(read, all.len());
    assert_eq!(journal.line(1200).unwrap(), "1200");
    assert_eq!(bucket.store().lines().unwrap().len(), all.len() + 1);
    count
}

#[test]
fn many_who_append_at_once_lose_no_line() {
    each(|bucket| {
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
        let mut all = bucket.store().lines().unwrap();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 15);
    });
}
