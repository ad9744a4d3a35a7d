//! What is kept stays as it was, and an apply without a durable journal does not begin.

use ordain_model::journal::JournalStore;
use ordain_store::directory::Directory;
use std::fs;

#[test]
fn an_apply_keeps_its_plan_its_revert_plan_and_its_journal() {
    let root = tempfile::tempdir().unwrap();
    let mut directory = Directory::at(&root.path().join(".ordain"));
    directory.begin("plan", "revert").unwrap();
    directory.append(&["one".into(), "two".into()]).unwrap();
    directory.append(&["three".into()]).unwrap();
    assert_eq!(fs::read_to_string(directory.journal().unwrap()).unwrap(), "one\ntwo\nthree\n");
    assert_eq!(fs::read_to_string(directory.revert().unwrap()).unwrap(), "revert\n");
    assert_eq!(fs::read_to_string(directory.revert().unwrap().with_file_name("plan.json")).unwrap(), "plan\n");
}

#[test]
fn nothing_is_overwritten_and_two_applies_at_once_get_two_places() {
    let root = tempfile::tempdir().unwrap();
    let places: Vec<_> = std::thread::scope(|scope| {
        let begin = || {
            let mut directory = Directory::at(root.path());
            directory.begin("plan", "revert").unwrap();
            directory.journal().unwrap()
        };
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(begin)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let distinct: std::collections::BTreeSet<_> = places.iter().collect();
    assert_eq!(distinct.len(), 8);
}

#[test]
fn a_place_that_cannot_be_written_is_an_error_that_names_it() {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("file"), "").unwrap();
    let mut directory = Directory::at(&root.path().join("file"));
    let error = directory.begin("plan", "revert").unwrap_err();
    assert!(error.contains("file` cannot be written"), "{error}");
    assert!(directory.append(&["line".into()]).is_err());
}
