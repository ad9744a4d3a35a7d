//! What is kept stays as it was, lines stand behind each other whoever appends them, and one at a time writes to a cell.

#![expect(clippy::unwrap_used, reason = "a test says what is wrong by panicking")]

use ordain_model::address::Cell;
use ordain_model::instant::Instant;
use ordain_model::lease::Holder;
use ordain_store::directory::Directory;
use ordain_store::journal::Store;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, OpenOptions};
use std::io::Write;

fn lines(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn an_apply_keeps_its_plans_and_appends_to_the_journal() {
    let root = tempfile::tempdir().unwrap();
    let directory = Directory::at(&root.path().join(".ordain"));
    let mut journal = directory.journal();
    assert_eq!(journal.read().unwrap(), Vec::<String>::new());
    assert_eq!(&*journal.begin("plan", "revert").unwrap(), "000001");
    assert!(journal.append(&lines(&["one", "two"])).unwrap());
    assert!(journal.append(&lines(&["three"])).unwrap());
    let path = |name: &str| root.path().join(".ordain").join(name);
    assert_eq!(fs::read_to_string(path("journal.jsonl")).unwrap(), "one\ntwo\nthree\n");
    assert_eq!(fs::read_to_string(path("applies/000001/plan.json")).unwrap(), "plan\n");
    assert_eq!(directory.plan("000001").unwrap(), "plan\n");
    assert_eq!(directory.lines().unwrap(), ["one", "two", "three"]);
    assert!(directory.plan("000002").unwrap_err().contains("cannot be read"));
}

#[test]
fn nothing_is_overwritten_and_two_applies_at_once_get_two_places() {
    let root = tempfile::tempdir().unwrap();
    let names: Vec<_> = std::thread::scope(|scope| {
        let begin = || Directory::at(root.path()).journal().begin("plan", "revert").unwrap();
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(begin)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let distinct: BTreeSet<_> = names.iter().collect();
    assert_eq!(distinct.len(), 8);
}

#[test]
fn who_appends_reads_first_what_somebody_else_appended() {
    let root = tempfile::tempdir().unwrap();
    let directory = Directory::at(root.path());
    let (mut one, mut other) = (directory.journal(), directory.journal());
    one.begin("plan", "revert").unwrap();
    assert!(one.append(&lines(&["a"])).unwrap());
    assert!(!other.append(&lines(&["b"])).unwrap(), "it has not read `a`");
    assert_eq!(other.read().unwrap(), ["a"]);
    assert!(other.append(&lines(&["b"])).unwrap());
    assert!(!one.append(&lines(&["c"])).unwrap());
    assert_eq!(one.read().unwrap(), ["b"]);
    assert!(one.append(&lines(&["c"])).unwrap());
    assert_eq!(directory.lines().unwrap(), ["a", "b", "c"]);
}

#[test]
fn many_who_append_at_once_lose_no_line() {
    let root = tempfile::tempdir().unwrap();
    let directory = Directory::at(root.path());
    directory.journal().begin("plan", "revert").unwrap();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let directory = &directory;
            scope.spawn(move || {
                let mut journal = directory.journal();
                for number in 0..25 {
                    while !journal.append(&[format!("{thread} {number}")]).unwrap() {
                        journal.read().unwrap();
                    }
                }
            });
        }
    });
    let all = directory.lines().unwrap();
    assert_eq!((all.len(), all.iter().collect::<BTreeSet<_>>().len()), (100, 100));
}

#[test]
fn half_a_line_of_a_process_that_died_was_never_promised() {
    let root = tempfile::tempdir().unwrap();
    let directory = Directory::at(root.path());
    let mut journal = directory.journal();
    journal.begin("plan", "revert").unwrap();
    journal.append(&lines(&["one"])).unwrap();
    let path = root.path().join("journal.jsonl");
    OpenOptions::new().append(true).open(&path).unwrap().write_all(b"{\"half").unwrap();
    let mut next = directory.journal();
    assert_eq!(next.read().unwrap(), ["one"]);
    assert!(next.append(&lines(&["two"])).unwrap());
    assert_eq!(fs::read_to_string(&path).unwrap(), "one\ntwo\n");
}

#[test]
fn a_journal_that_became_shorter_or_went_takes_no_further_line() {
    let root = tempfile::tempdir().unwrap();
    let mut journal = Directory::at(root.path()).journal();
    journal.begin("plan", "revert").unwrap();
    journal.append(&lines(&["one", "two"])).unwrap();
    let path = root.path().join("journal.jsonl");
    fs::write(&path, "one\n").unwrap();
    assert!(journal.append(&lines(&["three"])).unwrap_err().contains("shorter than it was"));
    assert!(journal.read().unwrap_err().contains("shorter than it was"));
    fs::remove_file(&path).unwrap();
    assert!(journal.append(&lines(&["three"])).is_err());
    assert!(journal.read().is_err());
}

#[test]
fn a_place_that_cannot_be_written_is_an_error_that_names_it() {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("file"), "").unwrap();
    let directory = Directory::at(&root.path().join("file"));
    let error = directory.journal().begin("plan", "revert").unwrap_err();
    assert!(error.contains("file` cannot be written"), "{error}");
    assert!(directory.journal().append(&lines(&["line"])).is_err());
    assert!(directory.lease(&cells(&["aws:1/eu"]), "alice", Instant::of(0)).is_err());
}

fn cells(names: &[&str]) -> BTreeSet<Cell> {
    names.iter().map(|name| Cell::parse(name).unwrap()).collect()
}

#[test]
fn one_at_a_time_holds_the_lease_of_a_cell_and_the_loser_is_told_who() {
    let root = tempfile::tempdir().unwrap();
    let directory = Directory::at(root.path());
    let (since, cell) = (Instant::of(1_800_000_000), Cell::parse("aws:1/eu").unwrap());
    assert_eq!(directory.holder(&cell).unwrap(), None);
    let held = directory.lease(&cells(&["aws:1/eu", "aws:1/us"]), "alice", since).unwrap();
    assert_eq!(directory.holder(&cell).unwrap(), Some(Holder { token: 1, who: "alice".into(), since }));
    assert!(held.owned(&cell).is_ok());
    assert!(held.owned(&Cell::parse("aws:2/eu").unwrap()).is_err(), "nobody took that one");
    let refused = directory.lease(&cells(&["aws:0/eu", "aws:1/us"]), "bob", since).err().unwrap();
    assert_eq!(refused, "alice holds the lease of aws:1/us since 2027-01-15T08:00:00Z");
    // What bob got before he lost is free again, and cells that nobody holds are no matter of alice's.
    let other = directory.lease(&cells(&["aws:0/eu"]), "carol", since).unwrap();
    assert_eq!(other.tokens(), BTreeMap::from([(Cell::parse("aws:0/eu").unwrap(), 2)]));
    drop(held);
    assert_eq!(directory.holder(&cell).unwrap(), None);
    let next = directory.lease(&cells(&["aws:1/eu"]), "bob", since).unwrap();
    assert_eq!(next.tokens(), BTreeMap::from([(cell, 2)]), "tokens only grow");
}

#[test]
fn lines_are_read_from_either_end_whatever_their_length() {
    let root = tempfile::tempdir().unwrap();
    let directory = Directory::at(root.path());
    let mut journal = directory.journal();
    journal.begin("plan", "revert").unwrap();
    let wanted: Vec<String> = (0..40).map(|number| format!("{number:02}").repeat(1 << (number % 21))).collect();
    wanted.iter().for_each(|line| assert!(journal.append(std::slice::from_ref(line)).unwrap()));
    // What was being written when its process died.
    OpenOptions::new().append(true).open(root.path().join("journal.jsonl")).unwrap().write_all(b"torn").unwrap();
    assert_eq!(directory.lines().unwrap(), wanted);
    let (mut back, mut portions) = (directory.journal(), Vec::new());
    loop {
        let portion = back.back().unwrap();
        if portion.is_empty() {
            break;
        }
        portions.push(portion);
    }
    assert!(portions.len() > 2, "{}", portions.len());
    assert_eq!(portions.into_iter().rev().flatten().collect::<Vec<_>>(), wanted);
    assert!(back.read().unwrap().is_empty());
    assert!(back.append(&lines(&["next"])).unwrap());
    assert_eq!(back.line(20).unwrap(), wanted[20]);
    assert_eq!(back.line(40).unwrap(), "next");
    assert!(back.line(41).unwrap_err().contains("line 42: it is shorter"));
}
