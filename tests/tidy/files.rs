//! Rules about single files: a head comment, a size, a name, and no word that belongs to a machine.

use super::{none, rust, text, walk};

#[test]
fn every_source_begins_by_saying_what_it_is() {
    let silent = rust(".").into_iter().filter(|path| !text(path).starts_with("//! "));
    none("first line is not `//! `", silent.map(|path| path.display().to_string()).collect());
}

#[test]
fn no_source_is_longer_than_400_lines() {
    let long = rust(".").into_iter().filter_map(|path| {
        let lines = text(&path).lines().count();
        (lines > 400).then(|| format!("{}: {lines} lines", path.display()))
    });
    none("over 400 lines", long.collect());
}

#[test]
fn nothing_is_left_unfinished() {
    let words = [concat!("place", "holder"), concat!("FIX", "ME"), concat!("TO", "DO"), concat!("XX", "X:")];
    let left = rust(".").into_iter().flat_map(|path| {
        let text = text(&path);
        let found = words.iter().filter(|word| text.contains(**word)).map(|word| format!("{}: {word}", path.display()));
        found.collect::<Vec<_>>()
    });
    none("unfinished", left.collect());
}

#[test]
fn names_say_what_a_file_holds() {
    let empty = ["core", "util", "utils", "common", "helper", "helpers", "misc", "shared", "manager"];
    let vague = walk(".").into_iter().filter(|path| {
        path.iter().filter_map(|part| part.to_str()).any(|part| empty.contains(&part.split('.').next().unwrap_or(part)))
    });
    none("a name that could hold anything", vague.map(|path| path.display().to_string()).collect());
}

#[test]
fn nothing_names_the_machine_it_was_written_on() {
    let machine = [concat!("/wo", "rk/"), concat!("/tm", "p/w/"), concat!("/ro", "ot/"), concat!("/ho", "me/")];
    let told = walk(".").into_iter().flat_map(|path| {
        let text =
            String::from_utf8_lossy(&std::fs::read(super::root().join(&path)).expect("a readable file")).into_owned();
        let found =
            machine.iter().filter(|word| text.contains(**word)).map(|word| format!("{}: {word}", path.display()));
        found.collect::<Vec<_>>()
    });
    none("a path of one machine", told.collect());
}

#[test]
fn only_the_command_line_prints() {
    let words = ["println!", "eprintln!", "print!(", "eprint!(", "dbg!(", "std::process::exit"];
    let loud = rust(".").into_iter().filter(|path| !path.starts_with("compiler/cli") && !path.starts_with("tests"));
    let loud = loud.flat_map(|path| {
        let text = text(&path);
        let found = words.iter().filter(|word| text.contains(**word)).map(|word| format!("{}: {word}", path.display()));
        found.collect::<Vec<_>>()
    });
    none("prints outside compiler/cli", loud.collect());
}
