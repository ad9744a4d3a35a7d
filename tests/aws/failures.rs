//! What cannot be read becomes unknown, on exactly what it hides; what was written is found out by reading back.

use crate::scenario::{changes, findings, ledger, on_each, with_log_groups};
use ordain_tests::backend::Kind;
use ordain_tests::proxy::{Fault, Rule};
use serde_json::json;

#[test]
fn one_denied_cluster_among_twenty_is_unknown_and_the_others_are_judged() {
    on_each(&["eks:ListClusters", "eks:DescribeCluster"], &[], |scenario| {
        let names: Vec<String> = (0..20).map(|number| format!("cluster-{number:02}")).collect();
        let logs = |number: usize| if number.is_multiple_of(2) { "all" } else { "none" };
        let seeds: Vec<&str> =
            names.iter().enumerate().flat_map(|(number, name)| [name, "office", logs(number)]).collect();
        scenario.seed("clusters", &seeds);
        scenario.proxy.rule(Rule::always("eks:DescribeCluster", Fault::Denied).mentioning("cluster-07"));
        scenario.write(
            "main.hcl",
            r#"
            target "aws" "account" {}
            require "aws_eks_cluster" "logs" {
              where = true
              must { logging = superset_of(["audit"]) }
            }
            "#,
        );
        let (code, plan) = scenario.report(&["plan", "."]);
        assert_eq!(code, 3, "{plan:#}");
        let expected = (0..20).filter(|number| number % 2 == 1).map(|number| match number {
            7 => "cluster-07 logging unknown".to_string(),
            _ => format!("cluster-{number:02} logging unmet"),
        });
        assert_eq!(findings(&plan), expected.collect::<Vec<_>>());
        assert_eq!(plan["headline"]["counts"], json!({ "met": 10, "unknown": 1, "unmet": 9 }));
        assert_eq!(plan["steps"].as_array().map(Vec::len), Some(9));
        let unknown =
            plan["findings"].as_array().expect("findings").iter().find(|finding| finding["verdict"] == "unknown");
        let reason = unknown.expect("an unknown")["reason"].as_str().expect("a reason").to_string();
        assert!(reason.contains("eks:DescribeCluster") || reason.contains("DescribeCluster"), "{reason}");
    });
}

#[test]
fn a_denied_list_is_unknown_and_never_no_match() {
    with_log_groups(|scenario| {
        scenario.proxy.rule(Rule::always("logs:DescribeLogGroups", Fault::Denied));
        let (code, plan) = scenario.report(&["plan", "."]);
        assert_eq!((code, plan["headline"]["verdict"].as_str()), (3, Some("unknown")), "{plan:#}");
        assert!(plan["population"][0]["incomplete"].is_string(), "{plan:#}");
        assert_eq!(changes(&plan), Vec::<String>::new());
    });
}

#[test]
fn a_list_denied_on_its_second_page_says_that_it_is_incomplete() {
    with_log_groups(|scenario| {
        let page = r#"{"logGroups":[{"logGroupName":"/app/first","retentionInDays":400,"arn":"arn:aws:logs:eu-west-3:123456789012:log-group:/app/first:*"}],"nextToken":"next"}"#;
        let json = "application/x-amz-json-1.1";
        scenario.proxy.rule(Rule::times(1, "logs:DescribeLogGroups", Fault::Answered(200, json, page.into())));
        scenario.proxy.rule(Rule::always("logs:DescribeLogGroups", Fault::Denied));
        let (code, plan) = scenario.report(&["plan", "."]);
        assert_eq!(code, 3, "{plan:#}");
        assert_eq!(
            (&plan["population"][0]["listed"], plan["population"][0]["incomplete"].is_string()),
            (&json!(1), true)
        );
        assert_eq!(plan["headline"]["counts"]["met"], json!(1), "what was listed is judged");
    });
}

#[test]
fn throttling_that_passes_is_not_seen() {
    with_log_groups(|scenario| {
        scenario.proxy.rule(Rule::times(2, "logs:DescribeLogGroups", Fault::Throttled));
        scenario.proxy.rule(Rule::times(1, "sts:GetCallerIdentity", Fault::Failed));
        let (code, plan) = scenario.report(&["plan", "."]);
        assert_eq!((code, changes(&plan)), (0, vec!["/app/api retention: 7d -> 365d".to_string()]), "{plan:#}");
        assert_eq!(scenario.proxy.counts()["logs:DescribeLogGroups"], 3);
    });
}

#[test]
fn throttling_that_does_not_pass_is_unknown() {
    with_log_groups(|scenario| {
        scenario.proxy.rule(Rule::always("logs:DescribeLogGroups", Fault::Throttled));
        let (code, plan) = scenario.report(&["plan", "."]);
        assert_eq!((code, plan["headline"]["verdict"].as_str()), (3, Some("unknown")), "{plan:#}");
    });
}

#[test]
fn an_answer_that_does_not_read_is_unknown() {
    with_log_groups(|scenario| {
        let page = r#"{"logGroups":[{"logGroupName":"/app/odd","retentionInDays":"#;
        scenario.proxy.rule(Rule::always(
            "logs:DescribeLogGroups",
            Fault::Answered(200, "application/x-amz-json-1.1", page.into()),
        ));
        let (code, plan) = scenario.report(&["plan", "."]);
        assert_eq!((code, plan["headline"]["verdict"].as_str()), (3, Some("unknown")), "{plan:#}");
    });
}

#[test]
fn a_write_whose_answer_is_lost_is_found_by_reading_back() {
    with_log_groups(|scenario| {
        scenario.proxy.rule(Rule::always("logs:PutRetentionPolicy", Fault::DroppedAfter));
        let (code, applied) = scenario.report(&["apply", ".", "-auto-approve"]);
        assert_eq!(ledger(&applied), ["/app/api retention applied"], "{applied:#}");
        assert_eq!((code, &scenario.read("log_groups")["/app/api"]), (0, &json!(365)));
    });
}

#[test]
fn a_write_that_never_arrives_is_a_failed_step() {
    with_log_groups(|scenario| {
        scenario.proxy.rule(Rule::always("logs:PutRetentionPolicy", Fault::Denied));
        let (code, applied) = scenario.report(&["apply", ".", "-auto-approve"]);
        assert_eq!(ledger(&applied), ["/app/api retention failed"], "{applied:#}");
        assert_eq!((code, &scenario.read("log_groups")["/app/api"]), (1, &json!(7)));
    });
}

#[test]
fn a_write_that_changes_nothing_is_not_called_applied() {
    with_log_groups(|scenario| {
        scenario.proxy.rule(Rule::always(
            "logs:PutRetentionPolicy",
            Fault::Answered(200, "application/x-amz-json-1.1", "{}".into()),
        ));
        let (code, applied) = scenario.report(&["apply", ".", "-auto-approve"]);
        assert_eq!(code, 1);
        assert_eq!(ledger(&applied), ["/app/api retention unverified"], "{applied:#}");
    });
}

#[test]
fn no_credentials_are_one_clear_reason() {
    with_log_groups(|scenario| {
        let mut command = scenario.command(&["plan", "."]);
        command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
        let ended = crate::scenario::ended(&mut command);
        assert_eq!(ended.code, 3, "{ended:#?}");
        assert!(ended.stdout.contains("credentials"), "{ended:#?}");
    });
}

const LOGGING: &str = r#"
target "aws" "account" {}
require "aws_eks_cluster" "logs" {
  where = true
  must { logging = superset_of(["audit"]) }
}
"#;

#[test]
fn a_cluster_that_somebody_else_is_updating_is_waited_for() {
    on_each(&["eks:UpdateClusterConfig"], &[(Kind::Moto, "eks:UpdateClusterConfig")], |scenario| {
        scenario.seed("clusters", &["prod", "office", "none"]);
        scenario.write("main.hcl", LOGGING);
        let busy = Fault::Error(409, "ResourceInUseException", "Cluster already has update in progress");
        scenario.proxy.rule(Rule::times(2, "eks:UpdateClusterConfig", busy));
        let (code, applied) = scenario.report(&["apply", ".", "-auto-approve"]);
        assert_eq!((code, ledger(&applied)), (0, vec!["prod logging applied".to_string()]), "{applied:#}");
        assert_eq!(scenario.proxy.counts()["eks:UpdateClusterConfig"], 3);
    });
}

#[test]
fn an_update_that_ends_as_failed_is_a_failed_step_with_what_the_api_said() {
    on_each(&["eks:UpdateClusterConfig"], &[], |scenario| {
        scenario.seed("clusters", &["prod", "office", "none"]);
        scenario.write("main.hcl", LOGGING);
        let answered = |status: &str, errors: &str| {
            let update = format!("{{\"update\":{{\"id\":\"u-1\",\"status\":\"{status}\",\"errors\":{errors}}}}}");
            Fault::Answered(200, "application/json", update)
        };
        let errors = r#"[{"errorCode":"InsufficientFreeAddresses","errorMessage":"no free addresses in subnet-1"}]"#;
        scenario.proxy.rule(Rule::always("eks:UpdateClusterConfig", answered("InProgress", "[]")));
        scenario.proxy.rule(Rule::times(1, "eks:DescribeUpdate", answered("InProgress", "[]")));
        scenario.proxy.rule(Rule::always("eks:DescribeUpdate", answered("Failed", errors)));
        let (code, applied) = scenario.report(&["apply", ".", "-auto-approve"]);
        assert_eq!((code, ledger(&applied)), (1, vec!["prod logging failed".to_string()]), "{applied:#}");
        let told = applied["ledger"].to_string();
        assert!(told.contains("InsufficientFreeAddresses no free addresses in subnet-1"), "{told}");
    });
}

#[test]
fn a_default_that_may_not_be_read_is_an_unknown_and_not_no_finding() {
    on_each(&["ec2:GetEbsEncryptionByDefault"], &[], |scenario| {
        scenario.proxy.rule(Rule::always("ec2:GetInstanceMetadataDefaults", Fault::Denied));
        scenario.write(
            "main.hcl",
            r#"
            target "aws" "account" {}
            require "aws_account" "defaults" {
              where = true
              must {
                ebs_encryption_by_default = true
                metadata_tokens           = "required"
              }
            }
            "#,
        );
        let (code, plan) = scenario.report(&["plan", "."]);
        assert_eq!((code, &plan["headline"]["counts"]), (3, &json!({ "unknown": 1, "unmet": 1 })), "{plan:#}");
        assert_eq!(changes(&plan).len(), 1, "the other setting has its step");
    });
}
