//! Repositories that mean harm.

use crate::place::Place;
use ordain_tests::git_server::GitServer;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

/// A repository with one more commit that `make` prepares in the work tree.
fn refused(make: impl Fn(&Place), code: &str, words: &[&str]) {
    let place = Place::new();
    place.publish("1.0.0", 30);
    make(&place);
    place.git("work", "commit --quiet --allow-empty -m harm");
    place.git("work", "push --quiet origin main");
    let web = GitServer::start(&place.path("srv"), None);
    place.profile(&format!("git::http://127.0.0.1:{}/base.git//logs?ref=main", web.port), None);
    place.bad("modules update", code, words);
    assert!(!place.path("p/ordain.lock").exists() && !place.path(".cache").exists(), "nothing is left");
}

#[test]
fn links_are_refused() {
    let link = |place: &Place| {
        symlink("/etc/passwd", place.path("work/logs/secret.hcl")).unwrap();
        place.git("work", "add .");
    };
    refused(link, "unsafe-module", &["`logs/secret.hcl` is a symbolic link"]);
}

#[test]
fn submodules_are_refused() {
    let submodule = |place: &Place| {
        place.write("work/.gitmodules", "[submodule \"x\"]\n  path = logs/x\n  url = ext::sh -c 'touch hacked'\n");
        place.git("work", "add .");
        let commit = String::from_utf8(place.git("work", "rev-parse HEAD").stdout).unwrap();
        place.git("work", &format!("update-index --add --cacheinfo 160000,{},logs/x", commit.trim()));
    };
    refused(submodule, "unsafe-module", &["`logs/x` is a submodule"]);
}

#[test]
fn names_that_are_one_where_case_does_not_count_are_refused() {
    let twins = |place: &Place| {
        place.write("work/logs/Main.hcl", "locals {}\n");
        place.git("work", "add .");
    };
    refused(twins, "unsafe-module", &["`logs/main.hcl` and `logs/Main.hcl` are the same"]);
}

#[test]
fn what_is_too_large_is_refused_before_it_is_read() {
    let large = |place: &Place| {
        // 65 MiB of one byte: 64 KB on the way.
        fs::write(place.path("work/logs/large"), vec![b'x'; 65 << 20]).unwrap();
        place.git("work", "add .");
    };
    refused(large, "module-too-large", &["`logs/large`", "64 MiB"]);
    let many = |place: &Place| {
        for at in 0..10_001 {
            fs::write(place.path(&format!("work/logs/{at}")), "").unwrap();
        }
        place.git("work", "add .");
    };
    refused(many, "module-too-large", &["more than 10000 files"]);
}

/// Git refuses to make such a tree; a server may have one all the same.
#[test]
fn trees_with_paths_that_climb_are_refused() {
    let place = Place::new();
    place.publish("1.0.0", 30);
    let object = |line: &str| String::from_utf8(place.git("work", line).stdout).unwrap().trim().to_owned();
    let raw = |name: &str| -> Vec<u8> {
        (0..20).map(|at| u8::from_str_radix(&name[2 * at..2 * at + 2], 16).unwrap()).collect()
    };
    let tree = |mode: &str, name: &str, of: &str| {
        fs::write(place.path("work/.git/tree"), [format!("{mode} {name}\0").as_bytes(), &raw(of)].concat()).unwrap();
        object("hash-object -w -t tree --literally .git/tree")
    };
    let inner = tree("100644", "evil.hcl", &object("hash-object -w logs/main.hcl"));
    let commit = object(&format!("commit-tree -m harm {}", tree("40000", "..", &inner)));
    place.git("work", &format!("update-ref refs/heads/main {commit}"));
    place.git("work", "push --quiet --force origin main");
    let web = GitServer::start(&place.path("srv"), None);
    place.profile(&format!("git::http://127.0.0.1:{}/base.git?ref=main", web.port), None);
    place.bad("modules update", "unsafe-module", &["`../evil.hcl`", "leads out"]);
}

/// Neither the machine's hooks nor filters that a repository asks for take part.
#[test]
fn nothing_is_run_because_of_a_repository() {
    let mut place = Place::new();
    place.write("work/.gitattributes", "*.hcl filter=harm\n");
    place.publish("1.0.0", 30);
    let touch = format!("touch {}", place.path("hacked").display());
    for hook in ["post-checkout", "post-merge", "reference-transaction"] {
        place.write(&format!("hooks/{hook}"), &format!("#!/bin/sh\n{touch}\n"));
        fs::set_permissions(place.path(&format!("hooks/{hook}")), fs::Permissions::from_mode(0o755)).unwrap();
    }
    let settings = [
        ("core.hooksPath", place.path("hooks").display().to_string()),
        ("filter.harm.smudge", format!("{touch}; cat")),
        ("init.templateDir", place.path("").display().to_string()),
    ];
    place.variable("GIT_CONFIG_COUNT", &settings.len().to_string());
    for (at, (name, value)) in settings.iter().enumerate() {
        place.variable(&format!("GIT_CONFIG_KEY_{at}"), name);
        place.variable(&format!("GIT_CONFIG_VALUE_{at}"), value);
    }
    let web = GitServer::start(&place.path("srv"), None);
    place.profile(&format!("git::http://127.0.0.1:{}/base.git//logs", web.port), Some("1.0.0"));
    place.good("modules update");
    assert!(!place.path("hacked").exists());
    // The same settings do run something where Git works as usual.
    place.git("", "clone --quiet srv/base.git other");
    assert!(place.path("hacked").exists());
}
