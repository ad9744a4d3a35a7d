//! Rules about request rates: what the AWS provider sends has one, and says where it comes from.

use super::{none, rust, text};
use ordain_aws::pace::{RATES, Source};
use std::collections::BTreeSet;

/// How names of operations begin.
const VERBS: &[&str] = &[
    "assume",
    "associate",
    "authorize",
    "create",
    "delete",
    "describe",
    "disable",
    "disassociate",
    "enable",
    "get",
    "list",
    "modify",
    "put",
    "revoke",
    "update",
];

/// The operations that the connection names: methods of the SDK's clients (`.list_roots()`) and the names by which EC2 is
/// called (`"DescribeVpcs"`), both without underscores and in small letters.
fn sent() -> BTreeSet<String> {
    let files = rust("providers/aws/src/connection").into_iter().filter(|path| !path.ends_with("tests.rs"));
    let sources: Vec<String> = files.map(text).collect();
    let code = sources.iter().map(|source| source.split("#[cfg(test)]").next().unwrap_or(source));
    code.flat_map(|source| methods(source).chain(names(source))).collect()
}

fn methods(source: &str) -> impl Iterator<Item = String> {
    let words = source.split('.').skip(1).filter_map(|rest| rest.split_once("()").map(|(word, _)| word));
    words
        .filter(|word| word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_'))
        .filter(|word| VERBS.iter().any(|verb| word.strip_prefix(verb).is_some_and(|rest| rest.starts_with('_'))))
        .map(|word| word.replace('_', ""))
}

fn names(source: &str) -> impl Iterator<Item = String> {
    source
        .split('"')
        .skip(1)
        .step_by(2)
        .filter(|name| name.bytes().all(|byte| byte.is_ascii_alphanumeric()))
        .filter_map(|name| {
            let small = name.to_ascii_lowercase();
            let verb = VERBS.iter().find(|verb| small.starts_with(*verb))?;
            let parts = name.starts_with(char::is_uppercase) && name[verb.len()..].starts_with(char::is_uppercase);
            parts.then_some(small)
        })
}

#[test]
fn every_operation_that_is_sent_has_a_rate_and_no_other_has() {
    let rated: BTreeSet<String> = RATES
        .iter()
        .flat_map(|row| row.operations)
        .filter_map(|operation| operation.split_once(':'))
        .map(|(_, name)| name.to_ascii_lowercase())
        .collect();
    let sent = sent();
    assert!(
        sent.contains("describevpcs") && sent.contains("listroots"),
        "the sources do not read as this test expects"
    );
    none("sent without a rate in providers/aws/src/pace.rs", sent.difference(&rated).cloned().collect());
    none("has a rate and is not sent", rated.difference(&sent).cloned().collect());
}

#[test]
fn every_rate_says_where_it_comes_from() {
    let wrong = RATES.iter().filter(|row| match row.source {
        Source::Page(page) => !page.starts_with("https://docs.aws.amazon.com/"),
        Source::Assumed(why) => why.is_empty(),
    });
    none("neither a page of AWS's nor a reason", wrong.map(|row| row.operations.join(", ")).collect());
}
