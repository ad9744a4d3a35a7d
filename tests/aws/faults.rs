//! Every fault at every operation that an apply uses: what the ledger says is what the back end holds.
//!
//! One plan over one object of each sort is applied again and again. In each round one operation of every sort has the
//! fault, so that all rounds together reach every operation; then the back end is asked by an official client.
//! `tests/run faults` takes every fault for ever, too.

use crate::scenario::{Scenario, on};
use ordain_tests::backend::Kind;
use ordain_tests::proxy::{Fault, Rule};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// The operations of each sort of object in an apply; the last one writes.
const FAKECLOUD: &[(&str, &[&str])] = &[
    ("log_group", &["logs:DescribeLogGroups", "logs:PutRetentionPolicy"]),
    (
        "bucket",
        &[
            "s3:GetBucketLifecycleConfiguration",
            "s3:GetBucketVersioning",
            "s3:ListBuckets",
            "s3:PutBucketLifecycleConfiguration",
        ],
    ),
    ("bucket", &["s3:GetBucketEncryption", "s3:PutBucketEncryption"]),
    ("bucket", &["s3:GetPublicAccessBlock", "s3:PutPublicAccessBlock"]),
    (
        "template",
        &[
            "ec2:DescribeLaunchTemplateVersions",
            "ec2:GetInstanceMetadataDefaults",
            "ec2:CreateLaunchTemplateVersion",
            "ec2:ModifyLaunchTemplate",
        ],
    ),
    ("repository", &["ecr:DescribeRepositories", "ecr:PutImageTagMutability"]),
    ("repository", &["ecr:GetLifecyclePolicy", "ecr:PutLifecyclePolicy"]),
    ("cluster", &["eks:DescribeCluster", "eks:DescribeUpdate", "eks:ListClusters", "eks:UpdateClusterConfig"]),
];
/// fakecloud makes the same flow log twice.
const MOTO: &[(&str, &[&str])] = &[("vpc", &["ec2:DescribeVpcs", "ec2:DescribeFlowLogs", "ec2:CreateFlowLogs"])];

const REQUIREMENTS: &[(&str, &str, &str, &str)] = &[
    ("log_group", "aws_cloudwatch_log_group", "self.name == \"/app/api\"", "retention = at_least(\"365d\")"),
    (
        "bucket",
        "aws_s3_bucket",
        "self.name == \"audit-logs\"",
        "retention = { \"logs/\" = at_least(\"365d\") }\n encryption = at_least(\"aws_kms\")\n public_access_block = superset_of([\"block_public_acls\"])",
    ),
    ("template", "aws_launch_template", "self.name == \"web\"", "metadata_tokens = \"required\""),
    (
        "repository",
        "aws_ecr_repository",
        "self.name == \"shop\"",
        "image_retention = at_least(\"365d\")\n tag_immutability = \"immutable\"",
    ),
    ("cluster", "aws_eks_cluster", "self.name == \"prod\"", "logging = superset_of([\"audit\"])"),
    (
        "vpc",
        "aws_vpc",
        "lookup(self.tags, \"scenario\", \"\") == \"faults\"",
        "flow_logs = superset_of([\"accept\", \"reject\"])\n flow_log_destination = superset_of([\"arn:aws:s3:::flow-logs\"])",
    ),
];

/// A fault, how often it befalls a call (none: always), and whether reads have it only once the sort's write was carried out.
struct Case {
    name: &'static str,
    fault: Fault,
    times: Option<u32>,
    after_write: bool,
}

/// All of them with `ORDAIN_FAULTS=all`, which takes ten minutes; else those that befall a call once, and slowness.
fn cases() -> Vec<Case> {
    let all = std::env::var("ORDAIN_FAULTS").is_ok_and(|which| which == "all");
    every_case().into_iter().filter(|case| all || case.times == Some(1) || case.name == "slow").collect()
}

fn every_case() -> Vec<Case> {
    let case = |name, fault, times, after_write| Case { name, fault, times, after_write };
    vec![
        case("throttled", Fault::Throttled, None, true),
        case("failed", Fault::Failed, None, true),
        case("failed from the start", Fault::Failed, None, false),
        case("dropped before", Fault::DroppedBefore, None, true),
        case("dropped after", Fault::DroppedAfter, None, true),
        case("dropped after once", Fault::DroppedAfter, Some(1), false),
        case("stale", Fault::Stale, Some(9), true),
        case("stale once", Fault::Stale, Some(1), true),
        case("slow", Fault::Delayed(Duration::from_millis(150)), None, false),
    ]
}

/// A back end with its objects, and what it holds before and after the plan.
struct Matrix<'a> {
    scenario: &'a Scenario,
    table: &'a [(&'a str, &'a [&'a str])],
    sorts: Vec<&'a str>,
    before: Value,
    after: Value,
    /// By object and unit, the settings of a step.
    steps: BTreeMap<(String, String), Vec<String>>,
}

#[test]
fn the_ledger_is_what_fakecloud_holds_whatever_fails() {
    on(Kind::Fakecloud, |scenario| Matrix::of(scenario, FAKECLOUD).hold());
}

#[test]
fn the_ledger_is_what_moto_holds_whatever_fails() {
    on(Kind::Moto, |scenario| Matrix::of(scenario, MOTO).hold());
}

fn short(object: &Value) -> String {
    let object = object.as_str().expect("an address");
    object.rsplit('/').next().unwrap_or(object).replace("%2F", "/")
}

impl<'a> Matrix<'a> {
    /// Seeds, plans, and applies once without a fault.
    fn of(scenario: &'a Scenario, table: &'a [(&'a str, &'a [&'a str])]) -> Matrix<'a> {
        let sorts = Vec::from_iter(table.iter().map(|(sort, _)| *sort).collect::<BTreeSet<_>>());
        let before = scenario.seed("faults", &sorts);
        let block = |(_, kind, selector, must): &(&str, &str, &str, &str)| {
            format!("require \"{kind}\" \"one\" {{\n where = {selector}\n must {{\n {must}\n }}\n}}\n")
        };
        let wanted = REQUIREMENTS.iter().filter(|(sort, ..)| sorts.contains(sort));
        scenario
            .write("main.hcl", &format!("target \"aws\" \"account\" {{}}\n{}", wanted.map(block).collect::<String>()));
        let (code, plan) = scenario.report(&["plan", ".", "-out", "plan.json"]);
        assert_eq!(code, 0, "{plan:#}");
        let mut steps = BTreeMap::new();
        for step in plan["steps"].as_array().expect("steps") {
            let changes = step["changes"].as_array().expect("changes");
            let names = changes.iter().filter_map(|change| change["setting"].as_str()?.split('[').next());
            let unit = step["unit"].as_str().expect("a unit").to_owned();
            steps.insert((short(&step["object"]), unit), names.map(str::to_owned).collect());
        }
        let mut matrix = Matrix { scenario, table, sorts, before, after: Value::Null, steps };
        scenario.proxy.clear();
        let (code, applied) = scenario.report(&["apply", "plan.json", "-auto-approve"]);
        assert_eq!(code, 0, "{applied:#}");
        let listed: BTreeSet<&str> = table.iter().flat_map(|(_, operations)| operations.iter().copied()).collect();
        let called = scenario.proxy.counts();
        let called: BTreeSet<&str> =
            called.keys().map(String::as_str).filter(|name| *name != "sts:GetCallerIdentity").collect();
        assert_eq!(called, listed, "the table has every operation that an apply uses");
        matrix.after = matrix.python("read");
        matrix
    }

    fn python(&self, command: &str) -> Value {
        self.scenario.backend.python("seeds/faults.py", &[&[command], &self.sorts[..]].concat())
    }

    /// Every case at every operation.
    fn hold(&self) {
        let most = self.table.iter().map(|(_, operations)| operations.len()).max().unwrap_or(0);
        for case in cases() {
            (0..most).for_each(|at| self.round(&case, at));
        }
    }

    fn round(&self, case: &Case, at: usize) {
        assert_eq!(self.python("reset"), self.before);
        self.scenario.proxy.clear();
        let mut hit = Vec::new();
        for (_, operations) in self.table {
            let Some(operation) = operations.get(at) else { continue };
            let write = operations[operations.len() - 1];
            let rule = match case.times {
                None => Rule::always(operation, case.fault.clone()),
                Some(times) => Rule::times(times, operation, case.fault.clone()),
            };
            let reads = ["Describe", "Get", "List"].iter().any(|verb| operation.contains(&format!(":{verb}")));
            let waits = case.after_write && reads && *operation != write;
            self.scenario.proxy.rule(if waits { rule.since(write) } else { rule });
            hit.push(*operation);
        }
        let name = format!("{} {}: {hit:?}", self.scenario.backend.kind.name(), case.name);
        let (code, applied) = self.scenario.report(&["apply", "plan.json", "-auto-approve"]);
        let now = self.python("read");
        self.compare(&name, &applied, &now);
        let whole = applied["ledger"]["entries"].as_array().is_some_and(|all| all.iter().all(done));
        assert_eq!(code, i32::from(!whole), "{name}: {:#}", applied["ledger"]);
        self.complete(&name);
    }

    /// Each entry of the ledger against what the back end holds.
    fn compare(&self, name: &str, applied: &Value, now: &Value) {
        let entries = applied["ledger"]["entries"].as_array().unwrap_or_else(|| panic!("{name}: {applied:#}"));
        assert_eq!(entries.len(), self.steps.len(), "{name}");
        for entry in entries {
            let object = short(&entry["object"]);
            let unit = entry["unit"].as_str().expect("a unit").to_owned();
            let settings = &self.steps[&(object.clone(), unit)];
            let is = |world: &Value| {
                settings.iter().all(|setting| now["settings"][&object][setting] == world["settings"][&object][setting])
            };
            let right = match entry["outcome"].as_str().expect("an outcome") {
                "applied" => is(&self.after),
                "failed" | "refused" | "blocked" | "skipped" | "not_reached" => is(&self.before),
                // Nobody claims to know; what is there is one of the two.
                "in_doubt" | "unverified" => is(&self.before) || is(&self.after),
                _ => false,
            };
            assert!(right, "{name}: {entry:#}\n{:#}", now["settings"][&object]);
        }
    }

    /// Without faults the same plan completes, and every product is there once.
    fn complete(&self, name: &str) {
        self.scenario.proxy.clear();
        let (code, applied) = self.scenario.report(&["apply", "plan.json", "-auto-approve"]);
        assert_eq!(code, 0, "{name}, then complete: {:#}", applied["ledger"]);
        assert_eq!(self.python("read"), self.after, "{name}, then complete");
    }
}

fn done(entry: &Value) -> bool {
    ["applied", "already"].iter().any(|word| entry["outcome"] == *word)
}
