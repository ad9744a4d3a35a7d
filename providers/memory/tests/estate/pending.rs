//! What an apply wrote is durable before the estate's file holds it, and nobody else writes over it.

use super::{ESTATE, change, file, object, open};
use ordain_memory::Estate;
use ordain_model::address::SettingName;
use ordain_model::observation::Reading;
use ordain_model::provider::World;
use ordain_model::types::Type;
use ordain_model::value::Value;
use std::fs;

fn encryption(estate: &Estate) -> String {
    match object(estate, "lab:1/eu/lab_bucket/audit").setting(&SettingName::plain("encryption")) {
        Reading::Value(Value::String(text)) => text.to_string(),
        other => panic!("{other:?}"),
    }
}

/// Writes and is killed: no destructor runs.
fn killed(path: &std::path::Path, value: &str) {
    let estate = open(path).unwrap();
    estate.write(&change(value)).unwrap();
    estate.commit().unwrap();
    let beside = path.with_file_name("estate.json.pending");
    let bytes = fs::read(&beside).unwrap();
    drop(estate);
    fs::write(path, ESTATE).unwrap();
    fs::write(beside, bytes).unwrap();
}

#[test]
fn what_a_killed_apply_wrote_is_there_and_the_next_apply_brings_it_in() {
    let (_keep, path) = file(ESTATE);
    let beside = path.with_file_name("estate.json.pending");
    killed(&path, "kms");
    assert_eq!(fs::read_to_string(&path).unwrap(), ESTATE);
    assert_eq!(encryption(&open(&path).unwrap()), "kms", "who reads sees it");
    assert!(beside.exists(), "who only reads changes nothing");
    // A wave whose line does not end was never durable.
    let whole = fs::read(&beside).unwrap();
    fs::write(&beside, &whole[..whole.len() - 1]).unwrap();
    assert_eq!(encryption(&open(&path).unwrap()), "aes256");
    fs::write(&beside, [&whole[..], b"[{\"object\""].concat()).unwrap();
    let next = open(&path).unwrap();
    assert_eq!(encryption(&next), "kms");
    let mut other = change("kms");
    other.unit = "retention".into();
    other.values = [(SettingName::keyed("retention", "logs/"), Type::Retention.decode(&"98d".into()).unwrap())].into();
    next.write(&other).unwrap();
    next.commit().unwrap();
    drop(next);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains("\"98d\"") && !text.contains("\"aes256\""), "{text}");
    assert_eq!(encryption(&open(&path).unwrap()), "kms");
    assert!(!beside.exists());
}

#[test]
fn an_apply_that_was_killed_after_it_had_brought_everything_in_left_nothing() {
    let (_keep, path) = file(ESTATE);
    let beside = path.with_file_name("estate.json.pending");
    killed(&path, "kms");
    let bytes = fs::read(&beside).unwrap();
    let estate = open(&path).unwrap();
    estate.write(&change("kms")).unwrap();
    estate.commit().unwrap();
    drop(estate);
    fs::write(&beside, bytes).unwrap();
    assert_eq!(encryption(&open(&path).unwrap()), "kms");
}

#[test]
fn an_estate_that_was_edited_over_what_a_killed_apply_wrote_is_refused() {
    let (_keep, path) = file(ESTATE);
    killed(&path, "kms");
    fs::write(&path, ESTATE.replace("\"91d\"", "\"98d\"")).unwrap();
    let said = open(&path).err().unwrap().join("");
    assert!(said.contains("lab_bucket/audit#encryption was written by an apply that did not end"), "{said}");
}

#[test]
fn of_two_applies_on_one_estate_the_second_is_refused() {
    let (_keep, path) = file(ESTATE);
    let (one, two) = (open(&path).unwrap(), open(&path).unwrap());
    one.write(&change("kms")).unwrap();
    one.commit().unwrap();
    let late = open(&path).unwrap();
    for other in [two, late] {
        other.write(&change("none")).unwrap();
        assert!(other.commit().unwrap_err().detail.contains("another apply is writing to it"));
    }
    drop(one);
    assert_eq!(encryption(&open(&path).unwrap()), "kms");
}

#[test]
fn an_apply_with_nothing_to_do_brings_in_what_a_killed_one_left() {
    let (_keep, path) = file(ESTATE);
    killed(&path, "kms");
    open(&path).unwrap().commit().unwrap();
    assert!(!path.with_file_name("estate.json.pending").exists());
    assert!(!fs::read_to_string(&path).unwrap().contains("aes256"), "the file has it");
    let untouched = fs::read(&path).unwrap();
    open(&path).unwrap().commit().unwrap();
    assert_eq!(fs::read(&path).unwrap(), untouched);
}
