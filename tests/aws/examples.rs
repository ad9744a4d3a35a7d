//! `examples/02-aws-account`: the SOC 2 profile on an account, as its README says.

use crate::scenario::{changes, ledger, on_each};
use ordain_tests::backend::REGION;
use serde_json::json;

#[test]
fn the_soc2_profile_is_planned_applied_and_has_nothing_left_to_do() {
    let needs =
        ["eks:DescribeUpdate", "ec2:GetInstanceMetadataDefaults", "ec2:DescribeFlowLogs", "ecr:GetLifecyclePolicy"];
    on_each(&needs, &[], |scenario| {
        // The log group of `prod` is there; that of `dev` comes with the first event after logging is on.
        scenario.seed("clusters", &["prod", "open", "all", "dev", "open", "none"]);
        for seed in ["compute", "log_groups", "repositories", "security_groups"] {
            scenario.seed(seed, &[]);
        }
        scenario.copy("profiles");
        scenario.copy("examples/02-aws-account");
        let regions = format!("regions=[\"{REGION}\"]");
        let plan = |command: &str| scenario.report(&[command, "examples/02-aws-account", "-var", &regions]);
        let (code, first) = plan("plan");
        assert_eq!((code, &first["headline"]["verdict"]), (0, &json!("unmet")), "{first:#}");
        assert!(first["world"]["not_evidence"].is_string(), "an endpoint of our own is no evidence");
        let planned = changes(&first);
        for kind in ["metadata_tokens", "public_access_cidrs", "logging", "retention"] {
            assert!(planned.iter().any(|change| change.contains(kind)), "no step for {kind}: {planned:#?}");
        }
        let (_, applied) = scenario.report(&["apply", "examples/02-aws-account", "-auto-approve", "-var", &regions]);
        assert!(ledger(&applied).iter().all(|entry| entry.ends_with(" applied")), "{:#?}", applied["ledger"]);
        let (_, second) = plan("plan");
        assert_eq!(changes(&second), Vec::<String>::new());
    });
}
