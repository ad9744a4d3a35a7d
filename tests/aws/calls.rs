//! Calls: one list per kind and region, one call more per object only where no list returns the field; and none waits for
//! one that it does not need.

use crate::scenario::{Scenario, on_each};
use ordain_tests::backend::Kind;
use std::collections::BTreeMap;

/// Objects of the account that the formula is about.
const CLUSTERS: u64 = 20;
const GROUPS: u64 = 50;
const VPCS: u64 = 50;
const INSTANCES: u64 = 100;
const TEMPLATES: u64 = 10;
const REPOSITORIES: u64 = 50;

/// What is asked of that account; the bench of its wall time asks the same.
const PROFILE: &str = include_str!("../benches/account.hcl");

#[test]
fn an_account_costs_what_the_formula_says_and_no_call_more() {
    let needs = [
        "eks:DescribeCluster",
        "logs:DescribeLogGroups",
        "ec2:DescribeFlowLogs",
        "ecr:GetLifecyclePolicy",
        "ec2:GetInstanceMetadataDefaults",
    ];
    on_each(&needs, &[], |scenario| {
        let counts = [CLUSTERS, GROUPS, VPCS, INSTANCES, TEMPLATES, REPOSITORIES].map(|count| count.to_string());
        scenario.seed("many", &counts.each_ref().map(String::as_str));
        scenario.write("main.hcl", PROFILE);
        let (_, plan) = scenario.report(&["plan", "."]);
        let expected: BTreeMap<String, u64> = [
            ("sts:GetCallerIdentity", 1),
            ("eks:ListClusters", CLUSTERS.div_ceil(100)),
            ("eks:DescribeCluster", CLUSTERS),
            ("logs:DescribeLogGroups", GROUPS.div_ceil(50)),
            ("ec2:DescribeVpcs", VPCS.div_ceil(1000)),
            ("ec2:DescribeFlowLogs", VPCS.div_ceil(1000)),
            ("ec2:DescribeInstances", INSTANCES.div_ceil(1000)),
            // The default version of every template at once.
            ("ec2:DescribeLaunchTemplateVersions", TEMPLATES.div_ceil(200)),
            // What instances of a template that says nothing get.
            ("ec2:GetInstanceMetadataDefaults", 1),
            ("ecr:DescribeRepositories", REPOSITORIES.div_ceil(1000)),
            ("ecr:GetLifecyclePolicy", REPOSITORIES),
        ]
        .map(|(operation, count)| (operation.to_string(), count))
        .into();
        assert!(expected.values().sum::<u64>() <= 80);
        assert_eq!(scenario.proxy.counts(), expected, "{:#}", plan["headline"]);
        assert_eq!(plan["world"]["calls"], serde_json::json!(expected), "the report counts the same calls");
        let listed = |kind: &str| {
            let rows = plan["population"].as_array().expect("population").iter().filter(|row| row["kind"] == kind);
            rows.map(|row| row["listed"].as_u64().expect("a number")).sum::<u64>()
        };
        assert_eq!(listed("aws_eks_cluster"), CLUSTERS);
        assert_eq!(listed("aws_cloudwatch_log_group"), GROUPS);
        assert!(listed("aws_vpc") >= VPCS);
        assert_eq!(listed("aws_instance"), INSTANCES);
        assert_eq!(listed("aws_launch_template"), TEMPLATES);
        assert_eq!(listed("aws_ecr_repository"), REPOSITORIES);
    });
}

/// What the profile above sends, in rounds: each call needs an answer of the round before it and no other.
fn rounds(regions: u32) -> Vec<Vec<(&'static str, u32)>> {
    let each = |calls: &[(&'static str, u64)]| {
        let calls = calls.iter().map(|(operation, times)| (*operation, *times as u32 * regions));
        calls.collect::<Vec<_>>()
    };
    vec![
        vec![("sts:GetCallerIdentity", 1)],
        each(&[
            ("eks:ListClusters", 1),
            ("logs:DescribeLogGroups", 1),
            ("ec2:DescribeVpcs", 1),
            ("ec2:DescribeFlowLogs", 1),
            ("ec2:DescribeInstances", 1),
            ("ec2:DescribeLaunchTemplateVersions", 1),
            ("ecr:DescribeRepositories", 1),
        ]),
        each(&[
            ("eks:DescribeCluster", CLUSTERS),
            ("ec2:GetInstanceMetadataDefaults", 1),
            ("ecr:GetLifecyclePolicy", REPOSITORIES),
        ]),
    ]
}

/// The structure behind the wall time that `tests/run bench` measures: no clock, but a proxy that answers no call of a round
/// until every call of it is under way. A client that made one of them wait for another would wait for ever.
#[test]
fn an_account_takes_as_many_rounds_as_its_longest_chain_of_calls() {
    let needs = ["eks:DescribeCluster", "ecr:GetLifecyclePolicy", "ec2:GetInstanceMetadataDefaults"];
    on_each(&needs, &[], |scenario| {
        let counts = [CLUSTERS, 1, 1, 50, 1, REPOSITORIES].map(|count| count.to_string());
        scenario.seed("many", &counts.each_ref().map(String::as_str));
        scenario.write("main.hcl", PROFILE);
        rounds(1).iter().for_each(|round| scenario.proxy.together(round));
        assert_eq!(scenario.ordain(&["plan", "."]).code, 0);
        let once: BTreeMap<String, u64> =
            rounds(1).concat().into_iter().map(|(name, times)| (name.to_string(), times.into())).collect();
        assert_eq!(scenario.proxy.counts(), once, "no call was given up and sent again");
    });
}

#[test]
fn regions_are_read_side_by_side_and_lists_of_tags_beside_the_lists_of_what_they_are_on() {
    on_each(&["logs:DescribeLogGroups", "tag:GetResources"], &[], |scenario| {
        scenario.write(
            "main.hcl",
            r#"
            target "aws" "account" { regions = ["eu-west-1", "eu-west-3"] }
            require "aws_cloudwatch_log_group" "kept" {
              where = lookup(self.tags, "team", "") == "api"
              must { retention = at_least("365d") }
            }
            "#,
        );
        let round = [("logs:DescribeLogGroups", 2), ("tag:GetResources", 2)];
        scenario.proxy.together(&round);
        assert_eq!(scenario.ordain(&["plan", "."]).code, 0);
        assert_eq!(round.map(|(name, _)| scenario.proxy.counts()[name]), [2, 2]);
    });
}

/// Applies a plan of one step, and returns what its plan says that it costs and what it called.
fn budget(scenario: &Scenario, profile: &str) -> (u64, BTreeMap<String, u64>) {
    scenario.write("main.hcl", &format!("target \"aws\" \"account\" {{}}\n{profile}"));
    let (_, plan) = scenario.report(&["plan", ".", "-out", "plan.json"]);
    assert_eq!(plan["steps"].as_array().map(Vec::len), Some(1), "{plan:#}");
    scenario.proxy.clear();
    let (code, applied) = scenario.report(&["apply", "plan.json", "-auto-approve"]);
    assert_eq!(code, 0, "{applied:#}");
    let mut called = scenario.proxy.counts();
    // Once for a connection, not for a step.
    called.remove("sts:GetCallerIdentity");
    for wait in plan["steps"][0]["calls"]["waits"].as_array().expect("waits") {
        called.remove(wait.as_str().expect("an operation"));
    }
    (plan["steps"][0]["calls"]["total"].as_u64().expect("a number"), called)
}

#[test]
fn a_step_calls_what_its_plan_says_and_no_more() {
    let needs = ["logs:PutRetentionPolicy", "s3:PutBucketEncryption", "ecr:PutImageTagMutability"];
    on_each(&needs, &[], |scenario| {
        scenario.seed("log_groups", &[]);
        scenario.seed("buckets", &["aes256"]);
        scenario.seed("repositories", &[]);
        let profiles = [
            "require \"aws_cloudwatch_log_group\" \"a\" {\n  where = self.name == \"/app/api\"\n  must { retention = at_least(\"365d\") }\n}\n",
            "require \"aws_s3_bucket\" \"a\" {\n  where = self.name == \"audit-logs\"\n  must { encryption = at_least(\"aws_kms\") }\n}\n",
            "require \"aws_ecr_repository\" \"a\" {\n  where = self.name == \"early\"\n  must { tag_immutability = \"immutable\" }\n}\n",
        ];
        for profile in profiles {
            let (planned, called) = budget(scenario, profile);
            assert_eq!(called.values().sum::<u64>(), planned, "{profile}{called:?}");
        }
    });
}

#[test]
fn a_cluster_that_is_asked_for_by_name_costs_less_than_planned_and_waits_besides() {
    on_each(&["eks:UpdateClusterConfig"], &[(Kind::Moto, "eks:UpdateClusterConfig")], |scenario| {
        scenario.seed("clusters", &["prod", "office", "none"]);
        let profile =
            "require \"aws_eks_cluster\" \"a\" {\n  where = true\n  must { logging = superset_of([\"audit\"]) }\n}\n";
        let (planned, called) = budget(scenario, profile);
        let spent: u64 = called.values().sum();
        assert!(spent <= planned && spent >= 4, "{planned}: {called:?}");
        assert_eq!(called["eks:UpdateClusterConfig"], 1);
    });
}
