//! Slips on the command line: nothing is named, read or overwritten by mistake.

use super::Place;
use std::fs;

#[test]
fn only_and_allow_have_to_name_something() {
    let place = Place::new();
    let one = place.json("plan p -json -only require.aws_instance.metadata").1;
    assert_eq!(one["steps"].as_array().unwrap().len(), 1);
    assert_eq!(one["headline"]["verdict"], "unmet", "what is left out is still unmet");
    let slip = place.run("plan p -only require.aws_instance.metadat");
    assert!(slip.code == 1 && slip.err.contains("--only 'require.aws_instance.metadata'"), "{slip:#?}");
    let slip = place.run("plan p -allow aws:1/r/k/i#s");
    assert!(slip.code == 1 && slip.err.contains("error[unknown-subject]"), "{slip:#?}");
}

#[test]
fn what_complies_already_may_be_named() {
    let place = Place::new();
    let group = "aws:111111111111/eu-west-1/aws_cloudwatch_log_group/%2Faws%2Feks%2Fmain%2Fcluster#retention";
    assert_eq!(place.run("apply p -auto-approve").code, 0);
    let object = group.split_once('#').unwrap().0;
    for flag in ["-allow", "-only"] {
        let said = place.run(&format!("plan p {flag} {group} -detailed-exitcode"));
        assert_eq!(said.code, 0, "{said:#?}");
    }
    assert_eq!(place.run(&format!("plan p -only {object}")).code, 0);
    assert_eq!(place.run("plan p -only aws:111111111111/eu-west-1/aws_instance/i-0fedcba9876543210").code, 0);
    let slip = place.run(&format!("plan p -allow {object}"));
    assert!(slip.code == 1 && slip.err.contains("error[unknown-subject]"), "{slip:#?}");
}

#[test]
fn no_output_replaces_what_is_no_output() {
    let place = Place::new();
    for line in ["plan p -out p/main.hcl", "plan p -out p/estate.json", "snapshot p -out p/estate.json"] {
        let (profile, estate) = (fs::read(place.path("p/main.hcl")), fs::read(place.path("p/estate.json")));
        let slip = place.run(line);
        assert!(slip.code == 1 && slip.err.contains("error[cannot-write]"), "{line}: {slip:#?}");
        assert_eq!(fs::read(place.path("p/main.hcl")).unwrap(), profile.unwrap());
        assert_eq!(fs::read(place.path("p/estate.json")).unwrap(), estate.unwrap());
    }
    assert_eq!(place.run("snapshot p -out s").code, 0);
    assert_eq!(place.run("plan p -snapshot s -out s").code, 1, "a plan does not replace the snapshot it is made from");
    assert_eq!(place.run("snapshot p -out s").code, 0, "a snapshot replaces one");
    for _ in ["new", "again"] {
        assert_eq!(place.run("plan p -out plan.json").code, 0);
    }
    assert_eq!(place.run("plan p -out p").code, 1);
    fs::write(place.path("empty"), "").unwrap();
    assert_eq!(place.run("plan p -out empty").code, 0, "as mktemp leaves it");
}

#[test]
fn arguments_that_do_not_read_are_errors_never_unmet() {
    let place = Place::new();
    assert_eq!(place.run("plan p -foo").code, 1);
    let secret = place.run("plan p -var hunter2");
    assert!(secret.code == 1 && secret.err.contains("-var") && !secret.err.contains("hunter2"), "{secret:#?}");
    assert_eq!(place.run("frobnicate").code, 1);
    assert_eq!(place.run("plan p -var-file nowhere.hcl").code, 1);
    assert_eq!(place.run("apply nowhere.json").code, 1);
    let help = place.run("plan -help");
    assert!(help.code == 0 && help.out.contains("--detailed-exitcode") && help.err.is_empty(), "{help:#?}");
}
