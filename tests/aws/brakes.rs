//! Brakes: nobody is locked out, and what narrows access is the last thing that is sent.

use crate::scenario::{Scenario, changes, ledger, on_each};
use ordain_tests::backend::Kind;
use serde_json::{Value, json};

const UPDATES: &[&str] = &["eks:ListClusters", "eks:DescribeCluster", "eks:UpdateClusterConfig", "eks:DescribeUpdate"];

/// moto answers no update of its own.
const WITHOUT_MOTO: &[(Kind, &str)] = &[(Kind::Moto, "eks:UpdateClusterConfig")];

fn profile(brakes: &str, must: &str) -> String {
    format!(
        "target \"aws\" \"account\" {{\n{brakes}\n}}\nrequire \"aws_eks_cluster\" \"guarded\" {{\n  where = true\n  must {{\n{must}\n  }}\n}}\n"
    )
}

const OFFICE: &str =
    "public_access_cidrs = within([\"203.0.113.0/24\"])\n    logging = superset_of([\"api\", \"audit\"])";

fn withheld(report: &Value) -> Vec<&str> {
    report["withheld"].as_array().expect("withheld").iter().filter_map(|of| of["why"].as_str()).collect()
}

/// The bodies of the updates that were sent, in their order.
fn updates(scenario: &Scenario) -> Vec<String> {
    let sent = scenario.proxy.calls().into_iter().filter(|call| call.operation.name == "eks:UpdateClusterConfig");
    sent.map(|call| call.body).collect()
}

#[test]
fn an_allowlist_is_narrowed_only_where_who_must_keep_access_stays_inside_and_then_last() {
    on_each(UPDATES, WITHOUT_MOTO, |scenario| {
        scenario.seed("clusters", &["prod", "open", "none"]);
        for (brakes, said) in
            [("", "add keep_access"), ("keep_access = [\"198.51.100.7/32\"]", "198.51.100.7/32 must keep access")]
        {
            scenario.write("main.hcl", &profile(brakes, &OFFICE.replace("logging", "# logging")));
            let (code, applied) = scenario.report(&["apply", ".", "-auto-approve"]);
            let (_, plan) = scenario.report(&["plan", "."]);
            assert_eq!(code, 2, "{applied:#}");
            assert!(withheld(&plan)[0].contains("blocked: ") && withheld(&plan)[0].contains(said), "{plan:#}");
        }
        assert_eq!(updates(scenario), Vec::<String>::new(), "nothing is sent");
        assert_eq!(scenario.read("clusters")["prod"]["cidrs"], json!(["0.0.0.0/0"]));

        scenario.write("main.hcl", &profile("keep_access = [\"203.0.113.10/32\"]", OFFICE));
        let (code, applied) = scenario.report(&["apply", ".", "-auto-approve"]);
        assert_eq!(
            (code, ledger(&applied)),
            (0, vec!["prod logging applied".into(), "prod vpc_config applied".into()])
        );
        let sent = updates(scenario);
        assert_eq!(sent.len(), 2);
        assert!(sent[0].contains("clusterLogging") && sent[1].contains("publicAccessCidrs"), "{sent:?}");
        assert_eq!(scenario.read("clusters")["prod"]["cidrs"], json!(["203.0.113.0/24"]));
    });
}

#[test]
fn the_private_endpoint_is_on_before_the_public_one_is_narrowed() {
    on_each(UPDATES, WITHOUT_MOTO, |scenario| {
        scenario.seed("clusters", &["prod", "public", "none"]);
        let keep = "keep_access = [\"203.0.113.10/32\"]";
        let narrow = "public_access_cidrs = within([\"203.0.113.0/24\"])";
        // Where nodes come from is not known here: nothing is narrowed while they need the public endpoint.
        scenario.write("main.hcl", &profile(keep, narrow));
        let (_, plan) = scenario.report(&["plan", "."]);
        assert_eq!(changes(&plan), Vec::<String>::new(), "{plan:#}");

        scenario.write("main.hcl", &profile(keep, &format!("endpoint_private_access = true\n    {narrow}")));
        let (code, applied) = scenario.report(&["apply", ".", "-auto-approve"]);
        assert_eq!((code, ledger(&applied)), (0, vec!["prod vpc_config applied".to_owned(); 2]), "{applied:#}");
        let sent = updates(scenario);
        assert_eq!(sent.len(), 2);
        let is = |body: &str, private: bool, cidrs: &str| {
            let body: Value = serde_json::from_str(body).expect("JSON");
            let config = &body["resourcesVpcConfig"];
            assert_eq!(
                (&config["endpointPrivateAccess"], &config["publicAccessCidrs"]),
                (&json!(private), &json!([cidrs]))
            );
        };
        is(&sent[0], true, "0.0.0.0/0");
        is(&sent[1], true, "203.0.113.0/24");
        let now = scenario.read("clusters");
        assert_eq!((&now["prod"]["private"], &now["prod"]["cidrs"]), (&json!(true), &json!(["203.0.113.0/24"])));
    });
}
