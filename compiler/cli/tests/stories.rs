//! Stories through the program itself, on the estate of the first example.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test says what is wrong by panicking")]

#[cfg(unix)]
#[path = "stories/applies.rs"]
mod applies;
#[cfg(unix)]
#[path = "stories/interrupts.rs"]
mod interrupts;
#[cfg(unix)]
#[path = "stories/kills.rs"]
mod kills;
#[path = "stories/slips.rs"]
mod slips;
#[cfg(unix)]
#[path = "stories/terminal.rs"]
mod terminal;

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A copy of the first example in a directory of its own.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Place {
        let place = Place(tempfile::tempdir().unwrap());
        let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/01-first-plan");
        fs::create_dir(place.path("p")).unwrap();
        for name in ["main.hcl", "estate.json"] {
            fs::copy(example.join(name), place.path(&format!("p/{name}"))).unwrap();
        }
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ordain"));
        command.args(line.split(' ')).current_dir(self.0.path()).stdin(Stdio::null());
        command.env_clear().env("LANG", "C.UTF-8");
        command
    }

    fn run(&self, line: &str) -> Ended {
        Ended::of(self.command(line).output().unwrap())
    }

    fn json(&self, line: &str) -> (i32, Value) {
        let ended = self.run(line);
        (ended.code, serde_json::from_str(&ended.out).unwrap_or_else(|error| panic!("{line}: {error}\n{ended:#?}")))
    }

    /// Changes a file as somebody would by hand.
    fn edit(&self, name: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(name)).unwrap();
        assert!(text.contains(from), "{name} has no {from}");
        fs::write(self.path(name), text.replace(from, to)).unwrap();
    }
}

#[derive(Debug)]
struct Ended {
    code: i32,
    out: String,
    err: String,
}

impl Ended {
    fn of(output: Output) -> Ended {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ended { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }
}

#[test]
fn a_plan_says_two_only_when_asked() {
    let place = Place::new();
    let brief = place.run("plan p");
    assert_eq!((brief.code, brief.err.as_str()), (0, ""));
    assert!(
        brief.out.starts_with("Unmet: ") && brief.out.lines().next().unwrap().contains("Not evidence"),
        "{}",
        brief.out
    );
    assert!(brief.out.lines().last().unwrap().starts_with("Plan: "), "{}", brief.out);
    assert_eq!(place.run("plan p -detailed-exitcode").code, 2);
    assert_eq!(place.run("plan p --detailed-exitcode").out, brief.out, "the same inputs print the same bytes");
}

#[test]
fn apply_leaves_nothing_to_do() {
    let place = Place::new();
    let applied = place.run("apply p -auto-approve");
    assert_eq!(applied.code, 0, "{applied:#?}");
    assert!(applied.out.contains("\nApply: 9 applied.\n"), "{}", applied.out);
    let (code, again) = place.json("plan p -detailed-exitcode -json");
    assert_eq!(
        (code, again["headline"]["verdict"].as_str(), again["steps"].as_array().unwrap().len()),
        (0, Some("met"), 0)
    );
    let nothing = place.run("apply p -auto-approve");
    assert!(nothing.code == 0 && nothing.out.ends_with("Apply: nothing to do.\n"), "{nothing:#?}");
    assert!(place.path("p/.ordain/journal.jsonl").is_file());
}

#[test]
fn a_revert_plan_brings_back_what_was() {
    let place = Place::new();
    let before = place.json("plan p -json").1;
    assert_eq!(place.run("apply p -auto-approve").code, 0);
    let undone = place.run("apply p/.ordain/applies/000001/revert.json -auto-approve");
    assert_eq!(undone.code, 0, "{undone:#?}");
    assert_eq!(place.json("plan p -json").1["steps"], before["steps"]);
}

#[test]
fn a_plan_file_is_applied_once_and_again_without_writing() {
    let place = Place::new();
    assert_eq!(place.run("plan p -out plan.json").code, 0);
    let shown = place.run("show plan.json");
    assert!(shown.code == 0 && shown.out.starts_with("Planned: the plan makes 10 changes."), "{shown:#?}");
    assert_eq!(place.run("apply plan.json -auto-approve").code, 0);
    let world = fs::read_to_string(place.path("p/estate.json")).unwrap();
    let (code, again) = place.json("apply plan.json -auto-approve -json");
    assert_eq!((code, again["ledger"]["counts"].clone()), (0, serde_json::json!({"already": 9})));
    assert_eq!(again["ledger"]["revert"], Value::Null, "nothing was written, so there is nothing to undo");
    assert_eq!(fs::read_to_string(place.path("p/estate.json")).unwrap(), world);
}

#[test]
fn what_a_plan_withholds_is_unmet_after_it() {
    let place = Place::new();
    let step = place.json("plan p -json").1["steps"][0]["object"].as_str().unwrap().to_owned();
    assert_eq!(place.run(&format!("plan p -out plan.json -only {step}")).code, 0);
    let (code, report) = place.json("apply plan.json -auto-approve -json");
    assert_eq!((code, report["headline"]["verdict"].as_str()), (2, Some("unmet")));
    assert_eq!(report["ledger"]["counts"], serde_json::json!({"applied": 1}));
}

#[test]
fn a_plan_is_undone_after_the_profile_was_edited_but_not_past_its_target_or_keep_access() {
    let place = Place::new();
    assert_eq!(place.run("apply p -auto-approve").code, 0);
    let revert = "apply p/.ordain/applies/000001/revert.json -auto-approve";
    let profile = fs::read_to_string(place.path("p/main.hcl")).unwrap();
    place.edit("p/main.hcl", "[\"203.0.113.10/32\"]", "[\"198.51.100.7/32\", \"203.0.113.10/32\"]");
    let kept = place.run(revert);
    assert!(kept.code == 1 && kept.err.contains("does not hold `198.51.100.7/32`"), "{kept:#?}");
    fs::write(place.path("p/main.hcl"), profile.replace("365d", "400d")).unwrap();
    let undone = place.run(revert);
    assert_eq!(undone.code, 0, "{undone:#?}");
}

#[test]
fn nobody_approves_without_a_terminal() {
    let place = Place::new();
    let world = fs::read_to_string(place.path("p/estate.json")).unwrap();
    let ended = place.run("apply p");
    assert_eq!(ended.code, 1);
    assert!(ended.err.contains("error[not-approved]"), "{}", ended.err);
    assert_eq!(fs::read_to_string(place.path("p/estate.json")).unwrap(), world);
    assert!(!place.path("p/.ordain").exists());
}

#[test]
fn an_edited_plan_is_refused() {
    let place = Place::new();
    assert_eq!(place.run("plan p -out plan.json").code, 0);
    place.edit("plan.json", "\"365d\"", "\"30d\"");
    let ended = place.run("apply plan.json -auto-approve");
    assert!(ended.code == 1 && ended.err.contains("error[plan-file]"), "{ended:#?}");
    fs::write(place.path("plan.json"), b"\xff\xfe").unwrap();
    assert!(place.run("apply plan.json -auto-approve").err.contains("error[plan-file]"));
}

#[test]
fn a_plan_whose_profile_changed_is_refused() {
    let place = Place::new();
    assert_eq!(place.run("plan p -out plan.json -var log_retention=400d").code, 0);
    let other = place.run("apply plan.json -auto-approve");
    assert!(other.code == 1 && other.err.contains("a variable has changed"), "{other:#?}");
    place.edit("p/main.hcl", "estate.json", "other.json");
    let moved = place.run("apply plan.json -auto-approve -var log_retention=400d");
    assert!(moved.code == 1 && moved.err.contains("a file of the profile has changed"), "{moved:#?}");
}

#[test]
fn a_moved_setting_is_refused_and_the_others_go_on() {
    let place = Place::new();
    assert_eq!(place.run("plan p -out plan.json").code, 0);
    place.edit("p/estate.json", "\"30d\"", "\"60d\"");
    let (code, report) = place.json("apply plan.json -auto-approve -json");
    assert_eq!((code, report["headline"]["verdict"].as_str()), (1, Some("failed")));
    assert_eq!(report["ledger"]["counts"], serde_json::json!({"applied": 8, "refused": 1}));
}

#[test]
fn drift_names_what_somebody_changed_by_hand() {
    let place = Place::new();
    assert_eq!(place.run("apply p -auto-approve").code, 0);
    assert_eq!(place.run("snapshot p -out base.snapshot").code, 0);
    assert_eq!(place.run("drift p -baseline base.snapshot").code, 0);
    place.edit("p/estate.json", "\"required\"", "\"optional\"");
    let drift = place.run("drift p -baseline base.snapshot");
    assert_eq!(drift.code, 2, "{drift:#?}");
    assert!(drift.out.contains("aws_instance/i-0fedcba9876543210#metadata_tokens  new"), "{}", drift.out);
    assert!(drift.out.contains("required -> optional"), "{}", drift.out);
}

#[test]
fn a_snapshot_plans_like_the_world() {
    let place = Place::new();
    assert_eq!(place.run("snapshot p -out s").code, 0);
    let live = place.json("plan p -json").1;
    let (code, stored) = place.json("plan p -json -snapshot s");
    assert_eq!((code, &stored["steps"], &stored["findings"]), (0, &live["steps"], &live["findings"]));
    place.edit("s", "90d", "91d");
    let edited = place.run("plan p -snapshot s");
    assert!(edited.code == 1 && edited.err.contains("error[snapshot-file]"), "{edited:#?}");
}

#[test]
fn explain_names_every_origin_and_the_view() {
    let place = Place::new();
    let group = "aws:111111111111/eu-west-1/aws_cloudwatch_log_group/%2Faws%2Feks%2Fmain%2Fcluster#retention";
    for _ in ["unmet", "met"] {
        let said = place.run(&format!("explain {group} p"));
        assert_eq!(said.code, 0, "{said:#?}");
        for part in [
            "Logs are kept for a year",
            "writes its audit trail",
            "on aws:111111111111/eu-west-1/aws_eks_cluster/main#log_retention",
            "1827",
        ] {
            assert!(said.out.contains(part), "{part}\n{}", said.out);
        }
        assert_eq!(place.run("apply p -auto-approve").code, 0);
    }
    assert!(place.run("explain syntax").out.starts_with("# syntax\n"));
    assert!(place.run("explain aws_vpc").out.starts_with("# aws_vpc\n"));
    let slip = place.run("explain sintax");
    assert!(slip.code == 1 && slip.err.contains("ordain explain syntax"), "{slip:#?}");
}

#[test]
fn errors_are_json_where_json_was_asked_for() {
    let place = Place::new();
    let (code, report) = place.json("plan nowhere -json");
    assert_eq!((code, report["headline"]["verdict"].as_str()), (1, Some("error")));
    assert_eq!(report["diagnostics"][0]["severity"], "error");
    place.edit("p/main.hcl", "at_least(\"14d\")", "at_least(14d)");
    let (code, report) = place.json("validate p -json");
    assert_eq!((code, report["diagnostics"][0]["line"].as_u64()), (1, Some(100)));
}

#[test]
fn variables_come_from_the_environment_the_files_and_the_line() {
    let place = Place::new();
    let retention = |command: &mut Command| {
        let ended = Ended::of(command.output().unwrap());
        let report: Value = serde_json::from_str(&ended.out).unwrap_or_else(|error| panic!("{error}: {ended:#?}"));
        report["steps"][0]["changes"][0]["after"].as_str().unwrap().to_owned()
    };
    fs::write(place.path("vars.hcl"), "log_retention = \"545d\"\n").unwrap();
    let mut environment = place.command("plan p -json");
    assert_eq!(retention(environment.env("ORDAIN_VAR_log_retention", "400d")), "400d");
    let mut file = place.command("plan p -json -var-file vars.hcl");
    assert_eq!(retention(file.env("ORDAIN_VAR_log_retention", "400d")), "545d");
    assert_eq!(retention(&mut place.command("plan p -json -var-file vars.hcl -var log_retention=731d")), "731d");
    assert_eq!(retention(&mut place.command("plan p -json -var log_retention=731d -var-file vars.hcl")), "545d");
}

#[test]
fn a_closed_pipe_is_quiet() {
    let place = Place::new();
    let mut child = place.command("plan p").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert_eq!((ended.status.code(), String::from_utf8(ended.stderr).unwrap().as_str()), (Some(0), ""));
}

#[test]
fn nothing_is_coloured_in_a_pipe() {
    let place = Place::new();
    let plan = place.run("plan p");
    assert!(!plan.out.contains('\u{1b}'));
    place.edit("p/main.hcl", "where     = true", "where     = tru");
    let broken = place.run("validate p");
    assert!(broken.code == 1 && !broken.err.contains('\u{1b}'), "{broken:#?}");
}

#[test]
fn init_writes_a_profile_that_runs_and_never_overwrites() {
    let place = Place::new();
    let made = place.run("init new/profile");
    assert_eq!(made.code, 0, "{made:#?}");
    assert_eq!(place.run("validate new/profile -strict").code, 0);
    assert_eq!(place.run("plan new/profile -detailed-exitcode").code, 2);
    assert_eq!(place.run("apply new/profile -auto-approve").code, 0);
    assert_eq!(place.run("plan new/profile -detailed-exitcode").code, 0);
    fs::write(place.path("p/main.hcl"), "mine").unwrap();
    let again = place.run("init p");
    assert!(again.code == 1 && again.err.contains("error[file-exists]"), "{again:#?}");
    assert_eq!(fs::read_to_string(place.path("p/main.hcl")).unwrap(), "mine");
}

#[test]
fn an_output_that_cannot_be_written_leaves_what_was() {
    let place = Place::new();
    fs::write(place.path("plan.json"), "before").unwrap();
    assert_eq!(place.run("plan p -out nowhere/plan.json").code, 1);
    let broken = place.run("plan missing -out plan.json");
    assert_eq!((broken.code, fs::read_to_string(place.path("plan.json")).unwrap().as_str()), (1, "before"));
}

#[test]
fn schema_and_policy_need_no_world() {
    let place = Place::new();
    assert!(place.run("schema").out.contains("aws_s3_bucket"));
    let (code, kind) = place.json("schema aws_s3_bucket -json");
    assert_eq!((code, kind["kinds"][0]["name"].as_str()), (0, Some("aws_s3_bucket")));
    assert!(place.run("schema aws_s3_buckt").err.contains("ordain schema aws_s3_bucket"));
    assert!(place.run("policy p").err.contains("error[no-policy]"), "an estate needs no permission");
    place.edit(
        "p/main.hcl",
        "estate      = \"estate.json\"",
        "regions     = [\"eu-west-1\"]\n  read_role   = \"OrdainRead\"",
    );
    let (code, policy) = place.json("policy p -for read -format json");
    assert_eq!(code, 0);
    let actions = policy["Statement"][0]["Action"].as_array().unwrap();
    assert!(actions.iter().any(|action| action == "eks:DescribeCluster"), "{actions:?}");
    assert!(!actions.iter().any(|action| action.as_str().unwrap().contains(":Put")), "{actions:?}");
    let caller = place.json("policy p -for read -principal caller").1;
    assert_eq!(caller["Statement"][0]["Resource"], serde_json::json!(["arn:aws:iam::*:role/OrdainRead"]));
    let terraform = place.run("policy p -for apply -format terraform");
    assert!(
        terraform.out.contains("logs:PutRetentionPolicy") && terraform.out.contains("jsonencode"),
        "{terraform:#?}"
    );
}

#[test]
fn completions_name_the_commands() {
    let place = Place::new();
    let help = place.run("-help").out;
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    // A summary that goes on in the next line is indented deeper.
    let named = listed.filter_map(|line| line.strip_prefix("  ").filter(|rest| !rest.starts_with(' ')));
    let commands: Vec<&str> = named.filter_map(|line| line.split_whitespace().next()).collect();
    assert!(commands.len() > 12 && commands.is_sorted(), "{commands:?}");
    for shell in ["bash", "zsh", "fish"] {
        let script = place.run(&format!("completions {shell}"));
        assert!(script.code == 0 && script.out.contains("detailed-exitcode"), "{shell}");
        let missing: Vec<&&str> = commands.iter().filter(|command| !script.out.contains(**command)).collect();
        assert!(missing.is_empty(), "{shell}: {missing:?}");
    }
}

#[test]
fn a_cell_is_in_one_estate_whatever_its_names() {
    let place = Place::new();
    let two = |estate: &str| format!("target \"aws\" \"second\" {{\n  estate = \"{estate}\"\n}}\n");
    let first = fs::read_to_string(place.path("p/main.hcl")).unwrap();
    let all = first.replace("  where", "  targets = [target.aws.production, target.aws.second]\n  where");
    fs::copy(place.path("p/estate.json"), place.path("p/other.json")).unwrap();
    fs::write(place.path("p/main.hcl"), format!("{all}{}", two("other.json"))).unwrap();
    let both = place.run("plan p");
    assert_eq!(both.code, 1, "{both:#?}");
    assert!(both.err.contains("both hold aws:"), "{}", both.err);
    fs::write(place.path("p/main.hcl"), format!("{all}{}", two("./estate.json"))).unwrap();
    let one = place.run("plan p");
    assert_eq!((one.code, one.err.as_str()), (0, ""), "{one:#?}");
}

#[test]
fn a_snapshot_and_a_plan_are_of_the_worlds_that_the_profile_reaches() {
    let place = Place::new();
    assert_eq!(place.run("snapshot p -out s").code, 0);
    fs::copy(place.path("p/estate.json"), place.path("p/other.json")).unwrap();
    place.edit("p/main.hcl", "\"estate.json\"", "\"other.json\"");
    let other = place.run("plan p -snapshot s -out plan.json");
    assert!(other.code == 1 && other.err.contains("error[snapshot-file]"), "{other:#?}");
    assert!(other.err.contains("was the estate `p/estate.json`"), "{other:#?}");
    place.edit(
        "p/main.hcl",
        "estate      = \"other.json\"",
        "accounts = [\"111111111111\"]\n  regions = [\"eu-west-1\"]",
    );
    let live = place.run("plan p -snapshot s");
    assert!(live.code == 1 && live.err.contains("it is live and was"), "{live:#?}");
}
