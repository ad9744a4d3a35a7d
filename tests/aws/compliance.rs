//! plan, apply, plan: kind by kind, on each back end that has the operations. After apply the back end's own API returns
//! what the ledger says, what no requirement asked for is as it was, and the second plan has nothing to do.

use crate::scenario::{Scenario, changes, ledger, on_each};
use ordain_tests::backend::{Kind, python};
use ordain_tests::proxy::{Call, Fault, Rule};
use serde_json::{Value, json};
use std::sync::Arc;

const TARGET: &str = "target \"aws\" \"account\" {\n  keep_access = [\"203.0.113.10/32\"]\n}\n";

/// What [`reach`] says, and applying the revert plan brings back what was there before.
fn comply(scenario: &Scenario, seed: &str, profile: &str, planned: &[String], holds: impl Fn(&Value)) {
    let before = scenario.read(seed);
    let applied = reach(scenario, seed, profile, planned, holds);
    let (code, reverted) = scenario.report(&["revert", &applied, "-auto-approve"]);
    assert_eq!(code, 0, "{:#}", reverted["ledger"]);
    assert_eq!(scenario.read(seed), before, "the revert plan brings back what was there");
}

/// plan says `planned`; apply does each of its steps; `holds` of what the back end's own API returns then; a second plan is
/// empty and exits 0. The file of the plan as it was applied.
fn reach(scenario: &Scenario, seed: &str, profile: &str, planned: &[String], holds: impl Fn(&Value)) -> String {
    scenario.write("main.hcl", &format!("{TARGET}{profile}"));
    let (code, plan) = scenario.report(&["plan", ".", "-detailed-exitcode"]);
    assert_eq!(changes(&plan), planned, "{}: {plan:#}", scenario.backend.kind.name());
    assert_eq!(code, 2, "{plan:#}");
    let (code, applied) = scenario.report(&["apply", ".", "-auto-approve"]);
    let done = ledger(&applied);
    assert!(done.iter().all(|entry| entry.ends_with(" applied")), "{done:#?}\n{applied:#}");
    assert_eq!((code, done.len()), (0, plan["steps"].as_array().map_or(0, Vec::len)), "{applied:#}");
    holds(&scenario.read(seed));
    let (code, again) = scenario.report(&["plan", ".", "-detailed-exitcode"]);
    assert_eq!((code, changes(&again)), (0, Vec::<String>::new()), "{again:#}");
    applied["ledger"]["revert"].as_str().expect("the plan as it was applied").replace("ordain revert ", "")
}

/// The changes that a profile plans, for objects whose ids the back end chooses.
fn planned(scenario: &Scenario, profile: &str) -> Vec<String> {
    scenario.write("main.hcl", &format!("{TARGET}{profile}"));
    changes(&scenario.report(&["plan", "."]).1)
}

#[test]
fn log_groups_are_kept_longer_and_never_shorter() {
    on_each(&["logs:DescribeLogGroups", "logs:PutRetentionPolicy"], &[], |scenario| {
        scenario.seed("log_groups", &[]);
        let profile = r#"
            require "aws_cloudwatch_log_group" "kept" {
              where = startswith(self.name, "/app/")
              must { retention = at_least("365d") }
            }
        "#;
        comply(scenario, "log_groups", profile, &["/app/api retention: 7d -> 365d".into()], |now| {
            let expected = json!({ "/app/api": 365, "/app/unlimited": null, "/app/web": 400, "/aws/eks/prod/cluster": 30, "/other": 7 });
            assert_eq!(*now, expected);
        });
    });
}

#[test]
fn clusters_log_and_are_reached_from_the_office_only() {
    let needs = ["eks:ListClusters", "eks:DescribeCluster", "eks:UpdateClusterConfig", "eks:DescribeUpdate"];
    on_each(&needs, &[(Kind::Moto, "eks:UpdateClusterConfig")], |scenario| {
        scenario.seed("clusters", &["halves", "halves", "none", "office", "office", "all", "open", "open", "all"]);
        let profile = r#"
            require "aws_eks_cluster" "guarded" {
              where = true
              must {
                logging             = superset_of(["api", "audit"])
                public_access_cidrs = within(["203.0.113.0/24"])
              }
            }
        "#;
        let planned = [
            "halves logging: [] -> [api, audit]",
            "halves public_access_cidrs: [0.0.0.0/1, 128.0.0.0/1] -> [203.0.113.0/24]",
            "open public_access_cidrs: [0.0.0.0/0] -> [203.0.113.0/24]",
        ];
        comply(scenario, "clusters", profile, &planned.map(String::from), |now| {
            for name in ["halves", "office", "open"] {
                assert_eq!(now[name]["cidrs"], json!(["203.0.113.0/24"]), "{name}");
                assert_eq!(
                    (&now[name]["private"], &now[name]["subnets"]),
                    (&json!(true), &json!(2)),
                    "{name} keeps the rest"
                );
            }
            assert_eq!(now["halves"]["logs"], json!(["api", "audit"]));
            assert_eq!(now["open"]["logs"].as_array().map(Vec::len), Some(5), "a superset is left alone");
        });
    });
}

#[test]
fn a_cluster_s_log_retention_is_its_log_group_s() {
    let needs = ["eks:DescribeCluster", "logs:DescribeLogGroups", "logs:PutRetentionPolicy"];
    on_each(&needs, &[], |scenario| {
        scenario.seed("log_groups", &[]);
        scenario.seed("clusters", &["prod", "office", "all"]);
        let profile = r#"
            require "aws_eks_cluster" "kept" {
              where = true
              must { log_retention = at_least("90d") }
            }
            require "aws_cloudwatch_log_group" "kept" {
              where = startswith(self.name, "/aws/eks/")
              must { retention = at_least("60d") }
            }
        "#;
        comply(scenario, "log_groups", profile, &["/aws/eks/prod/cluster retention: 30d -> 90d".into()], |now| {
            assert_eq!(now["/aws/eks/prod/cluster"], json!(90));
        });
    });
}

const FLOW_LOGS: &[&str] = &["ec2:DescribeVpcs", "ec2:DescribeFlowLogs", "ec2:CreateFlowLogs"];

fn logged(id: &str) -> String {
    format!(
        r#"
        require "aws_vpc" "logged" {{
          where = self.id == "{id}"
          must {{
            flow_logs            = superset_of(["accept", "reject"])
            flow_log_destination = superset_of(["arn:aws:s3:::flow-logs"])
          }}
        }}
        "#
    )
}

#[test]
fn a_network_without_a_flow_log_gets_one() {
    on_each(FLOW_LOGS, &[], |scenario| {
        let made = scenario.seed("networks", &[]);
        let id = made["none"].as_str().expect("an id");
        let planned = [
            format!("{id} flow_log_destination: [] -> [arn:aws:s3:::flow-logs]"),
            format!("{id} flow_logs: [] -> [accept, reject]"),
        ];
        comply(scenario, "networks", &logged(id), &planned, |now| {
            assert_eq!(now[id], json!([["ALL", "arn:aws:s3:::flow-logs"]]));
            let other = made["reject"].as_str().expect("an id");
            assert_eq!(now[other], json!([["REJECT", "arn:aws:s3:::flow-logs"]]), "not selected");
        });
    });
}

#[test]
fn a_network_that_shows_rejected_traffic_only_gets_the_rest() {
    on_each(FLOW_LOGS, &[(Kind::Moto, "ec2:CreateFlowLogs")], |scenario| {
        let made = scenario.seed("networks", &[]);
        let id = made["reject"].as_str().expect("an id");
        let planned = [format!("{id} flow_logs: [reject] -> [accept, reject]")];
        comply(scenario, "networks", &logged(id), &planned, |now| {
            let traffic: Vec<&str> =
                now[id].as_array().expect("flow logs").iter().filter_map(|log| log[0].as_str()).collect();
            assert!(traffic.contains(&"REJECT"), "what somebody else made stays: {now}");
            assert!(traffic.contains(&"ALL") || traffic.contains(&"ACCEPT"), "{now}");
        });
    });
}

#[test]
fn a_network_that_shows_everything_is_left_alone() {
    on_each(FLOW_LOGS, &[], |scenario| {
        let made = scenario.seed("networks", &[]);
        scenario.write("main.hcl", &format!("{TARGET}{}", logged(made["all"].as_str().expect("an id"))));
        let (code, plan) = scenario.report(&["plan", ".", "-detailed-exitcode"]);
        assert_eq!((code, changes(&plan)), (0, Vec::<String>::new()), "{plan:#}");
    });
}

#[test]
fn buckets_keep_logs_longer_and_the_rules_of_others_as_they_were() {
    let needs = ["s3:ListBuckets", "s3:PutBucketLifecycleConfiguration", "s3:GetBucketVersioning"];
    on_each(&needs, &[(Kind::Moto, "s3:GetBucketVersioning")], |scenario| {
        scenario.seed("buckets", &[]);
        let profile = r#"
            require "aws_s3_bucket" "kept" {
              where = self.name == "audit-logs"
              must { retention = { "logs/" = at_least("365d") } }
            }
        "#;
        comply(scenario, "buckets", profile, &["audit-logs retention[\"logs/\"]: 30d -> 365d".into()], |now| {
            let rules = json!({ "logs": ["Enabled", 365], "tmp": ["Enabled", 1], "uploads": ["Enabled", null] });
            assert_eq!(now["audit-logs"]["rules"], rules);
        });
    });
}

#[test]
fn buckets_are_encrypted_and_shut_to_the_public() {
    let needs = ["s3:ListBuckets", "s3:PutPublicAccessBlock", "s3:PutBucketEncryption"];
    on_each(&needs, &[], |scenario| {
        scenario.seed("buckets", &["aes256"]);
        let profile = r#"
            require "aws_s3_bucket" "guarded" {
              where = self.name == "audit-logs"
              must {
                encryption          = at_least("aws_kms")
                public_access_block = superset_of(["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"])
              }
            }
        "#;
        comply(scenario, "buckets", profile, &planned(scenario, profile), |now| {
            assert_eq!(
                (&now["audit-logs"]["encryption"], &now["plain"]["encryption"]),
                (&json!("aws:kms"), &json!("AES256"))
            );
            assert_eq!(now["audit-logs"]["blocked"].as_array().map(Vec::len), Some(4));
            assert_eq!(now["plain"]["blocked"], json!([]), "no requirement selects it");
        });
    });
}

#[test]
fn instances_and_templates_require_session_tokens() {
    let needs = [
        "ec2:DescribeInstances",
        "ec2:ModifyInstanceMetadataOptions",
        "ec2:CreateLaunchTemplateVersion",
        "ec2:ModifyLaunchTemplate",
    ];
    on_each(&needs, &[(Kind::Moto, "ec2:CreateLaunchTemplateVersion")], |scenario| {
        let made = scenario.seed("compute", &[]);
        let profile = r#"
            require "aws_instance" "tokens" {
              where = true
              must { metadata_tokens = "required" }
            }
            require "aws_launch_template" "tokens" {
              where = true
              must { metadata_tokens = "required" }
            }
        "#;
        let id = |sort: &str| made["old"][sort].as_str().expect("an id").to_string();
        let mut planned =
            ["instance", "template"].map(|sort| format!("{} metadata_tokens: optional -> required", id(sort)));
        planned.sort();
        comply(scenario, "compute", profile, &planned, |now| {
            assert_eq!(now["instances"][id("instance")], json!("required"));
            assert_eq!(now["templates"][id("template")], json!(["required", "t3.micro"]), "the other fields are kept");
        });
    });
}

#[test]
fn an_account_s_defaults_are_set() {
    let needs =
        ["ec2:GetInstanceMetadataDefaults", "ec2:ModifyInstanceMetadataDefaults", "ec2:EnableEbsEncryptionByDefault"];
    on_each(&needs, &[], |scenario| {
        let profile = r#"
            require "aws_account" "defaults" {
              where = true
              must {
                ebs_encryption_by_default = true
                metadata_tokens           = "required"
              }
            }
        "#;
        comply(scenario, "account", profile, &planned(scenario, profile), |now| {
            assert_eq!(*now, json!({ "ebs": true, "tokens": "required" }));
        });
    });
}

#[test]
fn repositories_keep_images_longer_and_tags_immutable() {
    let needs = ["ecr:DescribeRepositories", "ecr:PutLifecyclePolicy", "ecr:PutImageTagMutability"];
    on_each(&needs, &[], |scenario| {
        scenario.seed("repositories", &[]);
        let profile = r#"
            require "aws_ecr_repository" "images" {
              where = true
              must {
                image_retention  = at_least("365d")
                tag_immutability = "immutable"
              }
            }
        "#;
        comply(scenario, "repositories", profile, &planned(scenario, profile), |now| {
            assert_eq!(now["early"], json!({ "mutability": "IMMUTABLE", "scan": false, "days": [365] }));
            assert_eq!(now["strict"], json!({ "mutability": "IMMUTABLE", "scan": true, "days": [400] }));
            assert_eq!(now["unlimited"], json!({ "mutability": "IMMUTABLE", "scan": false, "days": null }));
        });
    });
}

/// On the way back the SDK leaves `scanOnPush` out: false is what ECR documents for a configuration without it (API
/// reference, ImageScanningConfiguration). fakecloud refuses that and moto keeps what was there, so the proxy does what is
/// documented once the call has passed.
#[test]
fn repositories_scan_what_is_pushed() {
    let needs = ["ecr:DescribeRepositories", "ecr:PutImageScanningConfiguration"];
    on_each(&needs, &[(Kind::Fakecloud, "ecr:PutImageScanningConfiguration")], |scenario| {
        scenario.seed("repositories", &[]);
        let profile = r#"
            require "aws_ecr_repository" "scanned" {
              where = self.name == "early"
              must { scan_on_push = true }
            }
        "#;
        let before = scenario.read("repositories");
        let applied = reach(scenario, "repositories", profile, &["early scan_on_push: false -> true".into()], |now| {
            assert_eq!((&now["early"]["scan"], &now["unlimited"]["scan"]), (&json!(true), &json!(false)));
        });
        scenario.proxy.clear();
        let endpoint = scenario.backend.url();
        let documented = move |_: &Call| drop(python(&endpoint, "seeds/repositories.py", &["scan", "early", "false"]));
        scenario.proxy.rule(Rule::always("ecr:PutImageScanningConfiguration", Fault::Afterwards(Arc::new(documented))));
        let (code, reverted) = scenario.report(&["revert", &applied, "-auto-approve"]);
        assert_eq!((code, ledger(&reverted)), (0, vec!["early scanning applied".to_string()]), "{reverted:#}");
        let sent = scenario.proxy.calls();
        let put = sent.iter().find(|call| call.operation.name == "ecr:PutImageScanningConfiguration").expect("a call");
        let body: Value = serde_json::from_str(&put.body).expect("JSON");
        assert_eq!(body["imageScanningConfiguration"].get("scanOnPush").unwrap_or(&json!(false)), &json!(false));
        assert_eq!(scenario.read("repositories"), before, "the revert plan brings back what was there");
    });
}

#[test]
fn databases_are_not_public_and_keep_backups() {
    let needs = ["rds:DescribeDBInstances", "rds:ModifyDBInstance"];
    // fakecloud makes no database instances: it needs Docker for them.
    on_each(&needs, &[(Kind::Fakecloud, "rds:DescribeDBInstances")], |scenario| {
        scenario.seed("databases", &[]);
        let profile = r#"
            require "aws_db_instance" "guarded" {
              where = true
              must {
                backup_retention    = at_least("7d")
                deletion_protection = true
                publicly_accessible = false
              }
            }
        "#;
        comply(scenario, "databases", profile, &planned(scenario, profile), |now| {
            let strict = |days: u32| json!({ "PubliclyAccessible": false, "BackupRetentionPeriod": days, "DeletionProtection": true });
            assert_eq!(*now, json!({ "exposed": strict(7), "strict": strict(35) }));
        });
    });
}

#[test]
fn database_ports_lose_everybody_and_keep_the_office() {
    on_each(&["ec2:DescribeSecurityGroups", "ec2:RevokeSecurityGroupIngress"], &[], |scenario| {
        let made = scenario.seed("security_groups", &[]);
        let profile = r#"
            require "aws_security_group" "databases" {
              where = true
              must { ingress_from = { "tcp/5432" = within(["203.0.113.0/24"]) } }
            }
        "#;
        comply(scenario, "security_groups", profile, &planned(scenario, profile), |now| {
            let of = |name: &str| now[made[name].as_str().expect("an id")].clone();
            assert_eq!(of("open"), json!([[443, "0.0.0.0/0"], [5432, "203.0.113.0/24"]]), "another port is left alone");
            assert_eq!(of("narrow"), json!([[5432, "203.0.113.0/24"]]));
        });
    });
}
