//! What live settings are judged as where a look at their spelling, or at their being there, would be wrong.

use crate::scenario::{Scenario, changes, findings, on_each};
use ordain_tests::proxy::{Fault, Rule};
use serde_json::{Value, json};

const TARGET: &str = "target \"aws\" \"account\" { keep_access = [\"203.0.113.7/32\"] }\n";

fn plan(scenario: &Scenario, profile: &str) -> (i32, Value) {
    scenario.write("main.hcl", &format!("{TARGET}{profile}"));
    scenario.report(&["plan", ".", "-detailed-exitcode"])
}

fn reachable_from(bound: &str) -> String {
    format!(
        "require \"aws_eks_cluster\" \"guarded\" {{\n  where = true\n  must {{ public_access_cidrs = {bound} }}\n}}\n"
    )
}

const CLUSTERS: &[&str] = &["eks:ListClusters", "eks:DescribeCluster"];

#[test]
fn everybody_in_two_halves_or_in_no_list_is_everybody_and_a_disjoint_list_has_no_step() {
    on_each(CLUSTERS, &[], |scenario| {
        let accesses = ["elsewhere", "halves", "off", "office", "open", "unsaid"];
        scenario.seed("clusters", &accesses.map(|access| [access, access, "none"]).concat());
        let (code, report) = plan(scenario, &reachable_from("within([\"203.0.113.0/24\"])"));
        assert_eq!(code, 2, "{report:#}");
        let unmet = ["elsewhere", "halves", "open", "unsaid"];
        assert_eq!(findings(&report), unmet.map(|name| format!("{name} public_access_cidrs unmet")));
        let stepped: Vec<String> = changes(&report).iter().map(|change| after(change)).collect();
        assert_eq!(stepped, ["halves [203.0.113.0/24]", "open [203.0.113.0/24]", "unsaid [203.0.113.0/24]"]);
        let elsewhere = report["findings"].as_array().expect("findings").iter();
        let mut elsewhere =
            elsewhere.filter(|finding| finding["object"].as_str().is_some_and(|of| of.ends_with("elsewhere")));
        let why = elsewhere.next().expect("a finding")["no_step"].as_str().expect("why there is no step").to_string();
        assert!(why.contains("no bound names `nobody()`"), "{why}");
    });
}

/// `ID AFTER` of a change.
fn after(change: &str) -> String {
    let (id, rest) = change.split_once(' ').expect("an id");
    format!("{id} {}", rest.rsplit(" -> ").next().expect("a value"))
}

#[test]
fn an_empty_allowlist_is_never_sent() {
    on_each(CLUSTERS, &[], |scenario| {
        scenario.seed("clusters", &["office", "office", "none", "open", "open", "none"]);
        let (code, report) = plan(scenario, &reachable_from("within([])"));
        assert_eq!((code, changes(&report)), (2, Vec::new()), "{report:#}");
        assert_eq!(findings(&report), ["office public_access_cidrs unmet", "open public_access_cidrs unmet"]);
        assert_eq!(scenario.ordain(&["apply", ".", "-auto-approve"]).code, 2, "still unmet");
        assert!(!scenario.proxy.counts().contains_key("eks:UpdateClusterConfig"));
    });
}

#[test]
fn what_a_tag_selects_is_unknown_while_tags_may_not_be_listed() {
    on_each(&["logs:DescribeLogGroups", "tag:GetResources"], &[], |scenario| {
        scenario.seed("log_groups", &[]);
        scenario.proxy.rule(Rule::always("tag:GetResources", Fault::Denied));
        let profile = r#"
            require "aws_cloudwatch_log_group" "of_a_team" {
              where = lookup(self.tags, "team", "") == "api"
              must { retention = at_least("365d") }
            }
        "#;
        let (code, report) = plan(scenario, profile);
        assert_eq!((code, changes(&report)), (3, Vec::new()), "{report:#}");
        assert_eq!(report["headline"]["counts"], json!({ "unknown": 5 }), "none is out of scope");
        assert_eq!(
            (&report["population"][0]["unknown"], &report["population"][0]["unselected"]),
            (&json!(5), &json!(0))
        );
        let why = report["findings"][0]["reason"].as_str().expect("a reason");
        assert!(why.contains("tag:GetResources"), "{why}");
    });
}

#[test]
fn a_flow_log_that_shows_rejected_traffic_only_or_does_not_deliver_is_unmet() {
    on_each(&["ec2:DescribeVpcs", "ec2:DescribeFlowLogs"], &[], |scenario| {
        let made = scenario.seed("networks", &[]);
        let id = |name: &str| made[name].as_str().expect("an id").to_string();
        let profile = r#"
            require "aws_vpc" "logged" {
              where = contains(["all", "none", "reject"], lookup(self.tags, "scenario", ""))
              must { flow_logs = superset_of(["accept", "reject"]) }
            }
        "#;
        let unmet = |names: &[&str]| {
            let mut lines: Vec<String> = names.iter().map(|name| format!("{} flow_logs unmet", id(name))).collect();
            lines.sort();
            lines
        };
        let (code, report) = plan(scenario, profile);
        assert_eq!((code, findings(&report)), (2, unmet(&["none", "reject"])), "{report:#}");
        let answer = failing(&id("all"));
        scenario.proxy.rule(Rule::always("ec2:DescribeFlowLogs", Fault::Answered(200, "text/xml", answer)));
        let (code, report) = plan(scenario, profile);
        assert_eq!((code, findings(&report)), (2, unmet(&["all", "none", "reject"])), "{report:#}");
    });
}

/// DescribeFlowLogs of a flow log that is active and whose delivery fails, as the EC2 API reference shows it (FlowLog).
fn failing(vpc: &str) -> String {
    format!(
        "<DescribeFlowLogsResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><requestId>2d96dae3</requestId>\
         <flowLogSet><item><flowLogId>fl-1</flowLogId><resourceId>{vpc}</resourceId><trafficType>ALL</trafficType>\
         <flowLogStatus>ACTIVE</flowLogStatus><deliverLogsStatus>FAILED</deliverLogsStatus>\
         <deliverLogsErrorMessage>Access error</deliverLogsErrorMessage><logDestinationType>s3</logDestinationType>\
         <logDestination>arn:aws:s3:::flow-logs</logDestination></item></flowLogSet></DescribeFlowLogsResponse>"
    )
}

#[test]
fn a_template_whose_default_version_leaves_tokens_optional_is_unmet_whatever_an_older_one_says() {
    on_each(&["ec2:DescribeLaunchTemplateVersions", "ec2:GetInstanceMetadataDefaults"], &[], |scenario| {
        let made = scenario.seed("compute", &["regressed"]);
        let profile = r#"
            require "aws_launch_template" "tokens" {
              where = true
              must { metadata_tokens = "required" }
            }
        "#;
        let (code, report) = plan(scenario, profile);
        let mut unmet = ["old", "regressed"].map(|name| {
            let id = made[name]["template"].as_str().expect("an id");
            format!("{id} metadata_tokens unmet")
        });
        unmet.sort();
        assert_eq!((code, findings(&report)), (2, unmet.to_vec()), "{report:#}");
        assert_eq!(report["headline"]["counts"], json!({ "met": 1, "unmet": 2 }));
    });
}

#[test]
fn a_plan_opens_with_who_was_looked_at_in_every_cell_and_kind() {
    on_each(&["logs:DescribeLogGroups", "ecr:DescribeRepositories", "ec2:DescribeVpcs"], &[], |scenario| {
        scenario.seed("log_groups", &[]);
        scenario.proxy.rule(Rule::always("ecr:DescribeRepositories", Fault::Denied));
        let profile = r#"
            target "aws" "account" { regions = ["eu-west-1", "eu-west-3"] }
            require "aws_cloudwatch_log_group" "kept" {
              where = startswith(self.name, "/app/")
              must { retention = at_least("365d") }
            }
            require "aws_cloudwatch_log_group" "watched" {
              where   = self.name == "/other"
              enforce = false
              must { retention = at_least("365d") }
            }
            require "aws_ecr_repository" "kept" {
              where = true
              must { image_retention = at_least("365d") }
            }
            require "aws_eks_cluster" "logs" {
              where = true
              must { logging = superset_of(["audit"]) }
            }
        "#;
        scenario.write("main.hcl", profile);
        let (code, report) = scenario.report(&["plan", "."]);
        assert_eq!(code, 3, "{report:#}");
        let row = |row: &Value| {
            let (cell, kind) = (row["cell"].as_str().expect("a cell"), row["kind"].as_str().expect("a kind"));
            let numbers = ["listed", "enforced", "observed", "unknown", "unselected"].map(|name| row[name].to_string());
            let whole = if row["incomplete"].is_null() { "" } else { " incomplete" };
            format!("{} {kind} {}{whole}", cell.rsplit('/').next().expect("a region"), numbers.join(" "))
        };
        let rows: Vec<String> = report["population"].as_array().expect("population").iter().map(row).collect();
        assert_eq!(
            rows,
            [
                "eu-west-1 aws_cloudwatch_log_group 0 0 0 0 0",
                "eu-west-1 aws_ecr_repository 0 0 0 0 0 incomplete",
                "eu-west-1 aws_eks_cluster 0 0 0 0 0",
                "eu-west-3 aws_cloudwatch_log_group 5 3 1 0 1",
                "eu-west-3 aws_ecr_repository 0 0 0 0 0 incomplete",
                "eu-west-3 aws_eks_cluster 0 0 0 0 0",
            ]
        );
        let printed = scenario.ordain(&["plan", "."]).stdout;
        let headings: Vec<&str> = printed.lines().filter(|line| !line.is_empty() && !line.starts_with(' ')).collect();
        assert!(headings[0].starts_with("Unknown:"), "{printed}");
        assert_eq!(headings.iter().position(|line| *line == "Population"), Some(2), "{printed}");
    });
}
