//! What is secret stands in no object of a journal and in nothing that is printed.

use crate::applies::{APPLY, ordain_in};
use crate::bucket::each;
use ordain_store::objects::Objects;
use ordain_tests::session::copy;
use std::fs;

const PLANTED: &str = "planted-f3a9c1";

#[test]
fn what_is_planted_shows_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    each(|bucket| {
        copy("examples/01-first-plan", folder.path());
        let main = folder.path().join("examples/01-first-plan/main.hcl");
        let profile = fs::read_to_string(&main).unwrap();
        let variable = "variable \"token\" {\n  type      = string\n  ephemeral = true\n}\n";
        fs::write(&main, format!("{variable}{profile}")).unwrap();
        let mut variables = bucket.variables();
        for name in ["AWS_SESSION_TOKEN", "GITHUB_TOKEN", "CI_JOB_TOKEN", "ORDAIN_PLANTED"] {
            variables.insert(name.into(), PLANTED.into());
        }
        variables.extend([("CI", "true"), ("GITHUB_ACTIONS", "true")].map(|(name, value)| (name.into(), value.into())));
        let mut said = String::new();
        for line in [&format!("{APPLY} -var token={PLANTED}"), "log -journal PLACE", "log -journal PLACE -json"] {
            let (code, text) = ordain_in(&bucket, folder.path(), line, &variables);
            assert_eq!(code, 0, "{text}");
            said += &text;
        }
        // Whatever was written went through the proxy.
        let calls = bucket.proxy.calls();
        let kept: String = calls.iter().map(|call| format!("{} {}\n", call.path, call.body)).collect();
        assert!(kept.contains("\"begun\"") && kept.contains("revert.json"), "{kept}");
        for text in [said, kept] {
            assert!(!text.contains(PLANTED));
        }
    });
}

#[test]
fn an_address_or_an_endpoint_with_credentials_is_refused_without_showing_them() {
    let variables = |endpoint: &str| [("AWS_ENDPOINT_URL".to_owned(), endpoint.to_owned())].into();
    let address = format!("s3://key:{PLANTED}@kept/ordain");
    let in_address = Objects::with(&address, &variables("http://127.0.0.1:9")).unwrap_err();
    assert!(in_address.contains("holds credentials") && !in_address.contains(PLANTED), "{in_address}");
    let endpoint = format!("http://key:{PLANTED}@127.0.0.1:9");
    let in_endpoint = Objects::with("s3://kept/ordain", &variables(&endpoint)).unwrap_err();
    assert!(in_endpoint.contains("holds credentials") && !in_endpoint.contains(PLANTED), "{in_endpoint}");
}
