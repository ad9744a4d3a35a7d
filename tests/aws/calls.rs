//! The number of calls: one list per kind and region, one call more per object only where no list returns the field.

use crate::scenario::on_each;
use std::collections::BTreeMap;

/// Objects of the account that the formula is about.
const CLUSTERS: u64 = 20;
const GROUPS: u64 = 50;
const VPCS: u64 = 50;
const INSTANCES: u64 = 100;
const TEMPLATES: u64 = 10;
const REPOSITORIES: u64 = 50;

const PROFILE: &str = r#"
target "aws" "account" {}
require "aws_eks_cluster" "logs" {
  where = true
  must { logging = superset_of(["audit"]) }
}
require "aws_cloudwatch_log_group" "kept" {
  where = true
  must { retention = at_least("365d") }
}
require "aws_vpc" "logged" {
  where = true
  must { flow_logs = superset_of(["accept", "reject"]) }
}
require "aws_instance" "tokens" {
  where = true
  must { metadata_tokens = "required" }
}
require "aws_launch_template" "tokens" {
  where = true
  must { metadata_tokens = "required" }
}
require "aws_ecr_repository" "kept" {
  where = true
  must { image_retention = at_least("365d") }
}
"#;

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
