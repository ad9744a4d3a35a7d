//! What the stories of applies that end early share: a profile with much to do, and what completes it.

#[path = "pairs.rs"]
mod pairs;

use super::Place;
use ordain_tests::sizes::{Groups, files};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use std::fs;
use std::process::{Child, Stdio};

/// A profile that so many log groups do not meet.
pub(crate) fn unmet(number: usize) -> Place {
    let place = Place(tempfile::tempdir().unwrap());
    fs::create_dir(place.path("p")).unwrap();
    for (name, text) in files(number, Groups::Unmet) {
        fs::write(place.path("p").join(name), text).unwrap();
    }
    place
}

/// The estate of so many log groups, once each is as demanded.
pub(crate) fn met(number: usize) -> Value {
    let mut estate: Value = serde_json::from_str(&files(number, Groups::Unmet)["estate.json"]).unwrap();
    let groups = estate.pointer_mut("/cells/aws:111111111111~1eu-west-1/aws_cloudwatch_log_group").unwrap();
    groups.as_object_mut().unwrap().values_mut().for_each(|group| group["settings"]["retention"] = "365d".into());
    estate
}

/// What a command prints is read after it ended: a pipe that is full would hold it.
pub(crate) fn start(place: &Place, line: &str) -> Child {
    let out = if line.ends_with("-json") { Stdio::piped() } else { Stdio::null() };
    place.command(line).stdout(out).stderr(Stdio::piped()).spawn().unwrap()
}

pub(crate) fn signal(child: &Child, signal: Signal) {
    // It may have come to its end by itself.
    let _ = kill_process(Pid::from_child(child), signal);
}

/// Plans what is left and applies it: then all is as demanded, and every journal is whole.
pub(crate) fn complete(place: &Place, wanted: &Value, seed: &str) {
    let planned = place.run("plan p -out rest.json -detailed-exitcode");
    assert!([0, 2].contains(&planned.code), "{seed}: {planned:#?}");
    let applied = place.run("apply rest.json -auto-approve");
    assert_eq!(applied.code, 0, "{seed}: {applied:#?}");
    let again = place.run("plan p -detailed-exitcode");
    assert_eq!(again.code, 0, "{seed}: {again:#?}");
    let estate = fs::read_to_string(place.path("p/estate.json")).unwrap();
    assert!(serde_json::from_str::<Value>(&estate).unwrap() == *wanted, "{seed}: the estate is another one");
    assert!(!place.path("p/estate.json.pending").exists(), "{seed}");
}
