//! Anchors: who may sign one, and what a profile that is judged under one must hold.

use crate::approval::forge;
use crate::keys::Keys;
use crate::place::Place;
use ordain_model::digest::Digest;
use serde_json::Value;

const UNDER: &str = "-anchor ../anchor.hcl -signers ../signers";

/// A profile that imports the published baseline in version 2, and an anchor that asks for it, signed by Alice.
fn anchored() -> Place {
    let place = Place::new();
    place.publish("1.0.0", 30);
    place.publish("2.0.0", 60);
    place.profile(&source(&place), Some("~> 2.0"));
    place.good("modules update");
    let key = Keys(&place).make("alice");
    place.write("signers", &format!("alice@example.com namespaces=\"ordain.anchor\" {key}\n"));
    anchor(&place, ">= 2", "");
    place
}

fn source(place: &Place) -> String {
    format!("git::file://{}//logs", place.path("srv/base.git").display())
}

fn anchor(place: &Place, version: &str, more: &str) {
    let source = source(place);
    let text = format!("module \"baseline\" {{\n  source  = \"{source}\"\n  version = \"{version}\"\n{more}}}\n");
    place.write("anchor.hcl", &text);
    Keys(place).sign("alice", "ordain.anchor", "anchor.hcl");
}

fn report(place: &Place, line: &str) -> Value {
    serde_json::from_str(&place.good(&format!("{line} -json"))).unwrap()
}

#[test]
fn what_the_anchor_demands_is_there_and_its_digest_is_everywhere() {
    let mut place = anchored();
    assert!(Keys(&place).verify("alice@example.com", "ordain.anchor", "anchor.hcl", "signers"));
    let digest = Digest::of(place.read("anchor.hcl").as_bytes()).to_string();
    for command in ["validate", "plan", "drift", "snapshot -out s"] {
        assert_eq!(report(&place, &format!("{command} {UNDER}"))["inputs"]["anchor"], *digest, "{command}");
        assert_eq!(report(&place, command)["inputs"]["anchor"], Value::Null, "{command}");
    }
    assert!(place.good(&format!("validate {UNDER}")).contains(&format!("Anchored by {}.", &digest[7..19])));
    assert!(place.good("validate").contains("Unanchored."));
    place.write("p/estate.json", ESTATE);
    place.good(&format!("plan {UNDER} -out plan.json"));
    place.bad("apply plan.json -auto-approve", "anchor", &["made under the anchor sha256:", "without an anchor"]);
    place.good(&format!("apply plan.json -auto-approve {UNDER}"));
    assert!(place.read("p/.ordain/journal.jsonl").contains(&digest));
    // A pipeline gives it by the environment.
    place.variable("ORDAIN_ANCHOR", "../anchor.hcl");
    place.bad("validate", "anchor-signature", &["Nothing says who may sign"]);
    place.variable("ORDAIN_SIGNERS", "../signers");
    place.good("validate");
}

const ESTATE: &str = r#"{ "as_of": "2026-11-01T00:00:00Z", "cells": { "aws:111111111111/eu-west-1": { "aws_cloudwatch_log_group": {
  "/app": { "attributes": { "name": "/app", "tags": {} }, "settings": { "retention": "7d" } } } } } }"#;

#[test]
fn a_signature_that_says_nothing_is_refused_by_name() {
    let place = anchored();
    let keys = Keys(&place);
    let refused = |words: &[&str]| place.bad(&format!("validate {UNDER}"), "anchor-signature", words);
    let good = place.read("anchor.hcl");
    place.write("anchor.hcl", &good.replace(">= 2", ">= 1"));
    refused(&["over another text", "ssh-keygen -Y sign -n ordain.anchor"]);
    place.write("anchor.hcl", &good);
    std::fs::remove_file(place.path("anchor.hcl.sig")).unwrap();
    refused(&["anchor.hcl.sig", "No such file"]);
    place.write("anchor.hcl.sig", "alice was here\n");
    refused(&["no signature of an Ed25519 key"]);
    keys.sign("alice", "file", "anchor.hcl");
    refused(&["made for the namespace `file`, not for `ordain.anchor`"]);
    keys.make("mallory");
    keys.sign("mallory", "ordain.anchor", "anchor.hcl");
    refused(&["is on no line of the file of signers"]);
    keys.make_of("ecdsa", "curve");
    keys.sign("curve", "ordain.anchor", "anchor.hcl");
    refused(&["no signature of an Ed25519 key"]);
    keys.make_of("rsa", "old");
    keys.sign("old", "ordain.anchor", "anchor.hcl");
    refused(&["its key is `ssh-rsa`: only Ed25519 keys sign here"]);
}

#[test]
fn a_key_signs_only_when_and_for_what_its_line_says() {
    let place = anchored();
    let key = place.read("keys/alice.pub");
    let signers = |principals: &str, options: &str| place.write("signers", &format!("{principals} {options} {key}"));
    let refused = |words: &[&str]| place.bad(&format!("validate {UNDER}"), "anchor-signature", words);
    signers("alice@example.com", "valid-before=\"20200101Z\"");
    refused(&["was valid until 2020-01-01T00:00:00Z, and it is 2", "line 1"]);
    assert!(!Keys(&place).verify("alice@example.com", "ordain.anchor", "anchor.hcl", "signers"), "OpenSSH agrees");
    signers("alice@example.com", "valid-after=\"29990101Z\"");
    refused(&["is valid from 2999-01-01T00:00:00Z on"]);
    signers("alice@example.com", "valid-before=\"29990101\"");
    refused(&["has `29990101` for a time"]);
    signers("alice@example.com", "namespaces=\"git,file\"");
    refused(&["may not sign in the namespace `ordain.anchor`"]);
    signers("*@example.com", "namespaces=\"ordain.*\"");
    refused(&["named by a pattern"]);
    signers("alice@example.com", "valid-for=\"1d\"");
    place.bad(&format!("validate {UNDER}"), "signers", &["line 1: there is no option `valid-for`"]);
    signers("alice@example.com", "namespaces=\"ordain.*\",valid-after=\"20200101Z\",valid-before=\"29990101Z\"");
    place.good(&format!("validate {UNDER}"));
}

#[test]
fn what_judges_a_profile_does_not_lie_in_it() {
    let place = anchored();
    place.write("p/inside/signers", &place.read("signers"));
    place.bad("validate -anchor ../anchor.hcl -signers inside/signers", "anchor-signature", &["lies in the profile"]);
    std::os::unix::fs::symlink("p/inside/signers", place.path("link")).unwrap();
    place.bad("validate -anchor ../anchor.hcl -signers ../link", "anchor-signature", &["lies in the profile"]);
    place.bad("validate -anchor ../nothing -signers ../signers", "cannot-read", &[]);
}

#[test]
fn a_profile_that_lacks_what_is_demanded_is_refused() {
    let place = anchored();
    let lacks = |words: &[&str]| place.bad(&format!("validate {UNDER}"), "anchor", words);
    place.write("p/main.hcl", "target \"aws\" \"t\" {\n  estate = \"estate.json\"\n}\n");
    lacks(&["does not import `git::file://", "everywhere", "targets = [target.aws.t]"]);
    // Every command that compiles a profile is under the anchor of the runner, also where it only shows something of it.
    for command in ["console", "graph", "policy", "baseline check -against .", "explain require.a.b"] {
        place.bad(&format!("{command} {UNDER}"), "anchor", &["does not import"]);
    }
    place.profile(&source(&place), Some("~> 1.0"));
    place.good("modules update");
    lacks(&["is locked to version `1.0.0`, and the anchor demands `>= 2`"]);
    place.profile(&format!("{}?ref=v2.0.0", source(&place)), None);
    place.good("modules update");
    lacks(&["is imported at `v2.0.0`, which is no version"]);
    // Imported, and given another target than the one that counts.
    let main = format!(
        "target \"aws\" \"t\" {{\n  estate = \"estate.json\"\n}}\ntarget \"aws\" \"u\" {{\n  estate = \"estate.json\"\n}}\nmodule \"m\" {{\n  source  = \"{}\"\n  version = \"~> 2.0\"\n  targets = [target.aws.u]\n}}\n",
        source(&place)
    );
    place.write("p/main.hcl", &main);
    place.good("modules update");
    lacks(&["without `target.aws.t`", "targets = [target.aws.t, target.aws.u]"]);
    // Imported for nothing at all.
    place.write("p/main.hcl", &main.replace("targets", "for_each = toset([])\n  targets"));
    lacks(&["without `target.aws.t`"]);
}

#[test]
fn a_demand_holds_where_it_says_once_it_is_known_what_is_reached() {
    let place = anchored();
    let alone = "target \"aws\" \"t\" {\n  estate = \"estate.json\"\n}\nrequire \"aws_cloudwatch_log_group\" \"own\" {\n  where = true\n  must { retention = at_least(\"1d\") }\n}\n";
    place.write("p/main.hcl", alone);
    anchor(&place, ">= 2", "  cells = [\"aws:111111111111\"]\n");
    let validated = place.good(&format!("validate {UNDER}"));
    assert!(validated.contains("anchor.module.baseline") && validated.contains("is not all known"), "{validated}");
    let setting = "explain aws:111111111111/eu-west-1/aws_cloudwatch_log_group/a#retention";
    for command in
        ["plan", "drift", "snapshot -out s", "apply -auto-approve", "baseline write", setting, "graph -type plan"]
    {
        let line = format!("{command} {UNDER}");
        place.bad(&line, "anchor", &["does not import", "in `aws:111111111111`"]);
    }
    assert!(!place.path("p/s").exists() && !place.path("p/baseline.hcl").exists());
    // Each test is judged by what its own world reaches.
    place.write(
        "p/own.test.hcl",
        "test \"of an account\" {\n  estate = \"estate.json\"\n  expect {\n    verdict = \"vacuous\"\n  }\n}\n",
    );
    let tested = place.ordain(&format!("test {UNDER}"));
    assert!(tested.code == 1 && tested.text.contains("the profile does not import"), "{}", tested.text);
    place.good("test");
    anchor(&place, ">= 2", "  cells = [\"aws:222222222222\"]\n");
    place.good(&format!("plan {UNDER}"));
    // An account that the target names itself needs no world.
    let live = alone.replace("estate = \"estate.json\"", "accounts = [\"222222222222\"]");
    place.write("p/main.hcl", &live);
    place.bad(&format!("validate {UNDER}"), "anchor", &["does not import", "in `aws:222222222222`"]);
    anchor(&place, ">= 2", "  cells = [\"asw:222222222222\"]\n");
    place.bad(&format!("validate {UNDER}"), "unknown-provider", &["cells = [\"aws:222222222222\"]"]);
}

/// The lock file and the copies are the profile's own: what they call version 2 has to be what the source calls so.
#[test]
fn a_forged_copy_is_not_what_its_source_publishes() {
    let place = anchored();
    place.good("modules vendor");
    let digest = place.locked("digest");
    let copies = place.path("p/vendor");
    let file = walk(&copies).into_iter().find(|path| path.ends_with("main.hcl")).unwrap();
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("60d", "1d")).unwrap();
    let package: Vec<String> = place.ordain("validate -json").text.split('`').map(str::to_owned).collect();
    let forged = package.iter().find(|word| word.starts_with("sha256:") && **word != digest).unwrap();
    let lock = place.read("p/ordain.lock").replace(&digest, forged);
    place.write("p/ordain.lock", &lock);
    place.bad("validate", "lock-file", &["not those that its checksum is over"]);
    // Whoever may change the file may change that, too: it is no signature.
    let lock = lock.replace(&place.locked("checksum"), &checksum(&lock));
    place.write("p/ordain.lock", &lock);
    place.good("validate");
    place.bad(&format!("validate {UNDER}"), "anchor", &[forged, &digest, "its source publishes"]);
    place.bad(&format!("validate -offline {UNDER}"), "anchor", &["nothing may be fetched", "digests = ["]);
    anchor(&place, ">= 2", &format!("  digests = [\"{digest}\"]\n"));
    place.bad(&format!("validate -offline {UNDER}"), "anchor", &[forged, "none that the anchor lists"]);
    std::fs::write(&file, text).unwrap();
    let lock = lock.replace(forged, &digest);
    place.write("p/ordain.lock", &lock.replace(&place.locked("checksum"), &checksum(&lock)));
    place.good(&format!("validate -offline {UNDER}"));
}

/// What the documents say of a checksum.
fn checksum(lock: &str) -> String {
    let texts = lock
        .lines()
        .filter_map(|line| line.split_once('"').map(|(name, rest)| (name, rest.trim_end_matches([' ', '{', '"']))));
    let lines = texts.filter_map(|(name, text)| match name.trim_end_matches([' ', '=']).trim() {
        "package" => Some(format!("{text}\n")),
        "checksum" => None,
        name => Some(format!("{name}={text}\n")),
    });
    Digest::of(lines.collect::<String>().as_bytes()).to_string()
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

#[test]
fn an_anchor_is_hostile_until_it_is_read() {
    let place = anchored();
    let judged = |text: &str, code: &str, words: &[&str]| {
        place.write("anchor.hcl", text);
        Keys(&place).sign("alice", "ordain.anchor", "anchor.hcl");
        place.bad(&format!("validate {UNDER}"), code, words);
    };
    judged("", "missing-argument", &["demands nothing"]);
    judged("module \"a\" {\n", "unclosed", &[]);
    judged("waiver \"a\" {}\n", "unknown-block", &[]);
    judged("module \"a\" {\n  version = \">= 1\"\n}\n", "missing-argument", &["source"]);
    judged("module \"a\" {\n  source = \"oci://h.example/a\"\n}\n", "missing-argument", &["which versions or digests"]);
    judged(
        "module \"a\" {\n  source = \"./here\"\n  version = \"1\"\n}\n",
        "module-source",
        &["what its author makes it"],
    );
    judged("module \"a\" {\n  source = var.x\n  version = \"1\"\n}\n", "unknown-name", &[]);
    judged("module \"a\" {\n  source = \"ordain://soc2\"\n  cells = []\n}\n", "wrong-type", &["a list of cells"]);
    judged(
        "module \"a\" {\n  source = \"oci://h.example/a\"\n  digests = [\"md5:1\"]\n}\n",
        "wrong-type",
        &["sha256:"],
    );
    judged(&"#".repeat((1 << 20) + 1), "too-large", &[]);
}

/// What holds changes from outside, whatever the profile says, and what a plan says of it.
#[test]
fn an_anchor_holds_changes_further_than_the_profile_does() {
    let place = anchored();
    place.write("p/estate.json", ESTATE);
    let brakes = "brakes \"floor\" {\n  max_changes = 0\n  cells       = [\"aws:111111111111\"]\n}\n";
    let module = place.read("anchor.hcl");
    place.good(&format!("plan {UNDER} -out plan.json"));
    for (text, held) in
        [(brakes.to_owned(), true), (brakes.replace("1111]", "1112]").replace("111111111111", "222222222222"), false)]
    {
        place.write("anchor.hcl", &format!("{module}{text}"));
        Keys(&place).sign("alice", "ordain.anchor", "anchor.hcl");
        let shown = place.good(&format!("plan {UNDER} -out plan.json"));
        assert_eq!(shown.contains("`max_changes` is 0"), held, "{shown}");
    }
    // Made by hand under the stricter anchor's digest, with the brakes of the profile.
    place.write("anchor.hcl", &format!("{module}{brakes}"));
    Keys(&place).sign("alice", "ordain.anchor", "anchor.hcl");
    let digest = Digest::of(place.read("anchor.hcl").as_bytes()).to_string();
    forge(&place, "p/plan.json", &|plan| plan["inputs"]["anchor"] = digest.as_str().into());
    place.bad(
        &format!("apply plan.json -auto-approve {UNDER}"),
        "plan-file",
        &["are not those of the profile and the anchor"],
    );
    place.write("anchor.hcl", &format!("{module}{}", brakes.replace("= 0", "= \"none\"")));
    Keys(&place).sign("alice", "ordain.anchor", "anchor.hcl");
    place.bad(&format!("plan {UNDER}"), "wrong-type", &["a whole number, 0 or more"]);
}
