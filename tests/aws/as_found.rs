//! `init -from-live`: a profile of what an account is like, and what it says of the account when that became weaker.

use crate::scenario::{changes, findings, on_each};
use serde_json::Value;

#[test]
fn what_an_account_is_like_is_a_profile_that_it_satisfies() {
    on_each(&["logs:DescribeLogGroups", "logs:PutRetentionPolicy"], &[], |scenario| {
        scenario.seed("log_groups", &[]);
        let before = scenario.read("log_groups");
        let made = scenario.ordain(&["init", "-from-live", "new"]);
        assert_eq!(made.code, 0, "{}{}", made.stdout, made.stderr);
        assert_eq!(scenario.read("log_groups"), before, "what is live is only read");
        let writes = scenario.proxy.counts().into_keys().filter(|call| !is_read(call));
        assert_eq!(writes.collect::<Vec<_>>(), Vec::<String>::new());
        let found = scenario.file("new/as_found.hcl");
        assert!(
            found.contains("require \"aws_cloudwatch_log_group\"") && found.contains("at_least(\"7d\")"),
            "{found}"
        );
        let (_, plan) = scenario.report(&["plan", "new"]);
        assert_eq!(changes(&plan), Vec::<String>::new(), "{plan:#}");
        let log_groups = |report: &Value| -> Vec<String> {
            findings(report).into_iter().filter(|finding| finding.contains(" retention ")).collect()
        };
        assert!(log_groups(&plan).iter().all(|finding| finding.ends_with(" met")), "{plan:#}");
        // What everybody kept for 7 days at least is kept for 3 now.
        scenario.write(
            "main.hcl",
            "target \"aws\" \"account\" {}\nrequire \"aws_cloudwatch_log_group\" \"short\" {\n  where = self.name == \"/app/api\"\n  must { retention = exactly(\"3d\") }\n}\n",
        );
        let (_, weaker) = scenario.report(&["plan", "."]);
        let setting = format!("{}#retention", weaker["findings"][0]["object"].as_str().expect("an object"));
        let (code, applied) = scenario.report(&["apply", ".", "-auto-approve", "-allow", &setting]);
        assert_eq!(code, 0, "{applied:#}");
        let (code, plan) = scenario.report(&["plan", "new", "-detailed-exitcode"]);
        assert!(code == 2 || code == 3, "{code}: what cannot be read on this back end comes before what is unmet");
        assert_eq!(changes(&plan), ["/app/api retention: 3d -> 7d"], "{plan:#}");
    });
}

/// Whether a call only looks.
fn is_read(call: &str) -> bool {
    let operation = call.split_once(':').map_or(call, |(_, operation)| operation);
    ["Describe", "Get", "List", "Head"].iter().any(|start| operation.starts_with(start))
}
