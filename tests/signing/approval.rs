//! Approvals: who has to sign a plan before it is applied, and what of that counts.

use crate::keys::Keys;
use crate::place::Place;
use serde_json::Value;
use std::fs;
use std::path::PathBuf;

/// A profile in a repository that Carol wrote and signed, which asks for two approvals of Alice, Bob, Carol and Dave; and its plan.
fn planned() -> Place {
    let place = profiled("  required = 2\n");
    place.good("plan -out plan.json");
    place
}

pub fn profiled(arguments: &str) -> Place {
    let place = Place::new();
    let keys = Keys(&place);
    let lines: Vec<String> =
        ["alice", "bob", "carol", "dave"].iter().map(|name| format!("    {name}@x {}\n", keys.make(name))).collect();
    place.write("p/estate.json", ESTATE);
    place.write("p/main.hcl", &profile(arguments, &lines.concat()));
    place.git("p", "init --quiet -b main");
    place.git("p", "config gpg.format ssh");
    place.write("p/.gitignore", ".ordain\nplan.json*\nestate.json\n");
    commit(&place, "carol");
    place
}

fn profile(arguments: &str, signers: &str) -> String {
    format!(
        "target \"aws\" \"t\" {{\n  estate = \"estate.json\"\n}}\n\nrequire \"aws_cloudwatch_log_group\" \"kept\" {{\n  where    = true\n  severity = \"high\"\n  must {{ retention = at_least(\"30d\") }}\n}}\n\napproval \"production\" {{\n{arguments}  signers = <<-EOT\n{signers}  EOT\n}}\n"
    )
}

const ESTATE: &str = r#"{ "as_of": "2026-11-01T00:00:00Z", "cells": { "aws:111111111111/eu-west-1": { "aws_cloudwatch_log_group": {
  "/app": { "attributes": { "name": "/app", "tags": {} }, "settings": { "retention": "7d" } } } } } }"#;

fn commit(place: &Place, who: &str) {
    let key = place.path(&format!("keys/{who}")).display().to_string();
    place.git("p", &format!("config user.signingkey {key}"));
    place.git("p", "add .");
    place.git("p", "commit --quiet --allow-empty -S -m change");
}

pub fn approve(place: &Place, who: &str) {
    place.good(&format!("approve plan.json -key ../keys/{who}"));
}

pub const APPLY: &str = "apply plan.json -auto-approve";

pub fn refused(place: &Place, words: &[&str]) {
    place.bad(APPLY, "approvals", words);
    assert!(!place.path("p/.ordain").exists(), "nothing was begun");
    assert!(place.read("p/estate.json").contains("7d"), "nothing was changed");
}

/// The statements, in the order of their names.
fn statements(place: &Place) -> Vec<PathBuf> {
    let entries = fs::read_dir(place.path("p/plan.json.approvals")).unwrap().map(|entry| entry.unwrap().path());
    let mut statements: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|of| of == "json")).collect();
    statements.sort();
    statements
}

#[test]
fn two_people_who_did_not_write_it_let_a_plan_be_applied() {
    let place = planned();
    assert!(place.good("show plan.json").contains("Needs 2 approvals, none by the author: approval.production."));
    let shown: Value = serde_json::from_str(&place.good("show plan.json -json")).unwrap();
    assert_eq!(shown["inputs"]["approvals"][0]["required"], 2);
    place.bad("apply . -auto-approve", "approvals", &["they are given to a plan file"]);
    refused(&place, &["asks for 2 approvals, and none counts", "ordain approve plan.json"]);
    approve(&place, "alice");
    refused(&place, &["asks for 2 approvals, and 1 counts, by alice@x"]);
    approve(&place, "bob");
    place.good(APPLY);
    let log = place.good("log");
    for words in ["written by carol@x, who signed the commit", "approved by alice@x at", "approved by bob@x at"] {
        assert!(log.contains(words), "{words} in {log}");
    }
    let text = place.good("log -json");
    assert!(text.contains("\"policy\":\"approval.production\"") && text.contains("SHA256:"), "{text}");
    assert!(place.read("p/estate.json").contains("30d"));
}

#[test]
fn openssh_verifies_an_approval_and_gives_one() {
    let place = planned();
    approve(&place, "alice");
    let statement = statements(&place).remove(0);
    let name = statement.strip_prefix(place.path("")).unwrap().display().to_string();
    place.write("all", &format!("alice@x {}", place.read("keys/alice.pub")));
    assert!(Keys(&place).verify("alice@x", "ordain.approval", &name, "all"));
    place.write("others", &format!("bob@x {}", place.read("keys/bob.pub")));
    assert!(!Keys(&place).verify("bob@x", "ordain.approval", &name, "others"));
    // The same statement, signed by hand.
    let copy = name.replace(".json", "-bob.json").replace("plan-bob.json.", "plan.json.");
    fs::copy(&statement, place.path(&copy)).unwrap();
    Keys(&place).sign("bob", "ordain.approval", &copy);
    place.good(APPLY);
}

#[test]
fn an_agent_signs_with_the_public_half() {
    let place = planned();
    let script = "eval $(ssh-agent -s) >/dev/null && trap 'kill $SSH_AGENT_PID' EXIT && ssh-add -q ../keys/alice && rm ../keys/alice \
                  && $0 approve plan.json -key ../keys/alice.pub";
    place.run("sh", "p", &["-c", script, env!("CARGO_BIN_EXE_ordain")]);
    refused(&place, &["1 counts, by alice@x"]);
    // And Git's own key is the one that is taken where none is named.
    place.git("p", &format!("config user.signingkey {}", place.path("keys/bob").display()));
    place.good("approve plan.json");
    place.good(APPLY);
}

#[test]
fn what_does_not_count_is_named() {
    let place = planned();
    approve(&place, "alice");
    approve(&place, "carol");
    refused(&place, &["1 counts, by alice@x", "is by carol@x, who wrote the profile"]);
    // In the same second it would be the same approval.
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    approve(&place, "alice");
    refused(&place, &["1 counts", "is by alice@x, who is counted already"]);
    Keys(&place).make("mallory");
    approve(&place, "mallory");
    refused(&place, &["1 counts", "is on no line of the file of signers"]);
    // A signature for something else, one over something else, and none.
    let first = statements(&place)[0].clone();
    let name = first.strip_prefix(place.path("")).unwrap().display().to_string();
    Keys(&place).sign("dave", "file", &name);
    refused(&place, &["made for the namespace `file`"]);
    Keys(&place).sign("dave", "ordain.approval", &name);
    fs::write(&first, place.read(&name).replace("\"at\":\"2", "\"at\":\"1")).unwrap();
    refused(&place, &["over another text"]);
    fs::remove_file(place.path(&format!("{name}.sig"))).unwrap();
    refused(&place, &["has no signature beside it"]);
    fs::write(&first, "{\"format\":\"ordain.approval/1\"}").unwrap();
    refused(&place, &["it is no statement that a plan is approved"]);
}

#[test]
fn an_approval_counts_for_its_plan_and_its_time_only() {
    let place = planned();
    approve(&place, "alice");
    approve(&place, "bob");
    let plan = place.read("p/plan.json");
    // An edited plan does not read; one that was made anew has another digest.
    place.write("p/plan.json", &plan.replace("\"only\":[]", "\"only\":[\"x\"]"));
    place.bad(APPLY, "plan-file", &["it was edited"]);
    place.write("p/estate.json", &ESTATE.replace("7d", "14d"));
    place.good("plan -out plan.json");
    place.bad(APPLY, "approvals", &["none counts", "of the plan ", "and not of this one"]);
    place.write("p/estate.json", ESTATE);
    place.write("p/plan.json", &plan);
    // Signed long ago, and signed tomorrow, by the clock of who signed.
    for (year, words) in [("2020", "and counted for 1d"), ("2999", "which is yet to come")] {
        for statement in statements(&place) {
            let name = statement.strip_prefix(place.path("")).unwrap().display().to_string();
            let text = place.read(&name);
            let at = text.find("\"at\":\"").unwrap() + 6;
            let written = format!("{}{year}{}", &text[..at], &text[at + 4..]);
            fs::write(&statement, written).unwrap();
            Keys(&place).sign("alice", "ordain.approval", &name);
        }
        refused(&place, &["none counts", "is by alice@x", words]);
    }
}

#[test]
fn the_author_is_who_signed_the_commit_whatever_name_it_gives() {
    let place = profiled("  required = 1\n");
    place.write("p/more.hcl", "locals {}\n");
    place.git("p", "add .");
    place.git("p", &format!("config user.signingkey {}", place.path("keys/dave").display()));
    let forged = "alice <alice@x>";
    place.run("git", "p", &["commit", "--quiet", "-S", "-m", "by alice", "--author", forged]);
    let said = place.git("p", "log -1 --format=%an").stdout;
    assert_eq!(said, b"alice\n");
    place.good("plan -out plan.json");
    approve(&place, "dave");
    refused(&place, &["none counts", "is by dave@x, who wrote the profile"]);
    approve(&place, "alice");
    place.good(APPLY);
}

#[test]
fn an_author_who_is_not_proved_lets_nobody_approve() {
    let place = profiled("  required = 1\n");
    place.write("p/more.hcl", "locals {}\n");
    place.good("plan -out plan.json");
    approve(&place, "alice");
    refused(&place, &["the author is unverified: `more.hcl` is not what the commit"]);
    place.git("p", "add more.hcl");
    place.git("p", "commit --quiet -m unsigned");
    refused(&place, &["the author is unverified: the commit", "is not signed"]);
    Keys(&place).make("mallory");
    place.write("p/more.hcl", "locals {\n}\n");
    commit(&place, "mallory");
    place.good("plan -out plan.json");
    refused(&place, &["the author is unverified: the signature of the commit", "is on no line"]);
    fs::remove_dir_all(place.path("p/.git")).unwrap();
    refused(&place, &["the author is unverified: the profile is in no Git repository"]);
    // Where the author may approve, it is no matter who that is.
    let anybody = place.read("p/main.hcl").replace("required = 1", "required = 1\n  not_author = false");
    place.write("p/main.hcl", &anybody);
    place.good("plan -out plan.json");
    approve(&place, "alice");
    place.good(APPLY);
}

/// A file that the profile reads is as much of it as the rest.
#[test]
fn signers_in_a_file_are_part_of_what_is_committed() {
    let place = profiled("  required = 1\n");
    let main = place.read("p/main.hcl");
    let (before, rest) = main.split_once("<<-EOT\n").unwrap();
    let (lines, after) = rest.split_once("  EOT\n").unwrap();
    place.write("p/allowed_signers", lines);
    place.write("p/main.hcl", &format!("{before}file(\"allowed_signers\")\n{after}"));
    commit(&place, "carol");
    place.good("plan -out plan.json");
    approve(&place, "alice");
    place.write("p/allowed_signers", &lines.replace("alice@x", "alice@y"));
    place.bad(APPLY, "profile-changed", &[]);
    place.good("plan -out plan.json");
    approve(&place, "alice");
    refused(&place, &["the author is unverified: `allowed_signers` is not what the commit"]);
    place.write("p/allowed_signers", lines);
    place.good("plan -out plan.json");
    approve(&place, "alice");
    place.good(APPLY);
}

#[test]
fn a_later_commit_that_changes_nothing_makes_nobody_the_author() {
    let place = planned();
    commit(&place, "dave");
    approve(&place, "alice");
    approve(&place, "carol");
    refused(&place, &["is by carol@x, who wrote the profile"]);
}

#[test]
fn an_approval_is_about_the_steps_that_it_names() {
    for (condition, needed) in [
        ("severity = \"high\"", true),
        ("severity = \"critical\"", false),
        ("risk = \"safe\"", true),
        ("risk = \"replaces\"", false),
        ("targets = [target.aws.t]", true),
    ] {
        let place = profiled(&format!("  required = 2\n  {condition}\n"));
        let shown = place.good("plan -out plan.json");
        assert_eq!(shown.contains("Needs 2 approvals"), needed, "{condition}: {shown}");
    }
}

/// What the runner demands, whatever the profile says.
#[test]
fn a_profile_that_asks_for_less_than_its_anchor_is_refused() {
    let place = planned();
    let keys = Keys(&place);
    let platform = keys.make("platform");
    let lines = ["alice", "bob", "carol"].map(|name| format!("{name}@x {}", place.read(&format!("keys/{name}.pub"))));
    place.write("signers", &format!("platform@x namespaces=\"ordain.anchor\" {platform}\n{}", lines.concat()));
    let anchor = "approval \"production\" {\n  required = 2\n  signers  = [\"alice@x\", \"bob@x\", \"carol@x\"]\n  cells    = [\"aws:111111111111\"]\n}\n";
    place.write("anchor.hcl", anchor);
    keys.sign("platform", "ordain.anchor", "anchor.hcl");
    let under = "-anchor ../anchor.hcl -signers ../signers";
    place.good(&format!("plan -out plan.json {under}"));
    let apply = format!("{APPLY} {under}");
    approve(&place, "alice");
    approve(&place, "dave");
    // Dave may by the profile, and not by the anchor.
    place.bad(&apply, "approvals", &["anchor.approval.production", "1 counts, by alice@x", "is on no line"]);
    approve(&place, "bob");
    // The block is taken out, or weakened, in a commit that is signed.
    let whole = place.read("p/main.hcl");
    let weaker = [
        (whole.split("approval").next().unwrap().to_owned(), "the profile asks for none"),
        (whole.replace("required = 2", "required = 1"), "1 in place of 2"),
        (whole.replace("required = 2", "required = 2\n  not_author = false"), "the author may approve"),
        (whole.replace("required = 2", "required = 2\n  valid_for = \"48h\""), "they count for 2d in place of 1d"),
        (whole.replace("required = 2", "required = 2\n  severity = \"critical\""), "the profile asks for none"),
    ];
    for (text, words) in weaker {
        place.write("p/main.hcl", &text);
        commit(&place, "carol");
        let ended = place.ordain(&format!("plan -out other.json {under}"));
        assert!(ended.code == 1 && ended.text.contains("approval-floor"), "{words}: {}", ended.text);
        assert!(ended.text.replace("\n  | ", " ").contains(words), "{words}: {}", ended.text);
        assert!(!place.path("p/other.json").exists());
        // The plan of before does not slip through either.
        assert_eq!(place.ordain(&apply).code, 1);
    }
    place.write("p/main.hcl", &whole);
    commit(&place, "carol");
    place.good(&apply);
}

#[test]
fn signers_that_do_not_read_or_are_too_few_are_found_by_validate() {
    let place = profiled("  required = 5\n");
    place.bad("validate", "signers", &["asks for 5 approvals of 4 people"]);
    place.write("p/main.hcl", &profile("  required = 1\n", "    alice@x ssh-ed25519 AAAA\n"));
    place.bad("validate", "signers", &["line 1", "its key does not read"]);
    for (arguments, code) in [
        ("  required = 0\n", "wrong-type"),
        ("", "missing-argument"),
        ("  required = 1\n  risk = \"some\"\n", "wrong-type"),
    ] {
        place.write("p/main.hcl", &profile(arguments, "    alice@x ssh-ed25519 AAAA\n"));
        place.bad("validate", code, &[]);
    }
}

/// A plan under the digest of what it holds after a change: made by hand, and not by Ordain.
pub fn forge(place: &Place, name: &str, change: &dyn Fn(&mut Value)) {
    let mut plan: Value = serde_json::from_str(&place.read(name)).unwrap();
    let _ = plan.as_object_mut().unwrap().remove("digest");
    change(&mut plan);
    let digest = ordain_model::digest::Digest::of(&ordain_model::digest::canonical(&plan).unwrap());
    plan["digest"] = digest.to_string().into();
    place.write(name, &plan.to_string());
}

/// Everything that decided a plan is decided once more, and what undoes is made once more from what the journal says.
#[test]
fn a_plan_that_was_made_by_hand_is_refused() {
    let place = profiled("  required = 1\n  not_author = false\n");
    let undoes = |plan: &mut Value| plan["inputs"]["reverts"] = plan["inputs"]["world"].clone();
    place.good("plan -out plan.json");
    forge(&place, "p/plan.json", &undoes);
    approve(&place, "alice");
    place.bad(APPLY, "not-applied", &["No apply of the plan"]);
    place.good("plan -out plan.json");
    forge(&place, "p/plan.json", &|plan| {
        let _ = plan["inputs"].as_object_mut().unwrap().remove("approvals");
    });
    place.bad(APPLY, "plan-file", &["The approvals that the plan says it needs are not those"]);
    place.good("plan -out plan.json");
    forge(&place, "p/plan.json", &|plan| {
        plan["inputs"]["brakes"]["aws:111111111111/eu-west-1"]["max_changes"] = 500.into()
    });
    place.bad(APPLY, "plan-file", &["does not follow from the profile", "its brakes for aws:111111111111/eu-west-1"]);
    place.good("plan -out plan.json");
    approve(&place, "alice");
    place.good(APPLY);
    // A plan that undoes needs approvals of its own, and undoes nothing else than was done.
    place.bad("revert plan.json -auto-approve", "approvals", &["ordain revert PLAN -out revert.json"]);
    let written = place.good("revert plan.json -out revert.json");
    assert!(written.contains("Needs 1 approval: approval.production."), "{written}");
    place.bad("apply revert.json -auto-approve", "approvals", &["none counts"]);
    place.good("approve revert.json -key ../keys/bob");
    let made = place.read("p/revert.json");
    forge(&place, "p/revert.json", &|plan| plan["inputs"]["allow"] = serde_json::json!(["x"]));
    place.bad("apply revert.json -auto-approve", "plan-file", &["it is not the plan that undoes"]);
    place.write("p/revert.json", &made);
    place.good("apply revert.json -auto-approve");
    assert!(place.read("p/estate.json").contains("7d"));
}
