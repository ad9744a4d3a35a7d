//! Who may do what: roles, accounts of an organisation, and the least policy that `ordain policy` prints.

use crate::scenario::{Scenario, changes, ended, findings, on_each};
use ordain_aws::kinds::KINDS;
use ordain_tests::backend::Kind;
use ordain_tests::proxy::{Fault, Rule};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const KEPT: &str = r#"
require "aws_cloudwatch_log_group" "kept" {
  where = startswith(self.name, "/app/")
  must { retention = at_least("365d") }
}
"#;

#[test]
fn an_organisation_s_accounts_are_read_and_changed_through_their_roles() {
    let needs = ["organizations:ListAccountsForParent", "sts:AssumeRole", "logs:PutRetentionPolicy"];
    on_each(&needs, &[(Kind::Fakecloud, "organizations:ListAccountsForParent")], |scenario| {
        let made = scenario.seed("organization", &[]);
        let target = r#"
            target "aws" "production" {
              accounts   = organization(ou = ["prod"])
              regions    = ["eu-west-3"]
              read_role  = "OrdainRead"
              apply_role = "OrdainApply"
            }
        "#;
        scenario.write("main.hcl", &format!("{target}{KEPT}"));
        let (code, plan) = scenario.report(&["plan", "."]);
        assert_eq!((code, changes(&plan)), (0, vec!["/app/api retention: 7d -> 365d".to_string()]), "{plan:#}");
        let outside = made["outside"].as_str().expect("an account");
        let uncovered = plan["uncovered"].as_array().expect("a list");
        assert!(uncovered.iter().any(|cell| cell.as_str().is_some_and(|cell| cell.contains(outside))), "{uncovered:?}");
        assert!(assumed(scenario).iter().all(|role| role.contains("OrdainRead")), "{:?}", assumed(scenario));
        scenario.proxy.clear();
        assert_eq!(scenario.report(&["apply", ".", "-auto-approve"]).0, 0);
        assert!(assumed(scenario).iter().any(|role| role.contains("OrdainApply")));
        let expected = json!({ "one": { "/app/api": 365 }, "two": { "/app/api": 400 }, "outside": { "/app/api": 7 } });
        assert_eq!(scenario.read("organization"), expected);
    });
}

#[test]
fn accounts_that_may_not_be_listed_are_said_not_to_be_known() {
    on_each(
        &["organizations:ListAccountsForParent"],
        &[(Kind::Fakecloud, "organizations:ListAccountsForParent")],
        |scenario| {
            scenario.seed("organization", &[]);
            let target = r#"
            target "aws" "production" {
              accounts  = organization(ou = ["prod"])
              regions   = ["eu-west-3"]
              read_role = "OrdainRead"
            }
            require "aws_eks_cluster" "kept" {
              where = true
              must { log_retention = at_least("365d") }
            }
        "#;
            scenario.write("main.hcl", &format!("{target}{KEPT}"));
            assert!(scenario.report(&["plan", "."]).1["uncovered_incomplete"].as_array().is_some_and(Vec::is_empty));
            let found: Vec<u64> = scenario
                .proxy
                .counts()
                .into_iter()
                .filter(|(name, _)| name.starts_with("organizations:List"))
                .map(|(_, count)| count)
                .collect();
            assert_eq!(
                scenario.proxy.counts()["organizations:ListAccounts"],
                1,
                "found out once for two rounds of reading: {found:?}"
            );
            scenario.proxy.rule(Rule::always("organizations:ListAccounts", Fault::Denied));
            let (code, plan) = scenario.report(&["plan", "."]);
            assert_eq!(
                (code, plan["headline"]["verdict"].as_str()),
                (0, Some("unmet")),
                "what is covered is judged: {plan:#}"
            );
            assert_eq!(plan["uncovered"], json!([]));
            let why = plan["uncovered_incomplete"][0]["text"].as_str().expect("a reason");
            assert!(why.contains("organizations:ListAccounts"), "{why}");
            let printed = scenario.ordain(&["plan", "."]).stdout;
            assert!(
                printed.contains("target aws.production: what it does not cover is not known: denied"),
                "{printed}"
            );
        },
    );
}

/// The bodies of the calls that assumed a role.
fn assumed(scenario: &Scenario) -> Vec<String> {
    let calls = scenario.proxy.calls().into_iter().filter(|call| call.operation.name == "sts:AssumeRole");
    calls.map(|call| call.body).collect()
}

#[test]
fn a_role_is_assumed_with_its_external_id_and_a_wrong_one_is_unknown() {
    on_each(&["sts:AssumeRole", "logs:DescribeLogGroups"], &[(Kind::Moto, "sts:AssumeRole")], |scenario| {
        scenario.seed("roles", &[]);
        let with = |word: &str| {
            let target = format!(
                "target \"aws\" \"other\" {{\n  accounts = [\"222222222222\"]\n  regions = [\"eu-west-3\"]\n  read_role = \"OrdainRead\"\n  apply_role = \"OrdainApply\"\n  external_id = \"{word}\"\n}}\n"
            );
            scenario.write("main.hcl", &format!("{target}{KEPT}"));
            scenario.report(&["plan", "."])
        };
        let (code, plan) = with("a-shared-word");
        assert_eq!((code, findings(&plan)), (0, vec!["/app/api retention unmet".to_string()]), "{plan:#}");
        let (code, plan) = with("another-word");
        assert_eq!((code, plan["headline"]["verdict"].as_str()), (3, Some("unknown")), "{plan:#}");
        assert_eq!(changes(&plan), Vec::<String>::new());
    });
}

/// Requirements over kinds whose permissions moto enforces, with an attribute that costs an action of its own.
const GUARDED: &str = r#"
target "aws" "account" {}
require "aws_cloudwatch_log_group" "kept" {
  where = true
  must { retention = at_least("365d") }
}
require "aws_ecr_repository" "images" {
  where = true
  must {
    image_retention = at_least("365d")
    scan_on_push    = true
  }
}
require "aws_vpc" "logged" {
  where = true
  must { flow_logs = superset_of(["reject"]) }
}
require "aws_db_instance" "guarded" {
  where = true
  must { publicly_accessible = false }
}
"#;

#[test]
fn the_printed_policy_suffices_and_each_action_taken_away_hides_what_it_hid() {
    let needs = ["logs:DescribeLogGroups", "ecr:GetLifecyclePolicy", "ec2:DescribeFlowLogs", "rds:DescribeDBInstances"];
    on_each(&needs, &[(Kind::Fakecloud, "rds:DescribeDBInstances")], |scenario| {
        for seed in ["log_groups", "repositories", "networks", "databases"] {
            scenario.seed(seed, &[]);
        }
        scenario.write("main.hcl", GUARDED);
        let (_, unguarded) = scenario.report(&["plan", "."]);
        let called = scenario.proxy.counts();
        let printed = scenario.ordain(&["policy", ".", "-for", "read", "-format", "json"]);
        let policy: Value =
            serde_json::from_str(&printed.stdout).unwrap_or_else(|error| panic!("{error}: {printed:#?}"));
        let actions: Vec<String> = allowed(&policy).into_iter().collect();
        let without = |left_out: &str| {
            let mut policy = policy.clone();
            for statement in policy["Statement"].as_array_mut().expect("statements") {
                if let Some(actions) = statement["Action"].as_array_mut() {
                    actions.retain(|action| action != left_out);
                }
            }
            policy.to_string()
        };
        let policies: Vec<String> =
            std::iter::once(policy.to_string()).chain(actions.iter().map(|action| without(action))).collect();
        let keys = scenario.backend.python("seeds/users.py", &policies.iter().map(String::as_str).collect::<Vec<_>>());
        let guarded = plan_as(scenario, &keys[0]);
        assert_eq!(findings(&guarded), findings(&unguarded), "the whole policy reads everything");
        for (number, action) in actions.iter().enumerate() {
            let hidden = plan_as(scenario, &keys[number + 1]);
            for finding in unguarded["findings"].as_array().expect("findings") {
                let (kind, setting) = (kind(finding), finding["setting"].as_str().unwrap_or(""));
                let same =
                    hidden["findings"].as_array().expect("findings").iter().find(|other| other["id"] == finding["id"]);
                let verdict = same.map(|finding| finding["verdict"].clone());
                match hides(action, &kind, setting) {
                    Hides::Nothing => {
                        assert_eq!(verdict, Some(finding["verdict"].clone()), "without {action}: {finding:#}")
                    }
                    Hides::Setting => assert_eq!(verdict, Some(json!("unknown")), "without {action}: {finding:#}"),
                    Hides::List => assert_eq!(verdict, None, "without {action} the object is not known: {finding:#}"),
                }
            }
            if called.contains_key(action) {
                assert_eq!(hidden["headline"]["verdict"], "unknown", "without {action}");
            } else {
                assert_eq!(findings(&hidden), findings(&unguarded), "this world did not need {action}");
            }
        }
    });
}

/// The actions that a policy document allows.
fn allowed(policy: &Value) -> BTreeSet<String> {
    let statements = policy["Statement"].as_array().expect("statements");
    let actions = statements.iter().flat_map(|statement| statement["Action"].as_array().expect("a list of actions"));
    actions.map(|action| action.as_str().expect("an action").to_string()).collect()
}

fn plan_as(scenario: &Scenario, keys: &Value) -> Value {
    let key = |at: usize| keys[at].as_str().expect("a key").to_string();
    let mut command = scenario.command(&["plan", ".", "-json"]);
    command.env("AWS_ACCESS_KEY_ID", key(0)).env("AWS_SECRET_ACCESS_KEY", key(1));
    let ended = ended(&mut command);
    serde_json::from_str(&ended.stdout).unwrap_or_else(|error| panic!("{error}: {ended:#?}"))
}

/// The kind in a finding's object address: the part before the id.
fn kind(finding: &Value) -> String {
    let address = finding["object"].as_str().expect("an address");
    address.rsplit('/').nth(1).expect("a kind").to_string()
}

enum Hides {
    Nothing,
    Setting,
    List,
}

/// What an action hides, as the kinds publish it.
fn hides(action: &str, kind: &str, setting: &str) -> Hides {
    let kind = KINDS.iter().find(|known| known.name == kind).expect("a kind");
    let reads = kind.setting(setting).map_or(&[][..], |setting| setting.read_actions);
    match (kind.list_actions.contains(&action), reads.contains(&action)) {
        (true, _) => Hides::List,
        (false, true) => Hides::Setting,
        (false, false) => Hides::Nothing,
    }
}
