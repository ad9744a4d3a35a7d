//! Rules about kinds: sorted, documented, and every action they name asked of the back ends.

use super::{none, text, walk};
use ordain_aws::kinds::KINDS as AWS;
use ordain_kubernetes::kinds::KINDS as KUBERNETES;
use ordain_model::schema::{Kind, WriteClass};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// The kinds of every provider, with where its pages lie.
const ALL: [(&str, &[&Kind]); 2] = [("providers/aws/src/kinds", AWS), ("providers/kubernetes/src/kinds", KUBERNETES)];

fn kinds() -> impl Iterator<Item = &'static Kind> {
    ALL.iter().flat_map(|(_, kinds)| kinds.iter().copied())
}

#[test]
fn every_kind_has_its_page_and_every_page_its_kind() {
    let (mut pages, mut expected): (BTreeSet<PathBuf>, BTreeSet<PathBuf>) = Default::default();
    for (folder, kinds) in ALL {
        pages.extend(walk(folder).into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "md")));
        expected.extend(kinds.iter().map(|kind| PathBuf::from(format!("{folder}/{}.md", kind.name))));
    }
    none("a page without a kind", pages.difference(&expected).map(|path| path.display().to_string()).collect());
    let wrong = kinds().filter(|kind| !kind.page.starts_with(&format!("# {}\n", kind.name)));
    none("a kind whose page has another heading", wrong.map(|kind| kind.name.into()).collect());
}

#[test]
fn kinds_attributes_and_settings_are_sorted_and_distinct() {
    let mut findings = Vec::new();
    let mut sorted = |place: &str, names: Vec<&str>| {
        let wrong = names.windows(2).filter(|pair| pair[0] >= pair[1]);
        findings.extend(wrong.map(|pair| format!("{place}: {} before {}", pair[0], pair[1])));
    };
    for (folder, kinds) in ALL {
        sorted(folder, kinds.iter().map(|kind| kind.name).collect());
    }
    for kind in kinds() {
        sorted(kind.name, kind.attributes.iter().map(|attribute| attribute.name).collect());
        sorted(kind.name, kind.settings.iter().map(|setting| setting.name).collect());
    }
    none("a list in the order of names, each once", findings);
    let both = kinds().flat_map(|kind| {
        let both = kind.settings.iter().filter(|setting| kind.attribute(setting.name).is_some());
        both.map(|setting| format!("{}.{}", kind.name, setting.name))
    });
    none("a name that is both an attribute and a setting", both.collect());
}

#[test]
fn every_name_of_a_kind_is_explained_on_its_page() {
    let missing = kinds().flat_map(|kind| {
        let attributes = kind.attributes.iter().map(|attribute| attribute.name);
        let names = attributes.chain(kind.settings.iter().map(|setting| setting.name));
        let missing =
            names.filter(|name| !kind.page.contains(&format!("`{name}`")) && !kind.page.contains(&format!("`{name}[")));
        missing.map(|name| format!("{}: `{name}`", kind.name))
    });
    none("a name that the kind's page does not explain", missing.collect());
}

#[test]
fn every_action_of_a_kind_is_on_its_page() {
    let missing = kinds().flat_map(|kind| {
        let missing = actions(kind).into_iter().filter(|action| !kind.page.contains(&format!("`{action}`")));
        missing.map(|action| format!("{}: `{action}`", kind.name)).collect::<Vec<_>>()
    });
    none("a permission that the kind's page does not name", missing.collect());
}

/// Everything a kind lists, reads and writes with.
fn actions(kind: &Kind) -> BTreeSet<&'static str> {
    let attributes = kind.attributes.iter().flat_map(|attribute| attribute.actions);
    let settings = kind.settings.iter().flat_map(|setting| setting.read_actions.iter().chain(setting.write_actions));
    kind.list_actions.iter().chain(attributes).chain(settings).copied().collect()
}

/// IAM's name of an action where it is not the operation's.
const OPERATIONS: &[(&str, &str)] = &[
    ("s3:GetBucketPublicAccessBlock", "s3:GetPublicAccessBlock"),
    ("s3:GetEncryptionConfiguration", "s3:GetBucketEncryption"),
    ("s3:GetLifecycleConfiguration", "s3:GetBucketLifecycleConfiguration"),
    ("s3:ListAllMyBuckets", "s3:ListBuckets"),
    ("s3:PutBucketPublicAccessBlock", "s3:PutPublicAccessBlock"),
    ("s3:PutEncryptionConfiguration", "s3:PutBucketEncryption"),
    ("s3:PutLifecycleConfiguration", "s3:PutBucketLifecycleConfiguration"),
];

/// Permissions that another operation needs, and that nothing calls by themselves.
const GRANTED_ONLY: &[&str] = &["ec2:CreateTags", "iam:PassRole", "logs:CreateLogDelivery", "logs:DeleteLogDelivery"];

#[test]
fn every_operation_that_a_kind_of_aws_calls_is_asked_of_the_back_ends() {
    let table = text("tests/backends/operations.md");
    let operation = |action: &'static str| {
        OPERATIONS.iter().find(|(iam, _)| *iam == action).map_or(action, |(_, operation)| operation)
    };
    let called: BTreeSet<&str> = AWS
        .iter()
        .flat_map(|kind| actions(kind))
        .filter(|action| !GRANTED_ONLY.contains(action))
        .map(operation)
        .chain(AWS.iter().flat_map(|kind| kind.units).flat_map(|unit| unit.calls.iter().chain(unit.waits)).copied())
        .collect();
    let missing = called.into_iter().filter(|operation| !table.contains(&format!("| `{operation}` |")));
    none("an operation without a probe in tests/backends/probes", missing.map(String::from).collect());
}

/// Settings that no resource of Terraform is known to set, and why: the kind's page says the same.
const UNMANAGED: &[(&str, &str, &str)] = &[
    ("aws_account", "ebs_encryption_by_default", "a state of Terraform names no account for it"),
    ("aws_account", "metadata_tokens", "a state of Terraform names no account for it"),
];

#[test]
fn every_setting_that_is_written_has_an_argument_of_terraform_or_a_reason() {
    let open = AWS.iter().flat_map(|kind| {
        let argued = |name: &str| kind.terraform.iter().flat_map(|of| of.arguments).any(|of| of.setting == name);
        let reason = |name: &str| UNMANAGED.iter().find(|(of, setting, _)| *of == kind.name && *setting == name);
        let wrong = kind.settings.iter().filter(move |setting| match (argued(setting.name), reason(setting.name)) {
            (true, told) => told.is_some(),
            (false, Some((.., why))) => !kind.page.contains(why),
            // A view is set where its owner is, and what no API does no other tool does either.
            (false, None) => setting.join.is_none() && setting.class != WriteClass::Manual,
        });
        wrong.map(|setting| format!("{}.{}", kind.name, setting.name))
    });
    none("a setting without an argument of Terraform and without a reason, or with both", open.collect());
}
